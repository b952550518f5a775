#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_location_info
short_description: Get information about quotas and capabilities of regions
version_added: 1.0.0
description:
  - Returns the usage of the subscription's quotas in a region, the maximum size of container groups, and the images that the region caches.
  - Checks for each region whether a group of a given size and kind fits, and if not, why. Create the group in the first of RV(available_locations).
  - The service does not report its free capacity, so a region that is available here may still refuse a group with C(ServiceUnavailable).
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._attributes.info
options:
  locations:
    description:
      - The regions, such as V(westeurope) or V(West Europe), in order of preference. Defaults to all that offer container groups.
    type: list
    elements: str
    aliases: [location]
  gather:
    description:
      - What to return of each region. It does not affect the verdict.
    type: list
    elements: str
    choices: [usages, capabilities, cached_images]
    default: [usages, capabilities, cached_images]
  cpu:
    description:
      - The CPU cores that all containers of a group need together.
    type: float
  memory_in_gb:
    description:
      - The memory that all containers of a group need together, in GB.
    type: float
  gpu:
    description:
      - The GPUs that a group needs.
    type: dict
    suboptions:
      sku:
        description:
          - The GPU model, for example V(V100).
        type: str
        required: true
      count:
        description:
          - How many.
        type: int
        default: 1
  sku:
    description:
      - The kind of hardware that a group needs.
    type: str
    choices: [Standard, Dedicated, Confidential]
    default: Standard
  priority:
    description:
      - Whether a group can be evicted.
    type: str
    choices: [Regular, Spot]
    default: Regular
  os_type:
    description:
      - The operating system of a group. Defaults to any.
    type: str
    choices: [Linux, Windows]
  ip_address_type:
    description:
      - The type of IP address of a group. Defaults to any.
    type: str
    choices: [Public, Private]
  zone:
    description:
      - The availability zone that a group needs, for example V("1").
    type: str
  groups:
    description:
      - How many such groups to fit into the quotas.
    type: int
    default: 1
  workers:
    description:
      - How many regions to query at a time, from 1 to 64.
    type: int
    default: 16
seealso:
  - module: azure_containers.aci.aci_group
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Ask where there is room for four groups of two cores
  azure_containers.aci.aci_location_info:
    locations: [westeurope, northeurope, swedencentral]
    cpu: 2
    memory_in_gb: 8
    groups: 4
  register: shop

- name: Create one where there is room
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-web
    location: "{{ shop.available_locations | first }}"
    containers:
      - name: web
        image: registry.example.com/web:4.2

- name: See what is left of the quotas
  azure_containers.aci.aci_location_info:
    location: westeurope
    gather: [usages]
"""

RETURN = r"""
available_locations:
  description:
    - The names of the available regions, in the order of the request.
  returned: success
  type: list
  elements: str
  sample: [westeurope]
locations:
  description:
    - The regions, in the order of the request.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: westeurope
    available:
      description: Whether the region can take what is needed.
      type: bool
      returned: always
      sample: false
    reasons:
      description: Why it cannot, one sentence per reason.
      type: list
      elements: str
      returned: always
      sample:
        - "The quota of StandardCores has no room: the limit is 10, 8 are in use and 4 are needed."
    zones:
      description: The availability zones, empty if the region has none or they are not known.
      type: list
      elements: str
      returned: always
      sample: ["1", "2", "3"]
    usages:
      description: The usage of the quotas.
      type: list
      elements: dict
      returned: when gathered, and the region has container groups
      contains:
        name:
          description: The name of the quota.
          type: str
          returned: always
          sample: StandardCores
        current:
          description: How much is in use.
          type: int
          returned: always
          sample: 8
        limit:
          description: The limit.
          type: int
          returned: always
          sample: 10
        left:
          description: How much is left.
          type: int
          returned: always
          sample: 2
        unit:
          description: The unit.
          type: str
          returned: always
          sample: Count
    capabilities:
      description: The maximum size of a group for each operating system, type of IP address and GPU model.
      type: list
      elements: dict
      returned: when gathered, and the region has container groups
      contains:
        os_type:
          description: The operating system. V(NotSpecified) stands for all.
          type: str
          returned: always
          sample: NotSpecified
        ip_address_type:
          description: The type of IP address.
          type: str
          returned: always
          sample: Public
        gpu:
          description: The GPU model, V(None) for groups without GPUs.
          type: str
          returned: always
          sample: None
        max_cpu:
          description: The maximum number of CPU cores.
          type: float
          returned: always
          sample: 32.0
        max_memory_in_gb:
          description: The maximum memory in GB.
          type: float
          returned: always
          sample: 256.0
        max_gpu_count:
          description: The maximum number of GPUs.
          type: float
          returned: always
          sample: 0
    cached_images:
      description: The images that the region caches, from which containers start faster.
      type: list
      elements: dict
      returned: when gathered, and the region has container groups
      contains:
        os_type:
          description: The operating system.
          type: str
          returned: always
          sample: Linux
        image:
          description: The image.
          type: str
          returned: always
          sample: mcr.microsoft.com/azuredocs/aci-helloworld:latest
missing_actions:
  description:
    - The actions that the identity lacks, if Azure refuses with V(AuthorizationFailed) or V(LinkedAuthorizationFailed).
    - The guide on permissions lists the actions that each module needs.
  returned: when the identity lacks a permission
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    action:
      description: The action, as a role names it.
      type: str
      returned: always
      sample: Microsoft.ContainerInstance/containerGroups/read
    scope:
      description: The resource that the action is required on.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop
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
    from ..module_utils._engines.aci_location_info import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
