# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""A digest of all of a group's secrets, kept in a tag, which reveals that a secret has changed. Pure.

It is necessary because the service never returns secrets. The digest is scrypt (n=2**14, r=8, p=1, 32 bytes) over the
sorted secrets, with a random salt and a key that only the user has: without the key, the tag does not help to guess a
secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from typing import Any

from .schema import GROUP
from .wire import secret_fields

_VERSION = "v1"


def fingerprint(body: Mapping[str, Any], key: str, salt: bytes | None = None) -> str:
    """The tag's value for the secrets in a body: version, salt and digest."""
    salt = os.urandom(16) if salt is None else salt
    carried = sorted((path, value) for path, _prop, value in secret_fields(GROUP, body) if value not in (None, "", {}))
    message = json.dumps([key, carried], sort_keys=True).encode()
    digest = hashlib.scrypt(message, salt=salt, n=2**14, r=8, p=1, dklen=32)
    return ":".join([_VERSION, _text(salt), _text(digest)])


def matches(tag: str | None, body: Mapping[str, Any], key: str) -> bool:
    """Whether a live tag matches these secrets and this key. A missing or malformed tag never does."""
    version, _colon, rest = str(tag or "").partition(":")
    salt_text, _colon, _digest = rest.partition(":")
    if version != _VERSION or not salt_text:
        return False
    try:
        salt = base64.urlsafe_b64decode(salt_text)
    except ValueError:
        return False
    return hmac.compare_digest(str(tag), fingerprint(body, key, salt))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()
