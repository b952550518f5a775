# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A case for every property in the table: a group with the property, and the same group with another value.

The structure of a case comes from the table. This file adds what the table does not have: two values for each property,
the required siblings of a property, and other properties without which the service refuses it.
"""

from __future__ import annotations

import copy
import re
import typing as t
from dataclasses import dataclass

from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import GROUP, Effect, Kind, Property
from ansible_collections.azure_containers.aci.plugins.module_utils._group.wire import element_label

Options = dict[str, t.Any]

IMAGE = "example.com/app:1"
ENDING_IMAGE = "emulator.local/exit:0"
"""An init container must end."""
SHARED = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/matrix/providers"
"""The resources that a group refers to; the subscription represents the emulator's."""
SUBNET = f"{SHARED}/Microsoft.Network/virtualNetworks/net/subnets/one"
OTHER_SUBNET = f"{SHARED}/Microsoft.Network/virtualNetworks/net/subnets/two"
IDENTITY = f"{SHARED}/Microsoft.ManagedIdentity/userAssignedIdentities/one"
OTHER_IDENTITY = f"{SHARED}/Microsoft.ManagedIdentity/userAssignedIdentities/two"
PROFILE = f"{SHARED}/Microsoft.ContainerInstance/containerGroupProfiles/one"
OTHER_PROFILE = f"{SHARED}/Microsoft.ContainerInstance/containerGroupProfiles/two"
POOL = f"{SHARED}/Microsoft.StandbyPool/standbyContainerGroupPools/one"
OTHER_POOL = f"{SHARED}/Microsoft.StandbyPool/standbyContainerGroupPools/two"
POLICY = "cGFja2FnZSBwb2xpY3k="
OTHER_POLICY = "cGFja2FnZSBvdGhlcg=="

BASE: Options = {
    "os_type": "Linux",
    "containers": [{"name": "web", "image": IMAGE, "resources": {"requests": {"cpu": 1, "memory_in_gb": 1}}}],
}

WITH_IDENTITY: Options = {
    "identity": {"type": "UserAssigned", "user_assigned_identities": [IDENTITY, OTHER_IDENTITY]},
}
IN_SUBNET: Options = {"subnet_ids": [{"id": SUBNET}]}
WITH_VOLUMES: Options = {"volumes": [{"name": "scratch", "empty_dir": {}}, {"name": "other", "empty_dir": {}}]}
WITH_REFERENCES: Options = {
    **WITH_IDENTITY,
    "secret_references": [
        {"name": "first", "identity": IDENTITY, "secret_reference_uri": "https://vault.example.com/secrets/first"},
        {"name": "second", "identity": IDENTITY, "secret_reference_uri": "https://vault.example.com/secrets/second"},
    ],
}
WITH_PORTS: Options = {
    "containers": [
        {
            "name": "web",
            "ports": [
                {"port": 80, "protocol": "TCP"},
                {"port": 80, "protocol": "UDP"},
                {"port": 8080, "protocol": "TCP"},
            ],
        }
    ]
}
CONFIDENTIAL: Options = {"sku": "Confidential", "confidential_compute_properties": {"cce_policy": POLICY}}

CONTAINER_MINIMAL: dict[str, Options] = {
    "environment_variables": {"name": "SETTING", "value": "plain"},
    "volume_mounts": {"name": "scratch", "mount_path": "/data"},
    "security_context": {"run_as_user": 1000},
    "security_context.capabilities": {"add": ["NET_ADMIN"]},
    "ports": {"port": 80},
    "resources": {"requests": {"cpu": 1, "memory_in_gb": 1}},
    "resources.requests": {"cpu": 1, "memory_in_gb": 1},
    "resources.requests.gpu": {"count": 1, "sku": "V100"},
    "resources.limits": {"cpu": 1},
    "resources.limits.gpu": {"count": 1, "sku": "V100"},
    "config_map": {"key_value_pairs": {"a": "1"}},
    **{
        key: value
        for probe in ("liveness_probe", "readiness_probe")
        for key, value in {
            probe: {"http_get": {"port": 80}},
            f"{probe}.exec": {"command": ["true"]},
            f"{probe}.http_get": {"port": 80},
            f"{probe}.http_get.http_headers": {"name": "X-Probe", "value": "one"},
        }.items()
    },
}

