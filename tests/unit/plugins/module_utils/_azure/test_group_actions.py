# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done with a container group that exists."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import Ambiguous

GROUP = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/web"
OPERATION = "https://arm.example/subscriptions/s/providers/Microsoft.ContainerInstance/locations/x/operations/1"


@pytest.mark.parametrize(("method", "verb", "status"), [("stop_group", "stop", 200), ("restart_group", "restart", 202)])
def test_a_status_that_the_request_never_gets(azure: Any, method: str, verb: str, status: int) -> None:
    azure.expect("POST", f"{GROUP}/{verb}", status)
    with pytest.raises(Ambiguous) as caught:
        getattr(azure.client(), method)("shop", "web")
    assert caught.value.code == "InvalidAnswer"


def test_an_operation_that_fails(azure: Any) -> None:
    azure.expect("POST", f"{GROUP}/restart", 204, headers={"Azure-AsyncOperation": OPERATION})
    azure.expect("GET", "/operations/1", body={"status": "Failed", "error": {"code": "Bad", "message": "no"}})
    status = azure.client().restart_group("shop", "web").poll()
    assert (status.done, status.succeeded, status.error) == (True, False, {"code": "Bad", "message": "no"})


def test_without_an_operation_it_is_done(azure: Any) -> None:
    azure.expect("POST", f"{GROUP}/start", 204)
    status = azure.client().start_group("shop", "web").poll()
    assert (status.done, status.succeeded) == (True, True)


def test_stop(azure: Any) -> None:
    azure.expect("POST", f"{GROUP}/stop", 204)
    azure.client().stop_group("shop", "web")


def test_tags(azure: Any) -> None:
    azure.expect("PATCH", GROUP, body={"tags": {"a": "b"}})
    assert azure.client().patch_group("shop", "web", {"tags": {"a": "b"}}) == {"tags": {"a": "b"}}
    assert azure.sent() == {"tags": {"a": "b"}}


def test_a_group_in_transition_is_waited_for(azure: Any) -> None:
    for _number in range(3):
        azure.error("POST", f"{GROUP}/stop", 409, "ContainerGroupTransitioning")
    azure.expect("POST", f"{GROUP}/stop", 204)
    azure.client().stop_group("shop", "web")
    assert azure.clock.sleeps == [0.5, 1.0, 2.0]


class TestLogs:
    PATH = f"{GROUP}/containers/main/logs"

    def test_content(self, azure: Any) -> None:
        azure.expect("GET", self.PATH, body={"content": "one\ntwo\n"})
        assert azure.client().logs("shop", "web", "main", 2, True) == "one\ntwo\n"
        assert "tail=2" in azure.requests[0].url
        assert "timestamps=true" in azure.requests[0].url

    def test_nothing_written(self, azure: Any) -> None:
        azure.expect("GET", self.PATH, body={"content": None})
        assert azure.client().logs("shop", "web", "main") == ""
        assert "tail" not in azure.requests[0].url

    def test_not_available(self, azure: Any) -> None:
        azure.error("GET", self.PATH, 404, "ContainerLogNotAvailable")
        assert azure.client().logs("shop", "web", "main") is None


def test_a_command_is_prepared(azure: Any) -> None:
    answer = {"webSocketUri": "wss://x", "password": "planted"}
    azure.error("POST", f"{GROUP}/containers/main/exec", 503, "ServiceUnavailable")
    azure.expect("POST", f"{GROUP}/containers/main/exec", body=answer)
    assert azure.client().execute_command("shop", "web", "main", {"command": "sh"}) == answer
    assert azure.sent() == {"command": "sh"}
