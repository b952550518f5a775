# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials from the environment of the process: Azure CLI and the machine's metadata service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import ambient


def az(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Install a shell script as `az`."""
    path = tmp_path / "az"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


ACCOUNT = '{"id": "sub-c", "tenantId": "tenant-c", "environmentName": "%s", "user": {"name": "me"}}'


def test_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    az(tmp_path, monkeypatch, f"echo '{ACCOUNT % 'AzureCloud'}'")
    assert ambient.cli_account("") == {
        "subscription_id": "sub-c",
        "tenant_id": "tenant-c",
        "cloud_environment": "AzureCloud",
        "user": "me",
    }


def test_account_of_a_subscription(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    az(tmp_path, monkeypatch, f"echo $* > {tmp_path}/said; echo '{ACCOUNT % 'AzureCloud'}'")
    ambient.cli_account("sub-x")
    assert "--subscription sub-x" in (tmp_path / "said").read_text()


def test_account_in_a_cloud_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoints = '{"endpoints": {"resourceManager": "https://arm.own", "activeDirectory": "https://login.own"}}'
    az(tmp_path, monkeypatch, f"[ $1 = cloud ] && echo '{endpoints}' || echo '{ACCOUNT % 'Own'}'")
    found = ambient.cli_account("")
    assert (found["cloud_environment"], found["authority_host"]) == ("https://arm.own", "https://login.own")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo 'ERROR: Please run az login to setup account.' >&2; exit 1", "failed: Please run az login"),
        ("echo nonsense", "did not answer with JSON"),
        ("echo '[]'", "did not answer with JSON"),
    ],
)
def test_no_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str) -> None:
    az(tmp_path, monkeypatch, script)
    with pytest.raises(ambient.Unavailable, match=says):
        ambient.cli_account("")


def test_a_cloud_without_a_resource_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = ACCOUNT % "Private"
    az(tmp_path, monkeypatch, f"""case "$1" in cloud) echo '{{"endpoints": {{}}}}';; *) echo '{account}';; esac""")
    with pytest.raises(ambient.Unavailable, match="no resource manager"):
        ambient.cli_account("")


def test_no_az(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ambient.Unavailable, match="not installed"):
        ambient.cli_account("")


@pytest.fixture
def metadata(request: pytest.FixtureRequest) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("metadata", "expected"), [(400, True), (404, False), (200, False)], indirect=["metadata"])
def test_metadata_of_a_machine(monkeypatch: pytest.MonkeyPatch, metadata: str, expected: bool) -> None:
    monkeypatch.setattr(ambient, "METADATA_HOST", metadata)
    assert ambient.has_managed_identity({}) is expected


def test_no_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ambient, "METADATA_HOST", "127.0.0.1:9")
    assert ambient.has_managed_identity({}) is False


@pytest.mark.parametrize("name", ambient.IDENTITY_VARIABLES)
def test_a_service_with_an_identity(name: str) -> None:
    assert ambient.has_managed_identity({name: "http://127.0.0.1:9"}) is True
