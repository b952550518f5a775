# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Masks secrets in a task's output. Pure.

From the secrets that a task holds, a masker derives every form in which they may turn up. Both doors put results,
errors, warnings and progress through it. What is secret by its place (an option, a telling name, a part of a URL) is
replaced there, whatever its text is.
"""

from __future__ import annotations

import base64
import binascii
import json
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .telling_names import IsSecret, is_free_map, no_secret

MASK = "********"
"""What is shown in place of a secret."""

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What Ansible shows in place of a text that is a secret as a whole."""

SHORT = 4
"""A secret of fewer characters is masked only where it is the whole text: it would be found in every other word."""

FEW_PARTS = 200
"""Up to so many forms of secrets, searching all of a result for them is faster than looking at each text in it."""

MANY_PARTS = 500
"""With more forms of secrets, a text is first searched for the beginning of any: hundreds of groups have so many."""


# -- URLs --------------------------------------------------------------------------------------------------------------

# What looks into URLs is imported where a text may have one: a module is compiled for every task, and few tasks do.


def may_have_credentials(text: str) -> bool:
    """Whether it is worth looking for URLs with credentials in a text: most have neither users nor parameters."""
    return "@" in text or ("://" in text and "=" in text and any(mark in text for mark in "?&;"))


def without_credentials(text: str, mask: str = MASK) -> str:
    """A text with ``mask`` in place of the user information and the signatures of every URL in it."""
    if not may_have_credentials(text):
        return text
    from .url_credentials import replaced_credentials

    return replaced_credentials(text, mask)


def has_no_credentials_left(text: str) -> bool:
    """Whether a mask or a placeholder stands in a URL where its credentials were."""
    if text.startswith(f"{MASK}@"):
        return True
    if "://" not in text or (MASK not in text and "<secret: " not in text):
        return False
    from .url_credentials import is_emptied

    return is_emptied(text)


# -- values ------------------------------------------------------------------------------------------------------------


