# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table itself: the invariants of every property, and the argument spec derived from it."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.api_versions import API_VERSIONS
from ansible_collections.azure_containers.aci.plugins.module_utils._group import schema
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import GROUP, Kind, Property

ALL = list(schema.walk())
LISTS = (Kind.OBJECTS, Kind.TEXTS, Kind.RAW_TEXTS)


def with_children() -> list[tuple[str, Property]]:
    return [("", GROUP), *((path, prop) for path, prop in ALL if prop.children)]


@pytest.mark.parametrize(("path", "prop"), with_children())
def test_options_and_wire_names_are_unique(path: str, prop: Property) -> None:
    options = [child.option for child in prop.children]
    wires = [child.wire.lower() for child in prop.children]
    assert len(set(options)) == len(options), path
    assert len(set(wires)) == len(wires), path


@pytest.mark.parametrize(("path", "prop"), ALL)
def test_a_property_makes_sense(path: str, prop: Property) -> None:
    children = {child.option for child in prop.children}
    assert bool(children) == (prop.kind in (Kind.OBJECT, Kind.OBJECTS)), path
    if prop.kind is Kind.OBJECTS:
        assert prop.key, path
    assert set(prop.key) <= children
    assert not prop.ordered or prop.kind in LISTS
    assert prop.since in API_VERSIONS
    if prop.choices and prop.default is not None:
        assert prop.default in prop.choices
    assert all(child.since >= prop.since for child in prop.children)
    if prop.secret_when or prop.secret_unless or prop.secret_optional:
        assert prop.secret, path


@pytest.mark.parametrize(("path", "prop"), with_children())
def test_what_stands_beside_an_alternative_is_one(path: str, prop: Property) -> None:
    for child in prop.children:
        for beside in child.beside:
            assert prop.child(beside).alternatives == child.alternatives != "", path


def test_a_child_by_its_option() -> None:
    assert GROUP.child("containers") is schema.CONTAINERS
    with pytest.raises(KeyError, match="nothing"):
        GROUP.child("nothing")


def test_walk_goes_everywhere_with_the_option_path() -> None:
    paths = [path for path, _prop in ALL]
    assert len(set(paths)) == len(paths)
    assert "containers.resources.requests.memory_in_gb" in paths
    assert "identity.type" in paths
    assert dict(schema.walk(schema.IP_ADDRESS, "ip_address"))["ip_address.type"] is schema.IP_ADDRESS.child("type")


@pytest.mark.parametrize(("path", "prop"), ALL)
def test_ansible_masks_the_secrets_and_nothing_else(path: str, prop: Property) -> None:
    spec = schema.argument_spec(prop)
    assert spec.get("no_log", False) is prop.secret, path


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("os_type", {"type": "str", "choices": ["Linux", "Windows"]}),
        ("containers.command", {"type": "list", "elements": "raw"}),
        ("containers.name", {"type": "str", "required": True}),
        ("containers.environment_variables.secure_value", {"type": "raw", "no_log": True}),
        ("containers.environment_variables.secure_value_reference", {"type": "str", "no_log": False}),
        ("containers.resources.requests.cpu", {"type": "float"}),
        ("volumes.empty_dir", {"type": "dict"}),
        ("zones", {"type": "list", "elements": "str"}),
    ],
)
def test_argument_specs(path: str, expected: dict[str, object]) -> None:
    assert schema.argument_spec(dict(ALL)[path]) == expected


def test_all_arguments() -> None:
    arguments = schema.group_arguments()
    assert list(arguments) == [prop.option for prop in GROUP.children]
    options = {child.option for child in schema.CONTAINERS.children}
    assert set(arguments["containers"]["options"]) == {*options, "env", "secure_env"}
    assert arguments["init_containers"]["options"]["secure_env"]["no_log"] is True
