# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: aci
short_description: Container groups of Azure Container Instances as hosts
version_added: 1.0.0
description:
  - Turns the container groups of one or more subscriptions, or their containers, into hosts.
  - The configuration is a YAML file whose name ends in C(.aci.yml) or C(.aci.yaml), or is C(aci.yml) or C(aci.yaml).
  - A host is named after its group, as V(shop-web), or after its group and container, as V(shop-web_nginx). Hosts that would have the same name
    get that of their resource group as well, as V(shop-web_shop), and if necessary the ID of their subscription. The same applies, with a warning, to a host
    that would have the name of an inventory group, such as one that O(keyed_groups) creates.
  - The address of a group is in C(ansible_host). Containers are not reached by SSH. With the connection plugin
    P(azure_containers.aci.aci#connection), tasks run in them without it; this inventory supplies the container's location.
extends_documentation_fragment:
  - azure_containers.aci._azure
  - constructed
  - inventory_cache
options:
  plugin:
    description:
      - The name of this plugin.
    type: str
    required: true
    choices: [azure_containers.aci.aci]
  subscriptions:
    description:
      - The IDs of the subscriptions to search. Defaults to O(subscription_id) or the subscription of the credentials.
    type: list
    elements: str
  resource_groups:
    description:
      - The names of the resource groups to search, in each of the subscriptions. Defaults to all.
    type: list
    elements: str
  hosts:
    description:
      - Whether each container group is a host, or each container. Init containers never are.
    type: str
    choices: [groups, containers]
    default: groups
  tags:
    description:
      - Include only groups that have all of these tags.
      - A dictionary of names and values, where a null value matches any value; or a list of V(name) and V(name:value).
      - Names are compared without case, values exactly.
    type: raw
  filters:
    description:
      - Conditions in Jinja2, without braces. Only hosts for which all of them are true are included. They can use the variables of the host, including those
        from O(compose).
      - A condition that fails counts as false, unless O(strict=true).
    type: list
    elements: str
    default: []
  hostnames:
    description:
      - Expressions in Jinja2, without braces. The first that gives a non-empty string names the host. A string that begins with a hyphen
        is skipped, because programs such as C(ssh) take it for an option.
      - The names must be unique. The last host with a name hides those before it.
    type: list
    elements: str
    default: []
  connection:
    description:
      - How tasks reach the hosts.
      - V(aci) sets C(ansible_connection) to P(azure_containers.aci.aci#connection), and the variables that it needs, so that tasks run in the containers.
        If this file says how to sign in, its options are set as well, such as C(ansible_aci_profile), but never a secret. A host that is a group requires a
        single container, or C(ansible_aci_container).
      - V(none) sets nothing. Tasks then run over SSH, unless the play or other variables change that.
      - A host variable takes precedence over C(connection) of a play, so with V(aci) a play with C(connection=local) runs in the containers too.
        From version 2.0.0 on, the default is V(aci).
    type: str
    choices: [none, aci]
    default: none
    version_added: 1.1.0
  instance_view:
    description:
      - Whether to read each group's instance view, which costs one extra request per group. Without it C(aci_state) and C(aci_container_state) are null.
    type: bool
    default: true
  workers:
    description:
      - How many groups are read at a time, from 1 to 64.
    type: int
    default: 16
notes:
  - "The variables of a group: C(aci_id), C(aci_container_group), C(aci_resource_group), C(aci_subscription_id), C(aci_location), C(aci_state),
    C(aci_provisioning_state), C(aci_tags), C(aci_ip), C(aci_fqdn), C(aci_ports) (a list with C(port) and C(protocol)), C(aci_containers) (their
    names), C(aci_images), C(aci_os_type), C(aci_restart_policy), C(aci_sku), C(aci_zones) and C(aci_orchestrator_id) (the NGroup
    that created the group, or null). A group with a single container has
    C(aci_container), its name."
  - "A container has those of its group, and C(aci_container), C(aci_image), C(aci_container_state) and C(aci_restart_count). Its C(aci_ports) are
    its own."
  - Secrets are never among the variables.
  - What the service returns is data. Tags, names, images and addresses are never evaluated as templates, whether they come from the service or from a cache.
    Control characters in names of hosts and groups are shown escaped, an escape as C(\x1b).
seealso:
  - module: azure_containers.aci.aci_group_info
author:
  - The azure_containers.aci contributors (@azure-containers)
"""

EXAMPLES = r"""
# shop.aci.yml: the groups of two resource groups, by state, location and the tag "stage".
plugin: azure_containers.aci.aci
resource_groups: [shop, shop-test]
keyed_groups:
  - key: aci_state | lower
    prefix: state
  - key: aci_location
    prefix: location
  - key: aci_tags.stage | default('none')
    prefix: stage
groups:
  pages: aci_ports | selectattr('port', 'in', [80, 443]) | length > 0

---
# containers.aci.yml: running containers of two subscriptions, for tasks that run in them.
plugin: azure_containers.aci.aci
subscriptions:
  - 00000000-0000-0000-0000-000000000000
  - 11111111-1111-1111-1111-111111111111
hosts: containers
connection: aci
filters:
  - aci_container_state == 'Running'
strict: true

---
# cached.aci.yml: refreshed once an hour, and named after the tag "role" where there is one.
plugin: azure_containers.aci.aci
tags:
  owner: web-team
hostnames:
  - aci_tags.role | default('')
  - aci_container_group
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible-aci
cache_timeout: 3600
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable, to_safe_group_name
from ansible.plugins.loader import connection_loader

from ..module_utils._azure.arguments import CONNECTION_ARGUMENTS
from ..module_utils._common.display_text import display_line, display_text
from ..module_utils._common.errors import AciError, AzureError
from ..module_utils._common.masking import Masker
from ..module_utils._common.workers import Workers, checked_workers
from ..module_utils._engines.aci_group_info import has_tags, wanted_tags, with_instance_views
from ..module_utils._group.facts import group_facts
from ..module_utils._module import collected_rarely
from ..plugin_utils._clients import masker_of, new_client
from ..plugin_utils._hosts import Host, hosts_of, named
from ..plugin_utils._inventory_options import check_options, unknown_options
from ..plugin_utils._plain import plain, sparing, untrusted

SUFFIXES = (".aci.yml", ".aci.yaml", "/aci.yml", "/aci.yaml")

OPEN_ARGUMENTS = [
    name
    for name, option in CONNECTION_ARGUMENTS.items()
    # Each host has a variable with its own subscription.
    if not option.get("no_log") and name != "subscription_id"
]
"""The connection options that hosts may have as variables; none of them is secret."""

MOST_NAMES = 9
"""The number of names to try for a host until one is not the name of a group."""


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Turns container groups, or their containers, into hosts."""

    NAME = "azure_containers.aci.aci"

    inventory: Any

    def verify_file(self, path: str) -> bool:
        """Whether a file belongs to this plugin, by its name."""
        return bool(super().verify_file(path)) and f"/{path}".endswith(SUFFIXES)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Fill the inventory according to the configuration file."""
        super().parse(inventory, loader, path)
        self._configured = self._check_options(path)
        self._masker = Masker()
        with collected_rarely():
            self._fill(path, cache)

    def _fill(self, path: str, cache: bool) -> None:
        try:
            groups = self._groups(path, cache)
        except AciError as error:
            raise AnsibleParserError(self._masker.message(str(error))) from None
        hosts = hosts_of(groups, self.get_option("hosts"))
        self._said_of: dict[str, Any] = {}
        self._said: dict[str, Any] | None = None
        entries = self._selected(named(hosts).items())
        self._keep_apart(entries)
        for entry in entries:
            self._add(entry)

    def _check_options(self, path: str) -> dict[str, Any]:
        """Read and return the configuration. Reports mistakes in it, which Ansible would explain badly or ignore."""
        try:
            given = plain(self.loader.load_from_file(path, cache="none"))
        except Exception:  # noqa: BLE001 - Ansible reports below what is wrong with the file
            given = None
        config = given if isinstance(given, dict) else {}
        try:
            check_options(config, DOCUMENTATION)
        except AciError as error:
            raise AnsibleParserError(str(error)) from None
        configured: dict[str, Any] = self._read_config_data(path)
        for text in unknown_options(config, DOCUMENTATION, self.has_option):
            self.display.warning(f"{path}: {text}")
        return configured

    # -- reading -----------------------------------------------------------------------------------------------------

    def _groups(self, path: str, cache: bool) -> list[dict[str, Any]]:
        """The facts of the groups, from the cache if it may be used and has them."""
        wanted = self.get_option("cache")
        key = self.get_cache_key(path)
        if wanted and cache:
            try:
                return _kept(self._cache[key])
            except KeyError:
                pass
        groups = self._read()
        if wanted:
            # Stored as one string: caches treat certain dictionaries as marked strings, and the service might return such.
            self._cache[key] = json.dumps(groups)
        return groups

    def _read(self) -> list[dict[str, Any]]:
        params = {name: self._templated(self.get_option(name)) for name in CONNECTION_ARGUMENTS}
        self._masker = masker_of(params)
        tags = wanted_tags(self._templated(self.get_option("tags")))
        workers = Workers(checked_workers(self.get_option("workers")))
        subscriptions = self._templated(self.get_option("subscriptions")) or [params["subscription_id"]]
        found: list[dict[str, Any]] = []
        for subscription in dict.fromkeys(subscriptions):
            client = new_client({**params, "subscription_id": subscription})
            groups = [group for group in self._listed(client) if has_tags(group, tags)]
            if self.get_option("instance_view"):
                groups = with_instance_views(client, groups, workers)
            found += [group_facts(group) for group in groups]
        return found

    def _listed(self, client: Any) -> list[dict[str, Any]]:
        resource_groups = self._templated(self.get_option("resource_groups"))
        if resource_groups is None:
            return list(client.list_groups())
        groups: list[dict[str, Any]] = []
        for name in {str(name).lower(): str(name) for name in resource_groups}.values():
            try:
                groups += client.list_groups(name)
            except AzureError as error:
                if error.code != "ResourceGroupNotFound":
                    raise
                self.display.warning(f"Resource group {name} does not exist, so it has no container groups.")
        return groups

    def _templated(self, value: Any) -> Any:
        """An option's value, with templates evaluated, such as a lookup of a secret."""
        return self.templar.template(value) if value is not None else None

    # -- hosts -------------------------------------------------------------------------------------------------------

    def _selected(self, hosts: Iterable[tuple[str, Host]]) -> list[_Entry]:
        """The hosts that pass the filters, with their final names."""
        strict = self.get_option("strict")
        shared = self._connection_variables()
        found: dict[str, _Entry] = {}
        for name, host in hosts:
            # Marked here and not earlier, because neither the cache nor the construction of names preserves the marks.
            entry = _Entry(sparing(untrusted(name)), host.names, {**sparing(untrusted(host.variables)), **shared})
            self._speak_of(entry)
            entry.composed = self._composed(entry.variables, strict)
            variables = {**entry.variables, **entry.composed, "inventory_hostname": entry.name}
            if not all(self._holds(condition, variables, strict) for condition in self.get_option("filters")):
                continue
            entry.name = sparing(untrusted(display_line(self._preferred(variables, strict) or entry.name)))
            # The last host with a name replaces those before it completely.
            found.pop(str(entry.name), None)
            found[str(entry.name)] = entry
        return list(found.values())

    def _connection_variables(self) -> dict[str, Any]:
        """The variables with which tasks run in the containers: connection plugin and its options, but no secrets."""
        if self.get_option("connection") != "aci":
            return {}
        given = {name: self._templated(self.get_option(name)) for name in OPEN_ARGUMENTS if name in self._configured}
        variables = {f"ansible_aci_{name}": value for name, value in given.items() if value is not None}
        _load_early(self.NAME)
        return {"ansible_connection": self.NAME, **variables}

    def _speak_of(self, entry: _Entry) -> None:
        """Sets the host to which the following expressions, if any, apply."""
        self._said_of, self._said = {**entry.variables, "inventory_hostname": str(entry.name)}, None

    def _keep_apart(self, entries: list[_Entry]) -> None:
        """Renames hosts that have the name of a group: Ansible would lose such a host, or the whole inventory.

        Raises AnsibleParserError if all longer names of a host are names of groups as well.
        """
        taken = set(self.inventory.groups)
        taken |= {name for entry in entries for name in self._groups_of(entry)}
        names = {str(entry.name) for entry in entries}
        longer_names: dict[int, Iterator[str]] = {}
        while clashing := [entry for entry in entries if str(entry.name) in taken]:
            for entry in clashing:
                old = str(entry.name)
                left = longer_names.setdefault(id(entry), entry.longer_names())
                longer = next((name for name in left if name not in taken | names), None)
                if longer is None:
                    text = (
                        f"keyed_groups, groups: host {old} has the name of a group, and so do its longer alternatives. "
                        "Give the groups a prefix that no host has."
                    )
                    raise AnsibleParserError(display_text(text))
                self.display.warning(
                    display_line(f"Host {old} has the name of a group, so it is named {longer} instead.")
                )
                names = (names - {old}) | {longer}
                entry.name = sparing(untrusted(longer))
                taken |= self._groups_of(entry)

    def _groups_of(self, entry: _Entry) -> set[str]:
        """The names of the groups that will contain a host with its present name."""
        if not (self.get_option("groups") or self.get_option("keyed_groups")):
            return set()
        inventory, names = self.inventory, _GroupNames()
        self._speak_of(entry)
        short = {
            "inventory_hostname": entry.name,
            "inventory_hostname_short": str(entry.name).split(".", maxsplit=1)[0],
        }
        variables = {**entry.variables, **entry.composed, **short}
        try:
            self.inventory = names
            self._construct_groups(entry, variables, fetch_hostvars=False)
        finally:
            self.inventory = inventory
        return names.found

    def _construct_groups(self, entry: _Entry, variables: dict[str, Any], *, fetch_hostvars: bool) -> None:
        """Add a host to the groups that are constructed from its variables."""
        strict, name = self.get_option("strict"), entry.name
        for add, option in (
            (self._add_host_to_composed_groups, "groups"),
            (self._add_host_to_keyed_groups, "keyed_groups"),
        ):
            add(self.get_option(option), variables, name, strict=strict, fetch_hostvars=fetch_hostvars)

    def _add(self, entry: _Entry) -> None:
        """Add a host with its variables, and to its groups."""
        name = entry.name
        self._speak_of(entry)
        self.inventory.add_host(name)
        for key, value in {**entry.variables, **entry.composed}.items():
            self.inventory.set_variable(name, key, value)
        self._construct_groups(entry, self.inventory.get_host(name).get_vars(), fetch_hostvars=True)

    @staticmethod
    def _sanitize_group_name(name: str) -> Any:
        """The name of a constructed group, which may contain strings from the service."""
        return sparing(untrusted(to_safe_group_name(display_line(name))))

    def _compose(self, template: str, variables: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Evaluates an expression. A result that contains or decodes a string from the service is never a template.

        A template that is a constant in the configuration itself remains one.
        """
        if self._said is None:
            self._said = untrusted(self._said_of)
        marked = {name: value for name, value in self._said.items() if name in variables and variables[name] == value}
        return sparing(super()._compose(template, {**variables, **marked}, *args, **kwargs))

    def _composed(self, variables: dict[str, Any], strict: bool) -> dict[str, Any]:
        """The variables from compose, for use in the filters."""
        result = {}
        for key, expression in (self.get_option("compose") or {}).items():
            try:
                result[key] = self._compose(expression, variables)
            except Exception as error:  # noqa: BLE001 - whatever a template raises
                if strict:
                    text = f"compose: {key} cannot be evaluated for {variables['aci_id']}: {error}"
                    raise AnsibleError(display_text(text)) from None
        return result

    def _holds(self, condition: str, variables: dict[str, Any], strict: bool) -> bool:
        try:
            return bool(self._compose(condition, variables))
        except Exception as error:  # noqa: BLE001 - whatever a template raises
            if strict:
                text = f"filters: {condition} fails for {variables['aci_id']}: {error}"
                raise AnsibleParserError(display_text(text)) from None
            return False

    def _preferred(self, variables: dict[str, Any], strict: bool) -> str:
        """The name according to hostnames, or an empty string."""
        for expression in self.get_option("hostnames"):
            try:
                name = self._compose(expression, variables)
            except Exception as error:  # noqa: BLE001 - whatever a template raises
                if strict:
                    text = f"hostnames: {expression} fails for {variables['aci_id']}: {error}"
                    raise AnsibleParserError(display_text(text)) from None
                continue
            # ssh would treat a name that begins with a hyphen as an option, and run the command in -oProxyCommand=...
            if isinstance(name, str) and name.strip() and not name.strip().startswith("-"):
                return name.strip()
        return ""


@dataclass
class _Entry:
    """A host that will be in the inventory."""

    name: Any
    names: tuple[str, ...]
    """Its possible names, from the shortest to one that is unique."""
    variables: dict[str, Any]
    composed: dict[str, Any] = field(default_factory=dict)

    def longer_names(self) -> Iterator[str]:
        """Names that are longer than the present one, and increasingly unlikely to be taken."""
        name = str(self.name)
        if name in self.names:
            yield from self.names[self.names.index(name) + 1 :]
        else:
            yield f"{name}_{self.variables['aci_resource_group']}"
        longest = f"{name}_{self.variables['aci_resource_group']}_{self.variables['aci_subscription_id']}"
        yield longest
        yield from (f"{longest}_{number}" for number in range(2, MOST_NAMES))


class _GroupNames:
    """A stand-in for the inventory that records which groups would contain a host."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def add_group(self, group: Any) -> Any:
        self.found.add(str(group))
        return group

    def add_child(self, group: Any, child: Any) -> None:
        """Does nothing: the group was recorded before."""

    def add_host(self, host: Any, group: Any = None) -> None:
        """Does nothing: the group was recorded before."""


def _kept(content: Any) -> list[dict[str, Any]]:
    """The facts in a cache. Version 1.0.0 stored them without encoding."""
    found: list[dict[str, Any]] = json.loads(content) if isinstance(content, str) else plain(content)
    return found


def _load_early(connection: str) -> None:
    """Loads a connection plugin and its imports once, in the main process; otherwise each task's worker would."""
    from ..module_utils._azure import preloaded  # noqa: F401 # pylint: disable=unused-import

    connection_loader.get(connection, class_only=True)
