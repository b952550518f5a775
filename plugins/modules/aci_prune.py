#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_prune
short_description: Find and remove container groups that are no longer needed
version_added: 1.0.0
description:
  - Finds container groups by age, state, tags, name or expiry, in resource groups or whole subscriptions.
  - Reports them and how much of the quotas they use. Only O(state=absent) removes them.
  - Never removes a group with the tag O(protect_tag). Each group is read again just before it is removed, and stays if it has that tag by then, or no
    longer meets the criteria.
  - At least one criterion is required, and a group must meet all that are given. To select groups that meet one or the other, use two tasks.
extends_documentation_fragment:
  - azure_containers.aci._selection
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._costs
  - azure_containers.aci._costs.show
attributes:
  check_mode:
    support: full
    details:
      - With O(state=absent), reports what would be removed.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description:
      - V(report) only reports the groups that meet the criteria.
      - V(absent) removes them.
    type: str
    choices: [report, absent]
    default: report
  subscriptions:
    description:
      - The IDs of the subscriptions to search. Defaults to O(subscription_id), or the subscription of the credentials.
    type: list
    elements: str
  resource_groups:
    description:
      - The names of the resource groups to search in each subscription. Defaults to all.
    type: list
    elements: str
  expired:
    description:
      - Select groups whose tag C(expires_at) is in the past. O(azure_containers.aci.aci_group#module:ttl) writes that tag.
    type: bool
    default: false
  older_than:
    description:
      - Select groups that are older than this, such as V(90m), V(12h), V(7d) or V(1d12h).
      - The age counts from the creation of the group, not from its last start. A group whose time of creation is not known is never selected.
    type: str
  states:
    description:
      - Select groups in one of these states. V(Succeeded) and V(Failed) are groups whose containers have ended, V(Stopped) are groups that were
        stopped.
      - V(Unknown) is the state while the service repairs a group, which is still billed. This choice was added in version 1.1.0.
      - Requires one request per group that meets the other criteria.
    type: list
    elements: str
    choices: [Pending, Running, Succeeded, Failed, Stopped, Unhealthy, Unknown]
  names:
    description:
      - Select groups whose name matches one of these patterns, which can contain C(*) and C(?).
      - An empty list is refused, and so is an empty O(states) or O(tags), so that an empty template never selects more groups.
    type: list
    elements: str
  protect_tag:
    description:
      - A group with a tag of this name is never removed, whatever the tag's value.
    type: str
    default: keep
  orchestrated:
    description:
      - Whether to remove groups of an NGroup too. Deleting one lowers the count of its NGroup, or makes the NGroup create another one.
    type: bool
    default: false
    version_added: 1.1.0
  save_logs:
    description:
      - A directory on the host that runs the task. The log of every container is saved there before its group is removed.
        O(azure_containers.aci.aci_group#module:save_logs) describes the requirements for the directory, the names of the files, and what is masked.
      - If a log cannot be written, or cannot be read because the service does not answer or denies access, its group stays, and the task fails in the
        end. If the service has no log, the task warns and removes the group.
    type: path
    version_added: 1.1.0
  wait:
    description:
      - Whether to wait until the groups are gone.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds the removal of all groups may take.
    type: int
    default: 600
  workers:
    description:
      - How many groups to read or remove at a time, from 1 to 64. The service accepts 100 removals in five minutes.
    type: int
    default: 8
seealso:
  - module: azure_containers.aci.aci_cost_info
  - module: azure_containers.aci.aci_group
  - module: azure_containers.aci.aci_group_info
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: See which groups of the subscription have expired
  azure_containers.aci.aci_prune:
    expired: true
  register: expired

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.resource_group }}/{{ item.name }}: {{ item.reasons | join(', ') }}, {{ item.cpu }} cores"
  loop: "{{ expired.container_groups }}"
  loop_control:
    label: "{{ item.name }}"

- name: See what their removal saves
  azure_containers.aci.aci_prune:
    expired: true
    show_cost: true
  register: expired

- name: Show the sum
  ansible.builtin.debug:
    msg: "{{ expired.totals.saves.monthly }} {{ expired.totals.saves.currency }} a month"

- name: Remove them
  azure_containers.aci.aci_prune:
    expired: true
    state: absent

- name: Remove what has ended and is older than a week, in two resource groups
  azure_containers.aci.aci_prune:
    resource_groups: [ci, review]
    states: [Succeeded, Failed, Stopped]
    older_than: 7d
    state: absent

- name: Remove what a test left behind, unless it has the tag "debug"
  azure_containers.aci.aci_prune:
    names: ["test-*"]
    tags:
      pipeline: "1234"
    protect_tag: debug
    state: absent