def texts_of(value: Any) -> Iterator[str]:
    """Every text, and every number as text, in a JSON value."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from texts_of(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, str) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        yield str(value)


def shown(value: Any, is_secret: IsSecret = no_secret, mask: str = MASK) -> Any:
    """A copy of a JSON value with ``mask`` in place of credentials in URLs and of what stands under secret names."""
    if isinstance(value, str):
        return without_credentials(value, mask)
    if isinstance(value, (list, tuple)):
        return [shown(item, is_secret, mask) for item in value]
    if not isinstance(value, Mapping):
        return value
    result = {}
    for name, item in value.items():
        if is_secret(str(name)):
            result[name] = item if item is None or isinstance(item, bool) else mask
        else:
            result[name] = shown(item, no_secret if is_free_map(str(name)) else is_secret, mask)
    return result


# -- options -----------------------------------------------------------------------------------------------------------


def no_log_texts(arguments: Mapping[str, Any], params: Any) -> Iterator[str]:
    """Every text in the ``no_log`` options of an argument spec, suboptions included.

    Of options that hold secrets and do not have the shape that the spec asks for, every text.
    """
    if not isinstance(params, Mapping):
        yield from texts_of(params)
        return
    for name, spec in _with_aliases(arguments):
        value = params.get(name)
        if value is None:
            continue
        if spec.get("no_log"):
            yield from texts_of(value)
        elif has_secrets(spec):
            for element in value if isinstance(value, list) else [value]:
                yield from no_log_texts(spec["options"], element)


def shown_options(arguments: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """The options as ``invocation`` shows them: what is secret by its place, or in no place of the spec, is hidden."""
    specs = dict(_with_aliases(arguments))
    return {str(name): None if value is None else _option(specs.get(name), value) for name, value in params.items()}


def _option(spec: Mapping[str, Any] | None, value: Any) -> Any:
    if spec is None or spec.get("no_log"):
        return HIDDEN
    if not spec.get("options"):
        return shown(value)
    if isinstance(value, list) and spec.get("type") == "list":
        return [_option({**spec, "type": "dict"}, element) for element in value]
    if isinstance(value, Mapping):
        return shown_options(spec["options"], value)
    return HIDDEN if has_secrets(spec) else shown(value)


def _with_aliases(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, spec in arguments.items():
        for each in (name, *spec.get("aliases", ())):
            yield each, spec


def has_secrets(spec: Mapping[str, Any]) -> bool:
    """Whether an option has secrets among its suboptions, at any depth."""
    return any(option.get("no_log") or has_secrets(option) for option in (spec.get("options") or {}).values())


# -- texts -------------------------------------------------------------------------------------------------------------


class Masker:
    """Takes the secrets of one task out of what is shown.

    ``parts`` are the forms of secrets that it finds within a text, the longest first.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        given = {text for text in secrets if text.strip() and text.strip("*") and text != HIDDEN}
        self.has_short = any(len(text) < SHORT for text in given)
        self._whole = {form.strip() for text in given for form in _forms(text)}
        parts = {form for text in given if len(text) >= SHORT for form in _forms(text) if len(form.strip()) >= SHORT}
        self.parts = sorted(parts, key=lambda form: (-len(form), form))
        self._begins = {part[:SHORT] for part in parts} if len(parts) > MANY_PARTS else None
        few = not self.has_short and len(self._whole) + len(parts) <= FEW_PARTS
        self._written = sorted({_written(form) for form in self._whole | parts}) if few else None

    def text(self, text: str, whole: str = MASK) -> str:
        """A text without the secrets. ``whole`` stands where all of it is one."""
        if not self._whole:
            return text
        if text.strip() in self._whole:
            return whole
        if self._begins is not None and self._begins.isdisjoint(text[at : at + SHORT] for at in range(len(text))):
            return text
        for part in self.parts:
            if part in text:
                text = text.replace(part, MASK)
        return text

    def message(self, text: str) -> str:
        """A text for people, also without credentials in URLs that came from somewhere else."""
        return without_credentials(self.text(text))

    def failure(self, failure: dict[str, Any]) -> dict[str, Any]:
        """A failed task's result whose sentences have no credentials in URLs: services quote what they were sent."""
        result = {
            name: without_credentials(value) if isinstance(value, str) else value for name, value in failure.items()
        }
        if isinstance(failure.get("error"), Mapping):
            result["error"] = shown(failure["error"])
        return result

    def result(self, value: Any) -> Any:
        """A JSON value without the secrets, a copy where it has one; what the service computes stays as it is."""
        if not self._whole or not self._may_hold_secret(value):
            return value
        from .masked_results import masked  # a module is compiled for every task, and few tasks need this import

        return masked(value, lambda text: self.text(text, HIDDEN), self._is_secret_number)

    def _is_secret_number(self, number: Any) -> bool:
        return len(str(number)) >= SHORT and str(number) in self._whole

    def _may_hold_secret(self, value: Any) -> bool:
        """Whether a secret may be in a value. Thousands of groups hold none, and looking at each text takes long.

        JSON writes each character by itself: where a text has a secret, what is written of the text has what is written
        of the secret. Whatever cannot be written so may hold one.
        """
        if self._written is None:
            return True
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            return True
        return any(form in text for form in self._written)


def _written(text: str) -> str:
    """What JSON writes of a text, wherever in a longer one it stands."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _forms(secret: str) -> set[str]:
    """Every form in which a secret may turn up."""
    if len(secret) < SHORT:
        return {secret, _base64(secret.encode())}
    values = {secret, secret.strip(), *_decoded(secret)}
    values |= {line.strip() for value in values for line in value.splitlines() if line.strip()}
    found = set(values)
    for value in values:
        if len(value) < SHORT:
            continue
        for data in (value.encode("utf-8", "replace"), f"{value}\n".encode("utf-8", "replace")):
            text = _base64(data)
            found |= {text, text.rstrip("="), text.replace("+", "-").replace("/", "_")}
        quoted = json.dumps(value)
        found |= {
            quoted[1:-1],
            json.dumps(value, ensure_ascii=False)[1:-1],
            json.dumps(quoted)[3:-3],
            repr(value)[1:-1],
        }
        safe = value.encode("utf-8", "replace")
        found |= {urllib.parse.quote(safe, safe=""), urllib.parse.quote(safe), urllib.parse.quote_plus(safe)}
        found.add(urllib.parse.unquote(value))
    return {form for form in found if form.strip() and form.strip("*")}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> Iterator[str]:
    """What a text says if it is base64 of a text."""
    try:
        found = base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return
    if found.strip() and all(char.isprintable() or char.isspace() for char in found):
        yield found
