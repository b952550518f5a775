# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The paths of requests about any resource."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.sender import id_path


def test_an_id_becomes_one_path() -> None:
    assert id_path("subscriptions/s/a b") == id_path("/subscriptions/s/a b") == "/subscriptions/s/a%20b"
    assert id_path("//other.example/x") == "/other.example/x"
