# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of resource_group: each state, once and again, in check mode and for real."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AzureError,
    InvalidArguments,
    Refused,
    TimedOut,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.resource_group import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context

PATH = "/resource[gG]roups/shop"
LIVE = {
    "id": "/subscriptions/sub/resourceGroups/shop",
    "name": "shop",
    "location": "westus2",
    "tags": {"Owner": "web", "hidden-link": "x"},
    "properties": {"provisioningState": "Succeeded"},
}
GOING = {**LIVE, "properties": {"provisioningState": "Deleting"}}
DELETION = {"Location": "https://arm.example/operationresults/1", "x-ms-retry-after-ms": "100"}


def run(azure: Any, *, check: bool = False, **options: Any) -> dict[str, Any]:
    defaults = {name: option.get("default") for name, option in SPEC.arguments.items()}
    params = {**defaults, "name": "shop", **options}
    context = Context(params, check, True, azure.client(), **azure.time)
    return SPEC.run(context)


class TestPresent:
    @pytest.mark.parametrize("check", [True, False])
    def test_create(self, azure: Any, check: bool) -> None:
        azure.error("GET", PATH, 404, "ResourceGroupNotFound")
        if not check:
            azure.expect("PUT", PATH, 201, {**LIVE, "tags": {"a": "b"}})
        result = run(azure, check=check, location="westus2", tags={"a": "b"})
        assert (result["changed"], result["action"]) == (True, "created")
        assert result["resource_group"]["tags"] == {"a": "b"}
        assert result["diff"]["before"] == {}
        assert result["diff"]["after"] == {"location": "westus2", "tags": {"a": "b"}}
        if not check:
            assert azure.sent() == {"location": "westus2", "tags": {"a": "b"}}

    @pytest.mark.parametrize("options", [{}, {"location": "West US 2"}, {"tags": {"owner": "web"}}, {"tags": {}}])
    def test_nothing_to_do_takes_one_request(self, azure: Any, options: dict[str, Any]) -> None:
        azure.expect("GET", PATH, body=LIVE)
        result = run(azure, **options)
        assert (result["changed"], result["action"]) == (False, "none")
        assert result["diff"]["before"] == result["diff"]["after"]

    @pytest.mark.parametrize("check", [True, False])
    @pytest.mark.parametrize(
        ("options", "tags"),
        [
            ({"tags": {"a": "b"}}, {"Owner": "web", "hidden-link": "x", "a": "b"}),
            ({"tags": {"a": "b"}, "purge_tags": True}, {"hidden-link": "x", "a": "b"}),
            ({"tags": {}, "purge_tags": True, "ignore_tags": []}, {}),
        ],
    )
    def test_tags(self, azure: Any, check: bool, options: dict[str, Any], tags: dict[str, str]) -> None:
        azure.expect("GET", PATH, body=LIVE)
        if not check:
            azure.expect("PATCH", PATH, body={**LIVE, "tags": tags})
        result = run(azure, check=check, **options)
        assert (result["changed"], result["action"]) == (True, "tagged")
        assert result["resource_group"]["tags"] == tags
        assert result["diff"]["after"]["tags"] == tags
        if not check:
            assert azure.sent() == {"tags": tags}

    @pytest.mark.parametrize("check", [True, False])
    def test_it_does_not_move(self, azure: Any, check: bool) -> None:
        azure.expect("GET", PATH, body=LIVE)
        with pytest.raises(Refused, match="westus2, and cannot move to northeurope") as caught:
            run(azure, check=check, location="northeurope")
        assert caught.value.code == "LocationCannotChange"

    @pytest.mark.parametrize("check", [True, False])
    def test_a_location_is_needed(self, azure: Any, check: bool) -> None:
        azure.error("GET", PATH, 404, "ResourceGroupNotFound")
        with pytest.raises(InvalidArguments, match="location"):
            run(azure, check=check)

    def test_tags_are_text(self, azure: Any) -> None:
        azure.expect("GET", PATH, body=LIVE)
        with pytest.raises(InvalidArguments, match="quote it"):
            run(azure, tags={"version": 1.10})

    def test_one_that_is_going_is_waited_for(self, azure: Any) -> None:
        azure.expect("GET", PATH, body=GOING)
        azure.expect("GET", PATH, body=GOING)
        azure.error("GET", PATH, 404, "ResourceGroupNotFound")
        azure.expect("PUT", PATH, 201, LIVE)
        assert run(azure, location="westus2")["action"] == "created"

    @pytest.mark.parametrize("made", [True, False])
    def test_a_creation_that_nobody_confirmed(self, azure: Any, made: bool) -> None:
        azure.error("GET", PATH, 404, "ResourceGroupNotFound")
        azure.error("PUT", PATH, 500, "InternalServerError")
        if made:
            azure.expect("GET", PATH, body=LIVE)
        else:
            azure.error("GET", PATH, 404, "ResourceGroupNotFound")
            azure.expect("PUT", PATH, 201, LIVE)
        assert run(azure, location="westus2")["resource_group"]["name"] == "shop"


