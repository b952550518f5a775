# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Converts the various forms that a compose file allows to the one form that the other modules read. Pure.

Errors are InvalidArguments that begin with the path of the value.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from ..._common.errors import InvalidArguments
from .text import Override, Reset, WrittenFloat, WrittenInt

Service = dict[str, Any]

_TRUE = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "off", "0"})
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+")
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)")
_SECONDS = {
    "ns": Decimal("1e-9"),
    "us": Decimal("1e-6"),
    "µs": Decimal("1e-6"),
    "ms": Decimal("1e-3"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86400),
    "w": Decimal(604800),
}
_BYTES = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
_DRIVE = re.compile(r"[A-Za-z]:(?:\\|/.*:[A-Za-z]?:?[\\/])")  # c:/a:/b has a Windows path, but c:/b the volume c


# -- scalars -----------------------------------------------------------------------------------------------------------


def text_of(value: Any, path: str) -> str:
    """A scalar as a string. Raises for a number in an unusual notation, as it is not known whether that matters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (WrittenInt, WrittenFloat)):
        canonical = str(int(value)) if isinstance(value, WrittenInt) else repr(float(value))
        if value.written not in (canonical, canonical.removesuffix(".0")):
            raise InvalidArguments(
                f"{path}: YAML reads {value.written} as a number, which may change how it is written; quote it."
            )
        return value.written
    if isinstance(value, (str, int, float)):
        return str(value)
    raise InvalidArguments(f"{path}: expected a string, not {_kind(value)}.")


def flag_of(value: Any, path: str) -> bool:
    """A boolean, which may be a string if a variable was inserted."""
    word = str(value).lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise InvalidArguments(f"{path}: expected true or false.")


def whole_of(value: Any, path: str) -> int:
    """A whole number, which may be a string."""
    try:
        return int(str(value))
    except ValueError:
        raise InvalidArguments(f"{path}: expected a whole number.") from None


def duration_of(value: Any, path: str) -> Decimal:
    """A duration such as ``1h5m30s20ms``, in seconds."""
    text = text_of(value, path).strip()
    if text == "0":
        return Decimal(0)
    if not _DURATION.fullmatch(text):
        raise InvalidArguments(f"{path}: expected a duration with a unit, such as 1m30s.")
    return sum((Decimal(count) * _SECONDS[unit] for count, unit in _DURATION_PART.findall(text)), Decimal(0))


def bytes_of(value: Any, path: str) -> int:
    """A size such as ``512m``, ``1.5g`` or a plain number, in bytes. Units are powers of 1024."""
    found = _BYTES.fullmatch(text_of(value, path).strip())
    if found is None:
        raise InvalidArguments(f"{path}: expected a size, such as 512m or 1g.")
    return int(Decimal(found[1]) * 1024 ** _POWERS[found[2].lower()])


def cpus_of(value: Any, path: str) -> Decimal:
    """A number of CPUs, above zero."""
    try:
        cpus = Decimal(text_of(value, path).strip())
    except InvalidOperation:
        cpus = Decimal(0)
    if not (cpus.is_finite() and cpus > 0):
        raise InvalidArguments(f"{path}: expected a number of CPUs above 0.")
    return cpus


def words_of(value: Any, path: str) -> list[str]:
    """The words of a command. A string is split as a shell would split it, but no shell is involved."""
    if isinstance(value, list):
        return [text_of(word, f"{path}[{index}]") for index, word in enumerate(value)]
    try:
        return shlex.split(text_of(value, path))
    except ValueError:
        raise InvalidArguments(f"{path}: a quote is not closed.") from None


def mapping_of(value: Any, path: str, signs: str = "=") -> dict[str, Any]:
    """A mapping, which may be given as a list of ``KEY=VALUE``; a key without a value gets None."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for index, item in enumerate(_list(value, path)):
        text = text_of(item, f"{path}[{index}]")
        at = min((text.find(sign) for sign in signs if sign in text), default=-1)
        result[text if at < 0 else text[:at].rstrip()] = None if at < 0 else text[at + 1 :]
    return result


def texts_of(value: Any, path: str) -> list[str]:
    """A list of strings. A single string is accepted, too."""
    items = [value] if isinstance(value, (str, int, float)) else _list(value, path)
    return [text_of(item, f"{path}[{index}]") for index, item in enumerate(items)]


