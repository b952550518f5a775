# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that differ only by case: for each key in the table and each operating system, whether they are the same.

A key in the table that this file does not specify fails the first test.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import definition as _definition
from ansible_collections.azure_containers.aci.plugins.module_utils._group import plan as plans
from ansible_collections.azure_containers.aci.plugins.module_utils._group import schema
from ansible_collections.azure_containers.aci.plugins.module_utils._group import wire as wire_form
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import Compare, Kind, Property
from ansible_collections.azure_containers.aci.plugins.module_utils._group.tables import table_of

LOWER_CASE_ONLY = "the service's own error quotes the pattern [a-z0-9]([-a-z0-9]*[a-z0-9])?"
FILES = "names of files: file systems of Linux have case, those of Windows do not by default"
RESOURCE_ID = "Resource Manager compares resource ids without case, and keeps the caller's spelling"
VARIABLES = "environ(7) and POSIX have case; names of variables on Windows do not"
NOT_KNOWN = "no public source says that case does not matter; two that are taken for one would lose one"

DECISIONS: dict[str, tuple[Compare, str]] = {
    "containers": (Compare.EXACT, LOWER_CASE_ONLY),
    "containers.environment_variables": (Compare.BY_OS, VARIABLES),
    "containers.ports": (Compare.NO_CASE, "the service takes values of choices in any case (tcp in published runs)"),
    "containers.volume_mounts": (Compare.BY_OS, FILES),
    "containers.liveness_probe.http_get.http_headers": (Compare.NO_CASE, "RFC 9110, 5.1"),
    "containers.readiness_probe.http_get.http_headers": (Compare.NO_CASE, "RFC 9110, 5.1"),
    "containers.config_map.key_value_pairs": (
        Compare.EXACT,
        "a file per key on Linux, members of a JSON document on Windows: both have case",
    ),
    "init_containers": (Compare.EXACT, LOWER_CASE_ONLY),
    "init_containers.environment_variables": (Compare.BY_OS, VARIABLES),
    "init_containers.volume_mounts": (Compare.BY_OS, FILES),
    "image_registry_credentials": (Compare.NO_CASE, "host names, RFC 4343"),
    "ip_address.ports": (Compare.NO_CASE, "as those of containers"),
    "volumes": (Compare.EXACT, "documented as lower-case letters, digits and hyphens"),
    "volumes.secret": (Compare.BY_OS, FILES),
    "volumes.secret_reference": (Compare.BY_OS, FILES),
    "subnet_ids": (Compare.NO_CASE, RESOURCE_ID),
    "identity.user_assigned_identities": (Compare.NO_CASE, RESOURCE_ID),
    "identity_acls.acls": (Compare.NO_CASE, RESOURCE_ID),
    "diagnostics.log_analytics.metadata": (Compare.EXACT, "three keys, as the documentation writes them"),
    "extensions": (Compare.EXACT, NOT_KNOWN),
    "extensions.settings": (Compare.EXACT, "handed on as it is"),
    "extensions.protected_settings": (Compare.EXACT, "handed on as it is"),
    "secret_references": (Compare.EXACT, NOT_KNOWN),
}
KEYED = (Kind.OBJECTS, Kind.MAP, Kind.FREE, Kind.KEYS)
FIRST, SECOND = "key-a", "Key-A"
SYSTEMS = ("Linux", "Windows")
CASES = [(path, os_type) for path in DECISIONS for os_type in SYSTEMS]


def properties(path: str) -> list[Property]:
    """The properties on the way to a path, starting with the group's."""
    found = [schema.GROUP]
    for option in path.split("."):
        found.append(found[-1].child(option))
    return found


def cases(fits: Callable[[Property], bool]) -> list[tuple[str, str]]:
    """The keys of matching properties, on each operating system."""
    return [(path, os_type) for path, os_type in CASES if fits(properties(path)[-1])]


def text_keys(prop: Property) -> list[Property]:
    """The strings by which the keys of a property are compared."""
    if prop.kind is not Kind.OBJECTS:
        return [prop]
    return [child for child in map(prop.child, prop.key) if child.kind is Kind.TEXT]


def is_one(path: str, os_type: str) -> bool:
    """Whether two spellings are the same key."""
    decision = DECISIONS[path][0]
    return decision is Compare.NO_CASE or (decision is Compare.BY_OS and os_type == "Windows")


def entry(prop: Property, name: str, value: str) -> dict[str, Any]:
    """An element of a list of objects, with its own value if possible."""
    found: dict[str, Any] = {}
    for child in prop.children:
        if child.option == text_keys(prop)[0].option:
            found[child.option] = name
        elif child.required:
            found[child.option] = 80 if child.kind is Kind.INTEGER else "same"
        elif child.option in ("value", "image", "username", "version", "secret_reference_uri"):
            found[child.option] = value
    return found


