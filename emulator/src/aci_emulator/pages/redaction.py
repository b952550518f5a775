# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps secrets off the pages, even if a container or a client repeats them in plain text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..serving.controls import Controls
from ..serving.request_log import MASK, SECRET_NAMES

# Shorter values are not masked: "80" or "no" would mask half a log.
_SHORTEST = 4


class Redactor:
    """Replaces known secret values in a string with asterisks."""

    def __init__(self, values: Iterable[str]) -> None:
        wanted = {piece for value in values for piece in _pieces(value) if len(piece) >= _SHORTEST}
        # The longest first, because one secret may be a part of another.
        self._values = sorted(wanted, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Returns a string without the values."""
        for value in self._values:
            if value in text:
                text = text.replace(value, MASK)
        return text

    def json(self, value: Any) -> Any:
        """Returns a copy of a JSON value without the values, including its names."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(name): self.json(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.json(each) for each in value]
        return value


def redactor(controls: Controls, *records: Mapping[str, Any]) -> Redactor:
    """Returns a redactor for the secrets of stored groups and of the emulator itself."""
    directory = controls.directory
    own = [secret for principal in directory.principals for secret in principal.secrets]
    own += [
        directory.identity_header,
        directory.job_token,
        controls.access.key,
        *(controls.settings.storage_accounts or {}).values(),
    ]
    return Redactor([*own, *(value for record in records for value in secrets_of(record))])


def secrets_of(value: Any) -> Iterator[str]:
    """Yields the secret strings in a definition: all strings below a secret's name, at any depth."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(each) if name.lower() in SECRET_NAMES else secrets_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from secrets_of(each)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _pieces(value: str) -> Iterator[str]:
    """Yields a secret and its lines, and those of its decoded value if it is base64, as in secret volumes."""
    yield value
    yield from (line.strip() for line in value.splitlines())
    try:
        decoded = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return
    yield decoded
    yield from (line.strip() for line in decoded.splitlines())
