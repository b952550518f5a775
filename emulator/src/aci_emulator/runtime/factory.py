# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chooses the runtime."""

from __future__ import annotations

import importlib.util
import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.clock import Clock
from ..core.settings import RUNTIMES
from .base import Runtime
from .engines.engine import Engine, find_engine, start_engine
from .engines.folders import PODS
from .engines.leftovers import Leftovers
from .engines.process import ProcessRuntime
from .engines.simulated import SimulatedRuntime
from .images import Digests

if TYPE_CHECKING:
    from .engines.podman import PodmanRuntime

_log = logging.getLogger(__name__)


def make_runtime(
    name: str, clock: Clock, state_dir: Path, *, pull_policy: str = "missing", digests: Digests | None = None
) -> Runtime:
    """Returns the runtime with a name; ``auto`` selects Podman or Docker if one answers, and processes otherwise.

    ``name`` and ``describe()`` of the result say which was selected. ``podman`` also starts Podman's service if none is
    running. ``pull_policy`` is missing, always or never. ``digests`` are those of made-up images. Raises ValueError for
    an unknown name, and for ``podman`` if there is no engine.

    Processes of an earlier emulator with the same state directory are ended first.
    """
    # Before anything is started, because new processes are recorded in the same place.
    if ended := Leftovers(state_dir).end():
        _log.warning("ended %d processes that an earlier emulator had left", ended)
    if name == "simulated":
        return SimulatedRuntime(clock, digests)
    if name == "process":
        return ProcessRuntime(clock, state_dir, digests)
    if name == "auto":
        engine = find_engine() if _has_client() else None
        if engine is None:
            return ProcessRuntime(clock, state_dir, digests)
        return _podman(clock, state_dir, engine, pull_policy, digests)
    if name == "podman":
        if not _has_client():
            raise ValueError(
                "the runtime podman requires the Python package aiodocker: pip install 'aci-emulator[podman]'"
            )
        engine = find_engine() or start_engine(state_dir)
        if engine is None:
            raise ValueError("neither Podman nor Docker responds; install one, or use the runtime process")
        return _podman(clock, state_dir, engine, pull_policy, digests)
    raise ValueError(f"unknown runtime {name!r}; choose from {', '.join(RUNTIMES)}")


async def remove_leftovers(state_dir: Path) -> None:
    """Ends the processes and removes the containers and files of an emulator that used a state directory.

    No emulator may be running with it.
    """
    Leftovers(state_dir).end()
    engine = find_engine() if _has_client() and (state_dir / PODS).is_dir() else None
    if engine is None and _has_client() and (state_dir / PODS).is_dir():
        engine = start_engine(state_dir)
    if engine is not None:
        await _podman(Clock(), state_dir, engine, "never").purge()
    for folder in ("containers", PODS, "shares"):
        shutil.rmtree(state_dir / folder, ignore_errors=True)


def _has_client() -> bool:
    return importlib.util.find_spec("aiodocker") is not None


def _podman(
    clock: Clock, state_dir: Path, engine: Engine, pull_policy: str, digests: Digests | None = None
) -> PodmanRuntime:
    from .engines.podman import PodmanRuntime  # imported here, because its library is optional and slow to import

    return PodmanRuntime(clock, state_dir, engine, pull_policy=pull_policy, digests=digests)
