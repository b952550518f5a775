#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_run
short_description: Run containers to completion
version_added: 1.0.0
description:
  - Creates a container group, waits until its containers have ended, collects their logs and exit codes, and removes the group.
  - The task fails if a container ends with an exit code that is not in O(allowed_exit_codes), crashes repeatedly or takes too long, or if an image
    cannot be pulled. The result then contains what is known.
  - While it waits, the task shows new log lines, each with the name of its container, and the state from time to time. This requires that the task
    runs on the controller, without C(async), C(become) or C(environment), and that there is a terminal, C(-v), or E(ANSIBLE_AZURE_ACI_PROGRESS=true).
    See O(stream).
  - The group has the tags C(run_id) and C(expires_at), by which it can be found and removed after an interrupted run.
  - For groups that stay, use M(azure_containers.aci.aci_group).
extends_documentation_fragment:
  - azure_containers.aci._waiting
  - azure_containers.aci._group.run
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
    details:
      - Runs nothing, but checks the definition as far as possible without the service.
  diff_mode:
    support: none
  idempotent:
    support: none
options:
  cleanup:
    description:
      - When to remove the group.
      - V(always) removes it after a failure too, if the service can be reached; see O(on_unreadable). RV(removed) says whether it was removed.
      - V(on_success) leaves a failed group for inspection. It costs nothing while none of its containers runs.
      - V(never) leaves the group, so its name stays in use.
    type: str
    choices: [always, on_success, never]
    default: always
  on_unreadable:
    description:
      - What to do with the group if the service cannot be read before O(wait_timeout) ends, or denies access, so that it is not known whether the
        containers still run.
      - The same is done with a group whose containers have ended or took longer than O(wait_timeout), if a log cannot be read.
      - V(leave) leaves it, so that a running job is not interrupted. RV(left_behind) names the group, and a later run removes it once it has expired.
      - V(remove) deletes the group without reading it, which may interrupt a running job.
      - Only applies to O(cleanup=always). With other values, the group is left.
    type: str
    choices: [leave, remove]
    default: leave
    version_added: 1.1.0
  stream:
    description:
      - Whether to show log lines and states while the task waits. Nothing is shown with C(no_log), or if the module runs in its own process.
      - Secrets of this task are masked. Other secrets that a container writes are not.
    type: bool
    default: true
  run_id:
    description:
      - An ID for this run, of letters, digits, dots, underscores and hyphens. Defaults to a random one.
      - If the group already exists with this C(run_id), the task takes it over and waits for it. With a fixed ID, an interrupted task can be repeated
        without running anything twice.
    type: str
  ttl:
    description:
      - The lifetime of the group, such as V(90m), V(2h) or V(1d12h). Make it longer than O(wait_timeout).
      - Each run first removes expired groups that earlier runs left in the resource group. These have the tags C(run_id) and C(expires_at), with a
        time in the past, and no tag C(keep). RV(swept) lists them. If one cannot be removed, the task warns. M(azure_containers.aci.aci_prune)
        removes them too.
      - Its end is stored in the tag C(expires_at), unless O(tags) has that tag. Defaults to O(wait_timeout) plus one hour.
      - The service does not delete an expired group.
    type: str
  wait_timeout:
    description:
      - How many seconds the containers may take to complete. After that, the task fails, and O(cleanup=always) removes the group.
      - The timeout does not stop the containers. If the group is not removed, they keep running and cost money, so add a time limit to the command as
        well, such as V([timeout, '1800', /job]).
      - Requests to an unavailable service are repeated for as long. See O(on_unreadable).
    type: int
    default: 3600
  definition:
    description:
      - The whole group as ARM describes it, as in M(azure_containers.aci.aci_group). Other options override it.
      - The restart policy must be V(OnFailure) or V(Never), in the definition or in O(restart_policy).
    type: dict
  definition_file:
    description:
      - A file with O(definition) on the host that runs the task, in YAML or JSON, as in M(azure_containers.aci.aci_group).
    type: path
notes:
  - The module collects logs while the containers run. Once a container has ended, the service returns only 16 KB or 1000 lines, so the beginning may
    be missing if a container writes a lot in its last second.
  - If Ansible is interrupted (Ctrl-C, a signal), the group stays. Find it by the tag C(run_id) with M(azure_containers.aci.aci_group_info) and remove
    it.
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
  description: The ID of the run, as in the tag of that name.
  returned: always, unless the options are wrong
  type: str
  sample: 4f1c0a52b6e94d6f8f5d1a3b7c9e2d10
