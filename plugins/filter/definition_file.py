# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that renders a definition as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition_file import file_text

DOCUMENTATION = r"""
name: definition_file
short_description: Render a container group's definition as a file
version_added: 1.1.0
author:
  - The azure_containers.aci contributors (@azure-containers)
description:
  - Turns a definition, as M(azure_containers.aci.aci_group_info) returns it, into YAML that both the option
    O(azure_containers.aci.aci_group#module:definition_file) and C(az container create --file) accept.
  - A header names the secrets that are missing, which are placeholders in the file, and says how to apply it.
  - A string that contains C(${) is quoted, because it would be a variable otherwise. C(to_nice_yaml) does not do that.
  - Tags that the collection writes for one group (C(expires_at), C(run_id)) are left out, so copies do not have them.
options:
  _input:
    description:
      - The definition.
    type: dict
    required: true
  resource_group:
    description:
      - The resource group of the container group, for the header.
    type: str
    required: true
  file:
    description:
      - The path of the file, for the header.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Read a group
  azure_containers.aci.aci_group_info:
    resource_group: shop
    name: shop-web
  register: shop_web

- name: Keep it as a file
  ansible.builtin.copy:
    dest: web.yml
    content: "{{ shop_web.container_groups[0].definition | azure_containers.aci.definition_file('shop', 'web.yml') }}"
    mode: "0600"
"""

RETURN = r"""
_value:
  description:
    - The text of the file.
  type: str
"""


def definition_file(definition: Any, resource_group: str, file: str) -> str:
    """The content of a file with the definition. Raises AnsibleFilterError if it is not a definition."""
    try:
        return file_text(definition, str(resource_group), str(file))
    except InvalidArguments as error:
        raise AnsibleFilterError(error.msg) from None


class FilterModule:
    """The class that Ansible loads."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """The filters in this file, by name."""
        return {"definition_file": definition_file}
