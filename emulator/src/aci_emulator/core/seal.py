# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encrypts documents before they are written to disk."""

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
_OLD = "gAAAA"  # the beginning of every document of version 1.0, and of none since
_NEW = "1."


class WrongKey(Exception):
    """A document was encrypted with another key, or has been tampered with."""


class Seal:
    """Encrypts documents with a key in a file. A document cannot be decrypted in the place of another.

    AES-GCM is used because lists read thousands of documents at a time: decryption takes a tenth of the time of Fernet,
    which version 1.0 used. Documents of that version can still be read.
    """

    def __init__(self, path: Path, database: str) -> None:
        """Reads the key from ``path``, creating it if necessary. Raises StateError, which mentions that the key belongs
        to ``database``."""
        key = _key(path, database)
        self._old = Fernet(key)
        self._cipher = AESGCM(hashlib.sha256(b"aci-emulator documents" + base64.urlsafe_b64decode(key)).digest())

    def closed(self, kind: str, key: str, content: bytes) -> str:
        """Returns the encrypted content of the document ``key`` of ``kind``."""
        nonce = os.urandom(_NONCE)
        return _NEW + base64.b64encode(nonce + self._cipher.encrypt(nonce, content, _place(kind, key))).decode()

    def opened(self, kind: str, key: str, text: str) -> bytes:
        """Decrypts the result of ``closed``. Raises WrongKey."""
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
    """Returns the key in a file, creating it if necessary. Raises StateError."""
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
