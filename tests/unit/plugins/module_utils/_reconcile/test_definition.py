# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A complete definition in a task."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.definition import (
    used_definition,
    version_of,
    warn_of_own_tags,
)
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock

WEB: dict[str, Any] = {
    "name": "web",
    "location": "westeurope",
    "tags": {"owner": "shop", "run_id": "r1"},
    "properties": {"osType": "Linux", "containers": [{"name": "web", "properties": {"image": "nginx:1"}}]},
}


def context_of(warned: list[str], **params: Any) -> Context:
    clock, client = FakeClock(), FakeClient()
    fake: Any = client
    given = {"resource_group": "rg", "name": None, "definition": WEB, **params}
    return Context(given, False, False, fake, warned.append, sleep=clock.sleep, monotonic=clock.monotonic)


def test_the_task_takes_its_name_from_the_definition() -> None:
    context = context_of([])
    definition = used_definition(context)
    assert (context.params["name"], definition.name) == ("web", "web")
    assert version_of(context, definition) is None


def test_a_name_that_leads_elsewhere_is_refused() -> None:
    with pytest.raises(InvalidArguments):
        used_definition(context_of([], definition={**WEB, "name": "a/b"}))


def test_own_tags_are_left_out_with_a_warning_unless_the_group_has_them() -> None:
    warned: list[str] = []
    context = context_of(warned)
    definition = used_definition(context)
    assert definition.own_tags == {"run_id": "r1"}
    warn_of_own_tags(context, definition, {"tags": {"Run_Id": "r1"}})
    assert warned == []
    warn_of_own_tags(context, definition, None)
    assert [text.split(":")[0] for text in warned] == ["definition.tags"]
    assert "run_id" in warned[0]
