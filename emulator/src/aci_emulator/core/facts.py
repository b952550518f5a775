# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts about a running emulator in ``env.json``, for programs that want to find it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .statedir import StateError, read_json, write_json

_NAME = "env.json"
_REMEDY = "Remove it: aci-emulator serve writes it when it starts"
_KINDS = {
    "url": str,
    "port": int,
    "proxy": str,
    "pid": int,
    "ca": str,
    "tenant_id": str,
    "subscription_id": str,
    "second_subscription_id": str,
}


def read_facts(state_dir: Path) -> dict[str, Any] | None:
    """Returns the facts: ``url``, ``port``, ``proxy``, ``pid``, ``ca`` (a path), ``tenant_id``, ``subscription_id`` and
    ``second_subscription_id``; None if there are none. The emulator that wrote them may have ended.

    Raises StateError if the file was not written by ``write_facts``.
    """
    facts = read_json(state_dir / _NAME, _REMEDY)
    if facts is not None and not all(type(facts.get(name)) is kind for name, kind in _KINDS.items()):
        raise StateError(f"{state_dir / _NAME} does not contain an emulator's address. {_REMEDY}")
    return facts


def write_facts(state_dir: Path, facts: dict[str, Any]) -> None:
    """Writes the facts. Raises StateError."""
    write_json(state_dir / _NAME, facts)
