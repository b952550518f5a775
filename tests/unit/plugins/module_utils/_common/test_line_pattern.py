# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regular expressions of users: invalid ones, and those that would take forever."""

from __future__ import annotations

import signal
import threading

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._common.line_pattern import LinePattern

SLOW, LINE = "(a+)+$", "a" * 60 + "b"


def test_the_first_line_that_matches_anywhere() -> None:
    pattern = LinePattern("wait_for_line", "port [0-9]+")
    assert pattern.first(["begin", "on port 80", "on port 81"]) == "on port 80"
    assert pattern.first(["begin"]) is None
    assert pattern.first([]) is None


@pytest.mark.parametrize("text", ["(", "[a", "*", "(?P<1>a)", "a{5,2}", "a{99999999999999999999}"])
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(InvalidArguments, match=r"wait_for_line: .* is not a valid regular expression: "):
        LinePattern("wait_for_line", text)


def test_an_empty_expression() -> None:
    with pytest.raises(InvalidArguments, match="wait_for_line must not be empty"):
        LinePattern("wait_for_line", "")


def test_an_expression_that_takes_for_ever() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with pytest.raises(InvalidArguments, match=r"took more than 0\.1 s"):
        LinePattern("wait_for_line", SLOW, seconds=0.1).first([LINE])
    assert signal.getsignal(signal.SIGVTALRM) is before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_a_thread_has_no_timer_but_works() -> None:
    found: list[str | None] = []
    pattern = LinePattern("wait_for_line", "a")
    thread = threading.Thread(target=lambda: found.append(pattern.first(["b", "a"])))
    thread.start()
    thread.join()
    assert found == ["a"]
