# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs written for Azure run on the emulator without changes, and never reach Azure."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aci_emulator.cli.control_client import CommandError, intercepted_environment
from aci_emulator.core.clouds import CLOUDS
from aci_emulator.core.control_key import KEY_HEADER, read_key
from aci_emulator.testing import RunningEmulator, running_emulator

PROGRAMS = Path(__file__).resolve().parents[1] / "conformance" / "plain"

# A resolver that knows only this machine, for programs that must not resolve any other host. It records their queries.
RESOLVER = """
import os, socket

resolve, connect = socket.getaddrinfo, socket.socket.connect


def note(host):
    with open(os.environ["ASKED_HOSTS"], "a") as file:
        file.write(f"{host}\\n")
    if host not in ("127.0.0.1", "localhost", "::1"):
        raise socket.gaierror(socket.EAI_NONAME, f"the test resolver does not know {host}")


def getaddrinfo(host, *arguments, **options):
    note(host if isinstance(host, str) else host.decode())
    return resolve(host, *arguments, **options)


def connect_noted(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        note(address[0])
    return connect(self, address)


socket.getaddrinfo, socket.socket.connect = getaddrinfo, connect_noted
"""


@pytest.fixture(scope="module")
def served() -> Iterator[RunningEmulator]:
    with running_emulator("--runtime", "process", "--speed", "50") as server:
        yield server


