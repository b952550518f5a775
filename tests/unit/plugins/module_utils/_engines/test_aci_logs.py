# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_logs: the logs that it reads, and its errors about missing ones."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    InvalidArguments,
    TimedOut,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import Masker
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_logs
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context

GROUPS = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups"


def group(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"/subscriptions/s{GROUPS}/{name}", "name": name, "location": "westus2", **more}


def run(engine: Any, azure: Any, warnings: list[str] | None = None, **options: Any) -> dict[str, Any]:
    params = {**{name: option.get("default") for name, option in engine.SPEC.arguments.items()}, **options}
    warn = (warnings if warnings is not None else []).append
    client = azure.client()
    return engine.run(Context(params, False, False, client, warn, **azure.time))


def waiting(state: dict[str, Any]) -> dict[str, Any]:
    main = {"name": "main", "properties": {"instanceView": {"currentState": state, "events": []}}}
    init = {"name": "init", "properties": {}}
    return group("web", properties={"containers": [main], "initContainers": [init]})


class TestLogs:
    LIVE = waiting({"state": "Waiting", "detailStatus": "ImagePullBackOff"})

    def logs(self, azure: Any, **options: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = run(aci_logs, azure, resource_group="shop", name="web", **options)["logs"]
        return found

    def test_all(self, azure: Any) -> None:
        azure.expect("GET", f"{GROUPS}/web", body=self.LIVE)
        azure.expect("GET", f"{GROUPS}/web/containers/init/logs", body={"content": "prepared\n"})
        azure.expect("GET", f"{GROUPS}/web/containers/main/logs", body={"content": "one\ntwo\n"})
        first, second = self.logs(azure, init_containers=True)
        assert (first["container"], first["init"], first["lines"]) == ("init", True, ["prepared"])
        assert (second["content"], second["lines"], second["reason"]) == ("one\ntwo\n", ["one", "two"], None)

    def test_not_available_is_a_result(self, azure: Any) -> None:
        azure.expect("GET", f"{GROUPS}/web", body=self.LIVE)
        azure.error("GET", f"{GROUPS}/web/containers/main/logs", 404, "ContainerLogNotAvailable")
        (log,) = self.logs(azure)
        assert (log["available"], log["content"], log["lines"]) == (False, "", [])
        assert "Waiting ImagePullBackOff" in log["reason"]

    def test_waiting_reads_only_what_is_missing(self, azure: Any) -> None:
        azure.expect("GET", f"{GROUPS}/web", body=self.LIVE)
        azure.expect("GET", f"{GROUPS}/web/containers/init/logs", body={"content": ""})
        azure.error("GET", f"{GROUPS}/web/containers/main/logs", 404, "ContainerLogNotAvailable")
        azure.expect("GET", f"{GROUPS}/web", body=self.LIVE)
        azure.expect("GET", f"{GROUPS}/web/containers/main/logs", body={"content": "here"})
        logs = self.logs(azure, init_containers=True, wait=True)
        assert [log["content"] for log in logs] == ["", "here"]

    def test_waiting_in_vain(self, azure: Any) -> None:
        for _number in range(3):
            azure.expect("GET", f"{GROUPS}/web", body=self.LIVE)
            azure.error("GET", f"{GROUPS}/web/containers/main/logs", 404, "ContainerLogNotAvailable")
        with pytest.raises(TimedOut, match=r"main.*ImagePullBackOff") as caught:
            self.logs(azure, wait=True, wait_timeout=0.3)
        assert caught.value.result["logs"][0]["available"] is False

    def test_a_container_that_is_missing(self, azure: Any) -> None:
        azure.expect("GET", f"{GROUPS}/web", body=self.LIVE)
        with pytest.raises(InvalidArguments, match=r"no container nobody\. It has: init, main"):
            self.logs(azure, container="nobody")

    def test_a_group_that_is_missing(self, azure: Any) -> None:
        azure.error("GET", f"{GROUPS}/web", 404, "ResourceNotFound")
        with pytest.raises(AzureError, match="no container group web") as caught:
            self.logs(azure)
        assert caught.value.code == "ResourceNotFound"

    @pytest.mark.parametrize("tail", [0, -1])
    def test_tail(self, azure: Any, tail: int) -> None:
        with pytest.raises(InvalidArguments, match="tail"):
            self.logs(azure, tail=tail)


def running(state: dict[str, Any] | None = None, *, policy: str = "Always", whole: str = "Running") -> dict[str, Any]:
    current = state or {"state": "Running", "startTime": "1"}
    container = {"name": "main", "properties": {"instanceView": {"currentState": current, "events": []}}}
    view = {"state": whole, "events": []}
    return group("web", properties={"containers": [container], "restartPolicy": policy, "instanceView": view})


class TestLine:
    """Waiting for a line."""

    def play(self, azure: Any, *steps: tuple[dict[str, Any], str | None], **options: Any) -> dict[str, Any]:
        for live, content in steps:
            azure.expect("GET", f"{GROUPS}/web", body=live)
            path = f"{GROUPS}/web/containers/main/logs"
            if content is None:
                azure.error("GET", path, 404, "ContainerLogNotAvailable")
            else:
                azure.expect("GET", path, body={"content": content})
        params = {name: option.get("default") for name, option in aci_logs.SPEC.arguments.items()}
        params = {**params, "resource_group": "shop", "name": "web", "wait_for_line": "ready", **options}
        self.shown: list[str] = []
        masker = Masker(["canary-1"])
        context = Context(params, False, False, azure.client(), progress=self.shown.append, masker=masker, **azure.time)
        return aci_logs.run(context)

    def test_a_line_that_comes(self, azure: Any) -> None:
        steps = [(running(), None), (running(), "begin\nrea"), (running(), "begin\nready canary-1\nmore\n")]
        result = self.play(azure, *steps)
        assert result["line"] == {"container": "main", "line": "ready canary-1"}
        assert result["logs"][0]["lines"] == ["begin", "ready canary-1", "more"]
        assert self.shown == ["main | begin", "main | ready ********", "main | more"]
        assert result["changed"] is False

    def test_a_line_that_is_there(self, azure: Any) -> None:
        result = self.play(azure, (running(), "one\nready\nmore\n"), tail=1, stream=False)
        assert result["line"]["line"] == "ready"
        assert result["logs"][0]["content"] == "more\n"
        assert self.shown == []

    def test_half_a_line_is_none_until_the_container_has_ended(self, azure: Any) -> None:
        ended = running({"state": "Terminated", "exitCode": 0, "startTime": "1"}, policy="Never")
        steps = [(running(policy="Never"), "ready"), (running(policy="Never"), "ready to"), (ended, "ready to go")]
        assert self.play(azure, *steps, (ended, "ready to go"))["line"]["line"] == "ready to go"

    @pytest.mark.parametrize("whole", ["Running", "Succeeded"])
    def test_a_line_that_never_comes(self, azure: Any, whole: str) -> None:
        ended = running({"state": "Terminated", "exitCode": 3, "startTime": "1"}, policy="Never", whole=whole)
        with pytest.raises(AciError, match=r"none will, because it has ended.*exit code 3") as caught:
            self.play(azure, (ended, "said\n"), (ended, "said\n"), container="main")
        assert caught.value.code == "LineNotFound"
        assert caught.value.result["logs"][0]["lines"] == ["said"]
        assert caught.value.result["line"] is None

    def test_a_container_that_is_started_again_may_write_it_yet(self, azure: Any) -> None:
        ended = running({"state": "Terminated", "exitCode": 0, "startTime": "1"})
        again = running({"state": "Running", "startTime": "2"})
        result = self.play(azure, (ended, "said\n"), (ended, "said\n"), (again, "ready\n"))
        assert result["logs"][0]["lines"] == ["said", "ready"]

    def test_too_late(self, azure: Any) -> None:
        with pytest.raises(
            TimedOut, match=r"No line of container group web matched 'ready'.*: 1 line was read"
        ) as caught:
            self.play(azure, *[(running(), "said\n")] * 3, wait_timeout=0.3)
        assert caught.value.result["logs"][0]["lines"] == ["said"]

    @pytest.mark.parametrize("pattern", ["(", ""])
    def test_an_expression_that_is_none(self, azure: Any, pattern: str) -> None:
        with pytest.raises(InvalidArguments, match="wait_for_line"):
            self.play(azure, wait_for_line=pattern)
