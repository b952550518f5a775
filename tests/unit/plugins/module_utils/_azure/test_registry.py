# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Registries of all types, with real requests: what is requested, and which credentials are sent to whom."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

requests = pytest.importorskip("requests")

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import registry as registries  # noqa: E402
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.registry import (  # noqa: E402
    Login,
    Registry,
    RegistryError,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import CredentialsError  # noqa: E402

HOME = "https://management.azure.com"
HOST = "registry.example.com"
DIGEST = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"
LOGIN = Login("reader", "planted-password")
BASIC = "Basic " + base64.b64encode(b"reader:planted-password").decode()
IDENTITY = "planted-identity-token"
SECRETS = (BASIC, "planted-password", IDENTITY, "planted-bearer", "planted-refresh")


@dataclass
class Sent:
    method: str
    url: str
    authorization: str
    form: dict[str, list[str]]

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.url).query)

    def holds(self, secret: str) -> bool:
        return secret in self.authorization or secret in str(self.form) or secret in self.url


Answer = tuple[int, dict[str, str], Any]


@dataclass
class Wire:
    """Every host on the internet: ``answer`` returns the response to a request."""

    answer: Callable[[Sent], Answer] = lambda _sent: (404, {}, None)
    sent: list[Sent] = field(default_factory=list)
    options: list[dict[str, Any]] = field(default_factory=list)

    def send(self, prepared: Any, **options: Any) -> Any:
        body = prepared.body or ""
        form = parse_qs(body.decode() if isinstance(body, bytes) else body)
        sent = Sent(prepared.method, prepared.url, prepared.headers.get("Authorization", ""), form)
        self.sent.append(sent)
        self.options.append(options)
        status, headers, content = self.answer(sent)
        response = requests.Response()
        response.status_code, response.url = status, prepared.url
        response.headers.update(headers)
        response.raw = io.BytesIO(content if isinstance(content, bytes) else json.dumps(content).encode())
        return response

    def to(self, host: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.host == host]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    found = Wire()
    monkeypatch.setattr(requests.Session, "send", lambda _session, prepared, **options: found.send(prepared, **options))
    return found


def make(token: Callable[[], str] = lambda: IDENTITY, home: str = HOME) -> Registry:
    return Registry("/ca.pem", token, home)


def challenge(realm: str, service: str = "svc") -> dict[str, str]:
    return {"WWW-Authenticate": f'Bearer realm="{realm}",service="{service}",scope="repository:shop/web:pull,push"'}


def guarded(realm: str, token: Answer = (200, {}, {"token": "planted-bearer"})) -> Callable[[Sent], Answer]:
    """A registry that requires a token of a realm."""

    def answer(sent: Sent) -> Answer:
        if sent.url.startswith(realm):
            return token
        if sent.authorization == "Bearer planted-bearer":
            return 200, {"Docker-Content-Digest": DIGEST}, None
        return 401, challenge(realm), None

    return answer


def refusal(call: Callable[[], Any]) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        call()
    assert not any(secret in str(caught.value) for secret in SECRETS)
    assert "\n" not in caught.value.msg
    return caught.value


# -- what is asked -----------------------------------------------------------------------------------------------------


def test_an_open_registry_is_asked_once_and_counts_no_pull(wire: Wire) -> None:
    wire.answer = lambda _sent: (200, {"docker-content-digest": DIGEST}, None)
    assert make().digest(HOST, "shop/web", "1.0") == DIGEST
    (sent,) = wire.sent
    assert (sent.method, sent.url) == ("HEAD", f"https://{HOST}/v2/shop/web/manifests/1.0")
    assert sent.authorization == ""
    assert (wire.options[0]["allow_redirects"], wire.options[0]["verify"]) == (False, "/ca.pem")


@pytest.mark.parametrize(
    "header", [{}, {"Docker-Content-Digest": "sha256:../../x"}, {"Docker-Content-Digest": "x\x1b"}]
)
def test_without_a_digest_in_the_head_the_manifest_is_read(wire: Wire, header: dict[str, str]) -> None:
    wire.answer = lambda sent: (200, header, b"" if sent.method == "HEAD" else b'{"a": 1}')
    assert make().digest(HOST, "shop/web", "1.0") == "sha256:" + hashlib.sha256(b'{"a": 1}').hexdigest()


