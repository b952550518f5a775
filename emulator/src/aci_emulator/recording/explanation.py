# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which positions of the emulator's switches explain the differences that a play has found.

The recording is played again against emulators that differ from the default in one position each. A difference that
such an emulator has no more, or that it has as well where the default one has not, is explained by that position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.switches import SWITCHES
from .replay import Finding, Report

_ROUNDS = 4

Positions = Mapping[str, str]
Key = tuple[str, int, str, str, str]
# GUIDs, addresses, times.
_OWN = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d+(\.\d+){3}|\d{4}-\d\d-\d\dT[\d:.]+Z?")


@dataclass
class Explanation:
    """What explains findings. ``positions`` are those that together come nearest to what was found.

    ``by_finding`` has, for each finding in its order, the positions that explain it: none where no switch does.
    """

    positions: dict[str, str] = field(default_factory=dict)
    by_finding: list[dict[str, str]] = field(default_factory=list)

    @property
    def unexplained(self) -> int:
        """How many findings no switch explains."""
        return sum(not each for each in self.by_finding)

    def document(self, report: Report) -> dict[str, Any]:
        """Returns report and explanation as a JSON object."""
        document = report.document()
        for finding, positions in zip(document["findings"], self.by_finding):
            finding["explained_by"] = positions
        return {**document, "switches": self.positions, "unexplained": self.unexplained}


def explain(findings: Sequence[Finding], simulate: Callable[[Positions], Report]) -> Explanation:
    """Returns the positions that explain findings. ``simulate`` plays the same recordings with positions.

    What an emulator by default answers otherwise as well is the recorded service's doing: a position explains it that
    makes it go away. All else is the doing of the endpoint: a position explains it that brings it about.
    """
    search = _Search({_key(each) for each in findings}, simulate)
    explanation = Explanation()
    if not findings:
        return explanation
    base = search.play({})
    reasons: dict[Key, dict[str, str]] = {}
    for target, service in ((search.wanted & base, True), (search.wanted - base, False)):
        positions, found = search.run(target, service=service) if target else ({}, {})
        explanation.positions.update(positions)
        reasons.update(found)
    explanation.by_finding = [reasons.get(_key(each), {}) for each in findings]
    return explanation


class _Search:
    def __init__(self, wanted: set[Key], simulate: Callable[[Positions], Report]) -> None:
        self.wanted = wanted
        self._simulate = simulate
        self._places = {key[:2] for key in wanted}
        self._plays: dict[frozenset[tuple[str, str]], frozenset[Key]] = {}

    def play(self, positions: Positions) -> frozenset[Key]:
        """What is found with positions beside those at the start."""
        key = frozenset(positions.items())
        if key not in self._plays:
            self._plays[key] = frozenset(_key(each) for each in self._simulate(positions).findings)
        return self._plays[key]

    def run(self, target: set[Key], *, service: bool) -> tuple[dict[str, str], dict[Key, dict[str, str]]]:
        """Returns the positions that explain most of the target together, and which of them explain what."""
        chosen: dict[str, str] = {}
        reasons: dict[Key, dict[str, str]] = {}
        for _ in range(_ROUNDS):
            if self._explained(target, chosen, service=service) >= target:
                break
            gains = self._gains(target, chosen, service=service)
            if not gains:
                break
            for (name, value), gained in sorted(gains.items(), key=lambda each: -len(each[1])):
                if chosen.setdefault(name, value) == value:
                    for key in gained:
                        reasons.setdefault(key, {})[name] = value
        for name, value in list(chosen.items()):
            fewer = {each: position for each, position in chosen.items() if each != name}
            every = self._explained(target, chosen, service=service)
            lost = every - self._explained(target, fewer, service=service)
            if not lost:
                chosen = fewer
            for key in lost:  # also what takes several positions
                reasons.setdefault(key, {})[name] = value
        needed = {
            key: {each: value for each, value in found.items() if each in chosen} for key, found in reasons.items()
        }
        return chosen, needed

    def _gains(self, target: set[Key], chosen: dict[str, str], *, service: bool) -> dict[tuple[str, str], set[Key]]:
        """What each further position would explain beside what is chosen; only those that explain anything."""
        explained = self._explained(target, chosen, service=service)
        found = {}
        for switch in SWITCHES:
            for value in switch.values:
                if switch.name in chosen or value == switch.default:
                    continue
                positions = {**chosen, switch.name: value}
                gained = self._explained(target, positions, service=service) - explained
                # What the endpoint answers as recorded must not differ with that position.
                against = {key for key in self.play(positions) - self.play(chosen) if key[:2] not in self._places}
                if gained and not against:
                    found[switch.name, value] = gained
        return found

    def _explained(self, target: set[Key], positions: dict[str, str], *, service: bool) -> set[Key]:
        found = self.play(positions)
        if not service:
            return target & found
        # Gone is what is not there any more, unless the exchange now differs in another way.
        others = {key[:2] for key in found - self.wanted}
        return {key for key in target - found if key[:2] not in others}


def _key(finding: Finding) -> Key:
    """A finding without what every endpoint chooses by itself."""
    return (
        finding.file,
        finding.number,
        finding.where,
        _OWN.sub("*", finding.recorded),
        _OWN.sub("*", finding.answered),
    )
