#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_run
short_description: Run containers to their end in Azure Container Instances
version_added: 1.0.0
description:
  - Creates a container group, waits until its containers have ended, collects what each wrote and its exit code, and removes the group.
  - The task fails when a container ends with an exit code that is not in O(allowed_exit_codes), when one crashes again and again, when an image
    cannot be pulled, and when it takes too long. What is known until then is in the result.
  - While the task waits, the lines of the logs are shown as they come, each with the name of its container, and from time to time the state.
    This needs a task that runs on the controller itself, without C(async), C(become) and C(environment), and somebody who looks,
    at a terminal, with C(-v), or with E(ANSIBLE_AZURE_ACI_PROGRESS=true) in the log of a pipeline. See O(stream).
  - The group is tagged with C(run_id) and C(expires_at). When a run is interrupted, its group can be found and removed by these.
  - For a group that stays, use M(azure_containers.aci.aci_group).
extends_documentation_fragment:
  - azure_containers.aci._waiting
  - azure_containers.aci._group.run
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
    details:
      - Nothing is run. The definition is checked as far as that is possible without the service.
  diff_mode:
    support: none
  idempotent:
    support: none
options:
  cleanup:
    description:
      - When to remove the group.
      - V(always) is after a failure also, as far as the service can be reached, but see O(on_unreadable). RV(removed) tells whether it was.
      - V(on_success) leaves a group that failed, to look into it. It costs nothing while none of its containers runs.
      - V(never) leaves the group. Its name stays taken.
    type: str
    choices: [always, on_success, never]
    default: always
  on_unreadable:
    description:
      - What to do with the group when the service could not be read until O(wait_timeout) was over, or refuses to be read. Whether the
        containers still run is not known then.
      - V(leave) leaves it, so that a job that still works is not cut off. RV(left_behind) names it, and a later run removes it once it has expired.
      - V(remove) sends one delete for the group without having read it. It may cut off a job that still works.
      - Only with O(cleanup=always). With the other values the group is left.
    type: str
    choices: [leave, remove]
    default: leave
    version_added: 1.1.0
  stream:
    description:
      - Whether log lines and states are shown while the task waits. Nothing is shown with C(no_log), or where the module runs in a process of its
        own.
      - Secrets that the task gives are not shown, but nobody knows which others a container writes.
    type: bool
    default: true
  run_id:
    description:
      - A name for this run, of letters, digits, dots, underscores and hyphens. When not given, a random one.
      - When the group exists with this C(run_id), the task takes it over and waits for its end. With a fixed name a task that was interrupted
        can be repeated without running anything twice.
    type: str
  ttl:
    description:
      - How long the group may exist, as V(90m), V(2h) or V(1d12h). Make it longer than O(wait_timeout).
      - Each run begins by removing the groups that earlier runs left in the resource group and that have expired. These are groups that have
        both tags, C(run_id) and C(expires_at) with a time in the past, and no tag C(keep). RV(swept) lists them. What cannot be removed is a
        warning. M(azure_containers.aci.aci_prune) removes them too.
      - The tag C(expires_at) has the time, unless O(tags) gives another. When this is not given, it is O(wait_timeout) and one hour.
      - The service does not remove the group by itself.
    type: str
  wait_timeout:
    description:
      - How many seconds the containers may take to their end. Then the task fails, and the group is removed with O(cleanup=always).
      - The containers do not know of it. When the group cannot be removed, or is left, they run on and cost money, so put a time limit into
        the command as well, as in V([timeout, '1800', /job]).
      - A service that does not answer is waited for as long. See O(on_unreadable).
    type: int
    default: 3600
  definition:
    description:
      - The whole group, in the form that ARM has, as for M(azure_containers.aci.aci_group). Other options are laid over it.
      - Its restart policy must be V(OnFailure) or V(Never), there or in O(restart_policy).
    type: dict
  definition_file:
    description:
      - A file with O(definition), in YAML or JSON, on the host that the task runs on, as for M(azure_containers.aci.aci_group).
    type: path
notes:
  - What a container has written is kept by this module as it comes. Of a container that has ended, the service itself gives 16 KB or 1000 lines
    only, so of a container that writes much in the second before it ends, the begin may be missing.
  - An interruption of Ansible itself (Ctrl-C, a signal) leaves the group. Find it by the tag C(run_id) with
    M(azure_containers.aci.aci_group_info) and remove it.
