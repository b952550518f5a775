# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sources of credentials, and the error if there are none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import ambient, arguments, credentials
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.credential_sources import FURTHER_SOURCES
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    CredentialsError,
    InvalidArguments,
)

WHO = {"client_id": "id-p", "client_secret": "planted-p"}
WHERE = {"tenant_id": "tenant-p", "subscription_id": "sub-p"}
ENVIRONMENT = {
    "AZURE_CLIENT_ID": "id-e",
    "AZURE_CLIENT_SECRET": "planted-e",
    "AZURE_TENANT_ID": "tenant-e",
    "AZURE_SUBSCRIPTION_ID": "sub-e",
}
SDK_FILE = {
    "clientId": "id-f",
    "clientSecret": "planted-f",
    "tenantId": "tenant-f",
    "subscriptionId": "sub-f",
    "activeDirectoryEndpointUrl": "https://login.file",
    "resourceManagerEndpointUrl": "https://arm.file/",
    "sqlManagementEndpointUrl": "https://unused.file",
}
RBAC_FILE = {"appId": "id-r", "displayName": "x", "password": "planted-r", "tenant": "tenant-r"}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(ambient.shutil, "which", lambda _name: None)
    monkeypatch.setattr(ambient, "has_managed_identity", lambda _environ: False)


def log_in(params: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> credentials.Login:
    return credentials.log_in({name: params.get(name) for name in arguments.CONNECTION_ARGUMENTS}, environ or {})


def written(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content))
    return str(path)


def told(login: credentials.Login) -> tuple[str, str, str, str]:
    return login.identity.source, login.identity.who, login.tenant_id, login.subscription_id


