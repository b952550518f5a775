# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Pure: the origin of a URL, and whether a URL in a response stays within an origin.

Responses contain URLs to follow: the next page, the operation of a write, a redirect. A token for one origin is never
sent to another, whatever a response says.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urldefrag, urljoin, urlsplit

DEFAULT_PORTS = {"https": 443, "http": 80}

# URL parsers disagree about these: some drop them, some treat a backslash as a slash.
_AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f]|^\s|\s\Z")
_UNFIT_FOR_A_HOST = re.compile(r"[\s\\@]")


def origin_of(url: str) -> str | None:
    """The origin of an absolute URL, ``https://host`` or ``https://host:8443``, or None if it has none.

    URLs with the same scheme, host and effective port give the same text. A URL with user information has no origin,
    because libraries would send that information instead of the token.
    """
    if _AMBIGUOUS.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = _host(parts.netloc, parts.hostname), parts.port
    except ValueError:
        return None
    default = DEFAULT_PORTS.get(parts.scheme)
    if default is None or not host:
        return None
    return f"{parts.scheme}://{host}" if port in (None, default) else f"{parts.scheme}://{host}:{port}"


def _host(netloc: str, host: str | None) -> str | None:
    """The host in a form that can be compared; None if there is none, or if parsers may disagree about it."""
    if not host or _UNFIT_FOR_A_HOST.search(netloc):
        return None
    if not netloc.isascii():
        # Libraries encode such names differently, so two of them are the same only if they are spelled the same.
        return netloc
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    host = host.removesuffix(".")
    return None if host.endswith(".") else host


def same_origin(one: str, other: str) -> bool:
    """Whether two absolute URLs have the same origin. A URL without an origin matches nothing, not even itself."""
    origin = origin_of(one)
    return origin is not None and origin == origin_of(other)


def resolved(base: str, link: str) -> str | None:
    """The absolute URL of a link in a response from ``base``, or None if it leaves the origin of ``base``.

    A relative link is resolved against the root of the origin.
    """
    if _AMBIGUOUS.search(link):
        return None
    try:
        url = urldefrag(urljoin(f"{origin_of(base)}/", link)).url
    except ValueError:
        return None
    return url if same_origin(base, url) else None


def shown(link: str) -> str:
    """A URL as errors show it: scheme, host and port only, without control characters or anything secret."""
    origin = origin_of(link)
    if origin is None:
        scheme, separator, rest = link.partition("://")
        netloc = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2] if separator else ""
        origin = f"{scheme}://{netloc}" if netloc else ""
    plain = "".join(char for char in origin if char.isprintable() and char.isascii())[:200]
    return plain or "an address that is not valid"
