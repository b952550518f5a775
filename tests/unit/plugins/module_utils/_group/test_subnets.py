# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource IDs of subnets, and the groups in them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.subnets import (
    groups_in_subnet,
    subnet_ids,
    subnet_parts,
)

SUBNET = "/subscriptions/s/resourceGroups/Net/providers/Microsoft.Network/virtualNetworks/hub/subnets/aci"


@pytest.mark.parametrize(
    ("resource_id", "parts"),
    [
        (SUBNET, ("Net", "hub", "aci")),
        (f"{SUBNET}/", ("Net", "hub", "aci")),
        (SUBNET.lower(), ("net", "hub", "aci")),
        (SUBNET.upper(), ("NET", "HUB", "ACI")),
        ("", None),
        (f"https://host{SUBNET}", None),
        (f"{SUBNET}//", None),
        (f"{SUBNET}/more/parts", None),
        (SUBNET.rpartition("/")[0], None),
        (SUBNET.replace("aci", ""), None),
        (SUBNET.replace("Microsoft.Network", "MicrosoftXNetwork"), None),
        (SUBNET.replace("virtualNetworks", "networkSecurityGroups"), None),
    ],
)
def test_the_parts_of_an_id(resource_id: str, parts: tuple[str, str, str] | None) -> None:
    assert subnet_parts(resource_id) == parts


def group(name: str, *ids: str) -> dict[str, Any]:
    return {"name": name, "properties": {"subnetIds": [{"id": each} for each in ids]}}


@pytest.mark.parametrize(
    ("wire", "ids"),
    [
        (group("a", SUBNET), [SUBNET]),
        (group("a", SUBNET, "other"), [SUBNET, "other"]),
        (group("a"), []),
        ({"properties": {"subnetIds": None}}, []),
        ({"properties": None}, []),
        ({}, []),
    ],
)
def test_the_subnets_of_a_group(wire: dict[str, Any], ids: list[str]) -> None:
    assert subnet_ids(wire) == ids


def test_who_is_in_a_subnet() -> None:
    groups = [
        group("same", SUBNET),
        group("another-case", SUBNET.upper()),
        group("slash", f"{SUBNET}/"),
        group("second", "other", SUBNET),
        group("longer-name", f"{SUBNET}2"),
        group("elsewhere", "other"),
        {"name": "public", "properties": {}},
    ]
    expected = ["same", "another-case", "slash", "second"]
    assert groups_in_subnet(groups, SUBNET) == expected
    assert groups_in_subnet(groups, f"{SUBNET.lower()}/") == expected
    assert groups_in_subnet([], SUBNET) == []


def test_what_is_no_subnet_in_a_definition_is_passed_over() -> None:
    assert subnet_ids({"properties": {"subnetIds": ["x", {"id": SUBNET}]}}) == [SUBNET]
    assert subnet_ids({"properties": {"subnetIds": SUBNET}}) == []


def test_an_id_has_no_white_space() -> None:
    assert subnet_parts(f"{SUBNET}/") is not None
    assert subnet_parts(f"{SUBNET}\n") is None
    assert subnet_parts(SUBNET.replace("/subnets", " /subnets")) is None
