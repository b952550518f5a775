#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_exec
short_description: Run commands in running containers
version_added: 1.0.0
description:
  - Runs a command in a container, and returns its exit status and output.
  - The service can only start a program without arguments, on a terminal. The module starts a shell this way to run the command, so the container
    must run Linux and have a POSIX shell such as C(sh).
  - A terminal has only one stream, so RV(stdout) includes what the command writes to standard error.
  - Arguments, environment and standard input reach the command byte for byte.
  - To run modules in a container, use the connection plugin P(azure_containers.aci.aci#connection).
extends_documentation_fragment:
  - azure_containers.aci._container
  - azure_containers.aci._container.shell
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: partial
    details:
      - Skips the command without O(creates) and O(removes). With them, it checks in the container whether the command would run.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - With O(creates) or O(removes).
options:
  argv:
    description:
      - The command as a list that begins with the program. It is not passed through a shell.
      - One of O(argv) and O(cmd) is required.
    type: list
    elements: str
  cmd:
    description:
      - The command as a string for O(shell), which can contain pipes, variables and patterns.
    type: str
  stdin:
    description:
      - The standard input of the command, passed unchanged. Defaults to no input.
      - It is not shown, but the output of the command is. Use C(no_log) if that contains secrets.
    type: str
  chdir:
    description:
      - The directory in the container to run the command in.
    type: str
  env:
    description:
      - Environment variables for the command, in addition to those of the container. Quote values that YAML would not read as strings.
      - They are not shown, but the output of the command is. They require C(env) in the container.
    type: dict
  creates:
    description:
      - A file name or shell pattern. If it exists in the container, the command does not run.
    type: str
  removes:
    description:
      - A file name or shell pattern. If it does not exist in the container, the command does not run.
    type: str
  exec_timeout:
    description:
      - How many seconds the command may take. After that its terminal is closed, which ends the command, and the task fails. V(0) disables the limit.
    type: int
    default: 600
  strip_empty_ends:
    description:
      - Whether to remove empty lines from the end of RV(stdout).
    type: bool
    default: true
notes:
  - The terminal closes when the command ends, which may end its background processes. Start them with C(setsid) or C(nohup) to prevent that.
  - The environment variable E(TERM) is V(dumb), unless O(env) sets it.
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
  description: The exit status of the command. It is 127 if the container has no such program.
  returned: when the command completed, or did not run because of O(creates) or O(removes)
  type: int
  sample: 0
stdout:
  description: The output of the command, including standard error.
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
  description: When the command started, by the clock of the host that runs the task.
  returned: when the command ran
  type: str
  sample: "2026-03-01 09:30:00.120000"
end:
  description: When it ended.
  returned: when the command ran
  type: str
  sample: "2026-03-01 09:30:00.480000"
delta:
  description: The duration, including the round trip to the container.
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
        - The code that Azure gave, or one of the module's own. Among those are V(NonZeroReturnCode), V(ResourceNotFound), V(ContainerNotFound),
          V(ContainerGroupStopped), V(ContainerNotRunning), V(WindowsNotSupported), V(ShellNotFound), V(ShellFailed), V(DirectoryNotFound),
          V(ToolMissing), V(TimedOut), V(ConnectionLost), V(ConnectionClosed), V(CertificateNotTrusted) and V(InvalidArguments).
      type: str
      returned: always
      sample: NonZeroReturnCode
    message:
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: non-zero return code
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
    from ..module_utils._engines.aci_exec import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
