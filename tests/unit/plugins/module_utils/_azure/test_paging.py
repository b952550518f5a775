# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in pages: the links that they may follow, and endless lists."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import paging
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError

HOME = "https://home.example"


def walk(next_link: Callable[[str], Any], limit: int = 5) -> tuple[list[str], str]:
    """The URLs that were read, and the code of the error that ended the list, or empty."""
    read: list[str] = []

    def get(url: str) -> str:
        read.append(url)
        return url

    try:
        for _page in paging.pages("Could not list", HOME, f"{HOME}/list?a=1", get, next_link, limit):
            pass
    except AzureError as error:
        return read, error.code
    return read, ""


@pytest.mark.parametrize("end", [None, "", 0])
def test_a_list_ends_where_a_page_names_no_other(end: Any) -> None:
    assert walk(lambda url: "/two" if "list" in url else end) == ([f"{HOME}/list?a=1", f"{HOME}/two"], "")


def test_pages_are_read_when_they_are_asked_for() -> None:
    read: list[str] = []
    numbers = itertools.count()
    found: Iterator[Any] = paging.pages("x", HOME, f"{HOME}/0", read.append, lambda _page: f"/{next(numbers)}/next")
    assert read == []
    next(found)
    assert read == [f"{HOME}/0"]


@pytest.mark.parametrize("link", ["https://elsewhere.example/x", "http://home.example/x", "//u@home.example/", "\n/x"])
def test_a_page_elsewhere_is_not_read(link: str) -> None:
    assert walk(lambda _url: link) == ([f"{HOME}/list?a=1"], "ForeignOrigin")


@pytest.mark.parametrize("link", ["/list?a=1", f"{HOME}:443/list?a=1#x", f"{HOME}/list?a=1"])
def test_a_page_that_names_itself_is_read_once(link: str) -> None:
    assert len(walk(lambda _url: link.replace(":443", ""))[0]) == 1
    assert walk(lambda _url: link.replace(":443", ""))[1] == "RepeatedLink"


def test_a_list_of_ever_other_pages_is_an_error_and_not_cut() -> None:
    numbers = itertools.count()
    read, code = walk(lambda _url: f"/{next(numbers)}", limit=5)
    assert (len(read), code) == (5, "TooManyPages")


def test_a_list_may_have_as_many_pages_as_the_limit() -> None:
    numbers = iter(["/1", "/2", None])
    assert walk(lambda _url: next(numbers), limit=3)[1] == ""


def test_errors_name_the_operation_and_no_query() -> None:
    with pytest.raises(AzureError, match=r"^Could not list: .*https://home\.example/more\.") as caught:
        list(paging.pages("Could not list", HOME, f"{HOME}/a", lambda url: url, lambda _page: "/more?sig=planted"))
    assert "planted" not in caught.value.msg
