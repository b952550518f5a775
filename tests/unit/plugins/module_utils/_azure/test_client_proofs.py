# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and federated tokens, with the real azure-identity."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import CredentialsError
from ansible_collections.azure_containers.aci.tests.unit.support.tls import self_signed

LISTS = "/containerGroups"
NO_SECRET = {"client_secret": None}


def form(request: Any) -> dict[str, list[str]]:
    body = request.body
    return parse_qs(body if isinstance(body, str) else body.decode())


@pytest.fixture(scope="module")
def identity() -> tuple[Any, Any]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key, self_signed(key)


def certificate_file(path: Path, identity: tuple[Any, Any], kind: str, password: str | None) -> str:
    key, certificate = identity
    encryption: Any = serialization.NoEncryption()
    if password:
        encryption = serialization.BestAvailableEncryption(password.encode())
    if kind == "pfx":
        content = pkcs12.serialize_key_and_certificates(b"test", key, certificate, None, encryption)
    else:
        pem = serialization.Encoding.PEM
        content = certificate.public_bytes(pem)
        content += key.private_bytes(pem, serialization.PrivateFormat.PKCS8, encryption)
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("kind", ["pem", "pfx"])
@pytest.mark.parametrize("password", [None, "planted-password"])
def test_certificates(azure: Any, tmp_path: Path, identity: Any, kind: str, password: str | None) -> None:
    path = certificate_file(tmp_path / "c", identity, kind, password)
    azure.expect("GET", LISTS, body={"value": []})
    azure.client(**NO_SECRET, certificate_path=path, certificate_password=password).list_groups()
    assert form(azure.sign_ins[0])["client_assertion"][0].count(".") == 2


@pytest.mark.parametrize("kind", ["pem", "pfx"])
@pytest.mark.parametrize("password", [None, "planted-wrong"])
def test_certificates_with_a_wrong_password(
    azure: Any, tmp_path: Path, identity: Any, kind: str, password: str | None
) -> None:
    path = certificate_file(tmp_path / "c", identity, kind, "planted-password")
    with pytest.raises(CredentialsError, match=r"certificate .* must be PEM or PFX") as caught:
        azure.client(**NO_SECRET, certificate_path=path, certificate_password=password).list_groups()
    assert "planted" not in caught.value.msg.replace(path, "")


def test_a_federated_token(azure: Any, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a.federated.token\n")
    azure.expect("GET", LISTS, body={"value": []})
    azure.client(**NO_SECRET, federated_token_file=str(tmp_path / "token")).list_groups()
    assert form(azure.sign_ins[0])["client_assertion"] == ["a.federated.token"]


@pytest.mark.parametrize(("content", "says"), [(None, "No such file"), ("", "is empty")])
def test_a_federated_token_that_is_not_there(azure: Any, tmp_path: Path, content: str | None, says: str) -> None:
    if content is not None:
        (tmp_path / "token").write_text(content)
    with pytest.raises(CredentialsError, match=says):
        azure.client(**NO_SECRET, federated_token_file=str(tmp_path / "token")).list_groups()


@pytest.fixture
def without_client(azure: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("AZURE_CLIENT_ID", "22222222-2222-2222-2222-222222222222")
    return {"client_id": None, "client_secret": None, "auth_source": "workload_identity"}


def test_a_token_of_github(azure: Any, monkeypatch: pytest.MonkeyPatch, without_client: dict[str, Any]) -> None:
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "https://ci.example/token?x=1")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "planted-ci")
    azure.expect("GET", "/token", body={"value": "a.github.token"})
    azure.expect("GET", LISTS, body={"value": []})
    azure.client(**without_client).list_groups()
    assert azure.requests[0].url.endswith("token?x=1&audience=api%3A%2F%2FAzureADTokenExchange")
    assert azure.requests[0].headers["Authorization"] == "Bearer planted-ci"
    assert form(azure.sign_ins[0])["client_assertion"] == ["a.github.token"]


def test_a_token_of_azure_pipelines(
    azure: Any, monkeypatch: pytest.MonkeyPatch, without_client: dict[str, Any]
) -> None:
    monkeypatch.setenv("SYSTEM_OIDCREQUESTURI", "https://ci.example/oidc")
    monkeypatch.setenv("SYSTEM_ACCESSTOKEN", "planted-ci")
    monkeypatch.setenv("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "connection-1")
    azure.expect("POST", "/oidc", body={"oidcToken": "a.pipelines.token"})
    azure.expect("GET", LISTS, body={"value": []})
    azure.client(**without_client).list_groups()
    assert "serviceConnectionId=connection-1" in azure.requests[0].url
    assert form(azure.sign_ins[0])["client_assertion"] == ["a.pipelines.token"]


@pytest.mark.parametrize(("status", "body"), [(403, {"message": "no"}), (200, b"<html>"), (200, {"value": None})])
def test_a_ci_system_that_gives_no_token(
    azure: Any, monkeypatch: pytest.MonkeyPatch, without_client: dict[str, Any], status: int, body: Any
) -> None:
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "https://ci.example/token")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "planted-ci")
    azure.expect("GET", "/token", status, body)
    with pytest.raises(CredentialsError, match=f"GitHub Actions: it answered with status {status}") as caught:
        azure.client(**without_client).list_groups()
    assert "planted" not in caught.value.msg