def _list(value: Any, path: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise InvalidArguments(f"{path}: expected a list, not {_kind(value)}.")


def _kind(value: Any) -> str:
    return {dict: "a mapping", list: "a list", type(None): "nothing"}.get(type(value), "a single value")


# -- ports -------------------------------------------------------------------------------------------------------------


def ports_of(value: Any, path: str) -> list[Any]:
    """Ports in their long form, one entry each: ``target`` (int), ``published`` (string or None), ``protocol``."""
    result: list[Any] = []
    for index, item in enumerate(_list(value, path)):
        where = f"{path}[{index}]"
        result.extend(_long_port(item, where) if isinstance(item, dict) else _short_port(text_of(item, where), where))
    return result


def _long_port(item: dict[str, Any], path: str) -> Iterable[dict[str, Any]]:
    if item.get("target") is None:
        raise InvalidArguments(f"{path}: target is required.")
    published = item.get("published")
    known = {
        **item,
        "protocol": text_of(item.get("protocol") or "tcp", f"{path}.protocol").lower(),
        "host_ip": None if item.get("host_ip") is None else text_of(item["host_ip"], f"{path}.host_ip"),
    }
    targets = _range(text_of(item["target"], f"{path}.target"), path)
    text = None if published in (None, "") else text_of(published, f"{path}.published")
    return [{**known, "target": target, "published": each} for target, each in _pairs(targets, text, path)]


def _short_port(text: str, path: str) -> Iterable[dict[str, Any]]:
    rest, _slash, protocol = text.partition("/")
    host_ip: str | None = None
    if rest.startswith("["):
        host_ip, bracket, rest = rest[1:].partition("]")
        if not bracket or not rest.startswith(":"):
            raise InvalidArguments(f"{path}: {text!r} is not a port; use [IP:][HOST:]CONTAINER[/PROTOCOL].")
        rest = rest[1:]
    elif rest.count(":") > 1:
        host_ip, _colon, rest = rest.partition(":")
    published, colon, target = rest.rpartition(":")
    if ":" in published:
        raise InvalidArguments(f"{path}: {text!r} is not a port; write an IPv6 address in brackets.")
    targets = _range(target, path)
    return [
        {"target": number, "published": each, "host_ip": host_ip or None, "protocol": (protocol or "tcp").lower()}
        for number, each in _pairs(targets, published if colon and published else None, path)
    ]


def _pairs(targets: list[int], published: str | None, path: str) -> Iterable[tuple[int, str | None]]:
    """Each container port with the port at which it is published."""
    if published is None:
        return [(target, None) for target in targets]
    hosts = _range(published, path)
    if len(hosts) == len(targets):
        return [(target, str(host)) for target, host in zip(targets, hosts)]
    if len(targets) == 1:
        return [(targets[0], published)]  # Docker uses any free port in the range
    raise InvalidArguments(f"{path}: the two port ranges differ in length.")


def _range(text: str, path: str) -> list[int]:
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise InvalidArguments(f"{path}: {text!r} is not a port or a port range such as 8000-8010.")
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= last <= 65535:
        raise InvalidArguments(f"{path}: {text} is not a port or port range from 1 to 65535.")
    return list(range(first, last + 1))


def exposed_of(value: Any, path: str) -> list[tuple[int, str]]:
    """The ports of ``expose`` with their protocols."""
    result: list[tuple[int, str]] = []
    for index, item in enumerate(_list(value, path)):
        where = f"{path}[{index}]"
        ports, _slash, protocol = text_of(item, where).partition("/")
        result.extend((port, (protocol or "tcp").lower()) for port in _range(ports, where))
    return result


# -- mounts ------------------------------------------------------------------------------------------------------------


def volumes_of(value: Any, path: str) -> list[Any]:
    """Mounts in their long form. The options of the short form, except ro and rw, are in ``x-options``."""
    result: list[Any] = []
    for index, item in enumerate(_list(value, path)):
        where = f"{path}[{index}]"
        if isinstance(item, dict):
            if item.get("target") in (None, "") or item.get("type") in (None, ""):
                raise InvalidArguments(f"{where}: type and target are required.")
            result.append({**item, "target": _target(text_of(item["target"], where))})
        else:
            result.append(_short_volume(text_of(item, where), where))
    return result


def _short_volume(text: str, path: str) -> dict[str, Any]:
    drive = text[:2] if _DRIVE.match(text) else ""
    source, *rest = text[len(drive) :].split(":")
    source = drive + source
    if not rest:
        return {"type": "volume", "target": _target(source)}
    if len(rest) > 1 and _DRIVE.match(f"{rest[0]}:{rest[1]}"):
        rest = [f"{rest[0]}:{rest[1]}", *rest[2:]]
    target, *options = rest
    if len(options) > 1 or not source or not target:
        raise InvalidArguments(f"{path}: {text!r} is not a volume; use SOURCE:TARGET[:OPTIONS].")
    words = [word for word in (options[0].split(",") if options else []) if word]
    is_path = bool(drive) or source.startswith((".", "/", "~", "\\"))
    return {
        "type": "bind" if is_path else "volume",
        "source": source,
        "target": _target(target),
        "read_only": "ro" in words,
        "x-options": [word for word in words if word not in ("ro", "rw")],
    }


def _target(text: str) -> str:
    """A normalised path in a container, so that an additional slash makes no difference."""
    return posixpath.normpath(text) if text.startswith("/") else text


def files_of(value: Any, path: str) -> list[Any]:
    """The secrets or configs of a service in their long form."""
    result: list[Any] = []
    for index, item in enumerate(_list(value, path)):
        where = f"{path}[{index}]"
        long = item if isinstance(item, dict) else {"source": text_of(item, where)}
        if long.get("source") in (None, ""):
            raise InvalidArguments(f"{where}: source is required.")
        result.append(long)
    return result


# -- a service ---------------------------------------------------------------------------------------------------------


def _dependencies(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, list):
        return {name: {"condition": "service_started"} for name in texts_of(value, path)}
    return mapping_of(value, path)


def _networks(value: Any, path: str) -> dict[str, Any]:
    return dict.fromkeys(texts_of(value, path)) if isinstance(value, list) else mapping_of(value, path)


def _health(value: Any, path: str) -> dict[str, Any]:
    health = mapping_of(value, path)
    if isinstance(health.get("test"), str):
        return {**health, "test": ["CMD-SHELL", health["test"]]}
    return health


def _build(value: Any, path: str) -> Any:
    del path
    return {"context": value} if isinstance(value, str) else value


def _words(value: Any, path: str) -> list[str] | None:
    return None if value is None else words_of(value, path)


def _labels(value: Any, path: str) -> dict[str, Any]:
    return mapping_of(value, path)


def _hosts(value: Any, path: str) -> dict[str, Any]:
    return mapping_of(value, path, "=:")


_FORMS: dict[str, Callable[[Any, str], Any]] = {
    "annotations": _labels,
    "build": _build,
    "cap_add": texts_of,
    "cap_drop": texts_of,
    "command": _words,
    "configs": files_of,
    "depends_on": _dependencies,
    "dns": texts_of,
    "dns_opt": texts_of,
    "dns_search": texts_of,
    "entrypoint": _words,
    "environment": mapping_of,
    "expose": texts_of,
    "extra_hosts": _hosts,
    "healthcheck": _health,
    "label_file": texts_of,
    "labels": _labels,
    "links": texts_of,
    "networks": _networks,
    "ports": ports_of,
    "profiles": texts_of,
    "secrets": files_of,
    "security_opt": texts_of,
    "sysctls": mapping_of,
    "tmpfs": texts_of,
    "volumes": volumes_of,
}


def canonical_service(value: Any, path: str, directory: str) -> Service:
    """A service in the form that is merged and converted. Paths of files are relative to ``directory``."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidArguments(f"{path}: a service must be a mapping, not {_kind(value)}.")

    def env_files(item: Any, where: str) -> list[Any]:
        return env_files_of(item, where, directory)

    forms: dict[str, Callable[[Any, str], Any]] = {**_FORMS, "env_file": env_files}
    result: Service = {}
    for key, item in value.items():
        form = forms.get(key)
        where = f"{path}.{key}"
        if form is None or isinstance(item, Reset):
            result[key] = item
        elif isinstance(item, Override):
            result[key] = Override(form(item.value, where))
        else:
            result[key] = form(item, where)
    return result


def env_files_of(value: Any, path: str, directory: str) -> list[Any]:
    """The files of ``env_file``: their ``path``, whether it is ``required``, and ``format``."""
    result: list[Any] = []
    for index, item in enumerate([value] if isinstance(value, (str, dict)) else _list(value, path)):
        where = f"{path}[{index}]"
        long = item if isinstance(item, dict) else {"path": text_of(item, where)}
        if long.get("path") in (None, ""):
            raise InvalidArguments(f"{where}: path is required.")
        result.append({**long, "path": below(directory, text_of(long["path"], where))})
    return result


def below(directory: str, path: str) -> str:
    """A path, relative to a directory unless it is absolute."""
    return posixpath.normpath(posixpath.join(directory, path))
