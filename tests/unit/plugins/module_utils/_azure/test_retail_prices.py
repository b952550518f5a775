# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the Retail Prices API: asked for without a token, and only where they are expected."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.retail_prices import RetailPrices
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AzureError,
    ConnectionFailed,
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.retry import Retries

PRICES = "https://prices.example"
LIST = "/api/retail/prices"


def prices(azure: Any, endpoint: str = PRICES, currency: str = "USD") -> RetailPrices:
    return RetailPrices({}, endpoint, currency, Retries(**azure.time))


def page(*items: dict[str, Any], following: str | None = None, currency: str = "USD") -> dict[str, Any]:
    return {"BillingCurrency": currency, "Items": list(items), "NextPageLink": following}


def test_all_pages_are_read_once_and_without_a_token(azure: Any) -> None:
    azure.expect("GET", LIST, body=page({"retailPrice": 0.0405}, following=f"{PRICES}:443{LIST}?$skip=4"))
    azure.expect("GET", LIST, body=page({"retailPrice": 0.1}, "noise"))  # type: ignore[arg-type]
    source = prices(azure)
    assert source.rows("eastus") == [{"retailPrice": Decimal("0.0405")}, {"retailPrice": Decimal("0.1")}]
    assert source.rows("eastus") == source.rows("eastus")
    assert all("Authorization" not in request.headers for request in azure.requests)
    assert azure.sign_ins == []
    assert "armRegionName+eq+%27eastus%27" in azure.requests[0].url
    assert "currencyCode=%27USD%27" in azure.requests[0].url


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/x", "http://prices.example/x", "https://u@prices.example/"]
)
def test_a_list_that_goes_on_elsewhere(azure: Any, link: str) -> None:
    azure.expect("GET", LIST, body=page(following=link))
    with pytest.raises(AzureError) as caught:
        prices(azure).rows("eastus")
    assert caught.value.code == "ForeignOrigin"


def test_a_list_that_never_ends(azure: Any) -> None:
    azure.expect("GET", LIST, body=page(following=f"{PRICES}{LIST}?x=1"))
    azure.expect("GET", LIST, body=page(following=f"{PRICES}{LIST}?x=1"))
    with pytest.raises(AzureError) as caught:
        prices(azure).rows("eastus")
    assert caught.value.code == "RepeatedLink"


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"\xff", b"[" * 100_000, [], {}, {"Items": {}}, {"Items": [], "BillingCurrency": "EUR"}, b'{"a": NaN}'],
)
def test_an_answer_that_cannot_be_one(azure: Any, body: Any) -> None:
    azure.expect("GET", LIST, body=body)
    with pytest.raises(AzureError) as caught:
        prices(azure).rows("eastus")
    assert caught.value.code == "InvalidAnswer"


def test_a_refusal_names_the_option(azure: Any) -> None:
    azure.error("GET", LIST, 400, "BadRequest")
    with pytest.raises(AzureError, match=r"status 400.*prices_endpoint") as caught:
        prices(azure).rows("eastus")
    assert caught.value.status == 400


def test_a_redirect_is_not_followed(azure: Any) -> None:
    azure.expect("GET", LIST, 302, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(AzureError):
        prices(azure).rows("eastus")
    assert len(azure.requests) == 1


def test_throttling_is_waited_out(azure: Any) -> None:
    azure.error("GET", LIST, 429, "TooManyRequests", headers={"Retry-After": "7"})
    azure.expect("GET", LIST, body=page())
    assert prices(azure).rows("eastus") == []
    assert azure.clock.sleeps == [7.0]


def test_an_endpoint_that_does_not_answer(azure: Any) -> None:
    from azure.core.exceptions import ServiceRequestError

    for _number in range(4):
        azure.expect("GET", LIST, raises=ServiceRequestError("no route"))
    retries = Retries(**azure.time)
    retries.has_answered = True  # Resource Manager has, which says nothing of the price list
    with pytest.raises(
        ConnectionFailed, match=r"prices of eastus.*Check prices_endpoint and.* with prices\."
    ) as caught:
        RetailPrices({}, PRICES, "USD", retries).rows("eastus")
    assert "resource_manager_endpoint" not in caught.value.msg


@pytest.mark.parametrize(
    "endpoint", ["", "prices.azure.com", "http://prices.azure.com", "https://u:p@prices.azure.com"]
)
def test_an_endpoint_of_another_form(azure: Any, endpoint: str) -> None:
    with pytest.raises(InvalidArguments, match="prices_endpoint"):
        prices(azure, endpoint)


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "E'R", "EUR\n"])
def test_a_currency_of_another_form(azure: Any, currency: str) -> None:
    with pytest.raises(InvalidArguments, match="currency"):
        prices(azure, currency=currency)


@pytest.mark.parametrize("region", ["", "x' or '1", "west europe", "a" * 61])
def test_what_is_no_region_is_not_asked_for(azure: Any, region: str) -> None:
    assert prices(azure).rows(region) == []
