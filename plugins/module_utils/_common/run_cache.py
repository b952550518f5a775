# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Keeps what several tasks of a run can use: tokens and prices.

In the controller's process it is a folder that exists for the duration of the run; in a module's process, memory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

TURN_SECONDS = 10.0
"""How long a task waits for another task that is fetching the same value, before it fetches the value itself."""


class RunCache(Protocol):
    """Stores values that can be serialised as JSON. A key may contain a secret, and is never shown."""

    def load(self, key: tuple[str, ...]) -> tuple[Any, int] | None:
        """The value of that key and when it expires (seconds since the epoch), or None."""

    def save(self, key: tuple[str, ...], value: Any, expires_on: int) -> None:
        """Keep a value."""

    def turn(self, key: tuple[str, ...]) -> AbstractContextManager[None]:
        """While entered, other tasks wait before they fetch the value of that key, but not for ever."""


class MemoryCache:
    """A cache for one process."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, ...], tuple[Any, int]] = {}
        self._lock = threading.Lock()

    def load(self, key: tuple[str, ...]) -> tuple[Any, int] | None:
        """The value of that key and when it expires (seconds since the epoch), or None."""
        return self._values.get(key)

    def save(self, key: tuple[str, ...], value: Any, expires_on: int) -> None:
        """Keep a value."""
        self._values[key] = (value, expires_on)

    @contextmanager
    def turn(self, key: tuple[str, ...]) -> Iterator[None]:
        """While entered, other threads wait, but not for ever."""
        del key
        mine = self._lock.acquire(timeout=TURN_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._lock.release()
