# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for several groups, in a cloud in which each group has its own timeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError
from ansible_collections.azure_containers.aci.plugins.module_utils._common.wait import Deadline
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.wait_many import (
    Goal,
    Together,
    by_id,
    not_ready,
)
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock

Story = Callable[[float], Any]
"""The properties of a group at a time in seconds, or None after its deletion."""


class Cloud:
    def __init__(self, **stories: Story) -> None:
        self.clock = FakeClock()
        self.stories = stories
        self.lists = 0
        self.views = 0

    def group(self, name: str, view: bool) -> dict[str, Any] | None:
        properties = self.stories[name](self.clock.now)
        if properties is None:
            return None
        if not view:
            properties = {key: value for key, value in properties.items() if key != "instanceView"}
        return {"id": f"/subscriptions/s/resourceGroups/Shop/x/{name}", "name": name, "properties": properties}

    def listing(self) -> dict[str, Any]:
        self.lists += 1
        return by_id(group for name in self.stories if (group := self.group(name, False)) is not None)

    def look(self, groups: Sequence[dict[str, Any]]) -> dict[str, Any]:
        self.views += len(groups)
        return by_id(found for group in groups if (found := self.group(group["name"], True)) is not None)

    def wait(self, wait_for: str = "running", seconds: float = 100, **goal: Any) -> dict[str, str]:
        """The result for each group: the code of its error, or ''."""
        self.said: list[str] = []
        deadline = Deadline(self.clock, seconds)
        together = Together(deadline, Goal(wait_for, **goal), self.listing, self.look, self.said.append)
        self.watched = together.wait(self.listing())
        assert all(each.verdict.done != each.verdict.failed for each in self.watched)
        return {each.wire["name"]: each.verdict.code for each in self.watched}


def container(state: str, policy: str = "Always", **current: Any) -> dict[str, Any]:
    view = {"currentState": {"state": state, "startTime": "t", **current}, "restartCount": 0}
    groups = {"Waiting": "Pending", "Running": "Running"}
    ended = "Succeeded" if current.get("exitCode") == 0 else "Failed"
    return {
        "provisioningState": "Succeeded",
        "restartPolicy": policy,
        "containers": [{"name": "main", "properties": {"instanceView": view}}],
        "instanceView": {"state": groups.get(state, ended)},
    }


CREATING = {"provisioningState": "Creating", "containers": []}


def after(seconds: float, then: dict[str, Any] | None) -> Story:
    return lambda now: CREATING if now < seconds else then


def test_all_get_there() -> None:
    cloud = Cloud(a=after(0, container("Running")), b=after(5, container("Running")), c=after(9, container("Running")))
    assert cloud.wait() == {"a": "", "b": "", "c": ""}
    assert 9 <= cloud.clock.now < 11
    # One list per poll, and one read per group: groups that are being created are not read.
    assert cloud.views == 3
    assert cloud.lists < 16
    assert cloud.said[0].startswith("1 of 3")
    assert cloud.said[-1].startswith("3 of 3")


def test_provisioned_needs_lists_only() -> None:
    cloud = Cloud(**{f"g{each}": after(each / 10, container("Waiting")) for each in range(100)})
    assert set(cloud.wait("provisioned").values()) == {""}
    assert cloud.views == 0


def test_those_that_do_not_make_it_do_not_stop_the_others() -> None:
    failed = {**CREATING, "provisioningState": "Failed"}
    stopped = {**container("Terminated"), "instanceView": {"state": "Stopped"}}
    cloud = Cloud(
        good=after(6, container("Running")),
        failed=after(1, failed),
        gone=after(2, None),
        stopped=after(1, stopped),
        crashed=after(1, container("Terminated", "Never", exitCode=3)),
        late=after(1000, container("Running")),
    )
    assert cloud.wait(seconds=20) == {
        "good": "",
        "failed": "ProvisioningFailed",
        "gone": "ContainerGroupNotFound",
        "stopped": "ContainerGroupStopped",
        "crashed": "ContainerFailed",
        "late": "TimedOut",
    }
    told = {each["name"]: each for each in not_ready(cloud.watched)}
    assert set(told) == {"failed", "gone", "stopped", "crashed", "late"}
    assert "exit code 3" in told["crashed"]["reason"]
    assert "20 s" in told["late"]["reason"]
    assert told["late"]["resource_group"] == "Shop"
    assert told["late"]["provisioning_state"] == "Creating"


def test_an_image_that_cannot_be_pulled_is_noticed_while_the_group_is_created() -> None:
    event = {"name": "Failed", "type": "Warning", "message": 'Failed to pull image "x"', "lastTimestamp": "1"}
    view = {"currentState": {"state": "Waiting", "detailStatus": "ImagePullBackOff"}, "events": [event]}
    pulling = {
        "provisioningState": "Creating",
        "containers": [{"name": "main", "properties": {"instanceView": view}}],
        "instanceView": {"state": "Pending"},
    }
    cloud = Cloud(a=lambda _now: pulling)
    assert cloud.wait(seconds=1000, image_pull_timeout=60) == {"a": "ImagePullFailed"}
    assert cloud.clock.now < 120
    assert cloud.views < 10


@pytest.mark.parametrize(
    ("policy", "code", "verdict"), [("Never", 0, ""), ("Never", 2, "ContainerFailed"), ("Always", 0, "NeverCompletes")]
)
def test_completed(policy: str, code: int, verdict: str) -> None:
    cloud = Cloud(a=after(3, container("Terminated", policy, exitCode=code)))
    assert cloud.wait("completed") == {"a": verdict}


def test_a_list_that_is_late_does_not_count() -> None:
    cloud = Cloud(a=after(0, container("Waiting")), b=after(0, container("Running")))
    cloud.stories["a"] = lambda now: container("Waiting" if now < 3 else "Running")
    listing = cloud.listing
    cloud.listing = lambda: {key: group for key, group in listing().items() if group["name"] == "b"}  # type: ignore[method-assign]
    together = Together(Deadline(cloud.clock, 50), Goal("running"), cloud.listing, cloud.look)
    watched = together.wait(listing())
    assert all(each.verdict.done for each in watched)


def test_nothing_to_wait_for() -> None:
    assert Cloud().wait() == {}


@pytest.mark.parametrize("at", ["list", "look", "last look"])
def test_a_service_that_is_gone_hides_no_group(at: str) -> None:
    cloud = Cloud(good=lambda _now: container("Running"), late=lambda _now: container("Waiting"))

    def gone(*_groups: Any) -> dict[str, Any]:
        raise AzureError("The service is away. Gave up.", status=503)

    look, looks = cloud.look, 0

    def looking(groups: Sequence[dict[str, Any]]) -> dict[str, Any]:
        nonlocal looks
        looks += 1
        if at == "last look" and cloud.clock.now < 100:
            return look(groups)
        return look(groups) if looks == 1 or at == "list" else gone()

    cloud.look = looking  # type: ignore[method-assign]
    listing, lists = cloud.listing, 0

    def list_() -> dict[str, Any]:
        nonlocal lists
        lists += 1
        return gone() if at == "list" and lists > 1 else listing()

    cloud.listing = list_  # type: ignore[method-assign]
    assert cloud.wait() == {"good": "", "late": "TimedOut"}
    assert "The service is away. Gave up." in not_ready(cloud.watched)[0]["reason"]


def test_a_refusal_is_raised() -> None:
    cloud = Cloud(late=lambda _now: CREATING)

    def refused(_groups: Any) -> dict[str, Any]:
        raise AzureError("No.", status=403)

    cloud.look = refused  # type: ignore[method-assign]
    with pytest.raises(AzureError):
        cloud.wait()
