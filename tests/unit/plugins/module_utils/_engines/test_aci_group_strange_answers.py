# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""With any response and any input, there is no traceback, no false change, and no endless wait."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group
from ansible_collections.azure_containers.aci.plugins.module_utils._group import facts
from ansible_collections.azure_containers.aci.plugins.module_utils._group import plan as plans
from ansible_collections.azure_containers.aci.plugins.module_utils._group import wire as wire_form
from ansible_collections.azure_containers.aci.plugins.module_utils._group.problems import blocker, reasons
from ansible_collections.azure_containers.aci.plugins.module_utils._group.runs import exit_codes
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import GROUP, Kind, Property
from ansible_collections.azure_containers.aci.plugins.module_utils._group.verdicts import is_completed, is_running
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock, FakeOperation

EXAMPLES = settings(max_examples=150, deadline=None)

junk = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 70000) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=4,
)
states = st.sampled_from(["Pending", "Running", "Succeeded", "Failed", "Stopped", "Unhealthy", "Repairing", "Odd", ""])


def answer(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """An object of which any part may be missing, null or something else, with additional unknown parts."""
    parts = {name: strategy | st.none() for name, strategy in known.items()}
    return st.builds(
        lambda found, extra: {**extra, **found},
        st.fixed_dictionaries({}, optional=parts),
        st.dictionaries(st.sampled_from(["somethingNew", "x"]), junk, max_size=1),
    )


events = st.lists(answer({"name": st.text(max_size=5), "message": st.text(max_size=9), "type": st.just("Warning")}))
container_state = answer(
    {
        "state": st.sampled_from(["Running", "Waiting", "Terminated", "Odd"]),
        "startTime": st.sampled_from(["1", "2"]),
        "exitCode": st.integers(0, 3),
        "detailStatus": st.sampled_from(["", "CrashLoopBackOff: Back-off 10s"]),
    }
)
view = answer(
    {
        "restartCount": st.integers(0, 9),
        "currentState": container_state,
        "previousState": container_state,
        "events": events,
    }
)
container = st.builds(
    lambda name, properties: {"name": name, "properties": properties},
    st.sampled_from(["web", "side"]),
    answer(
        {
            "image": st.just("nginx"),
            "command": st.lists(st.text(max_size=4), max_size=2),
            "ports": st.lists(answer({"port": st.integers(1, 99), "protocol": st.sampled_from(["TCP", "UDP"])})),
            "environmentVariables": st.lists(answer({"name": st.just("A"), "value": st.text(max_size=3)})),
            "resources": answer({"requests": answer({"cpu": st.just(1.0), "memoryInGB": st.just(1)})}),
            "instanceView": view,
        }
    ),
)
group = answer(
    {
        "id": st.just("/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g"),
        "location": st.sampled_from(["West US 2", "westus2"]),
        "tags": st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2),
        "identity": answer({"type": st.just("SystemAssigned"), "userAssignedIdentities": st.just({})}),
        "properties": answer(
            {
                "provisioningState": states,
                "containers": st.lists(container, max_size=2, unique_by=lambda item: str(item["name"])),
                "initContainers": st.lists(container, max_size=1),
                "ipAddress": answer({"type": st.just("Public"), "ports": st.just([]), "fqdn": st.text(max_size=4)}),
                "volumes": st.lists(answer({"name": st.just("data-1"), "secret": st.just({})}), max_size=1),
                "instanceView": answer({"state": states, "events": events}),
            }
        ),
    }
)


def option(prop: Property) -> st.SearchStrategy[Any]:
    """Values that the argument spec accepts for a property."""
    if prop.kind is Kind.OBJECT:
        return st.fixed_dictionaries({child.option: option(child) | st.none() for child in prop.children})
    if prop.kind is Kind.OBJECTS:
        element = st.fixed_dictionaries(
            {child.option: option(child) if child.required else option(child) | st.none() for child in prop.children}
        )
        return st.lists(element, max_size=2)
    if prop.choices:
        return st.sampled_from(prop.choices)
    raw = st.text(max_size=4) | st.booleans() | st.integers(0, 3) | st.floats(0, 9)
    return {
        Kind.INTEGER: st.integers(-1, 70000),
        Kind.NUMBER: st.floats(-1, 9),
        Kind.FLAG: st.booleans(),
        Kind.TEXTS: st.lists(st.text(max_size=4), max_size=2),
        Kind.KEYS: st.lists(st.text(max_size=4), max_size=2),
        Kind.RAW_TEXTS: st.lists(raw, max_size=2),
        Kind.RAW_TEXT: raw,
        Kind.MAP: st.dictionaries(st.text(max_size=4), raw, max_size=2),
        Kind.FREE: st.dictionaries(st.text(max_size=4), junk, max_size=2),
        Kind.MARKER: st.just({}),
    }.get(prop.kind, st.text(max_size=8))


