# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Where tasks keep what other tasks of the same run can use: tokens and prices.

In the controller's process it is a folder that lives as long as the run, in a module's process it is memory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

TURN_SECONDS = 10.0
"""For how long a task waits for another one that fetches the same value, before it fetches the value as well."""


class RunCache(Protocol):
    """A place for values that can be written as JSON. A key is never shown; it may hold a secret."""

    def load(self, key: tuple[str, ...]) -> tuple[Any, int] | None:
        """The value of that key and when it expires (seconds since the epoch), or None."""

    def save(self, key: tuple[str, ...], value: Any, expires_on: int) -> None:
        """Keep a value."""

    def turn(self, key: tuple[str, ...]) -> AbstractContextManager[None]:
        """While it is entered, others wait before they fetch the value of that key, but not for ever."""


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
        """While it is entered, other threads wait, but not for ever."""
        del key
        mine = self._lock.acquire(timeout=TURN_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._lock.release()