MINIMAL: dict[str, Options] = {
    "containers": {"name": "web", "image": IMAGE},
    **{f"containers.{path}": value for path, value in CONTAINER_MINIMAL.items()},
    "init_containers": {"name": "prepare", "image": ENDING_IMAGE},
    **{f"init_containers.{path}": value for path, value in CONTAINER_MINIMAL.items()},
    "identity": {"type": "UserAssigned", "user_assigned_identities": [IDENTITY]},
    "image_registry_credentials": {"server": "one.example.com", "username": "puller", "password": "secret-one"},
    "ip_address": {"type": "Public", "ports": [{"port": 80}]},
    "ip_address.ports": {"port": 80},
    "volumes": {"name": "scratch", "empty_dir": {}},
    "volumes.azure_file": {
        "share_name": "share",
        "storage_account_name": "account",
        "storage_account_key": "c2VjcmV0",
    },
    "volumes.git_repo": {"repository": "https://example.com/one.git"},
    "subnet_ids": {"id": SUBNET},
    "dns_config": {"name_servers": ["10.0.0.4"]},
    "diagnostics": {"log_analytics": {"workspace_id": "one", "workspace_key": "c2VjcmV0"}},
    "diagnostics.log_analytics": {"workspace_id": "one", "workspace_key": "c2VjcmV0", "log_type": "ContainerInsights"},
    "encryption_properties": {
        "vault_base_url": "https://vault.example.com",
        "key_name": "key",
        "key_version": "1",
        "identity": IDENTITY,
    },
    "extensions": {
        "name": "extension",
        "extension_type": "kube-proxy",
        "version": "1.0",
        "protected_settings": {"key": "secret-one"},
    },
    "confidential_compute_properties": {"cce_policy": POLICY},
    "secret_references": {
        "name": "first",
        "identity": IDENTITY,
        "secret_reference_uri": "https://vault.example.com/secrets/first",
    },
    "identity_acls": {"default_access": "All"},
    "identity_acls.acls": {"identity": IDENTITY, "access": "All"},
    "container_group_profile": {"id": PROFILE, "revision": 1},
    "standby_pool_profile": {"id": POOL},
}

CONTAINER_VALUES: dict[str, tuple[t.Any, t.Any]] = {
    "image": (IMAGE, "example.com/app:2"),
    "command": (["run", "--fast"], ["run", "--slow"]),
    "environment_variables": (
        [{"name": "SETTING", "value": "plain"}],
        [{"name": "SETTING", "value": "plain"}, {"name": "MORE", "value": 1}],
    ),
    "environment_variables.name": ("SETTING", "RENAMED"),
    "environment_variables.value": ("plain", "changed"),
    "environment_variables.secure_value": ("secret-one", "secret-two"),
    "environment_variables.secure_value_reference": ("first", "second"),
    "volume_mounts": (
        [{"name": "scratch", "mount_path": "/data"}],
        [{"name": "scratch", "mount_path": "/data"}, {"name": "other", "mount_path": "/other"}],
    ),
    "volume_mounts.name": ("scratch", "other"),
    "volume_mounts.mount_path": ("/data", "/elsewhere"),
    "volume_mounts.read_only": (True, False),
    "security_context": ({"run_as_user": 1000}, {}),
    "security_context.privileged": (True, False),
    "security_context.allow_privilege_escalation": (True, False),
    "security_context.capabilities": ({"add": ["NET_ADMIN"]}, {}),
    "security_context.capabilities.add": (["NET_ADMIN"], ["NET_ADMIN", "SYS_TIME"]),
    "security_context.capabilities.drop": (["NET_RAW"], ["NET_RAW", "CHOWN"]),
    "security_context.run_as_group": (1000, 2000),
    "security_context.run_as_user": (1000, 2000),
    "security_context.seccomp_profile": ("e30=", "e30K"),
    "ports": ([{"port": 80}], [{"port": 80}, {"port": 81, "protocol": "UDP"}]),
    "ports.port": (80, 81),
    "ports.protocol": ("TCP", "UDP"),
    "resources.requests.cpu": (1, 2),
    "resources.requests.memory_in_gb": (1, 1.5),
    "resources.requests.gpu": ({"count": 1, "sku": "V100"}, {}),
    "resources.requests.gpu.count": (1, 2),
    "resources.requests.gpu.sku": ("V100", "P100"),
    "resources.limits": ({"cpu": 1}, {}),
    "resources.limits.cpu": (1, 2),
    "resources.limits.memory_in_gb": (1, 2),
    "resources.limits.gpu": ({"count": 1, "sku": "V100"}, {}),
    "resources.limits.gpu.count": (1, 2),
    "resources.limits.gpu.sku": ("V100", "P100"),
    "config_map": ({"key_value_pairs": {"a": "1"}}, {}),
    "config_map.key_value_pairs": ({"a": "1"}, {"a": "2"}),
    **{
        key: value
        for probe in ("liveness_probe", "readiness_probe")
        for key, value in {
            probe: ({"http_get": {"port": 80}}, {}),
            f"{probe}.exec": ({"command": ["true"]}, None),
            f"{probe}.exec.command": (["true"], ["false"]),
            f"{probe}.http_get": ({"port": 80}, None),
            f"{probe}.http_get.path": ("/", "/health"),
            f"{probe}.http_get.port": (80, 81),
            f"{probe}.http_get.scheme": ("http", "https"),
            f"{probe}.http_get.http_headers": (
                [{"name": "X-Probe", "value": "one"}],
                [{"name": "X-Probe", "value": "one"}, {"name": "X-More", "value": "1"}],
            ),
            f"{probe}.http_get.http_headers.name": ("X-Probe", "X-Renamed"),
            f"{probe}.http_get.http_headers.value": ("one", "two"),
            f"{probe}.initial_delay_seconds": (10, 20),
            f"{probe}.period_seconds": (10, 20),
            f"{probe}.failure_threshold": (3, 4),
            f"{probe}.success_threshold": (1, 2) if probe == "readiness_probe" else (1, 1),
            f"{probe}.timeout_seconds": (1, 2),
        }.items()
    },
}

