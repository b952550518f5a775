#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_logs
short_description: Get the logs of containers
version_added: 0.1.0
description:
  - Returns what the containers of a group wrote to standard output and standard error.
  - The service keeps 4 MB of the log of a running container, and 16 KB or 1000 lines of one that has ended.
  - A log that is not available yet does not fail the task, unless O(wait=true). The result says why it is missing.
extends_documentation_fragment:
  - azure_containers.aci._container
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._attributes.info
options:
  container:
    description:
      - The name of a container or init container. Defaults to all containers.
    type: str
  init_containers:
    description:
      - Whether to read the logs of init containers too, if O(container) is omitted.
    type: bool
    default: false
  tail:
    description:
      - How many of the newest lines to return. Defaults to all that the service has.
    type: int
  timestamps:
    description:
      - Whether to begin each line with the time at which it was written.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until every log is available, and fail if that takes longer than O(wait_timeout).
    type: bool
    default: false
  wait_for_line:
    description:
      - A Python regular expression. The module follows the logs until it matches anywhere in a line. It fails if that takes longer than
        O(wait_timeout), or if the group has ended without such a line.
      - Existing lines count too. The service keeps no logs from before the last restart of a container.
      - With O(timestamps=true), each line begins with its time.
      - A search that takes more than 5 s of CPU time, as C((a+)+) may, fails the task.
    type: str
    version_added: 1.1.0
  wait_timeout:
    description:
      - How many seconds to wait, also for an unavailable service.
    type: int
    default: 120
  stream:
    description:
      - Whether to show lines as soon as they are read, with O(wait_for_line), under the same conditions as
        O(azure_containers.aci.aci_run#module:stream).
    type: bool
    default: true
    version_added: 1.1.0
notes:
  - If a log may contain secrets, use C(no_log).
seealso:
  - module: azure_containers.aci.aci_group
  - module: azure_containers.aci.aci_group_info
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Read the logs of all containers
  azure_containers.aci.aci_logs:
    resource_group: shop
    name: shop-web
  register: shop_web

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.container }}: {{ item.lines }}"
  loop: "{{ shop_web.logs }}"
  loop_control:
    label: "{{ item.container }}"

- name: Read the last lines of one container, with their times, as soon as there are any
  azure_containers.aci.aci_logs:
    resource_group: shop
    name: shop-web
    container: web
    tail: 20
    timestamps: true
    wait: true

- name: Wait until the database takes connections
  azure_containers.aci.aci_logs:
    resource_group: shop
    name: shop-db
    container: postgres
    wait_for_line: ready to accept connections
    wait_timeout: 300
    tail: 5
"""

RETURN = r"""
line:
  description:
    - The first line that matches O(wait_for_line), null if there is none.
  returned: with O(wait_for_line)
  type: dict
  version_added: 1.1.0
  contains:
    container:
      description: The container that wrote it.
      type: str
      returned: always
      sample: web
    line:
      description: The line.
      type: str
      returned: always
      sample: listening on port 80
logs:
  description:
    - The logs, one per container, in the order of the group, init containers first.
  returned: on success, and when waiting took too long
  type: list
  elements: dict
  contains:
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
    available:
      description: Whether the service has a log of the container.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why there is no log, null if there is one.
      type: str
      returned: always
      sample: "The log is not available yet: the container is Waiting ImagePullBackOff."
    content:
      description: The log, empty if the container has written nothing or the log is not available.
      type: str
      returned: always
      sample: "listening on port 80\n"
    lines:
      description: The same, as a list of lines.
      type: list
      elements: str
      returned: always
      sample:
        - listening on port 80
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
          V(ConnectionFailed), V(ContainerNotFound), V(LineNotFound) and V(TimedOut).
      type: str
      returned: always
      sample: ResourceNotFound
    message:
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: There is no container group shop-web in resource group shop.
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
    from ..module_utils._engines.aci_logs import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