def given(path: str, *names: str) -> dict[str, Any]:
    """Options that set a key in both spellings, the first with the value 1."""
    *above, prop = properties(path)
    values = {name: str(number) for number, name in enumerate(names, 1)}
    value: Any
    if prop.kind is Kind.OBJECTS:
        value = [entry(prop, name, number) for name, number in values.items()]
    else:
        value = list(values) if prop.kind is Kind.KEYS else values
    for child, parent in zip(reversed([*above[1:], prop]), reversed(above), strict=True):
        value = {child.option: value}
        if parent.kind is Kind.OBJECTS:
            value = [{**entry(parent, "outer", "same"), **value}]
    found: dict[str, Any] = value
    return found


def exact(prop: Property = schema.GROUP) -> Property:
    """A table with only case-sensitive keys, with which a group with both spellings can be created."""
    return replace(prop, compare=Compare.EXACT, children=tuple(exact(child) for child in prop.children))


def changes(os_type: str, live: dict[str, Any], options: dict[str, Any]) -> list[str]:
    """The changes that options make to a live group."""
    table = table_of(os_type)
    desired = wire_form.overlay(table, live, options)
    return [
        change.property
        for change in plans.differences(table, wire_form.read(table, live), wire_form.read(table, desired))
    ]


def test_every_key_of_the_table_has_its_decision() -> None:
    found = {path: prop for path, prop in schema.walk() if prop.kind in KEYED}
    assert set(DECISIONS) == set(found)
    for path, prop in found.items():
        assert {key.compare for key in text_keys(prop)} == {DECISIONS[path][0]}, path
        assert all(DECISIONS[path]), path


@pytest.mark.parametrize(("path", "os_type"), CASES)
def test_two_spellings_are_given_together_only_where_they_are_two(path: str, os_type: str) -> None:
    prop = properties(path)[-1]
    table = table_of(os_type)
    if is_one(path, os_type) and prop.kind is not Kind.KEYS:
        with pytest.raises(InvalidArguments, match="are the same name, because case is ignored") as caught:
            wire_form.overlay(table, None, given(path, FIRST, SECOND))
        assert FIRST in caught.value.msg
        assert SECOND in caught.value.msg
        return
    body = wire_form.overlay(table, None, given(path, FIRST, SECOND))
    for name in (FIRST, SECOND):
        # A duplicate identity is the same identity.
        assert (f'"{name}"' in str(body).replace("'", '"')) == (name == SECOND or not is_one(path, os_type))


@pytest.mark.parametrize(("path", "os_type"), cases(lambda prop: not prop.secret))  # secrets cannot be read
def test_another_spelling_is_a_change_only_where_it_is_another_key(path: str, os_type: str) -> None:
    live = wire_form.overlay(table_of(os_type), None, given(path, FIRST))
    assert changes(os_type, live, given(path, FIRST)) == []
    assert bool(changes(os_type, live, given(path, SECOND))) == (not is_one(path, os_type))


# Dictionaries are merged: omitted entries remain.
@pytest.mark.parametrize(("path", "os_type"), cases(lambda prop: prop.kind in (Kind.OBJECTS, Kind.KEYS)))
def test_what_is_live_in_both_spellings_is_seen(path: str, os_type: str) -> None:
    prop = properties(path)[-1]
    live = wire_form.overlay(exact(), None, given(path, SECOND, FIRST))
    kept = wire_form.overlay(exact(), None, given(path, FIRST))
    before = copy.deepcopy(live)
    found = changes(os_type, live, given(path, FIRST))
    assert live == before
    assert found, "the other spelling goes away with a change, and silently"
    assert any(SECOND in each for each in found) or prop.kind is Kind.KEYS
    assert changes(os_type, kept, given(path, FIRST)) == []


@pytest.mark.parametrize(("path", "os_type"), cases(lambda prop: prop.kind is Kind.MAP))
def test_dictionaries_are_merged_by_the_key_that_is_meant(path: str, os_type: str) -> None:
    prop = properties(path)[-1]
    live = wire_form.overlay(table_of(os_type), None, given(path, FIRST))
    merged = wire_form.overlay(table_of(os_type), live, given(path, SECOND))
    names = {FIRST, SECOND} & set(str(merged).replace("'", '"').split('"'))
    if prop.secret:
        assert names == {SECOND}  # a map of secrets is replaced as a whole
    else:
        assert names == ({FIRST} if is_one(path, os_type) else {FIRST, SECOND})


@pytest.mark.parametrize(("path", "os_type"), cases(lambda prop: prop.kind is Kind.OBJECTS))
def test_a_definition_finds_the_elements_that_are_meant(path: str, os_type: str) -> None:
    table = table_of(os_type)
    live = wire_form.overlay(table, None, given(path, FIRST))
    definition = wire_form.overlay(table, None, given(path, SECOND))

    def elements(wire: Any, ways: list[Property]) -> list[dict[str, Any]]:
        for each in ways:
            wire = wire_form.get_path(wire[0] if isinstance(wire, list) else wire, each.wire)
        return list(wire)

    ways = properties(path)[1:]
    elements(live, ways)[0]["somethingNew"] = "kept"
    completed = _definition.completed(table, live, definition)
    assert ("somethingNew" in elements(completed, ways)[0]) == is_one(path, os_type)


