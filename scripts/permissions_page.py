# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the table of the guide on permissions, and the roles in docs/permissions, from the rows that tests/roles plays.

.venv/bin/python scripts/permissions_page.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
ROWS = ROOT / "tests/roles/rows.yml"
GUIDE = ROOT / "docs/docsite/rst/guide_permissions.rst"
ROLES = ROOT / "docs/permissions"
BEGIN = ".. The table is made by scripts/permissions_page.py.\n"
END = ".. The table ends here.\n"
SCOPE = "/subscriptions/00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Ready:
    """A role that is ready to use: what the rows with one of ``rows`` need, less what ``beside`` it gives already."""

    title: str
    description: str
    rows: tuple[str, ...]
    beside: str = ""


READY = {
    "reader": Ready(
        "ACI Reader", "Reads container groups, their logs, and what regions offer; changes nothing.", ("reader",)
    ),
    "operator": Ready(
        "ACI Operator",
        "Starts, stops and restarts existing container groups, and runs commands in their containers.",
        ("reader", "operator"),
    ),
    "deployer": Ready(
        "ACI Deployer",
        "Creates, changes and removes container groups and their profiles, and creates resource groups; runs no "
        "commands in containers.",
        ("reader", "deployer"),
    ),
    "network": Ready(
        "ACI Network Joiner",
        "Puts container groups into a subnet and cleans up after them. Assign it with ACI Deployer, on the virtual "
        "network.",
        ("network",),
        "deployer",
    ),
    "identity": Ready(
        "ACI Identity Assigner",
        "Gives container groups a user-assigned identity. Assign it with ACI Deployer, on the identity.",
        ("identity",),
        "deployer",
    ),
    "resource-groups": Ready(
        "ACI Resource Group Remover",
        "Removes resource groups with everything in them. Assign it with ACI Deployer.",
        ("resource-groups",),
        "deployer",
    ),
}


def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(ROWS.read_text(encoding="utf-8"))
    return found


def actions(name: str) -> list[str]:
    """The actions of a ready role, sorted."""
    role = READY[name]
    needed = {action for row in rows() if set(row["roles"]) & set(role.rows) for action in row["actions"]}
    return sorted(needed - set(actions(role.beside) if role.beside else ()))


def definition(name: str) -> str:
    """A ready role as ``az role definition create`` takes it."""
    document = {
        "Name": READY[name].title,
        "IsCustom": True,
        "Description": READY[name].description,
        "Actions": actions(name),
        "NotActions": [],
        "AssignableScopes": [SCOPE],
    }
    return json.dumps(document, indent=2) + "\n"


def table() -> Iterator[str]:
    """The tables as reStructuredText: one a module, which a narrow page can show."""
    yield from _list_table(
        "Role", "What it is for", [(f"``{name}.json``", [role.description]) for name, role in READY.items()], (30, 70)
    )
    found = rows()
    for module in dict.fromkeys(row["module"] for row in found):
        yield f"**{module}**\n\n"
        entries = [
            (
                row["when"] or "always",
                [f"``{action}``" for action in row["actions"]]
                + [f"``{action}`` (optional)" for action in row.get("optional", ())],
            )
            for row in found
            if row["module"] == module
        ]
        yield from _list_table("When", "Actions", entries, (30, 70))


def _list_table(left: str, right: str, entries: list[tuple[str, list[str]]], widths: tuple[int, int]) -> Iterator[str]:
    yield ".. list-table::\n   :header-rows: 1\n"
    yield f"   :widths: {widths[0]} {widths[1]}\n\n   * - {left}\n     - {right}\n"
    for first, others in entries:
        yield f"   * - {first}\n     - " + "\n\n       ".join(others) + "\n"
    yield "\n"


def guide() -> str:
    """The guide with the tables as they have to be."""
    text = GUIDE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{''.join(table())}{END}{after}"


def main() -> None:
    GUIDE.write_text(guide(), encoding="utf-8")
    ROLES.mkdir(exist_ok=True)
    for name in READY:
        (ROLES / f"{name}.json").write_text(definition(name), encoding="utf-8")


if __name__ == "__main__":
    main()
