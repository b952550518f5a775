# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Searches log lines for the user's regular expression, with a limit on processor time."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from .errors import InvalidArguments

SECONDS = 5.0
"""Processor time that a search may use. On a line of 50 characters, some expressions would run for years."""


class _TooSlow(Exception):
    """A search has used up its time."""


class LinePattern:
    """A regular expression given as an option. Raises InvalidArguments if it is not valid."""

    def __init__(self, option: str, text: str, seconds: float = SECONDS) -> None:
        self.text = text
        self._option = option
        self._seconds = seconds
        if not text:
            raise InvalidArguments(f"{option} must not be empty: every line would match.")
        try:
            self._compiled = re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            raise InvalidArguments(f"{option}: {text!r} is not a valid regular expression: {error}.") from None

    def first(self, lines: Iterable[str]) -> str | None:
        """The first line with a match anywhere in it, or None. Raises InvalidArguments if the search takes too long."""
        try:
            with _processor_time(self._seconds):
                return next((line for line in lines if self._compiled.search(line)), None)
        except _TooSlow:
            raise InvalidArguments(
                f"{self._option}: searching for {self.text!r} took more than {self._seconds:g} s. Avoid nested "
                "repetitions such as (a+)+."
            ) from None


@contextmanager
def _processor_time(seconds: float) -> Iterator[None]:
    """Raises _TooSlow once the process has used this much processor time, even in the middle of a search.

    Ansible's keyword ``timeout`` uses another timer. Only the main thread can set this one; others have no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
