# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens from the real azure-identity, with a connection that answers from a list."""

from __future__ import annotations

import datetime
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import client, sign_in
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import CredentialsError

LISTS = "/containerGroups"
NO_SECRET = {"client_secret": None}


def form(request: Any) -> dict[str, list[str]]:
    body = request.body
    return parse_qs(body if isinstance(body, str) else body.decode())


def refusal(code: str, text: str = "Words of the service. Trace ID: 1 Correlation ID: 2") -> tuple[int, Any]:
    return 401, {"error": "invalid_client", "error_description": f"AADSTS{code}: {text}"}


@pytest.mark.parametrize("code", sign_in.ADVICE)
def test_refusals_are_explained(azure: Any, code: str) -> None:
    azure.token = refusal(code)
    with pytest.raises(CredentialsError) as caught:
        azure.client().list_groups()
    reason, advice = sign_in.ADVICE[code]
    assert caught.value.code == f"AADSTS{code}"
    assert f"{reason} (AADSTS{code}). {advice}" in caught.value.msg
    assert "https://login.example" in caught.value.msg


def test_an_unknown_refusal_is_passed_on(azure: Any) -> None:
    azure.token = refusal("1234567")
    with pytest.raises(CredentialsError, match=r"AADSTS1234567: Words of the service\.$") as caught:
        azure.client().list_groups()
    assert caught.value.code == "AADSTS1234567"


@pytest.fixture(scope="module")
def identity() -> tuple[Any, Any]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


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


class Store:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], tuple[str, int]] = {}
        self.turns = 0
        self.meanwhile: tuple[str, int] | None = None

    def load(self, key: tuple[str, ...]) -> tuple[str, int] | None:
        return self.kept.get(key)

    def save(self, key: tuple[str, ...], token: str, expires_on: int) -> None:
        self.kept[key] = (token, expires_on)

    @contextmanager
    def turn(self, key: tuple[str, ...]) -> Iterator[None]:
        self.turns += 1
        if self.meanwhile is not None:
            self.kept[key] = self.meanwhile
        yield


def ask(azure: Any, store: Store, **options: Any) -> None:
    client.connect({**azure.params, **options}, store).list_groups()


class TestStore:
    def test_a_kept_token_is_used(self, azure: Any) -> None:
        store = Store()
        for _number in range(2):
            azure.expect("GET", LISTS, body={"value": []})
            ask(azure, store)
        assert len(azure.sign_ins) == 1
        assert store.turns == 1

    def test_what_another_process_got_meanwhile_is_used(self, azure: Any) -> None:
        store = Store()
        store.meanwhile = ("a-token", int(time.time()) + 3600)
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        assert len(azure.sign_ins) == 0

    def test_what_another_process_got_is_used_only_if_it_is_good(self, azure: Any) -> None:
        store = Store()
        store.meanwhile = ("a-token", int(time.time()) + 60)
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        assert len(azure.sign_ins) == 1

    def test_subscriptions_of_a_task_share_a_sign_in(self, azure: Any) -> None:
        one = client.connect(azure.params)
        for each in (one, one.for_subscription("33333333-3333-3333-3333-333333333334")):
            azure.expect("GET", LISTS, body={"value": []})
            each.list_groups()
        assert len(azure.sign_ins) == 1

    def test_another_task_has_a_sign_in_of_its_own(self, azure: Any) -> None:
        for _number in range(2):
            azure.expect("GET", LISTS, body={"value": []})
            client.connect(azure.params).list_groups()
        assert len(azure.sign_ins) == 2

    @pytest.mark.parametrize(
        "other", [{"client_secret": "planted-other"}, {"client_id": "other"}, {"tenant_id": "other"}]
    )
    def test_nobody_borrows_a_token(self, azure: Any, other: dict[str, str]) -> None:
        store = Store()
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        azure.token = refusal("7000215")
        with pytest.raises(CredentialsError):
            ask(azure, store, **other)

    def test_a_token_that_is_about_to_expire_is_renewed(self, azure: Any) -> None:
        store = Store()
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        store.kept = {key: (token, int(time.time()) + 60) for key, (token, _expiry) in store.kept.items()}
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        assert len(azure.sign_ins) == 2


def test_a_kept_token_needs_no_library_for_signing_in() -> None:
    code = (
        "import sys, time\n"
        "from ansible_collections.azure_containers.aci.plugins.module_utils._azure import client, sdk, sign_in\n"
        "from ansible_collections.azure_containers.aci.plugins.module_utils._common.run_cache import MemoryCache\n"
        "store = MemoryCache()\n"
        "store.load = lambda key: ('a-token', int(time.time()) + 3600)\n"
        "given = dict(tenant_id='t', client_id='c', client_secret='s', subscription_id='u')\n"
        "ready = client.connect({**given, 'authority_host': 'https://127.0.0.1:1'}, store)\n"
        "assert ready._sdk.token('scope') == 'a-token'\n"
        "assert 'azure.core' in sys.modules\n"
        "print(sorted({'azure.identity', 'msal', 'cryptography'} & sys.modules.keys()))\n"
    )
    paths = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=paths)
    assert done.stdout == "[]\n", done.stderr
