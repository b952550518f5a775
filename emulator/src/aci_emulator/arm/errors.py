# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exception that is turned into an error response of Azure Resource Manager."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ArmError(Exception):
    """A refusal, with the service's status, code and message.

    ``gateway`` marks errors of Resource Manager itself, which have the header ``x-ms-failure-cause: gateway`` (seen in
    recordings); errors of a resource provider do not.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        target: str | None = None,
        details: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
        gateway: bool = False,
        additional_info: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.target = target
        self.details = details
        self.additional_info = additional_info
        self.gateway = gateway
        self.headers = dict(headers or {})
        if gateway:
            self.headers.setdefault("x-ms-failure-cause", "gateway")

    def body(self) -> dict[str, Any]:
        """Returns ``{"error": {"code", "message"[, "target"][, "details"][, "additionalInfo"]}}``."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        if self.details is not None:
            error["details"] = self.details
        if self.additional_info is not None:
            error["additionalInfo"] = self.additional_info
        return {"error": error}
