# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sources of credentials, and the error if there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import credentials
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.credential_sources import FURTHER_SOURCES
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    CredentialsError,
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.tests.unit.support.logins import (
    ENVIRONMENT,
    SDK_FILE,
    WHERE,
    WHO,
    log_in,
    told,
    written,
)

pytestmark = pytest.mark.usefixtures("without_sources")


class TestSources:
    def test_a_named_auth_file_comes_before_the_environment(self, tmp_path: Path) -> None:
        assert log_in({"auth_file": written(tmp_path / "a.json", SDK_FILE)}, ENVIRONMENT).identity.source == "auth_file"

    def test_the_environment_comes_before_its_auth_file(self, tmp_path: Path) -> None:
        environ = {**ENVIRONMENT, "AZURE_AUTH_LOCATION": written(tmp_path / "a.json", SDK_FILE)}
        assert log_in({}, environ).identity.source == "environment"
        assert log_in({"auth_source": "auth_file"}, environ).identity.source == "auth_file"

    def test_a_useless_file_of_the_environment_does_not_matter(self) -> None:
        assert log_in({**WHO, **WHERE}, {"AZURE_AUTH_LOCATION": "/nowhere"}).identity.source == "parameters"

    def test_certificate(self, tmp_path: Path) -> None:
        (tmp_path / "c.pem").write_text("not read before it is used")
        login = log_in({"client_id": "id-p", "certificate_path": str(tmp_path / "c.pem"), **WHERE})
        assert login.identity.source == "parameters"

    def test_a_choice_that_nobody_knows(self) -> None:
        with pytest.raises(InvalidArguments, match="not moon"):
            log_in({}, {"ANSIBLE_AZURE_AUTH_SOURCE": "moon"})

    def test_every_source_can_be_chosen(self) -> None:
        assert sorted(credentials.SOURCES) == sorted({**credentials.FIRST_SOURCES, **FURTHER_SOURCES})

    def test_line_ends_behind_values_of_the_environment(self) -> None:
        login = log_in({}, {name: f"{value}\r\n" for name, value in ENVIRONMENT.items()})
        assert told(login) == ("environment", "client id-e", "tenant-e", "sub-e")

    def test_a_file_of_profiles_that_the_task_names_comes_before_the_environment(self, tmp_path: Path) -> None:
        path = tmp_path / "profiles"
        path.write_text("[default]\nclient_id=id-d\nsecret=planted-d\ntenant=tenant-d\nsubscription_id=sub-d\n")
        assert told(log_in({"profile_file": str(path)}, ENVIRONMENT))[:2] == ("profile", "client id-d")
        with pytest.raises(CredentialsError, match="Could not read"):
            log_in({"profile_file": str(tmp_path / "nowhere")}, ENVIRONMENT)


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

    def test_a_named_cloud_ignores_endpoints_of_lesser_places(self, tmp_path: Path) -> None:
        path = written(tmp_path / "a.json", SDK_FILE)
        login = log_in({"auth_file": path, "cloud_environment": "AzureUSGovernment"})
        assert login.cloud.authority_host == "https://login.microsoftonline.us"
        environ = {"AZURE_AUTHORITY_HOST": "https://login.environ"}
        login = log_in({**WHO, **WHERE, "resource_manager_endpoint": "https://arm.option"}, environ)
        assert (login.cloud.resource_manager, login.cloud.authority_host) == ("https://arm.option", "")


class TestErrors:
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
