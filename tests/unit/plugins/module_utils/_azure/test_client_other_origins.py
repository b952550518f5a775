# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two local servers: the configured one refers to the other, which must never get a token, a secret or a body."""

from __future__ import annotations

import functools
import json
import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("azure.mgmt.containerinstance")
pytest.importorskip("cryptography.x509")

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import client as clients
from ansible_collections.azure_containers.aci.plugins.module_utils._azure import paging, sdk
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    CredentialsError,
    ForeignOrigin,
)
from ansible_collections.azure_containers.aci.tests.unit.support.tls import (
    server_context,
    write_certificate,
)

SECRET = "planted-client-secret"
TOKEN = "planted-token"
BODY = {"location": "westeurope", "properties": {"secureValue": "planted-value"}}
TENANT = "11111111-1111-1111-1111-111111111111"
SUBSCRIPTION = "33333333-3333-3333-3333-333333333333"


class Server:
    """Answers by method and the end of a path, and records all requests."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.answers: list[tuple[str, str, int, dict[str, str], Any]] = []
        self.requests: list[str] = []
        self.token_endpoint = ""
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536

            def handle_any(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.requests.append(f"{self.command} {self.path}\n{self.headers}\n{content.decode()}")
                status, headers, body = server.answer(self.command, self.path.partition("?")[0])
                data = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_PUT = do_PATCH = do_POST = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *_args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.http.server_address[1]}"

    def expect(self, method: str, path: str, status: int = 200, body: Any = None, **headers: str) -> None:
        """Set the response to requests. Several for the same request are used one after another, then the last."""
        self.answers.append((method, path, status, {k.replace("_", "-"): v for k, v in headers.items()}, body))

    def answer(self, method: str, path: str) -> tuple[int, dict[str, str], Any]:
        fitting = [entry for entry in self.answers if entry[0] == method and path.endswith(entry[1])]
        if len(fitting) > 1:
            self.answers.remove(fitting[0])
        if fitting:
            return fitting[0][2:]
        if path.endswith("/openid-configuration"):
            base = f"{self.url}/{TENANT}"
            endpoint = self.token_endpoint or f"{base}/token"
            return 200, {}, {"token_endpoint": endpoint, "authorization_endpoint": f"{base}/authorize", "issuer": base}
        if path.endswith("/token"):
            return 200, {}, {"token_type": "Bearer", "expires_in": 3599, "access_token": TOKEN}
        return 404, {}, {"error": {"code": "NotExpected", "message": f"{method} {path}"}}


@contextmanager
def serving(context: ssl.SSLContext) -> Iterator[Server]:
    server = Server(context)
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
        thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


@pytest.fixture
def servers(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Server]]:
    for name in list(os.environ):
        if name.startswith(("AZURE_", "REQUESTS_CA", "SSL_CERT", "CURL_CA", "ANSIBLE_AZURE", "IDENTITY_", "MSI_")):
            monkeypatch.delenv(name)
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    context = server_context(certificate)
    with serving(context) as ours, serving(context) as foreign:
        yield ours, foreign
        # In all tests, no requests may arrive there.
        assert foreign.requests == []


@pytest.fixture
def client(servers: tuple[Server, Server], certificate: Path) -> Iterator[clients.Client]:
    ours, _foreign = servers
    params = {
        "tenant_id": TENANT,
        "client_id": "22222222-2222-2222-2222-222222222222",
        "client_secret": SECRET,
        "subscription_id": SUBSCRIPTION,
        "resource_manager_endpoint": ours.url,
        "authority_host": ours.url,
        "ca_bundle": str(certificate),
    }
    made = clients.Client(sdk.Session(params), sleep=lambda _seconds: None)
    yield made
    made.close()


def ask(params: dict[str, Any]) -> None:
    """Sends a request with other connection options."""
    with closing(clients.Client(sdk.Session(params))) as client:
        client.get_group("shop", "web")


Call = Callable[[clients.Client], Any]

LISTS: dict[str, tuple[str, Call]] = {
    "container groups": ("/containerGroups", lambda c: c.list_groups("shop")),
    "container groups of a subscription": ("/containerGroups", lambda c: c.list_groups()),
    "container groups page by page": ("/containerGroups", lambda c: list(c.each_group())),
    "resource groups": ("/resourcegroups", lambda c: c.resource_groups.list_all()),
    "resources": ("/resources", lambda c: c.resource_groups.resources("shop")),
    "times of creation": ("/resources", lambda c: c.created_times()),
    "usages": ("/usages", lambda c: c.list_usage("westeurope")),
    "capabilities": ("/capabilities", lambda c: c.locations.capabilities("westeurope")),
    "cached images": ("/cachedImages", lambda c: c.locations.cached_images("westeurope")),
}
lists = pytest.mark.parametrize(("path", "call"), LISTS.values(), ids=LISTS)


def check_names_both(caught: Any, ours: Server, foreign: Server) -> None:
    assert caught.value.code == "ForeignOrigin"
    assert ours.url in caught.value.msg
    assert foreign.url in caught.value.msg
    assert "planted" not in caught.value.msg


class TestLists:
    @lists
    def test_a_page_elsewhere(self, servers: Any, client: Any, path: str, call: Call) -> None:
        ours, foreign = servers
        ours.expect("GET", path, body={"value": [{}], "nextLink": f"{foreign.url}/more?sig=planted"})
        with pytest.raises(ForeignOrigin) as caught:
            call(client)
        check_names_both(caught, ours, foreign)

    @pytest.mark.parametrize("trick", ["https://{ours}@{foreign}/more", "//{foreign}/more", "https://x:y@{ours}/more"])
    def test_addresses_that_look_like_ours(self, servers: Any, client: Any, trick: str) -> None:
        ours, foreign = servers
        hosts = {"ours": ours.url[len("https://") :], "foreign": foreign.url[len("https://") :]}
        ours.expect("GET", "/containerGroups", body={"value": [], "nextLink": trick.format(**hosts)})
        with pytest.raises(ForeignOrigin):
            client.list_groups()
        assert [request for request in ours.requests if "/more" in request] == []

    @lists
    def test_a_page_that_names_itself(self, servers: Any, client: Any, path: str, call: Call) -> None:
        ours, _foreign = servers
        ours.expect("GET", path, body={"value": [{}], "nextLink": f"{ours.url}/more?sig=planted"})
        ours.expect("GET", "/more", body={"value": [], "nextLink": f"{ours.url}/more?sig=planted"})
        with pytest.raises(AzureError, match="earlier page") as caught:
            call(client)
        assert caught.value.code == "RepeatedLink"
        assert f"{ours.url}/more" in caught.value.msg
        assert "planted" not in caught.value.msg

    def test_pages_in_a_circle(self, servers: Any, client: Any) -> None:
        ours, _foreign = servers
        ours.expect("GET", "/containerGroups", body={"value": [], "nextLink": "/one"})
        for page, following in (("/one", "/two"), ("/two", "/three"), ("/three", f"{ours.url}/one#again")):
            ours.expect("GET", page, body={"value": [{"name": page}], "nextLink": following})
        with pytest.raises(AzureError) as caught:
            client.list_groups()
        assert caught.value.code == "RepeatedLink"
        assert len([request for request in ours.requests if request.startswith("GET /one")]) == 1

    def test_ever_other_pages(self, servers: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        ours, _foreign = servers
        monkeypatch.setattr(paging, "pages", functools.partial(paging.pages, limit=3))
        ours.expect("GET", "/containerGroups", body={"value": [], "nextLink": "/1"})
        for number in (1, 2):
            ours.expect("GET", f"/{number}", body={"value": [{"name": "a"}], "nextLink": f"/{number + 1}"})
        with pytest.raises(AzureError) as caught:
            client.list_groups()
        assert caught.value.code == "TooManyPages"

    def test_relative_links_are_followed(self, servers: Any, client: Any) -> None:
        ours, _foreign = servers
        ours.expect("GET", "/containerGroups", body={"value": [{"name": "a"}], "nextLink": "/more?page=2"})
        ours.expect("GET", "/more", body={"value": [{"name": "b"}]})
        assert [group["name"] for group in client.list_groups()] == ["a", "b"]
        assert f"Authorization: Bearer {TOKEN}" in ours.requests[-1]


BEGUN: dict[str, tuple[str, str, int, Call]] = {
    "create": ("PUT", "/web", 201, lambda c: c.put_group("shop", "web", BODY)),
    "start": ("POST", "/start", 202, lambda c: c.start_group("shop", "web")),
    "restart": ("POST", "/restart", 204, lambda c: c.restart_group("shop", "web")),
    "delete a resource group": ("DELETE", "/shop", 202, lambda c: c.resource_groups.delete("shop")),
    "delete a link": ("DELETE", "/default", 202, lambda c: c.delete_subnet_association("shop", "net", "sub")),
}
BY_LOCATION = {name: case for name, case in BEGUN.items() if name != "restart"}
NAMES = ("method", "path", "status", "call")


class TestOperations:
    @pytest.mark.parametrize(NAMES, BEGUN.values(), ids=BEGUN)
    def test_an_operation_elsewhere(
        self, servers: Any, client: Any, method: str, path: str, status: int, call: Call
    ) -> None:
        ours, foreign = servers
        body = None if status == 204 else {}
        ours.expect(method, path, status, body, Azure_AsyncOperation=f"{foreign.url}/operation?sig=planted")
        operation = call(client)
        with pytest.raises(ForeignOrigin, match="accepted the request") as caught:
            operation.poll()
        check_names_both(caught, ours, foreign)

    @pytest.mark.parametrize(NAMES, BY_LOCATION.values(), ids=BY_LOCATION)
    def test_a_location_elsewhere(
        self, servers: Any, client: Any, method: str, path: str, status: int, call: Call
    ) -> None:
        ours, foreign = servers
        ours.expect(method, path, status, {}, Location=f"{foreign.url}/operation?sig=planted")
        operation = call(client)
        with pytest.raises(ForeignOrigin, match="accepted the request") as caught:
            operation.poll()
        check_names_both(caught, ours, foreign)

    def test_an_operation_that_moves_away(self, servers: Any, client: Any) -> None:
        ours, foreign = servers
        ours.expect("DELETE", "/shop", 202, Location=f"{ours.url}/operation")
        ours.expect("GET", "/operation", 202, Location=f"{foreign.url}/operation")
        operation = client.resource_groups.delete("shop")
        assert not operation.poll().done
        with pytest.raises(ForeignOrigin) as caught:
            operation.poll()
        check_names_both(caught, ours, foreign)

    @pytest.mark.parametrize(NAMES, BEGUN.values(), ids=BEGUN)
    def test_a_relative_address(
        self, servers: Any, client: Any, method: str, path: str, status: int, call: Call
    ) -> None:
        ours, _foreign = servers
        ours.expect(method, path, status, None if status == 204 else {}, Azure_AsyncOperation="/operation")
        ours.expect("GET", "/operation", body={"status": "Succeeded"})
        assert call(client).poll().succeeded
        assert f"Authorization: Bearer {TOKEN}" in ours.requests[-1]


REQUESTS: dict[str, tuple[str, str, Call]] = {
    "GET": ("GET", "/web", lambda c: c.get_group("shop", "web")),
    "GET of a list": ("GET", "/containerGroups", lambda c: c.list_groups()),
    "PUT": ("PUT", "/web", lambda c: c.put_group("shop", "web", BODY)),
    "PUT by id": ("PUT", "/web", lambda c: c.profiles.put("shop", "web", BODY)),
    "PATCH": ("PATCH", "/web", lambda c: c.patch_group("shop", "web", BODY)),
    "POST": ("POST", "/stop", lambda c: c.stop_group("shop", "web")),
    "POST with a body": ("POST", "/exec", lambda c: c.execute_command("shop", "web", "web", {"command": "planted"})),
    "DELETE": ("DELETE", "/web", lambda c: c.delete_group("shop", "web")),
}
STATUSES = (300, 301, 302, 303, 307, 308)
every_request = pytest.mark.parametrize(("method", "path", "call"), REQUESTS.values(), ids=REQUESTS)
every_status = pytest.mark.parametrize("status", STATUSES)


class TestRedirects:
    @every_status
    @every_request
    def test_elsewhere(self, servers: Any, client: Any, method: str, path: str, call: Call, status: int) -> None:
        ours, foreign = servers
        ours.expect(method, path, status, Location=f"{foreign.url}/elsewhere?sig=planted")
        with pytest.raises(ForeignOrigin) as caught:
            call(client)
        check_names_both(caught, ours, foreign)
        assert caught.value.msg.startswith("Could not ")

    def test_without_tls(self, servers: Any, client: Any) -> None:
        ours, _foreign = servers
        ours.expect("GET", "/web", 307, Location=ours.url.replace("https:", "http:"))
        with pytest.raises(ForeignOrigin):
            client.get_group("shop", "web")

    @pytest.mark.parametrize("absolute", [True, False])
    def test_here(self, servers: Any, client: Any, absolute: bool) -> None:
        ours, _foreign = servers
        ours.expect("PUT", "/web", 307, Location=f"{ours.url if absolute else ''}/moved")
        ours.expect("PUT", "/moved", 201, {"name": "moved"})
        assert client.put_group("shop", "web", BODY).initial == {"name": "moved"}
        assert "planted-value" in ours.requests[-1]
        assert f"Authorization: Bearer {TOKEN}" in ours.requests[-1]

    @pytest.mark.parametrize("status", [301, 302])
    def test_a_write_that_would_lose_its_method(self, servers: Any, client: Any, status: int) -> None:
        ours, _foreign = servers
        ours.expect("PUT", "/web", status, Location=f"{ours.url}/moved")
        with pytest.raises(AzureError, match="is not followed") as caught:
            client.put_group("shop", "web", BODY)
        assert (caught.value.code, caught.value.status) == (f"HTTP{status}", status)
        assert ours.url in caught.value.msg

    def test_for_ever(self, servers: Any, client: Any) -> None:
        ours, _foreign = servers
        ours.expect("GET", "/web", 307, Location=f"{ours.url}/web")
        with pytest.raises(AzureError, match="again and again") as caught:
            client.get_group("shop", "web")
        assert caught.value.code == "TooManyRedirects"


class TestSignIn:
    def test_a_token_endpoint_elsewhere(self, servers: Any, client: Any) -> None:
        ours, foreign = servers
        ours.token_endpoint = f"{foreign.url}/{TENANT}/token"
        with pytest.raises(CredentialsError, match="Could not sign in") as caught:
            client.get_group("shop", "web")
        check_names_both(caught, ours, foreign)

    @every_status
    @pytest.mark.parametrize(("method", "path"), [("GET", "/openid-configuration"), ("POST", "/token")])
    def test_redirects(self, servers: Any, client: Any, method: str, path: str, status: int) -> None:
        ours, foreign = servers
        ours.expect(method, path, status, Location=f"{foreign.url}{path}")
        with pytest.raises(CredentialsError, match="Could not sign in") as caught:
            client.get_group("shop", "web")
        check_names_both(caught, ours, foreign)

    @every_status
    def test_redirects_of_the_metadata(self, servers: Any, certificate: Path, status: int) -> None:
        ours, foreign = servers
        ours.expect("GET", "/metadata/endpoints", status, Location=f"{foreign.url}/metadata/endpoints")
        params = {
            "tenant_id": TENANT,
            "client_id": "22222222-2222-2222-2222-222222222222",
            "client_secret": SECRET,
            "subscription_id": SUBSCRIPTION,
            "resource_manager_endpoint": ours.url,
            "ca_bundle": str(certificate),
        }
        with pytest.raises(AciError) as caught:
            ask(params)
        check_names_both(caught, ours, foreign)

    @every_status
    def test_redirects_of_a_ci_system(
        self, servers: Any, client: Any, monkeypatch: pytest.MonkeyPatch, certificate: Path, status: int
    ) -> None:
        ours, foreign = servers
        ours.expect("GET", "/oidc", status, Location=f"{foreign.url}/oidc")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{ours.url}/oidc?x=y")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "planted-bearer")
        params = {
            "tenant_id": TENANT,
            "client_id": "22222222-2222-2222-2222-222222222222",
            "subscription_id": SUBSCRIPTION,
            "resource_manager_endpoint": ours.url,
            "authority_host": ours.url,
            "ca_bundle": str(certificate),
            "auth_source": "workload_identity",
        }
        with pytest.raises(CredentialsError) as caught:
            ask(params)
        check_names_both(caught, ours, foreign)

    @every_status
    def test_redirects_of_a_managed_identity(
        self, servers: Any, monkeypatch: pytest.MonkeyPatch, certificate: Path, status: int
    ) -> None:
        ours, foreign = servers
        ours.expect("GET", "/msi", status, Location=f"{foreign.url}/msi")
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{ours.url}/msi")
        monkeypatch.setenv("IDENTITY_HEADER", "planted-header")
        params = {
            "subscription_id": SUBSCRIPTION,
            "resource_manager_endpoint": ours.url,
            "authority_host": ours.url,
            "ca_bundle": str(certificate),
            "auth_source": "managed_identity",
        }
        with pytest.raises(CredentialsError) as caught:
            ask(params)
        check_names_both(caught, ours, foreign)
