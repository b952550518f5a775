# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The choice of the Azure cloud."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.clouds import Cloud, choose_cloud, discover
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    ConnectionFailed,
    InvalidArguments,
)

STACK = "https://management.local.azurestack.external"


@pytest.mark.parametrize(
    ("settings", "endpoints"),
    [
        ({}, ("https://management.azure.com", "https://login.microsoftonline.com")),
        (
            {"cloud_environment": "azureusgovernment"},
            ("https://management.usgovcloudapi.net", "https://login.microsoftonline.us"),
        ),
        (
            {"cloud_environment": "AzureChinaCloud"},
            ("https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
        ),
        ({"resource_manager_endpoint": "https://Management.Azure.com/"}, None),
        ({"resource_manager_endpoint": f"{STACK}/"}, (STACK, "")),
        ({"cloud_environment": STACK}, (STACK, "")),
        ({"cloud_environment": STACK, "authority_host": "https://adfs.local/"}, (STACK, "https://adfs.local")),
        (
            {"authority_host": "login.microsoftonline.us"},
            ("https://management.azure.com", "https://login.microsoftonline.us"),
        ),
    ],
)
def test_choice(settings: dict[str, str], endpoints: tuple[str, str] | None) -> None:
    cloud = choose_cloud(settings, None)
    expected = endpoints or ("https://management.azure.com", "https://login.microsoftonline.com")
    assert (cloud.resource_manager, cloud.authority_host) == expected
    assert cloud.scope == f"{cloud.resource_manager}/.default"


@pytest.mark.parametrize(
    "settings",
    [
        {"cloud_environment": "AzureMoonCloud"},
        {"resource_manager_endpoint": "http://arm.example"},
        {"resource_manager_endpoint": "arm.example"},
        {"resource_manager_endpoint": "https://"},
        {"cloud_environment": "http://arm.example"},
        {"authority_host": "http://login.example"},
        {"authority_host": "ftp://login.example"},
        {"authority_host": "https://[::1"},
        {"resource_manager_endpoint": "https://[::1"},
        {"resource_manager_endpoint": "https://user:planted@arm.example"},
    ],
)
def test_refusals(settings: dict[str, str]) -> None:
    with pytest.raises(InvalidArguments, match=next(iter(settings))) as caught:
        choose_cloud(settings, None)
    assert "planted" not in caught.value.msg


class Transport:
    """Answers GET requests for metadata by their version."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.urls: list[str] = []

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def bound_to(self, home: str) -> Transport:
        self.home = home
        return self

    def sleep(self, _seconds: float) -> None:
        pass

    def send(self, request: Any, **_options: Any) -> Any:
        self.urls.append(request.url)
        return Response(self.answers.get(request.url.rpartition("=")[2]))


class Response:
    headers: dict[str, str] = {}

    def __init__(self, content: Any) -> None:
        self.status_code = 404 if content is None else 200
        self._content = content if isinstance(content, bytes) else json.dumps(content).encode()

    def read(self) -> bytes:
        return self._content


def test_discovery() -> None:
    authentication = {"loginEndpoint": "https://login.example/", "audiences": ["https://audience.example/"]}
    transport = Transport({"2022-09-01": {"authentication": authentication}})
    cloud = discover(Cloud("x", "https://arm.example"), transport)
    assert cloud.authority_host == "https://login.example"
    assert cloud.scope == "https://audience.example//.default"
    assert transport.urls == ["https://arm.example/metadata/endpoints?api-version=2022-09-01"]
    assert transport.home == transport.urls[0]


def test_discovery_of_an_azure_stack_with_federation_services() -> None:
    authentication = {"loginEndpoint": "https://adfs.local/adfs", "audiences": ["https://management.adfs/1"]}
    cloud = discover(Cloud("x", STACK), Transport({"2015-01-01": {"authentication": authentication}}))
    assert (cloud.authority_host, cloud.tenant) == ("https://adfs.local", "adfs")


@pytest.mark.parametrize("content", [None, b"<html>", [], {}, {"authentication": {}}, {"authentication": "x"}])
def test_metadata_that_say_nothing(content: Any) -> None:
    with pytest.raises(ConnectionFailed, match="authority_host"):
        discover(Cloud("x", STACK), Transport({"2022-09-01": content}))


def test_metadata_that_would_send_the_secret_in_the_clear() -> None:
    with pytest.raises(InvalidArguments, match="https"):
        discover(
            Cloud("x", STACK), Transport({"2022-09-01": {"authentication": {"loginEndpoint": "http://login.example"}}})
        )


def test_nothing_is_asked_that_is_known() -> None:
    transport = Transport({})
    cloud = choose_cloud({}, None)
    assert discover(cloud, transport) is cloud
    assert transport.urls == []