class Asked:
    """An environment with the test resolver, and the queries that it gets."""

    def __init__(self, folder: Path) -> None:
        (folder / "sitecustomize.py").write_text(RESOLVER)
        self._file = folder / "hosts.txt"
        self.variables = {"PYTHONPATH": str(folder), "ASKED_HOSTS": str(self._file)}

    @property
    def hosts(self) -> set[str]:
        return set(self._file.read_text().split()) if self._file.exists() else set()


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def run(arguments: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a program with a minimal environment, so that the machine's own settings have no effect."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(arguments, env={**kept, **variables}, capture_output=True, text=True, timeout=120)


def command(served: RunningEmulator, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    name, *rest = arguments
    return run([sys.executable, "-m", "aci_emulator", name, "--state-dir", str(served.state_dir), *rest], **variables)


@pytest.mark.parametrize("program", ["program.py", "program_aio.py"])
def test_a_plain_program_runs(served: RunningEmulator, asked: Asked, program: str) -> None:
    pytest.importorskip("azure.mgmt.resource.resources")
    if program == "program_aio.py":
        pytest.importorskip("aiohttp")
    # Variables for an emulator would bypass the interception.
    stale = {"AZURE_AUTHORITY_HOST": "https://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1", "NO_PROXY": "*"}
    arguments = ["exec", "--intercept", "--", sys.executable, str(PROGRAMS / program)]
    done = command(served, *arguments, **stale, **asked.variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "state Succeeded" in done.stdout
    assert "shell wss://sb" in done.stdout
    assert ".westus2.atlas.cloudapp.azure.com:19390/" in done.stdout
    assert "removed True" in done.stdout
    assert asked.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("program", ["program.py", "program_aio.py"])
def test_with_the_emulator_stopped_it_fails_and_reaches_nobody(tmp_path: Path, asked: Asked, program: str) -> None:
    pytest.importorskip("azure.mgmt.resource.resources")
    if program == "program_aio.py":
        pytest.importorskip("aiohttp")
    with running_emulator("--runtime", "simulated", state_dir=tmp_path / "state") as server:
        variables = server.intercepted_environment()
    done = run([sys.executable, str(PROGRAMS / program)], **variables, **asked.variables)
    assert done.returncode != 0
    assert "state" not in done.stdout
    assert asked.hosts == {"127.0.0.1"}
    refused = command(server, "exec", "--intercept", "--", sys.executable, "-c", "print('ran')")
    assert refused.returncode == 1
    assert "no emulator serves" in refused.stderr
    assert "ran" not in refused.stdout


class Client:
    """A client that uses the proxy."""

    def __init__(self, served: RunningEmulator) -> None:
        self.variables = served.intercepted_environment()
        context = ssl.create_default_context(cafile=self.variables["SSL_CERT_FILE"])
        proxies = {"https": self.variables["HTTPS_PROXY"], "http": self.variables["HTTP_PROXY"]}
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context)
        )

    def ask(self, url: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        """Status, body (parsed if it is JSON) and headers of a response. Raises URLError if the tunnel is refused."""
        request = urllib.request.Request(url, body, {each.replace("_", "-"): headers[each] for each in headers})
        try:
            with self._opener.open(request, timeout=30) as answer:
                return answer.status, json.load(answer), dict(answer.headers)
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            return error.code, json.loads(text) if text.startswith("{") else text, dict(error.headers)

    def token(self, host: str, audience: str) -> str:
        tenant, application = self.variables["AZURE_TENANT_ID"], self.variables["AZURE_CLIENT_ID"]
        form = (
            f"grant_type=client_credentials&client_id={application}&scope={audience}/.default"
            f"&client_secret={self.variables['AZURE_CLIENT_SECRET']}"
        )
        status, answer, _ = self.ask(f"https://{host}/{tenant}/oauth2/v2.0/token", form.encode())
        assert status == 200, answer
        return str(answer["access_token"])


@pytest.fixture(scope="module")
def client(served: RunningEmulator) -> Client:
    return Client(served)


@pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.name)
def test_each_cloud_answers_under_its_own_addresses(client: Client, cloud: Any) -> None:
    manager, sign_in = f"https://{cloud.resource_manager}", cloud.sign_in[0]
    tenant = client.variables["AZURE_TENANT_ID"]
    _, metadata, _ = client.ask(f"{manager}/metadata/endpoints?api-version=2022-09-01")
    assert metadata["name"] == cloud.name
    assert metadata["authentication"]["loginEndpoint"] == f"https://{sign_in}/"
    assert metadata["resourceManager"] == f"{manager}/"
    _, document, _ = client.ask(f"https://{sign_in}/{tenant}/v2.0/.well-known/openid-configuration")
    assert document["issuer"] == f"https://{sign_in}/{tenant}/v2.0"
    assert document["token_endpoint"] == f"https://{sign_in}/{tenant}/oauth2/v2.0/token"
    status, _, headers = client.ask(f"{manager}/subscriptions?api-version=2022-12-01")
    assert status == 401
    assert f'authorization_uri="https://{sign_in}/' in headers["www-authenticate"]
    for audience in cloud.audiences:
        bearer = "Bearer " + client.token(sign_in, audience)
        status, found, _ = client.ask(f"{manager}/subscriptions?api-version=2022-12-01", Authorization=bearer)
        assert status == 200
        assert client.variables["AZURE_SUBSCRIPTION_ID"] in [each["subscriptionId"] for each in found["value"]]
        # A token of one cloud is not valid in another.
        for other in CLOUDS:
            if other is not cloud:
                url = f"https://{other.resource_manager}/subscriptions?api-version=2022-12-01"
                status, refusal, _ = client.ask(url, Authorization=bearer)
                assert (status, refusal["error"]["code"]) == (401, "InvalidAuthenticationTokenAudience")
    aliases = client.ask(f"https://{sign_in}/common/discovery/instance?api-version=1.1")[1]["metadata"]
    assert [each["preferred_network"] for each in aliases] == [each.sign_in[0] for each in CLOUDS]


def test_links_and_operations_stay_on_the_host(client: Client, served: RunningEmulator) -> None:
    host = "https://westus2.management.azure.com"
    bearer = "Bearer " + client.token("login.microsoftonline.com", "https://management.azure.com")
    group = f"{host}/subscriptions/{served.subscription_id}/resourcegroups/links?api-version=2021-04-01"
    request = urllib.request.Request(
        group, b'{"location": "westus2"}', {"Authorization": bearer, "Content-Type": "application/json"}, method="PUT"
    )
    client._opener.open(request).read()
    deleted = urllib.request.Request(group, headers={"Authorization": bearer}, method="DELETE")
    with client._opener.open(deleted) as answer:
        assert answer.headers["Location"].startswith(f"{host}/subscriptions/")


@pytest.mark.parametrize(
    "url",
    [
        "https://management.azure.com/emulator/health",
        "https://management.azure.com/emulator/requests",
        "https://management.azure.com/common/oauth2/v2.0/token",
        "https://management.azure.com/metadata/identity/oauth2/token?api-version=2018-02-01&resource=x",
        "https://management.azure.com/v2/",
        "https://login.microsoftonline.com/subscriptions?api-version=2022-12-01",
        "https://login.microsoftonline.com/oauth2/token",
        "https://login.microsoftonline.com/emulator/health",
        "https://login.microsoftonline.com/oidc/github",
        "https://prices.azure.com/subscriptions?api-version=2022-12-01",
        "https://sbx.westus2.atlas.cloudapp.azure.com:19390/emulator/health",
        "http://169.254.169.254/metadata/instance",
        "http://169.254.169.254/emulator/health",
    ],
)
def test_a_host_has_its_own_paths_only(client: Client, served: RunningEmulator, url: str) -> None:
    status, answer, _ = client.ask(url, **{KEY_HEADER: read_key(served.state_dir)})
    assert status == 404, answer


def test_the_header_host_must_be_that_of_the_tunnel(client: Client) -> None:
    for host in ("127.0.0.1", "login.microsoftonline.com", "management.azure.com.evil.example"):
        status, answer, _ = client.ask("https://management.azure.com/metadata/endpoints", Host=host)
        assert status == 421
        assert answer["error"]["message"].startswith("This is https://management.azure.com,")


def test_nobody_else_can_claim_to_be_azure(served: RunningEmulator) -> None:
    """A direct request is not intercepted, whatever its Host header."""
    context = ssl.create_default_context(cafile=str(served.ca))
    request = urllib.request.Request(f"{served.url}/metadata/endpoints", headers={"Host": "management.azure.com"})
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(request, context=context)


@pytest.mark.parametrize("host", ["graph.microsoft.com", "management.core.windows.net", "example.com"])
def test_what_is_not_served_is_refused(client: Client, host: str) -> None:
    with pytest.raises(urllib.error.URLError, match="403"):
        client.ask(f"https://{host}/")


def test_prices_and_the_metadata_service(client: Client) -> None:
    status, prices, _ = client.ask("https://prices.azure.com/api/retail/prices?currencyCode='USD'")
    assert status == 200
    assert prices["Items"]
    assert prices["NextPageLink"] is None or prices["NextPageLink"].startswith("https://prices.azure.com")
    url = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com"
    status, answer, _ = client.ask(url, Metadata="true")
    assert status == 200, answer
    bearer = f"Bearer {answer['access_token']}"
    url = "https://management.azure.com/subscriptions?api-version=2022-12-01"
    assert client.ask(url, Authorization=bearer)[0] == 200


def test_the_metadata_service_stays_closed_to_whoever_comes_directly(served: RunningEmulator) -> None:
    path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com"
    context = ssl.create_default_context(cafile=str(served.ca))
    request = urllib.request.Request(served.url + path, headers={"Metadata": "true"})
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request, context=context)
    plain = urllib.request.build_opener(urllib.request.ProxyHandler({"http": served.proxy}))
    with pytest.raises(urllib.error.HTTPError, match="407"):
        plain.open(urllib.request.Request(f"http://169.254.169.254{path}", headers={"Metadata": "true"}))