class TestSources:
    def test_parameters(self) -> None:
        assert told(log_in({**WHO, **WHERE})) == ("parameters", "client id-p", "tenant-p", "sub-p")

    def test_environment(self) -> None:
        assert told(log_in({}, ENVIRONMENT)) == ("environment", "client id-e", "tenant-e", "sub-e")

    def test_environment_as_azcollection_and_automation_platform_have_it(self) -> None:
        environ = {
            "AZURE_CLIENT_ID": "id-e",
            "AZURE_SECRET": "planted-e",
            "AZURE_TENANT": "tenant-e",
            "AZURE_SUBSCRIPTION_ID": "sub-e",
            "AZURE_CLOUD_ENVIRONMENT": "AzureUSGovernment",
        }
        login = log_in({}, environ)
        assert told(login) == ("environment", "client id-e", "tenant-e", "sub-e")
        assert login.cloud.name == "AzureUSGovernment"

    def test_auth_file_with_endpoints(self, tmp_path: Path) -> None:
        login = log_in({"auth_file": written(tmp_path / "a.json", SDK_FILE)})
        assert told(login) == ("auth_file", "client id-f", "tenant-f", "sub-f")
        assert (login.cloud.resource_manager, login.cloud.authority_host) == ("https://arm.file", "https://login.file")

    def test_auth_file_of_create_for_rbac(self, tmp_path: Path) -> None:
        login = log_in({"auth_file": written(tmp_path / "a.json", RBAC_FILE), "subscription_id": "sub-p"})
        assert told(login) == ("auth_file", "client id-r", "tenant-r", "sub-p")

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_auth_file_of_powershell(self, tmp_path: Path, encoding: str) -> None:
        (tmp_path / "a.json").write_text(json.dumps(SDK_FILE), encoding=encoding)
        assert log_in({"auth_file": str(tmp_path / "a.json")}).identity.who == "client id-f"

    def test_a_named_auth_file_comes_before_the_environment(self, tmp_path: Path) -> None:
        assert log_in({"auth_file": written(tmp_path / "a.json", SDK_FILE)}, ENVIRONMENT).identity.source == "auth_file"

    def test_the_environment_comes_before_its_auth_file(self, tmp_path: Path) -> None:
        environ = {**ENVIRONMENT, "AZURE_AUTH_LOCATION": written(tmp_path / "a.json", SDK_FILE)}
        assert log_in({}, environ).identity.source == "environment"
        assert log_in({"auth_source": "auth_file"}, environ).identity.source == "auth_file"

    def test_a_useless_file_of_the_environment_does_not_matter(self) -> None:
        assert log_in({**WHO, **WHERE}, {"AZURE_AUTH_LOCATION": "/nowhere"}).identity.source == "parameters"

    def test_profile(self, tmp_path: Path) -> None:
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

    def test_certificate(self, tmp_path: Path) -> None:
        (tmp_path / "c.pem").write_text("not read before it is used")
        login = log_in({"client_id": "id-p", "certificate_path": str(tmp_path / "c.pem"), **WHERE})
        assert login.identity.source == "parameters"

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
    def test_workload_identity(self, environ: dict[str, str]) -> None:
        names = {"AZURE_CLIENT_ID": "id-w", "AZURE_TENANT_ID": "tenant-w", "AZURE_SUBSCRIPTION_ID": "sub-w"}
        assert told(log_in({}, {**environ, **names})) == ("workload_identity", "client id-w", "tenant-w", "sub-w")
        # The client ID is not a secret: a task may choose another application for the same token.
        assert log_in({"client_id": "id-p"}, {**environ, **names}).identity.who == "client id-p"

    def test_workload_identity_with_the_names_of_azure_pipelines(self) -> None:
        environ = {
            "SYSTEM_OIDCREQUESTURI": "https://x",
            "SYSTEM_ACCESSTOKEN": "planted",
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": "c",
            "AZURESUBSCRIPTION_CLIENT_ID": "id-w",
            "AZURESUBSCRIPTION_TENANT_ID": "tenant-w",
        }
        login = log_in({"subscription_id": "sub-p"}, environ)
        assert told(login) == ("workload_identity", "client id-w", "tenant-w", "sub-p")

    def test_managed_identity(self, monkeypatch: pytest.MonkeyPatch) -> None:
        chosen = {"auth_source": "managed_identity", "subscription_id": "sub-p"}
        assert log_in(chosen).identity.who == "the system-assigned managed identity"
        assert log_in({**chosen, "client_id": "id-m"}).identity.who == "managed identity id-m"
        monkeypatch.setattr(ambient, "has_managed_identity", lambda _environ: True)
        assert log_in({"subscription_id": "sub-p"}).identity.source == "managed_identity"

    def test_cli(self, monkeypatch: pytest.MonkeyPatch) -> None:
        account = {"subscription_id": "sub-c", "tenant_id": "tenant-c", "cloud_environment": "AzureChinaCloud"}
        monkeypatch.setattr(ambient, "cli_account", lambda _subscription: account)
        login = log_in({})
        assert (login.identity.source, login.subscription_id, login.cloud.name) == ("cli", "sub-c", "AzureChinaCloud")

    @pytest.mark.parametrize(
        ("name", "source"), [("env", "environment"), ("environment", "environment"), ("msi", "managed_identity")]
    )
    def test_the_choice_of_the_environment(self, name: str, source: str) -> None:
        environ = {**ENVIRONMENT, "ANSIBLE_AZURE_AUTH_SOURCE": name}
        assert log_in({}, environ).identity.source == source

    def test_a_choice_that_nobody_knows(self) -> None:
        with pytest.raises(InvalidArguments, match="not moon"):
            log_in({}, {"ANSIBLE_AZURE_AUTH_SOURCE": "moon"})

    def test_every_source_can_be_chosen(self) -> None:
        assert sorted(credentials.SOURCES) == sorted({**credentials.FIRST_SOURCES, **FURTHER_SOURCES})

    @pytest.mark.parametrize(
        ("environ", "who"),
        [
            ({"AZURE_CLIENT_ID": "id-m"}, "managed identity id-m"),
            ({"AZURE_CLIENT_ID": "id-a", "AZURE_CLIENT_SECRET": "x"}, "the system-assigned managed identity"),
        ],
    )
    @pytest.mark.parametrize("chosen", ["managed_identity", None])
    def test_a_client_id_of_the_environment_without_a_proof_is_one_of_the_machine(
        self, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], who: str, chosen: str | None
    ) -> None:
        monkeypatch.setattr(ambient, "has_managed_identity", lambda _environ: True)
        login = log_in({"auth_source": chosen, **WHERE}, environ)
        if chosen is None and "AZURE_CLIENT_SECRET" in environ:
            assert login.identity.source == "environment"
        else:
            assert (login.identity.source, login.identity.who) == ("managed_identity", who)

    def test_line_ends_behind_values_of_the_environment(self) -> None:
        login = log_in({}, {name: f"{value}\r\n" for name, value in ENVIRONMENT.items()})
        assert told(login) == ("environment", "client id-e", "tenant-e", "sub-e")

    def test_a_file_of_profiles_that_the_task_names_comes_before_the_environment(self, tmp_path: Path) -> None:
        path = tmp_path / "profiles"
        path.write_text("[default]\nclient_id=id-d\nsecret=planted-d\ntenant=tenant-d\nsubscription_id=sub-d\n")
        assert told(log_in({"profile_file": str(path)}, ENVIRONMENT))[:2] == ("profile", "client id-d")
        with pytest.raises(CredentialsError, match="Could not read"):
            log_in({"profile_file": str(tmp_path / "nowhere")}, ENVIRONMENT)

    def test_the_password_of_a_certificate_that_a_profile_names(self, tmp_path: Path) -> None:
        certificate, path = tmp_path / "c.pem", tmp_path / "profiles"
        certificate.write_text("none")
        path.write_text(f"[p]\nclient_id=id-d\nx509_certificate_path={certificate}\ntenant=t\nsubscription_id=s\n")
        params = {"profile": "p", "profile_file": str(path)}
        with_password = log_in({**params, "certificate_password": "planted"}).identity.proof
        assert with_password != log_in(params).identity.proof


