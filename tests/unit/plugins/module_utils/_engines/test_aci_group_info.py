# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_group_info: which groups are read and selected."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group_info
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context

GROUPS = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups"


def group(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"/subscriptions/s{GROUPS}/{name}", "name": name, "location": "westus2", **more}


def run(engine: Any, azure: Any, warnings: list[str] | None = None, **options: Any) -> dict[str, Any]:
    params = {**{name: option.get("default") for name, option in engine.SPEC.arguments.items()}, **options}
    warn = (warnings if warnings is not None else []).append
    client = azure.client()
    return engine.run(Context(params, False, False, client, warn, **azure.time))


class TestInfo:
    def test_one(self, azure: Any) -> None:
        azure.expect("GET", f"{GROUPS}/web", body=group("web"))
        found = run(aci_group_info, azure, resource_group="shop", name="web")
        assert found["changed"] is False
        assert [(item["name"], item["resource_group"]) for item in found["container_groups"]] == [("web", "shop")]

    def test_one_that_is_missing(self, azure: Any) -> None:
        azure.error("GET", f"{GROUPS}/web", 404, "ResourceNotFound")
        assert run(aci_group_info, azure, resource_group="shop", name="web")["container_groups"] == []

    def test_a_missing_resource_group_is_told(self, azure: Any) -> None:
        warnings: list[str] = []
        azure.error("GET", GROUPS, 404, "ResourceGroupNotFound")
        assert run(aci_group_info, azure, warnings, resource_group="shop")["container_groups"] == []
        assert "shop" in warnings[0]

    def test_views_on_request(self, azure: Any) -> None:
        azure.expect("GET", GROUPS, body={"value": [group("a"), group("b"), group("c", tags={"x": "1"})]})
        azure.expect("GET", f"{GROUPS}/a", body=group("a", properties={"instanceView": {"state": "Running"}}))
        azure.error("GET", f"{GROUPS}/b", 404, "ResourceNotFound")
        azure.error("GET", f"{GROUPS}/c", 404, "ResourceGroupNotFound")
        found = run(aci_group_info, azure, resource_group="shop", instance_view=True, workers=1)["container_groups"]
        assert [(item["name"], item["state"]) for item in found] == [("a", "Running")]

    @pytest.mark.parametrize(
        ("tags", "names"),
        [
            (None, ["a", "b", "c"]),
            ({"stage": "test"}, ["a"]),
            ({"STAGE": "test"}, ["a"]),
            ({"stage": "Test"}, []),
            ({"stage": None}, ["a", "b"]),
            (["stage"], ["a", "b"]),
            (["stage:prod"], ["b"]),
            (["stage:prod", "owner"], []),
            ("stage:test", ["a"]),
            (["hidden-link:/app"], ["c"]),
            (["hidden-link:/app:Resource"], ["c"]),
            (["hidden-link:/app:resource"], []),
        ],
    )
    def test_tags(self, azure: Any, tags: Any, names: list[str]) -> None:
        groups = [
            group("a", tags={"stage": "test", "owner": "web"}),
            group("b", tags={"Stage": "prod"}),
            group("c", tags={"hidden-link:/app": "Resource"}),
        ]
        azure.expect("GET", GROUPS, body={"value": groups})
        found = run(aci_group_info, azure, resource_group="shop", tags=tags)["container_groups"]
        assert [item["name"] for item in found] == names

    @pytest.mark.parametrize("tags", [5, [{"a": "b"}], {"a": 1.5}])
    def test_tags_that_are_none(self, azure: Any, tags: Any) -> None:
        with pytest.raises(InvalidArguments, match="tags"):
            run(aci_group_info, azure, resource_group="shop", tags=tags)


