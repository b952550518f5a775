# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors that answers report: their code, their text, and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError, CredentialsError

GROUP = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/web"


def test_a_missing_resource_group_is_an_error(azure: Any) -> None:
    azure.error("GET", GROUP, 404, "ResourceGroupNotFound", "Resource group 'shop' could not be found.")
    with pytest.raises(AzureError, match="Create it first") as caught:
        azure.client().get_group("shop", "web")
    assert (caught.value.code, caught.value.status) == ("ResourceGroupNotFound", 404)
    assert caught.value.request_id == "request-1"
    assert caught.value.message == "Resource group 'shop' could not be found."


@pytest.mark.parametrize(
    ("code", "message", "advice"),
    [
        ("InvalidSubscriptionId", "The provided subscription identifier 'Shop' is malformed.", "takes the ID, not"),
        ("SubscriptionNotFound", "The subscription 'Shop' could not be found.", "takes the ID and not the name"),
        (
            "LocationNotAvailableForResourceGroup",
            "The provided location 'westerope' is not available for resource group. List of available regions is "
            "'eastus,westus,westeurope,northeurope'.",
            "Did you mean westeurope?",
        ),
        (
            "LocationNotAvailableForResourceType",
            "The provided location 'west eurpe' is not available for resource type 'Microsoft.X/y'. List of "
            "available regions for the resource type is 'eastus,westeurope'.",
            "Did you mean westeurope?",
        ),
    ],
)
def test_what_to_do_about_a_refusal(azure: Any, code: str, message: str, advice: str) -> None:
    azure.error("GET", GROUP, 400, code, message)
    with pytest.raises(AzureError) as caught:
        azure.client().get_group("shop", "web")
    assert advice in caught.value.msg


def test_a_write_that_meets_trouble_says_what_to_do(azure: Any) -> None:
    azure.error("PUT", GROUP, 503, "ServiceUnavailable", "Busy.")
    with pytest.raises(AzureError, match=r"Busy \(ServiceUnavailable\)\. The service, .*run the task again later"):
        azure.client().put_group("shop", "web", {"location": "westeurope"})


def test_a_location_like_no_other_has_no_advice(azure: Any) -> None:
    message = "The provided location 'moon' is not available for resource group. List of available regions is 'a,b'."
    azure.error("GET", GROUP, 400, "LocationNotAvailableForResourceGroup", message)
    with pytest.raises(AzureError) as caught:
        azure.client().get_group("shop", "web")
    assert "Did you mean" not in caught.value.msg


def test_an_error_that_is_not_json(azure: Any) -> None:
    azure.expect("GET", GROUP, 403, b"<html>", headers={"Content-Type": "text/html"})
    with pytest.raises(AzureError) as caught:
        azure.client().get_group("shop", "web")
    assert (caught.value.code, caught.value.status) == ("HTTP403", 403)


def test_no_permission(azure: Any) -> None:
    azure.error("GET", GROUP, 403, "AuthorizationFailed", "The client 'x' does not have authorization.")
    with pytest.raises(AzureError, match="role") as caught:
        azure.client().get_group("shop", "web")
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("code", "message", "missing"),
    [
        (
            "AuthorizationFailed",
            "The client 'x' with object id 'y' does not have authorization to perform action 'A/read' over scope "
            "'/subscriptions/s' or the scope is invalid. If access was recently granted, please refresh.",
            [("A/read", "/subscriptions/s")],
        ),
        (
            "LinkedAuthorizationFailed",
            "The client 'x' with object id 'y' has permission to perform action 'A/write' on scope '/g'; however, "
            "it does not have permission to perform action(s) 'B/join/action,C/assign/action' on the linked "
            "scope(s) '/subnet,/identity' (respectively) or the linked scope(s) are invalid.",
            [("B/join/action", "/subnet"), ("C/assign/action", "/identity")],
        ),
        (
            "LinkedAuthorizationFailed",
            "The client has permission to perform action 'A/write' on scope '/g'; however, it does not have "
            "permission to perform action 'B/join/action' on the linked scope(s) '/subnet' or the linked scope(s) "
            "are invalid.",
            [("B/join/action", "/subnet")],
        ),
    ],
)
def test_the_actions_that_are_missing(azure: Any, code: str, message: str, missing: list[tuple[str, str]]) -> None:
    azure.error("GET", GROUP, 403, code, message)
    with pytest.raises(AzureError) as caught:
        azure.client().get_group("shop", "web")
    wanted = [{"action": action, "scope": scope} for action, scope in missing]
    assert caught.value.as_failure()["missing_actions"] == wanted
    for action, scope in missing:
        assert f"{action} on {scope}" in caught.value.msg.partition("Give the identity a role that allows ")[2]


def test_a_refusal_in_other_words(azure: Any) -> None:
    message = "The client has permission to perform action 'A' on scope 'S', however the tenant 'T' is not authorized."
    azure.error("GET", GROUP, 403, "LinkedAuthorizationFailed", message)
    with pytest.raises(AzureError) as caught:
        azure.client().get_group("shop", "web")
    assert "missing_actions" not in caught.value.as_failure()


def test_a_token_that_the_service_does_not_take(azure: Any) -> None:
    azure.error("GET", GROUP, 401, "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer.")
    with pytest.raises(CredentialsError, match="tenant_id") as caught:
        azure.client().get_group("shop", "web")
    assert caught.value.code == "InvalidAuthenticationTokenTenant"
