# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Emulators for the property matrix: one with the documented switches, and one that is as strict as possible."""

from __future__ import annotations

import typing as t
from contextlib import ExitStack

import pytest
from matrix_doors import DOORS, RESOURCE_GROUP, Group

from emulator import RunningEmulator, emulator

QUOTA = [
    argument
    for name in ("StandardV100Cores", "StandardP100Cores", "DedicatedContainerGroups", "DedicatedCores")
    for argument in ("--limit", f"{name}=100")
]
POSITIONS: dict[str, tuple[str, ...]] = {
    "documented": (),
    "strict": (
        *("--mutability", "strict", "--put-tags", "keep", "--put-existing", "200", "--delete-answer", "202"),
        *("--config-map-change", "restart"),
    ),
}


PAIRS = [("controller", "documented"), ("module", "strict")]
"""Each entry point and each position once, because entry points do not depend on the service's decisions."""


@pytest.fixture(scope="session")
def emulators() -> t.Iterator[t.Callable[[str], RunningEmulator]]:
    started: dict[str, RunningEmulator] = {}
    with ExitStack() as stack:

        def start(position: str) -> RunningEmulator:
            if position not in started:
                azure = emulator(runtime="simulated", speed=1000, arguments=(*QUOTA, *POSITIONS[position]))
                started[position] = stack.enter_context(azure)
                _prepare(started[position])
            return started[position]

        yield start


@pytest.fixture(params=PAIRS, ids="-".join)
def group(request: pytest.FixtureRequest, emulators: t.Callable[[str], RunningEmulator]) -> t.Iterator[Group]:
    door, position = request.param
    life = Group(DOORS[door], emulators(position).connection())
    yield life
    life.run({"state": "absent"})


def _prepare(azure: RunningEmulator) -> None:
    """Create the resources that the groups refer to: their resource group and two profiles."""
    group = f"resourceGroups/{RESOURCE_GROUP}"
    azure.put(group, "2022-09-01", {"location": "westeurope"})
    for name in ("one", "two"):
        for image in ("example.com/app:1", "example.com/app:2"):  # the second is revision 2
            profile = f"{group}/providers/Microsoft.ContainerInstance/containerGroupProfiles/{name}"
            azure.put(profile, "2025-09-01", {"location": "westeurope", "properties": _profile(image)})


def _profile(image: str) -> dict[str, t.Any]:
    resources = {"requests": {"cpu": 1, "memoryInGB": 1}}
    return {"osType": "Linux", "containers": [{"name": "web", "properties": {"image": image, "resources": resources}}]}
