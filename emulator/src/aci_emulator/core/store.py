# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's persistent data, as documents in SQLite."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .seal import Seal, WrongKey
from .statedir import StateError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""
_LAST = "\U0010ffff"
Rows = list[tuple[Any, ...]]  # defined here, because Store has a method named list


class Store:
    """JSON documents by kind and key.

    Kinds are plural nouns ("resource_groups"), keys are ARM resource IDs in lower case, or other names. The order of
    keys within a document is preserved. Once a call outside a transaction returns, or a transaction ends, its writes
    survive if the process is killed. The cost of a lookup or a listing by prefix does not depend on the number of other
    documents.
    Documents contain the secrets of definitions, so they are encrypted with a key in a separate file, mode 0600: the
    database alone reveals no secrets.

    All methods raise StateError if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, creating it if necessary. Raises StateError if it is not a valid database."""
        self._path = path
        self._seal = Seal(path.with_suffix(".key"), path.name)
        self._lock = threading.RLock()
        self._depth = 0
        with self._sentences():
            # Created here, because SQLite would make it readable for everyone.
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        self._execute("PRAGMA journal_mode=WAL")
        # In WAL mode, NORMAL loses nothing if the process is killed; only a system crash may lose the latest writes.
        self._execute("PRAGMA synchronous=NORMAL")
        self._execute("PRAGMA busy_timeout=5000")
        # A truncated database often opens without an error, and fails only when a request needs the missing part.
        if self._rows("PRAGMA quick_check(1)") != [("ok",)]:
            raise self._damaged()
        self._execute(_SCHEMA)
        for row in self._rows("SELECT kind, key, value FROM documents LIMIT 1"):
            self._load(*row)  # checks the key

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """Returns a copy of the document, or None."""
        with self._lock:
            rows = self._rows("SELECT value FROM documents WHERE kind = ? AND key = ?", (kind, key))
        return self._load(kind, key, rows[0][0]) if rows else None

    def put(self, kind: str, key: str, value: Mapping[str, Any]) -> None:
        """Writes the whole document, replacing an existing one."""
        text = self._seal.closed(kind, key, json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode())
        with self._lock:
            self._execute(
                "INSERT INTO documents (kind, key, value) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                (kind, key, text),
            )

    def delete(self, kind: str, key: str) -> bool:
        """Removes the document. Returns False if there was none."""
        with self._lock:
            cursor = self._execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key))
            return cursor.rowcount > 0

    def list(
        self, kind: str, prefix: str = "", *, after: str = "", limit: int | None = None
    ) -> list[tuple[str, dict[str, Any]]]:
        """Returns (key, document) pairs in the order of keys: those that start with ``prefix`` and follow ``after``."""
        with self._lock:
            rows = self._rows(
                # A single lower bound: with two, SQLite would start at the first, and every page read all before it.
                "SELECT key, value FROM documents WHERE kind = ? AND key >= ? AND key < ? AND key IS NOT ?"
                " ORDER BY key LIMIT ?",
                (kind, max(prefix, after), prefix + _LAST, after, -1 if limit is None else limit),
            )
        return [(key, self._load(kind, key, text)) for key, text in rows]

    def count(self, kind: str, prefix: str = "") -> int:
        """Returns the number of documents whose keys start with ``prefix``."""
        with self._lock:
            rows = self._rows(
                "SELECT count(*) FROM documents WHERE kind = ? AND key >= ? AND key < ?", (kind, prefix, prefix + _LAST)
            )
        return int(rows[0][0])

    def clear(self) -> None:
        """Removes every document."""
        with self._lock:
            self._execute("DELETE FROM documents")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Makes all writes in the block atomic. Must not be held across an ``await``. Can be nested."""
        with self._lock:
            if self._depth == 0:
                self._execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._roll_back()
                raise
            self._depth -= 1
            if self._depth == 0:
                try:
                    self._execute("COMMIT")
                except BaseException:
                    self._roll_back()
                    raise

    def close(self) -> None:
        """Closes the file. Safe to call twice."""
        with self._lock:
            self._connection.close()

    def _roll_back(self) -> None:
        # A full disk may already have ended the transaction.
        if self._connection.in_transaction:
            self._execute("ROLLBACK")

    def _execute(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Executes a statement. Raises StateError."""
        with self._sentences():
            return self._connection.execute(statement, values)

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        with self._sentences():
            return self._connection.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turns SQLite's errors into StateError with advice."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StateError(
                f"cannot use {self._path}: {error}. Make sure that there is free space, that you have write "
                "permission, and that no other program uses the file"
            ) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged() from error
        except OSError as error:
            raise StateError(
                f"cannot use {self._path}: {error.strerror}. Make sure that you have write permission"
            ) from error

    def _damaged(self) -> StateError:
        return StateError(
            f"{self._path} is not a database of aci-emulator, or is damaged. Restore it from a copy, or remove "
            f"{self._path.name}, {self._path.name}-wal and {self._path.name}-shm to start without resources"
        )

    def _load(self, kind: str, key: str, text: str) -> dict[str, Any]:
        try:
            document: dict[str, Any] = json.loads(self._seal.opened(kind, key, text))
        except WrongKey:
            file = self._path.with_suffix(".key")
            raise StateError(
                f"{self._path} was encrypted with a key other than the one in {file}. Restore {file.name} from a copy, "
                f"or remove {self._path.name} to start without resources"
            ) from None
        return document
