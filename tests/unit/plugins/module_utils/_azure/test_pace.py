# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pace of many requests, by a clock that never waits."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.pace import ASK_AGAIN, Pace
from ansible_collections.azure_containers.aci.plugins.module_utils._common.limits import (
    BUCKETS,
    CREATIONS,
    least_seconds,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.polling import STEADY_PAUSE
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock
from ansible_collections.azure_containers.aci.tests.unit.support.schedules import PROVISION, simulated

GROUP = "https://h/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerInstance/containerGroups/web?api=1"
READS = "x-ms-ratelimit-remaining-subscription-global-reads"
WITHIN_5_MINUTES = "x-ms-ratelimit-remaining-subscription-resource-requests-pt5m"


def send(pace: Pace, method: str = "GET", number: int = 1, **headers: str) -> None:
    for _each in range(number):
        pace.enter(method, GROUP)
        pace.leave(method, GROUP, 200, headers, None)


def test_a_full_bucket_is_spent_at_once_and_then_its_refill() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    send(pace, number=250)
    assert clock.now == 0
    send(pace, number=100)
    assert clock.now == pytest.approx(4.0, abs=0.3)


def test_what_an_answer_says_is_left_counts_more_than_the_documented_number() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    send(pace, **{READS: "10"})
    send(pace, number=10)
    assert clock.now == 0
    send(pace)
    assert clock.now == pytest.approx(1 / 25, abs=0.01)
    large = Pace(clock)
    send(large, **{READS: "16499"})
    before = clock.now
    send(large, number=1000)
    assert clock.now == before


def test_creations_keep_to_the_five_minutes_and_to_the_hour() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    send(pace, "PUT", 100)
    assert clock.now < 1
    send(pace, "PUT")
    assert clock.now == pytest.approx(300, abs=1)
    send(pace, "PUT", 199)
    assert clock.now == pytest.approx(600, abs=1)
    send(pace, "PUT")
    assert clock.now == pytest.approx(3600, abs=1)


def test_a_subscription_of_which_others_use_a_part() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    send(pace, "PUT", **{WITHIN_5_MINUTES: "4"})
    send(pace, "PUT", 4)
    assert clock.now == 0
    send(pace, "PUT", **{WITHIN_5_MINUTES: "0"})  # it asks whether the others still use theirs
    assert clock.now == pytest.approx(ASK_AGAIN, abs=1)
    send(pace, "PUT", **{WITHIN_5_MINUTES: "90"})
    assert clock.now == pytest.approx(2 * ASK_AGAIN, abs=1)
    send(pace, "PUT", 80)
    assert clock.now == pytest.approx(2 * ASK_AGAIN, abs=1)


def test_a_subscription_with_a_raised_limit() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    hour = "x-ms-ratelimit-remaining-subscription-resource-requests-pt1h"
    send(pace, "PUT", **{WITHIN_5_MINUTES: "499", hour: "999"})
    send(pace, "PUT", 150)
    assert clock.now == 0


def test_what_is_under_way_is_not_taken_for_left() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    for _each in range(10):
        pace.enter("PUT", GROUP)
    pace.leave("PUT", GROUP, 201, {WITHIN_5_MINUTES: "4"}, None)  # the service has seen this one alone
    for _each in range(9):
        pace.leave("PUT", GROUP, 201, {}, None)
    assert clock.now == 0
    pace.enter("PUT", GROUP)
    assert clock.now == pytest.approx(ASK_AGAIN, abs=1)


def test_a_refusal_holds_everybody_for_as_long_as_the_service_asks() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    pace.enter("GET", GROUP)
    pace.leave("GET", GROUP, 429, {}, 7.0)
    send(pace)
    assert clock.now == pytest.approx(7)
    pace.enter("PUT", GROUP)
    pace.leave("PUT", GROUP, 429, {}, 20.0)
    send(pace)  # a refused creation does not hold reads
    assert clock.now == pytest.approx(7)
    send(pace, "PUT")
    assert clock.now == pytest.approx(27)


def test_a_turn_that_was_waited_for_is_used_by_the_request_or_given_back() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    send(pace, "PUT", 99)
    pace.reserve(CREATIONS)
    send(pace, "PUT")
    assert clock.now == 0
    other = Pace(clock)
    send(other, "PUT", 99)
    other.reserve(CREATIONS)
    other.release()
    send(other, "PUT")
    assert clock.now == 0
    send(other, "PUT")
    assert clock.now == pytest.approx(300, abs=1)


def test_a_turn_belongs_to_its_thread() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    send(pace, "PUT", 99)
    pace.reserve(CREATIONS)
    other = threading.Thread(target=send, args=(pace, "PUT"))
    other.start()
    other.join()
    assert clock.now == pytest.approx(300, abs=1)


def test_a_connection_that_was_lost_and_a_header_that_is_no_number_teach_nothing() -> None:
    clock = FakeClock()
    pace = Pace(clock)
    pace.enter("GET", GROUP)
    pace.leave("GET", GROUP, None, {}, None)
    send(pace, **{READS: "many"})
    send(pace, number=248)
    assert clock.now == 0


class WatchedClock(FakeClock):
    """A clock at which only one may wait at a time, whom all others could run into."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = threading.Lock()
        self.crowds = 0

    def sleep(self, seconds: float) -> None:
        if not self._waiting.acquire(blocking=False):
            self.crowds += 1
            return
        for _turn in range(20):
            time.sleep(0)  # others get the processor, and no time passes
        super().sleep(seconds)
        self._waiting.release()


def test_of_those_that_wait_one_watches_the_clock() -> None:
    clock = WatchedClock()
    pace = Pace(clock)
    threads = [threading.Thread(target=send, args=(pace, "GET", 50)) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.crowds == 0
    assert clock.now == pytest.approx((8 * 50 - 250) / 25, abs=0.5)


MOST = 1.1
"""At most so many times what the limits allow."""


READ = ("GET",)
CHANGE = ("GET", "PUT", PROVISION, "GET")
PROVISIONING = 30.0


def operations(number: int, workers: int, latency: float) -> float:
    """Seconds that changes take at least, so many at a time.

    Each is noticed a second after its end, or later where so many may not be asked about every second.
    """
    noticed = max(STEADY_PAUSE, workers / BUCKETS["reads"].refill)
    return -(-number // workers) * (PROVISIONING + noticed + 5 * latency)


@pytest.mark.parametrize("latency", [0.02, 0.5])
@pytest.mark.parametrize("workers", [16, 64])
@pytest.mark.parametrize("number", [200, 300, 1010])
def test_reads_take_no_longer_than_the_limit_makes_them(number: int, workers: int, latency: float) -> None:
    schedule = simulated([READ] * number, workers, latency)
    # Nor can they be faster than their answers.
    allowed = max(least_seconds(reads=number), -(-number // workers) * latency) + latency
    assert schedule.seconds <= MOST * allowed
    assert schedule.refused == 0


@pytest.mark.parametrize("latency", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("workers", [16, 64])
def test_a_hundred_changes_of_a_thousand_take_no_longer_than_their_operations(workers: int, latency: float) -> None:
    schedule = simulated([READ] * 10 + [CHANGE] * 100, workers, latency, PROVISIONING)
    assert schedule.seconds <= MOST * operations(100, workers, latency)
    assert schedule.refused == 0


@pytest.mark.parametrize("number", [100, 101, 150, 250, 300, 301, 420])
def test_creations_take_no_longer_than_their_windows(number: int) -> None:
    schedule = simulated([CHANGE] * number, 16, 0.1, PROVISIONING)
    # What does not fit into the windows before comes last, all at once.
    last = operations(min(number, (number - 1) % 100 + 1), 16, 0.1)
    allowed = max(least_seconds(creations=number) + last, operations(number, 16, 0.1))
    assert schedule.seconds <= MOST * allowed
    assert schedule.refused == 0


def test_a_window_ends_when_the_service_says_so() -> None:
    """It counts a request when it arrives: that is later than the turn for it, which may have waited for long."""
    clock = FakeClock()
    pace = Pace(clock)
    send(pace, "PUT", 99)
    pace.reserve(CREATIONS)
    clock.now = 20.0
    pace.enter("PUT", GROUP)
    clock.now = 22.0
    pace.leave("PUT", GROUP, 201, {WITHIN_5_MINUTES: "0"}, None)
    send(pace, "PUT", 99)
    assert clock.now == pytest.approx(300, abs=1)
    send(pace, "PUT")
    assert clock.now == pytest.approx(322, abs=1)
