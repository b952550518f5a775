# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resource provider that the subscription does not use yet is registered."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError, TimedOut

GROUP = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/web"
UNKNOWN_TO_MODELS = {"name": "web", "properties": {"osType": "Linux", "futureThing": {"a": [1, "two"]}}}
REGISTER = "/providers/Microsoft.ContainerInstance/register"
UNREGISTERED = "The subscription is not registered to use namespace 'Microsoft.ContainerInstance'."


def test_a_provider_is_registered(azure: Any) -> None:
    azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
    azure.expect("POST", REGISTER, body={})
    azure.expect("GET", "/Microsoft.ContainerInstance", body={"registrationState": "Registered"})
    azure.expect("PUT", GROUP, 201, UNKNOWN_TO_MODELS)
    assert azure.client().put_group("shop", "web", {}).initial == UNKNOWN_TO_MODELS


def test_a_registration_under_way_is_waited_for(azure: Any) -> None:
    azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
    azure.expect("POST", REGISTER, body={})
    for state in ("Registering", "Registering", "Registered"):
        azure.expect("GET", "/Microsoft.ContainerInstance", body={"registrationState": state})
    azure.expect("PUT", GROUP, 201, UNKNOWN_TO_MODELS)
    azure.client().put_group("shop", "web", {})
    assert len(azure.clock.sleeps) == 2


def test_a_registration_that_never_ends(azure: Any) -> None:
    azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
    azure.expect("POST", REGISTER, body={})
    azure.expect("GET", "/Microsoft.ContainerInstance", body={"registrationState": "Registering"}, forever=True)
    with pytest.raises(TimedOut, match=r"state is Registering.*az provider show"):
        azure.client().put_group("shop", "web", {})
    assert sum(azure.clock.sleeps) == pytest.approx(300, abs=1)


def test_a_registration_that_is_refused(azure: Any) -> None:
    azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
    azure.error("POST", REGISTER, 403, "AuthorizationFailed")
    with pytest.raises(AzureError, match="az provider register") as caught:
        azure.client().put_group("shop", "web", {})
    assert caught.value.code == "MissingSubscriptionRegistration"


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000, [], {}, "text", None])
def test_a_registration_that_nobody_reports_on(azure: Any, body: Any) -> None:
    azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
    azure.expect("POST", REGISTER, body={})
    azure.expect("GET", "/Microsoft.ContainerInstance", body=body)
    with pytest.raises(AzureError, match="az provider register") as caught:
        azure.client().put_group("shop", "web", {})
    assert caught.value.code == "InvalidAnswer"
