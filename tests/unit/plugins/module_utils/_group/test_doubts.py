# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits that are only documented cause doubts, and errors only if the task requests it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError, InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import doubts as _doubts
from ansible_collections.azure_containers.aci.plugins.module_utils._group import rules, schema, wire
from ansible_collections.azure_containers.aci.plugins.module_utils._group.tables import ONLY_IN_PROFILES, PROFILE

VERSION = "2025-09-01"


DURATIONS = {prop.option for prop in ONLY_IN_PROFILES}


def body_of(containers: list[dict[str, Any]] | None = None, **given: Any) -> dict[str, Any]:
    containers = containers or [{"name": "web", "image": "nginx", "ports": [{"port": 80}]}]
    return wire.overlay(
        PROFILE if DURATIONS & given.keys() else schema.GROUP, None, {"containers": containers, **given}
    )


def one(**container: Any) -> dict[str, Any]:
    return {"containers": [{"name": "web", "image": "nginx", "ports": [{"port": 80}], **container}]}


def many_ports(count: int) -> dict[str, Any]:
    ports = [{"port": 80 + number} for number in range(count)]
    return {**one(ports=ports), "ip_address": {"type": "Public", "ports": ports}}


def analytics(**given: Any) -> dict[str, Any]:
    return {"diagnostics": {"log_analytics": {"workspace_id": "w", "workspace_key": "k", **given}}}


CASES = [
    (
        {**one(), "volumes": [{"name": "files", "secret": {"data.bin": "A" * 8_000_000}}]},
        "size",
        "definition: as JSON it has 7.6 MB, more than the 4 MB",
    ),
    ({"containers": [{"name": f"c{n}", "image": "x"} for n in range(61)]}, "counts", "containers: 61 are more"),
    (many_ports(6), "address_ports", "6 ports are more than the 5 that are documented"),
    ({"os_type": "Windows", "init_containers": [{"name": "i", "image": "x"}]}, "windows", "one container"),
    (one(image="Nginx"), "image_reference", "'Nginx' is not a valid image reference"),
    (one(resources={"requests": {"cpu": 0, "memory_in_gb": 1}}), "positive_requests", "0.0 must be greater than zero"),
    (
        one(resources={"requests": {"cpu": 1, "memory_in_gb": 1, "gpu": {"count": 1, "sku": "V100"}}}),
        "gpu_retired",
        "retired on 2025-07-14",
    ),
    (one(ports=[{"port": 22}]), "reserved_ports", "reserves port 22"),
    (one(ports=[{"port": 65534}]), "reserved_ports", "reserves port 65534"),
    (
        {"ip_address": {"type": "Public", "ports": [{"port": 80}]}, "subnet_ids": [{"id": "/x"}]},
        "public_in_subnet",
        "use Private",
    ),
    ({"volumes": [{"name": "a--b", "empty_dir": {}}]}, "volume_name", "'a--b' is not a documented volume name"),
    (
        {
            "volumes": [{"name": "data", "empty_dir": {}}],
            **one(volume_mounts=[{"name": "data", "mount_path": "/a:b"}]),
        },
        "mount_path",
        "must not contain a colon",
    ),
    ({"image_registry_credentials": [{"server": "https://r", "username": "u"}]}, "registry_credentials", "host name"),
    ({"image_registry_credentials": [{"server": "r"}]}, "registry_credentials", "or an identity"),
    ({"priority": "Spot", "zones": ["1"]}, "spot", "cannot be in a zone"),
    ({"priority": "Spot", "subnet_ids": [{"id": "/x"}]}, "spot", "cannot be in a subnet"),
    ({"priority": "Spot", "location": "North Europe"}, "spot", "not in northeurope"),
    ({"confidential_compute_properties": {"cce_policy": "eA=="}}, "confidential", "requires sku Confidential"),
    (analytics(metadata={"pod-uuid": "x"}), "log_metadata", "requires log_type ContainerInsights"),
    (analytics(log_type="ContainerInsights", metadata={"a": "b"}), "log_metadata", "not a."),
    (one(liveness_probe={"period_seconds": 5}), "probe_action", "tests nothing"),
    ({"shutdown_grace_period": "30s"}, "durations", "shutdown_grace_period: '30s' is not an ISO 8601 duration"),
    ({"time_to_live": "PT"}, "durations", "time_to_live: 'PT' is not an ISO 8601 duration"),
    ({"tags": {"a?": "b"}}, "tags", "cannot contain any of"),
]


@pytest.mark.parametrize(("given", "rule", "sentence"), CASES)
def test_a_documented_limit_is_a_doubt_and_no_rule(given: dict[str, Any], rule: str, sentence: str) -> None:
    body = body_of(**{key: value for key, value in given.items() if key != "tags"})
    body |= {"tags": given["tags"]} if "tags" in given else {}
    doubts = _doubts.validated(body, None, VERSION, "warn")
    assert [doubt.rule for doubt in doubts] == [rule]
    assert sentence in str(doubts[0])
    assert doubts[0].evidence
    assert _doubts.validated(body, None, VERSION, "off") == []
    with pytest.raises(InvalidArguments) as caught:
        _doubts.validated(body, None, VERSION, "strict")
    assert caught.value.code == "Doubtful"
    assert caught.value.result["doubts"] == [doubts[0].as_result()]
    # The task is not responsible for what the live group already has.
    assert _doubts.doubts_about(body, body) == []


def test_every_doubt_has_a_case_and_every_check_its_evidence() -> None:
    assert {check.name for check in _doubts.DOUBTS} == {rule for _given, rule, _sentence in CASES}
    for checks in (_doubts.DOUBTS, rules.RULES):
        assert all(check.says.endswith(".") and check.evidence.endswith(".") for check in checks)
        assert len({check.name for check in checks}) == len(checks)


@pytest.mark.parametrize("name", ["Web", "-a", "a-", "a--b", "x" * 64, "a_b"])
def test_group_names_that_the_documentation_does_not_allow(name: str) -> None:
    (doubt,) = _doubts.doubts_about_name(name, _doubts.GROUP_NAME, "container group")
    assert repr(name) in str(doubt)


@pytest.mark.parametrize("name", ["a", "web-1", "1a", "x" * 63])
def test_group_names_that_it_does(name: str) -> None:
    assert _doubts.doubts_about_name(name, _doubts.GROUP_NAME, "container group") == []


@pytest.mark.parametrize(("name", "doubted"), [("A_b-1", False), ("x", False), ("_x", True), ("x" * 64, True)])
def test_profile_names(name: str, doubted: bool) -> None:
    assert bool(_doubts.doubts_about_name(name, _doubts.PROFILE_NAME, "container group profile")) is doubted


@pytest.mark.parametrize(("status", "explained"), [(400, True), (None, True), (409, False), (500, False), (403, False)])
def test_a_refusal_is_explained(status: int | None, explained: bool) -> None:
    error = AzureError("Refused.", status=status)
    doubts = _doubts.doubts_about(body_of(**one(ports=[{"port": 22}])))
    _doubts.explain(error, doubts)
    assert ("Possible reason: containers[web].ports: the service reserves port 22" in error.msg) is explained
    assert ("doubts" in error.result) is explained


@pytest.mark.parametrize("given", ["PT30S", "PT1H", "P1DT12H", "P2W", "PT0.5S", "P1Y2M3DT4H5M6S"])
def test_durations_as_iso_8601_writes_them(given: str) -> None:
    assert _doubts.doubts_about(body_of(time_to_live=given)) == []