def test_the_members_of_an_index(wire: Wire) -> None:
    listed = [{"digest": OTHER}, {"digest": "none"}, {}, 3, {"digest": 4}]
    body = json.dumps({"manifests": listed}).encode()
    wire.answer = lambda _sent: (200, {}, body)
    digest = "sha256:" + hashlib.sha256(body).hexdigest()
    assert make().members(HOST, "shop/web", digest) == {OTHER}
    assert wire.sent[0].path.endswith(f"/manifests/{digest}")


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'{"manifests": 3}', b"[" * 100_000])
def test_what_is_no_index_has_no_members(wire: Wire, body: bytes) -> None:
    wire.answer = lambda _sent: (200, {}, body)
    assert make().members(HOST, "shop/web", "sha256:" + hashlib.sha256(body).hexdigest()) == frozenset()


def test_another_manifest_than_that_of_the_digest_is_none(wire: Wire) -> None:
    wire.answer = lambda _sent: (200, {}, json.dumps({"manifests": [{"digest": OTHER}]}).encode())
    assert "does not match" in refusal(lambda: make().members(HOST, "shop/web", DIGEST)).msg


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "has no image"), (403, "denied"), (429, "is limiting"), (500, "status 500"), (204, "204")],
)
def test_what_is_no_answer(wire: Wire, status: int, words: str) -> None:
    wire.answer = lambda _sent: (status, {}, None)
    error = refusal(lambda: make().digest(HOST, "shop/web", "1.0"))
    assert words in error.msg
    assert HOST in error.msg
    assert error.status == status


