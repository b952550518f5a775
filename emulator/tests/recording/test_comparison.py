# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from aci_emulator.recording.comparison import Answer, Context, Difference, compare, shape
from aci_emulator.recording.exchanges import Exchange
from aci_emulator.recording.recorder import DROPPED, SECRET


def differences(recorded: Any, answered: Any, context: Context | None = None, **more: Any) -> list[str]:
    one = Exchange("GET", "https://h/x", None, more.get("status", 200), more.get("headers", {}), recorded)
    other = Answer(more.get("other_status", one.status), more.get("other_headers", one.headers), answered)
    return [each.where for each in compare(one, other, context)]


def test_equal_answers_do_not_differ():
    body = {"properties": {"state": "Running", "list": [1, 2.5, None, {"a": "b"}]}, "tags": {"x": "y"}}
    assert differences(body, body) == []


@pytest.mark.parametrize(
    ("recorded", "answered", "where"),
    [
        ({"a": 1}, {}, ["a"]),
        ({}, {"a": 1}, ["a"]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ["body (order)"]),
        ({"a": 1}, {"a": 1.0}, ["a"]),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": True}, {"a": False}, ["a"]),
        ({"a": "x"}, {"a": None}, ["a"]),
        ({"a": "x"}, {"a": ""}, ["a"]),
        ({"a": [1]}, {"a": [1, 1]}, ["a[]"]),
        ({"a": [1, 2]}, {"a": [1, 3]}, ["a[1]"]),
        ({"osType": "Linux"}, {"osType": "linux"}, ["osType"]),
        ({"provisioningState": "Succeeded"}, {"provisioningState": "Failed"}, ["provisioningState"]),
        ({"error": {"code": "A"}}, {"error": {"code": "B"}}, ["error.code"]),
        ({"events": [{"name": "a"}]}, {"events": []}, ["events[]"]),
        ({"events": [{"name": "a"}]}, {"events": [{"name": "a"}, {"name": "b"}]}, []),
        ({"ip": "198.18.0.1"}, {"ip": "198.18.0.2"}, []),
        ({"startTime": "2026-01-01T00:00:00Z"}, {"startTime": "2026-01-01T00:00:00.123Z"}, []),
        ({"restartCount": 1}, {"restartCount": 2}, []),
        ({"exitCode": 1}, {"exitCode": 2}, ["exitCode"]),
        ({"content": DROPPED}, {"content": None}, []),
        ({"content": None}, {"content": ""}, ["content"]),
        ({"password": SECRET}, {"password": "whatever"}, []),
        (None, {"a": 1}, ["body"]),
    ],
)
def test_bodies(recorded: Any, answered: Any, where: list[str]):
    assert differences(recorded, answered) == where


def test_what_was_sent_comes_back_in_its_case():
    context = Context(sent={"My-Tag", "shop"})
    assert differences({"x": "My-Tag"}, {"x": "my-tag"}, context) == ["x"]
    assert differences(
        {"id": "/subscriptions/s/resourceGroups/shop"}, {"id": "/subscriptions/s/resourceGroups/SHOP"}, context
    ) == ["id"]
    assert differences({"id": "/a/theirs"}, {"id": "/a/ours"}, context) == []


def test_refusals_compare_by_status_and_code():
    found = compare(
        Exchange("PUT", "https://h/x", None, 201, {"azure-asyncoperation": "x"}, {"a": 1}),
        Answer(409, {}, {"error": {"code": "Taken", "message": "no"}}),
    )
    assert found == [Difference("status", "201", "409 Taken")]


def test_headers():
    headers = {"location": "l", "content-type": "application/json", "x-ms-failure-cause": "gateway", "date": "then"}
    assert differences(None, None, headers=headers, other_headers={}) == [
        "location",
        "x-ms-failure-cause",
        "content-type",
    ]
    assert differences(None, None, headers={}, other_headers={"azure-asyncoperation": "x", "date": "now"}) == [
        "azure-asyncoperation"
    ]
    limit = {"x-ms-ratelimit-remaining-subscription-resource-requests-pt5m": "99"}
    assert differences(None, None, headers=limit, other_headers={}) == [*limit]


def message(recorded: str, answered: str, context: Context | None = None) -> bool:
    return not differences({"error": {"message": recorded}}, {"error": {"message": answered}}, context)


def test_messages():
    context = Context(sent={"name-1"}, translate=lambda text: {"s1": "s2"}.get(text, text))
    assert message("The container group 'name-1' is stopped", "The container group 'name-1' is stopped", context)
    assert not message("The container group 'name-1' is stopped", "The container group 'name-2' is stopped", context)
    assert not message("The container group 'name-1' is stopped", "The container group 'name-1' has ended", context)
    assert message("activity id is 'id-1', retry later.", "activity id is '7e-9', retry later.", context)
    assert message("The subscription 's1' could not be found.", "The subscription 's2' could not be found.", context)


def test_images_that_were_sent_in_place_of_others():
    context = Context(images={"image-1": {"emulator.local/exit:3"}})
    assert differences({"image": "image-1"}, {"image": "emulator.local/exit:3"}, context) == []
    assert differences({"image": "image-1"}, {"image": "emulator.local/exit:4"}, Context(sent={"image-1"})) == ["image"]


def test_keys_that_are_not_compared():
    assert differences({"a": 1, "c": 2}, {"b": 1, "c": 2}, Context(without=("a", "b"))) == []


def test_shapes():
    assert shape({"a": [1, 2], "b": {"c": None}}) == [("a", ["int"]), ("b", [("c", "None")])]
