# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How documents are sealed before they are written to disk."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .statedir import StateError, read_file, write_file

_NONCE = 12  # bytes
_OLD = "gAAAA"  # what each document of version 1.0 begins with, and none of a later one
_NEW = "1."


class WrongKey(Exception):
    """A document was sealed with another key, or was changed since."""


class Seal:
    """Seals documents with a key that lies in a file. A document opens in its own place alone.

    AES-GCM, since lists read thousands of documents at a time: it opens one in a tenth of the time that Fernet takes,
    which version 1.0 used. What that version has sealed can still be opened.
    """

    def __init__(self, path: Path, database: str) -> None:
        """Reads the key from ``path``; the file is made if it is missing. Raises StateError, which names ``database``
        as what the key belongs to."""
        key = _key(path, database)
        self._old = Fernet(key)
        self._cipher = AESGCM(hashlib.sha256(b"aci-emulator documents" + base64.urlsafe_b64decode(key)).digest())

    def closed(self, kind: str, key: str, content: bytes) -> str:
        """Returns the content of the document ``key`` of ``kind`` as text that tells nothing of it."""
        nonce = os.urandom(_NONCE)
        return _NEW + base64.b64encode(nonce + self._cipher.encrypt(nonce, content, _place(kind, key))).decode()

    def opened(self, kind: str, key: str, text: str) -> bytes:
        """Returns what ``closed`` was given. Raises WrongKey."""
        try:
            if text.startswith(_OLD):
                return self._old.decrypt(text)
            sealed = base64.b64decode(text.removeprefix(_NEW))
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(kind, key))
        except (InvalidTag, InvalidToken, binascii.Error, ValueError):
            raise WrongKey from None


def _place(kind: str, key: str) -> bytes:
    return f"{kind}\0{key}".encode()


def _key(path: Path, database: str) -> bytes:
    """Returns the key in a file, which is made if it is missing. Raises StateError."""
    if not path.exists():
        write_file(path, Fernet.generate_key())
    key = read_file(path) or b""
    try:
        Fernet(key)
    except ValueError:
        raise StateError(
            f"{path} does not hold a key. Restore it from a copy, or remove it and {database} to start without "
            "resources"
        ) from None
    return key
