# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a caller may do, as ``Microsoft.Authorization/permissions`` lists it at a resource or a resource group."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.responses import JsonResponse
from .directory import OWNER

NAMESPACE = "Microsoft.Authorization"
TYPES = {"permissions": ["2015-07-01", "2018-01-01-preview", "2018-07-01", "2022-04-01"]}


def routes() -> list[BaseRoute]:
    """Returns the routes of permissions below a subscription."""
    return [Route(f"/subscriptions/{{subscription}}/{{scope:path}}/providers/{NAMESPACE}/permissions", _list)]


async def _list(request: Request) -> Response:
    """Lists one entry for the caller's role; nobody gets here without one."""
    role = request.state.principal.roles[request.path_params["subscription"].lower()]
    permission = {
        "actions": ["*" if role == OWNER else "*/read"],
        "notActions": [],
        "dataActions": [],
        "notDataActions": [],
    }
    return JsonResponse({"value": [permission]})
