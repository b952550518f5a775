# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several threads and their common throttle. Time is real here, in hundredths of a second."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError, InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._common.retry import Retries
from ansible_collections.azure_containers.aci.plugins.module_utils._common.workers import Workers, checked_workers


def throttled(seconds: float) -> AzureError:
    error = AzureError("Too many.", status=429, code="SubscriptionRequestsThrottled")
    error.retry_after = seconds
    return error


def test_results_have_the_order_of_the_items() -> None:
    def work(item: int) -> int:
        time.sleep(0.002 * (5 - item))
        return item * 10

    assert Workers(3).map(work, range(5)) == [0, 10, 20, 30, 40]


def test_nothing_to_do() -> None:
    assert Workers(3).map(lambda item: item, []) == []


def test_never_more_under_way_than_workers() -> None:
    workers, lock, now, most = Workers(4), threading.Lock(), 0, 0

    def send() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.005)
        with lock:
            now -= 1

    workers.map(lambda _item: workers.request(send), range(20))
    assert most == 4


def test_a_refusal_stops_all_workers() -> None:
    workers, lock = Workers(8), threading.Lock()
    times: list[float] = []
    refused_at: list[float] = []

    def work(item: int) -> None:
        def send() -> None:
            with lock:
                if item == 9 and not refused_at:
                    refused_at.append(time.monotonic())
                    raise throttled(0.15)
                times.append(time.monotonic())
            time.sleep(0.002)

        workers.request(send)

    workers.map(work, range(40))
    assert len(times) == 40
    # A thread that was about to start at that moment may still have started.
    assert not [at for at in times if refused_at[0] + 0.02 < at < refused_at[0] + 0.14]


def test_a_bucket_is_used_up_but_nobody_is_lost() -> None:
    """Far more requests than the service accepts at a time: each is answered eventually."""
    workers, lock, level, filled = Workers(16), threading.Lock(), 10.0, time.monotonic()
    refusals = 0

    def send(item: int) -> int:
        nonlocal level, filled, refusals
        with lock:
            now = time.monotonic()
            level, filled = min(10.0, level + (now - filled) * 200), now
            if level < 1:
                refusals += 1
                raise throttled(0.02)
            level -= 1
        return item

    answers = workers.map(lambda item: workers.request(lambda: send(item)), range(100))
    assert answers == list(range(100))
    assert refusals, "the bucket was never empty, so nothing was tried"


def test_no_good_answer_for_too_long() -> None:
    workers = Workers(2, Retries(seconds=0.1))

    def send() -> None:
        raise throttled(0.03)

    with pytest.raises(AzureError) as caught:
        workers.map(lambda _item: workers.request(send), range(3))
    assert caught.value.status == 429


def test_a_failing_service_is_asked_again() -> None:
    workers, tries = Workers(1), []

    def send() -> str:
        tries.append(1)
        if len(tries) < 3:
            error = AzureError("Broken.", status=503)
            error.retry_after = 0.01
            raise error
        return "well"

    assert workers.map(lambda _item: workers.request(send), [1]) == ["well"]


def test_an_error_ends_the_work_and_is_raised() -> None:
    workers, done = Workers(2), []

    def work(item: int) -> None:
        if item == 1:
            raise AzureError("Forbidden.", status=403)
        workers.request(lambda: time.sleep(0.01))
        done.append(item)

    with pytest.raises(AzureError, match="Forbidden"):
        workers.map(work, range(100))
    assert len(done) < 50


@pytest.mark.parametrize("number", [0, -1, 65])
def test_a_senseless_number(number: int) -> None:
    with pytest.raises(InvalidArguments, match="workers"):
        checked_workers(number)


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_ends_with_the_deadline(status: int) -> None:
    workers, began = Workers(2, Retries(seconds=0.2)), time.monotonic()
    workers.map(lambda item: workers.request(lambda: item), [1])  # the service has answered

    def send() -> None:
        error = AzureError("Later.", status=status)
        error.retry_after = 3600.0
        raise error

    with pytest.raises(AzureError, match=r"Gave up.*The service asked to wait 3600 s\."):
        workers.map(lambda _item: workers.request(send), range(3))
    assert time.monotonic() - began < 30
