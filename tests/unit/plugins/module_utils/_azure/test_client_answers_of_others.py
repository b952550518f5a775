# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses that are not Azure's, for every operation of the client: a one-sentence error that names the sender."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import client as clients
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.exchange import Answer
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.sdk import body_of
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.shapes import CONTAINER_GROUP
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    Ambiguous,
    AzureError,
    ConnectionFailed,
    CredentialsError,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group, aci_group_info
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock

DEEP = b'{"properties":' * 20_000 + b"1" + b"}" * 20_000
PAGE = b"<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>"
BODY = {"location": "westeurope"}

Call = Callable[[clients.Client], Any]


READS: dict[str, tuple[str, Call]] = {
    "resource group": ("GET", lambda c: c.get_resource_group("shop")),
    "resource groups": ("GET", lambda c: c.resource_groups.list_all()),
    "resources": ("GET", lambda c: c.resource_groups.resources("shop")),
    "times of creation": ("GET", lambda c: c.created_times()),
    "group": ("GET", lambda c: c.get_group("shop", "web")),
    "groups": ("GET", lambda c: c.list_groups("shop")),
    "groups of a subscription": ("GET", lambda c: c.list_groups()),
    "groups page by page": ("GET", lambda c: list(c.each_group())),
    "logs": ("GET", lambda c: c.logs("shop", "web", "web")),
    "exec": ("POST", lambda c: c.execute_command("shop", "web", "web", {"command": "sh"})),
    "usages": ("GET", lambda c: c.list_usage("westeurope")),
    "capabilities": ("GET", lambda c: c.locations.capabilities("westeurope")),
    "cached images": ("GET", lambda c: c.locations.cached_images("westeurope")),
    "provider": ("GET", lambda c: c.locations.container_group_type()),
    "profile": ("GET", lambda c: c.profiles.get("shop", "web")),
    "revisions": ("GET", lambda c: c.profiles.revisions("shop", "web")),
    "subnet": ("GET", lambda c: c.get_subnet("/subscriptions/s/subnet")),
}
WRITES: dict[str, tuple[str, Call]] = {
    "put a resource group": ("PUT", lambda c: c.resource_groups.put("shop", BODY)),
    "patch a resource group": ("PATCH", lambda c: c.resource_groups.patch("shop", BODY)),
    "put a group": ("PUT", lambda c: c.put_group("shop", "web", BODY)),
    "patch a group": ("PATCH", lambda c: c.patch_group("shop", "web", BODY)),
    "start": ("POST", lambda c: c.start_group("shop", "web")),
    "restart": ("POST", lambda c: c.restart_group("shop", "web")),
    "stop": ("POST", lambda c: c.stop_group("shop", "web")),
    "put a profile": ("PUT", lambda c: c.profiles.put("shop", "web", BODY)),
    "patch a profile": ("PATCH", lambda c: c.profiles.patch("shop", "web", BODY)),
}
DELETES: dict[str, tuple[str, Call]] = {
    "delete a resource group": ("DELETE", lambda c: c.resource_groups.delete("shop")),
    "delete a group": ("DELETE", lambda c: c.delete_group("shop", "web")),
    "delete a profile": ("DELETE", lambda c: c.profiles.delete("shop", "web")),
    "delete a link": ("DELETE", lambda c: c.delete_subnet_association("shop", "net", "sub")),
}
EVERY = {**READS, **WRITES, **DELETES}
SOME = {name: EVERY[name] for name in ("group", "groups", "put a group", "stop", "delete a group")}
LISTS = (
    "resource groups",
    "resources",
    "times of creation",
    "groups",
    "groups of a subscription",
    "groups page by page",
    "usages",
    "capabilities",
    "cached images",
    "revisions",
)

