# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files, CI systems, Azure CLI and managed identities as sources of credentials."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import ambient
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    CredentialsError,
)
from ansible_collections.azure_containers.aci.tests.unit.support.logins import (
    ENVIRONMENT,
    RBAC_FILE,
    SDK_FILE,
    WHERE,
    log_in,
    told,
    written,
)

pytestmark = pytest.mark.usefixtures("without_sources")


def test_auth_file_with_endpoints(tmp_path: Path) -> None:
    login = log_in({"auth_file": written(tmp_path / "a.json", SDK_FILE)})
    assert told(login) == ("auth_file", "client id-f", "tenant-f", "sub-f")
    assert (login.cloud.resource_manager, login.cloud.authority_host) == ("https://arm.file", "https://login.file")


def test_auth_file_of_create_for_rbac(tmp_path: Path) -> None:
    login = log_in({"auth_file": written(tmp_path / "a.json", RBAC_FILE), "subscription_id": "sub-p"})
    assert told(login) == ("auth_file", "client id-r", "tenant-r", "sub-p")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_auth_file_of_powershell(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps(SDK_FILE), encoding=encoding)
    assert log_in({"auth_file": str(tmp_path / "a.json")}).identity.who == "client id-f"


def test_profile(tmp_path: Path) -> None:
    (tmp_path / ".azure").mkdir()
    (tmp_path / ".azure" / "credentials").write_text(
        "[default]\nclient_id=id-d\nsecret=s%d\ntenant=tenant-d\nsubscription_id=sub-d\n"
        "[gov]\nclient_id=id-g\nsecret=s\ntenant=tenant-g\nsubscription_id=sub-g\ncloud_environment=AzureUSGovernment\n"
    )
    assert told(log_in({})) == ("profile", "client id-d", "tenant-d", "sub-d")
    named = log_in({"profile": "gov"}, ENVIRONMENT)
    assert told(named) == ("profile", "client id-g", "tenant-g", "sub-g")
    assert named.cloud.name == "AzureUSGovernment"
    assert log_in({}, {"AZURE_PROFILE": "gov"}).identity.who == "client id-g"
    moved = (tmp_path / ".azure" / "credentials").rename(tmp_path / "moved")
    assert log_in({}, {"AZURE_PROFILE_FILE": str(moved)}).identity.who == "client id-d"
    with pytest.raises(CredentialsError, match=r"no profile moon \(it has: default, gov\)"):
        log_in({"profile": "moon", "profile_file": str(moved)})


@pytest.mark.parametrize(
    "environ",
    [
        {"AZURE_FEDERATED_TOKEN_FILE": "/var/run/token"},
        {"ACTIONS_ID_TOKEN_REQUEST_URL": "https://x", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "planted"},
        {
            "SYSTEM_OIDCREQUESTURI": "https://x",
            "SYSTEM_ACCESSTOKEN": "planted",
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "c",
        },
    ],
)
def test_workload_identity(environ: dict[str, str]) -> None:
    names = {"AZURE_CLIENT_ID": "id-w", "AZURE_TENANT_ID": "tenant-w", "AZURE_SUBSCRIPTION_ID": "sub-w"}
    assert told(log_in({}, {**environ, **names})) == ("workload_identity", "client id-w", "tenant-w", "sub-w")
    # The client ID is not a secret: a task may choose another application for the same token.
    assert log_in({"client_id": "id-p"}, {**environ, **names}).identity.who == "client id-p"


def test_workload_identity_with_the_names_of_azure_pipelines() -> None:
    environ = {
        "SYSTEM_OIDCREQUESTURI": "https://x",
        "SYSTEM_ACCESSTOKEN": "planted",
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "c",
        "AZURESUBSCRIPTION_CLIENT_ID": "id-w",
        "AZURESUBSCRIPTION_TENANT_ID": "tenant-w",
    }
    login = log_in({"subscription_id": "sub-p"}, environ)
    assert told(login) == ("workload_identity", "client id-w", "tenant-w", "sub-p")


