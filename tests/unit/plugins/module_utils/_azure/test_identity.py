# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identities of options and of the environment, which are never mixed."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    CredentialsError,
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.tests.unit.support.logins import (
    ENVIRONMENT,
    WHERE,
    WHO,
    log_in,
    told,
)

pytestmark = pytest.mark.usefixtures("without_sources")


def test_parameters() -> None:
    assert told(log_in({**WHO, **WHERE})) == ("parameters", "client id-p", "tenant-p", "sub-p")


def test_environment() -> None:
    assert told(log_in({}, ENVIRONMENT)) == ("environment", "client id-e", "tenant-e", "sub-e")


def test_environment_as_azcollection_and_automation_platform_have_it() -> None:
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


@pytest.mark.parametrize(
    ("name", "source"), [("env", "environment"), ("environment", "environment"), ("msi", "managed_identity")]
)
def test_the_choice_of_the_environment(name: str, source: str) -> None:
    environ = {**ENVIRONMENT, "ANSIBLE_AZURE_AUTH_SOURCE": name}
    assert log_in({}, environ).identity.source == source


@pytest.mark.parametrize("environ", [{"AZURE_CLIENT_SECRET": "planted-e"}, ENVIRONMENT])
def test_a_client_id_never_meets_a_secret_of_the_environment(environ: dict[str, str]) -> None:
    with pytest.raises(CredentialsError) as caught:
        log_in({"client_id": "id-p", **WHERE}, environ)
    assert "client_id without one of client_secret" in caught.value.msg
    assert "planted" not in str(caught.value.as_failure())


def test_a_secret_never_meets_a_client_id_of_the_environment() -> None:
    with pytest.raises(CredentialsError, match="client_secret is given without client_id"):
        log_in({"client_secret": "planted-p", **WHERE}, ENVIRONMENT)


def test_two_proofs() -> None:
    with pytest.raises(InvalidArguments, match="only one"):
        log_in({**WHO, **WHERE, "certificate_path": "/nowhere"})


def test_a_user_name_and_password() -> None:
    with pytest.raises(CredentialsError, match="AZURE_AD_USER"):
        log_in({}, {"AZURE_AD_USER": "u", "AZURE_PASSWORD": "planted"})
