# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The store."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from aci_emulator.core.statedir import StateError
from aci_emulator.core.store import Store


def test_documents_come_back_as_they_were(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")
    document = {"z": [1, 2.0, None], "a": {"ü": "𝄞"}}
    store.put("things", "/a", document)
    got = store.get("things", "/a")
    assert got == document
    assert list(got or {}) == ["z", "a"]
    store.put("things", "/a", {})
    assert store.get("things", "/a") == {}
    assert store.get("others", "/a") is None
    assert store.delete("things", "/a")
    assert not store.delete("things", "/a")


def test_lists_by_prefix_in_order_of_keys(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")
    for key in ("/a/2", "/a/1", "/b/1", "/a", "/a/10"):
        store.put("things", key, {"key": key})
    assert [key for key, _ in store.list("things", "/a/")] == ["/a/1", "/a/10", "/a/2"]
    assert [key for key, _ in store.list("things", "/a/", after="/a/1", limit=1)] == ["/a/10"]
    assert store.count("things") == 5
    assert store.count("things", "/a/") == 3


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")

    def fail() -> None:
        with store.transaction():
            store.put("things", "/a", {})
            with store.transaction():
                store.put("things", "/b", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.list("things") == []
    with store.transaction():
        store.put("things", "/a", {})
    store.close()
    assert Store(tmp_path / "state.db").get("things", "/a") == {}


def test_the_file_is_private(tmp_path: Path) -> None:
    Store(tmp_path / "state.db")
    assert (tmp_path / "state.db").stat().st_mode & 0o777 == 0o600


def test_the_file_tells_no_secret_and_its_key_is_private(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")
    store.put("things", "/a", {"secureValue": "canary-9f27"})
    for path in tmp_path.iterdir():
        assert b"canary-9f27" not in path.read_bytes(), path.name
    assert (tmp_path / "state.key").stat().st_mode & 0o777 == 0o600
    assert Store(tmp_path / "state.db").get("things", "/a") == {"secureValue": "canary-9f27"}
    (tmp_path / "state.key").unlink()
    with pytest.raises(
        StateError, match=r"state\.db was encrypted with a key other than the one in .*state\.key\. Restore"
    ):
        Store(tmp_path / "state.db")


def test_what_version_1_0_has_sealed_can_be_opened(tmp_path: Path) -> None:
    Store(tmp_path / "state.db").close()
    old = Fernet((tmp_path / "state.key").read_bytes()).encrypt(json.dumps({"a": 1}).encode()).decode()
    with sqlite3.connect(tmp_path / "state.db") as database:
        database.execute("INSERT INTO documents VALUES ('things', '/a', ?)", (old,))
    database.close()
    assert Store(tmp_path / "state.db").get("things", "/a") == {"a": 1}


@pytest.mark.parametrize("change", ["key = '/b'", "kind = 'others'", "value = substr(value, 1, 40)", "value = '1.é'"])
def test_a_document_opens_in_its_place_and_whole_alone(tmp_path: Path, change: str) -> None:
    store = Store(tmp_path / "state.db")
    store.put("things", "/a", {"role": "reader"})
    store.close()
    with sqlite3.connect(tmp_path / "state.db") as database:
        database.execute(f"UPDATE documents SET {change}")
    database.close()
    with pytest.raises(StateError, match="encrypted with a key other than"):
        Store(tmp_path / "state.db")


def test_the_last_page_of_a_list_costs_as_much_as_the_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "state.db")
    with store.transaction():
        for number in range(3000):
            store.put("things", f"/a/{number:05}", {})
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    store._connection.set_progress_handler(count, 1)

    def cost(after: str) -> int:
        before = steps
        assert len(store.list("things", "/a/", after=after, limit=100)) == 100
        return steps - before

    assert cost("/a/02899") < cost("") + 100
