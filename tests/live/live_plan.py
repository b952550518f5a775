# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a run works, what its container groups are made of, and what it has seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from live_client import Answer

TAG = "azure-containers-aci-live"
LIFETIME = 900
"""After how many seconds a group ends by itself."""

IMAGES = {
    "web": "mcr.microsoft.com/azuredocs/aci-helloworld",
    "sidecar": "mcr.microsoft.com/azuredocs/aci-tutorial-sidecar",
    "wordcount": "mcr.microsoft.com/azuredocs/aci-wordcount",
    "shell": "mcr.microsoft.com/azurelinux/busybox:1.36",
}
"""The images that a run uses. A registry of one's own has them under the same repositories and tags."""


@dataclass(frozen=True)
class Registry:
    """A private registry that has the images, and who may pull from it."""

    server: str
    username: str
    password: str = field(repr=False)


@dataclass
class Plan:
    """Where a run works, and by what name and tag its resources are known.

    With ``registry`` all images come from there. With ``subnet``, the ID of one, all groups are in it.
    """

    run: str
    location: str
    resource_group: str
    tags: dict[str, str] = field(default_factory=dict)
    registry: Registry | None = None
    subnet: str = ""

    @property
    def all_tags(self) -> dict[str, str]:
        return {**self.tags, TAG: self.run}

    def image(self, kind: str) -> str:
        """Where an image of IMAGES is pulled from."""
        image = IMAGES[kind]
        return image if self.registry is None else f"{self.registry.server}/{image.partition('/')[2]}"

    def definition(self, *, cpu: float = 1, memory: float = 1, **properties: Any) -> dict[str, Any]:
        """The body of a PUT for a group with one container, which ends by itself."""
        return self.group([("web", cpu, memory)], command=["sh", "-c", f"sleep {LIFETIME}"], **properties)

    def group(
        self, containers: Iterable[tuple[str, float, float]], *, command: list[str] | None = None, **properties: Any
    ) -> dict[str, Any]:
        """The body of a PUT for a group with containers: each a kind of image, cores, and GB of memory."""
        access: dict[str, Any] = {}
        if self.registry is not None:
            mine = self.registry
            credential = {"server": mine.server, "username": mine.username, "password": mine.password}
            access["imageRegistryCredentials"] = [credential]
        if self.subnet:
            access["subnetIds"] = [{"id": self.subnet}]
        made = [
            {
                "name": "main" if number == 0 else f"more-{number}",
                "properties": {
                    "image": self.image(kind),
                    **({} if command is None else {"command": command}),
                    "resources": {"requests": {"cpu": cpu, "memoryInGB": memory}},
                },
            }
            for number, (kind, cpu, memory) in enumerate(containers)
        ]
        return {
            "location": self.location,
            "tags": self.all_tags,
            "properties": {"osType": "Linux", "restartPolicy": "Never", "containers": made, **access, **properties},
        }


@dataclass
class Seen:
    """What a run has seen: positions of switches, each with what shows it; targets, each with what failed in it, empty
    for one that passed, and the tasks that were skipped in them; what went wrong, and what was left out."""

    positions: dict[str, tuple[str, str]] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def note(self, switch: str, position: str | None, answer: Answer | str) -> None:
        """Keeps a position, unless nothing was decided by what was answered."""
        if position is not None:
            self.positions[switch] = (position, str(answer))


def cores_of(body: Mapping[str, Any]) -> float:
    """How many cores the containers of a definition ask for."""
    return sum(
        each["properties"]["resources"]["requests"]["cpu"] for each in body["properties"].get("containers") or []
    )