seealso:
  - module: azure_containers.aci.aci_prune
  - module: azure_containers.aci.aci_group
  - module: azure_containers.aci.aci_logs
  - module: azure_containers.aci.aci_exec
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Count words in a container that is gone afterwards
  azure_containers.aci.aci_run:
    resource_group: reports
    name: count-words
    containers:
      - name: count
        image: mcr.microsoft.com/azuredocs/aci-wordcount
        environment_variables:
          - name: NumWords
            value: 3
  register: count

- name: Show what it found
  ansible.builtin.debug:
    var: count.containers[0].lines

- name: Migrate the database, and keep the group when that fails
  azure_containers.aci.aci_run:
    resource_group: shop
    name: shop-migration
    cleanup: on_success
    wait_timeout: 900
    containers:
      - name: migrate
        image: registry.example/shop/migrate:2.4
        command: [/app/migrate, --to, latest]
        environment_variables:
          - name: DATABASE_URL
            secure_value: "{{ shop_database_url }}"
    image_registry_credentials:
      - server: registry.example
        username: shop
        password: "{{ registry_password }}"

- name: Remove what interrupted runs left
  azure_containers.aci.aci_prune:
    resource_groups: [reports]
    expired: true
    tags: [run_id]
    state: absent
"""

RETURN = r"""
run_id:
  description: The id of the run, as in the tag of that name.
  returned: always, unless the options are wrong
  type: str
  sample: 4f1c0a52b6e94d6f8f5d1a3b7c9e2d10
expires_at:
  description: When the group may be removed by others, as in the tag of that name.
  returned: always, unless the options are wrong
  type: str
  sample: "2026-03-01T12:00:00Z"
doubts:
  description:
    - Documented limits that what was sent, or would be sent, does not keep.
    - What the live group already has is not in it.
  returned: always, unless the options are wrong, and when the task is refused because of them
  type: list
  elements: dict
  contains:
    rule:
      description: The name of the limit.
      type: str
      returned: always
      sample: reserved_ports
    path:
      description: The option that does not keep it.
      type: str
      returned: always
      sample: containers[web].ports
    message:
      description: What is documented.
      type: str
      returned: always
      sample: the service reserves port 22 for itself.
    evidence:
      description: Who documents it.
      type: str
      returned: always
      sample: "Documentation: troubleshooting, reserved ports, 2025-11."
  sample: []
containers:
  description: What came of each container, init containers first. Empty in check mode.
  returned: when the group was created
  type: list
  elements: dict
  contains:
    name:
      description: The name of the container.
      type: str
      returned: always
      sample: count
    init:
      description: Whether it is an init container.
      type: bool
      returned: always
      sample: false
    state:
      description: The state it was last seen in, null when it never started.
      type: str
      returned: always
      sample: Terminated
    exit_code:
      description: The exit code of its last run, null when it has not ended, or when the service gives none.
      type: int
      returned: always
      sample: 0
    detail_status:
      description: What the service says of the state.
      type: str
      returned: always
      sample: Completed
    start_time:
      description: When its last run began.
      type: str
      returned: always
      sample: "2026-03-01T09:30:02.000Z"
    finish_time:
      description: When its last run ended.
      type: str
      returned: always
      sample: "2026-03-01T09:30:07.500Z"
    duration:
      description: How many seconds its last run took.
      type: float
      returned: always
      sample: 5.5
    restart_count:
      description: How often the service ran it again.
      type: int
      returned: always
      sample: 0
    available:
      description: Whether the service had a log of it.
      type: bool
      returned: always
      sample: true
    content:
      description: What it wrote.
      type: str
      returned: always
      sample: "the 1200\n"
    lines:
      description: The same, as a list of lines.
      type: list
      elements: str
      returned: always
      sample: [the 1200]
exit_codes:
  description: The exit code of each container that is no init container, by name. Null where there is none.
  returned: when the group was created
  type: dict
  sample:
    count: 0
