# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The table of a container group's properties.

Every property is described here once: its option, its name on the wire, whether it is secret, how it is compared, and
the effect of changing it. The argument spec, the conversion in both directions, the comparison, the masking and the
decision to recreate are derived from it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .._common.api_versions import IDENTITY_SHARES, OLDEST, PROFILES


class Effect(str, Enum):
    """The effect of changing a property of a live group."""

    CREATE = "create"
    """The group is new."""
    DELETE = "delete"
    """The group is deleted."""
    START = "start"
    """The group's containers are deployed again; its address may change."""
    STOP = "stop"
    """All containers are stopped."""
    RESTART = "restart"
    """All containers restart."""
    TAGS = "tags"
    """A PATCH; no container restarts."""
    CONFIG_MAP = "config_map"
    """One PUT that changes only config maps; according to the documentation, no container restarts."""
    IN_PLACE = "in_place"
    """One PUT; all containers restart, but the address usually stays the same."""
    REDEPLOY = "redeploy"
    """A PUT on a stopped or finished group: it runs again, and its address may change."""
    UNKNOWN = "in_place_or_recreate"
    """Public sources disagree: the change is tried in place, and the group recreated if the service refuses."""
    RECREATE = "recreate"
    """The service refuses the change in place, so the group is deleted and created again."""


class Kind(str, Enum):
    """The shape of a property's value."""

    TEXT = "text"
    RAW_TEXT = "raw text"
    """Text that YAML may parse as another type (``true``, ``1.10``): only strings and whole numbers are accepted."""
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    OBJECT = "object"
    """A dictionary of properties of the table."""
    MARKER = "marker"
    """A dictionary without properties, of which only the presence matters (``emptyDir: {}``)."""
    MAP = "map"
    """A dictionary with arbitrary keys and string values."""
    FREE = "free"
    """Any JSON object, passed on unchanged."""
    TEXTS = "list of text"
    RAW_TEXTS = "list of raw text"
    OBJECTS = "list of objects"
    KEYS = "list of text, an object's keys on the wire"


class Compare(str, Enum):
    """When two strings count as equal. For MAP, FREE and KEYS, this applies to their keys.

    Case matters unless it is known not to: if two different things counted as equal, one of them would be lost.
    """

    EXACT = "exact"
    NO_CASE = "no case"
    BY_OS = "with case on Linux, without on Windows"
    """Names that the container's operating system compares. The table is that for Linux; see _group/tables.py."""
    LOCATION = "location"


@dataclass(eq=False)
class Property:
    """One property of a container group. It never changes.

    ``wire`` is the dotted path below the parent's object on the wire (``properties.osType``). It is not frozen, and has
    no comparison, because every task creates the whole table, which would take nearly twice as long.
    """

    option: str
    wire: str
    kind: Kind = Kind.TEXT
    effect: Effect = Effect.IN_PLACE
    choices: tuple[str, ...] = ()
    compare: Compare = Compare.EXACT
    default: Any = None
    """The service's value for a property that is not set."""
    on_create: Any = None
    """The value that the module sends for a new group or container if the service requires one and none is given."""
    required: bool = False
    """It identifies an object in a list, so the argument spec requires it."""
    needed: bool = False
    """The service requires it in an object that exists; the engine checks this."""
    secret: bool = False
    secret_when: tuple[str, ...] = ()
    """A live object has this secret, although the service does not return it, if it has all of these wire names ..."""
    secret_unless: tuple[str, ...] = ()
    """... and none of these."""
    secret_optional: bool = False
    """A new object may be created without this secret; whether a live one has it is unknown."""
    alternatives: str = ""
    """Properties of an object with the same value here exclude each other: giving one removes the others."""
    beside: tuple[str, ...] = ()
    """Options of the same alternatives that may be combined with this one; giving it does not remove them."""
    key: tuple[str, ...] = ()
    """For OBJECTS: the options that identify an element."""
    ordered: bool = False
    """For lists: whether the order matters."""
    children: tuple[Property, ...] = ()
    since: str = OLDEST
    in_profiles: bool = True
    """Whether container group profiles have it as well (according to the API specification of 2025-09-01)."""

    def child(self, option: str) -> Property:
        """The child with this option name. Raises KeyError if there is none."""
        for child in self.children:
            if child.option == option:
                return child
        raise KeyError(option)

    # What follows is worked out once: lists of thousands of groups ask for it in every element of each.

    @functools.cached_property
    def holds_secret(self) -> bool:
        """Whether anything below it is secret."""
        return any(child.secret or child.holds_secret for child in self.children)

    @functools.cached_property
    def key_children(self) -> tuple[Property, ...]:
        """The children that identify an element."""
        return tuple(child for child in self.children if child.option in self.key)

    @functools.cached_property
    def wires(self) -> frozenset[str]:
        """The paths of its children on the wire, and of what stands around them."""
        paths = [child.wire.split(".") for child in self.children]
        return frozenset(".".join(path[:length]) for path in paths for length in range(1, len(path) + 1))


