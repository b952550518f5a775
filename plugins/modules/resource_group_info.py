#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: resource_group_info
short_description: Get information about Azure resource groups
version_added: 1.0.0
description:
  - Returns one resource group, or all in the subscription.
  - If the group does not exist, the list is empty.
extends_documentation_fragment:
  - azure_containers.aci._selection
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._attributes.info
options:
  name:
    description:
      - The name of one resource group. Defaults to all resource groups.
    type: str
seealso:
  - module: azure_containers.aci.resource_group
  - module: azure_containers.aci.aci_group_info
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Ask for one resource group
  azure_containers.aci.resource_group_info:
    name: shop
  register: shop

- name: Show where it is
  ansible.builtin.debug:
    var: shop.resource_groups[0].location
  when: shop.resource_groups

- name: Ask for those of a team
  azure_containers.aci.resource_group_info:
    tags:
      owner: web-team
"""

RETURN = r"""
resource_groups:
  description:
    - The resource groups.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The resource ID.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop
    name:
      description: The name.
      type: str
      returned: always
      sample: shop
    subscription_id:
      description: The ID of the subscription.
      type: str
      returned: always
      sample: 00000000-0000-0000-0000-000000000000
    location:
      description: The region.
      type: str
      returned: always
      sample: westeurope
    tags:
      description: The tags, by name.
      type: dict
      returned: always
      sample:
        owner: web-team
    managed_by:
      description: The resource that manages the group, null if there is none.
      type: str
      returned: always
      sample: null
    provisioning_state:
      description: The provisioning state of the group, such as V(Deleting).
      type: str
      returned: always
      sample: Succeeded
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
    from ..module_utils._engines.resource_group_info import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
