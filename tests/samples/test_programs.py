# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both sample programs from start to end, with the emulator."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

import sample_programs as programs
from emulator import RunningEmulator

DEFAULTS = (None, "2023-05-01", "2024-11-01-preview", "2025-09-01", "2026-07-01")
"""The default API versions of SDKs: the installed one, and imitations of 10.1.0, its previews, and 11.0.0."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def text_url(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "text.txt").write_text("wherefore wherefore wherefore therefore therefore tomorrow is a day\n")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/text.txt"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("default", DEFAULTS)
def test_documentation_program(azure: RunningEmulator, text_url: str, default: str | None) -> None:
    said: list[str] = []
    clients = programs.sign_in(azure.auth_file, azure.ca, default_version=default)
    programs.documentation_program(clients, 123456, text_url, said.append)

    assert "Creating resource group 'aci-rg-123456'..." in said
    assert any(
        re.fullmatch(r"Container group 'aci-123456' is reachable at http://aci-123456\.eastus\.\S+", line)
        for line in said
    )
    assert "Container group 'aci-123456-task': Succeeded" in said
    assert "Exit code: 0" in said
    counted = "\n".join(said[said.index("Logs for container 'aci-123456-task':") + 1 :])
    assert "('wherefore', 3)" in counted
    assert [line.strip() for line in said if line in ("  aci-123456", "  aci-123456-multi", "  aci-123456-task")] == [
        "aci-123456",
        "aci-123456-multi",
        "aci-123456-task",
    ]
    assert "State: Succeeded" in said
    assert f"  aci-123456-1: {programs.WEB} Running" in said
    assert f"  aci-123456-2: {programs.SIDECAR} Running" in said
    assert said[-1] == "Deleted."
    with pytest.raises(ResourceNotFoundError):
        clients.resources.resource_groups.get("aci-rg-123456")


@pytest.mark.parametrize("default", DEFAULTS)
def test_management_program_in_two_subscriptions(azure: RunningEmulator, default: str | None) -> None:
    other = azure.variables["ACI_EMULATOR_SECOND_SUBSCRIPTION_ID"]
    first = programs.sign_in(azure.auth_file, azure.ca, default_version=default)
    second = programs.sign_in(azure.auth_file, azure.ca, other, default_version=default)
    for clients in (first, second):
        said: list[str] = []
        programs.management_program(clients, said.append)
        assert said == ["mycontainer\teastus\tSucceeded"]


def test_subscription_that_is_not_there(azure: RunningEmulator) -> None:
    clients = programs.sign_in(azure.auth_file, azure.ca, "00000000-0000-4000-8000-00000000dead")
    with pytest.raises(HttpResponseError) as raised:
        list(clients.containers.container_groups.list())
    assert raised.value.status_code in (403, 404)
    assert raised.value.error.code in ("SubscriptionNotFound", "AuthorizationFailed")
