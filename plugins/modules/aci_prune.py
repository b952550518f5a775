#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_prune
short_description: Find and remove container groups that nobody needs any more
version_added: 1.0.0
description:
  - Finds container groups by their age, state, tags and names, or because they have expired, in resource groups or whole subscriptions.
  - Reports them, with what they use of the quotas. Only O(state=absent) removes them.
  - Never removes a group with the tag O(protect_tag). Each group is read once more just before it is removed. When it has got that tag
    meanwhile, or does not meet the criteria any more, it stays.
  - A group meets the criteria when it meets all that are given. At least one is needed. For groups that meet one or the other, use two tasks.
extends_documentation_fragment:
  - azure_containers.aci._tags
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._costs
  - azure_containers.aci._costs.show
attributes:
  check_mode:
    support: full
    details:
      - With O(state=absent) tells what would be removed.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description:
      - V(report) only tells which groups meet the criteria.
      - V(absent) removes them.
    type: str
    choices: [report, absent]
    default: report
  subscriptions:
    description:
      - The IDs of the subscriptions to look into. When not given, O(subscription_id) or what the credentials say.
    type: list
    elements: str
  resource_groups:
    description:
      - The names of the resource groups to look into, in each of the subscriptions. When not given, all.
    type: list
    elements: str
  expired:
    description:
      - Groups whose tag C(expires_at) is a time that has passed. O(azure_containers.aci.aci_group#module:ttl) writes that tag.
    type: bool
    default: false
  older_than:
    description:
      - Groups that were created longer ago than this, as V(90m), V(12h), V(7d) or V(1d12h).
      - Creation is that of the group, not of its last start. A group for which the time is not known is never old enough.
    type: str
  states:
    description:
      - Groups in one of these states. V(Succeeded) and V(Failed) are for groups whose containers have ended, V(Stopped) for those that were stopped.
      - V(Unknown) is what the service shows while it repairs a group, which is billed meanwhile. This choice was added in version 1.1.0.
      - Takes one request for each group that meets the other criteria.
    type: list
    elements: str
    choices: [Pending, Running, Succeeded, Failed, Stopped, Unhealthy, Unknown]
  names:
    description:
      - Groups whose name matches one of these patterns, with C(*) and C(?).
      - An empty list is refused, as is an empty O(states) or O(tags), so that what a template left empty never selects more.
    type: list
    elements: str
  protect_tag:
    description:
      - A group with a tag of this name is never removed, whatever the tag's value.
    type: str
    default: keep
  orchestrated:
    description:
      - Whether to remove also groups that an NGroup made. Deleting such a group lowers the count of its NGroup, or makes the NGroup create
        another one, so it is left alone unless this is V(true).
    type: bool
    default: false
    version_added: 1.1.0
  save_logs:
    description:
      - A folder on the host that the task runs on, in which the log of every container is written to a file
        before its group is removed.
      - The folder is made with mode 0700 when it is missing. It must belong to the user that runs the task, and must not be a symbolic link, nor
        be writable by others unless it has the sticky bit. Files have mode 0600. An existing file or link is never written to.
      - A file is named after resource group, container group, container and the start of the run, as in
        C(shop.shop-web.web.20260301T093000Z.log). A further one of the same name ends with C(-2).
      - A log is written as the container wrote it, without the secrets that the task gives and without credentials in URLs. Nobody knows which
        other secrets a container writes.
      - When a log cannot be read because the service does not answer or denies it, or cannot be written, its group stays, and the task fails in
        the end. When the service says that it has no log, the task warns, and removes the group.
      - Check mode reads the logs and checks the folder, but writes nothing.
    type: path
    version_added: 1.1.0
  wait:
    description:
      - Whether to wait until the groups are gone.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long the removal of all of them may take, in seconds. A service that does not answer, or asks to come again later, is waited for
        as long.
    type: int
    default: 600
  workers:
    description:
      - How many groups are looked at, or removed, at a time, from 1 to 64. The service takes 100 removals in five minutes.
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
    - The groups that meet the criteria, and are not protected.
  returned: success, and when some could not be removed
  type: list
  elements: dict
  contains:
    id:
      description: The resource id.
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
      description: The subscription that it is in.
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
      description: The state, null when nobody asked for it with O(states) or O(show_cost).
      type: str
      returned: always
      sample: Succeeded
    created_at:
      description: When it was created, null when nobody asked for it with O(older_than).
      type: str
      returned: always
      sample: "2026-05-04T07:31:11.771000+00:00"
    age:
      description: How long ago that was, in seconds, null when nobody asked for it.
      type: int
      returned: always
      sample: 86400
    expires_at:
      description: The value of the tag C(expires_at), null when there is none.
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
      description: Why it could not be removed, null when it was not tried or went well.
      type: str
      returned: always
      sample: null
    saved_logs:
      description: The logs that were saved, one entry a container. Empty without O(save_logs).
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
          description: The file with the log, null when there is none. In check mode, the file that would be written.
          type: str
          returned: always
          sample: /var/log/aci/shop.shop-web.web.20260301T093000Z.log
        reason:
          description: Why there is no file, or why what came last is missing in it. Null when all of the log was saved.
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
    - The groups that meet the criteria, but have the tag O(protect_tag), or belong to an NGroup and O(orchestrated) is V(false). Each is
      like those of RV(container_groups).
  returned: success, and when some could not be removed
  type: list
  elements: dict
  sample: []
totals:
  description:
    - What the groups of RV(container_groups) have together.
  returned: success, and when some could not be removed
  type: dict
  contains:
    container_groups:
      description: How many they are.
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
    - The resource ids of the groups, before and after.
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
    - The actions that the identity may not do, when Azure refuses with V(AuthorizationFailed) or V(LinkedAuthorizationFailed).
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
      description: The resource that it is needed on.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop
error:
  description:
    - What went wrong, for programs. The message for people is in C(msg).
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
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: "1 of 3 container groups could not be removed. build-1234: The scope is locked (ScopeLocked)."
    status:
      description: The HTTP status that Azure answered with, null when it was not asked.
      type: int
      returned: always
      sample: 409
    request_id:
      description: The id of the request, which Azure's support asks for, null when there was none.
      type: str
      returned: always
      sample: westeurope:6c2b7f0e-6f6a-4c8a-9a6c-0a1f6c1b9f0e
"""

from ..module_utils._common.interpreter import require_python


def main() -> None:
    require_python()
    # Only now: an older Python cannot read them.
    from ..module_utils._engines.aci_prune import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
