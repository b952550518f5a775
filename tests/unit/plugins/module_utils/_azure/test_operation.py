# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asynchronous operations: the URLs to poll, and the meaning of the responses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.exchange import Answer
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.operation import Operation
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError

JSON = {"content-type": "application/json"}


def answer(status: int = 200, body: Any = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {**JSON, **named}, "" if body is None else json.dumps(body))


def nobody(url: str) -> Answer:
    raise AssertionError(f"not expected: {url}")


@pytest.mark.parametrize("first", [answer(), answer(200, {}, location="/x"), answer(204, None), answer(201)])
def test_an_answer_that_names_no_operation_is_done(first: Answer) -> None:
    status = Operation(first, nobody).poll()
    assert (status.done, status.succeeded, status.status) == (True, True, "Succeeded")


@pytest.mark.parametrize(
    ("body", "status", "done", "succeeded"),
    [
        ({"status": "Succeeded"}, "Succeeded", True, True),
        ({"status": "SUCCEEDED"}, "SUCCEEDED", True, True),
        ({"status": "Failed"}, "Failed", True, False),
        ({"status": "Canceled"}, "Canceled", True, False),
        ({"status": "Repairing"}, "Repairing", False, False),
        ({"status": ""}, "InProgress", False, False),
        ({"status": None}, "InProgress", False, False),
        ({}, "InProgress", False, False),
    ],
)
def test_statuses(body: Any, status: str, done: bool, succeeded: bool) -> None:
    operation = Operation(
        answer(201, {"name": "web"}, azure_asyncoperation="/op", location="/other"), lambda url: answer(200, body)
    )
    assert (operation.initial, operation.url) == ({"name": "web"}, "/op")
    found = operation.poll()
    assert (found.status, found.done, found.succeeded) == (status, done, succeeded)


@pytest.mark.parametrize("status", [5, [], {"a": 1}, True])
def test_a_status_that_is_no_text(status: Any) -> None:
    operation = Operation(answer(202, azure_asyncoperation="/op"), lambda _url: answer(200, {"status": status or [1]}))
    with pytest.raises(AzureError, match="status is") as caught:
        operation.poll()
    assert caught.value.code == "InvalidAnswer"


def test_events_and_errors_that_have_another_shape_are_left_out() -> None:
    body = {"status": "Failed", "error": "no", "properties": {"events": [{"name": "Pulling"}, 5, None]}}
    found = Operation(answer(202, azure_asyncoperation="/op"), lambda _url: answer(200, body)).poll()
    assert found.events == [{"name": "Pulling"}]
    assert found.error is None


def test_a_location_moves() -> None:
    answers = [answer(202, location="/second", retry_after="2"), answer(202), answer(200)]
    asked: list[str] = []

    def get(url: str) -> Answer:
        asked.append(url)
        return answers.pop(0)

    operation = Operation(answer(202, location="/first"), get)
    found = [operation.poll() for _poll in range(3)]
    assert asked == ["/first", "/second", "/second"]
    assert [status.done for status in found] == [False, False, True]
    assert found[0].retry_after == 2