def test_a_manifest_without_end(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registries, "MOST_BYTES", 100_000)
    wire.answer = lambda _sent: (200, {}, b"x" * 200_000)
    refusal(lambda: make().digest(HOST, "shop/web", "1.0"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.exceptions.ConnectTimeout("planted-password"), "in time"),
        (requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] planted-password"), "not trusted"),
        (requests.exceptions.SSLError("EOF occurred planted-password"), "closed the TLS connection"),
        (requests.exceptions.ProxyError("http://me:planted-password@proxy"), "proxy"),
        (requests.exceptions.ConnectionError("planted-password"), "cannot be reached"),
        (OSError("no such CA file"), "cannot be reached"),
    ],
)
def test_a_registry_that_is_silent_is_asked_once_a_task(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    asked: list[str] = []

    def silent(_session: Any, prepared: Any, **_options: Any) -> Any:
        asked.append(prepared.url)
        raise error

    monkeypatch.setattr(requests.Session, "send", silent)
    registry = make()
    for tag in ("1", "2"):
        assert words in refusal(lambda tag=tag: registry.digest(HOST, "shop/web", tag, LOGIN)).msg  # type: ignore[misc]
    assert len(asked) == 1


# -- signing in --------------------------------------------------------------------------------------------------------


def test_a_public_image_needs_a_token_of_nobody(wire: Wire) -> None:
    wire.answer = guarded("https://auth.elsewhere.example/token")
    assert make().digest(HOST, "shop/web", "1.0") == DIGEST
    asked = wire.sent[1]
    assert asked.authorization == ""
    # The challenge is untrusted: only the permission to pull is requested.
    assert asked.query == {"service": ["svc"], "scope": ["repository:shop/web:pull"]}


def test_the_password_goes_to_a_realm_of_the_registry(wire: Wire) -> None:
    wire.answer = guarded(f"https://{HOST}/auth?x=1")
    registry = make()
    assert registry.digest(HOST, "shop/web", "1.0", LOGIN) == DIGEST
    assert [sent.authorization for sent in wire.sent] == ["", BASIC, "Bearer planted-bearer"]
    assert wire.sent[1].query["x"] == ["1"]
    wire.sent.clear()
    registry.digest(HOST, "shop/web", "1.1", LOGIN)
    assert [sent.authorization for sent in wire.sent] == ["Bearer planted-bearer"]


@pytest.mark.parametrize(
    ("host", "realm"),
    [
        ("registry-1.docker.io", "https://auth.docker.io/token"),
        ("registry.gitlab.com", "https://gitlab.com/jwt/auth"),
        (f"{HOST}:5000", f"https://{HOST}:5000/token"),
    ],
)
def test_realms_that_are_known_to_be_of_the_registry(wire: Wire, host: str, realm: str) -> None:
    wire.answer = guarded(realm)
    assert make().digest(host, "shop/web", "1.0", LOGIN) == DIGEST
    assert wire.sent[1].authorization == BASIC


@pytest.mark.parametrize(
    "realm",
    [
        "https://evil.example/token",
        f"https://{HOST}.evil.example/token",
        f"https://{HOST}:8443/token",
        f"https://auth.{HOST}/token",
        "https://example.com/token",
        "https://auth.docker.io/token",
    ],
)
def test_the_password_goes_to_no_realm_elsewhere(wire: Wire, realm: str) -> None:
    wire.answer = guarded(realm, token=(401, {}, None))
    error = refusal(lambda: make().digest(HOST, "shop/web", "1.0", LOGIN))
    assert "is not sent" in error.msg
    assert not any(sent.holds(secret) for sent in wire.sent for secret in SECRETS)


@pytest.mark.parametrize(
    "realm",
    [
        f"http://{HOST}/token",
        "http://127.0.0.1/token",
        f"https://me@{HOST}/token",
        "ftp://x/token",
        "file:///etc/passwd",
        "/token",
        "",
        f"https://{HOST}\\@evil.example/",
    ],
)
def test_a_realm_must_be_an_https_address(wire: Wire, realm: str) -> None:
    wire.answer = guarded(realm or "https://none.example")
    wire.answer = lambda _sent: (401, challenge(realm), None)
    assert "not an https address" in refusal(lambda: make().digest(HOST, "shop/web", "1.0", LOGIN)).msg
    assert len(wire.sent) == 1


def test_a_registry_that_wants_the_password_itself(wire: Wire) -> None:
    def answer(sent: Sent) -> Answer:
        known = sent.authorization == BASIC
        return (200, {"docker-content-digest": DIGEST}, None) if known else (401, {"WWW-Authenticate": "Basic"}, None)

    wire.answer = answer
    assert make().digest(HOST, "shop/web", "1.0", LOGIN) == DIGEST
    assert {sent.host for sent in wire.sent} == {HOST}
    refusal(lambda: make().digest(HOST, "shop/web", "1.0"))


@pytest.mark.parametrize("said", ["", "Negotiate", 'Digest realm="x"'])
def test_a_challenge_of_another_kind(wire: Wire, said: str) -> None:
    wire.answer = lambda _sent: (401, {"WWW-Authenticate": said}, None)
    refusal(lambda: make().digest(HOST, "shop/web", "1.0", LOGIN))
    assert len(wire.sent) == 1


@pytest.mark.parametrize("token", [{}, {"token": ""}, {"token": 3}, {"token": "a\nb"}, {"token": "a b"}, []])
def test_an_answer_without_a_token(wire: Wire, token: Any) -> None:
    wire.answer = guarded(f"https://{HOST}/token", token=(200, {}, token))
    assert "no token" in refusal(lambda: make().digest(HOST, "shop/web", "1.0", LOGIN)).msg


def test_a_token_that_does_not_help_is_not_asked_for_again(wire: Wire) -> None:
    realm = f"https://{HOST}/token"
    wire.answer = lambda sent: (
        (200, {}, {"access_token": "x"}) if sent.url.startswith(realm) else (401, challenge(realm), None)
    )
    assert "denied" in refusal(lambda: make().digest(HOST, "shop/web", "1.0", LOGIN)).msg
    assert len(wire.sent) == 3


# -- registries of Azure -----------------------------------------------------------------------------------------------


def azure(host: str, exchange: int = 200) -> Callable[[Sent], Answer]:
    def answer(sent: Sent) -> Answer:
        if sent.path == "/oauth2/exchange":
            return exchange, {}, {"refresh_token": "planted-refresh"}
        if sent.path == "/oauth2/token":
            return (200, {}, {"access_token": "planted-bearer"}) if sent.method == "POST" else (401, {}, None)
        if sent.authorization == "Bearer planted-bearer":
            return 200, {"docker-content-digest": DIGEST}, None
        return 401, challenge(f"https://{host}/oauth2/token", host), None

    return answer


@pytest.mark.parametrize("host", ["shop.azurecr.io", "shop.azurecr.us", "shop.azurecr.cn", "127.0.0.1:8443"])
def test_a_registry_of_azure_takes_the_tasks_identity(wire: Wire, host: str) -> None:
    wire.answer = azure(host)
    assert make(home="https://127.0.0.1:8443").digest(host, "shop/web", "1.0") == DIGEST
    first, exchange, token, last = wire.sent
    assert exchange.form == {"grant_type": ["access_token"], "service": [host], "access_token": [IDENTITY]}
    assert token.form == {
        "grant_type": ["refresh_token"],
        "service": [host],
        "scope": ["repository:shop/web:pull"],
        "refresh_token": ["planted-refresh"],
    }
    assert {sent.host for sent in wire.sent} == {host}
    assert (first.authorization, last.authorization) == ("", "Bearer planted-bearer")


def test_given_credentials_come_before_the_identity(wire: Wire) -> None:
    wire.answer = guarded("https://shop.azurecr.io/oauth2/token")
    make().digest("shop.azurecr.io", "shop/web", "1.0", LOGIN)
    assert wire.sent[1].authorization == BASIC
    assert not any(sent.holds(IDENTITY) for sent in wire.sent)


@pytest.mark.parametrize(
    "host",
    [
        HOST,
        "azurecr.io",
        "azurecr.io.evil.example",
        "shopazurecr.io",
        "127.0.0.1:8444",
        "localhost:8443",
        "shop.azurecr.io:5000",
    ],
)
def test_the_identity_goes_nowhere_else(wire: Wire, host: str) -> None:
    def token() -> str:
        raise AssertionError("no token must be asked for")

    wire.answer = azure(host)
    refusal(lambda: make(token, home="https://127.0.0.1:8443").digest(host, "shop/web", "1.0"))
    assert all(sent.method != "POST" for sent in wire.sent)


def test_a_foreign_realm_of_a_registry_of_azure_gets_nothing(wire: Wire) -> None:
    host = "shop.azurecr.io"

    def answer(sent: Sent) -> Answer:
        if sent.host == host and sent.path.startswith("/v2/"):
            return 401, challenge("https://evil.example/token"), None
        return 401, {}, None

    wire.answer = answer
    refusal(lambda: make().digest(host, "shop/web", "1.0"))
    assert [sent.host for sent in wire.sent if sent.holds(IDENTITY)] == [host]


def test_an_identity_without_a_right_is_asked_as_nobody(wire: Wire) -> None:
    host = "shop.azurecr.io"

    def answer(sent: Sent) -> Answer:
        if sent.path == "/oauth2/token":
            return 200, {}, {"access_token": "planted-bearer"}
        return azure(host, exchange=401)(sent)

    wire.answer = answer
    assert make().digest(host, "shop/web", "1.0") == DIGEST
    assert (wire.sent[2].method, wire.sent[2].authorization) == ("GET", "")


def test_a_sign_in_that_fails_is_told_where_nobody_gets_in_either(wire: Wire) -> None:
    def token() -> str:
        raise CredentialsError("Could not sign in as x: the secret is wrong.")

    wire.answer = azure("shop.azurecr.io")
    assert "the secret is wrong" in refusal(lambda: make(token).digest("shop.azurecr.io", "shop/web", "1.0")).msg


# -- redirects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["https://mirror.example/v2/x", f"https://{HOST}/v2/y", "/v2/y"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_behind_a_redirect_nobody_is_signed_in(wire: Wire, status: int, target: str) -> None:
    realm = f"https://{HOST}/token"

    def answer(sent: Sent) -> Answer:
        if sent.url.startswith(realm):
            return 200, {}, {"token": "planted-bearer"}
        if sent.path in ("/v2/x", "/v2/y"):
            return 200, {"docker-content-digest": DIGEST}, None
        return (status, {"Location": target}, None) if sent.authorization else (401, challenge(realm), None)

    wire.answer = answer
    assert make().digest(HOST, "shop/web", "1.0", LOGIN) == DIGEST
    assert wire.sent[-1].authorization == ""
    assert wire.options[-1]["allow_redirects"] is False


def test_a_redirect_of_azure_takes_the_identity_nowhere(wire: Wire) -> None:
    def answer(sent: Sent) -> Answer:
        if sent.host == "shop.azurecr.io":
            return 307, {"Location": "https://evil.azurecr.io/v2/x"}, None
        return 401, challenge("https://evil.azurecr.io/oauth2/token"), None

    wire.answer = answer
    refusal(lambda: make().digest("shop.azurecr.io", "shop/web", "1.0"))
    assert not any(sent.holds(IDENTITY) for sent in wire.sent)


@pytest.mark.parametrize("path", ["/oauth2/exchange", "/token"])
def test_a_redirect_of_a_sign_in_is_not_followed(wire: Wire, path: str) -> None:
    host = "shop.azurecr.io" if path.startswith("/oauth2") else HOST

    def answer(sent: Sent) -> Answer:
        if sent.path == path:
            return 307, {"Location": "https://evil.example/"}, None
        return 401, challenge(f"https://{host}/token"), None

    wire.answer = answer
    refusal(lambda: make().digest(host, "shop/web", "1.0", None if host != HOST else LOGIN))
    assert wire.to("evil.example") == []


@pytest.mark.parametrize(
    "target", ["http://mirror.example/", "https://me@mirror.example/", "file:///etc/passwd", "//[x"]
)
def test_a_redirect_must_lead_to_an_https_address(wire: Wire, target: str) -> None:
    wire.answer = lambda _sent: (302, {"Location": target}, None)
    assert "not an https address" in refusal(lambda: make().digest(HOST, "shop/web", "1.0", LOGIN)).msg
    assert len(wire.sent) == 1


def test_a_redirect_without_end(wire: Wire) -> None:
    wire.answer = lambda _sent: (302, {"Location": f"https://{HOST}/again"}, None)
    refusal(lambda: make().digest(HOST, "shop/web", "1.0"))
    assert len(wire.sent) < 12