def _text(option: str, wire: str, **kwargs: Any) -> Property:
    return Property(option, wire, Kind.TEXT, **kwargs)


_PROTOCOLS = ("TCP", "UDP")


def _port(effect: Effect) -> tuple[Property, ...]:
    return (
        Property("port", "port", Kind.INTEGER, effect, required=True),
        Property("protocol", "protocol", effect=effect, choices=_PROTOCOLS, compare=Compare.NO_CASE, default="TCP"),
    )


_ENVIRONMENT = Property(
    "environment_variables",
    "properties.environmentVariables",
    Kind.OBJECTS,
    key=("name",),
    children=(
        # http_proxy and HTTP_PROXY are two variables on Linux, but the same one on Windows.
        _text("name", "name", required=True, compare=Compare.BY_OS),
        Property("value", "value", Kind.RAW_TEXT, alternatives="value"),
        Property(
            "secure_value",
            "secureValue",
            Kind.RAW_TEXT,
            alternatives="value",
            secret=True,
            secret_unless=("value", "secureValueReference"),
        ),
        _text("secure_value_reference", "secureValueReference", alternatives="value", since=PROFILES),
    ),
)

SHORT_FORMS = {"env": "value", "secure_env": "secure_value"}
"""Dictionaries that may be given instead of environment_variables, with the suboption that their values become."""

_VOLUME_MOUNTS = Property(
    "volume_mounts",
    "properties.volumeMounts",
    Kind.OBJECTS,
    Effect.UNKNOWN,
    key=("mount_path",),
    children=(
        _text("name", "name", required=True, effect=Effect.UNKNOWN),
        # Paths in the container's file system.
        _text("mount_path", "mountPath", required=True, effect=Effect.UNKNOWN, compare=Compare.BY_OS),
        Property("read_only", "readOnly", Kind.FLAG, Effect.UNKNOWN, default=False),
    ),
)

_SECURITY_CONTEXT = Property(
    "security_context",
    "properties.securityContext",
    Kind.OBJECT,
    children=(
        Property("privileged", "privileged", Kind.FLAG),
        Property("allow_privilege_escalation", "allowPrivilegeEscalation", Kind.FLAG),
        Property(
            "capabilities",
            "capabilities",
            Kind.OBJECT,
            children=(Property("add", "add", Kind.TEXTS), Property("drop", "drop", Kind.TEXTS)),
        ),
        Property("run_as_group", "runAsGroup", Kind.INTEGER),
        Property("run_as_user", "runAsUser", Kind.INTEGER),
        _text("seccomp_profile", "seccompProfile"),
    ),
)


def _probe(option: str, wire: str) -> Property:
    return Property(
        option,
        wire,
        Kind.OBJECT,
        children=(
            Property(
                "exec",
                "exec",
                Kind.OBJECT,
                alternatives="action",
                children=(Property("command", "command", Kind.RAW_TEXTS, ordered=True, needed=True),),
            ),
            Property(
                "http_get",
                "httpGet",
                Kind.OBJECT,
                alternatives="action",
                children=(
                    _text("path", "path"),
                    Property("port", "port", Kind.INTEGER, needed=True),
                    _text("scheme", "scheme", choices=("http", "https"), compare=Compare.NO_CASE),
                    Property(
                        "http_headers",
                        "httpHeaders",
                        Kind.OBJECTS,
                        key=("name",),
                        children=(
                            # The names of HTTP fields are case-insensitive (RFC 9110, 5.1).
                            _text("name", "name", required=True, compare=Compare.NO_CASE),
                            Property("value", "value", Kind.RAW_TEXT),
                        ),
                    ),
                ),
            ),
            Property("initial_delay_seconds", "initialDelaySeconds", Kind.INTEGER),
            Property("period_seconds", "periodSeconds", Kind.INTEGER),
            Property("failure_threshold", "failureThreshold", Kind.INTEGER),
            Property("success_threshold", "successThreshold", Kind.INTEGER),
            Property("timeout_seconds", "timeoutSeconds", Kind.INTEGER),
        ),
    )


