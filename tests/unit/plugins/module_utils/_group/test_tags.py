# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags after a task, and their changes."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.names import FINGERPRINT_TAG
from ansible_collections.azure_containers.aci.plugins.module_utils._group.tags import resulting_tags, tag_changes

LIVE = {"Env": "test", "hidden-link": "x", FINGERPRINT_TAG: "v1:a:b"}


def test_without_tags_all_stay() -> None:
    assert resulting_tags(LIVE, None, True, ()) == LIVE
    assert resulting_tags(None, None, False, ()) == {}


def test_a_live_name_keeps_its_spelling() -> None:
    assert resulting_tags({"Env": "test"}, {"env": "prod", "new": 1}, False, ()) == {"Env": "prod", "new": "1"}


def test_purging_spares_ignored_and_internal_tags() -> None:
    found = resulting_tags(LIVE, {"new": "1"}, True, ("HIDDEN-*",))
    assert found == {"hidden-link": "x", FINGERPRINT_TAG: "v1:a:b", "new": "1"}


def test_names_that_differ_only_in_case_are_refused() -> None:
    with pytest.raises(InvalidArguments, match="case is ignored"):
        resulting_tags({}, {"a": "1", "A": "2"}, False, ())


def test_changes_leave_internal_tags_out() -> None:
    changes = tag_changes(LIVE, {"Env": "prod", "new": "1"})
    assert [(each.property, each.before, each.after, each.effect.value) for each in changes] == [
        ("tags[Env]", "test", "prod", "tags"),
        ("tags[hidden-link]", "x", None, "tags"),
        ("tags[new]", None, "1", "tags"),
    ]
