# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the Retail Prices API for container groups. No sign-in; pages are short, so that lists have several.

The format of responses is documented (Azure Retail Prices overview, 2023-01-01-preview). Prices for eastus,
swedencentral and germanywestcentral were published by users in 2026. Prices for other regions, for Confidential groups
and in currencies other than USD are invented.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.responses import JsonResponse

PATH = "/api/retail/prices"
PAGE_SIZE = 4

_SERVICE = "Container Instances"
_EFFECTIVE = "2021-06-08T00:00:00Z"
_NAMESPACE = uuid.UUID("6f1b8c1a-3f51-5c0e-9d51-0f6a0d3a6e11")

_REGIONS = {
    # location, vCPU hour, GB hour
    "eastus": ("US East", 0.0405, 0.00445),
    "germanywestcentral": ("DE West Central", 0.04656, 0.00511),
    "northeurope": ("EU North", 0.0445, 0.0049),
    "swedencentral": ("SE Central", 0.0466, 0.00511),
    "westeurope": ("EU West", 0.0486, 0.00534),
    "westus2": ("US West 2", 0.0405, 0.00445),
}
_SPOT = {"eastus": (0.01215, 0.001335), "westeurope": (0.01458, 0.001602)}
_CONFIDENTIAL = {"eastus": (0.0608, 0.0067), "westeurope": (0.0729, 0.008)}
_WINDOWS_SECOND = 0.000012
_CURRENCIES = {"USD": 1.0, "EUR": 0.9, "GBP": 0.8}

_CONDITION = re.compile(r"(?P<field>[A-Za-z]+) eq '(?P<value>[^']*)'|contains\((?P<in>[A-Za-z]+), ?'(?P<part>[^']*)'\)")


class RetailPrices:
    """The list prices."""

    def routes(self) -> list[BaseRoute]:
        """Returns the route of the list."""
        return [Route(PATH, self.list)]

    async def list(self, request: Request) -> Response:
        """GET with ``currencyCode``, ``$skip``, and ``$filter`` of ``eq``, ``contains`` and ``and``."""
        query = request.query_params
        currency = query.get("currencyCode", "USD").strip("'")
        skip = query.get("$skip", "0")
        if currency not in _CURRENCIES:
            return _bad_request(f"Invalid currency code {currency}.")
        if not re.fullmatch(r"[0-9]{1,9}", skip):
            return _bad_request("Invalid $skip.")
        try:
            conditions = _conditions(query.get("$filter", ""))
        except ValueError:
            return _bad_request("Invalid $filter.")
        rows = [row for row in _rows(currency) if all(_holds(row, *each) for each in conditions)]
        begin = int(skip)
        page = rows[begin : begin + PAGE_SIZE]
        following = None
        if begin + PAGE_SIZE < len(rows):
            rest = {**query, "$skip": str(begin + PAGE_SIZE)}
            following = f"{request.url.replace(query='')}?{urlencode(rest, safe='$')}"
        return JsonResponse(
            {
                "BillingCurrency": currency,
                "CustomerEntityId": "Default",
                "CustomerEntityType": "Retail",
                "Items": page,
                "NextPageLink": following,
                "Count": len(page),
            }
        )


def _bad_request(message: str) -> Response:
    return JsonResponse({"Error": {"Code": "BadRequest", "Message": message}}, status_code=400)


def _conditions(text: str) -> list[tuple[str, str, bool]]:
    """The conditions in a filter: field, value, and whether a part of the field is enough. Raises ValueError."""
    found = []
    for each in re.split(r" and ", text) if text else []:
        match = _CONDITION.fullmatch(each.strip())
        if match is None:
            raise ValueError(each)
        whole = match["field"] is not None
        found.append((match["field"] or match["in"], match["value"] if whole else match["part"], not whole))
    return found


def _holds(row: dict[str, Any], field: str, value: str, part: bool) -> bool:
    # Since this version, values are case-sensitive. The field priceType is called type in responses.
    shown = str(row.get({"priceType": "type"}.get(field, field), ""))
    return value in shown if part else value == shown


def _rows(currency: str) -> Iterator[dict[str, Any]]:
    for region, (location, vcpu, memory) in _REGIONS.items():
        meters = [
            ("Standard", "Standard vCPU Duration", "1 Hour", vcpu),
            ("Standard", "Standard Memory Duration", "1 GB Hour", memory),
            ("Standard", "Standard Windows Software Duration", "1 Second", _WINDOWS_SECOND),
        ]
        for kind, sku, prices in (
            ("Standard Spot", "Standard Spot", _SPOT.get(region)),
            ("Confidential containers ACI", "Confidential containers ACI", _CONFIDENTIAL.get(region)),
        ):
            if prices is not None:
                meters.append((sku, f"{kind} vCPU Duration", "1 Hour", prices[0]))
                meters.append((sku, f"{kind} Memory Duration", "1 GB Hour", prices[1]))
        for sku, meter, unit, price in meters:
            yield _row(currency, region, location, sku, meter, unit, price)


def _row(currency: str, region: str, location: str, sku: str, meter: str, unit: str, price: float) -> dict[str, Any]:
    amount = round(price * _CURRENCIES[currency], 9)
    return {
        "currencyCode": currency,
        "tierMinimumUnits": 0.0,
        "retailPrice": amount,
        "unitPrice": amount,
        "armRegionName": region,
        "location": location,
        "effectiveStartDate": _EFFECTIVE,
        "meterId": str(uuid.uuid5(_NAMESPACE, f"{region} {meter}")),
        "meterName": meter,
        "productId": "DZH318Z0BQ4L",
        "skuId": f"DZH318Z0BQ4L/{uuid.uuid5(_NAMESPACE, sku).hex[:4].upper()}",
        "productName": _SERVICE,
        "skuName": sku,
        "serviceName": _SERVICE,
        "serviceId": "DZH316C9BC9B",
        "serviceFamily": "Containers",
        "unitOfMeasure": unit,
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        "armSkuName": "",
    }
