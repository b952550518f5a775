# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing what runs have made: by their tag, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from live_client import Arm, GaveUp
from live_plan import TAG

GROUPS = "2021-04-01"
_TYPE = "Microsoft.ContainerInstance/containerGroups"


class Journal:
    """The runs of this checkout that have not been cleaned up, in a file: each with where it works.

    It is written before the first resource is made, so that the next run finds what one has left that was killed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def runs(self) -> dict[str, dict[str, str]]:
        """The runs by their ids: ``subscription``, ``resource_group``."""
        try:
            found: dict[str, dict[str, str]] = json.loads(self._path.read_text())
        except FileNotFoundError:
            return {}
        return found

    def begin(self, run: str, subscription: str, resource_group: str) -> None:
        self._write({**self.runs(), run: {"subscription": subscription, "resource_group": resource_group}})

    def end(self, run: str) -> None:
        self._write({name: place for name, place in self.runs().items() if name != run})

    def _write(self, runs: dict[str, dict[str, str]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(runs, indent=2) + "\n")
        fresh.replace(self._path)


def remove(arm: Arm, run: str, resource_group: str) -> list[str]:
    """Removes the container groups with the tag of a run, then the resource group if it has the tag, too.

    Returns what is left, as sentences; empty when all is gone.
    """
    group = f"resourceGroups/{resource_group}"
    found = arm.ask("GET", group, version=GROUPS)
    if found.status == 404:
        return []
    left = remove_groups(arm, run, resource_group)
    if found.ok and _is_of(found.body.get("tags"), run) and not left:
        others = _others(arm, group, left)
        if others:
            left.append(f"{resource_group} holds what this run has not made, and stays: {', '.join(others)}")
        elif not left:
            _attempt(arm, f"/subscriptions/{arm.subscription}/{group}", GROUPS, left)
    elif not found.ok:
        left.append(f"{resource_group} cannot be read: {found}")
    return left


def remove_groups(arm: Arm, run: str, resource_group: str) -> list[str]:
    """Removes the container groups with the tag of a run. Returns what is left, as sentences."""
    left: list[str] = []
    try:
        for each in arm.listed(f"resourceGroups/{resource_group}/providers/{_TYPE}"):
            if _is_of(each.get("tags"), run):
                _attempt(arm, each["id"], "2023-05-01", left)
    except GaveUp as error:
        left.append(str(error))
    return left


def _others(arm: Arm, group: str, left: list[str]) -> list[str]:
    """What else is in a resource group of a run: somebody has put it there."""
    try:
        return [str(each.get("name")) for each in arm.listed(f"{group}/resources", version=GROUPS)]
    except GaveUp as error:
        left.append(str(error))
        return []


def _attempt(arm: Arm, path: str, version: str, left: list[str]) -> None:
    try:
        arm.gone(path, version=version)
    except GaveUp as error:
        left.append(str(error))


def _is_of(tags: object, run: str) -> bool:
    return isinstance(tags, dict) and {str(name).lower(): value for name, value in tags.items()}.get(TAG) == run
