# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a request is retried, with the real SDK and a clock that only sleeps advance."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import requests
from urllib3.exceptions import NameResolutionError, NewConnectionError, ProtocolError

from ansible_collections.azure_containers.aci.plugins.module_utils._common import retry
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    Ambiguous,
    AzureError,
    ConnectionFailed,
    CredentialsError,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.retry import Retries

GROUP = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/web"
GROUPS = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups"
OPERATION = "https://arm.example/subscriptions/s/providers/Microsoft.ContainerInstance/locations/x/operations/1"
BEGUN = {"headers": {"Azure-AsyncOperation": OPERATION}}


def connection(error: Any) -> dict[str, Any]:
    return {"raises": requests.exceptions.ConnectionError(error)}


def answer(status: int, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"status": status, "body": {"error": {"code": f"E{status}", "message": "No"}}, "headers": named}


OUTAGES: dict[str, dict[str, Any]] = {
    "500": answer(500),
    "502": answer(502),
    "503": answer(503),
    "504": answer(504),
    "429": answer(429),
    "503 that asks for a long pause": answer(503, Retry_After="3600"),
    "429 that asks for a long pause": answer(429, Retry_After="3600"),
    "connection lost": connection(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset"))),
    "connection refused": connection(NewConnectionError(None, "refused")),  # type: ignore[arg-type]
    "no name": connection(NameResolutionError("arm.example", None, socket.gaierror("unknown"))),  # type: ignore[arg-type]
    "handshake cut off": {"raises": requests.exceptions.SSLError("EOF occurred in violation of protocol")},
}


def fail(azure: Any, method: str, path: str, outage: str) -> None:
    azure.expect(method, path, **OUTAGES[outage])


class Task:
    """A client with ``seconds`` left, which has or has not got its first answer."""

    def __init__(self, azure: Any, seconds: float | None = 100.0, known: bool = True) -> None:
        self.azure = azure
        self.told: list[str] = []
        self.retries = Retries(azure.clock.sleep, lambda: azure.clock.now, self.told.append, seconds)
        self.client = azure.client()
        self.client.begin_task(self.retries)
        if known:
            azure.expect("GET", GROUP, body={"name": "web"})
            self.client.get_group("shop", "web")
        self.began = azure.clock.now
        del azure.clock.sleeps[:]

    @property
    def took(self) -> float:
        return float(self.azure.clock.now - self.began)


@pytest.mark.parametrize("outage", OUTAGES)
@pytest.mark.parametrize("times", [1, 4, 12])
def test_an_outage_is_waited_out(azure: Any, outage: str, times: int) -> None:
    task = Task(azure, seconds=50_000.0)
    for _number in range(times):
        fail(azure, "GET", GROUP, outage)
    azure.expect("GET", GROUP, body={"name": "web"})
    assert task.client.get_group("shop", "web") == {"name": "web"}
    assert len(azure.clock.sleeps) == times
    assert "Trying again in" in task.told[0]


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_ends_with_the_deadline(azure: Any, outage: str) -> None:
    task = Task(azure, seconds=5.0)
    azure.expect("GET", GROUP, **OUTAGES[outage], forever=True)
    with pytest.raises(
        AciError, match=r"Gave up after \d+ attempts in 5 s; the limit is 5 s \(wait_timeout\)"
    ) as caught:
        task.client.get_group("shop", "web")
    assert task.took == pytest.approx(5.0)
    assert caught.value.transient
    assert ("The service asked to wait 3600 s." in caught.value.msg) is ("pause" in outage)
    trouble = caught.value.status is not None and caught.value.status >= 500
    assert ("https://azure.status.microsoft, and run the task again later" in caught.value.msg) is trouble


REQUESTS: dict[str, tuple[str, str, Any]] = {
    "read": ("GET", GROUP, lambda client: client.get_group("shop", "web")),
    "list": ("GET", GROUPS, lambda client: client.list_groups("shop")),
    "log": ("GET", f"{GROUP}/containers/a/logs", lambda client: client.logs("shop", "web", "a")),
    "delete": ("DELETE", GROUP, lambda client: client.delete_group("shop", "web", deadline=0.0)),
    "resource group": ("GET", "/resource[gG]roups/shop", lambda client: client.get_resource_group("shop")),
    "resources": ("GET", "/shop/resources", lambda client: client.resource_groups.resources("shop")),
}


@pytest.mark.parametrize("outage", ["503 that asks for a long pause", "429 that asks for a long pause", "no name"])
@pytest.mark.parametrize("request_", REQUESTS)
def test_every_request_that_may_be_repeated_keeps_the_deadline(azure: Any, request_: str, outage: str) -> None:
    task = Task(azure, seconds=5.0)
    method, path, send = REQUESTS[request_]
    azure.expect(method, path, **OUTAGES[outage], forever=True)
    with pytest.raises(AciError, match="Gave up"):
        send(task.client)
    assert task.took == pytest.approx(5.0)


@pytest.mark.parametrize("outage", OUTAGES)
def test_polls_of_an_operation(azure: Any, outage: str) -> None:
    task = Task(azure, seconds=50_000.0)
    azure.expect("PUT", GROUP, 201, {}, **BEGUN)
    operation = task.client.put_group("shop", "web", {})
    for _number in range(12):
        fail(azure, "GET", "/operations/1", outage)
    azure.expect("GET", "/operations/1", body={"status": "Succeeded"})
    assert operation.poll().succeeded


def test_the_next_page(azure: Any) -> None:
    task = Task(azure)
    more = "https://arm.example/subscriptions/s/more"
    azure.expect("GET", GROUPS, body={"value": [{"name": "a"}], "nextLink": more})
    for _number in range(5):
        fail(azure, "GET", "/more", "503")
    azure.expect("GET", "/more", body={"value": [{"name": "b"}]})
    assert [group["name"] for group in task.client.list_groups("shop")] == ["a", "b"]


class TestBeforeTheFirstAnswer:
    @pytest.mark.parametrize("outage", [name for name in OUTAGES if "429" not in name and "pause" not in name])
    def test_a_wrong_endpoint_fails_at_once(self, azure: Any, outage: str) -> None:
        task = Task(azure, seconds=2100.0, known=False)
        for _number in range(retry.TRIES):
            fail(azure, "GET", GROUP, outage)
        with pytest.raises(AciError) as caught:
            task.client.get_group("shop", "web")
        assert "Gave up" not in caught.value.msg
        assert task.took < 5

    def test_who_counts_requests_is_there(self, azure: Any) -> None:
        task = Task(azure, seconds=200.0, known=False)
        for _number in range(12):
            fail(azure, "GET", GROUP, "429")
        azure.expect("GET", GROUP, body={})
        assert task.client.get_group("shop", "web") == {}

    def test_a_refusal_is_an_answer(self, azure: Any) -> None:
        task = Task(azure, seconds=200.0, known=False)
        azure.error("GET", GROUP, 404, "ResourceNotFound")
        assert task.client.get_group("shop", "web") is None
        for _number in range(12):
            fail(azure, "GET", GROUP, "503")
        azure.expect("GET", GROUP, body={})
        assert task.client.get_group("shop", "web") == {}

    def test_a_write_is_an_answer(self, azure: Any) -> None:
        task = Task(azure, known=False)
        azure.expect("PUT", GROUP, 201, {})
        task.client.put_group("shop", "web", {})
        assert task.retries.has_answered

    def test_the_next_task_begins_anew(self, azure: Any) -> None:
        task = Task(azure)
        task.client.begin_task(Retries(azure.clock.sleep, lambda: azure.clock.now, seconds=100.0))
        for _number in range(retry.TRIES):
            fail(azure, "GET", GROUP, "no name")
        with pytest.raises(ConnectionFailed):
            task.client.get_group("shop", "web")


def test_without_a_deadline_one_interruption_has_300_seconds(azure: Any) -> None:
    task = Task(azure, seconds=None)
    azure.expect("GET", GROUP, **OUTAGES["429 that asks for a long pause"], forever=True)
    with pytest.raises(AzureError, match=r"the limit is 300 s\. The service asked to wait 3600 s\."):
        task.client.get_group("shop", "web")
    assert task.took == pytest.approx(300.0)
    for _number in range(2):  # for each interruption
        with pytest.raises(AzureError):
            task.client.get_group("shop", "web")
    assert task.took == pytest.approx(900.0)


class TestWrites:
    @pytest.mark.parametrize("outage", ["500", "503", "503 that asks for a long pause", "connection lost"])
    def test_one_that_may_have_been_applied_is_sent_once(self, azure: Any, outage: str) -> None:
        task = Task(azure)
        fail(azure, "PUT", GROUP, outage)
        with pytest.raises(Ambiguous):
            task.client.put_group("shop", "web", {})
        assert azure.clock.sleeps == []

    @pytest.mark.parametrize("outage", ["no name", "connection refused"])
    def test_one_that_was_never_sent_is_sent_again(self, azure: Any, outage: str) -> None:
        task = Task(azure)
        for _number in range(5):
            fail(azure, "PUT", GROUP, outage)
        azure.expect("PUT", GROUP, 201, {})
        task.client.put_group("shop", "web", {})
        assert "Could not create or update" in task.told[0]

    def test_a_pause_beyond_the_deadline_is_told(self, azure: Any) -> None:
        task = Task(azure)
        fail(azure, "PUT", GROUP, "429 that asks for a long pause")
        with pytest.raises(AzureError, match=r"The service asked to wait 3600 s\."):
            task.client.put_group("shop", "web", {}, deadline=azure.clock.now + 60)
        assert azure.clock.sleeps == []


class TestSignIn:
    @pytest.mark.parametrize("status", [429, 500, 503])
    @pytest.mark.parametrize("body", [{"error": "temporarily_unavailable"}, {}, b"<html>"])
    def test_it_keeps_the_deadline(self, azure: Any, status: int, body: Any) -> None:
        task = Task(azure, seconds=5.0, known=False)
        task.retries.has_answered = True  # as if the token had expired meanwhile
        azure.token = (status, body)
        azure.token_headers = {"Retry-After": "30"}
        with pytest.raises(AciError, match=r"sign in.*Gave up.*The service asked to wait 30 s\."):
            task.client.get_group("shop", "web")
        assert task.took == pytest.approx(5.0)

    @pytest.mark.parametrize("status", [429, 503])
    def test_it_is_waited_out(self, azure: Any, status: int) -> None:
        task = Task(azure, known=False)
        task.retries.has_answered = True
        well = azure.token
        azure.token = (status, {"error": "temporarily_unavailable"})
        sleep = azure.clock.sleep

        def recovering(seconds: float) -> None:
            sleep(seconds)
            if len(azure.clock.sleeps) == 6:
                azure.token = well

        task.retries.sleep = recovering
        azure.expect("GET", GROUP, body={})
        assert task.client.get_group("shop", "web") == {}
        assert len(azure.sign_ins) == 7
        assert "Could not sign in" in task.told[0]

    def test_a_wrong_address_fails_at_once(self, azure: Any) -> None:
        task = Task(azure, seconds=2100.0, known=False)
        azure.token = (503, {"error": "temporarily_unavailable"})
        with pytest.raises(CredentialsError):
            task.client.get_group("shop", "web")
        assert task.took < 5

    def test_a_refusal_is_final(self, azure: Any) -> None:
        task = Task(azure, known=False)
        azure.token = (401, {"error": "invalid_client", "error_description": "AADSTS7000215: wrong"})
        with pytest.raises(CredentialsError):
            task.client.get_group("shop", "web")
        assert (len(azure.sign_ins), azure.clock.sleeps) == (1, [])


def test_much_trouble_is_told_seldom(azure: Any) -> None:
    task = Task(azure)
    for _number in range(8):
        task.retries.tell("The service is gone.")
        azure.clock.now += 1
    assert len(task.told) == 2
