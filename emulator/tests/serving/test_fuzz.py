# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid requests: answered with ARM errors, never with a 500, and never with a file from elsewhere."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VERSIONS = ("2023-05-01", "2025-09-01", "2018-10-01", "2024-05-01-preview")
CONTAINER_GROUPS = "providers/Microsoft.ContainerInstance/containerGroups"
# Positions of switches for which the service's own 500 responses do not occur.
SWITCHES = {"below-minimum": "refuse", "dns-label-taken": "409"}
IDENTITY = "/subscriptions/x/resourceGroups/y/providers/Microsoft.ManagedIdentity/userAssignedIdentities/z"
DEFINITION: dict[str, Any] = {
    "location": "westus2",
    "tags": {"a": "b"},
    "zones": ["1"],
    "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    "properties": {
        "osType": "Linux",
        "sku": "Standard",
        "priority": "Regular",
        "restartPolicy": "OnFailure",
        "containers": [
            {
                "name": "c",
                "properties": {
                    "image": "nginx:1",
                    "command": ["sleep", "1"],
                    "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}, "limits": {"cpu": 1, "memoryInGB": 1.5}},
                    "ports": [{"port": 80, "protocol": "TCP"}],
                    "environmentVariables": [{"name": "A", "value": "1"}, {"name": "B", "secureValue": "x"}],
                    "volumeMounts": [{"name": "data-volume", "mountPath": "/data", "readOnly": True}],
                    "livenessProbe": {"httpGet": {"path": "/", "port": 80, "scheme": "http"}, "periodSeconds": 5},
                    "readinessProbe": {"exec": {"command": ["true"]}},
                    "securityContext": {"privileged": False, "capabilities": {"add": ["A"], "drop": []}},
                    "configMap": {"keyValuePairs": {"k": "v"}},
                },
            }
        ],
        "initContainers": [{"name": "i", "properties": {"image": "busybox", "command": ["true"]}}],
        "volumes": [
            {"name": "data-volume", "emptyDir": {}},
            {"name": "secret-volume", "secret": {"file": "eA=="}},
            {"name": "git-volume", "gitRepo": {"repository": "https://x.example/y.git", "directory": "."}},
            {
                "name": "share-volume",
                "azureFile": {"shareName": "s", "storageAccountName": "a", "storageAccountKey": "k"},
            },
        ],
        "imageRegistryCredentials": [{"server": "x.example", "username": "u", "password": "p"}],
        "ipAddress": {"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}], "dnsNameLabel": "some-label"},
        "diagnostics": {
            "logAnalytics": {"workspaceId": "w", "workspaceKey": "k", "logType": "ContainerInsights", "metadata": {}}
        },
        "encryptionProperties": {"vaultBaseUrl": "https://v", "keyName": "k", "keyVersion": "1"},
        "extensions": [{"name": "e", "properties": {"extensionType": "t", "version": "1", "settings": {}}}],
    },
}
ODD: list[Any] = [
    None,
    *(True, False, 0, -1, 2, 65536, 10**40, 0.25, 1e308, -1e308),
    *(
        "",
        " ",
        "\0",
        "a",
        "A-B",
        "a" * 3000,
        "9" * 500,
        "NaN",
        "10.0.0.1",
        "/",
        "//",
        "../../../../etc/passwd",
        "%2e%2e/",
    ),
    *(
        "\u202e\U0001f600",
        "\ud7ff",
        "'; DROP TABLE documents; --",
        "{{ 7 * 7 }}",
        "$(id)",
        "Windows",
        "Private",
        "Spot",
    ),
    *([], [[]], [None], [{}], [1, "x", None], ["x"]),
    *({}, {"": ""}, {"a": None}, {"a": "b"}, {"name": None}, {"properties": None}, {"x" * 300: {"y": [0]}}),
]
NAMES = [
    *("..", ".", "...", "%2e%2e", "a%2f..%2fb", "%00", "%ff", "%0a", "a%25b", "\\..\\..", "~", "*", "$logs", "con"),
    *("A", "-", "a--b", "x" * 300, "caf%C3%A9", "a b", "a;b", "%F0%9F%98%80", "a'b", '"', "a?b", "a#b"),
]
QUERIES = [
    *("$top=-1", "$top=1e3", "$filter='", "$filter=a eq 'b", "$skiptoken=AAAA", "$skiptoken=%ff", "$expand=%00"),
    *("tail=x", "tail=-1", "tail=99999999999999999999", "timestamps=maybe", "api-version=", "api-version=%00"),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Returns the paths of everything inside a JSON value."""
    found = [path] if path else []
    if isinstance(value, dict):
        pairs: Any = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return found
    return found + [inner for key, each in pairs for inner in places(each, (*path, key))]


def mutate(lots: random.Random, document: dict[str, Any]) -> dict[str, Any]:
    """Returns a copy in which one to three values are replaced or removed."""
    document = copy.deepcopy(document)
    for _ in range(lots.randint(1, 3)):
        known = places(document)
        if not known:
            break
        *parents, last = lots.choice(known)
        target: Any = document
        for key in parents:
            target = target[key]
        choice = lots.random()
        if choice < 0.2:
            del target[last]
        elif choice < 0.3 and isinstance(target, list):
            target.append(copy.deepcopy(target[last]))
        elif choice < 0.4 and isinstance(target, dict) and isinstance(last, str):
            target[last.upper()] = target.pop(last)
        else:
            alike = [each for each in ODD if type(each) is type(target[last])]
            target[last] = copy.deepcopy(lots.choice(alike if alike and lots.random() < 0.7 else ODD))
    return document


def check(response: Any, what: Any) -> None:
    """Fails unless the response is a success or an ARM error that is not an internal error."""
    assert response.status_code < 500, (what, response.text)
    if response.status_code >= 400:
        error = response.json()["error"]
        assert error["code"], what
        assert error["message"], what
        assert "Traceback" not in response.text, what


@pytest.mark.parametrize("seed", range(4))
def test_mutated_definitions(start_api: Callable[..., Any], seed: int) -> None:
    api = start_api(switches=SWITCHES)
    api.group()
    lots = random.Random(seed)
    accepted = 0
    for number in range(100):
        name = f"g{number % 5}"
        path = f"resourceGroups/rg/{CONTAINER_GROUPS}/{name}"
        original = copy.deepcopy(DEFINITION)
        original["properties"]["ipAddress"]["dnsNameLabel"] = f"label-{name}"
        body = mutate(lots, original)
        method = lots.choice(["PUT", "PUT", "PUT", "PATCH"])
        response = api.call(method, path, body, version=lots.choice(VERSIONS))
        check(response, body)
        accepted += response.status_code < 300
        if number % 7 == 0:
            api.advance(lots.choice([0.5, 5, 60]))
        for action in ("start", "stop", "restart"):
            if lots.random() < 0.1:
                check(api.call("POST", f"{path}/{action}", version=VERSIONS[0]), (action, body))
        if lots.random() < 0.2:
            check(api.call("GET", f"{path}/containers/c/logs", version=VERSIONS[0]), body)
        check(api.call("GET", path, version=VERSIONS[0]), body)
    assert accepted > 5  # otherwise, only the first check was tested
    check(api.call("GET", CONTAINER_GROUPS, version=VERSIONS[0]), "list")
    check(api.call("GET", "resources"), "resources")


def test_other_mutated_bodies(start_api: Callable[..., Any]) -> None:
    api = start_api(switches=SWITCHES)
    lots = random.Random(1)
    lock = "resourceGroups/rg/providers/Microsoft.Authorization/locks/l"
    network = "resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"
    bodies: list[tuple[str, str, str, dict[str, Any]]] = [
        ("PUT", "resourceGroups/rg", "2021-04-01", {"location": "westus2", "tags": {"a": "b"}, "managedBy": "x"}),
        ("PATCH", "resourceGroups/rg", "2021-04-01", {"tags": {"a": "b"}}),
        ("PUT", lock, "2020-05-01", {"properties": {"level": "CanNotDelete", "notes": "n"}}),
        (
            "PUT",
            network,
            "2023-09-01",
            {
                "location": "westus2",
                "properties": {
                    "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                    "subnets": [
                        {
                            "name": "s",
                            "properties": {
                                "addressPrefix": "10.0.0.0/24",
                                "delegations": [
                                    {
                                        "name": "d",
                                        "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"},
                                    }
                                ],
                            },
                        }
                    ],
                },
            },
        ),
        (
            "PUT",
            f"resourceGroups/rg/{CONTAINER_GROUPS.replace('containerGroups', 'containerGroupProfiles')}/p",
            "2025-09-01",
            DEFINITION,
        ),
    ]
    for _ in range(120):
        for method, path, version, body in bodies:
            mutated = mutate(lots, body)
            check(api.call(method, path, mutated, version=version), (path, mutated))
        check(api.call("DELETE", lock, version="2020-05-01"), lock)


def test_strange_names_and_queries(start_api: Callable[..., Any]) -> None:
    api = start_api(switches=SWITCHES)
    api.group()
    base = f"https://127.0.0.1:8443/subscriptions/{api.subscription}/resourceGroups"
    for name in NAMES:
        for path, version in (
            (f"{base}/{name}", "2021-04-01"),
            (f"{base}/{name}/resources", "2021-04-01"),
            (f"{base}/rg/{CONTAINER_GROUPS}/{name}", "2023-05-01"),
            (f"{base}/rg/{CONTAINER_GROUPS}/{name}/containers/{name}/logs", "2023-05-01"),
            (f"{base}/rg/providers/{name}/{name}/{name}", "2023-05-01"),
        ):
            for method in ("GET", "PUT", "PATCH", "POST", "DELETE"):
                body = DEFINITION if method in ("PUT", "PATCH") else None
                check(api.call(method, path, body, version=version), (method, path))
    for query in QUERIES:
        for path in (f"{base}", f"{base}/rg/resources", f"{base}/rg/{CONTAINER_GROUPS}",
                     f"{base}/rg/{CONTAINER_GROUPS}/g/containers/c/logs"):  # fmt: skip
            version = "2023-05-01" if "providers" in path else "2021-04-01"
            check(api.call("GET", f"{path}?{query}&api-version={version}", version=None), (path, query))


def test_random_bytes(start_api: Callable[..., Any]) -> None:
    api = start_api(switches=SWITCHES)
    api.group()
    lots = random.Random(7)
    text = json.dumps(DEFINITION).encode()
    path = f"resourceGroups/rg/{CONTAINER_GROUPS}/g"
    for _ in range(150):
        content = bytearray(text)
        for _ in range(lots.randint(1, 20)):
            content[lots.randrange(len(content))] = lots.randrange(256)
        response = api.call("PUT", path, content=bytes(content), version="2023-05-01")
        check(response, bytes(content))
    tenant = api.directory.main.tenant_id
    for _ in range(50):
        content = lots.randbytes(lots.randint(0, 200))
        answer = api.client.post(f"/{tenant}/oauth2/v2.0/token", content=content)
        assert answer.status_code in (400, 401)
        assert answer.json()["error"]


def test_nothing_reaches_outside_the_state_directory(start_api: Callable[..., Any], tmp_path: Path) -> None:
    api = start_api(runtime="process", switches={**SWITCHES, "missing-secrets": "accept"}, frozen=False, speed=100)
    api.group()
    for number, name in enumerate(["../../evil", "..%2f..%2fevil", "/evil", "a/../../../evil", "evil"]):
        definition = {
            "location": "westus2",
            "properties": {
                "osType": "Linux",
                "restartPolicy": "Never",
                "containers": [
                    {
                        "name": "c",
                        "properties": {
                            "image": "emulator.local/sh",
                            "command": ["true"],
                            "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                            "volumeMounts": [{"name": "secret-volume", "mountPath": f"/mnt/../../{name}"}],
                        },
                    }
                ],
                "volumes": [{"name": "secret-volume", "secret": {name: "ZXZpbA=="}}],
            },
        }
        path = f"resourceGroups/rg/{CONTAINER_GROUPS}/g{number}"
        check(api.call("PUT", path, definition, version="2023-05-01"), name)
    api.advance(60)
    inside = tmp_path / "state"
    assert [each for each in tmp_path.rglob("*evil*") if inside not in each.parents] == []
    assert not Path("/evil").exists()
