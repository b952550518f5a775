# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The choice of the runtime."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from aci_emulator.core.clock import Clock
from aci_emulator.runtime import factory
from aci_emulator.runtime.engines.leftovers import Leftovers


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factory, "find_engine", lambda: None)
    monkeypatch.setattr(factory, "start_engine", lambda state_dir: None)


@pytest.mark.parametrize(("asked", "taken"), [("simulated", "simulated"), ("process", "process"), ("auto", "process")])
def test_the_runtime_says_what_it_is(tmp_path: Path, asked: str, taken: str) -> None:
    runtime = factory.make_runtime(asked, Clock(), tmp_path)
    assert runtime.name == taken
    assert runtime.describe().startswith(taken)


def test_podman_without_an_engine_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="use the runtime process"):
        factory.make_runtime("podman", Clock(), tmp_path)


def test_podman_without_its_client_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factory, "_has_client", lambda: False)
    with pytest.raises(ValueError, match="pip install"):
        factory.make_runtime("podman", Clock(), tmp_path)


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="simulated, process, podman"):
        factory.make_runtime("docker", Clock(), tmp_path)


def test_leftovers_are_removed(tmp_path: Path) -> None:
    for folder in ("containers", "pods", "shares"):
        (tmp_path / folder / "x").mkdir(parents=True)
    Leftovers(tmp_path).add(2**22 + 1)
    asyncio.run(factory.remove_leftovers(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["processes"]
    assert not list((tmp_path / "processes").iterdir())
