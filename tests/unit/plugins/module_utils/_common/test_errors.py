# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors: their data for programs, and their text on a terminal."""

from __future__ import annotations

import inspect

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import errors
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    Ambiguous,
    AzureError,
    TimedOut,
    is_transient,
)

KINDS = [kind for _name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, AciError)]


@pytest.mark.parametrize(
    ("status", "transient"),
    [(200, False), (400, False), (404, False), (408, True), (409, False), (429, True), (499, False), (500, True)],
)
def test_what_may_be_answered_later(status: int, transient: bool) -> None:
    assert is_transient(status) is transient
    assert AciError("x", status=status).transient is transient


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_code_of_its_own_and_takes_another(kind: type[AciError]) -> None:
    assert kind("x").code == kind.default_code
    assert kind("x", code="Other").code == "Other"
    assert [other for other in KINDS if other.default_code == kind.default_code] == [kind]


def test_a_failure_has_all_that_programs_read() -> None:
    error = AzureError("Could not.", status=409, request_id="r", message="Conflict", result={"container_group": None})
    assert error.as_failure() == {
        "container_group": None,
        "msg": "Could not.",
        "error": {"code": "AzureError", "message": "Conflict", "status": 409, "request_id": "r"},
    }


def test_the_result_cannot_replace_the_message() -> None:
    assert AciError("said", result={"msg": "other", "error": 1}).as_failure()["msg"] == "said"


def test_without_a_message_of_the_service_it_is_the_own_one() -> None:
    error = AciError("said")
    assert (error.message, error.status, error.request_id, error.transient) == ("said", None, None, False)
    assert error.retry_after is None
    assert error.result == {}


def test_control_characters_are_shown_and_never_sent_to_a_terminal() -> None:
    error = AciError("a\x1b[2Jb", message="c\x07d")
    assert error.msg == "a\x1b[2Jb"
    failure = error.as_failure()
    shown = f"{error}{failure['msg']}{failure['error']['message']}"
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_what_was_waited_for_keeps_the_last_state() -> None:
    assert TimedOut("late").last_state == {}
    assert TimedOut("late", last_state={"state": "Pending"}, status=504).last_state == {"state": "Pending"}


def test_an_unknown_outcome_is_an_answer_of_azure() -> None:
    assert issubclass(Ambiguous, AzureError)