VALUES: dict[str, tuple[t.Any, t.Any]] = {
    "location": ("westeurope", "northeurope"),
    "zones": (["1"], ["2"]),
    "identity": ({"type": "UserAssigned", "user_assigned_identities": [IDENTITY]}, {}),
    "identity.type": ("UserAssigned", "SystemAssigned, UserAssigned"),
    "identity.user_assigned_identities": ([IDENTITY], [IDENTITY, OTHER_IDENTITY]),
    "os_type": ("Linux", "Windows"),
    "restart_policy": ("Never", "OnFailure"),
    "sku": ("Dedicated", "Standard"),
    "priority": ("Spot", "Regular"),
    "containers": (
        [{"name": "web", "image": IMAGE}],
        [{"name": "web", "image": IMAGE}, {"name": "side", "image": IMAGE}],
    ),
    "containers.name": ("web", "renamed"),
    **{f"containers.{path}": values for path, values in CONTAINER_VALUES.items()},
    "init_containers": (
        [{"name": "prepare", "image": ENDING_IMAGE}],
        [{"name": "prepare", "image": ENDING_IMAGE}, {"name": "more", "image": ENDING_IMAGE}],
    ),
    "init_containers.name": ("prepare", "renamed"),
    **{
        f"init_containers.{path}": values
        for path, values in CONTAINER_VALUES.items()
        if path.partition(".")[0] in {child.option for child in GROUP.child("init_containers").children}
    },
    "init_containers.image": (ENDING_IMAGE, "emulator.local/exit-after:1"),
    "image_registry_credentials": (
        [MINIMAL["image_registry_credentials"]],
        [
            MINIMAL["image_registry_credentials"],
            {"server": "two.example.com", "username": "puller", "password": "secret-two"},
        ],
    ),
    "image_registry_credentials.server": ("one.example.com", "two.example.com"),
    "image_registry_credentials.username": ("puller", "reader"),
    "image_registry_credentials.password": ("secret-one", "secret-two"),
    "image_registry_credentials.password_reference": ("first", "second"),
    "image_registry_credentials.identity": (IDENTITY, OTHER_IDENTITY),
    "image_registry_credentials.identity_url": ("https://one.example.com/id", "https://two.example.com/id"),
    "ip_address": ({"type": "Public", "ports": [{"port": 80}]}, {}),
    "ip_address.type": ("Private", "Public"),
    "ip_address.ports": ([{"port": 80}], [{"port": 80}, {"port": 8080}]),
    "ip_address.ports.port": (80, 8080),
    "ip_address.ports.protocol": ("TCP", "UDP"),
    "ip_address.ip": ("10.0.0.10", "10.0.0.11"),
    "ip_address.dns_name_label": ("matrix-one", "matrix-two"),
    "ip_address.auto_generated_domain_name_label_scope": ("TenantReuse", "Noreuse"),
    "volumes": (
        [{"name": "scratch", "empty_dir": {}}],
        [{"name": "scratch", "empty_dir": {}}, {"name": "other", "empty_dir": {}}],
    ),
    "volumes.name": ("scratch", "renamed"),
    "volumes.azure_file": (MINIMAL["volumes.azure_file"], None),
    "volumes.azure_file.share_name": ("share", "other"),
    "volumes.azure_file.read_only": (True, False),
    "volumes.azure_file.storage_account_name": ("account", "another"),
    "volumes.azure_file.storage_account_key": ("c2VjcmV0", "b3RoZXI="),
    "volumes.azure_file.storage_account_key_reference": ("first", "second"),
    "volumes.azure_file.user_assigned_identity_client_id": (
        "00000000-0000-0000-0000-00000000000a",
        "00000000-0000-0000-0000-00000000000b",
    ),
    "volumes.empty_dir": ({}, None),
    "volumes.secret": ({"file": "c2VjcmV0"}, {"file": "b3RoZXI="}),
    "volumes.secret_reference": ({"file": "first"}, {"file": "second"}),
    "volumes.git_repo": ({"repository": "https://example.com/one.git"}, None),
    "volumes.git_repo.directory": (".", "source"),
    "volumes.git_repo.repository": ("https://example.com/one.git", "https://example.com/two.git"),
    "volumes.git_repo.revision": ("v1", "v2"),
    "subnet_ids": ([{"id": SUBNET}], []),
    "subnet_ids.id": (SUBNET, OTHER_SUBNET),
    "subnet_ids.name": ("one", "two"),
    "dns_config": ({"name_servers": ["10.0.0.4"]}, {}),
    "dns_config.name_servers": (["10.0.0.4"], ["10.0.0.4", "10.0.0.5"]),
    "dns_config.search_domains": ("example.com", "example.com example.org"),
    "dns_config.options": ("ndots:2", "ndots:3"),
    "diagnostics": (MINIMAL["diagnostics"], {}),
    "diagnostics.log_analytics": (MINIMAL["diagnostics.log_analytics"], {}),
    "diagnostics.log_analytics.workspace_id": ("one", "two"),
    "diagnostics.log_analytics.workspace_key": ("c2VjcmV0", "b3RoZXI="),
    "diagnostics.log_analytics.log_type": ("ContainerInsights", "ContainerInstanceLogs"),
    "diagnostics.log_analytics.metadata": ({"node-name": "one"}, {"node-name": "two"}),
    "diagnostics.log_analytics.workspace_resource_id": (
        f"{SHARED}/Microsoft.OperationalInsights/workspaces/one",
        f"{SHARED}/Microsoft.OperationalInsights/workspaces/two",
    ),
    "encryption_properties": (MINIMAL["encryption_properties"], {}),
    "encryption_properties.vault_base_url": ("https://vault.example.com", "https://other.example.com"),
    "encryption_properties.key_name": ("key", "other"),
    "encryption_properties.key_version": ("1", "2"),
    "encryption_properties.identity": (IDENTITY, OTHER_IDENTITY),
    "extensions": (
        [MINIMAL["extensions"]],
        [MINIMAL["extensions"], {**MINIMAL["extensions"], "name": "another"}],
    ),
    "extensions.name": ("extension", "renamed"),
    "extensions.extension_type": ("kube-proxy", "realtime-metrics"),
    "extensions.version": ("1.0", "1.1"),
    "extensions.settings": ({"a": {"b": 1}}, {"a": {"b": 2}}),
    "extensions.protected_settings": ({"key": "secret-one"}, {"key": "secret-two"}),
    "confidential_compute_properties": ({"cce_policy": POLICY}, None),
    "confidential_compute_properties.cce_policy": (POLICY, OTHER_POLICY),
    "secret_references": ([WITH_REFERENCES["secret_references"][0]], WITH_REFERENCES["secret_references"]),
    "secret_references.name": ("first", "second"),
    "secret_references.identity": (IDENTITY, OTHER_IDENTITY),
    "secret_references.secret_reference_uri": (
        "https://vault.example.com/secrets/first",
        "https://vault.example.com/secrets/second",
    ),
    "identity_acls": ({"default_access": "All"}, {}),
    "identity_acls.default_access": ("All", "System"),
    "identity_acls.acls": (
        [{"identity": IDENTITY, "access": "All"}],
        [{"identity": IDENTITY, "access": "All"}, {"identity": OTHER_IDENTITY, "access": "User"}],
    ),
    "identity_acls.acls.identity": (IDENTITY, OTHER_IDENTITY),
    "identity_acls.acls.access": ("All", "User"),
    "container_group_profile": ({"id": PROFILE, "revision": 1}, {}),
    "container_group_profile.id": (PROFILE, OTHER_PROFILE),
    "container_group_profile.revision": (1, 2),
    "standby_pool_profile": ({"id": POOL}, {}),
    "standby_pool_profile.id": (POOL, OTHER_POOL),
    "standby_pool_profile.fail_container_group_create_on_reuse_failure": (False, False),  # no pool can fail
}
"""Two values of each property. None means that the property cannot be removed, or only with its alternative."""