failure_logs:
  description:
    - What the containers that failed wrote last, in the order in which they run. Those are the containers that ended with an exit code that is not
      allowed, that crash again and again, or whose probe fails. When there are none and the time is over, the ones that are still waited for.
    - A log that cannot be read never hides why the task failed.
  returned: when the containers do not end as waited for, unless O(failure_log_lines=0)
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    container_group:
      description: The name of the group.
      type: str
      returned: always
      sample: shop-web
    container:
      description: The name of the container.
      type: str
      returned: always
      sample: worker
    init:
      description: Whether it is an init container.
      type: bool
      returned: always
      sample: false
    exit_code:
      description: The exit code of its last run that has ended, null when there is none.
      type: int
      returned: always
      sample: 127
    available:
      description: Whether its log could be read.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why the log could not be read, null when it was.
      type: str
      returned: always
      sample: null
    lines:
      description: The last lines of the log, with control characters escaped, an escape as C(\x1b).
      type: list
      elements: str
      returned: always
      sample: ["worker: QUEUE_URL is not set"]
    events:
      description: The last events of the container.
      type: list
      elements: dict
      returned: always
      sample: []
    hint:
      description: What to check, by the exit code, the events and the log. Null when nothing stands out.
      type: str
      returned: always
      sample: "Its command was not found: check command, and what the image has."
duration:
  description: How many seconds the task took, up to the removal of the group.
  returned: when the group was created, not in check mode
  type: float
  sample: 31.2
swept:
  description: The groups that earlier runs had left, that had expired, and that this run removed.
  returned: always, unless the options are wrong
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    id:
      description: The resource id of the group.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/reports/providers/Microsoft.ContainerInstance/containerGroups/old
    expires_at:
      description: When it had expired.
      type: str
      returned: always
      sample: "2026-02-28T12:00:00Z"
attempts:
  description: The attempts to provision a new group. See O(provisioning_attempts).
  returned: when a group was created, or could not be; not in check mode
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    attempt:
      description: The number of the attempt, from 1.
      type: int
      returned: always
      sample: 1
    succeeded:
      description: Whether it succeeded.
      type: bool
      returned: always
      sample: false
    code:
      description: The code of its error, null when it succeeded.
      type: str
      returned: always
      sample: ServiceUnavailable
    message:
      description: What went wrong, null when it succeeded.
      type: str
      returned: always
      sample: The requested resource is not available in the location 'westeurope' at this moment.
    duration:
      description: How many seconds it took.
      type: float
      returned: always
      sample: 12.5
saved_logs:
  description: The logs that were saved, one entry a container. Empty when no group was removed.
  returned: when O(save_logs) is given, also on failure
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
left_behind:
  description: The group of this run when it was not removed, or when that is not known. Null when nothing is left.
  returned: when the group was created, and in check mode
  type: dict
  version_added: 1.1.0
  contains:
    id:
      description: The resource id of the group.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/reports/providers/Microsoft.ContainerInstance/containerGroups/job
    expires_at:
      description: When a later run, or M(azure_containers.aci.aci_prune), may remove it.
      type: str
      returned: always
      sample: "2026-03-01T12:00:00Z"
removed:
  description: Whether the group was removed.
  returned: when the group was created, and in check mode
  type: bool
  sample: true
container_group:
  description:
    - The group as it was last seen, like C(container_group) of M(azure_containers.aci.aci_group). In check mode, what it would be.
    - When the name is taken, the group that has it.
  returned: when it is known
  type: dict
  sample:
    name: count-words
    resource_group: reports
    location: westeurope
    state: Succeeded
    provisioning_state: Succeeded
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
        - The code that Azure gave, or one of the module's own. Among those are V(ContainerFailed), V(CrashLoop), V(ImagePullFailed),
          V(ProvisioningFailed), V(TimedOut), V(NameTaken), V(CleanupFailed) and V(InvalidArguments).
      type: str
      returned: always
      sample: ContainerFailed
    message:
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: Container count ended with exit code 1 (Error).
    status:
      description: The HTTP status that Azure answered with, null when it was not asked or did not refuse.
      type: int
      returned: always
      sample: null
    request_id:
      description: The id of the request, which Azure's support asks for, null when there was none.
      type: str
      returned: always
      sample: null
"""

from ..module_utils._common.interpreter import require_python


def main() -> None:
    require_python()
    # Only now: an older Python cannot read them.
    from ..module_utils._engines.aci_run import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
