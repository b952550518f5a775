# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection plugin with a real container with Python, which is built from this machine's files with Podman.

Frames of more than 50 bytes lose their end, as reported about the service.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import RunningEmulator, clean_environment, emulator
from tree import ROOT

PYTHON = Path("/usr/bin/python3")
IMAGE = "registry.test/python:1"
PROGRAMS = (
    "base64 cat chmod cksum cp date dd env head id ls mkdir mv od printf rm sha256sum sleep stat stty tail touch tr "
    "true uname wc"
)


@pytest.fixture(scope="module")
def azure() -> Iterator[RunningEmulator]:
    """An emulator with a separate Podman that has the image."""
    pytest.importorskip("aiodocker", reason="the package aiodocker is not installed")
    from machine import PODMAN, install, podman

    if reason := install(["podman", "dash", str(PYTHON)], [*PODMAN, "dash", "python3"]):
        pytest.skip(reason)
    with podman() as (engine, folder), pytest.MonkeyPatch.context() as patch:
        build(folder / "image.tar")
        client = ["podman", "--url", engine.url, "--remote"]
        if reason := trial(client, folder / "image.tar"):
            pytest.skip(reason)
        patch.setenv("CONTAINER_HOST", engine.url)
        with emulator(runtime="podman", arguments=("--exec-input-limit", "50")) as running:
            yield running
        subprocess.run([*client, "rm", "--all", "--force", "--time", "0"], check=False, capture_output=True)


def build(path: Path) -> None:
    """Build a file system with a shell, some programs, and Python with the required libraries."""
    asking = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]
    version = subprocess.run(asking, text=True, capture_output=True, check=True).stdout.strip()
    programs = [Path(str(shutil.which(name, path="/usr/bin:/bin"))) for name in PROGRAMS.split()]
    files = {f"usr/bin/{program.name}": program for program in programs}
    files |= {"usr/bin/sh": Path(str(shutil.which("dash"))), "usr/bin/python3": PYTHON.resolve()}
    modules = sorted((Path(version) / "lib-dynload").glob("*.so"))
    for library in libraries([*files.values(), *modules]):
        files[str(library).lstrip("/")] = library.resolve()
    with tarfile.open(path, "w") as tar:
        for name, source in files.items():
            tar.add(source, name)
        tar.add(version, version.lstrip("/"), filter=needed)
        link = tarfile.TarInfo("bin")
        link.type, link.linkname = tarfile.SYMTYPE, "usr/bin"
        tar.addfile(link)
        for name in ("tmp", "root", "proc", "sys", "dev", "etc"):
            directory = tarfile.TarInfo(name)
            directory.type, directory.mode = tarfile.DIRTYPE, 0o777
            tar.addfile(directory)


def needed(item: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Excludes parts of the standard library that no module needs."""
    unwanted = "test|tests|idlelib|tkinter|ensurepip|lib2to3|__pycache__|dist-packages|config-[^/]*"
    return None if re.search(rf"/({unwanted})$", item.name) else item


def libraries(programs: list[Path]) -> set[Path]:
    """The shared libraries of programs, including the loader."""
    found = set()
    for program in programs:
        listed = subprocess.run(["ldd", str(program)], text=True, capture_output=True, check=False).stdout
        found |= {Path(path) for path in re.findall(r"(/\S+\.so\S*) \(0x", listed)}
    return found


def trial(client: list[str], image: Path) -> str:
    """Loads the image and tries it; returns the reason if this does not work here."""
    for command in (["import", str(image), IMAGE], ["run", "--rm", IMAGE, "python3", "-c", "import json, zipfile"]):
        done = subprocess.run([*client, *command], text=True, capture_output=True, check=False)
        if done.returncode != 0:
            return f"containers with Python do not run here: {done.stderr.strip()[-300:]}"
    return ""


PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  tasks:
    - azure_containers.aci.resource_group: {name: podman, location: westeurope}
    - azure_containers.aci.aci_group:
        resource_group: podman
        name: inside
        containers:
          - name: main
            image: registry.test/python:1
            command: [sh, -c, 'while :; do sleep 1; done']
            environment_variables: [{name: GREETING, value: hello}]

- hosts: inside
  gather_facts: false
  tasks:
    - ansible.builtin.raw: 'echo "$GREETING"; echo oops >&2; exit 3'
      register: raw
      failed_when: raw.rc != 3 or raw.stdout_lines != ['hello'] or raw.stderr_lines != ['oops']
    - ansible.builtin.setup: {gather_subset: [min]}
    - ansible.builtin.command: {argv: [sh, -c, 'echo "$1"', "-", "it's \\"quoted\\""]}
      register: said
      failed_when: said.stdout != "it's \\"quoted\\""
    - ansible.builtin.copy: {src: "{{ big }}", dest: /tmp/big, mode: "0640"}
      register: copied
    - ansible.builtin.copy: {src: "{{ big }}", dest: /tmp/big, mode: "0640"}
      register: again
      failed_when: again is changed
    - ansible.builtin.fetch: {src: /tmp/big, dest: "{{ big }}-back", flat: true}
    - ansible.builtin.template: {src: greeting.j2, dest: /tmp/greeting, mode: "0600"}
    - ansible.builtin.raw: cat /tmp/greeting
      register: greeting
      failed_when: greeting.stdout != 'hello inside'
"""


@pytest.mark.parametrize("pipelining", ["true", "false"])
def test_a_real_container_is_a_host(azure: RunningEmulator, tmp_path: Path, pipelining: str) -> None:
    (tmp_path / "playbook.yml").write_text(PLAYBOOK)
    (tmp_path / "greeting.j2").write_text("hello {{ inventory_hostname }}")
    big = tmp_path / "big"
    big.write_bytes(os.urandom(5_000_000))
    (tmp_path / "hosts").write_text(
        "inside ansible_connection=azure_containers.aci.aci ansible_aci_resource_group=podman "
        f"ansible_python_interpreter=/usr/bin/python3 ansible_pipelining={pipelining}\n"
    )
    command = [str(ROOT / ".venv/bin/ansible-playbook"), "-i", "hosts", "-e", f"big={big}", "playbook.yml"]
    environment = clean_environment() | azure.variables
    environment |= {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"), "ANSIBLE_HOME": str(tmp_path / "home")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert (tmp_path / "big-back").read_bytes() == big.read_bytes()
