# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The rows of Azure's Retail Prices API for container groups. The API requires no sign-in, and is sent no token.

Documentation: Azure Retail Prices overview, 2023-01-01-preview.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from .._common.errors import AzureError, InvalidArguments
from .._common.retry import Retries
from .._common.run_cache import RunCache
from .connection_errors import unreachable
from .credentials import ca_bundle
from .exchange import Answer, retry_after
from .origin import origin_of, shown
from .paging import pages
from .sdk import USER_AGENT
from .transport import importing, lowered, new_transport, quieten_loggers

API_VERSION = "2023-01-01-preview"

_CURRENCY = re.compile(r"[A-Z]{3}")
_REGION = re.compile(r"[a-z0-9-]{1,60}")


MAX_PAGES = 100
"""Far more than necessary: a region has about 16 rows, and a page up to 1,000."""

KEPT_SECONDS = 86_400
"""For how long a run uses the same rows. The next run requests them again in any case."""


class RetailPrices:
    """A client for the API. It requests the rows of each region once per run."""

    def __init__(
        self, params: Mapping[str, Any], endpoint: str, currency: str, retries: Retries, cache: RunCache
    ) -> None:
        """Raises InvalidArguments if the endpoint is not an https address, or the currency not a three-letter code."""
        origin = origin_of(endpoint)
        if origin is None or not origin.startswith("https://"):
            raise InvalidArguments("prices_endpoint must be an https address such as https://prices.azure.com.")
        if not _CURRENCY.fullmatch(currency):
            raise InvalidArguments(f"currency: {currency!r} is not a code of three capital letters such as EUR.")
        self._endpoint = origin
        self._currency = currency
        self._retries = retries.elsewhere()
        self._params = params
        self._cache = cache
        self._transport: Any = None

    def rows(self, region: str) -> list[dict[str, Any]]:
        """The rows of a region such as ``westeurope``; empty if the API has none.

        Decimal numbers are strings, exactly as in the response. Raises AzureError, ConnectionFailed, InvalidArguments.
        """
        if not _REGION.fullmatch(region):
            return []
        # Tasks may trust different certificates and endpoints, so both are part of the key.
        key = ("retail_prices", API_VERSION, self._endpoint, self._bundle() or "", self._currency, region)
        found = self._kept(key)
        if found is None:
            with self._cache.turn(key):
                found = self._kept(key)
                if found is None:
                    found = self._read(region)
                    self._cache.save(key, found, int(time.time()) + KEPT_SECONDS)
        return found

    def _kept(self, key: tuple[str, ...]) -> list[dict[str, Any]] | None:
        """The rows that this run has read, or None."""
        rows, expires_on = self._cache.load(key) or (None, 0)
        return rows if isinstance(rows, list) and expires_on > time.time() else None

    def _bundle(self) -> str | None:
        return ca_bundle(self._params, os.environ)

    def close(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            self._transport.close()

    def _read(self, region: str) -> list[dict[str, Any]]:
        what = f"Could not read the prices of {region}"
        query = {
            "api-version": API_VERSION,
            "currencyCode": f"'{self._currency}'",
            "$filter": f"serviceName eq 'Container Instances' and armRegionName eq '{region}' and "
            "priceType eq 'Consumption'",
        }
        url = f"{self._endpoint}/api/retail/prices?{urlencode(query, safe='$')}"

        def get(link: str) -> dict[str, Any]:
            return self._retries.run(lambda: self._page(what, link))

        rows: list[dict[str, Any]] = []
        for page in pages(what, self._endpoint, url, get, lambda page: page.get("NextPageLink"), MAX_PAGES):
            if page.get("BillingCurrency") not in (None, self._currency):
                raise _invalid(what, f"prices in a currency other than {self._currency}")
            rows += [row for row in page["Items"] if isinstance(row, dict)]
        return rows

    def _page(self, what: str, url: str) -> dict[str, Any]:
        quieten_loggers()
        if self._transport is None:
            self._transport = new_transport(self._bundle()).bound_to(self._endpoint)
        with importing():
            from azure.core import exceptions as sdk
            from azure.core.rest import HttpRequest
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
        try:
            response = self._transport.send(HttpRequest("GET", url, headers=headers))
            content = response.read()
        except (sdk.ServiceRequestError, sdk.ServiceResponseError) as error:
            sent = isinstance(error, sdk.ServiceResponseError)
            failed = unreachable(what, error, sent=sent, check="prices_endpoint")
            failed.msg += " Without access to it, give the prices yourself with prices."
            raise failed from None
        except sdk.AzureError as error:
            raise AzureError(f"{what}: {error.message}") from None
        if response.status_code != 200:
            failure = AzureError(
                f"{what}: {shown(self._endpoint)} answered with status {response.status_code}. Check prices_endpoint, "
                "or give your own prices in prices.",
                code=f"HTTP{response.status_code}",
                status=response.status_code,
            )
            failure.retry_after = retry_after(lowered(response.headers))
            raise failure
        text = content.decode("utf-8-sig", "replace")
        answer = Answer(200, lowered(response.headers), text, shown(url))
        if answer.fault():
            raise AzureError(f"{what}: {answer.misfit(answer.fault() or '')}", code="InvalidAnswer", status=200)
        page: dict[str, Any] = json.loads(text, parse_float=str)  # floats would not be exact
        if not isinstance(page.get("Items"), list):
            raise _invalid(what, "no price list")
        return page


def _invalid(what: str, reason: str) -> AzureError:
    return AzureError(f"{what}: the answer has {reason}. Check prices_endpoint.", code="InvalidAnswer", status=200)
