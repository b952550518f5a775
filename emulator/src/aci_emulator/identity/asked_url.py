# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which name a client asks: answers name addresses on the host that was asked, as Azure's do."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from ..core.settings import Settings
from .tokens import same_server


def asked_url(request: Request, settings: Settings) -> str:
    """Returns the emulator's base URL under the loopback name that the client uses, else the usual one."""
    host = request.headers.get("Host", "")
    if "@" in host or "/" in host or not same_server(f"https://{host}", settings.base_url):
        return settings.base_url
    return f"{urlsplit(settings.base_url).scheme}://{host}"
