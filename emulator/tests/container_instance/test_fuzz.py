# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bodies with mistakes in every place: the response is always Resource Manager's, never a traceback."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Server, start

SUBNET = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/n"
IDENTITY = "/subscriptions/s/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
WHOLE = {
    "location": "westus2",
    "tags": {"a": "b"},
    "zones": ["1"],
    "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
    "properties": {
        "sku": "Confidential",
        "osType": "Linux",
        "restartPolicy": "Never",
        "priority": "Regular",
        "confidentialComputeProperties": {"ccePolicy": "x"},
        "encryptionProperties": {"vaultBaseUrl": "u", "keyName": "k", "keyVersion": "v", "identity": "i"},
        "secretReferences": [{"name": "ref", "identity": "i", "secretReferenceUri": "u"}],
        "identityAcls": {"defaultAccess": "All", "acls": [{"access": "User", "identity": "i"}]},
        "standbyPoolProfile": {"id": "p", "failContainerGroupCreateOnReuseFailure": False},
        "containers": [
            {
                "name": "web",
                "properties": {
                    "image": "nginx",
                    "command": ["a"],
                    "ports": [{"port": 80, "protocol": "TCP"}],
                    "environmentVariables": [
                        {"name": "A", "value": "b"},
                        {"name": "B", "secureValue": "c"},
                        {"name": "C", "secureValueReference": "ref"},
                    ],
                    "configMap": {"keyValuePairs": {"k": "v"}},
                    "resources": {
                        "requests": {"cpu": 1, "memoryInGB": 1.5, "gpu": {"count": 1, "sku": "V100"}},
                        "limits": {"cpu": 1, "memoryInGB": 1.5},
                    },
                    "volumeMounts": [{"name": "volume", "mountPath": "/x", "readOnly": True}],
                    "livenessProbe": {"exec": {"command": ["x"]}, "periodSeconds": 5},
                    "readinessProbe": {
                        "httpGet": {
                            "port": 80,
                            "path": "/",
                            "scheme": "http",
                            "httpHeaders": [{"name": "a", "value": "b"}],
                        }
                    },
                    "securityContext": {"capabilities": {"add": ["a"]}, "runAsUser": 1},
                },
            }
        ],
        "initContainers": [{"name": "init", "properties": {"image": "emulator.local/exit:0"}}],
        "extensions": [{"name": "e", "properties": {"extensionType": "t", "version": "1", "settings": {}}}],
        "imageRegistryCredentials": [{"server": "r.io", "username": "u", "password": "p"}],
        "ipAddress": {"type": "Private", "ports": [{"port": 80, "protocol": "TCP"}]},
        "subnetIds": [{"id": SUBNET, "name": "n"}],
        "dnsConfig": {"nameServers": ["10.0.0.1"], "searchDomains": "a", "options": "b"},
        "diagnostics": {
            "logAnalytics": {
                "workspaceId": "w",
                "workspaceKey": "k",
                "logType": "ContainerInsights",
                "metadata": {"node-name": "n"},
            }
        },
        "volumes": [
            {"name": "volume", "emptyDir": {}},
            {"name": "files", "azureFile": {"shareName": "s", "storageAccountName": "a", "storageAccountKey": "k"}},
            {"name": "keys1", "secret": {"k": "aGVsbG8="}},
            {"name": "refs1", "secretReference": {"k": "ref"}},
            {"name": "repo1", "gitRepo": {"repository": "r", "directory": "."}},
        ],
    },
}
JUNK = (None, True, -1, 2**70, "", "\u0000../..", [None], {"a": None})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything inside a value."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def changed(body: Any, path: tuple[Any, ...], junk: Any) -> Any:
    body = copy.deepcopy(body)
    at = body
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = junk
    return body


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    from .conftest import make_group

    limits = {"ConfidentialContainerGroups": 100_000, "ConfidentialCores": 100_000, "ContainerGroups": 100_000}
    server = start(tmp_path_factory.mktemp("fuzz") / "state", limits={**limits, "StandardV100Cores": 100_000})
    make_group(server)
    yield server
    server.stop()


def test_the_whole_definition_is_good(quick: Server):
    answer = quick.put("good", WHOLE, version="2025-09-01")
    assert answer.status == 201, answer.text
    quick.finish(answer)
    assert quick.delete("good").status == 200


@pytest.mark.parametrize("kind", range(len(JUNK)))
def test_junk_everywhere(quick: Server, kind: int):
    for number, path in enumerate(places(WHOLE)):
        body = changed(WHOLE, path, JUNK[kind])
        answer = quick.put(f"junk{kind}x{number}", body, version="2025-09-01")
        known_500 = answer.code == "InternalServerError" and "resources" in path
        assert answer.status < 500 or known_500, (path, JUNK[kind], answer.text)
        if answer.status >= 400:
            assert set(answer.body["error"]) >= {"code", "message"}
        elif answer.status == 201:
            quick.emulator.clock.advance(0)
            assert quick.get(f"junk{kind}x{number}").status == 200


@pytest.mark.parametrize(
    "text", ["1e999", '{"location": 1e999}', '{"properties": {"containers": [[[[]]]]}}', "\ufeff{}", "nul"]
)
def test_strange_json(quick: Server, text: str):
    assert 400 <= quick.put("strange", text).status < 500


def test_every_list_can_be_read_afterwards(quick: Server):
    url, found = quick.path(), 0
    while url:
        answer = quick.send("GET", url)
        assert answer.status == 200
        json.dumps(answer.body)
        found += len(answer.body["value"])
        url = answer.body.get("nextLink")
    assert found
