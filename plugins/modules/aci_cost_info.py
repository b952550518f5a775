#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_cost_info
short_description: Get the cost of container groups
version_added: 1.1.0
description:
  - Returns what container groups cost per hour and per month, and what their current run has cost so far, or what a definition would cost.
  - Azure bills what the containers of a group request, not what they use. It rounds up the total of a group, vCPUs to a whole number and memory to
    0.1 GB. Windows, Spot and Confidential groups have their own meters.
  - Prices come from Azure's public Retail Prices API, or from O(prices).
  - Amounts are decimal strings that are not rounded, except RV(container_groups[].so_far). Turn them into numbers with the P(ansible.builtin.float#filter)
    filter.
  - A group that has stopped or ended costs nothing, so it does not count in RV(totals).
extends_documentation_fragment:
  - azure_containers.aci._selection
  - azure_containers.aci._selection.resource_group
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._attributes.info
  - azure_containers.aci._costs
options:
  name:
    description:
      - The name of one container group. Requires O(resource_group).
      - With O(definition), the name that the result shows.
    type: str
  definition:
    description:
      - A definition to price instead of existing groups, as for O(azure_containers.aci.aci_group#module:definition).
      - Nothing is created, and no sign-in is required.
    type: dict
  location:
    description:
      - The region of a O(definition) that does not contain one.
    type: str
  hours:
    description:
      - How many hours a month the groups run, from 0 to 744. Without it, the monthly cost of groups with restart policy V(Never) or V(OnFailure) is
        not known.
      - Defaults to 730 hours for groups with restart policy V(Always).
    type: str
  workers:
    description:
      - How many groups to read at a time, from 1 to 64.
    type: int
    default: 16
notes:
  - The rounding is based on Microsoft's pricing example and on a support case. The documentation does not state it.
  - The service keeps no history. RV(container_groups[].run) begins with the first image pull that a group still reports. If the group was stopped and
    started again, that may belong to an earlier run.
seealso:
  - module: azure_containers.aci.aci_group
  - module: azure_containers.aci.aci_prune
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Get the cost of the container groups of a resource group
  azure_containers.aci.aci_cost_info:
    resource_group: shop
  register: shop_cost

- name: Show what they cost in a month
  ansible.builtin.debug:
    msg: "{{ shop_cost.totals.monthly }} {{ shop_cost.currency }} a month"

- name: Get the cost of a nightly job before it exists, with the prices of an agreement
  azure_containers.aci.aci_cost_info:
    definition:
      name: report
      location: westeurope
      properties:
        osType: Linux
        restartPolicy: Never
        containers:
          - name: report
            properties:
              image: registry.example.com/report:3
              resources:
                requests:
                  cpu: 1.5
                  memoryInGB: 4
    hours: "30"
    currency: EUR
    prices:
      vcpu_hour: "0.0351"
      gb_hour: "0.0039"
"""

RETURN = r"""
currency:
  description: The currency of all amounts.
  returned: success
  type: str
  sample: USD
container_groups:
  description: The groups, or the definition.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: shop-web
    resource_group:
      description: The resource group, null for a definition without one.
      type: str
      returned: always
      sample: shop
    id:
      description: The resource id, null for a definition.
      type: str
      returned: always
      sample: >-
        /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web
    location:
      description: The region, null for a definition without one.
      type: str
      returned: always
      sample: westeurope
    os_type:
      description: The operating system.
      type: str
      returned: always
      sample: Linux
    state:
      description: The state of the group, null for a definition.
      type: str
      returned: always
      sample: Running
    is_billed:
      description: Whether the group costs something now. False for one that has stopped or ended.
      type: bool
      returned: always
      sample: true
    requested:
      description: What the containers request together, as decimal strings.
      type: dict
      returned: always
      contains:
        cpu:
          description: vCPUs.
          type: str
          returned: always
          sample: "1.3"
        memory_in_gb:
          description: Memory in GB.
          type: str
          returned: always
          sample: "2.15"
    billed:
      description: The same, rounded up as it is billed.
      type: dict
      returned: always
      contains:
        cpu:
          description: vCPUs.
          type: str
          returned: always
          sample: "2"
        memory_in_gb:
          description: Memory in GB.
          type: str
          returned: always
          sample: "2.2"
    hourly:
      description: What the group costs in an hour while it runs, null when that is not known.
      type: str
      returned: always
      sample: "0.09079"
    monthly:
      description:
        - What it costs in a month, null when that is not known, or when the group ends by itself and O(hours) is not given.
      type: str
      returned: always
      sample: "66.2767"
    run:
      description: The time that the current run is billed for, null for a definition and for a group that does not show it.
      type: dict
      returned: always
      contains:
        since:
          description: When it began.
          type: str
          returned: always
          sample: "2026-03-01T09:00:00Z"
        until:
          description: When it ended; now for a group that runs.
          type: str
          returned: always
          sample: "2026-03-01T15:00:00Z"
        seconds:
          description: Its length in seconds.
          type: int
          returned: always
          sample: 21600
        basis:
          description: What it begins with, V(first_pull) for the pull of an image or V(container_start) for the start of a container.
          type: str
          returned: always
          sample: first_pull
    so_far:
      description: What the current run has cost so far, rounded to six places, null when that is not known.
      type: str
      returned: always
      sample: "0.54474"
    prices:
      description: The prices that the amounts rest on.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: The name of the price, as in O(prices).
          type: str
          returned: always
          sample: vcpu_hour
        per_hour:
          description: The price for an hour.
          type: str
          returned: always
          sample: "0.0405"
        meter_id:
          description: The id of the meter, null for a price of O(prices).
          type: str
          returned: always
          sample: 00000000-0000-0000-0000-000000000001
        meter_name:
          description: The name of the meter, null for a price of O(prices).
          type: str
          returned: always
          sample: Standard vCPU Duration
        retail_price:
          description: The price in the unit of the meter, null for a price of O(prices).
          type: str
          returned: always
          sample: "0.0405"
        unit_of_measure:
          description: The unit of the meter, null for a price of O(prices).
          type: str
          returned: always
          sample: 1 Hour
        effective_start_date:
          description: Since when the price holds, null for a price of O(prices).
          type: str
          returned: always
          sample: "2021-06-08T00:00:00Z"
    reason:
      description: Why the cost is not known, null when it is.
      type: str
      returned: always
      sample: There is no price for vcpu_hour, gb_hour in chinaeast.
totals:
  description: What the groups that are billed now cost together.
  returned: success
  type: dict
  contains:
    hourly:
      description: The cost of an hour.
      type: str
      returned: always
      sample: "0.09079"
    monthly:
      description: The cost of a month, null when that of a group is not known.
      type: str
      returned: always
      sample: "66.2767"
    hourly_by_resource_group:
      description: The cost of an hour, by resource group in lower case.
      type: dict
      returned: always
      sample: {shop: "0.09079"}
    complete:
      description: Whether the cost of every group is known.
      type: bool
      returned: always
      sample: true
assumptions:
  description: What the amounts assume.
  returned: success
  type: list
  elements: str
  sample: ["Prices are list prices without tax, agreements or savings plans, unless they were given."]
not_included:
  description: What is billed by other services, and not part of the amounts.
  returned: success
  type: list
  elements: str
  sample: [NAT gateways, Log Analytics, storage, bandwidth, container registries]
error:
  description:
    - The error in a machine-readable form. C(msg) has the message for people.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - The code that Azure gave, or one of the module's own. Among those are V(InvalidArguments), V(NoCredentials) and V(ConnectionFailed).
      type: str
      returned: always
      sample: SubscriptionNotFound
    message:
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: The subscription '00000000-0000-0000-0000-000000000000' could not be found.
    status:
      description: The HTTP status of Azure's answer, null if no request was made.
      type: int
      returned: always
      sample: 404
    request_id:
      description: The ID of the request, for Azure support. Null if there was none.
      type: str
      returned: always
      sample: westeurope:6c2b7f0e-6f6a-4c8a-9a6c-0a1f6c1b9f0e
"""

from ..module_utils._common.interpreter import require_python


def main() -> None:
    require_python()
    # Imported only now, because an older Python cannot parse them.
    from ..module_utils._engines.aci_cost_info import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
