# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans from a complete definition."""

from __future__ import annotations

import copy
from typing import Any, Final

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition import (
    check_network_profile,
    exported,
    network_profile_version,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import Plan, Wanted, make_plan

DEFINITION: Final[dict[str, Any]] = {
    "location": "westeurope",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "web",
                "properties": {
                    "image": "example.com/web:1",
                    "ports": [{"port": 80}],
                    "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.0}},
                },
            }
        ],
        "ipAddress": {"type": "Public", "ports": [{"port": 80}]},
    },
}


def live() -> dict[str, Any]:
    group = copy.deepcopy(DEFINITION)
    group["properties"]["ipAddress"]["ip"] = "20.1.2.3"
    group["properties"]["instanceView"] = {"state": "Running", "events": []}
    return group


def plan(definition: dict[str, Any], group: dict[str, Any] | None) -> Plan:
    return make_plan(group, Wanted(options={}, definition=definition))


def test_the_address_that_the_service_chose_is_no_difference() -> None:
    result = plan(copy.deepcopy(DEFINITION), live())

    assert result.action == "none"


def test_the_address_that_the_service_chose_is_not_sent() -> None:
    definition = copy.deepcopy(DEFINITION)
    definition["properties"]["containers"][0]["properties"]["image"] = "example.com/web:2"

    result = plan(definition, live())

    assert [change.property for change in result.changes] == ["containers[web].image"]
    assert "ip" not in result.body["properties"]["ipAddress"]


def test_a_public_address_is_the_services_choice() -> None:
    definition = copy.deepcopy(DEFINITION)
    definition["properties"]["ipAddress"]["ip"] = "20.1.2.4"

    assert plan(definition, live()).changes == []
    assert "ip" not in plan(definition, None).body["properties"]["ipAddress"]


def test_the_address_of_an_export_is_ignored_or_is_that_of_the_group() -> None:
    definition = copy.deepcopy(DEFINITION)
    definition["properties"]["ipAddress"] |= {"ip": "20.9.9.9", "fqdn": "web.westeurope.azurecontainer.io"}
    definition["properties"]["containers"][0]["properties"]["image"] = "example.com/web:2"

    changed = plan(definition, live())
    assert [change.property for change in changed.changes] == ["containers[web].image"]
    assert changed.body["properties"]["ipAddress"] == {"type": "Public", "ports": [{"port": 80}], "ip": "20.1.2.3"}


def test_a_private_address_that_is_the_groups_own_is_kept() -> None:
    definition, group = copy.deepcopy(DEFINITION), live()
    definition["properties"]["ipAddress"] |= {"type": "Private", "ip": "10.0.0.4"}
    group["properties"]["ipAddress"] |= {"type": "private", "ip": "10.0.0.4"}
    assert plan(definition, group).changes == []
    definition["properties"]["containers"][0]["properties"]["image"] = "example.com/web:2"

    changed = plan(definition, group)
    assert [change.property for change in changed.changes] == ["containers[web].image"]
    assert changed.body["properties"]["ipAddress"]["ip"] == "10.0.0.4"


def test_a_private_address_is_no_address_of_a_public_group() -> None:
    definition, group = copy.deepcopy(DEFINITION), live()
    definition["properties"]["ipAddress"]["ip"] = "10.0.0.4"
    group["properties"]["ipAddress"] |= {"type": "Private", "ip": "10.0.0.4"}

    result = plan(definition, group)
    assert [change.property for change in result.changes] == ["ip_address.type", "ip_address.ip"]
    assert "ip" not in result.body["properties"]["ipAddress"]


def test_a_private_address_that_the_definition_names_is_compared() -> None:
    definition, group = copy.deepcopy(DEFINITION), live()
    definition["properties"]["ipAddress"] |= {"type": "Private", "ip": "20.1.2.4"}
    group["properties"]["ipAddress"]["type"] = "Private"

    result = plan(definition, group)

    assert [change.property for change in result.changes] == ["ip_address.ip"]
    assert result.body["properties"]["ipAddress"]["ip"] == "20.1.2.4"


def test_what_a_definition_leaves_out_is_removed() -> None:
    definition = copy.deepcopy(DEFINITION)
    del definition["properties"]["ipAddress"]

    result = plan(definition, live())

    assert [change.property for change in result.changes] == ["ip_address"]
    assert "ipAddress" not in result.body["properties"]


def test_what_nobody_here_knows_stays() -> None:
    group = live()
    group["properties"]["newProperty"] = {"a": 1}

    result = plan(copy.deepcopy(DEFINITION), group)

    assert result.action == "none"
    assert result.body["properties"]["newProperty"] == {"a": 1}


PROFILED: dict[str, Any] = {
    "location": "westeurope",
    "properties": {
        "containerGroupProfile": {"id": "/p", "revision": 1},
        "containers": [{"name": "container1", "properties": {"configMap": {"keyValuePairs": {"a": "1"}}}}],
    },
}


def made_from_a_profile() -> dict[str, Any]:
    group = live()
    group["properties"]["containerGroupProfile"] = {"id": "/p", "revision": 1}
    group["properties"]["containers"] = group["properties"]["containers"][:1]
    group["properties"]["containers"][0]["properties"]["configMap"] = {"keyValuePairs": {"a": "1"}}
    return group