class TestFailures:
    """The results for groups that did not reach ``wait_for``."""

    ENDED: ClassVar = {"state": "Terminated", "exitCode": 3}

    def failed(self, name: str) -> dict[str, Any]:
        container = {"name": "job", "properties": {"instanceView": {"currentState": self.ENDED}}}
        view = {"state": "Failed", "events": []}
        more = {"provisioningState": "Succeeded", "restartPolicy": "Never", "instanceView": view}
        return group(name, properties={**more, "containers": [container]})

    def fail(self, azure: Any, *logs: str | int, **options: Any) -> AciError:
        listed = [group(f"g{number}", properties={"provisioningState": "Succeeded"}) for number in range(len(logs))]
        azure.expect("GET", GROUPS, body={"value": listed})
        for number in range(len(logs)):
            azure.expect("GET", f"{GROUPS}/g{number}", body=self.failed(f"g{number}"))
        for number, log in enumerate(logs):
            path = f"{GROUPS}/g{number}/containers/job/logs"
            if isinstance(log, int):
                azure.error("GET", path, log, "AuthorizationFailed")
            elif log:
                azure.expect("GET", path, body={"content": log})
        options = {"resource_group": "shop", "wait_for": "completed", "workers": 1, **options}
        with pytest.raises(AciError) as caught:
            run(aci_group_info, azure, **options)
        return caught.value

    def test_last_lines_of_each(self, azure: Any) -> None:
        failure = self.fail(azure, "one\n", 403).as_failure()
        assert "g0/job | one" in failure["msg"].splitlines()
        assert "The log of container g1/job could not be read: " in failure["msg"]
        assert [entry["container_group"] for entry in failure["failure_logs"]] == ["g0", "g1"]
        assert [each["exit_codes"] for each in failure["not_ready"]] == [{"job": 3}, {"job": 3}]
        assert failure["error"]["code"] == "ContainerGroupsNotReady"

    def test_none(self, azure: Any) -> None:
        error = self.fail(azure, "", failure_log_lines=0)
        assert "failure_logs" not in error.result
        assert error.details == ""

    def test_no_number_of_lines(self, azure: Any) -> None:
        with pytest.raises(InvalidArguments, match="failure_log_lines"):
            run(aci_group_info, azure, resource_group="shop", failure_log_lines=-1)


class TestFields:
    FULL: ClassVar[dict[str, Any]] = group(
        "web",
        tags={"owner": "me", "aci_secrets": "x"},
        systemData={"createdAt": "2026-01-01"},
        properties={
            "provisioningState": "Succeeded",
            "osType": "Linux",
            "isCustomProvisioningTimeout": True,
            "isCreatedFromStandbyPool": True,
            "provisioningTimeoutInSeconds": 1800,
            "ipAddress": {"ip": "20.0.0.1", "ports": [{"port": 80}]},
            "containers": [{"name": "web", "properties": {"image": "nginx"}}],
            "instanceView": {"state": "Running", "events": [{"name": "Pulled"}]},
        },
    )

    def of(self, azure: Any, *fields: str, **options: Any) -> Any:
        azure.expect("GET", f"{GROUPS}/web", body=self.FULL)
        found = run(aci_group_info, azure, resource_group="shop", name="web", fields=list(fields) or None, **options)
        return found["container_groups"][0]

    @pytest.mark.parametrize("field", aci_group_info.FIELDS)
    def test_each_is_what_it_is_among_all(self, azure: Any, field: str) -> None:
        assert self.of(azure, field) == {field: self.of(azure).get(field)}

    def test_every_field_can_be_asked_for(self, azure: Any) -> None:
        assert self.of(azure).keys() <= set(aci_group_info.FIELDS)

    def test_in_their_order_and_once(self, azure: Any) -> None:
        assert list(self.of(azure, "state", "name", "state").items()) == [("state", "Running"), ("name", "web")]

    def test_a_definition_is_made_only_if_it_is_asked_for(self, azure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def made(*_args: Any) -> Any:
            raise AssertionError("it is made")

        monkeypatch.setattr(aci_group_info, "exported", made)
        assert self.of(azure, "name") == {"name": "web"}
        with pytest.raises(AssertionError, match="it is made"):
            self.of(azure, "definition")

    def test_of_groups_with_views(self, azure: Any) -> None:
        azure.expect("GET", GROUPS, body={"value": [group("web")]})
        azure.expect("GET", f"{GROUPS}/web", body=self.FULL)
        options = {"resource_group": "shop", "instance_view": True, "workers": 1, "fields": ["name", "state"]}
        assert run(aci_group_info, azure, **options)["container_groups"] == [{"name": "web", "state": "Running"}]

    def test_secrets_are_masked_as_in_all(self, azure: Any) -> None:
        azure.expect("GET", f"{GROUPS}/web", body=group("web", properties={"brandNewSecret": "planted", "osType": "L"}))
        options = {"resource_group": "shop", "name": "web", "fields": ["os_type", "containers"]}
        assert run(aci_group_info, azure, **options)["container_groups"] == [{"os_type": "L", "containers": []}]

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            (["nmae"], "fields: 'nmae' is not a field of a container group. Did you mean name?"),
            (["name", "zzz"], "fields: 'zzz' is not a field of a container group. There are: id, name, "),
            ([], "fields is empty"),
        ],
    )
    def test_what_is_no_field_is_refused_before_anything_is_asked(
        self, azure: Any, fields: list[str], says: str
    ) -> None:
        with pytest.raises(InvalidArguments) as caught:
            run(aci_group_info, azure, resource_group="shop", fields=fields)
        assert says in caught.value.msg
