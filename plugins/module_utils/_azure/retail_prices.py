# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The rows of Azure's Retail Prices API for container groups. It takes no sign-in, and gets no token.

Documentation: Azure Retail Prices overview, 2023-01-01-preview.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from .._common.errors import AzureError, InvalidArguments
from .._common.retry import Retries
from .credentials import ca_bundle
from .operation import Answer, retry_after
from .origin import origin_of, resolved, shown
from .sdk import USER_AGENT
from .transport import foreign, importing, lowered, new_transport, quieten_loggers, unreachable

PUBLIC_ENDPOINT = "https://prices.azure.com"
API_VERSION = "2023-01-01-preview"

_CURRENCY = re.compile(r"[A-Z]{3}")
_REGION = re.compile(r"[a-z0-9-]{1,60}")


class RetailPrices:
    """What one task asks the API for. The rows of a region are asked for once."""

    def __init__(self, params: Mapping[str, Any], endpoint: str, currency: str, retries: Retries) -> None:
        """Raises InvalidArguments for an endpoint that is not an https address, and for a currency of another form."""
        origin = origin_of(endpoint)
        if origin is None or not origin.startswith("https://"):
            raise InvalidArguments("prices_endpoint must be an https address such as https://prices.azure.com.")
        if not _CURRENCY.fullmatch(currency):
            raise InvalidArguments(f"currency: {currency!r} is not a code of three capital letters such as EUR.")
        self._endpoint = origin
        self._currency = currency
        self._retries = retries.elsewhere()
        self._params = params
        self._transport: Any = None
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def rows(self, region: str) -> list[dict[str, Any]]:
        """The rows of a region such as ``westeurope``, empty where the API has none. Numbers with a point are Decimal.

        Raises AzureError and ConnectionFailed.
        """
        if not _REGION.fullmatch(region):
            return []
        if region not in self._rows:
            self._rows[region] = self._read(region)
        return self._rows[region]

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
        seen: set[str] = set()
        rows: list[dict[str, Any]] = []
        while True:
            seen.add(url)
            page = self._retries.run(lambda url=url: self._page(what, url))  # type: ignore[misc]
            if page.get("BillingCurrency") not in (None, self._currency):
                raise _invalid(what, f"prices in another currency than {self._currency}")
            rows += [row for row in page["Items"] if isinstance(row, dict)]
            following = page.get("NextPageLink")
            if not following:
                return rows
            link = resolved(self._endpoint, str(following))
            if link is None:
                raise foreign(f"{what}: the list goes on at {shown(str(following))}", self._endpoint)
            if link in seen:
                raise AzureError(
                    f"{what}: the list never ends, since a page names an earlier page as the next one. Report it to "
                    f"the operator of {shown(self._endpoint)}.",
                    code="RepeatedLink",
                )
            url = link

    def _page(self, what: str, url: str) -> dict[str, Any]:
        quieten_loggers()
        if self._transport is None:
            bundle = ca_bundle(self._params, os.environ)
            self._transport = new_transport(bundle).bound_to(self._endpoint)
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
                "or give the prices with prices.",
                code=f"HTTP{response.status_code}",
                status=response.status_code,
            )
            failure.retry_after = retry_after(lowered(response.headers))
            raise failure
        text = content.decode("utf-8-sig", "replace")
        answer = Answer(200, lowered(response.headers), text, shown(url))
        if answer.fault():
            raise AzureError(f"{what}: {answer.misfit(answer.fault() or '')}", code="InvalidAnswer", status=200)
        page: dict[str, Any] = json.loads(text, parse_float=Decimal)
        if not isinstance(page.get("Items"), list):
            raise _invalid(what, "no list of prices")
        return page


def _invalid(what: str, reason: str) -> AzureError:
    return AzureError(f"{what}: the answer has {reason}. Check prices_endpoint.", code="InvalidAnswer", status=200)
