# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a blocker may last before a wait ends."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._group.problems import MOUNT_BLOCKER, PULL_BLOCKER
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.blockers import LOOK_SECONDS, BlockerTimer
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock


def test_a_blocker_is_over_once_it_has_lasted() -> None:
    clock = FakeClock(50)
    timer = BlockerTimer(clock, 120)
    assert not timer.is_over(PULL_BLOCKER)
    clock.sleep(119.9)
    assert not timer.is_over(PULL_BLOCKER)
    clock.sleep(0.1)
    assert timer.is_over(PULL_BLOCKER)


def test_a_look_that_finds_none_ends_it() -> None:
    clock = FakeClock()
    timer = BlockerTimer(clock, 10)
    timer.is_over(PULL_BLOCKER)
    clock.sleep(9)
    assert not timer.is_over(None)
    assert timer.blocker is None
    clock.sleep(9)
    assert not timer.is_over(PULL_BLOCKER)


def test_a_poll_that_did_not_look_ends_nothing() -> None:
    clock = FakeClock()
    timer = BlockerTimer(clock, 10)
    timer.is_over(PULL_BLOCKER)
    clock.sleep(10)
    assert timer.is_over(None, looked=False)
    assert timer.blocker is PULL_BLOCKER


def test_another_blocker_does_not_begin_anew() -> None:
    clock = FakeClock()
    timer = BlockerTimer(clock, 10)
    timer.is_over(PULL_BLOCKER)
    clock.sleep(10)
    assert timer.is_over(MOUNT_BLOCKER)
    assert timer.blocker is MOUNT_BLOCKER


def test_without_patience_the_first_is_too_much() -> None:
    assert BlockerTimer(FakeClock(), 0).is_over(PULL_BLOCKER)
    assert not BlockerTimer(FakeClock(), 0).is_over(None)


def test_a_look_now_and_then() -> None:
    clock = FakeClock()
    timer = BlockerTimer(clock, 60)
    looks = []
    for _second in range(30):
        clock.sleep(1)
        if timer.is_time_to_look():
            looks.append(clock.now)
    assert looks == [LOOK_SECONDS, 2 * LOOK_SECONDS, 3 * LOOK_SECONDS]


def test_the_sentence_names_the_option_and_what_to_check() -> None:
    timer = BlockerTimer(FakeClock(), 90)
    assert timer.sentence({}) == ""
    timer.is_over(PULL_BLOCKER)
    said = timer.sentence({})
    assert said.startswith("An image could not be pulled for 90 s (image_pull_timeout).")
    assert said.endswith(PULL_BLOCKER.hint)