def _gpu(effect: Effect) -> Property:
    return Property(
        "gpu",
        "gpu",
        Kind.OBJECT,
        effect,
        children=(
            Property("count", "count", Kind.INTEGER, effect, needed=True),
            _text("sku", "sku", effect=effect, choices=("K80", "P100", "V100"), needed=True),
        ),
    )


_RESOURCES = Property(
    "resources",
    "properties.resources",
    Kind.OBJECT,
    Effect.RECREATE,
    children=(
        Property(
            "requests",
            "requests",
            Kind.OBJECT,
            Effect.RECREATE,
            children=(
                Property("cpu", "cpu", Kind.NUMBER, Effect.RECREATE, on_create=1.0),
                Property("memory_in_gb", "memoryInGB", Kind.NUMBER, Effect.RECREATE, on_create=1.5),
                _gpu(Effect.RECREATE),
            ),
        ),
        Property(
            "limits",
            "limits",
            Kind.OBJECT,
            Effect.UNKNOWN,
            children=(
                Property("cpu", "cpu", Kind.NUMBER, Effect.UNKNOWN),
                Property("memory_in_gb", "memoryInGB", Kind.NUMBER, Effect.UNKNOWN),
                _gpu(Effect.UNKNOWN),
            ),
        ),
    ),
)

CONTAINERS = Property(
    "containers",
    "properties.containers",
    Kind.OBJECTS,
    Effect.UNKNOWN,
    key=("name",),
    children=(
        # The service accepts only lower-case letters here, and in the names of init containers and volumes.
        _text("name", "name", required=True),
        _text("image", "properties.image", needed=True),
        Property("command", "properties.command", Kind.RAW_TEXTS, ordered=True),
        _ENVIRONMENT,
        Property(
            "ports",
            "properties.ports",
            Kind.OBJECTS,
            Effect.UNKNOWN,
            key=("port", "protocol"),
            children=_port(Effect.UNKNOWN),
        ),
        _RESOURCES,
        _VOLUME_MOUNTS,
        _probe("liveness_probe", "properties.livenessProbe"),
        _probe("readiness_probe", "properties.readinessProbe"),
        _SECURITY_CONTEXT,
        Property(
            "config_map",
            "properties.configMap",
            Kind.OBJECT,
            Effect.CONFIG_MAP,
            since=PROFILES,
            # Files on Linux; on Windows one JSON document, whose names are case-sensitive as well.
            children=(Property("key_value_pairs", "keyValuePairs", Kind.MAP, Effect.CONFIG_MAP, since=PROFILES),),
        ),
    ),
)

INIT_CONTAINERS = Property(
    "init_containers",
    "properties.initContainers",
    Kind.OBJECTS,
    Effect.UNKNOWN,
    key=("name",),
    ordered=True,
    children=(
        _text("name", "name", required=True),
        _text("image", "properties.image", needed=True),
        Property("command", "properties.command", Kind.RAW_TEXTS, ordered=True),
        _ENVIRONMENT,
        _VOLUME_MOUNTS,
        _SECURITY_CONTEXT,
    ),
)

IP_ADDRESS = Property(
    "ip_address",
    "properties.ipAddress",
    Kind.OBJECT,
    Effect.UNKNOWN,
    children=(
        _text(
            "type",
            "type",
            effect=Effect.UNKNOWN,
            choices=("Public", "Private"),
            compare=Compare.NO_CASE,
            needed=True,
        ),
        Property(
            "ports",
            "ports",
            Kind.OBJECTS,
            Effect.UNKNOWN,
            key=("port", "protocol"),
            needed=True,
            children=_port(Effect.UNKNOWN),
        ),
        _text("ip", "ip", effect=Effect.UNKNOWN),
        _text("dns_name_label", "dnsNameLabel", compare=Compare.NO_CASE),
        _text(
            "auto_generated_domain_name_label_scope",
            "autoGeneratedDomainNameLabelScope",
            effect=Effect.UNKNOWN,
            choices=("Unsecure", "TenantReuse", "SubscriptionReuse", "ResourceGroupReuse", "Noreuse"),
            compare=Compare.NO_CASE,
            default="Unsecure",
        ),
    ),
)