_REFERRING = ("secure_value_reference", "password_reference", "storage_account_key_reference", "secret_reference")

CONTEXTS: dict[str, Options] = {
    **{
        f"{containers}.{path}": context
        for containers in ("containers", "init_containers")
        for path, context in {
            "volume_mounts": WITH_VOLUMES,
            "security_context.privileged": CONFIDENTIAL,
        }.items()
    },
    "containers.resources.requests.gpu": {},
    "containers.resources.limits": {"containers": [{"name": "side", "image": IMAGE}]},
    "ip_address": WITH_PORTS,
    "ip_address.type": {**WITH_PORTS, "ip_address": {"ports": [{"port": 80}]}},
    "ip_address.ip": {**WITH_PORTS, **IN_SUBNET},
    "ip_address.auto_generated_domain_name_label_scope": {
        **WITH_PORTS,
        "ip_address": {"dns_name_label": "matrix-scope"},
    },
    "image_registry_credentials.identity": WITH_IDENTITY,
    "image_registry_credentials.identity_url": WITH_IDENTITY,
    "dns_config": IN_SUBNET,
    "encryption_properties": WITH_IDENTITY,
    "volumes.azure_file.user_assigned_identity_client_id": WITH_IDENTITY,
    "confidential_compute_properties": {"sku": "Confidential"},
    "secret_references": WITH_IDENTITY,
    "identity_acls": WITH_IDENTITY,
    **{path: WITH_REFERENCES for path in VALUES if path.endswith(_REFERRING)},
}
"""Other required properties of the group, by the path of a property or of its parent; the longest path applies."""

