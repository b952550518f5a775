# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every text that recordings hold, for somebody to read before they are shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .exchanges import Exchange

_MOST_PLACES = 3


def review(recordings: Mapping[str, Sequence[Exchange]]) -> list[tuple[str, list[str]]]:
    """Returns each distinct text in alphabetical order, with some of the places where it stands.

    Keys of objects are texts, and so is each part of an address.
    """
    found: dict[str, dict[str, None]] = {}
    for name, exchanges in recordings.items():
        for exchange in exchanges:
            for text, place in _texts_of(exchange):
                found.setdefault(text, {}).setdefault(f"{name}: {place}")
    return [(text, _some(list(found[text]))) for text in sorted(found)]


def _some(places: list[str]) -> list[str]:
    more = len(places) - _MOST_PLACES
    return [*places[:_MOST_PLACES], *([f"{more} more places"] if more > 0 else [])]


def _texts_of(exchange: Exchange) -> Iterator[tuple[str, str]]:
    yield exchange.method, "method"
    yield from _parts(exchange.url, "address")
    yield from _walk(exchange.body, "request")
    for name, value in exchange.headers.items():
        yield name, "header"
        yield from _parts(value, name) if "://" in value else [(value, name)]
    yield from _walk(exchange.answer, "answer")


def _walk(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield from _parts(value, place) if value.startswith("/") or "://" in value else [(value, place)]
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name), f"key in {place}"
            yield from _walk(each, f"{place}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each, f"{place}[]")


def _parts(url: str, place: str) -> Iterator[tuple[str, str]]:
    try:
        parts = urlsplit(url)
    except ValueError:
        yield url, place
        return
    texts = [parts.netloc, *map(unquote, parts.path.split("/"))]
    for pair in parse_qsl(parts.query, keep_blank_values=True):
        texts += pair
    yield from ((each, place) for each in texts if each)
