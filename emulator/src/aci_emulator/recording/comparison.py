# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an answer differs from a recorded one.

Compared are status, headers that matter, error codes, keys and their order, kinds of values, enumerations and states,
and what the recording's own requests had sent, in its case. What the endpoint chooses (ids, addresses, times, counts)
only has to be of the same kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import vocabulary as words
from .exchanges import Exchange
from .recorder import DROPPED

PRESENT = ("azure-asyncoperation", "location")
EQUAL = ("x-ms-failure-cause",)
EQUAL_WHERE_RECORDED = ("cache-control", "pragma", "expires", "content-type", "strict-transport-security")
# Numbers and texts that depend on when somebody asks.
_MOMENTARY = frozenset({"count", "restartcount", "currentvalue", "limit", "percentcomplete", "etag"})
# Ids that the endpoint chooses, whatever was sent.
CHOSEN = frozenset({"principalid", "clientid", "tenantid", "resourceguid"})
# Of these lists only the kinds of members are compared: what else there is, and how often, is the endpoint's affair.
_ANY_NUMBER = frozenset({"events", "value", "details"})
_EDGES = "\"'()[]{}<>.,:;!?"


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and JSON body of an answer; None for an empty body."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Difference:
    """One thing that was answered otherwise. ``where`` is status, a header's name, or a path in the body."""

    where: str
    recorded: str
    answered: str


@dataclass
class Context:
    """What a comparison knows of the requests so far.

    ``sent`` are texts that they had. ``translate`` turns a recorded text into the endpoint's, where it chose another.
    ``images`` are those that were sent in place of recorded ones. ``without`` are keys that are not compared.
    """

    sent: Collection[str] = ()
    translate: Callable[[str], str] = str
    images: Mapping[str, Collection[str]] = field(default_factory=dict)
    without: Collection[str] = ()


def shape(value: Any, without: Collection[str] = (), translate: Callable[[str], str] = str) -> Any:
    """Returns keys in order, translated, and kinds of values; a list counts by the shapes that it has."""
    if isinstance(value, Mapping):
        kept = {key: item for key, item in value.items() if key not in without}
        return [(translate(key), shape(item, without, translate)) for key, item in kept.items()]
    if isinstance(value, list):
        shapes: list[Any] = []
        for item in value:
            if (found := shape(item, without, translate)) not in shapes:
                shapes.append(found)
        return shapes
    return str(value) if isinstance(value, bool) or value is None else type(value).__name__


def compare(recorded: Exchange, answer: Answer, context: Context | None = None) -> list[Difference]:
    """Returns the differences between a recorded answer and another one."""
    context = context or Context()
    if (recorded.status < 400) != (answer.status < 400):  # all else follows from that
        codes = error_code(recorded.answer), error_code(answer.body)
        told = [f"{status} {code}".strip() for status, code in zip((recorded.status, answer.status), codes)]
        return [Difference("status", *told)]
    found = []
    if recorded.status != answer.status:
        found.append(Difference("status", str(recorded.status), str(answer.status)))
    return [
        *found,
        *_headers(recorded.headers, answer.headers),
        *_values("", "", recorded.answer, answer.body, context),
    ]


def error_code(body: Any) -> str:
    """Returns the error code of an answer, empty for one that is no error."""
    error = body.get("error") if isinstance(body, Mapping) else None
    return str(error.get("code", "")) if isinstance(error, Mapping) else ""


def _headers(recorded: Mapping[str, str], answered: Mapping[str, str]) -> list[Difference]:
    found = [
        Difference(name, _there(name in recorded), _there(name in answered))
        for name in PRESENT
        if (name in recorded) != (name in answered)
    ]
    found += [
        Difference(name, recorded.get(name, "absent"), answered.get(name, "absent"))
        for name in (*EQUAL, *(each for each in EQUAL_WHERE_RECORDED if each in recorded))
        if recorded.get(name) != answered.get(name)
    ]
    found += [
        Difference(name, "a number", answered.get(name, "absent"))
        for name in recorded
        if "resource-requests" in name and not answered.get(name, "").isdigit()
    ]
    return found


def _there(present: bool) -> str:
    return "present" if present else "absent"


