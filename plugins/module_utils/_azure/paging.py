# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Lists that an API returns in pages, each of which names the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

from .._common.errors import AzureError
from .origin import resolved, shown
from .transport import foreign

T = TypeVar("T")

MAX_PAGES = 10_000
"""Far more than any list of a subscription has: Resource Manager returns up to 1,000 entries a page."""


def pages(
    action_text: str,
    home: str,
    url: str,
    get: Callable[[str], T],
    next_link: Callable[[T], Any],
    limit: int = MAX_PAGES,
) -> Iterator[T]:
    """The pages of a list that begins at ``url``, one ``get`` each, made when they are asked for.

    Raises ForeignOrigin where a page names one outside the origin of ``home``, and AzureError where the list cannot
    end: a page names an earlier one (``RepeatedLink``), or there are more than ``limit`` pages (``TooManyPages``). A
    list is never cut short.
    """
    seen = {url}
    for _page in range(limit):
        page = get(url)
        yield page
        link = next_link(page)
        if not link:
            return
        following = resolved(home, str(link))
        if following is None:
            raise foreign(f"{action_text}: the list goes on at {shown(str(link))}", home)
        if following in seen:
            raise AzureError(
                f"{action_text}: the list of {shown(home)} never ends, since a page names an earlier page as the next "
                f"one, {_shown_page(following)}. Report it to the operator of the endpoint.",
                code="RepeatedLink",
            )
        seen.add(following)
        url = following
    raise AzureError(
        f"{action_text}: the list of {shown(home)} does not end after {limit} pages. Nothing of it is used. Report it "
        "to the operator of the endpoint.",
        code="TooManyPages",
    )


def _shown_page(link: str) -> str:
    """The address of a page for people, without its query, which may hold more than an error should show."""
    path = "".join(char for char in urlsplit(link).path if char.isprintable())
    return f"{shown(link)}{path[:200]}"
