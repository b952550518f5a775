# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the Retail Prices API: requested without a token, and only if they are expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import retail_prices
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.retail_prices import RetailPrices
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AzureError,
    ConnectionFailed,
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.retry import Retries
from ansible_collections.azure_containers.aci.plugins.module_utils._common.run_cache import MemoryCache, RunCache
from ansible_collections.azure_containers.aci.plugins.plugin_utils._run_files import FOLDER, RunFiles

PRICES = "https://prices.example"
LIST = "/api/retail/prices"


def prices(
    azure: Any, endpoint: str = PRICES, currency: str = "USD", cache: RunCache | None = None, **params: Any
) -> RetailPrices:
    return RetailPrices(params, endpoint, currency, Retries(**azure.time), cache or MemoryCache())


def page(*items: dict[str, Any], following: str | None = None, currency: str = "USD") -> dict[str, Any]:
    return {"BillingCurrency": currency, "Items": list(items), "NextPageLink": following}


def test_all_pages_are_read_once_and_without_a_token(azure: Any) -> None:
    azure.expect("GET", LIST, body=page({"retailPrice": 0.0405}, following=f"{PRICES}:443{LIST}?$skip=4"))
    azure.expect("GET", LIST, body=page({"retailPrice": 0.1}, "noise"))  # type: ignore[arg-type]
    source = prices(azure)
    assert source.rows("eastus") == [{"retailPrice": "0.0405"}, {"retailPrice": "0.1"}]
    assert source.rows("eastus") == source.rows("eastus")
    assert all("Authorization" not in request.headers for request in azure.requests)
    assert azure.sign_ins == []
    assert "armRegionName+eq+%27eastus%27" in azure.requests[0].url
    assert "currencyCode=%27USD%27" in azure.requests[0].url


def test_numbers_stay_as_they_are_written(azure: Any) -> None:
    azure.expect("GET", LIST, body=b'{"Items": [{"retailPrice": 0.000010000000000000000001}]}')
    assert prices(azure).rows("eastus") == [{"retailPrice": "0.000010000000000000000001"}]


def test_the_tasks_of_a_run_ask_once(azure: Any, tmp_path: Path) -> None:
    azure.expect("GET", LIST, body=page({"retailPrice": 0.0405}))
    first = prices(azure, cache=RunFiles(str(tmp_path))).rows("eastus")
    assert prices(azure, cache=RunFiles(str(tmp_path))).rows("eastus") == first == [{"retailPrice": "0.0405"}]
    assert len(azure.requests) == 1
    kept = [path.name for path in (tmp_path / FOLDER).iterdir()]
    assert not any("prices" in name or "eastus" in name for name in kept)


def test_a_region_without_prices_is_asked_for_once_too(azure: Any) -> None:
    azure.expect("GET", LIST, body=page())
    cache = MemoryCache()
    assert prices(azure, cache=cache).rows("chinaeast") == prices(azure, cache=cache).rows("chinaeast") == []


@pytest.mark.parametrize(
    "other", [{"endpoint": "https://other.example"}, {"currency": "EUR"}, {"ca_bundle": "/dev/null"}, {}]
)
def test_nothing_is_taken_from_another_place(
    azure: Any, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]
) -> None:
    monkeypatch.setattr(RetailPrices, "_page", lambda _self, _what, url: page({"url": url}, currency=_self._currency))
    cache = MemoryCache()
    first = prices(azure, cache=cache).rows("eastus")
    read: list[str] = []
    monkeypatch.setattr(
        RetailPrices, "_page", lambda self, _what, url: read.append(url) or page(currency=self._currency)
    )
    second = prices(azure, cache=cache, **other).rows("eastus")
    assert (len(read), second) == ((1, []) if other else (0, first))


def test_rows_are_read_again_after_a_day_and_after_a_failure(azure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr(retail_prices.time, "time", lambda: now[0])
    cache = MemoryCache()
    azure.error("GET", LIST, 400, "BadRequest")
    with pytest.raises(AzureError):
        prices(azure, cache=cache).rows("eastus")
    azure.expect("GET", LIST, body=page({"retailPrice": 1}))
    assert prices(azure, cache=cache).rows("eastus") == [{"retailPrice": 1}]
    now[0] += retail_prices.KEPT_SECONDS - 1
    assert prices(azure, cache=cache).rows("eastus") == [{"retailPrice": 1}]
    now[0] += 1
    azure.expect("GET", LIST, body=page({"retailPrice": 2}))
    assert prices(azure, cache=cache).rows("eastus") == [{"retailPrice": 2}]


@pytest.mark.parametrize("kept", [None, {}, "rows", 5])
def test_what_cannot_be_rows_is_not_taken(azure: Any, kept: Any) -> None:
    class Cache(MemoryCache):
        def load(self, key: tuple[str, ...]) -> tuple[Any, int]:
            del key
            return kept, 10**12

    azure.expect("GET", LIST, body=page({"retailPrice": 1}))
    assert prices(azure, cache=Cache()).rows("eastus") == [{"retailPrice": 1}]


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


def test_a_list_of_ever_other_pages_is_not_cut(azure: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(1000))
    monkeypatch.setattr(
        RetailPrices,
        "_page",
        lambda _self, _what, _url: page({"retailPrice": 1}, following=f"{PRICES}{LIST}?{next(numbers)}"),
    )
    cache = MemoryCache()
    for _time in range(2):  # nothing is cached
        with pytest.raises(AzureError, match="after 100 pages") as caught:
            prices(azure, cache=cache).rows("eastus")
        assert caught.value.code == "TooManyPages"


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
    retries.has_answered = True  # an answer of Resource Manager proves nothing about the price list
    with pytest.raises(
        ConnectionFailed, match=r"prices of eastus.*Check prices_endpoint and.* with prices\."
    ) as caught:
        RetailPrices({}, PRICES, "USD", retries, MemoryCache()).rows("eastus")
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
