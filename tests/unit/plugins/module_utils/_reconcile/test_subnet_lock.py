# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder for lock files, which nobody else may choose or write to."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, TimedOut
from ansible_collections.azure_containers.aci.plugins.module_utils._common.wait import Deadline
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.subnet_lock import (
    lock_file,
    lock_subnet,
)
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock

SUBNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net/subnets/sub"


def take_turn() -> None:
    client: Any = SimpleNamespace(each_group=lambda: iter(()))
    with lock_subnet(client, SUBNET, "/own", Deadline(FakeClock(), 5)):
        pass


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return lock_file(SUBNET).parent


def test_a_folder_of_our_own(folder: Path) -> None:
    take_turn()
    take_turn()
    assert folder.stat().st_mode & 0o777 == 0o700


def _link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(folder.parent / "elsewhere")


def _file(folder: Path) -> None:
    folder.touch()


def _open(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def _foreign(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    folder.mkdir(mode=0o700)
    os.chown(folder, 65534, 65534)


@pytest.mark.parametrize("plant", [_link, _file, _open, _foreign])
def test_a_folder_that_somebody_else_planted(folder: Path, plant: Callable[[Path], None]) -> None:
    plant(folder)
    with pytest.raises(AciError) as caught:
        take_turn()
    assert caught.value.code == "LockUnavailable"
    assert str(folder) in caught.value.msg
    assert not list(folder.parent.glob("elsewhere/*"))


def test_a_file_system_that_cannot_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(_handle: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(AciError, match=f"{lock_file(SUBNET)} cannot be locked .*Nothing was sent") as caught:
        take_turn()
    assert caught.value.code == "LockUnavailable"
    assert folder.is_dir()


@pytest.mark.parametrize(("busy", "others", "waits"), [(0, 0, False), (1, 0, True), (1, 1, False), (2, 1, True)])
def test_so_many_others_may_be_provisioned_beside(folder: Path, busy: int, others: int, waits: bool) -> None:
    del folder
    where = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups"
    properties = {"provisioningState": "Creating", "subnetIds": [{"id": SUBNET}], "containers": []}
    groups = [{"id": f"{where}/g{index}", "name": f"g{index}", "properties": properties} for index in range(busy)]
    client: Any = SimpleNamespace(each_group=lambda: iter(groups), get_group=lambda _rg, name: groups[int(name[1:])])
    deadline = Deadline(FakeClock(), 5)
    if waits:
        with pytest.raises(TimedOut), lock_subnet(client, SUBNET, "/own", deadline, others):
            pass
    else:
        with lock_subnet(client, SUBNET, "/own", deadline, others):
            pass
