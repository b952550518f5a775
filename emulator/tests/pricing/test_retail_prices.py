# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Retail Prices API: a public list in pages."""

from __future__ import annotations

from typing import Any


def ask(api: Any, filter_text: str = "", **query: str) -> Any:
    return api.client.get("/api/retail/prices", params={**query, "$filter": filter_text})


def test_a_region_is_read_in_pages_without_a_token(api: Any) -> None:
    condition = "serviceName eq 'Container Instances' and armRegionName eq 'eastus' and priceType eq 'Consumption'"
    answer = ask(api, condition, currencyCode="'USD'")
    assert answer.status_code == 200, answer.text
    rows = list(answer.json()["Items"])
    assert answer.json()["Count"] == len(rows) == 4
    following = api.client.get(answer.json()["NextPageLink"]).json()
    assert following["NextPageLink"] is None
    rows += following["Items"]
    assert {row["meterName"]: (row["retailPrice"], row["unitOfMeasure"]) for row in rows} == {
        "Standard vCPU Duration": (0.0405, "1 Hour"),
        "Standard Memory Duration": (0.00445, "1 GB Hour"),
        "Standard Windows Software Duration": (0.000012, "1 Second"),
        "Standard Spot vCPU Duration": (0.01215, "1 Hour"),
        "Standard Spot Memory Duration": (0.001335, "1 GB Hour"),
        "Confidential containers ACI vCPU Duration": (0.0608, "1 Hour"),
        "Confidential containers ACI Memory Duration": (0.0067, "1 GB Hour"),
    }
    assert {row["armRegionName"] for row in rows} == {"eastus"}


def test_filters_keep_to_case(api: Any) -> None:
    assert ask(api, "armRegionName eq 'EastUS'").json()["Items"] == []
    assert ask(api, "contains(meterName, 'Spot') and armRegionName eq 'westeurope'").json()["Count"] == 2
    assert ask(api, "armRegionName eq 'chinaeast'").json() == {
        "BillingCurrency": "USD",
        "CustomerEntityId": "Default",
        "CustomerEntityType": "Retail",
        "Items": [],
        "NextPageLink": None,
        "Count": 0,
    }


def test_other_currencies(api: Any) -> None:
    answer = ask(api, "armRegionName eq 'eastus'", currencyCode="EUR")
    assert answer.json()["BillingCurrency"] == "EUR"
    assert answer.json()["Items"][0]["retailPrice"] == 0.03645


def test_what_it_cannot_read_is_refused(api: Any) -> None:
    assert ask(api, "armRegionName ne 'eastus'").status_code == 400
    assert ask(api, currencyCode="doubloons").status_code == 400
    assert ask(api, **{"$skip": "-1"}).status_code == 400
