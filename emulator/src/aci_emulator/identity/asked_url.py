# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host name that a client uses: as with Azure, URLs in responses have the host of the request.

Direct clients use a loopback name; intercepted ones use Azure's own names.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from ..core.clouds import azure_host
from ..core.settings import Settings
from .tokens import same_server


def asked_url(request: Request, settings: Settings) -> str:
    """Returns the base URL with the host that the client uses, loopback or Azure's; otherwise the default one."""
    azure = azure_host(request.scope)
    if azure is not None:
        return f"https://{azure.name}"
    host = request.headers.get("Host", "")
    if "@" in host or "/" in host or not same_server(f"https://{host}", settings.base_url):
        return settings.base_url
    return f"{urlsplit(settings.base_url).scheme}://{host}"
