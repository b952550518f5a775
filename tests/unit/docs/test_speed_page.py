# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide on speed quotes what the benchmarks print: their rows, no others, and every goal that is checked."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.tests.unit.support.programs import ROOT, loaded


@pytest.fixture(name="benches")
def _benches(monkeypatch: pytest.MonkeyPatch) -> Any:
    """How to load a benchmark."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    before = set(sys.modules)
    yield lambda name: loaded(ROOT / "bench" / f"{name}.py")
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith((f"{ROOT}/bench", f"{ROOT}/scripts")):
            del sys.modules[name]


speed_page = loaded(ROOT / "scripts/speed_page.py")
GUIDE = speed_page.GUIDE.read_text(encoding="utf-8")


class Bench:
    """Plays nothing, and says that each task took a second."""

    def __init__(self, doors: Any) -> None:
        self._doors = doors

    def core(self) -> str:
        return "ansible-core 2.19.0, Python 3.11.7"

    def play(self, tasks: list[Any]) -> Any:
        seconds: dict[str, list[float]] = defaultdict(lambda: [1.0])
        return self._doors.Run(seconds, seconds, self._process(1.0 + len(tasks)), 1, 1)

    def run(self, _name: str) -> Any:
        return self._process(1.0)

    def _process(self, seconds: float) -> Any:
        return self._doors.Process("5000", seconds, seconds, 70.0)


def printed_by(name: str, benches: Any) -> None:
    """Has a benchmark print figures that were never measured."""
    module = benches(name)
    bench = Bench(benches("doors"))
    if name == "doors":
        module.measure(bench, newest=True)
    elif name == "connection":
        for kind in module.KINDS:
            module.measure(bench, kind, {}, 1)
    else:
        module.compared(bench, argparse.Namespace(groups=5000, rounds=1))


MEASURED_HERE = [name for name in speed_page.BENCHES if name != "peers"]


@pytest.mark.parametrize("name", MEASURED_HERE)
def test_the_names_of_rows_are_those_that_are_printed(
    name: str, benches: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    printed_by(name, benches)
    assert speed_page.rows(capsys.readouterr().out.splitlines()) == benches(name).rows()


@pytest.mark.parametrize("name", speed_page.BENCHES)
def test_the_rows_of_the_guide_are_those_of_the_benchmark(name: str, benches: Any) -> None:
    found = speed_page.rows(speed_page.quoted(GUIDE, name))
    assert set(found) == set(benches(name).rows()), f"run scripts/speed_page.py {name}"


@pytest.mark.parametrize("name", speed_page.BENCHES)
def test_the_guide_has_a_place_for_each(name: str) -> None:
    assert "ping" in speed_page.rows(speed_page.quoted(speed_page.written(GUIDE, name, OUTPUT), name))


def test_the_goals_of_the_guide_are_those_of_the_benchmarks(benches: Any) -> None:
    doors, large = benches("doors"), benches("large_estates")
    for text in (
        f"{doors.TARGETS['in-process', 'task']}, or {doors.DEBUGS} of ``ansible.builtin.debug``",
        *(f"- {each}\n" for each in doors.TARGETS.values() if each != doors.TARGETS["in-process", "task"]),
        f"{doors.ONE_TASK} of a play without tasks",
        *(f"{each} of the bare SDK" for each in large.GOALS.values()),
    ):
        assert text in GUIDE


OUTPUT = (
    "\nansible-core 2.19.0\n              s/task\nping        0.1  1.0\nby module   0.25  2.5\ncounted: 3 requests\n"
)


def test_an_output_is_written_where_it_belongs() -> None:
    guide = "head\n.. What bench/doors.py prints:\n\nold\n\n.. That was bench/doors.py.\n\nafter\n"
    once = speed_page.written(guide, "doors", OUTPUT)
    intro = "``bench/doors.py``, tasks and plays:\n\n.. code-block:: text\n\n   ansible-core 2.19.0\n"
    assert once.startswith(f"head\n.. What bench/doors.py prints:\n\n{intro}")
    assert once.endswith("   counted: 3 requests\n\n.. That was bench/doors.py.\n\nafter\n")
    assert "old" not in once
    assert speed_page.written(once, "doors", OUTPUT) == once
    assert speed_page.rows(speed_page.quoted(once, "doors")) == ["ping", "by module"]


def test_a_guide_without_a_place() -> None:
    with pytest.raises(SystemExit, match=r"no place for the output of bench/doors\.py"):
        speed_page.written("head\n", "doors", OUTPUT)


@pytest.mark.parametrize("printed", ["print('nothing')", "import sys; sys.exit(3)", "print('row   1 /tmp/x')"])
def test_a_benchmark_that_fails_leaves_the_guide_alone(
    printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench/doors.py").write_text(printed)
    guide = tmp_path / "guide.rst"
    guide.write_text("as it was")
    monkeypatch.setattr(speed_page, "ROOT", tmp_path)
    monkeypatch.setattr(speed_page, "GUIDE", guide)
    assert speed_page.main(["doors"]) == 1
    assert speed_page.main(["other"]) == 2
    assert guide.read_text() == "as it was"
