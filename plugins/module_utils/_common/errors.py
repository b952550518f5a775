# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The collection's errors. All code raises one of these; only the two entry points turn them into a failed task."""

from __future__ import annotations

from typing import Any

from .display_text import display_text


def is_transient(status: int) -> bool:
    """Whether this HTTP status is no verdict on the request itself, so that repeating it may help."""
    return status >= 500 or status in (408, 429)


class AciError(Exception):
    """A failure that the user can do something about.

    ``msg`` says what happened, to what, and what to do. ``message`` is the service's own text where there is one.
    ``code``, ``status`` and ``request_id`` are for programs. ``result`` is merged into the failed task's result.
    None of them ever holds a secret. ``msg`` and ``message`` may contain control characters, which
    ``str`` and ``as_failure`` make visible. ``details`` are lines added below ``msg`` in the failed task's result.

    ``transient`` means that the same request may succeed later: an endpoint that cannot be reached, 5xx, 429.
    ``retry_after`` is the pause, in seconds, that the service asks for, or None.
    """

    default_code = "Error"

    def __init__(
        self,
        msg: str,
        *,
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        message: str | None = None,
        result: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(msg)
        self.msg = msg
        self.code = code or self.default_code
        self.status = status
        self.request_id = request_id
        self.message = message or msg
        self.result: dict[str, Any] = result or {}
        self.details = ""
        self.transient = status is not None and is_transient(status)
        self.retry_after: float | None = None

    def __str__(self) -> str:
        return display_text(self.msg)

    def as_failure(self) -> dict[str, Any]:
        """The failed task's result: ``msg``, ``error`` and the error's own ``result``."""
        error = {
            "code": self.code,
            "message": display_text(self.message),
            "status": self.status,
            "request_id": self.request_id,
        }
        msg = f"{self}\n{display_text(self.details)}" if self.details else str(self)
        return {**self.result, "msg": msg, "error": error}


class InvalidArguments(AciError):
    """The options are wrong or contradict each other. Nothing was sent."""

    default_code = "InvalidArguments"


class MissingLibrary(AciError):
    """The interpreter that runs the module lacks a Python library."""

    default_code = "MissingLibrary"


class CredentialsError(AciError):
    """There are no usable credentials, or Microsoft Entra ID did not accept them."""

    default_code = "CredentialsError"


class ConnectionFailed(AciError):
    """An endpoint could not be reached, or its certificate is not trusted. Nothing was sent."""

    default_code = "ConnectionFailed"


class AzureError(AciError):
    """Azure Resource Manager answered with an error: ``code``, ``status`` and ``request_id`` are its own."""

    default_code = "AzureError"


class Ambiguous(AzureError):
    """The outcome of a write is unknown (connection lost, or 5xx): read before anything else is done."""

    default_code = "Ambiguous"


class OperationFailed(AzureError):
    """The service accepted a write, and its operation failed: ``code`` and ``message`` are the operation's own."""

    default_code = "OperationFailed"


class NotReached(AciError):
    """The service accepted a write, but the containers will not reach the state that the task waits for."""

    default_code = "NotReached"


class ForeignOrigin(AzureError):
    """A response points to an origin other than the configured one. Nothing was sent there."""

    default_code = "ForeignOrigin"


class TimedOut(AciError):
    """The state that the task waits for was not reached in time. ``last_state`` holds the last known facts."""

    default_code = "TimedOut"

    def __init__(self, msg: str, *, last_state: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(msg, **kwargs)
        self.last_state: dict[str, Any] = last_state or {}


class Refused(AciError):
    """The task would have to do something that it does not explicitly allow."""

    default_code = "Refused"
