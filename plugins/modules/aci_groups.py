#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_groups
short_description: Create, update and delete many container groups as one estate
version_added: 1.1.0
description:
  - Takes a list of Azure container groups, finds what differs from it, and makes the difference. What it does with one group is what
    M(azure_containers.aci.aci_group) does, with the same engine, the same checks and the same consent.
  - It lists what there is, one request a page, and reads single groups only where the list does not tell enough. A run without differences
    makes no request for a single group.
  - Changes run at the same time, at the pace that Azure allows. The quotas of all changes together are checked before the first one.
  - Groups that left the list are removed only with O(purge=true), and only when they belong to the O(estate).
  - The task fails in the end when a group failed. The result has all groups then, too.
  - Beside the actions that the guide on permissions lists, a role may have C(Microsoft.ContainerInstance/locations/usages/read) for the quotas,
    and for O(purge) C(Microsoft.Authorization/locks/read) and C(Microsoft.Resources/subscriptions/resources/read) for locks and ages. Without
    these, the task warns of what it could not ask.
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._costs
  - azure_containers.aci._costs.show
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - RV(diff) is a list with one element for each group that changes.
  idempotent:
    support: full
options:
  groups:
    description:
      - The container groups. Each entry has the options of M(azure_containers.aci.aci_group), without those of the connection, or a
        O(azure_containers.aci.aci_group#module:definition) or O(azure_containers.aci.aci_group#module:definition_file).
      - An entry may have C(after), a list of the names of entries that have to be as they should be before it begins. Where a name is in several
        resource groups, write C(RESOURCE_GROUP/NAME). When a group fails, those that come after it are skipped.
      - What is secret in an entry is hidden in all output, by the same rules as in M(azure_containers.aci.aci_group). The rest is shown.
    type: list
    elements: dict
    required: true
  defaults:
    description:
      - Options for every entry that does not give them. C(tags) and C(definition_variables) are merged with those of an entry; any other
        option of an entry replaces the default. A null in an entry takes a default away.
      - C(save_logs), C(recovery_dir), C(wait), C(wait_timeout) and C(failure_log_lines) hold for groups that O(purge) removes as well.
    type: dict
  estate:
    description:
      - A name for all the groups together. Each gets the tag C(aci_estate) with this value.
      - A group with the tag of another estate is neither changed nor taken over; its entry fails with V(OtherEstate).
      - A group without the tag gets it, since it is in the list.
    type: str
  only:
    description:
      - Patterns of the names of the entries that the task is about, such as V(web-*) or V(shop/web-*). The others are left alone.
    type: list
    elements: str
  slice:
    description:
      - A part of the list, for several hosts or jobs that share the work, V(2/4) is the second of four. Entries are dealt out in turn.
      - C(after) sets no order between entries of different slices.
    type: str
  health:
    description:
      - V(changed) waits for, and judges, the groups that the task writes, those that an earlier operation is still at work on, and those whose
        provisioning failed. The others have V(not_checked) as their RV(container_groups[].health).
      - V(all) reads every group and judges it as M(azure_containers.aci.aci_group) would. Azure lets an identity read 250 groups at once and 25 a
        second from then on, unless a subscription has more.
    type: str
    choices: [changed, all]
    default: changed
  on_failure:
    description:
      - V(continue) goes on with the other groups when one fails, except for those that come after it.
      - V(stop) begins no other group. What is under way is finished.
    type: str
    choices: [continue, stop]
    default: continue
  workers:
    description:
      - How many groups are read or changed at a time, from 1 to 64.
    type: int
    default: 16
  subnet_workers:
    description:
      - How many groups are provisioned in the same subnet at a time. Azure documents no support for more than one.
    type: int
    default: 1
  purge:
    description:
      - Whether to remove groups of the O(estate) that are not in O(groups) any more.
      - Only groups with the tag of this estate are removed, and only in the resource groups that entries, O(defaults) or O(resource_groups)
        name. Groups that are locked, that belong to an NGroup, or that have the tag O(protect_tag) stay.
      - The list has to be complete. O(purge) is refused with an empty list, with O(only) and with O(slice), and when the action runs in a loop,
        with C(--limit), or on several hosts without C(run_once).
      - Nothing is removed when a group of the list failed. Each group is read again just before it is removed.
    type: bool
    default: false
  purge_limit:
    description:
      - How many groups may be removed at most, as a number, or as a percentage of the groups that have the tag of the estate. A percentage
        lets at least one be removed.
      - When more left the list, the task fails before anything is changed.
    type: str
    default: 10%
  protect_tag:
    description:
      - A tag that saves a group from O(purge), whatever its value.
    type: str
    default: keep
  owner_tag:
    description:
      - The tag whose value is shown as the owner of a group that left the list.
    type: str
    default: owner
  resource_groups:
    description:
      - More resource groups in which O(purge) looks for groups of the estate, such as those from which the last entry has left the list.
    type: list
    elements: str
  plan_file:
    description:
      - A file to write the plan to, before anything is changed and in check mode too. Its name ends in C(.json) or C(.md), and both files are
        written, JSON for O(apply_plan) and Markdown for people.
      - The plan has the actions, what restarts or ends, what is lost, doubts, costs, and how long the limits of Azure make it take at least.
      - The same plan gives the same bytes. It has no times of day and no secrets.
    type: path
  apply_plan:
    description:
      - The JSON file of a plan. Each group whose live definition is not the one that was planned for, or for which the task does not
        plan what the file says, fails with V(PlanOutdated) and is not changed.
      - A secret that changed does not show in a plan, unless O(azure_containers.aci.aci_group#module:update_secrets) makes it a change.
    type: path
seealso:
  - module: azure_containers.aci.aci_group
  - module: azure_containers.aci.aci_group_info
  - module: azure_containers.aci.aci_prune
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: See what an estate lacks
  azure_containers.aci.aci_groups: &estate
    estate: shop
    defaults:
      resource_group: shop
      location: westeurope
      tags:
        owner: team-shop
    groups:
      - name: shop-db
        definition_file: "{{ playbook_dir }}/db.yml"
        definition_variables:
          PASSWORD: "{{ vault_db_password }}"
      - name: shop-web
        after: [shop-db]
        containers:
          - name: web
            image: mcr.microsoft.com/azuredocs/aci-helloworld
            ports:
              - port: 80
        ip_address:
          type: Public
          ports:
            - port: 80
  check_mode: true
  register: planned

- name: Show it
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.action }} ({{ item.changes | map(attribute='property') | join(', ') }})"
  loop: "{{ planned.container_groups | rejectattr('action', 'equalto', 'none') }}"
  loop_control:
    label: "{{ item.name }}"