BESIDES: dict[str, tuple[Options, Options]] = {
    "ip_address.type": (IN_SUBNET, {"subnet_ids": []}),
    "ip_address.ip": ({"ip_address": {"type": "Private"}}, {"ip_address": {"type": "Private"}}),
    "volumes.empty_dir": (
        {},
        {"volumes": [{"name": "scratch", "git_repo": {"repository": "https://example.com/r.git"}}]},
    ),
    "volumes.azure_file": ({}, {"volumes": [{"name": "scratch", "empty_dir": {}}]}),
    "volumes.git_repo": ({}, {"volumes": [{"name": "scratch", "empty_dir": {}}]}),
    "confidential_compute_properties": ({}, {"sku": "Standard", "confidential_compute_properties": {}}),
    **{
        f"containers.{probe}.{kind}": ({}, {"containers": [{"name": "web", probe: other}]})
        for probe in ("liveness_probe", "readiness_probe")
        for kind, other in (("exec", {"http_get": {"port": 80}}), ("http_get", {"exec": {"command": ["true"]}}))
    },
}
"""Other properties with the first and the second value, if a property cannot change alone."""

ALSO: dict[str, tuple[str, ...]] = {
    "ip_address.type": (f"subnet_ids[{SUBNET}]", "ip_address.ip"),
    "volumes.empty_dir": ("volumes[scratch].git_repo",),
    "volumes.azure_file": ("volumes[scratch].empty_dir",),
    "volumes.git_repo": ("volumes[scratch].empty_dir",),
    "confidential_compute_properties": ("sku",),
    **{
        f"containers.{probe}.{kind}": (f"containers[web].{probe}.{other}",)
        for probe in ("liveness_probe", "readiness_probe")
        for kind, other in (("exec", "http_get"), ("http_get", "exec"))
    },
}
"""The other reported changes in these cases."""

