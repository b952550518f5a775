# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that contain the options of other tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._common.entries import Entries
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import HIDDEN


class Spec:
    """Describes entries of which ``password`` is secret."""

    def secrets(self, params: Mapping[str, Any]) -> set[str]:
        return {str(params["password"])} if "password" in params else set()

    def shown(self, params: Mapping[str, Any]) -> dict[str, Any]:
        return {name: HIDDEN if name == "password" else value for name, value in params.items()}


ENTRIES = Entries(Spec(), ("groups", "defaults"), lambda params: [each for each in params["groups"] if each != "odd"])


def test_the_secrets_are_those_of_the_entries_and_all_of_what_is_no_entry() -> None:
    params = {"groups": [{"name": "a", "password": "planted"}, "odd"], "defaults": None}
    assert ENTRIES.secrets(params) == {"planted", "odd"}


def test_what_is_no_entry_is_hidden() -> None:
    given = [{"name": "a", "password": "planted"}, "odd"]
    assert ENTRIES.shown(given) == [{"name": "a", "password": HIDDEN}, HIDDEN]
    assert ENTRIES.shown({"name": "a"}) == {"name": "a"}