@EXAMPLES
@given(group)
def test_any_answer_has_facts_and_predicates(wire: dict[str, Any]) -> None:
    before = copy.deepcopy(wire)
    facts.group_facts(wire)
    for verdict in (is_running(wire, 5), is_completed(wire, 5, [0])):
        assert not (verdict.done and verdict.failed)
    reasons(wire)
    exit_codes(wire)
    blocker(wire)
    assert wire == before


@EXAMPLES
@given(group)
def test_a_task_that_says_nothing_changes_nothing(wire: dict[str, Any]) -> None:
    assert plans.make_plan(wire, plans.Wanted({})).changes == []


@settings(max_examples=60, deadline=None)
@given(group, st.sampled_from(GROUP.children).flatmap(lambda p: st.tuples(st.just(p), option(p))))
def test_any_options_plan_or_are_refused(wire: dict[str, Any], chosen: tuple[Property, Any]) -> None:
    prop, value = chosen
    try:
        plan = plans.make_plan(wire, plans.Wanted({prop.option: value}))
        # After it was applied, the plan has no more changes.
        assert (
            plans.make_plan(wire_form.without_server_fields(plan.desired, keep_ip=True), plans.Wanted({})).changes == []
        )
        again = plans.make_plan(plan.desired, plans.Wanted({prop.option: value}))
        assert [change.property for change in again.changes] == []
    except AciError:
        pass


class OddClient(FakeClient):
    """Answers reads from a list, then with its last response; writes succeed, without effect."""

    def __init__(self, answers: list[dict[str, Any] | None]) -> None:
        super().__init__()
        self.answers = answers

    def get_group(self, _rg: str, _name: str) -> dict[str, Any] | None:
        return copy.deepcopy(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    def get_resource_group(self, _name: str) -> dict[str, Any] | None:
        return {}

    def list_usage(self, _location: str) -> list[dict[str, Any]]:
        return [{}]

    def put_group(self, *_args: Any, deadline: float) -> FakeOperation:
        return FakeOperation()

    def post(self, _verb: str, _state: str) -> FakeOperation:
        return FakeOperation()

    def patch_group(self, *_args: Any, deadline: float) -> dict[str, Any]:
        return {}

    def delete_group(self, *_args: Any, deadline: float) -> None:
        return None


@settings(max_examples=150, deadline=None)
@given(
    st.lists(group | st.none(), min_size=1, max_size=3),
    st.sampled_from(["present", "absent", "started", "stopped", "restarted"]),
    st.booleans(),
    st.sampled_from(["provisioned", "running", "completed"]),
)
def test_the_engine_ends_with_a_result_or_an_error_of_its_own(
    answers: list[dict[str, Any] | None], state: str, check: bool, wait_for: str
) -> None:
    clock = FakeClock()
    defaults = {name: spec.get("default") for name, spec in aci_group.SPEC.arguments.items()}
    params = {**defaults, "resource_group": "rg", "name": "web", "state": state, "wait_for": wait_for}
    params |= {"recovery_dir": "/nonexistent", "wait_timeout": 100}
    if state != "absent":
        params["containers"] = [{"name": "web", "image": "nginx"}]
    client: Any = OddClient(list(answers))
    context = Context(params, check, True, client, sleep=clock.sleep, monotonic=clock.monotonic)
    try:
        result = aci_group.run(context)
    except AciError as error:
        result = error.as_failure()
    assert result.get("msg") or result["changed"] == (result["action"] != "none")
    assert clock.now <= 101
    assert 0 not in clock.sleeps
