#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_group_profile
short_description: Manage container group profiles
version_added: 1.0.0
description:
  - 'Creates, updates and deletes container group profiles: definitions that are stored in Azure. Container groups, standby pools and others refer to
    one, and take from it what they do not define themselves.'
  - The module compares the task with the existing profile and creates a new revision if they differ. Older revisions stay available, and no running
    group changes.
  - What you omit stays as it is. An empty list or dictionary removes what is there. A list is complete.
  - The options are those of M(azure_containers.aci.aci_group), except for those that apply to a single group.
extends_documentation_fragment:
  - azure_containers.aci._group.profile
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - Unless O(update_secrets=always).
options:
  state:
    description:
      - V(present) creates the profile, or a new revision if it differs.
      - V(absent) deletes the profile with all its revisions.
    type: str
    choices: [present, absent]
    default: present
  update_secrets:
    description:
      - When to send secrets, which cannot be read back and therefore are not compared. V(with_changes) sends them if something else requires a new
        revision.
      - V(always) creates a new revision each time if a secret is given.
    type: str
    choices: [with_changes, always]
    default: with_changes
  shutdown_grace_period:
    description:
      - How long the containers of a group may take to shut down, as an ISO 8601 duration such as V(PT30S).
    type: str
    version_added: 1.1.0
  time_to_live:
    description:
      - The maximum lifetime of a group, as an ISO 8601 duration such as V(PT2H) or V(P1DT12H).
    type: str
    version_added: 1.1.0
seealso:
  - module: azure_containers.aci.aci_group
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Keep a definition for others to use
  azure_containers.aci.aci_group_profile:
    resource_group: shop
    name: shop-worker
    os_type: Linux
    restart_policy: OnFailure
    containers:
      - name: worker
        image: registry.example.com/worker:4.2
        resources:
          requests:
            cpu: 1
            memory_in_gb: 2
  register: worker

- name: Run a group from its newest revision
  azure_containers.aci.aci_group:
    resource_group: shop
    name: shop-worker-1
    container_group_profile:
      id: "{{ worker.container_group_profile.id }}"
      revision: "{{ worker.container_group_profile.revision }}"

- name: Delete the profile with all its revisions
  azure_containers.aci.aci_group_profile:
    resource_group: shop
    name: shop-worker
    state: absent
"""

RETURN = r"""
action:
  description:
    - What the task did, or would do in check mode. V(updated) is a new revision, V(tagged) a change of tags alone.
  returned: success
  type: str
  choices: [none, created, updated, tagged, deleted]
  sample: updated
changes:
  description:
    - What differs, one entry for each property. Secrets are masked.
  returned: success
  type: list
  elements: dict
  contains:
    property:
      description: The option, with the name of the element of a list in brackets.
      type: str
      returned: always
      sample: containers[worker].image
    before:
      description: The value before, null if there was none.
      type: raw
      returned: always
      sample: registry.example.com/worker:4.1
    after:
      description: The value after, null if there is none.
      type: raw
      returned: always
      sample: registry.example.com/worker:4.2
    effect:
      description: 'The effect of the change: V(revision), V(tags), V(create) or V(delete).'
      type: str
      returned: always
      sample: revision
container_group_profile:
  description:
    - The profile as it is now, or would be in check mode, or as it was before it was deleted. Its properties are named like the options. Secrets are
      never included.
  returned: success, null when there was none to delete
  type: dict
  contains:
    id:
      description: The resource ID.
      type: str
      returned: always
      sample: >-
        /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroupProfiles/shop-worker
    name:
      description: The name.
      type: str
      returned: always
      sample: shop-worker
    resource_group:
      description: The name of its resource group.
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
    revision:
      description: The number of the newest revision.
      type: int
      returned: always
      sample: 3
    tags:
      description: The tags, by name.
      type: dict
      returned: always
      sample: {}
    containers:
      description: The containers, as M(azure_containers.aci.aci_group_info) returns those of a group.
      type: list
      elements: dict
      returned: always
      sample:
        - name: worker
          image: registry.example.com/worker:4.2
          resources:
            requests:
              cpu: 1.0
              memory_in_gb: 2.0
revisions:
  description:
    - All revisions that the service keeps, oldest first, each like RV(container_group_profile). Empty if there is no profile.
  returned: success
  type: list
  elements: dict
  sample: []
secrets_not_compared:
  description:
    - The secrets that the task gives, and that cannot be compared with those of the existing profile.
  returned: success
  type: list
  elements: str
  sample:
    - containers[worker].environment_variables[TOKEN].secure_value
doubts:
  description:
    - Documented limits that the definition exceeds.
    - What the existing profile already has is not included.
  returned: on success, and when the task is refused because of them
  type: list
  elements: dict
  contains:
    rule:
      description: The name of the limit.
      type: str
      returned: always
      sample: reserved_ports
    path:
      description: The option that exceeds it.
      type: str
      returned: always
      sample: containers[web].ports
    message:
      description: The documented limit.
      type: str
      returned: always
      sample: the service reserves port 22 for itself.
    evidence:
      description: The source of the limit.
      type: str
      returned: always
      sample: "Documentation: troubleshooting, reserved ports, 2025-11."
  sample: []
secrets_missing:
  description:
    - The secrets that a new revision would lose because the task does not give them.
  returned: when the task fails with the code SecretsMissing
  type: list
  elements: str
  sample:
    - containers[worker].environment_variables[TOKEN].secure_value
diff:
  description:
    - The properties that change, before and after.
  returned: in diff mode
  type: dict
  sample:
    before_header: shop/shop-worker
    after_header: shop/shop-worker
    before:
      containers[worker].image: registry.example.com/worker:4.1
    after:
      containers[worker].image: registry.example.com/worker:4.2
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
        - The code that Azure gave, or one of the module's own. Among those are V(InvalidArguments), V(NoCredentials), V(ConnectionFailed),
          V(ProfileNotFound), V(LocationCannotChange), V(SecretsMissing) and V(NotApplied).
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
    from ..module_utils._engines.aci_group_profile import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
