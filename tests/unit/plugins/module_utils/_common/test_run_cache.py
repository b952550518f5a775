# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data that the tasks of a process share."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import run_cache


def test_a_value_is_kept_under_its_whole_key() -> None:
    cache = run_cache.MemoryCache()
    cache.save(("prices", "eastus"), [{"price": "1"}], 7)
    assert cache.load(("prices", "eastus")) == ([{"price": "1"}], 7)
    assert cache.load(("prices", "westus")) is None


def test_threads_take_turns() -> None:
    store = run_cache.MemoryCache()
    entered = threading.Event()

    def other() -> None:
        with store.turn(("key",)):
            entered.set()

    thread = threading.Thread(target=other, daemon=True)
    with store.turn(("key",)):
        thread.start()
        assert not entered.wait(0.1)
    thread.join(20)
    assert entered.is_set()


def test_a_turn_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_cache, "TURN_SECONDS", 0.01)
    store = run_cache.MemoryCache()
    with store.turn(("key",)):
        with store.turn(("key",)):
            pass
        assert store._lock.locked()
    assert not store._lock.locked()