ANSWERS: dict[str, tuple[bytes, str, str]] = {
    "a web page": (PAGE, "text/html; charset=utf-8", "a web page or XML (text/html; charset=utf-8)"),
    "a web page that claims to be JSON": (PAGE, "application/json", "a web page or XML (application/json)"),
    "XML": (b"<?xml version='1.0'?><Error/>", "application/xml", "a web page or XML (application/xml)"),
    "broken XML": (b"<?xml version='1.0'?><Error>", "text/xml", "a web page or XML (text/xml)"),
    "text": (b"It works!", "text/plain", "something other than JSON (text/plain)"),
    "bytes": (b"\x89PNG\x0d\x0a\x1a\x0a\x00\xff", "image/png", "a body that is not UTF-8"),
    "a strange content type": (b"It works!", "x\x1b]0;y", "something other than JSON"),
    "JSON that is cut off": (b'{"value": [{"name": "we', "application/json", "JSON that is damaged or cut off"),
    "JSON with more behind it": (b"{} {}", "application/json", "JSON that is damaged or cut off"),
    "JSON that is not UTF-8": (b'{"name": "\xff\xfe"}', "application/json", "a body that is not UTF-8"),
    "JSON that is nested too deeply": (DEEP, "application/json", "JSON that is nested too deeply"),
    "lists without end": (b"[" * 100_000, "application/json", "JSON that is nested too deeply"),
    "a number that is none": (b'{"a": NaN}', "application/json", "JSON that is damaged or cut off"),
    "an infinite number": (b'{"a": -1e999}', "application/json", "JSON that is damaged or cut off"),
    "a number with too many digits": (b'{"a": ' + b"9" * 5000 + b"}", "application/json", "JSON that is damaged"),
    "a list": (b"[]", "application/json", "a list instead of a JSON object"),
    "a text in JSON": (b'"text"', "application/json", "a string instead of a JSON object"),
    "a number": (b"5", "application/json", "a whole number instead of a JSON object"),
    "null": (b"null", "application/json", "null instead of a JSON object"),
    "properties that are a text": (
        b'{"properties": "x", "content": [], "webSocketUri": 1, "resourceTypes": 5}',
        "",
        "",
    ),
    "properties that are a list": (b'{"properties": [], "content": {}, "password": [], "resourceTypes": {}}', "", ""),
}
every_answer = pytest.mark.parametrize(("content", "kind", "said"), ANSWERS.values(), ids=ANSWERS)
every_operation = pytest.mark.parametrize(("method", "call"), EVERY.values(), ids=EVERY)


def statuses(method: str) -> tuple[int, ...]:
    """Valid statuses of an operation with this method, those of the SDK and others."""
    return {"GET": (200,), "PUT": (200, 201), "PATCH": (200,), "POST": (200, 202), "DELETE": (200, 202)}[method]


def check(error: AciError, said: str) -> None:
    assert error.code == "InvalidAnswer", error.msg
    assert re.fullmatch(r"Could not [^\n]*: https://arm\.example answered with status 20\d and [^\n]*", error.msg)
    assert said in error.msg
    assert "proxy" in error.msg
    assert all(char.isprintable() for char in error.msg)
    assert "hotel" not in error.msg


class TestEveryOperation:
    @every_answer
    @every_operation
    def test_what_is_not_azure(self, azure: Any, method: str, call: Call, content: bytes, kind: str, said: str) -> None:
        for status in statuses(method):
            azure.expect(method, "", status, content, headers={"Content-Type": kind or "application/json"})
            with pytest.raises(AzureError) as caught:
                call(azure.client())
            check(caught.value, said)

    @pytest.mark.parametrize(("method", "call"), READS.values(), ids=READS)
    def test_an_empty_answer(self, azure: Any, method: str, call: Call) -> None:
        for content in (b"", b" \r\n"):
            azure.expect(method, "", 200, content)
            with pytest.raises(AzureError) as caught:
                call(azure.client())
            check(caught.value, "an empty body")

    @every_answer
    @pytest.mark.parametrize(("method", "call"), [WRITES["put a group"], WRITES["stop"]], ids=["put", "stop"])
    def test_nobody_knows_what_a_write_did(
        self, azure: Any, method: str, call: Call, content: bytes, kind: str, said: str
    ) -> None:
        azure.expect(method, "", 200, content, headers={"Content-Type": kind or "application/json"})
        with pytest.raises(Ambiguous):
            call(azure.client())

    @every_answer
    @pytest.mark.parametrize(("method", "call"), SOME.values(), ids=SOME)
    def test_errors_that_are_not_azure(
        self, azure: Any, method: str, call: Call, content: bytes, kind: str, said: str
    ) -> None:
        azure.expect(method, "", 403, content, headers={"Content-Type": kind or "application/json"})
        with pytest.raises(AzureError, match="status 403") as caught:
            call(azure.client())
        assert (caught.value.code, caught.value.status) == ("HTTP403", 403)
        assert "\n" not in caught.value.msg

    @pytest.mark.parametrize("error", [None, [], "text", 5, {"code": [], "message": {}}, {"code": {"a": 1}}])
    @every_operation
    def test_errors_of_a_strange_form(self, azure: Any, method: str, call: Call, error: Any) -> None:
        azure.expect(method, "", 400, {"error": error})
        with pytest.raises(AzureError) as caught:
            call(azure.client())
        assert caught.value.code == "HTTP400"


