# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command as users run it: processes, TLS, files, signals, and the real Azure SDK."""

from __future__ import annotations

import json
import os
import shlex
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aci_emulator.core.control_key import KEY_HEADER, read_key
from aci_emulator.core.facts import write_facts

COMMAND = [sys.executable, "-m", "aci_emulator"]
CREATE_GROUP = {
    "location": "westus2",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "c",
                "properties": {
                    "image": "nginx",
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                    "ports": [{"port": 80}],
                },
            }
        ],
        "ipAddress": {"type": "Public", "ports": [{"port": 80}]},
    },
}


class Served:
    """An emulator in a separate process."""

    def __init__(self, state_dir: Path, *arguments: str) -> None:
        self.state_dir = state_dir
        started = time.monotonic()
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--state-dir", str(state_dir), "--runtime", "simulated", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.seconds_to_start = time.monotonic() - started
        assert line.startswith("ready https://127.0.0.1:"), self.process.communicate()[1]
        self.url = line.split()[1]

    def env(self, way: str = "client-secret") -> dict[str, str]:
        printed = run("env", "--state-dir", str(self.state_dir), "--as", way).stdout
        words = [shlex.split(line) for line in printed.splitlines()]
        assert all(each[0] == "export" for each in words)
        return dict(each[1].split("=", 1) for each in words)

    def get(self, path: str) -> Any:
        context = ssl.create_default_context(cafile=self.state_dir / "ca.pem")
        request = urllib.request.Request(self.url + path, headers={KEY_HEADER: read_key(self.state_dir)})
        with urllib.request.urlopen(request, context=context, timeout=10) as answer:
            return json.load(answer)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    running: list[Served] = []

    def start(*arguments: str) -> Served:
        running.append(Served(tmp_path / "state", *arguments))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()


def test_serves_over_tls_with_its_own_authority(serve: Callable[..., Served]) -> None:
    served = serve()
    assert served.get("/emulator/health")["url"] == served.url
    localhost = served.url.replace("127.0.0.1", "localhost")
    context = ssl.create_default_context(cafile=served.state_dir / "ca.pem")
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with urllib.request.urlopen(f"{localhost}/metadata/endpoints", context=context, timeout=10) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{served.url}/metadata/endpoints", timeout=10)


def test_files_are_private(serve: Callable[..., Served]) -> None:
    served = serve()
    assert served.state_dir.stat().st_mode & 0o777 == 0o700
    for name in (
        "ca.key",
        "server.key",
        "token.key",
        "directory.json",
        "credentials.json",
        "env.json",
        "state.db",
        "control.key",
    ):
        assert (served.state_dir / name).stat().st_mode & 0o777 == 0o600, name


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_cleanly_and_state_survives(serve: Callable[..., Served], number: int) -> None:
    first = serve()
    variables = first.env()
    assert first.stop(number) == 0
    assert run("env", "--state-dir", str(first.state_dir)).returncode == 1
    second = serve()
    assert second.url == first.url
    assert second.env() == variables
    assert second.seconds_to_start < 5


def test_env_in_its_forms(serve: Callable[..., Served]) -> None:
    served = serve()
    variables = served.env()
    assert set(variables) == {
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_SUBSCRIPTION_ID",
        "AZURE_AUTHORITY_HOST",
        "AZURE_RESOURCE_MANAGER_ENDPOINT",
        "AZURE_DISABLE_INSTANCE_DISCOVERY",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE",
        "ACI_EMULATOR_STATE_DIR",
        "ACI_EMULATOR_PROXY",
        "ACI_EMULATOR_PRICES_ENDPOINT",
        "ACI_EMULATOR_SECOND_SUBSCRIPTION_ID",
    }
    as_json = json.loads(run("env", "--state-dir", str(served.state_dir), "--format", "json").stdout)
    assert as_json == variables
    by_file = run("env", "--state-dir", str(served.state_dir), "--auth-file").stdout
    assert "AZURE_CLIENT_SECRET" not in by_file
    assert f"AZURE_AUTH_LOCATION={served.state_dir}/credentials.json" in by_file
    credentials = json.loads((served.state_dir / "credentials.json").read_text())
    assert credentials["clientId"] == variables["AZURE_CLIENT_ID"]
    assert credentials["resourceManagerEndpointUrl"] == credentials["activeDirectoryEndpointUrl"] == served.url


