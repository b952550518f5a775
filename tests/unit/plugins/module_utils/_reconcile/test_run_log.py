# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A log that grows, and from which the service drops the beginning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import Masker
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.run_log import RunLog, overlap


@pytest.mark.parametrize(
    ("old", "new", "length"),
    [
        ("", "", 0),
        ("", "abc", 0),
        ("abc", "abcdef", 3),
        ("abc", "cdef", 1),
        ("abcabc", "abc", 3),
        ("abc", "xyz", 0),
        ("x" * 300 + "end", "x" * 250 + "end and more", 253),
    ],
)
def test_overlap(old: str, new: str, length: int) -> None:
    assert overlap(old, new) == length


@given(st.lists(st.integers(0, 10_000), unique=True, max_size=60), st.data())
def test_nothing_is_lost_or_doubled_while_the_service_forgets(numbers: list[int], data: st.DataObject) -> None:
    whole = "".join(f"line {number}\n" for number in numbers)
    log, told, seen = RunLog(), [], 0
    while seen < len(whole):
        begin = data.draw(st.integers(0, seen))
        seen = data.draw(st.integers(seen + 1, len(whole)))
        # The service cuts at line ends, and keeps at least the last line from before.
        begin = whole.rfind("\n", 0, begin) + 1
        log.update("run", whole[begin:seen])
        told += log.fresh_lines()
    told += log.fresh_lines(at_end=True)
    assert log.content == whole
    assert told == whole.splitlines()


def test_lines_are_told_when_they_are_complete() -> None:
    log = RunLog()
    assert not log.available
    log.update("1", "one\ntw")
    assert log.fresh_lines() == ["one"]
    log.update("1", "one\ntwo\n")
    assert log.fresh_lines() == ["two"]
    log.update("1", "one\ntwo\nlast")
    assert log.fresh_lines() == []
    assert log.fresh_lines(at_end=True) == ["last"]
    assert log.fresh_lines(at_end=True) == []


def test_another_run_has_another_log() -> None:
    log = RunLog()
    log.update("1", "begin\nfailed")
    log.update("2", "begin\nagain\n")
    assert log.content == "begin\nfailed\nbegin\nagain\n"
    log.update("2", "begin\nagain\ndone\n")
    assert log.content == "begin\nfailed\nbegin\nagain\ndone\n"


def test_lines_are_shown_without_secrets() -> None:
    log = RunLog()
    log.update("1", "said canary-1\nplain\nhalf")
    assert log.fresh_shown(Masker(["canary-1"])) == [("said canary-1", "said ********"), ("plain", "plain")]
    assert log.fresh_shown(Masker(["canary-1"]), at_end=True) == [("half", "half")]


def test_a_log_that_may_have_lost_its_begin_may_begin_in_the_midst_of_a_secret() -> None:
    log = RunLog()
    log.update("1", "ary-1\n" + "a line\n" * 2000)
    assert log.fresh_shown(Masker(["canary-1-canary"]))[0] == ("ary-1", "ary-1")
    log = RunLog()
    log.update("1", "1-canary\n" + "a line\n" * 2000)
    assert log.fresh_shown(Masker(["canary-1-canary"]))[0] == ("1-canary", "********")
