# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Works on many groups in parallel, in the order of their dependencies, and with a limit per subnet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Step:
    """One piece of work. ``needs`` are the indexes of steps that must succeed before it, ``places`` its subnets."""

    index: int
    needs: frozenset[int] = frozenset()
    places: frozenset[str] = frozenset()


class Skipped(Enum):
    """Why a step was not done."""

    AFTER_FAILURE = "a group that it comes after failed"
    STOPPED = "another group failed (on_failure: stop)"


@dataclass(frozen=True)
class Rules:
    """The number of parallel steps, in total and per place, and whether to ``stop`` after a failure."""

    workers: int
    place_workers: int = 1
    stop: bool = False


class _Order:
    """The steps that are open, under way and done."""

    def __init__(self, steps: Sequence[Step], rules: Rules) -> None:
        self.rules = rules
        self.open = {step.index: step for step in steps}
        self.known = frozenset(self.open)
        self.good: set[int] = set()
        self.failed: set[int] = set()
        self.skipped: dict[int, Skipped] = {}
        self.busy: Counter[str] = Counter()

    def next(self) -> Step | None:
        """The first step, in list order, that can begin now."""
        for step in self.open.values():
            # A group that is not among the steps already exists, and needs no change.
            if step.needs & self.known <= self.good and all(
                self.busy[each] < self.rules.place_workers for each in step.places
            ):
                return step
        return None

    def begin(self, step: Step) -> None:
        del self.open[step.index]
        self.busy.update(step.places)

    def end(self, step: Step, went_well: bool) -> None:
        self.busy.subtract(step.places)
        if went_well:
            self.good.add(step.index)
        else:
            self.fail(step.index)

    def fail(self, index: int) -> None:
        self.failed.add(index)
        if self.rules.stop:
            self.skip(Skipped.STOPPED, set(self.open))
        while late := {index for index, step in self.open.items() if step.needs & (self.failed | set(self.skipped))}:
            self.skip(Skipped.AFTER_FAILURE, late)

    def skip(self, reason: Skipped, indexes: set[int]) -> None:
        for index in indexes:
            del self.open[index]
            self.skipped[index] = reason


def run_in_order(
    steps: Sequence[Step], perform: Callable[[int], bool], rules: Rules, failed: Iterable[int] = ()
) -> dict[int, Skipped]:
    """Perform every step that is possible. Returns the skipped ones with the reason.

    ``failed`` are the indexes of earlier failures, on which steps may depend. ``perform`` is called in a thread with a
    step's index, and returns whether it succeeded. An exception from it is a bug: it is raised once the steps under way
    have ended.
    """
    order = _Order(steps, rules)
    for index in failed:
        order.fail(index)
    running: dict[Future[bool], Step] = {}
    with ThreadPoolExecutor(rules.workers, thread_name_prefix="aci") as pool:
        while True:
            while len(running) < rules.workers and (step := order.next()) is not None:
                order.begin(step)
                running[pool.submit(perform, step.index)] = step
            if not running:
                return order.skipped
            done, _rest = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                order.end(running.pop(future), future.result())
