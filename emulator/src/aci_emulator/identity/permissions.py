# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a caller may do, as ``Microsoft.Authorization/permissions`` lists it at a resource or a resource group."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.responses import JsonResponse
from .directory import Directory

NAMESPACE = "Microsoft.Authorization"
TYPES = {"permissions": ["2015-07-01", "2018-01-01-preview", "2018-07-01", "2022-04-01"]}


def routes(directory: Directory) -> list[BaseRoute]:
    """Returns the routes of permissions below a subscription."""

    async def listed(request: Request) -> Response:
        """Lists one entry for the caller's role; nobody gets here without one."""
        role = directory.role_of(request.state.principal, request.path_params["subscription"])
        permission = {
            "actions": role.actions if role else [],
            "notActions": role.not_actions if role else [],
            "dataActions": [],
            "notDataActions": [],
        }
        return JsonResponse({"value": [permission]})

    return [Route(f"/subscriptions/{{subscription}}/{{scope:path}}/providers/{NAMESPACE}/permissions", listed)]
