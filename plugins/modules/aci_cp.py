#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_cp
short_description: Copy files to and from running containers
version_added: 1.1.0
description:
  - Copies a file or a directory with its contents into a container or out of it. Files that are the same on both sides are skipped.
  - Paths outside the container are those of the host that runs the task. To copy from or to the controller, run the task there, for example with
    C(delegate_to=localhost).
  - Each file is written under a temporary name and renamed once it is complete, so there are never partial files. If the task fails, the files copied
    before that stay.
  - Everything is transferred over the terminal of the service's exec. The container must run Linux and have a POSIX shell, C(stty), C(ls), C(wc),
    C(cat), C(mv), C(rm), C(mkdir) and C(chmod), C(sha256sum) or C(cksum), C(base64) or C(od), and C(dd) to copy out of it.
  - The container is not trusted. When copying out of it, the module refuses links, devices and other special files, and names that lead out of
    O(dest). It follows no links of the host below O(dest).
extends_documentation_fragment:
  - azure_containers.aci._container
  - azure_containers.aci._container.shell
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
    details:
      - Reads what the container has. If the group does not exist, for example because an earlier task would create it, a change is predicted.
  diff_mode:
    support: full
    details:
      - Shows names, modes and sizes, but never contents.
  idempotent:
    support: full
options:
  src:
    description:
      - The absolute path of the file or directory to copy.
      - If it is a directory and ends with C(/), its contents are copied to O(dest). Otherwise the directory itself is copied into O(dest).
    type: str
    required: true
  dest:
    description:
      - The absolute path to copy to. If O(src) is a file, and this ends with C(/) or is a directory, the file is copied into it.
      - Missing directories are created. Other files there are not removed.
    type: str
    required: true
  direction:
    description:
      - With V(to_container), O(src) is a path on the host that runs the task, and O(dest) is one in the container. With V(from_container), it is the
        other way round.
    type: str
    choices: [to_container, from_container]
    default: to_container
  mode:
    description:
      - The mode of the files, as four quoted octal digits such as V("0644"), or V(preserve) for the mode of the source.
      - By default, a new file gets the mode of its source, reduced by the umask when it comes out of a container. An existing file keeps its mode.
      - The setuid, setgid and sticky bits are never copied.
    type: str
  directory_mode:
    description:
      - The mode of new directories, as four quoted octal digits. Defaults to that of the source. Existing directories keep theirs.
    type: str
  local_follow:
    description:
      - Whether to follow symbolic links below O(src) on the host, and copy what they point to. If V(false), they are refused.
      - Only applies to O(direction=to_container).
    type: bool
    default: false
  max_size:
    description:
      - The maximum total size of the files, in MiB. A larger copy is refused before anything is sent.
    type: int
    default: 100
notes:
  - At most 5000 files and directories are copied. For more, or for large files, use a volume.
  - Files in a container are lost when it restarts. Put what must stay into the image or on a volume.
  - In the container, files belong to the user that its shell runs as. Owners, times and extended attributes are not copied.
  - A file replaces a symbolic link of the same name.
  - If the container has C(cksum) but no C(sha256sum), files of the same size and CRC are considered identical.
  - Requires the Python library C(websockets).
requirements:
  - websockets >= 13.0
seealso:
  - module: azure_containers.aci.aci_exec
  - plugin: azure_containers.aci.aci
    plugin_type: connection
  - module: ansible.builtin.copy
  - module: ansible.builtin.fetch
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
- name: Copy a configuration into a container
  azure_containers.aci.aci_cp:
    resource_group: shop
    name: shop-web
    container: web
    src: "{{ playbook_dir }}/files/shop.conf"
    dest: /etc/nginx/conf.d/shop.conf
    mode: "0644"
  register: shop_conf

- name: Have nginx read it
  azure_containers.aci.aci_exec:
    resource_group: shop
    name: shop-web
    container: web
    argv: [nginx, -s, reload]
  when: shop_conf is changed  # noqa: no-handler

- name: Copy what is in a folder
  azure_containers.aci.aci_cp:
    resource_group: shop
    name: shop-web
    container: web
    src: "{{ playbook_dir }}/files/site/"
    dest: /usr/share/nginx/html

- name: Fetch a report
  azure_containers.aci.aci_cp:
    resource_group: shop
    name: shop-report
    direction: from_container
    src: /reports/latest.csv
    dest: "{{ playbook_dir }}/reports/"
"""

RETURN = r"""
files:
  description:
    - The files and directories that were copied or changed, or would be in check mode.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The path at the destination.
      type: str
      returned: always
      sample: /etc/nginx/conf.d/shop.conf
    change:
      description: 'What was done: V(created), V(updated), or V(mode) if only the mode differed.'
      type: str
      returned: always
      sample: updated
    mode:
      description: The new mode.
      type: str
      returned: always
      sample: "0644"
    size:
      description: The size in bytes, 0 for a directory.
      type: int
      returned: always
      sample: 412
unchanged:
  description: How many files and directories were the same on both sides.
  returned: success
  type: int
  sample: 12
src:
  description: The option O(src).
  returned: success
  type: str
  sample: /srv/playbooks/files/shop.conf
dest:
  description: The path of the copied file or directory, including its name.
  returned: success
  type: str
  sample: /etc/nginx/conf.d/shop.conf
container:
  description: The container. Null in check mode if the group does not exist yet.
  returned: success
  type: str
  sample: web
diff:
  description: The names, modes and sizes of the changed files before and after, without their contents.
  returned: in diff mode
  type: dict
  sample:
    before_header: /etc/nginx/conf.d/shop.conf (before)
    after_header: /etc/nginx/conf.d/shop.conf (after)
    before: "/etc/nginx/conf.d/shop.conf 0644 398 bytes\n"
    after: "/etc/nginx/conf.d/shop.conf 0644 412 bytes, other content\n"
error:
  description:
    - The error in a machine-readable form. C(msg) has the message for people.
  returned: failure
  type: dict
  contains:
    code:
      description:
        - The code that Azure gave, or one of the module's own. Among those are V(FileNotFound), V(FileRefused), V(InTheWay), V(TooMuch),
          V(TransferFailed), V(LocalFileFailed), V(ResourceNotFound), V(ContainerNotFound), V(ContainerGroupStopped), V(ContainerNotRunning),
          V(WindowsNotSupported), V(ShellNotFound), V(ShellFailed), V(ToolMissing), V(ConnectionLost) and V(InvalidArguments).
      type: str
      returned: always
      sample: FileRefused
    message:
      description: The message of Azure, or of the module.
      type: str
      returned: always
      sample: "src: /data/current is not copied out of the container: it is a link. Name the other files with src, or remove it there."
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
    from ..module_utils._engines.aci_cp import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