VOLUMES = Property(
    "volumes",
    "properties.volumes",
    Kind.OBJECTS,
    Effect.UNKNOWN,
    key=("name",),
    children=(
        _text("name", "name", required=True),
        Property(
            "azure_file",
            "azureFile",
            Kind.OBJECT,
            Effect.UNKNOWN,
            alternatives="kind",
            children=(
                _text("share_name", "shareName", effect=Effect.UNKNOWN, needed=True),
                Property("read_only", "readOnly", Kind.FLAG, Effect.UNKNOWN, default=False),
                _text("storage_account_name", "storageAccountName", effect=Effect.UNKNOWN, needed=True),
                _text(
                    "storage_account_key",
                    "storageAccountKey",
                    effect=Effect.UNKNOWN,
                    secret=True,
                    alternatives="key",
                    secret_unless=("storageAccountKeyReference", "userAssignedIdentityClientId"),
                ),
                _text(
                    "storage_account_key_reference",
                    "storageAccountKeyReference",
                    effect=Effect.UNKNOWN,
                    alternatives="key",
                    since=PROFILES,
                ),
                _text(
                    "user_assigned_identity_client_id",
                    "userAssignedIdentityClientId",
                    effect=Effect.UNKNOWN,
                    compare=Compare.NO_CASE,  # a GUID
                    alternatives="key",
                    since=IDENTITY_SHARES,
                ),
            ),
        ),
        Property("empty_dir", "emptyDir", Kind.MARKER, Effect.UNKNOWN, alternatives="kind"),
        # The keys of both are file names in the volume.
        Property(
            "secret",
            "secret",
            Kind.MAP,
            Effect.UNKNOWN,
            compare=Compare.BY_OS,
            alternatives="kind",
            beside=("secret_reference",),
            secret=True,
            secret_when=("secret",),
        ),
        Property(
            "secret_reference",
            "secretReference",
            Kind.MAP,
            Effect.UNKNOWN,
            compare=Compare.BY_OS,
            alternatives="kind",
            beside=("secret",),
            since=PROFILES,
        ),
        Property(
            "git_repo",
            "gitRepo",
            Kind.OBJECT,
            Effect.UNKNOWN,
            alternatives="kind",
            children=(
                _text("directory", "directory", effect=Effect.UNKNOWN),
                _text("repository", "repository", effect=Effect.UNKNOWN, needed=True),
                _text("revision", "revision", effect=Effect.UNKNOWN),
            ),
        ),
    ),
)

REGISTRY_CREDENTIALS = Property(
    "image_registry_credentials",
    "properties.imageRegistryCredentials",
    Kind.OBJECTS,
    key=("server",),
    children=(
        _text("server", "server", required=True, compare=Compare.NO_CASE),
        _text("username", "username"),
        _text(
            "password",
            "password",
            secret=True,
            alternatives="proof",
            secret_when=("username",),
            secret_unless=("passwordReference", "identity", "identityUrl"),
        ),
        _text("password_reference", "passwordReference", alternatives="proof", since=PROFILES),
        _text("identity", "identity", compare=Compare.NO_CASE, alternatives="proof"),
        _text("identity_url", "identityUrl"),
    ),
)

