# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a release, their build, which must leave nothing behind, and the image."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cryptography
import pytest

import aci_emulator
import tree
from aci_emulator.runtime.engines.engine import containers_conf
from machine import PODMAN, install, remove_storage

PATIENCE = 300.0  # seconds for the engine, on a busy machine


def test_a_release_is_the_artifact_the_wheel_and_the_containerfile(release: Path) -> None:
    names = sorted(path.name for path in release.iterdir())
    assert [name.partition("-")[0] for name in names] == ["Containerfile", "aci_emulator", "azure_containers"]
    assert names[1].endswith("-py3-none-any.whl")
    assert names[2].endswith(".tar.gz")


def test_artifact_wheel_and_package_have_one_version(release: Path) -> None:
    [artifact], [wheel] = release.glob("*.tar.gz"), release.glob("*.whl")
    assert artifact.name == f"azure_containers-aci-{aci_emulator.__version__}.tar.gz"
    assert wheel.name == f"aci_emulator-{aci_emulator.__version__}-py3-none-any.whl"


def test_the_documentation_installs_this_version() -> None:
    named = re.compile(r"releases/download/([^/\s]+)|aci_emulator-([\d.]+\d)-py3|azure_containers-aci-([\d.]+\d)\.tar")
    pages = [path for path in tree.files() if path.suffix in (".md", ".rst")]
    found = {str(path): set(filter(None, sum(named.findall(path.read_text()), ()))) for path in pages}
    wrong = {name: versions for name, versions in found.items() if versions - {aci_emulator.__version__}}
    assert wrong == {}
    assert len([versions for versions in found.values() if versions]) >= 4  # both READMEs, and two guides


def test_the_wheel_has_the_license_and_every_file_of_the_package(release: Path) -> None:
    package = tree.ROOT / "emulator" / "src"
    expected = {str(path.relative_to(package)) for path in tree.files() if path.is_relative_to(package)}
    [wheel] = release.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name for name in names if ".dist-info/" not in name} == expected
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]


def test_installing_from_the_folder_leaves_nothing_behind_in_it(tmp_path: Path) -> None:
    source = tree.copy_emulator(tmp_path)
    before = sorted(source.rglob("*"))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path / "site")]
    subprocess.run([*command, str(source)], check=True)
    assert (tmp_path / "site" / "aci_emulator").is_dir()
    assert sorted(source.rglob("*")) == before


@contextlib.contextmanager
def podman_with_own_storage() -> Iterator[tuple[list[str], dict[str, str]]]:
    """The command and environment of a Podman with a separate storage."""
    folder = Path(tempfile.mkdtemp(prefix="aci_test_", dir="/var/tmp"))
    settings = folder / "containers.conf"
    settings.write_text(containers_conf())
    try:
        command = ["podman", "--root", f"{folder}/root", "--runroot", f"{folder}/run"]
        yield command, {**os.environ, "CONTAINERS_CONF": str(settings)}
    finally:
        remove_storage(folder)


def libraries(programs: list[Path]) -> set[Path]:
    """The shared libraries of programs according to ldd, and the rest of glibc, which wheels may expect."""
    printed = subprocess.run(["ldd", *map(str, programs)], capture_output=True, text=True, check=False).stdout
    found = {
        Path(word) for line in printed.splitlines() for word in line.split() if word.startswith("/") and word[-1] != ":"
    }
    [glibc] = {path.parent for path in found if path.name == "libc.so.6"}
    parts = ("libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "libm.so.6", "libgcc_s.so.1")
    return found | {glibc / name for name in parts if (glibc / name).exists()}


def write_base(archive: Path) -> None:
    """Packs this machine's Python and busybox as the file system of an image, so that no registry is needed."""
    prefix = Path(sys.base_prefix)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    standard = prefix / "lib" / f"python{version}"
    # Wheels expect the compiler's runtime library, which python:slim has.
    modules = [*(standard / "lib-dynload").glob("*.so"), *Path(cryptography.__file__).parent.rglob("*.so")]
    interpreter = Path(os.path.realpath(prefix / "bin" / f"python{version}"))
    skipped = {"site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "__pycache__"}
    with tarfile.open(archive, "w") as tar:

        def keep(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
            parts = set(Path(entry.name).parts)
            return None if skipped & parts or any(part.startswith("config-") for part in parts) else entry

        tar.add(standard, arcname=str(standard), filter=keep)
        for path in {interpreter, *libraries([interpreter, *modules])}:
            tar.add(os.path.realpath(path), arcname=str(path))
        tar.add(str(shutil.which("busybox")), arcname="/bin/busybox")
        links = {f"/bin/{name}": "busybox" for name in ("sh", "rm", "id", "cat", "env")}
        links["/usr/local/bin/python"] = str(interpreter)
        for name, target in links.items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            tar.addfile(link)
        for name in ("/tmp", "/etc", "/root"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777
            tar.addfile(entry)


def test_the_image_is_built_from_the_release_and_serves(release: Path, tmp_path: Path) -> None:
    if reason := install(["podman", "busybox"], [*PODMAN, "busybox-static"]):
        pytest.skip(reason)
    context = shutil.copytree(release, tmp_path / "release")
    # With the requirements beside it, the build does not need an index either. Pip itself comes from ensurepip.
    [wheel] = context.glob("*.whl")
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--dest", str(context)]
    subprocess.run([*download, str(wheel)], check=True)
    write_base(tmp_path / "base.tar")
    with podman_with_own_storage() as (podman, environment):

        def run(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
            command = [*podman, *arguments]
            done = subprocess.run(
                command, cwd=context, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
            )
            assert not check or done.returncode == 0, done.stdout + done.stderr
            return done

        variables = [f"ENV PATH={sys.base_prefix}/bin:/usr/local/bin:/bin", "ENV PIP_NO_INDEX=1"]
        imported = run("import", str(tmp_path / "base.tar"), "base:1", check=False)
        if imported.returncode:
            pytest.skip(f"Podman has no storage here: {imported.stderr.strip()}")
        (tmp_path / "Base").write_text("\n".join(["FROM localhost/base:1", *variables, "RUN python -m ensurepip", ""]))
        common = ["--isolation", "chroot", "--network", "host"]
        trial = run("build", *common, "-t", "python:1", "-f", str(tmp_path / "Base"), str(tmp_path), check=False)
        if trial.returncode:
            pytest.skip(f"Podman builds no image here: {trial.stderr.strip()[-200:]}")
        run("build", *common, "--build-arg", "BASE=localhost/python:1", "-t", "aci-emulator", ".")
        state = tmp_path / "azure"
        state.mkdir(mode=0o700)
        options = ["--network", "host", "--volume", f"{state}:{state}", "--env", f"ACI_EMULATOR_STATE_DIR={state}"]
        serve = ["serve", "--runtime", "process", "--speed", "20"]
        run("run", "--detach", "--name", "azure", *options, "aci-emulator", *serve)
        try:
            done = run("exec", "azure", "aci-emulator", "env", "--wait", "60", "--format", "json", check=False)
            logs = run("logs", "azure")
            assert done.returncode == 0, done.stderr + logs.stdout + logs.stderr
            assert f'"SSL_CERT_FILE": "{state}/ca.pem"' in done.stdout
            assert (state / "ca.pem").exists()
            assert run("exec", "azure", "aci-emulator", "requests", "--count").stdout == "0\n"
        finally:
            run("rm", "--force", "--time", "5", "azure")
