# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Lists that an API returns in pages, each with a link to the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

from .._common.errors import AzureError
from .origin import resolved, shown

T = TypeVar("T")

MAX_PAGES = 10_000
"""Far more pages than any list in a subscription has: Resource Manager returns up to 1,000 entries per page."""


def pages(
    action_text: str,
    home: str,
    url: str,
    get: Callable[[str], T],
    next_link: Callable[[T], Any],
    limit: int = MAX_PAGES,
) -> Iterator[T]:
    """The pages of the list that begins at ``url``, each fetched with ``get`` when the iterator reaches it.

    Raises ForeignOrigin if a link leaves the origin of ``home``, and AzureError if the list does not end: a page links
    to an earlier one (``RepeatedLink``), or there are more than ``limit`` pages (``TooManyPages``). A list is never
    truncated silently.
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
            from .connection_errors import foreign

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
    """The URL of a page as errors show it, without its query, which may contain secrets."""
    path = "".join(char for char in urlsplit(link).path if char.isprintable())
    return f"{shown(link)}{path[:200]}"
