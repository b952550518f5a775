# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from aci_emulator.core.clock import Clock


def frozen() -> Clock:
    clock = Clock(start=datetime(2026, 1, 1, tzinfo=UTC))
    clock.freeze()
    return clock


def test_advance_runs_timers_in_order_at_their_own_moments() -> None:
    clock, seen = frozen(), []
    start = clock.time()
    clock.call_later(3, lambda: seen.append(("c", clock.time() - start)))
    clock.call_later(1, lambda: clock.call_later(1, lambda: seen.append(("b", clock.time() - start))))
    clock.call_later(1, lambda: seen.append(("a", clock.time() - start)))
    clock.advance(2.5)
    assert [(name, round(when, 6)) for name, when in seen] == [("a", 1), ("b", 2)]
    clock.advance(1)
    assert seen[-1][0] == "c"
    assert round(clock.time() - start, 6) == 3.5


def test_cancelled_and_failing_timers() -> None:
    clock, seen = frozen(), []
    clock.call_later(1, lambda: seen.append("x")).cancel()
    clock.call_later(1, lambda: 1 / 0)
    clock.call_later(1, lambda: seen.append("y"))
    clock.advance(5)
    assert seen == ["y"]


def test_set_forward_runs_timers_and_back_keeps_their_distance() -> None:
    clock, seen = frozen(), []
    clock.call_later(60, lambda: seen.append("x"))
    clock.set(clock.now() - timedelta(days=1))
    assert clock.now() < datetime(2026, 1, 1, tzinfo=UTC)
    assert not seen
    clock.advance(59)
    assert not seen
    clock.set(clock.now() + timedelta(seconds=2))
    assert seen == ["x"]


def test_a_frozen_clock_stands_still_and_bad_arguments_are_refused() -> None:
    clock = frozen()
    assert clock.time() == clock.time()
    with pytest.raises(ValueError, match="0 seconds"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="speed"):
        Clock(0)


def test_speed_and_sleep() -> None:
    async def run() -> float:
        clock = Clock(speed=1000)
        start = clock.time()
        await clock.sleep(20)
        return clock.time() - start

    assert 20 <= asyncio.run(run()) < 2000


def test_resume_wakes_what_was_frozen() -> None:
    async def run() -> list[str]:
        clock, seen = frozen(), []
        clock.call_later(0.01, lambda: seen.append("x"))
        await asyncio.sleep(0.03)
        assert not seen
        clock.resume()
        await asyncio.sleep(0.05)
        return seen

    assert asyncio.run(run()) == ["x"]


def test_step_lets_woken_tasks_set_their_next_timer() -> None:
    async def run() -> list[float]:
        clock, seen = frozen(), []
        start = clock.time()

        async def tick() -> None:
            for _ in range(3):
                await clock.sleep(1)
                seen.append(round(clock.time() - start, 6))

        task = asyncio.create_task(tick())
        await asyncio.sleep(0)
        await clock.step(10)
        await task
        return seen

    assert asyncio.run(run()) == [1, 2, 3]
