# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests' requirements on the machine: programs, and a separate container engine."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from aci_emulator.runtime.engines.engine import Engine, start_engine

PODMAN = ("podman", "runc", "conmon", "netavark", "aardvark-dns", "iptables")
"""The packages of Podman, and those that it needs to run containers with networks."""


def install(programs: Sequence[str], packages: Sequence[str]) -> str:
    """Installs packages if one of the programs is missing; returns the reason if this is not possible."""
    missing = ", ".join(program for program in programs if shutil.which(program) is None)
    if not missing:
        return ""
    if os.environ.get("ACI_EMULATOR_INSTALL", "true") == "false":
        return f"{missing} not installed, and ACI_EMULATOR_INSTALL=false"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return f"{missing} not installed; root installs it, with apt-get, unless ACI_EMULATOR_INSTALL=false"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Another test run may install packages at the same time.
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            return f"{missing} cannot be installed: {done.stderr.strip().splitlines()[-1:]}"
    return ""


@contextlib.contextmanager
def podman() -> Iterator[tuple[Engine, Path]]:
    """Podman's service with a separate storage, and the folder of the storage. Skips if it does not start."""
    folder = Path(tempfile.mkdtemp(prefix="aci-test-", dir="/var/tmp"))
    storage = folder / "storage.conf"
    storage.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/root"\nrunroot = "{folder}/run"\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONTAINERS_STORAGE_CONF", str(storage))
        engine = start_engine(folder)
        try:
            if engine is None:
                pytest.skip("Podman is installed but its service does not start")
            yield engine, folder
        finally:
            if engine is not None:
                engine.close()
            remove_storage(folder)


def remove_storage(folder: Path) -> None:
    """Removes a folder with Podman's storage in ``root``, after unmounting everything in it, possibly twice."""
    unmount = ["umount", "--lazy", str(folder / "root" / "overlay")]
    while subprocess.run(unmount, check=False, capture_output=True).returncode == 0:
        pass
    shutil.rmtree(folder, ignore_errors=True)