class TestAbsent:
    @pytest.mark.parametrize("check", [True, False])
    def test_delete(self, azure: Any, check: bool) -> None:
        azure.expect("GET", PATH, body=LIVE)
        azure.expect("GET", f"{PATH}/resources", body={"value": []})
        if not check:
            azure.expect("DELETE", PATH, 202, headers=DELETION)
            azure.expect("GET", "/operationresults/1", 202, headers=DELETION)
            azure.expect("GET", "/operationresults/1", 200)
            azure.error("GET", PATH, 404, "ResourceGroupNotFound")
        result = run(azure, check=check, state="absent")
        assert (result["changed"], result["action"]) == (True, "deleted")
        assert result["resource_group"]["name"] == "shop"
        assert result["diff"]["after"] == {}

    @pytest.mark.parametrize("check", [True, False])
    def test_nothing_to_delete(self, azure: Any, check: bool) -> None:
        azure.error("GET", PATH, 404, "ResourceGroupNotFound")
        result = run(azure, check=check, state="absent")
        assert (result["changed"], result["action"]) == (False, "none")
        assert "resource_group" not in result

    @pytest.mark.parametrize("check", [True, False])
    def test_not_empty(self, azure: Any, check: bool) -> None:
        azure.expect("GET", PATH, body=LIVE)
        azure.expect("GET", f"{PATH}/resources", body={"value": [{"name": f"r{number}"} for number in range(9)]})
        with pytest.raises(Refused, match="holds r0, r1, r2, r3, r4 and more") as caught:
            run(azure, check=check, state="absent")
        assert caught.value.code == "NotEmpty"

    def test_by_force_and_without_waiting(self, azure: Any) -> None:
        azure.expect("GET", PATH, body=LIVE)
        azure.expect("DELETE", PATH, 202, headers=DELETION)
        assert run(azure, state="absent", force=True, wait=False)["action"] == "deleted"

    def test_already_going(self, azure: Any) -> None:
        azure.expect("GET", PATH, body=GOING)
        azure.error("GET", PATH, 404, "ResourceGroupNotFound")
        assert run(azure, state="absent")["changed"] is False

    def test_it_vanishes_meanwhile(self, azure: Any) -> None:
        azure.expect("GET", PATH, body=LIVE)
        azure.error("DELETE", PATH, 404, "ResourceGroupNotFound")
        azure.error("GET", PATH, 404, "ResourceGroupNotFound")
        assert run(azure, state="absent", force=True)["action"] == "deleted"

    def test_too_slow(self, azure: Any) -> None:
        azure.expect("GET", PATH, body=LIVE)
        azure.expect("DELETE", PATH, 202, headers={**DELETION, "x-ms-retry-after-ms": "4000"})
        for _number in range(4):
            azure.expect("GET", "/operationresults/1", 202, headers={**DELETION, "x-ms-retry-after-ms": "4000"})
        with pytest.raises(TimedOut, match="after 10 s"):
            run(azure, state="absent", force=True, wait_timeout=10)

    def test_a_deletion_that_fails(self, azure: Any) -> None:
        azure.expect("GET", PATH, body=LIVE)
        azure.expect("DELETE", PATH, 202, headers=DELETION)
        azure.error("GET", "/operationresults/1", 409, "ScopeLocked", "The scope is locked.")
        with pytest.raises(AzureError, match="The scope is locked"):
            run(azure, state="absent", force=True)
