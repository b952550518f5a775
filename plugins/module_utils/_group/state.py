# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Predicates on a container group's instance view (wire form). Pure.

The documented states are: Pending, Running, Succeeded, Failed or Stopped for a group; Waiting, Running or Terminated
for a container. ``provisioningState`` is the state of the last operation, not of the containers. The service also
shows undocumented states (``Unknown``, while the platform repairs a group), so no list of states here is taken to be
complete: the predicates ask whether the desired state is reached, and any other state counts as not reached yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.provisioning import is_final
from .wire import ArmJson, get_path

FINISHED_STATES = frozenset({"Stopped", "Succeeded", "Failed"})
"""Group states in which nothing runs and nothing is billed; a PUT or a start redeploys the group."""
UNDER_WAY_STATES = frozenset({"Pending", "Running"})
"""Group states in which the containers run, or will run without another request."""


def group_state(wire: Mapping[str, Any]) -> str | None:
    """The group's state, or None if there is no instance view."""
    state = get_path(wire, "properties.instanceView.state")
    return str(state) if state else None


def is_finished(wire: Mapping[str, Any]) -> bool:
    """Whether the group is stopped or has ended. In an unknown state it is assumed to run, and to be billed."""
    return group_state(wire) in FINISHED_STATES


def provisioning_state(wire: Mapping[str, Any]) -> str:
    """The state of the last operation in lower case; empty if there is none."""
    return str(get_path(wire, "properties.provisioningState") or "").lower()


def provisioning_ended(wire: Mapping[str, Any]) -> bool:
    """Whether no operation is under way. An unknown state counts as under way."""
    return is_final(provisioning_state(wire))


def provisioning_failed(wire: Mapping[str, Any]) -> bool:
    """Whether the last operation failed."""
    return provisioning_state(wire) in ("failed", "canceled")


def restart_policy(wire: Mapping[str, Any]) -> str:
    """The policy in force; the service's default is Always."""
    return str(get_path(wire, "properties.restartPolicy") or "Always")


def containers(wire: Mapping[str, Any], init: bool = False) -> list[ArmJson]:
    """The group's containers, or its init containers."""
    found = get_path(wire, "properties.initContainers" if init else "properties.containers")
    return [item for item in found or [] if isinstance(item, dict)]


def every_container(wire: Mapping[str, Any]) -> list[tuple[ArmJson, bool]]:
    """The containers in the order in which they run, each with whether it is an init container."""
    init = [(container, True) for container in containers(wire, init=True)]
    return [*init, *((container, False) for container in containers(wire))]


def current_state(container: Mapping[str, Any]) -> ArmJson:
    """A container's current state; empty if it has none yet."""
    state = get_path(container, "properties.instanceView.currentState")
    return state if isinstance(state, dict) else {}


def restart_count(container: Mapping[str, Any]) -> int:
    """How often the service restarted the container by itself."""
    count = get_path(container, "properties.instanceView.restartCount")
    return int(count) if isinstance(count, int) else 0
