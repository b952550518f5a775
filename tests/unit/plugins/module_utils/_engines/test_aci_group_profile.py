# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_group_profile, with the real SDK and a scripted connection."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, Refused
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_group_profile import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context

PROFILE = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroupProfiles/worker"
CONTAINERS = [{"name": "main", "image": "nginx"}]


def live(revision: int = 1, image: str = "nginx", **more: Any) -> dict[str, Any]:
    container = {"image": image, "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}}}
    return {
        "id": f"/subscriptions/s{PROFILE}",
        "name": "worker",
        "location": "westus2",
        "properties": {
            "osType": "Linux",
            "revision": revision,
            "containers": [{"name": "main", "properties": container}],
        },
        **more,
    }


def run(azure: Any, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    params = {name: option.get("default") for name, option in SPEC.arguments.items()}
    params |= {"resource_group": "shop", "name": "worker", "location": None, **options}
    context = Context(params, check_mode, True, azure.client(), **azure.time)
    return SPEC.run(context)


def test_create(azure: Any) -> None:
    azure.error("GET", PROFILE, 404, "ResourceNotFound")
    azure.expect("GET", "/resourcegroups/shop", body={"name": "shop", "location": "westus2"})
    azure.expect("PUT", PROFILE, 201, live())
    azure.expect("GET", PROFILE, body=live())
    azure.expect("GET", f"{PROFILE}/revisions", body={"value": [live()]})
    result = run(azure, containers=CONTAINERS)
    assert (result["changed"], result["action"]) == (True, "created")
    assert result["container_group_profile"]["revision"] == 1
    assert [each["revision"] for each in result["revisions"]] == [1]
    assert {change["effect"] for change in result["changes"]} == {"create"}
    sent = azure.sent(2)
    assert sent["location"] == "westus2"
    assert sent["properties"]["containers"][0]["properties"]["image"] == "nginx"


def test_no_difference(azure: Any) -> None:
    azure.expect("GET", PROFILE, body=live(3))
    azure.expect("GET", f"{PROFILE}/revisions", body={"value": [live(3), live(1)]})
    result = run(azure, containers=CONTAINERS, location="West US 2")
    assert (result["changed"], result["changes"]) == (False, [])
    assert [each["revision"] for each in result["revisions"]] == [1, 3]


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_new_revision(azure: Any, check_mode: bool) -> None:
    azure.expect("GET", PROFILE, body=live(3))
    if not check_mode:
        azure.expect("PUT", PROFILE, 200, live(4, "nginx:2"))
        azure.expect("GET", PROFILE, body=live(4, "nginx:2"))
    azure.expect("GET", f"{PROFILE}/revisions", body={"value": []})
    result = run(azure, check_mode, containers=[{"name": "main", "image": "nginx:2"}])
    assert result["action"] == "updated"
    assert result["container_group_profile"]["revision"] == 4
    assert [(change["property"], change["effect"]) for change in result["changes"]] == [
        ("containers[main].image", "revision")
    ]
    assert result["diff"]["after"] == {"containers[main].image": "nginx:2"}
    if not check_mode:
        assert "revision" not in azure.sent(1)["properties"]


def test_tags_alone(azure: Any) -> None:
    azure.expect("GET", PROFILE, body=live(tags={"a": "1"}))
    azure.expect("PATCH", PROFILE, body=live(tags={"a": "1", "b": "2"}))
    azure.expect("GET", PROFILE, body=live(tags={"a": "1", "b": "2"}))
    azure.expect("GET", f"{PROFILE}/revisions", body={"value": []})
    result = run(azure, tags={"b": "2"})
    assert result["action"] == "tagged"
    assert azure.sent(1) == {"tags": {"a": "1", "b": "2"}}


def test_secrets_that_would_be_lost(azure: Any) -> None:
    secret = live()
    secret["properties"]["containers"][0]["properties"]["environmentVariables"] = [{"name": "TOKEN"}]
    azure.expect("GET", PROFILE, body=secret)
    with pytest.raises(Refused) as caught:
        run(azure, restart_policy="Never")
    assert caught.value.code == "SecretsMissing"


def test_a_put_of_unknown_outcome_is_not_sent_twice(azure: Any) -> None:
    azure.expect("GET", PROFILE, body=live(1))
    azure.error("PUT", PROFILE, 500, "InternalServerError")
    azure.expect("GET", PROFILE, body=live(2, "nginx:2"))
    azure.expect("GET", PROFILE, body=live(2, "nginx:2"))
    azure.expect("GET", f"{PROFILE}/revisions", body={"value": []})
    result = run(azure, containers=[{"name": "main", "image": "nginx:2"}])
    assert result["container_group_profile"]["revision"] == 2


def test_what_the_service_does_not_apply_is_an_error(azure: Any) -> None:
    azure.expect("GET", PROFILE, body=live(1))
    azure.expect("PUT", PROFILE, 200, live(1))
    azure.expect("GET", PROFILE, body=live(1))
    with pytest.raises(AciError) as caught:
        run(azure, containers=[{"name": "main", "image": "nginx:2"}])
    assert caught.value.code == "NotApplied"


@pytest.mark.parametrize("check_mode", [False, True])
def test_delete(azure: Any, check_mode: bool) -> None:
    azure.expect("GET", PROFILE, body=live(2))
    azure.expect("GET", f"{PROFILE}/revisions", body={"value": [live(1), live(2)]})
    if not check_mode:
        azure.expect("DELETE", PROFILE, 200)
    result = run(azure, check_mode, state="absent")
    assert (result["action"], len(result["revisions"])) == ("deleted", 2)


def test_nothing_to_delete(azure: Any) -> None:
    azure.error("GET", PROFILE, 404, "ResourceGroupNotFound")
    assert run(azure, state="absent")["changed"] is False
