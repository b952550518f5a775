# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the project's checks, several at a time, and report the result of each.

    make test                            everything
    make test STEPS="lint units"         some steps
    make test STEPS=integration:aci_logs one integration target
    make test STEPS=list                 the names
    make test-matrix                     other versions of Ansible, Python and the Azure packages; also with STEPS

The last line counts the tests of all steps: `N passed, M failed, K skipped`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import FrameType
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from steps import Outcome, Run, Step, all_steps
from versions import version_steps

WORKERS = min(4, (os.cpu_count() or 1) + 1)
"""One more than there are CPUs, because steps also wait, for the start of an emulator or the end of a deployment."""


def main(wanted: list[str]) -> int:
    versions = wanted[:1] == ["--versions"]
    wanted = wanted[versions:]
    steps = version_steps() if versions else all_steps()
    if wanted == ["list"]:
        print("\n".join(step.name for step in steps))
        return 0
    unknown = [name for name in wanted if not any(step.answers_to(name) for step in steps)]
    if unknown:
        print(f"no such step: {', '.join(unknown)} (STEPS=list names them)", file=sys.stderr)
        return 2
    if wanted:
        steps = [step for step in steps if any(step.answers_to(name) for name in wanted)]
    signal.signal(signal.SIGTERM, _interrupt)
    with Run() as run:
        outcomes = _run_all(steps, run)
    return _report(outcomes)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _run_all(steps: list[Step], run: Run) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    started = time.monotonic()
    width = max(len(step.name) for step in steps)
    with ThreadPoolExecutor(WORKERS) as pool:
        pending: dict[Future[Outcome], Step] = {pool.submit(step.run, run): step for step in steps}
        try:
            while pending:
                finished = wait(pending, return_when=FIRST_COMPLETED).done
                for future in finished:
                    step = pending.pop(future)
                    outcomes[step.name] = outcome = future.result()
                    _show(step, outcome, width)
        except KeyboardInterrupt:
            print("interrupted: stopping what runs", flush=True)
            for future in pending:
                future.cancel()
            run.stop()
            raise SystemExit(130) from None
    print(f"\n{len(outcomes)} steps in {time.monotonic() - started:.0f} s")
    return outcomes


def _show(step: Step, outcome: Outcome, width: int) -> None:
    counts = ", ".join(
        f"{number} {word}"
        for number, word in ((outcome.passed, "passed"), (outcome.failed, "failed"), (len(outcome.skipped), "skipped"))
        if number
    )
    verdict = "FAILED" if outcome.failed else "ok" if outcome.passed else "skipped"
    print(f"{verdict:8}{step.name:{width}}{outcome.seconds:6.1f} s   {counts}", flush=True)
    if outcome.failed:
        print("".join(f"    | {line}\n" for line in outcome.output.rstrip().splitlines()), flush=True)


def _report(outcomes: dict[str, Outcome]) -> int:
    skipped = [f"{name}: {reason}" for name, outcome in outcomes.items() for reason in outcome.skipped]
    if skipped:
        print("skipped:")
        for line in sorted(set(skipped)):
            print(f"    {line}")
    passed = sum(outcome.passed for outcome in outcomes.values())
    failed = sum(outcome.failed for outcome in outcomes.values())
    broken = [name for name, outcome in outcomes.items() if outcome.failed]
    if broken:
        print(f"failed: {', '.join(broken)}")
    print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
