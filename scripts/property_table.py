# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the table of the guide on desired state from the property table that the module works by.

PYTHONPATH=.venv/src .venv/bin/python scripts/property_table.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ansible_collections.azure_containers.aci.plugins.module_utils._common.api_versions import OLDEST
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import GROUP, Effect, Kind, Property
from ansible_collections.azure_containers.aci.plugins.module_utils._group.tables import ONLY_IN_PROFILES

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs/docsite/rst/guide_desired_state.rst"
BEGIN = ".. The table is made by scripts/property_table.py.\n"
END = ".. The table ends here.\n"

COSTS = {
    Effect.TAGS: "nothing restarts",
    Effect.CONFIG_MAP: "nothing restarts, if alone",
    Effect.IN_PLACE: "containers restart",
    Effect.UNKNOWN: "tried in place",
    Effect.RECREATE: "recreate",
}


def options(prop: Property = GROUP, path: str = "") -> Iterator[tuple[str, Property]]:
    """Every property, with its path as the documentation writes it: ``containers[].ports[].port``."""
    for child in prop.children:
        child_path = f"{path}.{child.option}" if path else child.option
        yield child_path, child
        yield from options(child, child_path + ("[]" if child.kind is Kind.OBJECTS else ""))


def notes(prop: Property) -> str:
    """What else is worth knowing of a property."""
    found = []
    if prop.secret:
        found.append("secret")
    if prop.on_create is not None:
        found.append(f"``{_written(prop.on_create)}`` when it is new")
    if prop.default is not None:
        found.append(f"missing means ``{_written(prop.default)}``")
    if prop.ordered:
        found.append("the order counts")
    if prop.since != OLDEST:
        found.append(f"API {prop.since}")
    return ", ".join(found)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def table() -> str:
    """The table as reStructuredText."""
    lines = [
        ".. list-table::",
        "   :header-rows: 1",
        "   :widths: 55 20 25",
        "",
        "   * - Option",
        "     - Change",
        "     - Notes",
        "   * - ``tags``",
        f"     - {COSTS[Effect.TAGS]}",
        "     - merged, unless ``purge_tags``",
    ]
    for path, prop in options():
        lines += [f"   * - ``{path}``", f"     - {COSTS[prop.effect]}", f"     - {notes(prop)}".rstrip()]
    for prop in ONLY_IN_PROFILES:
        lines += [f"   * - ``{prop.option}``", "     - a new revision", f"     - profiles only, {notes(prop)}"]
    return "\n".join(lines) + "\n"


def guide() -> str:
    """The guide with the table as it has to be."""
    text = GUIDE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    GUIDE.write_text(guide(), encoding="utf-8")
