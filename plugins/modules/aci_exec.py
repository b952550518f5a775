#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_exec
short_description: Run a command in a running container of Azure Container Instances
version_added: 1.0.0
description:
  - Runs a command inside a container, and returns its exit status and what it wrote.
  - The service can only start one program without arguments, on a terminal. The module starts a shell this way and has it run the command, so
    the container needs a POSIX shell such as C(sh), and runs Linux.
  - A terminal has one stream. What the command writes to its error output is part of RV(stdout).
  - Arguments, environment and standard input reach the command byte for byte.
  - To run modules in a container, use the connection plugin P(azure_containers.aci.aci#connection).
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: partial
    details:
      - Without O(creates) and O(removes) the command is skipped. With them it is said whether it would run, for which the container is asked.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - With O(creates) or O(removes).
options:
  resource_group:
    description:
      - The resource group of the container group.
    type: str
    required: true
  name:
    description:
      - The name of the container group.
    type: str
    required: true
  container:
    description:
      - The name of the container. Not needed when the group has one container.
    type: str
  argv:
    description:
      - The command as a list, the program first. No shell reads it.
      - One of O(argv) and O(cmd) is needed.
    type: list
    elements: str
  cmd:
    description:
      - The command as a string that O(shell) reads, with pipes, variables and patterns.
    type: str
  stdin:
    description:
      - The standard input of the command, as it is. Without it, the input is empty.
      - It is not shown, but what the command itself prints is. Use C(no_log) where that is a secret.
    type: str
  chdir:
    description:
      - The directory in the container to change to before.
    type: str
  env:
    description:
      - Environment variables for the command, besides those that the container has. Quote values that YAML would not read as a string.
      - They are not shown, but what the command itself prints is. They are given to C(env), which has to be in the container.
    type: dict
  shell:
    description:
      - A POSIX shell that the container has.
    type: str
    default: /bin/sh
  creates:
    description:
      - A file name or a shell pattern. When such a file exists in the container, the command does not run.
    type: str
  removes:
    description:
      - A file name or a shell pattern. When no such file exists in the container, the command does not run.
    type: str
  exec_timeout:
    description:
      - How many seconds the command may take. Then its terminal is closed, which ends it, and the task fails. V(0) is for ever.
    type: int
    default: 600
  frame_size:
    description:
      - In frames of how many bytes what is sent to the container travels.
      - The service was reported to lose input in frames of more than about 50 bytes. With V(0), frames of 48 bytes are used, and longer ones
        where there is much to send and a trial frame has arrived whole.
    type: int
    default: 0
  strip_empty_ends:
    description:
      - Whether empty lines at the end of RV(stdout) are removed.
    type: bool
    default: true
notes:
  - The terminal ends with the command, and what the command started in the background may end with it. C(setsid) or C(nohup) in front helps.
  - The environment variable E(TERM) is V(dumb), unless O(env) has another.
  - Requires the Python library C(websockets).
requirements:
  - websockets >= 13.0
seealso:
  - plugin: azure_containers.aci.aci
    plugin_type: connection
  - module: azure_containers.aci.aci_logs
  - module: azure_containers.aci.aci_run
  - module: ansible.builtin.command
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Run a program with arguments
  azure_containers.aci.aci_exec:
    resource_group: shop
    name: shop-web
    container: web
    argv: [nginx, -T]
  register: configuration
  changed_when: false

- name: Show what it said
  ansible.builtin.debug:
    var: configuration.stdout_lines

- name: Run a line of shell
  azure_containers.aci.aci_exec:
    resource_group: shop
    name: shop-web
    container: web
    cmd: du -s /var/cache/* | sort -n | tail -3
  changed_when: false

- name: Load the schema once, with a password that is not shown
  azure_containers.aci.aci_exec:
    resource_group: shop
    name: shop-db
    argv: [psql, --file, "-", shop]
    stdin: "{{ lookup('ansible.builtin.file', 'schema.sql') }}"
    env:
      PGPASSWORD: "{{ shop_db_password }}"
    creates: /data/schema.done
"""

RETURN = r"""
rc:
  description: The exit status of the command. It is 127 when the container has no such program.
  returned: when the command ran to its end, or O(creates) or O(removes) kept it from running
  type: int
  sample: 0
stdout:
  description: What the command wrote, to its error output as well.
  returned: when the command ran, or O(creates) or O(removes) kept it from running
  type: str
  sample: "1024\t/var/cache/nginx"
stdout_lines:
  description: The same, as a list of lines.
  returned: when the command ran, or O(creates) or O(removes) kept it from running
  type: list
  elements: str
  sample: ["1024\t/var/cache/nginx"]
cmd:
  description: The command, O(cmd) as a string or O(argv) as a list.
  returned: always, unless the options are wrong
  type: raw
  sample: [nginx, -T]
container:
  description: The container that the command ran in.
  returned: when it was asked for the command
  type: str
  sample: web
start:
  description: When the command was started, by the clock of the host that the task runs on.
  returned: when the command ran
  type: str
  sample: "2026-03-01 09:30:00.120000"
end:
  description: When it had ended.
  returned: when the command ran
  type: str
  sample: "2026-03-01 09:30:00.480000"
delta:
  description: How long it took, with the way to the container and back.
  returned: when the command ran
  type: str
  sample: "0:00:00.360000"
msg:
  description: Why the command did not run, or failed.
  returned: when it did not run, or failed
  type: str
  sample: Did not run the command since /data/schema.done exists.
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
        - The code that Azure gave, or one of the module's own. Among those are V(NonZeroReturnCode), V(ResourceNotFound), V(ContainerNotFound),
          V(ContainerGroupStopped), V(ContainerNotRunning), V(WindowsNotSupported), V(ShellNotFound), V(ShellFailed), V(DirectoryNotFound),
          V(ToolMissing), V(TimedOut), V(ConnectionLost), V(ConnectionClosed), V(CertificateNotTrusted) and V(InvalidArguments).
      type: str
      returned: always
      sample: NonZeroReturnCode
    message:
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: non-zero return code
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
    from ..module_utils._engines.aci_exec import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
