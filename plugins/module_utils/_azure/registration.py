# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Registers a resource provider that the subscription does not use yet. The SDK's own policy would wait forever."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from .._common.errors import AzureError, TimedOut
from .._common.polling import Poll, wait_until
from .._common.retry import OUTAGE_SECONDS, Retries
from .._common.wait import Deadline
from .answer_errors import REGISTER_IT, UNREGISTERED, error_code, invalid_answer, text_of
from .exchange import POLICY_NAMESPACE, RESOURCES_API_VERSION, Answer, Request, retry_after


def registered(
    action_text: str,
    request: Request,
    answer: Answer,
    subscription_id: str,
    *,
    send: Callable[[Request], Answer],
    get: Callable[[Request], Answer],
    retries: Retries,
) -> bool:
    """Registers the provider of a request whose ``answer`` says that it is missing, and waits until the deadline.

    Returns whether the service accepted the registration. ``send`` returns any answer, ``get`` only a successful one.
    Raises TimedOut, and AzureError if the service does not report the state of the registration.
    """
    namespace = _namespace(request.path)
    if error_code(answer) != UNREGISTERED or namespace == POLICY_NAMESPACE:  # a mere check must not register anything
        return False
    provider = f"/subscriptions/{quote(subscription_id, safe='')}/providers/{namespace}"
    if send(Request("POST", f"{provider}/register", RESOURCES_API_VERSION)).status != 200:
        return False
    state_of = Request("GET", provider, RESOURCES_API_VERSION)
    retries.tell(f"{action_text}: registering resource provider {namespace} in the subscription")

    def probe() -> Poll[str]:
        try:
            answer = get(state_of)
            state = text_of(answer.body().get("registrationState"))
            if not state:
                raise invalid_answer(action_text, answer, f"no registrationState of {namespace}")
        except AzureError as error:
            error.msg = f"{error.msg} {REGISTER_IT}"
            raise
        return Poll(state, state == "Registered", retry_after(answer.headers))

    def timed_out(state: str) -> TimedOut:
        return TimedOut(
            f"{action_text}: the registration of resource provider {namespace} did not finish within "
            f"{deadline.seconds:g} s; its state is {state}. Run the task again later, and check it with: "
            f"az provider show --namespace {namespace}"
        )

    deadline = retries.deadline or Deadline(retries, OUTAGE_SECONDS)
    wait_until(deadline, probe, timed_out)
    return True


def _namespace(path: str) -> str:
    """The resource provider that a request goes to."""
    _before, separator, rest = path.rpartition("/providers/")
    return rest.partition("/")[0] if separator else "Microsoft.Resources"