def test_managed_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {"auth_source": "managed_identity", "subscription_id": "sub-p"}
    assert log_in(chosen).identity.who == "the system-assigned managed identity"
    assert log_in({**chosen, "client_id": "id-m"}).identity.who == "managed identity id-m"
    monkeypatch.setattr(ambient, "has_managed_identity", lambda _environ: True)
    assert log_in({"subscription_id": "sub-p"}).identity.source == "managed_identity"


def test_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    account = {"subscription_id": "sub-c", "tenant_id": "tenant-c", "cloud_environment": "AzureChinaCloud"}
    monkeypatch.setattr(ambient, "cli_account", lambda _subscription: account)
    login = log_in({})
    assert (login.identity.source, login.subscription_id, login.cloud.name) == ("cli", "sub-c", "AzureChinaCloud")


@pytest.mark.parametrize(
    ("environ", "who"),
    [
        ({"AZURE_CLIENT_ID": "id-m"}, "managed identity id-m"),
        ({"AZURE_CLIENT_ID": "id-a", "AZURE_CLIENT_SECRET": "x"}, "the system-assigned managed identity"),
    ],
)
@pytest.mark.parametrize("chosen", ["managed_identity", None])
def test_a_client_id_of_the_environment_without_a_proof_is_one_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], who: str, chosen: str | None
) -> None:
    monkeypatch.setattr(ambient, "has_managed_identity", lambda _environ: True)
    login = log_in({"auth_source": chosen, **WHERE}, environ)
    if chosen is None and "AZURE_CLIENT_SECRET" in environ:
        assert login.identity.source == "environment"
    else:
        assert (login.identity.source, login.identity.who) == ("managed_identity", who)


def test_the_password_of_a_certificate_that_a_profile_names(tmp_path: Path) -> None:
    certificate, path = tmp_path / "c.pem", tmp_path / "profiles"
    certificate.write_text("none")
    path.write_text(f"[p]\nclient_id=id-d\nx509_certificate_path={certificate}\ntenant=t\nsubscription_id=s\n")
    params = {"profile": "p", "profile_file": str(path)}
    with_password = log_in({**params, "certificate_password": "planted"}).identity.proof
    assert with_password != log_in(params).identity.proof


@pytest.mark.parametrize("where", ["option", "variable"])
def test_a_named_profile_is_not_replaced_by_another_identity(tmp_path: Path, where: str) -> None:
    path = tmp_path / "profiles"
    path.write_text("[p]\nclient_id=id-d\nsecrett=planted-d\ntenant=tenant-d\nsubscription_id=sub-d\n")
    params = {"profile_file": str(path), **({"profile": "p"} if where == "option" else {})}
    with pytest.raises(CredentialsError, match=r"profile p of .* has no client_id with a secret") as caught:
        log_in(params, {**ENVIRONMENT, **({"AZURE_PROFILE": "p"} if where == "variable" else {})})
    assert caught.value.code == "Incomplete"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "not JSON"),
        ('{"clientId": "id", "clientSecret": "planted', "not JSON"),
        ('["planted"]', "not contain a JSON object"),
        ('{"clientSecret": "planted"}', "neither clientId nor appId"),
        ('{"clientId": "id", "tenantId": "t"}', "no client secret"),
        ('{"clientId": ["planted"]}', "clientId must be a string"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"\x80planted", "not JSON"),
    ],
)
def test_a_bad_auth_file(tmp_path: Path, content: Any, says: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CredentialsError, match=says) as caught:
        log_in({"auth_file": str(path), "subscription_id": "s"})
    assert str(path) in caught.value.msg
    assert "planted" not in str(caught.value.as_failure()).replace(str(path), "")


def test_an_auth_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="No such file or directory"):
        log_in({"auth_file": str(tmp_path / "a.json")})
    with pytest.raises(CredentialsError, match="Is a directory"):
        log_in({"auth_file": str(tmp_path)})
