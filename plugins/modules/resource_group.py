#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: resource_group
short_description: Manage Azure resource groups
version_added: 0.1.0
description:
  - Creates resource groups, updates their tags, and deletes them.
  - The module compares the task with the existing group and changes exactly what differs. What you omit stays as it is.
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
    details:
      - Fails if the real run would, for example because a group is not empty.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - The name of the resource group.
    type: str
    required: true
  location:
    description:
      - The region, such as V(westeurope) or V(West Europe).
      - Required to create the group. A group cannot move, so the task fails if the existing group is in another region.
    type: str
  tags:
    description:
      - Tags, by name. Values are strings. Quote what YAML would read as a number or a boolean.
      - Names are not case-sensitive.
    type: dict
  purge_tags:
    description:
      - Whether to remove tags that are not in O(tags). Without O(tags), nothing is removed.
    type: bool
    default: false
  ignore_tags:
    description:
      - Names of tags that are never removed. Can contain wildcards.
    type: list
    elements: str
    default: ["hidden-*"]
  state:
    description:
      - V(present) creates the group or changes its tags. If the group is being deleted, the module waits for that and then creates it again.
      - V(absent) deletes the group.
    type: str
    choices: [present, absent]
    default: present
  force:
    description:
      - Whether O(state=absent) deletes a group that is not empty, B(with everything in it).
    type: bool
    default: false
  wait:
    description:
      - Whether O(state=absent) waits until the group is gone.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait. The deletion continues after that.
      - Requests to an unavailable service are repeated for as long.
    type: int
    default: 2100
seealso:
  - module: azure_containers.aci.aci_group
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Create a resource group
  azure_containers.aci.resource_group:
    name: shop
    location: westeurope
    tags:
      owner: web-team

- name: Have exactly these tags
  azure_containers.aci.resource_group:
    name: shop
    tags:
      owner: web-team
      stage: production
    purge_tags: true

- name: Delete a resource group, unless something is in it
  azure_containers.aci.resource_group:
    name: shop
    state: absent

- name: Delete a resource group with everything in it, and do not wait
  azure_containers.aci.resource_group:
    name: shop-review-17
    state: absent
    force: true
    wait: false
"""

RETURN = r"""
action:
  description:
    - What the task did, or would do in check mode. V(tagged) is a change of tags.
  returned: success
  type: str
  choices: [none, created, tagged, deleted]
  sample: created
resource_group:
  description:
    - The resource group. In check mode, what the group would be, without what only the service knows. With O(state=absent), the group that was
      deleted.
  returned: success, unless the group did not exist before its deletion; and when a change of location was refused
  type: dict
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
      description: The ID of the resource that manages the group, null if there is none.
      type: str
      returned: always
      sample: null
    provisioning_state:
      description: The result of the last operation on the group, null for a new group in check mode.
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
        - The code that Azure gave, or one of the module's own. Among those are V(InvalidArguments), V(NoCredentials),
          V(ConnectionFailed), V(NotEmpty), V(LocationCannotChange) and V(TimedOut).
      type: str
      returned: always
      sample: NotEmpty
    message:
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: >-
        Resource group shop is not empty: it holds shop-web. Use force=true to delete it with everything in it.
    status:
      description: The HTTP status of Azure's answer, null if no request was made.
      type: int
      returned: always
      sample: 409
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
    from ..module_utils._engines.resource_group import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
