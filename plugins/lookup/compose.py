# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup that turns a compose project into the definition of a container group."""

from __future__ import annotations

DOCUMENTATION = r"""
name: compose
short_description: A compose project as the definition of a container group
version_added: 1.1.0
author:
  - The azure_containers.aci contributors (@azure-containers)
description:
  - Reads the compose files of a project on the controller and returns the definition that M(azure_containers.aci.aci_compose) would apply.
  - Use it to inspect the definition, to keep it as a file, or to change it before passing it to O(azure_containers.aci.aci_group#module:definition).
requirements:
  - PyYAML
options:
  _terms:
    description:
      - The compose files, relative to O(project_src). The defaults are those of
        O(azure_containers.aci.aci_compose#module:files).
    type: list
    elements: str
  project_src:
    description:
      - The project directory. A relative path is relative to the playbook.
    type: str
    default: .
  name:
    description:
      - The name of the group, and of the project.
    type: str
  profiles:
    description:
      - The profiles to activate. Services without a profile are always active.
    type: list
    elements: str
    default: []
  environment:
    description:
      - Variables for C(${NAME}) in the files.
    type: dict
    default: {}
  public:
    description:
      - Whether to publish the project's ports at a public address. If this and O(subnet) are not given, a project that publishes ports is
        refused.
    type: bool
  subnet:
    description:
      - Whether the definition is for a group in a subnet, so that published ports get a private address. Add the subnet itself to the result.
    type: bool
    default: false
  restart_policy:
    description:
      - The restart policy of the group. Required if no service sets C(restart), or if services differ.
    type: str
    choices: [Always, OnFailure, Never]
  ephemeral_volumes:
    description:
      - The volumes that may be empty directories, whose content is lost with the group.
    type: list
    elements: str
    default: []
  plain_variables:
    description:
      - Patterns for the names of variables whose values are not secret.
    type: list
    elements: str
    default: []
  secure_variables:
    description:
      - Patterns for the names of variables whose values are always secret.
    type: list
    elements: str
    default: []
  storage_account_keys:
    description:
      - The access keys of the storage accounts, by account name.
    type: dict
    default: {}
  resolve:
    description:
      - V(hosts) adds a container that makes service names resolve.
    type: str
    choices: [none, hosts]
    default: none
  resolve_image:
    description:
      - The image of that container. Defaults to the image of the first service.
    type: str
  notes:
    description:
      - How to treat notes on the project. V(warn) issues warnings, V(strict) refuses a project that has any, V(off) is silent.
    type: str
    choices: [warn, strict, 'off']
    default: warn
  secrets:
    description:
      - Whether the definition contains the project's secrets. By default, each is replaced with a named placeholder, so that the definition can
        safely be shown and stored.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show the definition of a project
  ansible.builtin.debug:
    msg: "{{ lookup('azure_containers.aci.compose', project_src='shop', public=true) }}"

- name: Apply the definition with additional properties
  azure_containers.aci.aci_group:
    resource_group: shop
    definition: >-
      {{ lookup('azure_containers.aci.compose', 'compose.yaml', 'compose.prod.yaml', project_src='shop', public=true, secrets=true) }}
    diagnostics:
      log_analytics:
        workspace_id: "{{ workspace_id }}"
        workspace_key: "{{ workspace_key }}"
  no_log: true
"""

RETURN = r"""
_raw:
  description:
    - The definition in ARM's format, with C(name) and C(properties).
  type: list
  elements: dict
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.azure_containers.aci.plugins.module_utils._common.display_text import display_line
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import Masker
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.given import (
    given_group,
    given_secrets,
    warnings_of,
    with_placeholders,
)
from ansible_collections.azure_containers.aci.plugins.plugin_utils._plain import plain


class LookupModule(LookupBase):
    """The class that Ansible loads."""

    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        """The definition, as the only element of a list. Raises AnsibleLookupError if the project has none."""
        self.set_options(var_options=variables, direct=kwargs)
        params = {name: plain(value) for name, value in self.get_options().items()}
        params["files"] = [str(term) for term in terms]
        params["project_src"] = self._loader.path_dwim(str(params["project_src"]))
        params["subnet_ids"] = params["subnet"]
        masker = Masker(given_secrets(params) | {str(value) for value in params["storage_account_keys"].values()})
        try:
            given = given_group(params)
        except AciError as error:
            failure = masker.failure(error.as_failure())
            raise AnsibleLookupError(masker.message(str(failure["msg"]))) from None
        if params["notes"] == "warn":
            for warning in warnings_of(given.notes):
                Display().warning(display_line(masker.message(warning)))
        return [given.definition if params["secrets"] else with_placeholders(given.definition)]
