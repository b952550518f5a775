#!/usr/bin/python

# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aci_cp
short_description: Copy files into a running container of Azure Container Instances, and out of one
version_added: 1.1.0
description:
  - Copies a file, or a folder with all that is in it, into a container or out of it. Files that are the same on both sides are left alone.
  - Paths outside of the container are those of the host that the task runs on. To copy from or to the controller, run the task there, with
    C(delegate_to=localhost) for example.
  - Each file is written under another name first, and takes its place once it has arrived whole, so none is ever there in part. When the task fails, the
    files before it stay.
  - Everything travels over the terminal that the service's exec gives. The container must run Linux and have a POSIX shell, C(stty), C(ls), C(wc),
    C(cat), C(mv), C(rm), C(mkdir) and C(chmod), C(sha256sum) or C(cksum), C(base64) or C(od), and to copy out of it C(dd).
  - A container's answers are not trusted. Out of a container, the module refuses links, devices and other special files, and names that lead
    out of O(dest). Below O(dest), no link of the host is followed.
extends_documentation_fragment:
  - azure_containers.aci._azure
  - azure_containers.aci._attributes
attributes:
  check_mode:
    support: full
    details:
      - The container is asked for what it has. When the group does not exist, since an earlier task would make it, a change is predicted.
  diff_mode:
    support: full
    details:
      - Shows names, modes and sizes, never contents.
  idempotent:
    support: full
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
  src:
    description:
      - The absolute path of the file or folder to copy.
      - When it is a folder and ends with C(/), what is in it is copied to O(dest). Otherwise the folder itself is, below O(dest).
    type: str
    required: true
  dest:
    description:
      - The absolute path to copy to. When O(src) is a file, and this ends with C(/) or is a folder, the file goes into it.
      - Missing folders are created. Files there that O(src) does not have stay.
    type: str
    required: true
  direction:
    description:
      - With V(to_container), O(src) is a path of the host that the task runs on, and O(dest) one of the container. With V(from_container) it is the
        other way round.
    type: str
    choices: [to_container, from_container]
    default: to_container
  mode:
    description:
      - The mode of the files, as four octal digits in quotes such as V("0644"), or V(preserve) for that of the source.
      - When not given, a new file gets the mode of its source, out of a container less the umask. A file that exists keeps its own.
      - The setuid, setgid and sticky bits are never copied.
    type: str
  directory_mode:
    description:
      - The mode of the folders that are created, as four octal digits in quotes. When not given, that of the source. Folders that exist keep theirs.
    type: str
  local_follow:
    description:
      - Whether symbolic links below O(src) on the host are followed, so that what they lead to is copied. Otherwise they are refused.
      - Only with O(direction=to_container).
    type: bool
    default: false
  max_size:
    description:
      - The largest total size of the files, in MiB. A larger copy is refused before anything is sent.
    type: int
    default: 100
  shell:
    description:
      - A POSIX shell that the container has.
    type: str
    default: /bin/sh
  frame_size:
    description:
      - Maximum size, in bytes, of each WebSocket frame sent to the container.
      - The service was reported to lose input in frames of more than about 50 bytes. With V(0), frames of 48 bytes are used, and longer ones
        where there is much to send and a trial frame has arrived whole.
    type: int
    default: 0
notes:
  - At most 5000 files and folders are copied. For more, or for big files, a volume is the better way.
  - Files in a container are lost when it restarts. Put what has to stay into the image or on a volume.
  - In the container, files belong to the user that its shell runs as. Owners, times and extended attributes are not copied.
  - A file in place of which there is a symbolic link replaces the link.
  - Where the container has C(cksum) but no C(sha256sum), files of the same size and the same CRC count as the same.
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
    - The files and folders that were copied or changed; in check mode, that would be.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Where it is now, on the side of O(dest).
      type: str
      returned: always
      sample: /etc/nginx/conf.d/shop.conf
    change:
      description: What was done, V(created), V(updated), or V(mode) where only the mode differed.
      type: str
      returned: always
      sample: updated
    mode:
      description: The mode that it has now.
      type: str
      returned: always
      sample: "0644"
    size:
      description: Its size in bytes, 0 for a folder.
      type: int
      returned: always
      sample: 412
unchanged:
  description: How many files and folders were the same on both sides.
  returned: success
  type: int
  sample: 12
src:
  description: The option O(src).
  returned: success
  type: str
  sample: /srv/playbooks/files/shop.conf
dest:
  description: Where the file or the folder is, with the name that it has there.
  returned: success
  type: str
  sample: /etc/nginx/conf.d/shop.conf
container:
  description: The container. Null in check mode when the group does not exist yet.
  returned: success
  type: str
  sample: web
diff:
  description: The names, modes and sizes of the files that change, before and after, without their contents.
  returned: in diff mode
  type: dict
  sample:
    before_header: /etc/nginx/conf.d/shop.conf (before)
    after_header: /etc/nginx/conf.d/shop.conf (after)
    before: "/etc/nginx/conf.d/shop.conf 0644 398 bytes\n"
    after: "/etc/nginx/conf.d/shop.conf 0644 412 bytes, other content\n"
error:
  description:
    - What went wrong, for programs. The message for people is in C(msg).
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
      description: Azure's own message, or the module's.
      type: str
      returned: always
      sample: "src: /data/current is not copied out of the container: it is a link. Name the other files with src, or remove it there."
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
    from ..module_utils._engines.aci_cp import SPEC
    from ..module_utils._module import run_module

    run_module(SPEC)


if __name__ == "__main__":
    main()