INSTEAD: dict[str, set[str]] = {
    "diagnostics.log_analytics": {"diagnostics"},
    "identity": {"identity.type", "identity.user_assigned_identities"},
}
"""The change that is reported instead of the property itself."""

LASTING = {
    "location": "a group is somewhere",
    "image_registry_credentials.username": "a password needs it",
    "image_registry_credentials.identity": "a registry needs a proof",
    "containers": "a group needs a container",
    "identity.user_assigned_identities": "the type says that there are some",
    "volumes.secret_reference": "a volume needs a kind",
    "confidential_compute_properties": "its SKU needs them",
    "confidential_compute_properties.cce_policy": "a Confidential group always has one",
    "diagnostics.log_analytics": "it is all that diagnostics have",
    "identity_acls.default_access": "it is all that the lists have",
    "ip_address.ports": "an address needs ports",
    "ip_address.ip": "the service then chooses one",
    "config_map.key_value_pairs": "it is all that a config map has",
    "volumes.azure_file.user_assigned_identity_client_id": "a share needs a key or an identity",
}
"""Properties whose type could be removed, but not alone."""


@dataclass(frozen=True)
class Case:
    """The lifecycle of a property: options for aci_group, and the expected reports."""

    path: str
    prop: Property
    first: Options
    second: Options
    without: Options
    """The group with the second value, without the property."""
    removed: Options | None
    """The group with the property empty; None if this is not possible."""
    changes: dict[str, Effect]
    """The change from the first to the second value: the reported changes, with their effects in the table."""
    removals: dict[str, Effect]


def properties(prop: Property = GROUP, path: str = "") -> t.Iterator[tuple[str, Property]]:
    """All properties in the table with their paths."""
    for child in prop.children:
        child_path = f"{path}.{child.option}" if path else child.option
        yield child_path, child
        yield from properties(child, child_path)


_TABLE = dict(properties())

CARRIERS = frozenset({"containers.resources", "containers.resources.requests"})
"""Objects that every container has: only their content can change."""


def case(path: str) -> Case:
    """The case of a property. Raises KeyError if there is none."""
    prop = _TABLE[path]
    first, second = VALUES[path]
    before, after = BESIDES.get(path, ({}, {}))
    context = _context(path)
    base = {"os_type": "Linux"} if path == "containers.name" else BASE
    start = combined(base, context, _around(path, first), before)
    end = combined(base, context, {} if second is None else _around(path, second), after)
    return Case(
        path=path,
        prop=prop,
        first=start,
        second=end,
        without=_without(end, path),
        removed=_removed(path, prop, combined(base, context, after), second),
        changes=_priced({*_changes(path, prop, first, second), *ALSO.get(path, ())}),
        removals=_priced(_removals(path, prop, second)),
    )


def combined(*parts: Options) -> Options:
    """Merge dictionaries, and lists of named objects by name; empty ones remain empty."""
    result: Options = {}
    for part in parts:
        for option, value in part.items():
            result[option] = _merged(result.get(option), value)
    return result


def _merged(old: t.Any, new: t.Any) -> t.Any:
    if isinstance(old, dict) and isinstance(new, dict) and new:
        return combined(old, new)
    if (
        isinstance(old, list)
        and isinstance(new, list)
        and new
        and all(isinstance(i, dict) and "name" in i for i in new)
    ):
        known = {item["name"]: item for item in old}
        names = [*known, *(item["name"] for item in new if item["name"] not in known)]
        given = {item["name"]: item for item in new}
        return [_merged(known.get(name), given[name]) if name in given else known[name] for name in names]
    return copy.deepcopy(new)


def _has_names(value: t.Any) -> bool:
    return isinstance(value, list) and value != [] and all(isinstance(item, dict) and "name" in item for item in value)


def _context(path: str) -> Options:
    found = [known for known in CONTEXTS if path == known or path.startswith(f"{known}.")]
    return CONTEXTS[max(found, key=len)] if found else {}


def _steps(path: str) -> list[tuple[str, Property]]:
    """The properties on the way to a property, with their paths; the property itself is the last."""
    names = path.split(".")
    paths = [".".join(names[: end + 1]) for end in range(len(names))]
    return [(step, _TABLE[step]) for step in paths]