"""

RETURN = r"""
container_groups:
  description:
    - The groups that meet the criteria and are not protected.
  returned: on success, and when some could not be removed
  type: list
  elements: dict
  contains:
    id:
      description: The resource ID.
      type: str
      returned: always
      sample: >-
        /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ci/providers/Microsoft.ContainerInstance/containerGroups/build-1234
    name:
      description: The name.
      type: str
      returned: always
      sample: build-1234
    resource_group:
      description: The name of its resource group.
      type: str
      returned: always
      sample: ci
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
        expires_at: "2026-05-04T09:31:11Z"
    state:
      description: The state, null without O(states) and O(show_cost).
      type: str
      returned: always
      sample: Succeeded
    created_at:
      description: The time of creation, null without O(older_than).
      type: str
      returned: always
      sample: "2026-05-04T07:31:11.771000+00:00"
    age:
      description: The age in seconds, null without O(older_than).
      type: int
      returned: always
      sample: 86400
    expires_at:
      description: The value of the tag C(expires_at), null if there is none.
      type: str
      returned: always
      sample: "2026-05-04T09:31:11Z"
    cpu:
      description: The CPU cores of its containers.
      type: float
      returned: always
      sample: 2.0
    memory_in_gb:
      description: The memory of its containers, in GB.
      type: float
      returned: always
      sample: 3.0
    reasons:
      description: Why it meets the criteria.
      type: list
      elements: str
      returned: always
      sample:
        - expired at 2026-05-04T09:31:11Z
    removed:
      description: Whether it was removed, or would be in check mode.
      type: bool
      returned: always
      sample: true
    error:
      description: Why it could not be removed. Null if there was no attempt, or it succeeded.
      type: str
      returned: always
      sample: null
    saved_logs:
      description: The saved logs, one entry per container. Empty without O(save_logs).
      returned: always
      type: list
      elements: dict
      version_added: 1.1.0
      contains:
        container_group:
          description: The name of the container group.
          type: str
          returned: always
          sample: shop-web
        container:
          description: The name of the container.
          type: str
          returned: always
          sample: web
        init:
          description: Whether it is an init container.
          type: bool
          returned: always
          sample: false
        path:
          description: The path of the log file, null if there is none. In check mode, the file that would be written.
          type: str
          returned: always
          sample: /var/log/aci/shop.shop-web.web.20260301T093000Z.log
        reason:
          description: Why there is no file, or why the end of the log is missing. Null if the complete log was saved.
          type: str
          returned: always
          sample: null
    saves:
      description: What its removal saves. A group that has stopped or ended costs nothing, so its removal saves nothing.
      type: dict
      returned: when O(show_cost=true)
      version_added: 1.1.0
      contains:
        hourly:
          description: The cost of an hour, as a decimal text that is not rounded, null when it is not known.
          type: str
          returned: always
          sample: "0.09079"
        monthly:
          description: The cost of a month of 730 hours, null when it is not known, or when the group ends by itself.
          type: str
          returned: always
          sample: "66.2767"
        reason:
          description: Why the cost is not known, null when it is.
          type: str
          returned: always
          sample: There is no price for vcpu_hour, gb_hour in chinaeast.
protected:
  description:
    - The groups that meet the criteria but have the tag O(protect_tag), or belong to an NGroup while O(orchestrated) is V(false). Each is like those
      in RV(container_groups).
  returned: on success, and when some could not be removed
  type: list
  elements: dict
  sample: []
totals:
  description:
    - The totals of RV(container_groups).
  returned: on success, and when some could not be removed
  type: dict
  contains:
    container_groups:
      description: The number of groups.
      type: int
      returned: always
      sample: 3
    cpu:
      description: Their CPU cores.
      type: float
      returned: always
      sample: 4.0
    memory_in_gb:
      description: Their memory, in GB.
      type: float
      returned: always
      sample: 6.0
    saves:
      description: What their removal saves, with the C(currency), C(hourly) and C(monthly). An amount is null when that of a group is not known.
      type: dict
      returned: when O(show_cost=true)
      version_added: 1.1.0
      sample: {currency: USD, hourly: "0.09079", monthly: "66.2767"}
diff:
  description:
    - The resource IDs of the groups, before and after.
  returned: in diff mode
  type: dict
  sample:
    before_header: container groups
    after_header: container groups
    before:
      container_groups:
        - /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ci/providers/Microsoft.ContainerInstance/containerGroups/build-1234
    after:
      container_groups: []
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
        - The code that Azure gave, or one of the module's own. Among those are V(InvalidArguments), V(NoCredentials), V(ConnectionFailed) and
          V(NotRemoved) when some of the groups could not be removed.
      type: str
      returned: always
      sample: NotRemoved
    message:
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: "1 of 3 container groups could not be removed. build-1234: The scope is locked (ScopeLocked)."
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
    from ..module_utils._engines.aci_prune import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
