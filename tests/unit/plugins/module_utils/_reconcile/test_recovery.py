# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The places of recovery files, and their removal."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recovery import recovery_file


def test_its_name_stays_in_the_folder(tmp_path: Path) -> None:
    file = recovery_file(str(tmp_path), "S", "../shop", "web/..")
    assert file.path == tmp_path / "s..._shop.web_...json"
    assert file.resource_id.startswith("/subscriptions/S/resourceGroups/../shop/")


def test_it_is_removed_if_it_is_there(tmp_path: Path) -> None:
    file = recovery_file(str(tmp_path), "s", "shop", "web")
    file.path.touch()
    file.remove()
    assert not file.path.exists()
    file.remove()


def test_a_file_that_cannot_be_removed(tmp_path: Path) -> None:
    file = recovery_file(str(tmp_path), "s", "shop", "web")
    file.path.mkdir()
    with pytest.raises(AciError) as caught:
        file.remove()
    assert caught.value.code == "RecoveryFileUnremovable"