class TestLists:
    @pytest.mark.parametrize(
        ("page", "said"),
        [
            ({}, "JSON without value"),
            ({"value": None}, "JSON without value"),
            ({"nextLink": "https://arm.example/more"}, "JSON without value"),
            ({"value": {}}, "value is an object instead of a list"),
            ({"value": "text"}, "value is a string instead of a list"),
            ({"value": ["text"]}, "value[] is a string instead of an object"),
            ({"value": [{}, None]}, "value[] is null"),
            ({"value": [{"name": []}]}, "name is a list instead of"),
            ({"value": [], "nextLink": ["https://arm.example/more"]}, "nextLink is a list instead of a string"),
            ({"value": [], "nextLink": {}}, "nextLink is an object instead of a string"),
        ],
    )
    @pytest.mark.parametrize("name", LISTS)
    def test_pages(self, azure: Any, name: str, page: Any, said: str) -> None:
        if page.get("value") == [{"name": []}] and name in ("capabilities", "cached images"):
            page, said = {"value": [{"osType": []}]}, "osType is a list instead of a string"
        azure.expect("GET", "", body=page)
        with pytest.raises(AzureError) as caught:
            EVERY[name][1](azure.client())
        check(caught.value, said)

    def test_a_later_page(self, azure: Any) -> None:
        azure.expect("GET", "", body={"value": [{"name": "a"}], "nextLink": "https://arm.example/more"})
        azure.expect("GET", "/more", body=PAGE, headers={"Content-Type": "text/html"})
        with pytest.raises(AzureError) as caught:
            azure.client().list_groups()
        check(caught.value, "a web page")


class TestOperations:
    @pytest.mark.parametrize("header", ["Azure-AsyncOperation", "Location"])
    @every_answer
    def test_polls(self, azure: Any, header: str, content: bytes, kind: str, said: str) -> None:
        if not kind:
            content, said = b'{"status": ["Succeeded"]}', "status is a list instead of a string"
            if header == "Location":
                return  # for which only the status code counts
        azure.expect("PUT", "", 201, {}, headers={header: "https://arm.example/operation"})
        operation = azure.client().put_group("shop", "web", BODY)
        azure.expect("GET", "/operation", body=content, headers={"Content-Type": kind or "application/json"})
        with pytest.raises(AzureError) as caught:
            operation.poll()
        check(caught.value, said)

    @pytest.mark.parametrize("value", ["NaN", "inf", "1e999", "-inf", "soon", "\xff", "9" * 5000, "Thu, 99 Foo 1"])
    @pytest.mark.parametrize("header", ["Retry-After", "x-ms-retry-after-ms"])
    def test_pauses_that_are_none(self, azure: Any, header: str, value: str) -> None:
        azure.expect("PUT", "", 201, {}, headers={header: value})
        assert azure.client().put_group("shop", "web", BODY).retry_after in (None, 0.0)


