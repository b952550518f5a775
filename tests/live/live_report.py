# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has seen, compared with what the emulator does by default, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aci_emulator.core.switches import SWITCHES
from live_plan import Plan, Seen
from live_targets import NOT_PLAYED

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass
class Compared:
    """The switches by what became of them: confirmed and contradicted ones with what was seen, the rest by name."""

    confirmed: dict[str, tuple[str, str]]
    contradicted: dict[str, tuple[str, str]]
    not_seen: list[str]


def compare(seen: Seen) -> Compared:
    """Holds what was seen against the defaults of the emulator's switches."""
    found = Compared({}, {}, [])
    for switch in SWITCHES:
        position = seen.positions.get(switch.name)
        if position is None:
            found.not_seen.append(switch.name)
        elif position[0] == switch.default:
            found.confirmed[switch.name] = position
        else:
            found.contradicted[switch.name] = position
    return found


def markdown(plan: Plan, seen: Seen, played: Iterable[str], left: Iterable[str], cost: str) -> str:
    """The report. ``played`` are names of probes and targets.

    Names of the subscription, of groups and of principals are not in it.
    """
    compared = compare(seen)
    switches = {each.name: each for each in SWITCHES}
    lines = [
        f"# What Azure does, seen by run {plan.run}",
        "",
        f"Region {plan.location}; played: {', '.join(played)}; at most {cost}.",
        "",
        f"## Contradicted: {len(compared.contradicted)}",
        "",
    ]
    for name, (position, shown) in compared.contradicted.items():
        default = switches[name].default
        lines.append(
            f"* `{name}`: **{position}**, where the emulator has `{default}` by default. {switches[name].help}"
        )
        lines.append(f"  Seen: {_code(shown, plan)}")
    lines += ["", f"## Confirmed: {len(compared.confirmed)}", ""]
    for name, (position, shown) in compared.confirmed.items():
        lines.append(f"* `{name}`: {position}. Seen: {_code(shown, plan)}")
    lines += ["", f"## Not seen: {len(compared.not_seen)}", "", ", ".join(f"`{name}`" for name in compared.not_seen)]
    if seen.targets:
        passed = sum(not failure for failure in seen.targets.values())
        lines += ["", f"## Integration targets: {passed} of {len(seen.targets)} passed", ""]
        lines += [
            f"* `{name}`: {_code(failure, plan) if failure else 'passed'}" for name, failure in seen.targets.items()
        ]
        for name, tasks in seen.tasks.items():
            if tasks:
                lines += [
                    "",
                    f"Skipped tasks of `{name}`: they need the emulator or a second subscription, or ran in check mode",
                    "",
                ]
                lines += [f"* {_code(task, plan)}" for task in tasks]
        lines += ["", f"Never played on Azure: {', '.join(f'`{name}`' for name in NOT_PLAYED)}."]
    for title, texts in (("Skipped", seen.skipped), ("Failed", seen.failures), ("Left behind", list(left))):
        if texts:
            lines += ["", f"## {title}: {len(texts)}", "", *(f"* {_code(text, plan)}" for text in texts)]
    return "\n".join(lines) + "\n"


def _code(text: str, plan: Plan) -> str:
    """What somebody else has said, on one line and as code: it is not our Markdown. Names and ids are left out."""
    text = _GUID.sub("ID", text.replace(plan.resource_group, "RESOURCE-GROUP"))
    text = "".join(each if each.isprintable() else " " for each in text)[:400].replace("`", "'")
    return f"`{text}`"
