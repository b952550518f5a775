# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents in SQLite: what the emulator remembers."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""
_LAST = "\U0010ffff"
_UNSEALED = 4096  # documents kept in memory as they were before they were sealed


class Store:
    """JSON documents by kind and key.

    Kinds are plural nouns ("resource_groups"), keys are lower-cased ARM resource ids or other names. The order of keys
    inside a document is kept. When a call outside a transaction returns, or a transaction ends, what it wrote survives
    the death of the process. Looking one up and listing by prefix cost the same however many other documents there are.
    Documents hold the secrets of definitions, so they are sealed with a key that lies beside the file, mode 0600: a
    copy of the database alone, or a search through it, tells none.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        self._seal = Fernet(_key(path.with_suffix(".key")))
        # Reading the same document again costs no decryption.
        self._unseal = functools.lru_cache(maxsize=_UNSEALED)(self._seal.decrypt)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        # In WAL mode NORMAL loses nothing when the process is killed; only a crash of the machine may lose the newest.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("PRAGMA busy_timeout=5000")
        self._connection.execute(_SCHEMA)

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """Returns a copy of the document, or None."""
        with self._lock:
            row = self._connection.execute(
                "SELECT value FROM documents WHERE kind = ? AND key = ?", (kind, key)
            ).fetchone()
        return None if row is None else self._load(row[0])

    def put(self, kind: str, key: str, value: Mapping[str, Any]) -> None:
        """Writes the whole document, replacing one that is there."""
        text = self._seal.encrypt(json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()).decode()
        with self._lock:
            self._connection.execute(
                "INSERT INTO documents (kind, key, value) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                (kind, key, text),
            )

    def delete(self, kind: str, key: str) -> bool:
        """Removes the document. Returns False if there was none."""
        with self._lock:
            cursor = self._connection.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key))
            return cursor.rowcount > 0

    def list(
        self, kind: str, prefix: str = "", *, after: str = "", limit: int | None = None
    ) -> list[tuple[str, dict[str, Any]]]:
        """Returns (key, document) pairs in the order of keys: those starting with ``prefix``, behind ``after``."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT key, value FROM documents WHERE kind = ? AND key >= ? AND key < ? AND key > ?"
                " ORDER BY key LIMIT ?",
                (kind, prefix, prefix + _LAST, after, -1 if limit is None else limit),
            ).fetchall()
        return [(key, self._load(text)) for key, text in rows]

    def count(self, kind: str, prefix: str = "") -> int:
        """Returns how many documents there are whose keys start with ``prefix``."""
        with self._lock:
            row = self._connection.execute(
                "SELECT count(*) FROM documents WHERE kind = ? AND key >= ? AND key < ?", (kind, prefix, prefix + _LAST)
            ).fetchone()
        return int(row[0])

    def clear(self) -> None:
        """Removes every document."""
        with self._lock:
            self._connection.execute("DELETE FROM documents")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is written, or nothing of it. Must not be held over an ``await``. May nest."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def close(self) -> None:
        """Ends the use of the file. Safe to call twice."""
        with self._lock:
            self._connection.close()

    def _load(self, text: str) -> dict[str, Any]:
        try:
            document: dict[str, Any] = json.loads(self._unseal(text))
        except InvalidToken:
            raise ValueError("state.db was sealed with another key than that in state.key") from None
        return document


def _key(path: Path) -> bytes:
    """Returns the key in a file, which is made if it is missing."""
    with contextlib.suppress(FileExistsError), open(path, "xb", opener=_private) as file:
        file.write(Fernet.generate_key())
    return path.read_bytes()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
