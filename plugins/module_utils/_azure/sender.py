# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What the client lends to the modules with its less frequent requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import quote

from .exchange import Answer, Request

if TYPE_CHECKING:
    from .operation import Operation
    from .sdk import Sdk

T = TypeVar("T")


class Versioned(Protocol):
    """Sends a request with the newest API version, at least ``since``, that both sides support."""

    def __call__(self, request: Callable[[], T], since: str = ...) -> T:
        """Send it."""


class Begin(Protocol):
    """Begins an asynchronous operation. ``write`` is false if it can safely be repeated."""

    def __call__(self, action_text: str, request: Request, deadline: float | None, write: bool = True) -> Operation:
        """Begin it."""


class Pages(Protocol):
    """Returns all items of a list, or the first ``limit``."""

    def __call__(
        self, action_text: str, request: Request, shape: Any, limit: int | None = None
    ) -> list[dict[str, Any]]:
        """Read them."""


@dataclass(frozen=True)
class Sender:
    """How a client sends requests. ``version`` returns the API version in use, at least the given one.

    ``path`` quotes segments below the subscription, ``group`` makes a request for a container group or for what is
    below it, and ``write`` sends a write that is complete once the service answers.
    """

    sdk: Sdk
    path: Callable[..., str]
    group: Callable[..., Request]
    version: Callable[..., str]
    versioned: Versioned
    pages: Pages
    write: Callable[[str, Request, float | None], Answer]
    begin: Begin


def id_path(resource_id: str) -> str:
    """The path of a resource id."""
    return f"/{quote(resource_id.lstrip('/'), safe='/')}"