def test_env_waits_for_an_emulator_that_is_about_to_serve(serve: Callable[..., Served], tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    state_dir.mkdir(mode=0o700)
    # The file of a killed emulator.
    left = {"url": "https://127.0.0.1:1", "port": 1, "proxy": "", "pid": 2**22 + 1, "ca": "", "tenant_id": ""}
    write_facts(state_dir, {**left, "subscription_id": "", "second_subscription_id": ""})
    waiting = subprocess.Popen([*COMMAND, "env", "--state-dir", str(state_dir), "--wait", "60"], stdout=subprocess.PIPE)
    served = serve()
    output, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert f"AZURE_AUTHORITY_HOST={served.url}" in output.decode()


def test_one_emulator_a_state_directory(serve: Callable[..., Served]) -> None:
    served = serve()
    second = run("serve", "--state-dir", str(served.state_dir))
    assert second.returncode == 1
    assert second.stderr == (
        f"aci-emulator: another aci-emulator serves {served.state_dir}: stop it with "
        f"aci-emulator stop --state-dir {served.state_dir}, or choose another --state-dir\n"
    )


def test_errors_are_sentences(serve: Callable[..., Served], tmp_path: Path) -> None:
    served = serve()
    port = served.url.rpartition(":")[2]
    taken = run("serve", "--state-dir", str(tmp_path / "other"), "--port", port)
    assert taken.returncode == 1
    assert taken.stderr == (
        f"aci-emulator: cannot listen on port {port} of 127.0.0.1: another program listens on it. Choose another one "
        "with --port\n"
    )
    proxy_port = served.env()["ACI_EMULATOR_PROXY"].rpartition(":")[2]
    taken = run("serve", "--state-dir", str(tmp_path / "other"), "--proxy-port", proxy_port)
    assert taken.returncode == 1
    assert taken.stderr == (
        f"aci-emulator: cannot listen on port {proxy_port} of 127.0.0.1: another program listens on it. Choose another "
        "one with --proxy-port\n"
    )
    assert run("serve", "--speed", "0").returncode == 2
    assert run("serve", "--put-existing", "300").returncode == 2
    assert run("serve", "--limit", "x").returncode == 2


def page(served: Served, link: str) -> str:
    """The page for a browser that follows a link."""
    context = ssl.create_default_context(cafile=served.state_dir / "ca.pem")
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor()
    )
    with opener.open(link, timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def test_serve_and_open_print_links_to_the_pages(serve: Callable[..., Served]) -> None:
    served = serve()
    assert served.process.stdout is not None
    line = served.process.stdout.readline()
    assert line.startswith(f"pages (valid once, for 60 s): {served.url}/emulator/enter?ticket=")
    printed = run("open", "--state-dir", str(served.state_dir)).stdout
    for link in (line.split()[-1], printed.strip()):
        assert "<h1>Overview</h1>" in page(served, link)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            page(served, link)


@pytest.mark.parametrize(("mode", "links"), [(0o600, 1), (0o640, 0), (0o644, 0)])
def test_no_link_goes_to_a_file_that_others_read(tmp_path: Path, mode: int, links: int) -> None:
    state_dir, log = tmp_path / "state", tmp_path / "serve.log"
    log.touch(mode)
    log.chmod(mode)
    with log.open("w") as file:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--state-dir", str(state_dir), "--runtime", "simulated"], stdout=file
        )
    try:
        assert run("env", "--state-dir", str(state_dir), "--wait", "60").returncode == 0
    finally:
        process.terminate()
        assert process.wait(20) == 0
    written = log.read_text()
    assert written.count("ticket=") == links
    assert written.count(f"pages: aci-emulator open --state-dir {state_dir} prints a link\n") == 1 - links


@pytest.mark.parametrize(("runtime", "notes"), [("process", 1), ("simulated", 0)])
def test_serve_says_that_programs_run_as_you(serve: Callable[..., Served], runtime: str, notes: int) -> None:
    served = serve("--runtime", runtime)
    served.stop()
    errors = served.process.communicate()[1]
    assert errors.count("NOTE: the runtime process runs programs as you, ") == notes
    assert errors.count("\n") == notes