def test_a_shell_opens_through_the_proxy(client: Client, served: RunningEmulator) -> None:
    connect = pytest.importorskip("websockets.asyncio.client").connect
    host = "https://management.azure.com"
    bearer = "Bearer " + client.token("login.microsoftonline.com", host)
    headers = {"Authorization": bearer, "Content-Type": "application/json"}
    group = f"{host}/subscriptions/{served.subscription_id}/resourcegroups/shell"
    web = f"{group}/providers/Microsoft.ContainerInstance/containerGroups/web"
    definition = {
        "location": "westus2",
        "properties": {
            "osType": "Linux",
            "containers": [
                {
                    "name": "main",
                    "properties": {
                        "image": "emulator.local/sh",
                        "command": ["sh", "-c", "sleep 3600"],
                        "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                    },
                }
            ],
        },
    }

    def send(method: str, url: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        with client._opener.open(urllib.request.Request(url, content, headers, method=method)) as answer:
            return json.load(answer)

    send("PUT", f"{group}?api-version=2021-04-01", {"location": "westus2"})
    send("PUT", f"{web}?api-version=2023-05-01", definition)
    for _ in range(100):
        served.advance(1)
        view = send("GET", f"{web}?api-version=2023-05-01")["properties"].get("instanceView", {})
        if view.get("state") == "Running":
            break
    shell = send(
        "POST",
        f"{web}/containers/main/exec?api-version=2023-05-01",
        {"command": "sh", "terminalSize": {"rows": 24, "cols": 80}},
    )

    async def talk() -> str:
        context = ssl.create_default_context(cafile=client.variables["SSL_CERT_FILE"])
        proxy = client.variables["HTTPS_PROXY"]
        async with asyncio.timeout(30), connect(shell["webSocketUri"], ssl=context, proxy=proxy) as socket:
            await socket.send(shell["password"])
            await socket.send("echo hello-$((40 + 2))\n")
            text = ""
            while "hello-42" not in text:
                piece = await socket.recv()
                text += piece.decode() if isinstance(piece, bytes) else piece
            await socket.send("exit\n")
            return text

    assert "hello-42" in asyncio.run(talk())


def test_a_fault_that_cuts_the_connection_cuts_it_here_too(client: Client, served: RunningEmulator) -> None:
    served.add_fault("disconnect", paths=["/metadata/endpoints"], times=1)
    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        client.ask("https://management.azure.com/metadata/endpoints")
    assert client.ask("https://management.azure.com/metadata/endpoints")[0] == 200


def test_what_env_prints(served: RunningEmulator) -> None:
    printed = command(served, "env", "--intercept")
    assert printed.returncode == 0, printed.stderr
    assert printed.stderr == ""
    names = [line.removeprefix("export ").partition("=")[0] for line in printed.stdout.splitlines()]
    assert {
        *(
            "HTTPS_PROXY",
            "https_proxy",
            "NO_PROXY",
            "no_proxy",
            "REQUESTS_CA_BUNDLE",
            "SSL_CERT_FILE",
            "CURL_CA_BUNDLE",
        ),
        *("NODE_EXTRA_CA_CERTS", "AZURE_TOKEN_CREDENTIALS", "AZURE_CONFIG_DIR", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"),
        *("AZURE_CLIENT_SECRET", "AZURE_SUBSCRIPTION_ID"),
    } <= set(names)
    assert not {"AZURE_AUTHORITY_HOST", "AZURE_RESOURCE_MANAGER_ENDPOINT"} & set(names)
    variables = served.intercepted_environment()
    assert variables["AZURE_TOKEN_CREDENTIALS"] == "EnvironmentCredential"
    assert list(Path(variables["AZURE_CONFIG_DIR"]).iterdir()) == []
    assert "169.254.169.254" not in variables["NO_PROXY"]
    as_json = command(served, "env", "--intercept", "--format", "json")
    assert json.loads(as_json.stdout) == variables


def test_env_takes_back_what_leads_past_the_interception(served: RunningEmulator) -> None:
    stale = {
        "AZURE_AUTHORITY_HOST": "https://127.0.0.1:4000",
        "AZURE_RESOURCE_MANAGER_ENDPOINT": "https://localhost:4000",
    }
    printed = command(served, "env", "--intercept", **stale).stdout
    assert printed.startswith("unset AZURE_AUTHORITY_HOST\nunset AZURE_RESOURCE_MANAGER_ENDPOINT\nexport ")
    ours = command(served, "env", "--intercept", AZURE_AUTHORITY_HOST="https://login.microsoftonline.us").stdout
    assert "unset" not in ours  # the cloud that the user selected


def test_env_alone_says_whom_it_suits(served: RunningEmulator) -> None:
    printed = command(served, "env")
    assert "plain programs with the Azure SDK" in printed.stderr
    assert "aci-emulator exec --intercept" in printed.stderr
    assert all(line.startswith("export ") for line in printed.stdout.splitlines())


@pytest.mark.parametrize("way", ["github", "managed-identity", "app-service", "auth-file"])
def test_ways_that_azure_itself_does_not_have_are_refused(served: RunningEmulator, way: str) -> None:
    done = command(served, "env", "--intercept", "--as", way)
    assert done.returncode == 1
    assert f"--as {way} cannot be used with --intercept" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("way", ["certificate", "certificate-pfx", "workload-identity", "reader", "other-tenant"])
def test_the_other_ways_sign_in_to_azures_own_address(served: RunningEmulator, asked: Asked, way: str) -> None:
    pytest.importorskip("azure.identity")
    text = (
        "from azure.identity import DefaultAzureCredential\n"
        "print(len(DefaultAzureCredential().get_token('https://management.azure.com/.default').token) > 100)\n"
    )
    done = command(served, "exec", "--intercept", "--as", way, "--", sys.executable, "-c", text, **asked.variables)
    assert done.stdout == "True\n", done.stderr
    assert asked.hosts == {"127.0.0.1"}


def test_an_emulator_from_before_has_no_interception(tmp_path: Path, served: RunningEmulator) -> None:
    with running_emulator("--runtime", "simulated", state_dir=tmp_path / "state") as server:
        bundle = server.state_dir / "intercept" / "bundle.pem"
        bundle.unlink()
        with pytest.raises(CommandError, match=r"bundle\.pem is missing: restart the emulator to create it"):
            intercepted_environment(server.state_dir)


def test_serve_refuses_to_pass_what_manages_azure(tmp_path: Path) -> None:
    done = run(
        [
            *(sys.executable, "-m", "aci_emulator", "serve", "--state-dir"),
            str(tmp_path),
            "--pass",
            "management.azure.com",
        ]
    )
    assert done.returncode == 1
    assert "--pass management.azure.com: Azure is managed or signed in to there" in done.stderr


def test_the_key_of_the_proxy_is_for_its_owner(served: RunningEmulator) -> None:
    assert (served.state_dir / "proxy.key").stat().st_mode & 0o777 == 0o600
