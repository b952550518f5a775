#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_logs
short_description: Read the logs of a container group of Azure Container Instances
version_added: 0.1.0
description:
  - Returns what the containers of a group wrote to their output and error streams.
  - The service keeps 4 MB of a running container, and 16 KB or 1000 lines of one that has ended.
  - A log that is not available yet is part of the result, with the reason, and no failure, unless O(wait=true).
extends_documentation_fragment:
  - azure_containers.aci._container
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
  - azure_containers.aci._attributes.info
options:
  container:
    description:
      - The name of one container or init container. When not given, the logs of all containers are read.
    type: str
  init_containers:
    description:
      - Whether the logs of the init containers are read too, when O(container) is not given.
    type: bool
    default: false
  tail:
    description:
      - How many lines to return, the newest. When not given, all that the service has.
    type: int
  timestamps:
    description:
      - Whether each line begins with the time at which it was written.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until every log is available, and to fail when that takes longer than O(wait_timeout).
    type: bool
    default: false
  wait_for_line:
    description:
      - A Python regular expression. The module follows the logs until one of their lines matches anywhere in it, and fails when that takes longer than
        O(wait_timeout), or when the group has ended without such a line.
      - The lines that the logs have already count as well. The service keeps no log of a run before the last restart of a container.
      - With O(timestamps=true), each line begins with its time.
      - A search that takes more than 5 s of the processor's time fails the task, as one with C((a+)+) may.
    type: str
    version_added: 1.1.0
  wait_timeout:
    description:
      - How long to wait, in seconds, for a service that does not answer as well.
    type: int
    default: 120
  stream:
    description:
      - Whether lines are shown as soon as they are read, with O(wait_for_line), where the task runs in the controller's own process and a person
        looks at a terminal, as with O(azure_containers.aci.aci_run#module:stream).
    type: bool
    default: true
    version_added: 1.1.0
notes:
  - A log may hold what nobody else should see. Use C(no_log) then.
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
    - The first line that matches O(wait_for_line), null when there is none.
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
    - The logs, one for each container. The containers stand in the order in which the group has them, init containers first.
  returned: success, and when waiting took too long
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
      description: Why there is no log, null when there is one.
      type: str
      returned: always
      sample: "The log is not available yet: the container is Waiting ImagePullBackOff."
    content:
      description: The log, empty when the container has written nothing, or the log is not available.
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
        - The code that Azure gave, or one of the module's own. Among those are V(InvalidArguments), V(NoCredentials),
          V(ConnectionFailed), V(ContainerNotFound), V(LineNotFound) and V(TimedOut).
      type: str
      returned: always
      sample: ResourceNotFound
    message:
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: There is no container group shop-web in resource group shop.
    status:
      description: The HTTP status that Azure answered with, null when it was not asked.
      type: int
      returned: always
      sample: 404
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
    from ..module_utils._engines.aci_logs import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
