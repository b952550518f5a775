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
  - Compares a list of Azure container groups with the existing ones, and applies the differences. Each group is handled exactly as
    M(azure_containers.aci.aci_group) does it, with the same engine, checks and consent.
  - The module lists the existing groups, one request per page, and reads single groups only if the list does not show enough. A run without
    differences sends no request for a single group.
  - Changes run in parallel, at the rate that Azure allows. Before the first one, the module checks the quotas for all changes together.
  - Groups that are no longer in the list are removed only with O(purge=true), and only if they belong to the O(estate).
  - If a group fails, the task fails at the end. The result covers all groups even then.
  - In addition to the actions that the guide on permissions lists, a role can have C(Microsoft.ContainerInstance/locations/usages/read) for
    quotas, for O(purge) C(Microsoft.Authorization/locks/read) and C(Microsoft.Resources/subscriptions/resources/read) for locks and ages,
    and for O(activity_log) C(Microsoft.Insights/eventtypes/values/read). Without these, the task warns about what it could not read.
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
      - RV(diff) is a list with one element per changed group.
  idempotent:
    support: full
options:
  groups:
    description:
      - The container groups. Each entry has the options of M(azure_containers.aci.aci_group), except the connection options, or a
        O(azure_containers.aci.aci_group#module:definition) or O(azure_containers.aci.aci_group#module:definition_file).
      - With C(after), an entry lists the names of other entries that must succeed before it starts. If a name exists in several resource
        groups, write C(RESOURCE_GROUP/NAME). When a group fails, the entries after it are skipped.
      - Secrets of an entry are hidden in all output, by the same rules as in M(azure_containers.aci.aci_group). Everything else is shown.
    type: list
    elements: dict
    required: true
  defaults:
    description:
      - Default options for all entries. C(tags) and C(definition_variables) are merged with those of an entry; any other option of an entry
        replaces the default. Set an option of an entry to null to unset its default.
      - C(save_logs), C(recovery_dir), C(wait), C(wait_timeout) and C(failure_log_lines) also apply to groups that O(purge) removes.
    type: dict
  estate:
    description:
      - A name for the whole set of groups. Each group gets the tag C(aci_estate) with this value.
      - A group with the tag of another estate is neither changed nor taken over; its entry fails with V(OtherEstate).
      - A listed group without the tag gets it, and so joins the estate.
    type: str
  only:
    description:
      - Patterns for the names of the entries to process, such as V(web-*) or V(shop/web-*). Other entries are left alone.
    type: list
    elements: str
  slice:
    description:
      - The part of the list to process, so that several hosts or jobs can share the work. V(2/4) is the second of four parts. Entries are
        distributed round-robin.
      - C(after) has no effect between entries of different slices.
    type: str
  health:
    description:
      - V(changed) waits for and checks the groups that the task writes, those with an earlier operation still in progress, and those whose
        provisioning failed. All others have the RV(container_groups[].health) V(not_checked).
      - V(all) reads every group and checks it like M(azure_containers.aci.aci_group). Azure lets an identity read 250 groups in a burst and then
        25 per second, unless the subscription has higher limits.
    type: str
    choices: [changed, all]
    default: changed
  activity_log:
    description:
      - Whether to look up in the Azure activity log who last changed each group that differs, and who deleted each that is missing, for
        RV(container_groups[].last_modified). This takes one request per group, before the task changes anything.
      - The log covers 90 days, and shows a change minutes after it was made. Reading it requires
        C(Microsoft.Insights/eventtypes/values/read) on the subscription, which Monitoring Reader has. If it cannot be read, the task warns,
        and RV(container_groups[].last_modified_unknown) has the reason.
    type: bool
    default: false
  on_failure:
    description:
      - With V(continue), a failed group does not stop the others, except the entries after it.
      - With V(stop), no further group is started. Groups in progress are finished.
    type: str
    choices: [continue, stop]
    default: continue
  workers:
    description:
      - The maximum number of groups to read or change in parallel, from 1 to 64.
    type: int
    default: 16
  subnet_workers:
    description:
      - The maximum number of groups to provision in the same subnet in parallel. Azure does not document support for more than one.
    type: int
    default: 1
  purge:
    description:
      - Whether to remove groups of the O(estate) that are no longer in O(groups).
      - Only groups with the tag of this estate are removed, and only in the resource groups that the entries, O(defaults) or
        O(resource_groups) name. Groups that are locked, belong to an NGroup, or have the tag O(protect_tag) are kept.
      - The list must be complete. The module refuses O(purge) with an empty list, with O(only) and O(slice), and if the task runs in a loop,
        with C(--limit), or on several hosts without C(run_once).
      - If a group of the list failed, nothing is removed. Each group is read again just before its removal.
    type: bool
    default: false
  purge_limit:
    description:
      - The maximum number of groups to remove, as a number, or as a percentage of the groups with the tag of the estate. A percentage allows
        at least one removal.
      - If more groups are no longer in the list, the task fails before it changes anything.
    type: str
    default: 10%
  protect_tag:
    description:
      - A tag that protects a group from O(purge), whatever its value.
    type: str
    default: keep
  owner_tag:
    description:
      - The tag that names the owner of a group, for the report on groups that O(purge) would remove.
    type: str
    default: owner
  resource_groups:
    description:
      - Additional resource groups in which O(purge) looks for groups of the estate, such as those that no entry uses any more.
    type: list
    elements: str
  plan_file:
    description:
      - The file to write the plan to, before any change and also in check mode. Its name must end in C(.json) or C(.md). Both files are
        written, JSON for O(apply_plan) and Markdown for people.
      - The plan lists actions, restarts, losses, doubts and costs, and the minimum duration that Azure's rate limits impose.
      - The same plan always has the same bytes. It contains no timestamps and no secrets.
    type: path
  apply_plan:
    description:
      - The JSON file of the plan to apply. A group fails with V(PlanOutdated), and is not changed, if its live definition has changed since
        the plan was made, or if the task would now do something else than the plan says.
      - A group that is already exactly what the plan makes of it is left alone. So a plan can be applied again, also after a run that was
        interrupted.
      - A plan does not show changed secrets, unless O(azure_containers.aci.aci_group#module:update_secrets) detects them.
    type: path
seealso:
  - module: azure_containers.aci.aci_group
  - module: azure_containers.aci.aci_group_info
  - module: azure_containers.aci.aci_prune
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Preview the changes to an estate
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

- name: Show the planned changes
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.action }} ({{ item.changes | map(attribute='property') | join(', ') }})"
  loop: "{{ planned.container_groups | rejectattr('action', 'equalto', 'none') }}"
  loop_control:
    label: "{{ item.name }}"

