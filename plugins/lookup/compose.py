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
  - It is for looking at, for keeping as a file, and for changing it before O(azure_containers.aci.aci_group#module:definition) gets it.
requirements:
  - PyYAML
options:
  _terms:
    description:
      - The compose files, from O(project_src) on. When none is given, those with the usual names, as
        O(azure_containers.aci.aci_compose#module:files) says.
    type: list
    elements: str
  project_src:
    description:
      - The directory of the project. A relative one counts from the playbook.
    type: str
    default: .
  name:
    description:
      - The name of the group, and of the project.
    type: str
  profiles:
    description:
      - The profiles whose services count besides those without a profile.
    type: list
    elements: str
    default: []
  environment:
    description:
      - The variables that C(${NAME}) in the files stands for.
    type: dict
    default: {}
  public:
    description:
      - Whether the ports that the project publishes get a public address. A project that publishes ports is refused when this is not given,
        unless O(subnet) is.
    type: bool
  subnet:
    description:
      - Whether the definition is for a group in a subnet, so that published ports get a private address. The subnet itself is yours to add.
    type: bool
    default: false
  restart_policy:
    description:
      - The restart policy of the group. Required where no service says C(restart), and where services differ.
    type: str
    choices: [Always, OnFailure, Never]
  ephemeral_volumes:
    description:
      - The volumes that may be empty directories, whose content goes with the group.
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
      - Patterns of names of variables whose values are secrets.
    type: list
    elements: str
    default: []
  storage_account_keys:
    description:
      - The keys of the storage accounts whose file shares the project mounts, by the names of the accounts.
    type: dict
    default: {}
  resolve:
    description:
      - V(hosts) adds a container that lets the names of services resolve.
    type: str
    choices: [none, hosts]
    default: none
  resolve_image:
    description:
      - The image of that container. When not given, it is the image of the first service.
    type: str
  notes:
    description:
      - V(warn) warns of what there is to know of the project, V(strict) refuses it then, V(off) says nothing.
    type: str
    choices: [warn, strict, 'off']
    default: warn
  secrets:
    description:
      - Whether the definition has the secrets of the project. Without them, each has a named placeholder in its place, and the definition can be
        shown and kept.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Look at what a project becomes
  ansible.builtin.debug:
    msg: "{{ lookup('azure_containers.aci.compose', project_src='shop', public=true) }}"

- name: Apply it with more than a compose file can say
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
    - The definition, with C(name) and C(properties), in the form that ARM has.
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
    """What Ansible loads."""

    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        """The definition, alone in a list. Raises AnsibleLookupError for a project that has none."""
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
