# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._common.errors import InvalidArguments
from ..module_utils._common.mistakes import kind_of
from ..module_utils._group.schema import SHORT_FORMS
from ..module_utils._group.wire import raw_text
from ..plugin_utils._plain import plain

_PORT = re.compile(r"(?P<port>[0-9]{1,5})(/(?P<protocol>tcp|udp))?", re.IGNORECASE)
_FORMS = "give 80, '80/tcp' or {port: 80, protocol: TCP}"


def ports(value: Any) -> list[dict[str, Any]]:
    """The ports of a container or an address, from numbers, strings such as ``53/udp``, and dictionaries.

    Raises AnsibleFilterError.
    """
    given = plain(value)
    elements = given if isinstance(given, list) else [given]
    found: list[dict[str, Any]] = []
    for index, element in enumerate(elements):
        port = _port(element, f"ports: element {index}")
        if port in found:
            raise AnsibleFilterError(f"ports: {port['port']}/{port['protocol']} is given twice.")
        found.append(port)
    return found


def _port(element: Any, where: str) -> dict[str, Any]:
    text = element
    if isinstance(element, dict):
        unknown = sorted(set(element) - {"port", "protocol"})
        if unknown or element.get("port") is None:
            what = f"has unknown keys ({', '.join(unknown)})" if unknown else "has no port"
            raise AnsibleFilterError(f"{where} {what}; {_FORMS}.")
        text = f"{element['port']}/{element.get('protocol') or 'TCP'}"
    elif isinstance(element, bool) or not isinstance(element, (int, str)):
        raise AnsibleFilterError(f"{where} is {kind_of(element)}; {_FORMS}.")
    text = str(text).strip()
    match = _PORT.fullmatch(text)
    if match is None or not 1 <= int(match["port"]) <= 65535:
        mapped = (
            " Container Instances does not map ports: give the port that the container listens on."
            if ":" in text
            else ""
        )
        raise AnsibleFilterError(f"{where} is {text[:40]!r}, which is not a port from 1 to 65535; {_FORMS}.{mapped}")
    return {"port": int(match["port"]), "protocol": (match["protocol"] or "TCP").upper()}


def env_list(value: Any, secure: bool = False) -> list[dict[str, Any]]:
    """A list of environment variables from a dictionary of names and values; with ``secure``, the values are secrets.

    Raises AnsibleFilterError, which never contains a value.
    """
    if not isinstance(value, Mapping):
        raise AnsibleFilterError(f"env_list takes a dictionary of names and values, not {kind_of(value)}.")
    form = SHORT_FORMS["secure_env" if secure else "env"]
    for name, item in value.items():
        try:
            raw_text(plain(item), f"env_list: the value of {name}")
        except InvalidArguments as error:
            raise AnsibleFilterError(error.msg) from None
    # The original values, so that strings that must not be treated as templates remain marked.
    return [{"name": name if isinstance(name, str) else str(name), form: item} for name, item in value.items()]


class FilterModule:
    """Filters that convert the notation of other tools to that of this collection."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters, by name."""
        return {"ports": ports, "env_list": env_list}