- name: Apply the changes, and remove groups that are no longer in the list
  azure_containers.aci.aci_groups:
    <<: *estate
    purge: true

- name: Write a plan for review
  azure_containers.aci.aci_groups:
    <<: *estate
    purge: true
    plan_file: plan.json
  check_mode: true

- name: Apply the reviewed plan
  azure_containers.aci.aci_groups:
    <<: *estate
    purge: true
    apply_plan: plan.json

- name: Update a single group of the estate
  azure_containers.aci.aci_groups:
    <<: *estate
    only: [shop-web]

- name: Check the health of all groups
  azure_containers.aci.aci_groups:
    <<: *estate
    health: all
"""

RETURN = r"""
container_groups:
  description:
    - The groups that the task processed, in the order of O(groups).
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
      description: What the task did, or would do in check mode, in the terms of RV(azure_containers.aci.aci_group#module:action).
      type: str
      returned: always
      sample: updated
    changed:
      description: Whether the group was changed.
      type: bool
      returned: always
      sample: true
    changes:
      description: The differences, in the format of RV(azure_containers.aci.aci_group#module:changes).
      type: list
      elements: dict
      returned: always
      sample:
        - property: containers[web].image
          before: nginx:1
          after: nginx:2
          effect: in_place
    doubts:
      description: Documented limits that the group exceeds, in the format of RV(azure_containers.aci.aci_group#module:doubts).
      type: list
      elements: dict
      returned: always
      sample: []
    lost:
      description: What a recreation destroys.
      type: list
      elements: str
      returned: always
      sample: []
    secrets_not_compared:
      description: The secrets of the entry. Azure does not return their values, so differences in them go unnoticed.
      type: list
      elements: str
      returned: always
      sample: []
    health:
      description:
        - V(healthy) if the group has reached the state that its entry waits for, V(failed) if not, V(not_checked) if the group was not checked,
          and V(absent) if it does not exist.
      type: str
      returned: always
      sample: healthy
    skipped:
      description: Why the group was skipped, null if it was not.
      type: str
      returned: always
      sample: null
    cost:
      description:
        - The cost of the change, null without O(show_cost=true). The keys are those of RV(azure_containers.aci.aci_group#module:cost).
        - The list of groups does not show whether they have stopped. So a group that the task did not read is priced as running.
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
      description:
        - Who last changed the group before this task, by the group's C(systemData) and, with O(activity_log=true), by the activity log.
        - Null if neither says. Without O(activity_log=true), also null if the group did not exist.
      type: dict
      returned: always
      contains:
        by:
          description: The user, or an ID of the application.
          type: str
          returned: always
          sample: ann@example.com
        by_type:
          description: The type of identity, such as V(User) or V(Application). Null if only the activity log has the change.
          type: str
          returned: always
          sample: User
        at:
          description: The time of the change.
          type: str
          returned: always
          sample: "2026-05-04T07:31:11.771000Z"
        operation:
          description: What was done, as roles name it. Null if the change is not from the activity log.
          type: str
          returned: always
          sample: Microsoft.ContainerInstance/containerGroups/write
        correlation_id:
          description: The correlation ID, by which the activity log finds all events of the change. Null if the change is not from the log.
          type: str
          returned: always
          sample: 5b5c5e4e-0000-4000-8000-000000000001
        source:
          description: Where the change was found, V(system_data) or V(activity_log).
          type: str
          returned: always
          sample: activity_log
    last_modified_unknown:
      description:
        - Why O(activity_log=true) did not show who last changed the group, null if it did. Also null for a group without a difference.
        - If the log cannot be read, RV(container_groups[].last_modified) may still come from the group itself.
      type: str
      returned: always
      sample: null
    warnings:
      description: The warnings about this group.
      type: list
      elements: str
      returned: always
      sample: []
    container_group:
      description: The group after the task, in the format of RV(azure_containers.aci.aci_group#module:container_group). Null if it was not read.
      type: dict
      returned: always
      sample: null
    error:
      description: Why the group failed, null if it did not.
      type: dict
      returned: always
      contains:
        msg:
          description: What happened, and what to do.
          type: str
          returned: always
          sample: The container group shop-web in resource group shop would have to be deleted and recreated to change restart_policy.
        code:
          description: The error code, one of RV(azure_containers.aci.aci_group#module:error.code), V(OtherEstate) or
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
    - The groups of the estate that are not in the list, including those that are kept. Empty without O(purge).
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
      description: Whether the group was removed, or would be in check mode.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why the group is kept, null if it is not.
      type: str
      returned: always
      sample: null
    created_at:
      description: The creation time of the group, null if unknown.
      type: str
      returned: always
      sample: "2026-05-04T07:31:11.771000+00:00"
    age:
      description: The age of the group, in seconds.
      type: int
      returned: always
      sample: 86400
    owner:
      description: The value of the tag O(owner_tag), null if the group does not have it.
      type: str
      returned: always
      sample: team-shop
    hourly:
      description: The cost per hour while the group runs, as a decimal string. Null without O(show_cost=true), or if unknown.
      type: str
      returned: always
      sample: "0.0443"
    monthly:
      description: The cost per month. Also null for a group that ends by itself.
      type: str
      returned: always
      sample: "32.339"
    saved_logs:
      description: The saved logs, one entry per container. Empty without C(save_logs) in O(defaults).
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
          description: The log file, null if there is none. In check mode, the file that would be written.
          type: str
          returned: always
          sample: /var/log/aci/shop.shop-web.web.20260301T093000Z.log
        reason:
          description: Why there is no file, or why its end is missing. Null if the whole log was saved.
          type: str
          returned: always
          sample: null
    error:
      description: Why the removal failed, in the format of RV(container_groups[].error). Null if it succeeded or was not tried.
      type: dict
      returned: always
      sample: null
summary:
  description:
    - The number of groups by outcome.
  returned: success, and when groups failed
  type: dict
  contains:
    container_groups:
      description: The number of groups that the task processed.
      type: int
      returned: always
      sample: 3
    changed:
      description: The number of changed groups.
      type: int
      returned: always
      sample: 1
    failed:
      description: The number of failed groups.
      type: int
      returned: always
      sample: 0
    skipped:
      description: The number of skipped groups.
      type: int
      returned: always
      sample: 0
    purged:
      description: The number of groups that were removed because they are no longer in the list.
      type: int
      returned: always
      sample: 0
    actions:
      description: The number of groups for each action.
      type: dict
      returned: always
      sample:
        none: 2
        updated: 1
    healthy:
      description: The number of healthy groups.
      type: int
      returned: always
      sample: 1
    unhealthy:
      description: The number of unhealthy groups.
      type: int
      returned: always
      sample: 0
    not_checked:
      description: The number of groups that were not checked.
      type: int
      returned: always
      sample: 2
diff:
  description:
    - The differences of each changed group.
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
    - The error in a form for programs. C(msg) has the message for people.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - The code of the failed group, or V(GroupsFailed) if several failed. Other codes are V(InvalidArguments), V(QuotaExceeded) if the changes
          exceed the quotas, and V(PurgeLimit) if O(purge) would remove more groups than O(purge_limit) allows.
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
    # Imported only now, because an older Python cannot parse them.
    from ..module_utils._engines.aci_groups import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
