# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The errors that answers report: the service's code and message, and what to do if that is known."""

from __future__ import annotations

import re
from typing import Any

from .._common.errors import AciError, Ambiguous, AzureError, CredentialsError
from .._common.retry import advice
from .._common.similar import most_similar
from .exchange import Answer, retry_after
from .origin import shown
from .transport import REDIRECTS

UNREGISTERED = "MissingSubscriptionRegistration"
REGISTER_IT = "Register it: az provider register --namespace Microsoft.ContainerInstance"

HINTS = {
    "AuthorizationFailed": "Give the identity a role that allows it, for example Contributor on the resource group.",
    "ContainerGroupQuotaReached": "Request more quota, or use another region.",
    "DnsNameLabelAlreadyTaken": "Use another dns_name_label.",
    "InvalidSubscriptionId": "subscription_id takes the ID, not the name; az account list --output table shows both.",
    UNREGISTERED: REGISTER_IT,
    "ResourceGroupNotFound": "Create it first, for example with azure_containers.aci.resource_group.",
    "SubscriptionNotFound": "Check subscription_id, which takes the ID and not the name, and that the identity has a "
    "role in that subscription.",
}

# How Resource Manager words missing permissions: for one action on one scope, and for actions on linked resources.
_MISSING = {
    "AuthorizationFailed": re.compile(r"to perform action ('[^']+') over scope ('[^']+')"),
    "LinkedAuthorizationFailed": re.compile(
        r"not have permission to perform action(?:\(s\))? ('[^']+') on the (?:'\d+' )?linked scope\(s\) ('[^']+')"
    ),
}
_QUOTED_PART = re.compile(r"[^',]+")
_REFUSED_LOCATION = re.compile(r"location '([^']{1,60})'.*(?:regions[^']* is|locations are) '([^']+)'", re.DOTALL)


def text_of(value: Any) -> str:
    """A string from a response; anything else becomes an empty one."""
    return value if isinstance(value, str) else ""


def error_code(answer: Answer) -> str:
    """The error code in a response; empty if it has none."""
    error = answer.body().get("error")
    return text_of(error.get("code")) if isinstance(error, dict) else ""


def _unfollowed(action_text: str, answer: Answer) -> AzureError:
    """The error for a redirect that the SDK does not follow, because the request would change. It had no effect."""
    target = answer.headers.get("location")
    where = f"to {shown(target)}" if target else "without saying where to"
    return AzureError(
        f"{action_text}: the service redirects the request {where} (status {answer.status}), which is not followed. "
        "Check resource_manager_endpoint, and any proxy or gateway in between.",
        code=f"HTTP{answer.status}",
        status=answer.status,
    )


def invalid_answer(action_text: str, answer: Answer, reason: str, write: bool = False) -> AzureError:
    """The error for a successful status with a body that cannot be Azure's. Ambiguous for a ``write``."""
    kind = Ambiguous if write else AzureError
    return kind(f"{action_text}: {answer.misfit(reason)}", code="InvalidAnswer", status=answer.status)


def missing_actions(code: str, message: str) -> list[dict[str, str]]:
    """The permissions that an error says the identity lacks: each ``action`` with its ``scope``."""
    pattern = _MISSING.get(code)
    found = pattern.search(message) if pattern else None
    if found is None:
        return []
    actions, scopes = (_QUOTED_PART.findall(part) for part in found.groups())
    if len(scopes) != len(actions):
        scopes = scopes[:1] * len(actions)
    return [{"action": action, "scope": scope} for action, scope in zip(actions, scopes)]


def _role_hint(missing: list[dict[str, str]]) -> str:
    wanted = " and ".join(f"{each['action']} on {each['scope']}" for each in missing)
    return (
        f"Give the identity a role that allows {wanted}, and sign in again: a role can take minutes to apply. "
        "The guide on permissions lists a minimal role for each module."
    )


def _meant_location(message: str) -> str:
    """A suggestion for a misspelt location, from those listed in the error; empty if none is similar."""
    found = _REFUSED_LOCATION.search(message)
    if found is None:
        return ""
    known = {name.strip().replace(" ", "").lower() for name in found[2].split(",")}
    near = most_similar(found[1].replace(" ", "").lower(), sorted(known))
    return "" if near is None else f"Did you mean {near}?"


def azure_error(action_text: str, answer: Answer, write: bool = False) -> AciError:
    """The error that a response reports: the service's code and message, and what to do if that is known."""
    if answer.status in REDIRECTS:
        return _unfollowed(action_text, answer)
    body = answer.body()
    error = body.get("error")
    # Microsoft.Insights has code and message at the top.
    details = error if isinstance(error, dict) else body if isinstance(body.get("code"), str) else {}
    code = text_of(details.get("code")) or f"HTTP{answer.status}"
    message = text_of(details.get("message")).strip() or f"The service answered with status {answer.status}"
    if answer.status < 400:
        reason = answer.fault() or "an answer that is not valid for this request"
        return invalid_answer(action_text, answer, reason, write)
    request_id = answer.headers.get("x-ms-request-id") or answer.headers.get("x-ms-correlation-request-id")
    known: dict[str, Any] = {"code": code, "status": answer.status, "request_id": request_id, "message": message}
    text = f"{action_text}: {message.rstrip('.')} ({code})."
    if answer.status == 401:
        remedy = "Check tenant_id, subscription_id, cloud_environment, and the clock of this machine."
        return CredentialsError(f"{text} {remedy}", **known)
    missing = missing_actions(code, message)
    hint = _role_hint(missing) if missing else HINTS.get(code) or _meant_location(message)
    if write and not hint:
        hint = advice(answer.status)  # writes are not retried like reads, whose errors get this advice
    if hint:
        text = f"{text} {hint}"
    failure = (Ambiguous if write and answer.status >= 500 else AzureError)(text, **known)
    if missing:
        failure.result["missing_actions"] = missing
    failure.retry_after = retry_after(answer.headers)
    return failure
