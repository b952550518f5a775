# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: aci
short_description: Run tasks in containers of Azure Container Instances
version_added: 1.0.0
description:
  - Turns a running container into a host. C(raw) tasks run in a container that has a shell. Modules, such as M(ansible.builtin.copy) and
    M(ansible.builtin.setup), need Python there as well.
  - The service can only start one program without arguments, on a terminal. The plugin starts a shell this way and types into it. A task has one
    such session for all its commands and files.
  - Files are transferred in chunks, each of which is verified with C(sha256sum) or C(cksum) in the container.
  - C(pipelining) saves several commands per task. Set C(ansible_pipelining) to V(true).
  - The inventory plugin P(azure_containers.aci.aci#inventory) can supply the container's location; its variables are recognised. Its
    option O(azure_containers.aci.aci#inventory:connection) makes tasks use this plugin.
  - What a task starts in the background may end with its session. Use C(async), or C(setsid).
author:
  - The azure_containers.aci contributors (@azure-containers)
extends_documentation_fragment:
  - ansible.builtin.connection_pipelining
  - azure_containers.aci._azure
requirements:
  - websockets >= 13.0
notes:
  - Become works with methods that need no password.
options:
  resource_group:
    description:
      - The resource group of the container group.
    type: str
    required: true
    env:
      - name: ANSIBLE_ACI_RESOURCE_GROUP
    ini:
      - section: aci_connection
        key: resource_group
    vars:
      - name: aci_resource_group
      - name: ansible_aci_resource_group
  container_group:
    description:
      - The name of the container group. Defaults to the name of the host in the inventory.
    type: str
    vars:
      - name: aci_container_group
      - name: ansible_aci_container_group
  host_name:
    description:
      - The name of the host in the inventory. With C(delegate_to), that of the other host is used instead.
    type: str
    vars:
      - name: inventory_hostname
  container:
    description:
      - The name of the container. Not required if the group has only one.
    type: str
    vars:
      - name: aci_container
      - name: ansible_aci_container
  shell:
    description:
      - A POSIX shell that exists in the container. If it is not V(/bin/sh), set C(ansible_shell_executable) as well.
    type: str
    default: /bin/sh
    env:
      - name: ANSIBLE_ACI_SHELL
    ini:
      - section: aci_connection
        key: shell
    vars:
      - name: ansible_aci_shell
  command_timeout:
    description:
      - How many seconds a command or a part of a file may take. V(0) means no limit.
    type: int
    default: 0
    env:
      - name: ANSIBLE_ACI_COMMAND_TIMEOUT
    ini:
      - section: aci_connection
        key: command_timeout
    vars:
      - name: ansible_aci_command_timeout
  frame_size:
    description:
      - Maximum size, in bytes, of each WebSocket frame sent to the container.
      - The service was reported to lose input in frames of more than about 50 bytes. With V(0), frames of 48 bytes are used, and longer ones
        for large input if a test frame arrives intact.
    type: int
    default: 0
    env:
      - name: ANSIBLE_ACI_FRAME_SIZE
    ini:
      - section: aci_connection
        key: frame_size
    vars:
      - name: ansible_aci_frame_size
  auth_source:
    vars:
      - name: ansible_aci_auth_source
  tenant_id:
    vars:
      - name: ansible_aci_tenant_id
  client_id:
    vars:
      - name: ansible_aci_client_id
  client_secret:
    vars:
      - name: ansible_aci_client_secret
  certificate_path:
    vars:
      - name: ansible_aci_certificate_path
  certificate_password:
    vars:
      - name: ansible_aci_certificate_password
  federated_token_file:
    vars:
      - name: ansible_aci_federated_token_file
  auth_file:
    vars:
      - name: ansible_aci_auth_file
  profile:
    vars:
      - name: ansible_aci_profile
  profile_file:
    vars:
      - name: ansible_aci_profile_file
  subscription_id:
    vars:
      - name: aci_subscription_id
      - name: ansible_aci_subscription_id
  cloud_environment:
    vars:
      - name: ansible_aci_cloud_environment
  resource_manager_endpoint:
    vars:
      - name: ansible_aci_resource_manager_endpoint
  authority_host:
    vars:
      - name: ansible_aci_authority_host
  instance_discovery:
    vars:
      - name: ansible_aci_instance_discovery
  ca_bundle:
    vars:
      - name: ansible_aci_ca_bundle
seealso:
  - plugin: azure_containers.aci.aci
    plugin_type: inventory
  - module: azure_containers.aci.aci_exec
"""

EXAMPLES = r"""
# inventory.yml
# containers:
#   hosts:
#     shop-web:
#       ansible_aci_container: web
#   vars:
#     ansible_connection: azure_containers.aci.aci
#     ansible_aci_resource_group: shop
#     ansible_pipelining: true

- name: Inspect a container
  hosts: containers
  gather_facts: false
  tasks:
    - name: Show disk usage (requires only a shell)
      ansible.builtin.raw: df -h /
      changed_when: false

    - name: Write a configuration file (requires Python in the image)
      ansible.builtin.template:
        src: shop.conf.j2
        dest: /etc/shop.conf
        mode: "0644"

- name: Use the containers of a new group
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Add the container to the inventory
      ansible.builtin.add_host:
        name: shop-web
        groups: containers
        ansible_connection: azure_containers.aci.aci
        ansible_aci_resource_group: shop
        ansible_aci_container: web
"""

import os
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError, AnsibleFileNotFound
from ansible.plugins.connection import ConnectionBase
from ansible.utils.display import Display

from ..module_utils._azure.arguments import CONNECTION_ARGUMENTS
from ..module_utils._azure.client import Client
from ..module_utils._common.display_text import display_line
from ..module_utils._common.errors import AciError, TimedOut
from ..module_utils._common.masking import Masker
from ..module_utils._exec.session import Shell, Target, open_shell, resolve_target
from ..module_utils._exec.transfer import TransferFailed, fetch_file, put_file
from ..plugin_utils._clients import masker_of, shared_client
from ..plugin_utils._plain import plain, untrusted

display = Display()


class Connection(ConnectionBase):
    """A container as a host."""

    transport = "azure_containers.aci.aci"
    has_pipelining = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session: Shell | None = None
        self._delegated: str | None = None
        self.masker = Masker()

    # -- Ansible's interface -----------------------------------------------------------------------------------------

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """Sets the options. Even with delegate_to, the variable inventory_hostname is that of the original host."""
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)
        self._delegated = (task_keys or {}).get("delegate_to")

    def _connect(self) -> Connection:
        """Opens the session."""
        if self._session is None:
            try:
                self._session = self._opened()
            except AciError as error:
                raise _Unreachable(self.masker.message(str(error))) from None
            self._connected = True
        return self

    def exec_command(
        self, cmd: str | bytes, in_data: bytes | None = None, sudoable: bool = True
    ) -> tuple[int, bytes, bytes]:
        """Runs a shell command line. Returns its exit status, output and error output."""
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        if sudoable and self.become is not None and self.become.expect_prompt():
            raise AnsibleError("In containers, become works only without a password.")
        line = cmd if isinstance(cmd, bytes) else cmd.encode("utf-8", "surrogateescape")
        display.vvv(f"EXEC {line.decode('utf-8', 'replace')}", host=self._host)
        program = str(self.get_option("shell")).encode()
        with _Failures(self) as session:
            finished = session.run([program, b"-c", line], stdin=in_data, timeout=self._timeout, separate=True)
        return finished.status, finished.output, finished.errors

    def put_file(self, in_path: str, out_path: str) -> None:
        """Copies a file into the container."""
        super().put_file(in_path, out_path)
        display.vvv(f"PUT {in_path} TO {out_path}", host=self._host)
        if not os.path.exists(in_path):
            raise AnsibleFileNotFound(f"There is no file {in_path} to copy into the container.")
        with open(in_path, "rb") as source, _Failures(self) as session:
            put_file(session, source, _path(out_path))

    def fetch_file(self, in_path: str, out_path: str) -> None:
        """Copies a file out of the container."""
        super().fetch_file(in_path, out_path)
        display.vvv(f"FETCH {in_path} TO {out_path}", host=self._host)
        with open(out_path, "wb") as target, _Failures(self) as session:
            fetch_file(session, _path(in_path), target)

    def close(self) -> None:
        """Ends the session."""
        if self._session is not None:
            self._session.close()
        self._session = None
        self._connected = False

    def reset(self) -> None:
        """Ends the session; the next command opens another."""
        self.close()

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _opened(self) -> Shell:
        params = plain({name: self.get_option(name) for name in CONNECTION_ARGUMENTS})
        self.masker = masker_of(params)
        client: Client = shared_client(params)
        container = self.get_option("container")
        target = Target(
            str(self.get_option("resource_group")),
            self._host,
            None if container is None else str(container),
        )
        target = resolve_target(client, target)
        display.vvv(f"ESTABLISH ACI EXEC SESSION IN {display_line(target.what)}", host=self._host)
        frame_size = int(self.get_option("frame_size"))
        return open_shell(client, target, str(self.get_option("shell")), frame_size=frame_size or None)

    @property
    def _host(self) -> str:
        return str(self.get_option("container_group") or self._delegated or self.get_option("host_name"))

    @property
    def _timeout(self) -> float | None:
        return float(self.get_option("command_timeout")) or None


class _Unreachable(AnsibleConnectionFailure):
    """The container cannot be reached. The service's message must not become a template in the task's result.

    Ansible marks all other results as untrusted, but not the text of this exception.
    """

    def __str__(self) -> str:
        text: str = untrusted(str(super().__str__()))
        return text


class _Failures:
    """Turns the collection's errors into Ansible's, and closes the session if the error broke it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Shell:
        self._connection._connect()
        session: Shell = self._connection._session  # type: ignore[assignment]
        return session

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, AciError):
            return
        text = self._connection.masker.message(str(error))
        if isinstance(error, TransferFailed):
            if error.code == "FileNotFound":
                raise AnsibleFileNotFound(text) from None
            raise AnsibleError(text) from None
        self._connection.close()
        if isinstance(error, TimedOut):
            raise AnsibleError(f"{text} Its terminal was closed (command_timeout).") from None
        raise _Unreachable(text) from None


def _path(path: str) -> bytes:
    """A file name as bytes. The prefix ./ keeps a leading hyphen from being treated as an option."""
    name = str(path).encode("utf-8", "surrogateescape")
    return b"./" + name if name.startswith(b"-") else name