- name: Make it so, and remove what left the list
  azure_containers.aci.aci_groups:
    <<: *estate
    purge: true

- name: Plan it for a review
  azure_containers.aci.aci_groups:
    <<: *estate
    purge: true
    plan_file: plan.json
  check_mode: true

- name: Apply what was reviewed
  azure_containers.aci.aci_groups:
    <<: *estate
    purge: true
    apply_plan: plan.json

- name: Change one group of it
  azure_containers.aci.aci_groups:
    <<: *estate
    only: [shop-web]

- name: Judge whether all of it is healthy
  azure_containers.aci.aci_groups:
    <<: *estate
    health: all
"""

RETURN = r"""
container_groups:
  description:
    - The groups that the task is about, in the order of O(groups).
  returned: success, and when groups failed
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: shop-web
    resource_group:
      description: The name of its resource group.
      type: str
      returned: always
      sample: shop
    id:
      description: The resource id, whether the group exists or not.
      type: str
      returned: always
      sample: >-
        /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web
    action:
      description: What was done, or would be in check mode, as RV(azure_containers.aci.aci_group#module:action) says it.
      type: str
      returned: always
      sample: updated
    changed:
      description: Whether the group was changed.
      type: bool
      returned: always
      sample: true
    changes:
      description: What differed, as RV(azure_containers.aci.aci_group#module:changes) has it.
      type: list
      elements: dict
      returned: always
      sample:
        - property: containers[web].image
          before: nginx:1
          after: nginx:2
          effect: in_place
    doubts:
      description: Documented limits that the group does not keep to, as RV(azure_containers.aci.aci_group#module:doubts) has them.
      type: list
      elements: dict
      returned: always
      sample: []
    lost:
      description: What a recreation takes away.
      type: list
      elements: str
      returned: always
      sample: []
    secrets_not_compared:
      description: The secrets of the entry that Azure does not return, so that nobody can tell whether they differ.
      type: list
      elements: str
      returned: always
      sample: []
    health:
      description:
        - V(healthy) when the group was seen as the task waits for it, V(failed) when it was seen not to be, V(not_checked) when nobody looked, and
          V(absent) when it is gone.
      type: str
      returned: always
      sample: healthy
    skipped:
      description: Why nothing was done, null when the group was not skipped.
      type: str
      returned: always
      sample: null
    cost:
      description:
        - What the change of the group costs, null without O(show_cost=true). The keys are those of
          RV(azure_containers.aci.aci_group#module:cost).
        - Groups come from a list, which does not show whether they have stopped. So RV(container_groups[].cost.before) is what a group costs while it runs.
      type: dict
      returned: always
      sample:
        currency: USD
        before: {hourly: "0.04495", monthly: "32.8135", billed: {cpu: "1", memory_in_gb: "1"}}
        after: {hourly: "0.09079", monthly: "66.2767", billed: {cpu: "2", memory_in_gb: "2.2"}}
        difference: {hourly: "0.04584", monthly: "33.4632"}
        overlap: {hourly: "0"}
        reasons: []
    last_modified:
      description: Who changed the group last before this task, null when Azure does not say so, or there was no group.
      type: dict
      returned: always
      contains:
        by:
          description: The user, or the object ID of the application.
          type: str
          returned: always
          sample: ann@example.com
        by_type:
          description: What it is, such as V(User) or V(Application).
          type: str
          returned: always
          sample: User
        at:
          description: When that was.
          type: str
          returned: always
          sample: "2026-05-04T07:31:11.771000Z"
    warnings:
      description: What the task warns of for this group.
      type: list
      elements: str
      returned: always
      sample: []
    container_group:
      description: The group after its change, as RV(azure_containers.aci.aci_group#module:container_group) has it. Null when it was not read.
      type: dict
      returned: always
      sample: null
    error:
      description: Why the group failed, null when it did not.
      type: dict
      returned: always
      contains:
        msg:
          description: What happened and what to do.
          type: str
          returned: always
          sample: The container group shop-web in resource group shop would have to be deleted and created anew to change restart_policy.
        code:
          description: The code, as RV(azure_containers.aci.aci_group#module:error.code) has it, V(OtherEstate) or
            V(PlanOutdated).
          type: str
          returned: always
          sample: RecreateNeeded
        message:
          description: Azure's own message, or the module's.
          type: str
          returned: always
          sample: The container group would have to be recreated.
        status:
          description: The HTTP status that Azure answered with, null when it was not asked.
          type: int
          returned: always
          sample: null
        request_id:
          description: The id of the request, null when there was none.
          type: str
          returned: always
          sample: null
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
purged:
  description:
    - The groups of the estate that are not in the list, those that stay included. Empty without O(purge).
  returned: success, and when groups failed
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      returned: always
      sample: shop-old
    resource_group:
      description: The name of its resource group.
      type: str
      returned: always
      sample: shop
    id:
      description: The resource id.
      type: str
      returned: always
      sample: >-
        /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/shop-old
    removed:
      description: Whether it was removed, or would be in check mode.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why it stays, null when it does not.
      type: str
      returned: always
      sample: null
    created_at:
      description: When it was created, null when that cannot be read.
      type: str
      returned: always
      sample: "2026-05-04T07:31:11.771000+00:00"
    age:
      description: How long ago that was, in seconds.
      type: int
      returned: always
      sample: 86400
    owner:
      description: The value of the tag O(owner_tag), null when there is none.
      type: str
      returned: always
      sample: team-shop
    hourly:
      description: What it costs an hour while it runs, as a decimal string. Null without O(show_cost=true), or when it is not known.
      type: str
      returned: always
      sample: "0.0443"
    monthly:
      description: What it costs a month, null for a group that ends by itself, too.
      type: str
      returned: always
      sample: "32.339"
    saved_logs:
      description: The logs that were saved, one entry a container. Empty without C(save_logs) in O(defaults).
      returned: always
      type: list
      elements: dict
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
    error:
      description: Why it could not be removed, like RV(container_groups[].error). Null when it was not tried or went well.
      type: dict
      returned: always
      sample: null
summary:
  description:
    - How many groups came to what.
  returned: success, and when groups failed
  type: dict
  contains:
    container_groups:
      description: How many the task is about.
      type: int
      returned: always
      sample: 3
    changed:
      description: How many were changed.
      type: int
      returned: always
      sample: 1
    failed:
      description: How many failed.
      type: int
      returned: always
      sample: 0
    skipped:
      description: How many were skipped.
      type: int
      returned: always
      sample: 0
    purged:
      description: How many were removed since they left the list.
      type: int
      returned: always
      sample: 0
    actions:
      description: How many there are of each action.
      type: dict
      returned: always
      sample:
        none: 2
        updated: 1
    healthy:
      description: How many were seen as they should be.
      type: int
      returned: always
      sample: 1
    unhealthy:
      description: How many were seen not to be.
      type: int
      returned: always
      sample: 0
    not_checked:
      description: How many nobody looked at.
      type: int
      returned: always
      sample: 2
diff:
  description:
    - The changes of each group that is changed.
  returned: in diff mode
  type: list
  elements: dict
  sample:
    - before_header: shop/shop-web
      after_header: shop/shop-web
      before:
        containers[web].image: nginx:1
      after:
        containers[web].image: nginx:2
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
    - What went wrong, for programs. The message for people is in C(msg).
  returned: failure
  type: dict
  contains:
    code:
      description:
        - The code of the group that failed, or V(GroupsFailed) when several did. Others are V(InvalidArguments), V(QuotaExceeded) when the changes do
          not fit into the quotas, and V(PurgeLimit) when more groups left the list than O(purge_limit) lets be removed.
      type: str
      returned: always
      sample: GroupsFailed
    message:
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: "2 of 3 container groups failed."
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
    from ..module_utils._engines.aci_groups import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
