# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sign-in address that a private cloud names."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("azure.core")

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.cloud_metadata import discover
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.clouds import Cloud
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    ConnectionFailed,
    InvalidArguments,
)

STACK = "https://management.local.azurestack.external"


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