GROUP = Property(
    "container_group",
    "",
    Kind.OBJECT,
    Effect.RECREATE,
    children=(
        _text("location", "location", effect=Effect.RECREATE, compare=Compare.LOCATION),
        Property("zones", "zones", Kind.TEXTS, Effect.UNKNOWN),
        Property(
            "identity",
            "identity",
            Kind.OBJECT,
            in_profiles=False,
            children=(
                _text(
                    "type",
                    "type",
                    choices=("None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"),
                    compare=Compare.LOCATION,
                    default="None",
                ),
                Property("user_assigned_identities", "userAssignedIdentities", Kind.KEYS, compare=Compare.NO_CASE),
            ),
        ),
        _text(
            "os_type",
            "properties.osType",
            effect=Effect.RECREATE,
            choices=("Linux", "Windows"),
            compare=Compare.NO_CASE,
            on_create="Linux",
        ),
        _text(
            "restart_policy",
            "properties.restartPolicy",
            effect=Effect.RECREATE,
            choices=("Always", "OnFailure", "Never"),
            compare=Compare.NO_CASE,
            default="Always",
        ),
        _text(
            "sku",
            "properties.sku",
            effect=Effect.UNKNOWN,
            choices=("Standard", "Dedicated", "Confidential"),
            compare=Compare.NO_CASE,
            default="Standard",
        ),
        _text(
            "priority",
            "properties.priority",
            effect=Effect.UNKNOWN,
            choices=("Regular", "Spot"),
            compare=Compare.NO_CASE,
            default="Regular",
        ),
        CONTAINERS,
        INIT_CONTAINERS,
        REGISTRY_CREDENTIALS,
        IP_ADDRESS,
        VOLUMES,
        Property(
            "subnet_ids",
            "properties.subnetIds",
            Kind.OBJECTS,
            Effect.RECREATE,
            in_profiles=False,
            key=("id",),
            children=(
                _text("id", "id", effect=Effect.RECREATE, compare=Compare.NO_CASE, required=True),
                _text("name", "name", effect=Effect.RECREATE),
            ),
        ),
        Property(
            "dns_config",
            "properties.dnsConfig",
            Kind.OBJECT,
            Effect.UNKNOWN,
            in_profiles=False,
            children=(
                Property("name_servers", "nameServers", Kind.TEXTS, Effect.UNKNOWN, ordered=True, needed=True),
                _text("search_domains", "searchDomains", effect=Effect.UNKNOWN),
                _text("options", "options", effect=Effect.UNKNOWN),
            ),
        ),
        Property(
            "diagnostics",
            "properties.diagnostics",
            Kind.OBJECT,
            Effect.UNKNOWN,
            children=(
                Property(
                    "log_analytics",
                    "logAnalytics",
                    Kind.OBJECT,
                    Effect.UNKNOWN,
                    children=(
                        _text("workspace_id", "workspaceId", effect=Effect.UNKNOWN, needed=True),
                        _text("workspace_key", "workspaceKey", effect=Effect.UNKNOWN, secret=True),
                        _text(
                            "log_type",
                            "logType",
                            effect=Effect.UNKNOWN,
                            choices=("ContainerInsights", "ContainerInstanceLogs"),
                        ),
                        Property("metadata", "metadata", Kind.MAP, Effect.UNKNOWN),
                        _text(
                            "workspace_resource_id",
                            "workspaceResourceId",
                            effect=Effect.UNKNOWN,
                            compare=Compare.NO_CASE,
                        ),
                    ),
                ),
            ),
        ),
        Property(
            "encryption_properties",
            "properties.encryptionProperties",
            Kind.OBJECT,
            Effect.UNKNOWN,
            children=(
                _text("vault_base_url", "vaultBaseUrl", effect=Effect.UNKNOWN, needed=True),
                _text("key_name", "keyName", effect=Effect.UNKNOWN, needed=True),
                _text("key_version", "keyVersion", effect=Effect.UNKNOWN, needed=True),
                _text("identity", "identity", effect=Effect.UNKNOWN, compare=Compare.NO_CASE),
            ),
        ),
        Property(
            "extensions",
            "properties.extensions",
            Kind.OBJECTS,
            Effect.UNKNOWN,
            key=("name",),
            children=(
                _text("name", "name", required=True),
                _text("extension_type", "properties.extensionType", effect=Effect.UNKNOWN, needed=True),
                _text("version", "properties.version", effect=Effect.UNKNOWN, needed=True),
                Property("settings", "properties.settings", Kind.FREE, Effect.UNKNOWN),
                Property(
                    "protected_settings",
                    "properties.protectedSettings",
                    Kind.FREE,
                    Effect.UNKNOWN,
                    secret=True,
                    secret_optional=True,
                ),
            ),
        ),
        Property(
            "confidential_compute_properties",
            "properties.confidentialComputeProperties",
            Kind.OBJECT,
            Effect.UNKNOWN,
            children=(_text("cce_policy", "ccePolicy", effect=Effect.UNKNOWN),),
        ),
        Property(
            "secret_references",
            "properties.secretReferences",
            Kind.OBJECTS,
            Effect.UNKNOWN,
            in_profiles=False,
            key=("name",),
            since=PROFILES,
            children=(
                _text("name", "name", required=True, since=PROFILES),
                _text(
                    "identity", "identity", effect=Effect.UNKNOWN, compare=Compare.NO_CASE, needed=True, since=PROFILES
                ),
                _text("secret_reference_uri", "secretReferenceUri", effect=Effect.UNKNOWN, needed=True, since=PROFILES),
            ),
        ),
        Property(
            "identity_acls",
            "properties.identityAcls",
            Kind.OBJECT,
            Effect.UNKNOWN,
            in_profiles=False,
            since=PROFILES,
            children=(
                _text(
                    "default_access",
                    "defaultAccess",
                    effect=Effect.UNKNOWN,
                    choices=("All", "System", "User"),
                    since=PROFILES,
                ),
                Property(
                    "acls",
                    "acls",
                    Kind.OBJECTS,
                    Effect.UNKNOWN,
                    key=("identity",),
                    since=PROFILES,
                    children=(
                        _text(
                            "identity",
                            "identity",
                            effect=Effect.UNKNOWN,
                            compare=Compare.NO_CASE,
                            required=True,
                            since=PROFILES,
                        ),
                        _text(
                            "access",
                            "access",
                            effect=Effect.UNKNOWN,
                            choices=("All", "System", "User"),
                            needed=True,
                            since=PROFILES,
                        ),
                    ),
                ),
            ),
        ),
        Property(
            "container_group_profile",
            "properties.containerGroupProfile",
            Kind.OBJECT,
            Effect.UNKNOWN,
            in_profiles=False,
            since=PROFILES,
            children=(
                _text("id", "id", effect=Effect.UNKNOWN, compare=Compare.NO_CASE, needed=True, since=PROFILES),
                Property("revision", "revision", Kind.INTEGER, Effect.UNKNOWN, since=PROFILES),
            ),
        ),
        Property(
            "standby_pool_profile",
            "properties.standbyPoolProfile",
            Kind.OBJECT,
            Effect.UNKNOWN,
            in_profiles=False,
            since=PROFILES,
            children=(
                _text("id", "id", effect=Effect.UNKNOWN, compare=Compare.NO_CASE, needed=True, since=PROFILES),
                Property(
                    "fail_container_group_create_on_reuse_failure",
                    "failContainerGroupCreateOnReuseFailure",
                    Kind.FLAG,
                    Effect.UNKNOWN,
                    since=PROFILES,
                ),
            ),
        ),
    ),
)