def test_the_metadata_service_is_warned_about(serve: Callable[..., Served]) -> None:
    served = serve("--instance-metadata")
    served.stop()
    warning = "WARNING: the metadata service issues tokens of a managed identity"
    assert served.process.communicate()[1].startswith(warning)
    served = serve()
    for way, warnings in (("client-secret", 0), ("app-service", 0), ("managed-identity", 1)):
        done = run("env", "--state-dir", str(served.state_dir), "--as", way)
        assert done.stderr.count(warning) == warnings, way
        assert served.get("/emulator/instance-metadata") == {"served": bool(warnings)}


def test_other_hosts_are_warned_about(serve: Callable[..., Served]) -> None:
    served = serve("--host", "0.0.0.0")
    assert served.url.startswith("https://127.0.0.1:")
    served.stop()
    assert "WARNING: listening on 0.0.0.0" in served.process.communicate()[1]


def sdk(served: Served, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    identity = pytest.importorskip("azure.identity")
    containers = pytest.importorskip("azure.mgmt.containerinstance")
    resources = pytest.importorskip("azure.mgmt.resource.resources")
    variables = served.env()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    credential = identity.ClientSecretCredential(
        variables["AZURE_TENANT_ID"],
        variables["AZURE_CLIENT_ID"],
        variables["AZURE_CLIENT_SECRET"],
        authority=variables["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
    )
    options = {"base_url": served.url, "credential_scopes": [f"{served.url}/.default"]}
    subscription = variables["AZURE_SUBSCRIPTION_ID"]
    return (
        resources.ResourceManagementClient(credential, subscription, **options),
        containers.ContainerInstanceManagementClient(credential, subscription, **options),
    )


def test_the_real_sdk_end_to_end(serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch) -> None:
    served = serve("--speed", "50")
    resource_client, container_client = sdk(served, monkeypatch)
    started = time.monotonic()
    resource_client.resource_groups.create_or_update("rg", {"location": "westus2"})
    group = container_client.container_groups.begin_create_or_update("rg", "g", CREATE_GROUP).result()
    assert group.provisioning_state == "Succeeded"
    assert group.instance_view.state == "Running"
    assert [each.name for each in resource_client.resources.list_by_resource_group("rg")] == ["g"]
    assert served.stop() == 0
    again = serve("--speed", "50")
    assert again.url == served.url
    assert container_client.container_groups.get("rg", "g").instance_view.state == "Running"
    assert run("reset", "--state-dir", str(served.state_dir)).returncode == 0
    assert list(resource_client.resource_groups.list()) == []
    resource_client.resource_groups.create_or_update("rg", {"location": "westus2"})
    container_client.container_groups.begin_create_or_update("rg", "g", CREATE_GROUP).result()
    resource_client.resource_groups.begin_delete("rg").result()
    assert not resource_client.resource_groups.check_existence("rg")
    assert time.monotonic() - started < 30


def test_reset_of_an_emulator_that_does_not_run(serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch) -> None:
    served = serve()
    resource_client, _ = sdk(served, monkeypatch)
    resource_client.resource_groups.create_or_update("rg", {"location": "westus2"})
    served.stop()
    assert run("reset", "--state-dir", str(served.state_dir)).returncode == 0
    serve()
    assert list(resource_client.resource_groups.list()) == []


def test_the_default_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment = {**os.environ, "ACI_EMULATOR_STATE_DIR": str(tmp_path / "here")}
    done = subprocess.run([*COMMAND, "env"], capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert str(tmp_path / "here") in done.stderr


def test_faults_cut_real_connections(serve: Callable[..., Served]) -> None:
    served = serve()
    state = ("--state-dir", str(served.state_dir))
    added = run("fault", "add", "disconnect", "--path", "/metadata/*", "--times", "1", *state)
    assert json.loads(added.stdout)["when"] == "before"
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        served.get("/metadata/endpoints")
    assert served.get("/metadata/endpoints")
    assert json.loads(run("fault", "list", *state).stdout)[0]["hits"] == 1
    assert run("fault", "remove", "1", *state).returncode == 0
    assert run("fault", "remove", "1", *state).stderr == "aci-emulator: There is no fault 1.\n"
    assert run("fault", "add", "answer", "--header", "x", *state).returncode == 1
    assert run("fault", "clear", *state).returncode == 0
    assert run("requests", "--path", "/metadata/*", "--count", *state).stdout == "2\n"
    assert run("requests", "--clear", *state).returncode == 0
    assert json.loads(run("requests", *state).stdout) == []
    assert served.stop() == 0
    assert served.process.communicate()[1] == ""


def test_clock_and_policies_by_command(serve: Callable[..., Served], tmp_path: Path) -> None:
    served = serve()
    state = ("--state-dir", str(served.state_dir))
    assert json.loads(run("clock", "freeze", *state).stdout)["frozen"] is True
    before = json.loads(run("clock", *state).stdout)
    after = json.loads(run("clock", "advance", "60", *state).stdout)
    assert round(after["seconds"] - before["seconds"], 3) == 60
    assert json.loads(run("clock", "set", "2040-01-01", *state).stdout)["now"].startswith("2040-01-01T00:00:00")
    assert run("clock", "advance", *state).returncode == 1
    assert run("clock", "advance", "soon", *state).stderr == "aci-emulator: clock advance takes seconds\n"
    rules = [{"policyRule": {"if": {"field": "name", "equals": "x"}, "then": {"effect": "deny"}}}]
    (tmp_path / "rules.json").write_text(json.dumps(rules))
    assert json.loads(run("policy", str(tmp_path / "rules.json"), *state).stdout) == rules
    assert json.loads(run("policy", *state).stdout) == rules


def credential_of(way: str, identity: Any, variables: dict[str, str]) -> Any:
    options = {"authority": variables["AZURE_AUTHORITY_HOST"], "disable_instance_discovery": True}
    ids = [variables.get("AZURE_TENANT_ID"), variables.get("AZURE_CLIENT_ID")]
    if "identity" in way and way != "workload-identity":
        return identity.ManagedIdentityCredential(client_id=ids[1])
    if way == "app-service":
        return identity.ManagedIdentityCredential()
    if way.startswith("certificate"):
        return identity.CertificateCredential(
            *ids,
            certificate_path=variables["AZURE_CLIENT_CERTIFICATE_PATH"],
            password=variables.get("AZURE_CLIENT_CERTIFICATE_PASSWORD"),
            **options,
        )
    if way == "workload-identity":
        return identity.WorkloadIdentityCredential(**options)
    if way == "azure-pipelines":
        return identity.AzurePipelinesCredential(
            tenant_id=ids[0],
            client_id=ids[1],
            service_connection_id=variables["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"],
            system_access_token=variables["SYSTEM_ACCESSTOKEN"],
            **options,
        )
    return identity.ClientSecretCredential(*ids, variables["AZURE_CLIENT_SECRET"], **options)


def test_every_way_to_sign_in(serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch) -> None:
    identity = pytest.importorskip("azure.identity")
    resources = pytest.importorskip("azure.mgmt.resource.resources")
    exceptions = pytest.importorskip("azure.core.exceptions")
    served = serve()
    for way in (
        "client-secret",
        "certificate",
        "certificate-pfx",
        "workload-identity",
        "azure-pipelines",
        "managed-identity",
        "user-assigned-identity",
        "app-service",
        "reader",
        "other-tenant",
    ):
        with monkeypatch.context() as patch:
            variables = served.env(way)
            for name, value in variables.items():
                patch.setenv(name, value)
            client = resources.ResourceManagementClient(
                credential_of(way, identity, variables),
                variables["AZURE_SUBSCRIPTION_ID"],
                base_url=served.url,
                credential_scopes=[f"{served.url}/.default"],
            )
            assert list(client.resource_groups.list()) == [], way
            if way == "reader":
                with pytest.raises(exceptions.HttpResponseError, match="AuthorizationFailed"):
                    client.resource_groups.create_or_update("rg", {"location": "westus2"})
