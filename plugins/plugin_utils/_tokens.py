# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Tokens that live as long as a run of Ansible, for the worker processes that it forks one after another."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import tempfile
import time
from pathlib import Path

FOLDER = "azure_containers.aci"

# Made in the main process, whose workers inherit it: a file's name tells nothing of the secret that it stands for.
_KEY = secrets.token_bytes(32)


class FileTokens:
    """A store of tokens below the private temporary directory of a run, which Ansible removes at its end."""

    def __init__(self, run_directory: str) -> None:
        self._folder = Path(run_directory) / FOLDER

    def load(self, key: tuple[str, ...]) -> tuple[str, int] | None:
        """The token of that key and when it expires (seconds since the epoch), or None."""
        try:
            content = json.loads(self._path(key).read_bytes())
            return str(content["token"]), int(content["expires_on"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, key: tuple[str, ...], token: str, expires_on: int) -> None:
        """Keep a token. Without a place to keep it, the next task signs in again."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"token": token, "expires_on": expires_on}, file)
            # The time of a file tells a later run when it is stale.
            os.utime(name, (expires_on, expires_on))
            os.replace(name, self._path(key))
            self._sweep()

    def _path(self, key: tuple[str, ...]) -> Path:
        digest = hmac.new(_KEY, json.dumps(key).encode(), hashlib.sha256).hexdigest()
        return self._folder / digest

    def _sweep(self) -> None:
        """Remove expired tokens, also those that a killed run has left."""
        now = time.time()
        for path in self._folder.parent.parent.glob(f"ansible-local-*/{FOLDER}/*"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < now:
                    path.unlink()
