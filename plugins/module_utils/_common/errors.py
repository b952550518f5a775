# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The collection's errors. Everything raises one of these; only the two doors turn them into a failed task."""

from __future__ import annotations

from typing import Any

from .display_text import display_text


def is_transient(status: int) -> bool:
    """Whether an answer with this HTTP status says nothing about the request itself."""
    return status >= 500 or status in (408, 429)


class AciError(Exception):
    """A failure that the user can do something about.

    ``msg`` says what happened, to what, and what to do. ``message`` is the service's own text where there is one.
    ``code``, ``status`` and ``request_id`` are for programs. ``result`` is merged into the failed task's result.
    None of them ever holds a secret. ``msg`` and ``message`` may have control characters, which
    ``str`` and ``as_failure`` show. ``details`` are lines that stand below ``msg`` in the failed task's result.

    ``transient`` says that the same request may be answered later: an endpoint that cannot be reached, 5xx, 429.
    ``retry_after`` is the pause in seconds that the service asks for, if it does.
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
        """The failed task's result: ``msg``, ``error`` and what the error itself adds."""
        error = {
            "code": self.code,
            "message": display_text(self.message),
            "status": self.status,
            "request_id": self.request_id,
        }
        msg = f"{self}\n{display_text(self.details)}" if self.details else str(self)
        return {**self.result, "msg": msg, "error": error}


class InvalidArguments(AciError):
    """The options cannot be what the user wants. Nothing was sent."""

    default_code = "InvalidArguments"


class MissingLibrary(AciError):
    """A Python library is missing in the interpreter that runs the module."""

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
    """The service accepted a write, but the containers will not come to what is waited for."""

    default_code = "NotReached"


class ForeignOrigin(AzureError):
    """An answer leads to another origin than the configured one. Nothing was sent there."""

    default_code = "ForeignOrigin"


class TimedOut(AciError):
    """What was waited for did not come in time. ``last_state`` holds the facts last seen."""

    default_code = "TimedOut"

    def __init__(self, msg: str, *, last_state: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(msg, **kwargs)
        self.last_state: dict[str, Any] = last_state or {}


class Refused(AciError):
    """What was asked for is possible, but not without a consent that the task does not give."""

    default_code = "Refused"
