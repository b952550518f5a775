# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_logs: which logs are read, and what is said of those that are not there."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AzureError,
    InvalidArguments,
    TimedOut,
)
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
