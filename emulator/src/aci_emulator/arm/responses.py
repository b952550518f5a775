# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The format of Resource Manager's responses."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from .errors import ArmError


class JsonResponse(Response):
    """A JSON body in the service's format: compact, with its content type. The order of keys is preserved."""

    media_type = "application/json; charset=utf-8"

    def render(self, content: Any) -> bytes:
        """Returns the bytes of the body."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def error_response(error: ArmError) -> Response:
    """Returns the response for an ArmError."""
    return JsonResponse(error.body(), status_code=error.status, headers=error.headers)