SERVER_OWNED = (
    "id",
    "name",
    "type",
    "systemData",
    "properties.instanceView",
    "properties.provisioningState",
    "properties.provisioningTimeoutInSeconds",
    "properties.isCustomProvisioningTimeout",
    "properties.isCreatedFromStandbyPool",
    "properties.ipAddress.fqdn",
    "properties.ipAddress.ip",
    "identity.principalId",
    "identity.tenantId",
)
"""Paths that only the service writes, and that a PUT must not contain.

``ip`` is sent if the task gives a private address, or the group's current public address."""

_SPEC_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "str"},
    Kind.RAW_TEXT: {"type": "raw"},
    Kind.INTEGER: {"type": "int"},
    Kind.NUMBER: {"type": "float"},
    Kind.FLAG: {"type": "bool"},
    Kind.OBJECT: {"type": "dict"},
    Kind.MARKER: {"type": "dict"},
    Kind.MAP: {"type": "dict"},
    Kind.FREE: {"type": "dict"},
    Kind.TEXTS: {"type": "list", "elements": "str"},
    Kind.RAW_TEXTS: {"type": "list", "elements": "raw"},
    Kind.OBJECTS: {"type": "list", "elements": "dict"},
    Kind.KEYS: {"type": "list", "elements": "str"},
}


def argument_spec(prop: Property) -> dict[str, Any]:
    """The argument spec entry for one property, including suboptions.

    Secrets are ``no_log``; for names that only look secret (``secret_reference``), ``no_log`` is explicitly false.
    """
    spec: dict[str, Any] = dict(_SPEC_TYPES[prop.kind])
    if prop.required:
        spec["required"] = True
    if prop.choices:
        spec["choices"] = list(prop.choices)
    if prop.secret:
        spec["no_log"] = True
    elif any(word in prop.option for word in ("secret", "password", "key", "secure")):
        spec["no_log"] = False
    if prop.children:
        spec["options"] = {child.option: argument_spec(child) for child in prop.children}
        if any(child is _ENVIRONMENT for child in prop.children):
            spec["options"] |= {"env": {"type": "dict"}, "secure_env": {"type": "dict", "no_log": True}}
    return spec


def group_arguments(table: Property = GROUP) -> dict[str, Any]:
    """The argument spec for all properties of a container group, or of another table, by option name."""
    return {prop.option: argument_spec(prop) for prop in table.children}


def walk(prop: Property = GROUP, path: str = "") -> Iterator[tuple[str, Property]]:
    """Every property below ``prop`` with its dotted option path (``containers.resources.requests.cpu``)."""
    for child in prop.children:
        child_path = f"{path}.{child.option}" if path else child.option
        yield child_path, child
        yield from walk(child, child_path)