class TestMixing:
    def test_where_from_the_environment(self) -> None:
        assert told(log_in(WHO, ENVIRONMENT)) == ("parameters", "client id-p", "tenant-e", "sub-e")

    def test_options_win(self) -> None:
        assert told(log_in(WHERE, ENVIRONMENT)) == ("environment", "client id-e", "tenant-p", "sub-p")

    def test_the_file_wins_over_the_environment_for_its_own_identity(self, tmp_path: Path) -> None:
        login = log_in({"auth_file": written(tmp_path / "a.json", SDK_FILE)}, ENVIRONMENT)
        assert told(login) == ("auth_file", "client id-f", "tenant-f", "sub-f")

    def test_where_from_a_file(self, tmp_path: Path) -> None:
        login = log_in({**WHO, "auth_file": written(tmp_path / "a.json", SDK_FILE)})
        assert told(login) == ("parameters", "client id-p", "tenant-f", "sub-f")

    @pytest.mark.parametrize("environ", [{"AZURE_CLIENT_SECRET": "planted-e"}, ENVIRONMENT])
    def test_a_client_id_never_meets_a_secret_of_the_environment(self, environ: dict[str, str]) -> None:
        with pytest.raises(CredentialsError) as caught:
            log_in({"client_id": "id-p", **WHERE}, environ)
        assert "client_id without one of client_secret" in caught.value.msg
        assert "planted" not in str(caught.value.as_failure())

    def test_a_secret_never_meets_a_client_id_of_the_environment(self) -> None:
        with pytest.raises(CredentialsError, match="client_secret is given without client_id"):
            log_in({"client_secret": "planted-p", **WHERE}, ENVIRONMENT)

    def test_a_named_cloud_ignores_endpoints_of_lesser_places(self, tmp_path: Path) -> None:
        path = written(tmp_path / "a.json", SDK_FILE)
        login = log_in({"auth_file": path, "cloud_environment": "AzureUSGovernment"})
        assert login.cloud.authority_host == "https://login.microsoftonline.us"
        environ = {"AZURE_AUTHORITY_HOST": "https://login.environ"}
        login = log_in({**WHO, **WHERE, "resource_manager_endpoint": "https://arm.option"}, environ)
        assert (login.cloud.resource_manager, login.cloud.authority_host) == ("https://arm.option", "")