def _least(path: str, child: str) -> Options:
    """The required siblings of a child of the object at O(path), without alternatives of the child."""
    least = copy.deepcopy(MINIMAL.get(path, {}))
    wanted = _TABLE[path].child(child)
    rivals = [p.option for p in _TABLE[path].children if wanted.alternatives and p.alternatives == wanted.alternatives]
    for option in rivals:
        least.pop(option, None)
    if path == "image_registry_credentials" and child in ("identity", "identity_url"):
        least = {"server": least["server"], "identity": IDENTITY}
    return least


def _around(path: str, value: t.Any) -> Options:
    """Options that set O(value) at O(path)."""
    steps = _steps(path)
    built = value
    for position in range(len(steps) - 1, 0, -1):
        child = steps[position][0].rsplit(".", 1)[-1]
        outer_path, outer = steps[position - 1]
        least = {option: item for option, item in _least(outer_path, child).items() if option != child}
        built = {**least, child: built}
        if outer.kind is Kind.OBJECTS:
            built = [built]
    return {steps[0][0]: built}


def _is_key(path: str) -> bool:
    steps = _steps(path)
    return len(steps) > 1 and path.rsplit(".", 1)[-1] in steps[-2][1].key


def _label(path: str, value: t.Any = None) -> str:
    """A property's name in the changes. With a value, it is that of a list element's key."""
    steps = _steps(path)
    names = []
    for position, (step, prop) in enumerate(steps[:-1]):
        name = step.rsplit(".", 1)[-1]
        if prop.kind is Kind.OBJECTS:
            element = dict(MINIMAL[step])
            if position == len(steps) - 2 and value is not None:
                element[path.rsplit(".", 1)[-1]] = value
            name = f"{name}[{element_label(prop, element)}]"
        names.append(name)
    return ".".join([*names, path.rsplit(".", 1)[-1]])


def _elements(path: str, prop: Property, values: t.Sequence[Options]) -> set[str]:
    return {f"{_label(path)}[{element_label(prop, value)}]" for value in values}


def _changes(path: str, prop: Property, first: t.Any, second: t.Any) -> set[str]:
    if path in INSTEAD:
        return INSTEAD[path]
    if first == second:
        return set()
    if _is_key(path):  # a different key is a different element
        return {_label(path, value).rpartition(".")[0] for value in (first, second)}
    if prop.kind is Kind.OBJECTS:
        return _elements(path, prop, first) ^ _elements(path, prop, second)
    return {_label(path)}


_EMPTY: dict[Kind, t.Any] = {
    Kind.OBJECT: {},
    Kind.MAP: {},
    Kind.FREE: {},
    Kind.OBJECTS: [],
    Kind.TEXTS: [],
    Kind.RAW_TEXTS: [],
    Kind.KEYS: [],
    Kind.TEXT: "",
}


def _is_removable(path: str, prop: Property, second: t.Any) -> bool:
    lasting = any(path == known or path.endswith(f".{known}") for known in LASTING)
    return (
        prop.kind in _EMPTY
        and second not in (None, {}, [])
        and not prop.choices
        and not (prop.needed or prop.required or prop.secret or prop.on_create is not None or lasting)
        and not _is_key(path)
        and not path.endswith(_REFERRING)
    )


def _removed(path: str, prop: Property, rest: Options, second: t.Any) -> Options | None:
    if not _is_removable(path, prop, second):
        return None
    return combined(rest, _around(path, copy.deepcopy(_EMPTY[prop.kind])))


def _removals(path: str, prop: Property, second: t.Any) -> set[str]:
    if not _is_removable(path, prop, second) or (prop.default is not None and second == prop.default):
        return set()
    return _elements(path, prop, second) if prop.kind is Kind.OBJECTS else {_label(path)}


def _priced(labels: t.Iterable[str]) -> dict[str, Effect]:
    """The effect of each of these changes in the table."""
    return {label: _TABLE[re.sub(r"\[[^]]*\]", "", label)].effect for label in labels}


def _without(options: Options, path: str) -> Options:
    """Options without the property and empty parents; without the whole list if an element requires the property."""
    names = path.split(".")
    if _is_key(path) or _TABLE[path].required:
        names = names[:-1]
    result = copy.deepcopy(options)
    _leave_out(result, names)
    return result


def _leave_out(options: Options, names: t.Sequence[str]) -> None:
    name, rest = names[0], names[1:]
    value = options.get(name)
    if not rest:
        options.pop(name, None)
        return
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            _leave_out(item, rest)
    if value == {}:
        del options[name]