def test_what_a_profile_gave_is_no_difference() -> None:
    assert plan(copy.deepcopy(PROFILED), made_from_a_profile()).action == "none"


def test_a_container_that_is_only_named_stands_for_the_profiles() -> None:
    definition = copy.deepcopy(PROFILED)
    definition["properties"]["containers"][0]["properties"]["configMap"]["keyValuePairs"]["a"] = "2"

    changes = plan(definition, made_from_a_profile()).changes

    assert [(change.property.rpartition(".")[2], change.after) for change in changes] == [
        ("key_value_pairs", {"a": "2"})
    ]


def test_another_revision_of_the_profile_is_a_change() -> None:
    definition = copy.deepcopy(PROFILED)
    definition["properties"]["containerGroupProfile"]["revision"] = 2

    changes = plan(definition, made_from_a_profile()).changes

    assert [change.property for change in changes] == ["container_group_profile.revision"]


def test_an_extension_may_be_made_without_protected_settings() -> None:
    extension = {"name": "e", "properties": {"extensionType": "realtime-metrics", "version": "1.0"}}
    definition = copy.deepcopy(DEFINITION)
    definition["properties"]["extensions"] = [extension]

    assert plan(definition, None).missing_secrets == []
    # A live group may have tags that a PUT would drop.
    group = live()
    group["properties"]["extensions"] = [copy.deepcopy(extension)]
    assert plan(definition, group).missing_secrets == ["extensions[e].protected_settings"]


def in_a_network() -> dict[str, Any]:
    definition = copy.deepcopy(DEFINITION)
    definition["properties"]["networkProfile"] = {"id": "/network/Profile1"}
    return definition


def test_a_network_profile_is_sent_with_the_old_version_that_has_it() -> None:
    assert network_profile_version(in_a_network(), "2021-03-01", None) == "2021-03-01"
    assert network_profile_version(in_a_network(), "2021-03-01", "2025-09-01") is None
    assert network_profile_version(in_a_network(), None, None) is None
    assert network_profile_version(copy.deepcopy(DEFINITION), "2021-03-01", None) is None


def test_a_network_profile_is_not_dropped_without_a_word() -> None:
    with pytest.raises(InvalidArguments, match="subnetIds"):
        check_network_profile(in_a_network(), None)
    with pytest.raises(InvalidArguments, match="subnetIds"):
        check_network_profile(in_a_network(), live())
    check_network_profile(in_a_network(), {"properties": {"networkProfile": {"id": "/NETWORK/profile1"}}})
    check_network_profile(DEFINITION, None)


def test_another_network_profile_needs_another_group() -> None:
    group = {**live(), "properties": {**live()["properties"], "networkProfile": {"id": "/network/profile2"}}}
    assert plan(in_a_network(), group).action == "recreated"
    group["properties"]["networkProfile"] = {"id": "/network/PROFILE1"}
    assert plan(in_a_network(), group).changes == []


def test_the_address_that_a_network_profile_brings_is_no_difference() -> None:
    definition, group = in_a_network(), in_a_network()
    del definition["properties"]["ipAddress"]
    group["properties"]["ipAddress"] = {"type": "Private", "ip": "10.0.0.4", "ports": [{"port": 80}]}
    assert plan(definition, group).changes == []


def test_a_scope_without_a_label_is_no_difference() -> None:
    definition = copy.deepcopy(DEFINITION)
    definition["properties"]["ipAddress"]["autoGeneratedDomainNameLabelScope"] = "TenantReuse"
    assert plan(definition, live()).changes == []


def test_a_group_of_a_standby_pool_has_the_profiles_names() -> None:
    group = made_from_a_profile()
    group["properties"]["isCreatedFromStandbyPool"] = True
    definition = copy.deepcopy(group)
    definition["properties"]["containers"] = [
        {"name": "other", "properties": {"configMap": {"keyValuePairs": {"KEY": "value"}}}}
    ]
    definition["properties"]["standbyPoolProfile"] = {"id": "/pool"}
    assert plan(definition, group).changes == []


def test_an_extension_without_settings_is_exported_without_a_placeholder() -> None:
    group = live()
    bare = {"name": "metrics", "properties": {"extensionType": "realtime-metrics", "version": "1.0"}}
    group["properties"]["extensions"] = [bare]
    assert exported(group, "2025-09-01")["properties"]["extensions"] == [bare]
    bare["properties"]["settings"] = {"a": "b"}  # type: ignore[index]
    assert "protectedSettings" in exported(group, "2025-09-01")["properties"]["extensions"][0]["properties"]


def test_a_confidential_group_always_has_a_policy() -> None:
    group, definition = live(), copy.deepcopy(DEFINITION)
    for each in (group, definition):
        each["properties"]["sku"] = "Confidential"
    group["properties"]["confidentialComputeProperties"] = {"ccePolicy": "bWFkZQ=="}

    assert plan(definition, group).changes == []
    with pytest.raises(InvalidArguments, match="always has a policy"):
        make_plan(group, Wanted(options={"confidential_compute_properties": {"cce_policy": ""}}))