def _values(where: str, key: str, recorded: Any, answered: Any, context: Context) -> list[Difference]:
    if isinstance(recorded, Mapping) and isinstance(answered, Mapping):
        return _objects(where, recorded, answered, context)
    if isinstance(recorded, list) and isinstance(answered, list):
        return _lists(where, key, recorded, answered, context)
    kinds = _kind(recorded), _kind(answered)
    if recorded == DROPPED and key == "content":
        return []
    if kinds[0] != kinds[1]:
        return [Difference(where or "body", *kinds)]
    same = key.lower() in _MOMENTARY
    if isinstance(recorded, str) and not same:
        same = _same_text(key, recorded, answered, context)
    return [] if same or recorded == answered else [Difference(where, json.dumps(recorded), json.dumps(answered))]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "text" if value else "empty text"
    return {dict: "object", list: "list", int: "whole number", float: "number", type(None): "null"}.get(
        type(value), type(value).__name__
    )


def _objects(
    where: str, recorded: Mapping[str, Any], answered: Mapping[str, Any], context: Context
) -> list[Difference]:
    dot = f"{where}." if where else ""
    keys = [each for each in recorded if each not in context.without]
    # A key can be a text that the endpoint has chosen, or an id.
    renamed = {context.translate(each): each for each in keys}
    others = [each for each in answered if each not in context.without]
    found = [Difference(dot + key, "present", "absent") for name, key in renamed.items() if name not in answered]
    found += [Difference(dot + key, "absent", "present") for key in others if key not in renamed]
    orders = [name for name in renamed if name in answered], [name for name in others if name in renamed]
    if orders[0] != orders[1]:
        found.append(Difference(f"{where or 'body'} (order)", ", ".join(orders[0]), ", ".join(orders[1])))
    for name in orders[0]:
        found += _values(dot + renamed[name], renamed[name], recorded[renamed[name]], answered[name], context)
    return found


def _lists(where: str, key: str, recorded: list[Any], answered: list[Any], context: Context) -> list[Difference]:
    if key.lower() in _ANY_NUMBER:
        shapes = [
            _sorted(shape(recorded, context.without, context.translate)),
            _sorted(shape(answered, context.without)),
        ]
        if shapes[0] == shapes[1]:
            return []
        only = [[each for each in one if each not in other] for one, other in (shapes, shapes[::-1])]
        return [Difference(f"{where}[]", *(", ".join(_short(each) for each in one) or "nothing else" for one in only))]
    if len(recorded) != len(answered):
        return [Difference(f"{where}[]", f"{len(recorded)} members", f"{len(answered)} members")]
    pairs = enumerate(zip(recorded, answered))
    return [each for at, pair in pairs for each in _values(f"{where}[{at}]", key, *pair, context)]


def _sorted(shapes: list[Any]) -> list[Any]:
    return sorted(shapes, key=json.dumps)


def _short(found: Any) -> str:
    return "{" + ", ".join(key for key, _ in found) + "}" if isinstance(found, list) else str(found)


def _same_text(key: str, recorded: str, answered: str, context: Context) -> bool:
    """Whether the answered text may stand where the recorded one stood."""
    name = key.lower()
    if answered == context.translate(recorded):
        return True
    if name in words.SECRETS:  # never written
        return True
    if name == "image" and answered in context.images.get(recorded, ()):
        return True
    if name in words.SERVICE_KEYS or words.is_choice(name, recorded):
        return _same_sentence(recorded, answered, context) if re.search(r"\s", recorded) else False
    if name == "message":
        return _same_sentence(recorded, answered, context)
    if words.TIME.fullmatch(recorded) and words.TIME.fullmatch(answered):
        return True
    if name in CHOSEN and words.GUID.fullmatch(recorded) and words.GUID.fullmatch(answered):
        return True
    if recorded.startswith("/") and answered.startswith("/"):
        return _same_path(context.translate(recorded), answered, context)
    return recorded not in context.sent


def _same_path(recorded: str, answered: str, context: Context) -> bool:
    pair = recorded.split("/"), answered.split("/")
    return len(pair[0]) == len(pair[1]) and all(
        one == other or (one.lower() not in words.SEGMENTS and one not in context.sent) for one, other in zip(*pair)
    )


def _same_sentence(recorded: str, answered: str, context: Context) -> bool:
    """Whether two messages say the same, but for what their services put into them."""
    for image, others in context.images.items():
        for other in others:
            answered = answered.replace(other, image)
    pattern = "".join(_part(part, context) for part in re.split(r"(\s+)", recorded))
    return re.fullmatch(pattern, answered) is not None


def _part(part: str, context: Context) -> str:
    core = part.strip(_EDGES)
    if not core or core in context.sent or core.lower() in words.WORDS or core.lower() in words.TERMS:
        return re.escape(part)
    start = part.index(core)
    before, after = re.escape(part[:start]), re.escape(part[start + len(core) :])
    known = re.escape(context.translate(core))
    return f"{before}(?:{known}|.+?){after}"