class TestErrors:
    @pytest.mark.parametrize("where", ["option", "variable"])
    def test_a_named_profile_is_not_replaced_by_another_identity(self, tmp_path: Path, where: str) -> None:
        path = tmp_path / "profiles"
        path.write_text("[p]\nclient_id=id-d\nsecrett=planted-d\ntenant=tenant-d\nsubscription_id=sub-d\n")
        params = {"profile_file": str(path), **({"profile": "p"} if where == "option" else {})}
        with pytest.raises(CredentialsError, match=r"profile p of .* has no client_id with a secret") as caught:
            log_in(params, {**ENVIRONMENT, **({"AZURE_PROFILE": "p"} if where == "variable" else {})})
        assert caught.value.code == "Incomplete"

    def test_all_sources_are_named(self) -> None:
        with pytest.raises(CredentialsError) as caught:
            log_in({})
        positions = [caught.value.msg.index(f"{source} (") for source in credentials.SOURCES]
        assert positions == sorted(positions)
        assert "az is not installed" in caught.value.msg

    def test_the_chosen_source_alone_is_named(self) -> None:
        with pytest.raises(CredentialsError, match=r"chosen credential source.*AZURE_CLIENT_ID is not set") as caught:
            log_in({"auth_source": "environment"})
        assert "profile" not in caught.value.msg

    def test_no_subscription(self) -> None:
        with pytest.raises(CredentialsError, match="AZURE_SUBSCRIPTION_ID") as caught:
            log_in({**WHO, "tenant_id": "t"})
        assert caught.value.code == "NoSubscription"

    def test_no_tenant(self) -> None:
        with pytest.raises(CredentialsError, match="AZURE_TENANT_ID"):
            log_in({**WHO, "subscription_id": "s"})

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
    def test_a_bad_auth_file(self, tmp_path: Path, content: Any, says: str) -> None:
        path = tmp_path / "a.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(CredentialsError, match=says) as caught:
            log_in({"auth_file": str(path), "subscription_id": "s"})
        assert str(path) in caught.value.msg
        assert "planted" not in str(caught.value.as_failure()).replace(str(path), "")

    def test_an_auth_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CredentialsError, match="No such file or directory"):
            log_in({"auth_file": str(tmp_path / "a.json")})
        with pytest.raises(CredentialsError, match="Is a directory"):
            log_in({"auth_file": str(tmp_path)})

    def test_two_proofs(self) -> None:
        with pytest.raises(InvalidArguments, match="only one"):
            log_in({**WHO, **WHERE, "certificate_path": "/nowhere"})

    def test_a_user_name_and_password(self) -> None:
        with pytest.raises(CredentialsError, match="AZURE_AD_USER"):
            log_in({}, {"AZURE_AD_USER": "u", "AZURE_PASSWORD": "planted"})


class TestConnection:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [("true", False), ("false", True), ("0", True), ("YES", False), ("", False), (" ", False)],
    )
    def test_instance_discovery_of_the_environment_is_a_boolean(self, value: str, expected: bool) -> None:
        login = log_in({**WHO, **WHERE}, {"AZURE_DISABLE_INSTANCE_DISCOVERY": value})
        assert login.cloud.instance_discovery is expected

    def test_instance_discovery_that_is_no_boolean(self) -> None:
        with pytest.raises(InvalidArguments, match="AZURE_DISABLE_INSTANCE_DISCOVERY"):
            log_in({**WHO, **WHERE}, {"AZURE_DISABLE_INSTANCE_DISCOVERY": "perhaps"})

    @pytest.mark.parametrize("name", credentials.CA_VARIABLES)
    def test_certificates_of_the_environment(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "ca.pem").touch()
        (tmp_path / "other.pem").touch()
        environ = {name: str(tmp_path / "ca.pem")}
        assert log_in({**WHO, **WHERE}, environ).ca_bundle == str(tmp_path / "ca.pem")
        given = {"ca_bundle": str(tmp_path / "other.pem")}
        assert log_in({**WHO, **WHERE, **given}, environ).ca_bundle == given["ca_bundle"]

    def test_a_sign_in_address_that_is_known_is_not_asked_for(self) -> None:
        login = log_in({**WHO, **WHERE})
        assert login.located(None) is login.cloud

    def test_certificates_that_are_not_there(self) -> None:
        with pytest.raises(InvalidArguments, match=r"SSL_CERT_FILE.*/nowhere"):
            log_in({**WHO, **WHERE}, {"SSL_CERT_FILE": "/nowhere"})
