# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The messages that a page shows after a form was sent. They are kept here, so that a URL cannot inject one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

_KEPT = 50


@dataclass(frozen=True)
class Notice:
    """The outcome of a form. ``values`` are its fields, to fill it in again; ``output`` is that of a command in
    ``container``."""

    text: str
    good: bool = True
    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    container: str = ""
    output: str | None = None


class Notices:
    """The latest notices, by names that cannot be guessed."""

    def __init__(self) -> None:
        self._notices: dict[str, Notice] = {}

    def add(self, notice: Notice) -> str:
        """Keeps a notice and returns its name."""
        while len(self._notices) >= _KEPT:
            self._notices.pop(next(iter(self._notices)))
        name = secrets.token_urlsafe(12)
        self._notices[name] = notice
        return name

    def get(self, name: str) -> Notice | None:
        """Returns the notice with a name."""
        return self._notices.get(name)