GROUP: dict[str, Any] = {
    "id": "/subscriptions/s/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/web",
    "name": "web",
    "type": "Microsoft.ContainerInstance/containerGroups",
    "location": "westeurope",
    "tags": {"owner": "team"},
    "zones": ["1"],
    "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/id": {"principalId": "p", "clientId": "c"}}},
    "properties": {
        "provisioningState": "Succeeded",
        "osType": "Linux",
        "restartPolicy": "Always",
        "sku": "Standard",
        "containers": [
            {
                "name": "web",
                "properties": {
                    "image": "nginx",
                    "command": ["nginx"],
                    "ports": [{"port": 80, "protocol": "TCP"}],
                    "environmentVariables": [{"name": "A", "value": "b"}, {"name": "S"}],
                    "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}},
                    "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": True}],
                    "livenessProbe": {"exec": {"command": ["true"]}, "periodSeconds": 5},
                    "readinessProbe": {"httpGet": {"path": "/", "port": 80, "httpHeaders": [{"name": "h"}]}},
                    "instanceView": {
                        "restartCount": 1,
                        "currentState": {"state": "Waiting", "startTime": "2026-01-01T00:00:00Z", "detailStatus": "x"},
                        "previousState": {"state": "Terminated", "exitCode": 1},
                        "events": [{"name": "Pulling", "message": "m", "type": "Normal", "count": 1}],
                    },
                },
            }
        ],
        "initContainers": [{"name": "init", "properties": {"image": "busybox"}}],
        "ipAddress": {"type": "Public", "ip": "192.0.2.1", "ports": [{"port": 80, "protocol": "TCP"}]},
        "volumes": [{"name": "data", "azureFile": {"shareName": "s", "storageAccountName": "a", "readOnly": False}}],
        "subnetIds": [{"id": "/subnet"}],
        "imageRegistryCredentials": [{"server": "registry.example", "username": "u"}],
        "dnsConfig": {"nameServers": ["192.0.2.2"], "searchDomains": "x", "options": "y"},
        "diagnostics": {"logAnalytics": {"workspaceId": "w", "metadata": {"a": "b"}}},
        "extensions": [{"name": "e", "properties": {"extensionType": "t", "version": "1", "settings": {}}}],
        "encryptionProperties": {"vaultBaseUrl": "https://vault", "keyName": "k", "keyVersion": "1"},
        "instanceView": {"state": "Running", "events": []},
    },
}
JUNK: list[Any] = [None, "text\x1b[2J", "", 5, -1, 1.5, 10**300, True, [], [None], ["x"], [[]], {}, {"x": []}, [{}]]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], junk)
    return copy


class OneAnswer(FakeClient):
    """A client for which every read of a group returns the same response, with the checks of the real one."""

    def __init__(self, group: Any) -> None:
        super().__init__()
        self.answer = Answer(200, {"content-type": "application/json"}, json.dumps(group), "https://arm.example")

    def get_group(self, _resource_group: str, _name: str) -> dict[str, Any]:
        return body_of("Could not read the group", self.answer, CONTAINER_GROUP)


class TestAnyPart:
    """Any part of a group can have any value: a module ends with a result or an AciError, and never waits long."""

    @pytest.mark.parametrize("path", places(GROUP)[1:], ids=lambda path: ".".join(str(key) for key in path))
    def test_of_a_group(self, path: tuple[Any, ...]) -> None:
        said: list[str] = []
        for junk in JUNK:
            client: Any = OneAnswer(replaced(GROUP, path, junk))
            clock = FakeClock()

            for engine, options in (
                (aci_group, {"state": "present", "containers": [{"name": "web", "image": "nginx:2"}]}),
                (aci_group, {"state": "started"}),
                (aci_group_info, {}),
            ):
                defaults = {name: spec.get("default") for name, spec in engine.SPEC.arguments.items()}
                params = {**defaults, "resource_group": "shop", "name": "web", **options}
                context = Context(params, True, True, client, sleep=clock.sleep, monotonic=clock.monotonic)
                try:
                    engine.run(context)
                except AciError as error:
                    said.append(error.msg)
            assert clock.monotonic() < 3000
        assert not any("\n" in msg for msg in said)


class TestSignIn:
    @every_answer
    def test_tokens(self, azure: Any, content: bytes, kind: str, said: str) -> None:
        azure.token = (200, content)
        with pytest.raises((CredentialsError, ConnectionFailed)) as caught:
            azure.client().get_group("shop", "web")
        assert re.match(r"Could not sign in as client .* at https://login\.example: ", caught.value.msg)
        assert "\n" not in caught.value.msg
        assert "hotel" not in caught.value.msg
        assert len(caught.value.msg) < 500
