# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""A regular expression of the user's that is searched for in lines of others, within a limited time."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from .errors import InvalidArguments

SECONDS = 5.0
"""How much of the processor's time a search may take. Some expressions would take years for a line of 50 characters."""


class _TooSlow(Exception):
    """The time of a search is over."""


class LinePattern:
    """A regular expression, given as an option. Raises InvalidArguments where it is none."""

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
        """The first line that matches anywhere in it, or None. Raises InvalidArguments where that takes too long."""
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
    """Raises _TooSlow once the process has computed for so long, in a search as well.

    This timer is not the one that Ansible has for the keyword timeout. Only a main thread can use it.
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
