# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting: how often it polls, and when it ends."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import polling
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import TimedOut
from ansible_collections.azure_containers.aci.plugins.module_utils._common.wait import Deadline
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock


@pytest.mark.parametrize(
    ("elapsed", "polls", "seconds"),
    [
        (0, 0, 0.1),
        (0, 1, 0.2),
        (1, 3, 0.8),
        (1, 4, 1.0),
        (60, 10_000, 1.0),
        (61, 50, 61 / 60),
        (300, 90, 5.0),
        (900, 0, 15.0),
        (100_000, 0, 15.0),
    ],
)
def test_pauses(elapsed: float, polls: int, seconds: float) -> None:
    assert polling.pause(elapsed, polls) == pytest.approx(seconds)


def test_what_is_done_already_costs_no_pause() -> None:
    clock = FakeClock()
    assert polling.wait_until(Deadline(clock, 0), lambda: polling.Poll(5, True), lambda _value: TimedOut("late")) == 5
    assert clock.sleeps == []


def test_without_time_is_asked_once() -> None:
    asked: list[int] = []

    def probe() -> polling.Poll[int]:
        asked.append(1)
        return polling.Poll(len(asked), False)

    with pytest.raises(TimedOut, match="after 1"):
        polling.wait_until(Deadline(FakeClock(), 0), probe, lambda value: TimedOut(f"after {value}"))


def test_a_service_that_asks_for_no_pause_is_not_flooded() -> None:
    clock = FakeClock()
    with pytest.raises(TimedOut):
        polling.wait_until(Deadline(clock, 1), lambda: polling.Poll(0, False, 0.0), lambda _value: TimedOut("late"))
    assert min(clock.sleeps[:-1]) >= 0.02
    assert clock.now == pytest.approx(1)


def test_the_pause_never_goes_beyond_the_deadline() -> None:
    clock = FakeClock()
    with pytest.raises(TimedOut):
        polling.wait_until(Deadline(clock, 10), lambda: polling.Poll(0, False, 3600.0), lambda _value: TimedOut("late"))
    assert clock.sleeps == [10]


def test_waiting_is_fast_at_first_and_a_few_requests_a_minute_later() -> None:
    clock = FakeClock()
    times: list[float] = []

    def probe() -> polling.Poll[int]:
        times.append(clock.now)
        return polling.Poll(len(times), clock.now > 1200)

    polling.wait_until(Deadline(clock, 3000), probe, lambda _value: TimedOut("late"))
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps[0] <= 0.1
    assert max(gap for gap, at in zip(gaps, times) if at < 60) <= 1.0
    assert sum(1 for at in times if 900 <= at < 960) <= 5
    assert max(gaps) <= 15


def test_waiting_obeys_the_service_and_ends_at_the_deadline() -> None:
    clock = FakeClock()
    polls: list[float] = []

    def probe() -> polling.Poll[str]:
        polls.append(clock.now)
        return polling.Poll("last", False, 7.0)

    with pytest.raises(TimedOut) as caught:
        polling.wait_until(Deadline(clock, 20), probe, TimedOut)
    assert caught.value.msg == "last"
    assert polls == [0, 7, 14, 20]