expires_at:
  description: When others can remove the group, as in the tag of that name.
  returned: always, unless the options are wrong
  type: str
  sample: "2026-03-01T12:00:00Z"
doubts:
  description:
    - Documented limits that the definition exceeds.
    - What the existing group already has is not included.
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
containers:
  description: The result of each container, init containers first. Empty in check mode.
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
      description: The last known state, null if it never started.
      type: str
      returned: always
      sample: Terminated
    exit_code:
      description: The exit code of its last run, null if it has not ended or the service returns none.
      type: int
      returned: always
      sample: 0
    detail_status:
      description: Details of the state.
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
      description: The duration of its last run in seconds.
      type: float
      returned: always
      sample: 5.5
    restart_count:
      description: How often the service restarted it.
      type: int
      returned: always
      sample: 0
    available:
      description: Whether the service had a log.
      type: bool
      returned: always
      sample: true
    content:
      description: The log.
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
  description: The exit code of each container except init containers, by name. Null if there is none.
  returned: when the group was created
  type: dict
  sample:
    count: 0
failure_logs:
  description:
    - 'The last lines of the failed containers, in the order in which they run: those that ended with an exit code that is not allowed, crash
      repeatedly, or fail a probe. If there are none when the time is up, those that the task still waits for.'
    - A log that cannot be read never hides the reason for the failure.
  returned: when the containers do not complete, unless O(failure_log_lines=0)
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
      description: The exit code of its last completed run, null if there is none.
      type: int
      returned: always
      sample: 127
    available:
      description: Whether its log could be read.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why the log could not be read, null if it could.
      type: str
      returned: always
      sample: null
    lines:
      description: The last lines of the log, with control characters escaped, such as C(\x1b) for an escape.
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
      description: What to check, based on the exit code, the events and the log. Null if nothing stands out.
      type: str
      returned: always
      sample: "Its command was not found: check command, and what the image has."
duration:
  description: How many seconds the task took, before the removal of the group.
  returned: when the group was created, not in check mode
  type: float
  sample: 31.2
swept:
  description: Expired groups of earlier runs that this run removed.
  returned: always, unless the options are wrong
  type: list
  elements: dict
  version_added: 1.1.0
  contains:
    id:
      description: The resource ID of the group.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/reports/providers/Microsoft.ContainerInstance/containerGroups/old
    expires_at:
      description: When it expired.
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
      description: The error code, null if it succeeded.
      type: str
      returned: always
      sample: ServiceUnavailable
    message:
      description: The error message, null if it succeeded.
      type: str
      returned: always
      sample: The requested resource is not available in the location 'westeurope' at this moment.
    duration:
      description: The duration in seconds.
      type: float
      returned: always
      sample: 12.5
saved_logs:
  description: The saved logs, one entry per container. Empty if no group was removed.
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
      description: The path of the log file, null if there is none. In check mode, the file that would be written.
      type: str
      returned: always
      sample: /var/log/aci/shop.shop-web.web.20260301T093000Z.log
    reason:
      description: Why there is no file, or why the end of the log is missing. Null if the complete log was saved.
      type: str
      returned: always
      sample: null
left_behind:
  description: The group of this run, if it was not removed or that is not known. Null if nothing is left.
  returned: when the group was created, and in check mode
  type: dict
  version_added: 1.1.0
  contains:
    id:
      description: The resource ID of the group.
      type: str
      returned: always
      sample: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/reports/providers/Microsoft.ContainerInstance/containerGroups/job
    expires_at:
      description: When a later run, or M(azure_containers.aci.aci_prune), can remove it.
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
    - The last known state of the group, like C(container_group) of M(azure_containers.aci.aci_group). In check mode, what it would be.
    - If the name is in use, the group that has it.
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
        - The code that Azure gave, or one of the module's own. Among those are V(ContainerFailed), V(CrashLoop), V(ImagePullFailed),
          V(ProvisioningFailed), V(TimedOut), V(NameTaken), V(CleanupFailed) and V(InvalidArguments).
      type: str
      returned: always
      sample: ContainerFailed
    message:
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: Container count ended with exit code 1 (Error).
    status:
      description: The HTTP status of Azure's answer, null if no request was made or refused.
      type: int
      returned: always
      sample: null
    request_id:
      description: The ID of the request, for Azure support. Null if there was none.
      type: str
      returned: always
      sample: null
"""

from ..module_utils._common.interpreter import require_python


def main() -> None:
    require_python()
    # Imported only now, because an older Python cannot parse them.
    from ..module_utils._engines.aci_run import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