def group(os_type: str, *names: str) -> dict[str, Any]:
    variables = [{"name": name, "value": "v"} for name in names]
    container = {"name": "web", "properties": {"image": "i:1", "environmentVariables": variables}}
    return {
        "location": "eastus",
        "properties": {"osType": os_type, "containers": [container], "instanceView": {"state": "Running"}},
    }


def variables(*names: str) -> list[dict[str, Any]]:
    return [{"name": "web", "environment_variables": [{"name": name, "value": "v"} for name in names]}]


def planned(live: dict[str, Any] | None, **options: Any) -> list[str]:
    definition = options.pop("definition", None)
    plan = plans.make_plan(live, plans.Wanted(options, definition=definition))
    return [change.property for change in plan.changes]


def test_variables_of_a_group_are_compared_as_its_system_does() -> None:
    both = ("http_proxy", "HTTP_PROXY")
    assert planned(group("Linux", *both), containers=variables(*both)) == []
    where = "containers[web].environment_variables"
    assert planned(group("Linux", *both), containers=variables("HTTP_PROXY")) == [f"{where}[http_proxy]"]
    assert planned(group("Linux", "HTTP_PROXY"), containers=variables("http_proxy")) == [
        f"{where}[HTTP_PROXY]",
        f"{where}[http_proxy]",
    ]
    assert planned(group("Windows", "HTTP_PROXY"), containers=variables("http_proxy")) == []
    assert planned(group("windows", "HTTP_PROXY"), containers=variables("http_proxy")) == []
    with pytest.raises(InvalidArguments, match="http_proxy and HTTP_PROXY are the same name"):
        planned(group("Windows", "HTTP_PROXY"), containers=variables(*both))


def test_the_system_that_counts_is_the_one_that_is_wanted() -> None:
    both = ("http_proxy", "HTTP_PROXY")
    assert planned(None, containers=variables(*both), location="eastus")
    with pytest.raises(InvalidArguments, match="the same name"):
        planned(None, containers=variables(*both), location="eastus", os_type="Windows")
    with pytest.raises(InvalidArguments, match="the same name"):
        planned(group("Linux", *both), containers=variables(*both), os_type="Windows")
    with pytest.raises(InvalidArguments, match="the same name"):
        planned(None, containers=variables(*both), definition=group("Windows", "A"))
    assert planned(group("Windows", "A"), definition=group("Linux", "a")) == [
        "os_type",
        "containers[web].environment_variables[A]",
        "containers[web].environment_variables[a]",
    ]


def test_a_definition_is_compared_in_the_same_way() -> None:
    both = group("Linux", "http_proxy", "HTTP_PROXY")
    assert planned(both, definition=both) == []
    where = "containers[web].environment_variables"
    assert planned(both, definition=group("Linux", "HTTP_PROXY")) == [f"{where}[http_proxy]"]
    assert planned(group("Windows", "PATH"), definition=group("Windows", "Path")) == []


def test_a_name_that_the_service_has_twice_is_seen_when_it_is_given_once() -> None:
    live = group("Linux", "A", "A")
    live["properties"]["containers"][0]["properties"]["environmentVariables"][0]["value"] = "hidden"
    plan = plans.make_plan(live, plans.Wanted({"containers": variables("A")}))
    assert [(change.property, change.before, change.after) for change in plan.changes] == [
        ("containers[web].environment_variables[A]", {"name": "A", "value": "hidden"}, None)
    ]
    assert planned(live, containers=[{"name": "web", "image": "i:1"}]) == []


def test_tags_have_no_case_on_either_system() -> None:
    live = {**group("Linux", "A"), "tags": {"Env": "test"}}
    assert planned(live, tags={"ENV": "test"}) == []
    assert planned(live, tags={"ENV": "prod"}) == ["tags[Env]"]
    with pytest.raises(InvalidArguments, match="are the same name"):
        planned(live, tags={"env": "a", "ENV": "a"})
    with pytest.raises(InvalidArguments, match="are the same name"):
        planned(live, definition={**group("Linux", "A"), "tags": {"env": "a", "ENV": "a"}})


def test_secrets_are_missed_by_the_name_that_is_meant() -> None:
    live = group("Linux")
    container = live["properties"]["containers"][0]["properties"]
    container["environmentVariables"] = [{"name": "token"}, {"name": "TOKEN"}]
    secret = [{"name": "web", "image": "i:2", "environment_variables": [
        {"name": "token", "secure_value": "1"}, {"name": "TOKEN"},
    ]}]  # fmt: skip
    plan = plans.make_plan(live, plans.Wanted({"containers": secret}))
    assert plan.missing_secrets == ["containers[web].environment_variables[TOKEN].secure_value"]
