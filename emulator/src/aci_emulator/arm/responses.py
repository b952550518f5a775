# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How answers of Resource Manager are written."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from .errors import ArmError


class JsonResponse(Response):
    """A JSON body as the service writes it: compact, with its content type. Order of keys is kept."""

    media_type = "application/json; charset=utf-8"

    def render(self, content: Any) -> bytes:
        """Returns the bytes of the body."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def error_response(error: ArmError) -> Response:
    """Returns the answer that an ArmError stands for."""
    return JsonResponse(error.body(), status_code=error.status, headers=error.headers)
