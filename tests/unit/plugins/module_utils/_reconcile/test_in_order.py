# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many jobs in a given order."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.in_order import (
    Rules,
    Skipped,
    Step,
    run_in_order,
)


class Log:
    """The jobs that were started, and how many ran at the same time."""

    def __init__(self, failing: Iterable[int] = (), wait_for: int = 0) -> None:
        self.begun: list[int] = []
        self.failing = set(failing)
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        # This many jobs must run at the same time, or the test fails.
        self._together = threading.Barrier(wait_for, timeout=20) if wait_for else None

    def perform(self, index: int) -> bool:
        with self._lock:
            self.begun.append(index)
            self._now += 1
            self.most = max(self.most, self._now)
        if self._together is not None:
            self._together.wait()
        with self._lock:
            self._now -= 1
        return index not in self.failing


def steps(number: int, **needs: Iterable[int]) -> list[Step]:
    return [Step(index, frozenset(needs.get(f"s{index}", ()))) for index in range(number)]


def test_what_is_needed_comes_before() -> None:
    log = Log()
    assert run_in_order(steps(4, s0=[3], s3=[2]), log.perform, Rules(4)) == {}
    assert log.begun.index(2) < log.begun.index(3) < log.begun.index(0)


def test_what_is_not_among_the_steps_is_there() -> None:
    log = Log()
    assert run_in_order([Step(5, frozenset({1, 2}))], log.perform, Rules(1)) == {}
    assert log.begun == [5]


def test_workers_work_at_a_time_but_not_more() -> None:
    log = Log(wait_for=3)
    run_in_order(steps(6), log.perform, Rules(3))
    assert log.most == 3


@pytest.mark.parametrize("most", [1, 2])
def test_one_place_takes_so_many_while_others_go_on(most: int) -> None:
    log = Log(wait_for=most)
    places = [Step(index, frozenset(), frozenset({"subnet"})) for index in range(4)]
    run_in_order(places, log.perform, Rules(4, most))
    assert log.most == most


def test_a_failure_holds_all_that_come_after_it() -> None:
    log = Log(failing=[0])
    skipped = run_in_order(steps(4, s1=[0], s2=[1]), log.perform, Rules(1))
    assert skipped == {1: Skipped.AFTER_FAILURE, 2: Skipped.AFTER_FAILURE}
    assert sorted(log.begun) == [0, 3]


def test_a_failure_may_stop_everything() -> None:
    log = Log(failing=[1])
    assert run_in_order(steps(4), log.perform, Rules(1, stop=True)) == {2: Skipped.STOPPED, 3: Skipped.STOPPED}


def test_what_failed_before() -> None:
    log = Log()
    assert run_in_order([Step(1, frozenset({0})), Step(2)], log.perform, Rules(1), [0]) == {1: Skipped.AFTER_FAILURE}
    assert run_in_order([Step(1)], log.perform, Rules(1, stop=True), [0]) == {1: Skipped.STOPPED}
    assert log.begun == [2]


def test_a_fault_of_the_program_is_raised() -> None:
    def perform(_index: int) -> bool:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run_in_order(steps(2), perform, Rules(1))
