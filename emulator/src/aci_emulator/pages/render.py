# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders templates to responses. All values are escaped, and a page loads nothing from other hosts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from .. import __version__
from . import filters

ROOT = "/emulator/"
GROUPS = "/emulator/view/groups"
REQUESTS = "/emulator/view/requests"
RESOURCES = "/emulator/view/resources"
CONTROLS = "/emulator/view/controls"
REFRESH = 5  # seconds between refreshes of a page, if the user wants them
STATIC = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer, the browser would send forms without their origin
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def page(template: str, context: Mapping[str, Any], *, path: str, refresh: int | None, status: int = 200) -> Response:
    """Returns a page. ``path`` is its own path, with query; ``refresh`` is the number of seconds between refreshes."""

    def link(target: str, **query: Any) -> str:
        """A link to another page, which refreshes itself if this one does."""
        return address(target, {**query, "refresh": refresh})

    text = _environment().get_template(template).render(**context, link=link, path=path, refresh=refresh)
    return Response(text.encode("utf-8", "replace"), status, _HEADERS, "text/html; charset=utf-8")


def locked(reason: str, *, cookie: str | None = None) -> Response:
    """Returns the page for a browser without access to the others: the reason, and how to get access.

    ``cookie`` is the value of a ``Set-Cookie`` header.
    """
    text = _environment().get_template("locked.html").render(reason=reason)
    headers = _HEADERS if cookie is None else {**_HEADERS, "Set-Cookie": cookie}
    return Response(text, 401 if cookie is None else 200, headers, "text/html; charset=utf-8")


def redirect(target: str, *, cookie: str | None = None) -> Response:
    """Returns a redirect to a path. ``cookie`` is the value of a ``Set-Cookie`` header."""
    more = {} if cookie is None else {"Set-Cookie": cookie}
    return Response(b"", 303, {**_HEADERS, "Location": target, **more})


def text(content: str) -> Response:
    """Returns plain text, which no browser interprets as anything else."""
    return Response(content.encode("utf-8", "replace"), 200, _HEADERS, "text/plain; charset=utf-8")


def static(name: str) -> Response | None:
    """Returns the style sheet, the script or the icon; None for any other name."""
    if name not in STATIC:
        return None
    return Response((_HERE / "static" / name).read_bytes(), 200, _HEADERS, STATIC[name])


def address(target: str, query: Mapping[str, Any]) -> str:
    """Returns a path with a query, which omits values that are None or empty."""
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{target}?{urlencode(given)}" if given else target


def group_path(record: Mapping[str, Any]) -> str:
    """Returns the path of a stored group's page."""
    segments = str(record["id"]).strip("/").split("/")
    chosen = (segments[1], segments[3], record["name"])
    return "/".join([GROUPS, *(quote(str(each), safe="") for each in chosen)])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        version=__version__,
        ROOT=ROOT,
        REQUESTS=REQUESTS,
        RESOURCES=RESOURCES,
        CONTROLS=CONTROLS,
        count=filters.count,
    )
    environment.filters.update(
        tone=filters.tone,
        container_tone=filters.container_tone,
        container_word=filters.container_word,
        status_tone=filters.status_tone,
        stamp=filters.stamp,
        plain=filters.plain,
        path=filters.path,
        wrap=filters.wrap,
    )
    return environment
