# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The group that probes a definition."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group import probe

BODY: dict[str, Any] = {
    "location": "eastus",
    "tags": {"a": "1"},
    "properties": {
        "ipAddress": {"type": "Private", "ip": "10.0.0.4", "dnsNameLabel": "web", "ports": [{"port": 80}]},
        "containers": [
            {"name": "web", "properties": {"resources": {"requests": {"cpu": 1.5, "memoryInGB": 2}}}},
            {"name": "side", "properties": {"resources": {"requests": {"cpu": 0.5, "memoryInGB": 1}}}},
        ],
    },
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("web", "web-probe"), ("w" * 63, "w" * 57 + "-probe"), ("w" * 56 + "-" + "v" * 6, "w" * 56 + "-probe")],
)
def test_the_name_fits(name: str, expected: str) -> None:
    assert probe.probe_name(name) == expected
    assert len(expected) <= 63


def test_what_only_one_group_can_have_is_left_out() -> None:
    body = probe.probe_body(BODY, "web", "2026-05-04T09:31:11Z")
    assert body["properties"]["ipAddress"] == {"type": "Private", "ports": [{"port": 80}]}
    assert body["properties"]["containers"] == BODY["properties"]["containers"]
    assert body["tags"]["a"] == "1"
    assert body["tags"]["expires_at"] == "2026-05-04T09:31:11Z"
    assert probe.is_probe_of(body, "web")
    assert not probe.is_probe_of(body, "other")
    assert not probe.is_probe_of({}, "web")
    assert BODY["properties"]["ipAddress"]["dnsNameLabel"] == "web"


def test_no_tag_of_the_module_goes_along() -> None:
    own = dict.fromkeys(probe.OWN_TAGS, "x")
    assert not set(probe.probe_body({**BODY, "tags": own}, "web", "t")["tags"]) & set(own)


def test_what_it_takes() -> None:
    assert probe.probe_plan(BODY, "web", 2100) == {
        "name": "web-probe",
        "quota": {"ContainerGroups": 1, "StandardCores": 2.0},
        "cpu": 2.0,
        "memory_in_gb": 3.0,
        "seconds_at_most": 2100,
    }
