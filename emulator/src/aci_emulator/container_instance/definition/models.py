# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The members of container groups and container group profiles.

Members are in the order of recorded responses (creates from 2019 to 2025), or of the service's specification if no
recording shows them. Defaults are those that the service fills in according to recordings; members that it does not
fill in (restartPolicy, a container port's protocol, priority) have none.
"""

from __future__ import annotations

from . import versions
from .schema import (
    Anything,
    Boolean,
    Choice,
    Duration,
    Field,
    Integer,
    ListOf,
    MapOf,
    Number,
    Object,
    Record,
    SecretMap,
    Text,
)

OS_TYPES = ("Windows", "Linux")
RESTART_POLICIES = ("Always", "OnFailure", "Never")
SKUS = ("Standard", "Dedicated", "Confidential", "NotSpecified")
PRIORITIES = ("Regular", "Spot")
PROTOCOLS = ("TCP", "UDP")
LABEL_SCOPES = ("Unsecure", "TenantReuse", "SubscriptionReuse", "ResourceGroupReuse", "Noreuse")
IDENTITY_TYPES = ("SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned", "None")

_protocol = Choice(
    PROTOCOLS, "InvalidProtocol", "The '{field}' in container group '{group}' must be one of '{values}'."
)

_environment = ListOf(
    Record(
        (
            Field("name", Text()),
            Field("value", Text()),
            Field("secureValue", Text(), secret=True),
            Field("secureValueReference", Text(), since=versions.VAULT_REFERENCES),
        )
    )
)

_mounts = ListOf(Record((Field("name", Text()), Field("mountPath", Text()), Field("readOnly", Boolean()))))

_gpu = Record((Field("count", Integer()), Field("sku", Choice(("K80", "P100", "V100"), "InvalidGpuSku"))))

_resources = Record(
    (
        Field("requests", Record((Field("memoryInGB", Number()), Field("cpu", Number()), Field("gpu", _gpu)))),
        Field("limits", Record((Field("memoryInGB", Number()), Field("cpu", Number()), Field("gpu", _gpu)))),
    )
)

_probe = Record(
    (
        Field("exec", Record((Field("command", ListOf(Text())),))),
        Field(
            "httpGet",
            Record(
                (
                    Field("path", Text()),
                    Field("port", Integer()),
                    Field("scheme", Choice(("http", "https"), "InvalidProbeScheme")),
                    Field("httpHeaders", ListOf(Record((Field("name", Text()), Field("value", Text()))))),
                )
            ),
        ),
        Field("initialDelaySeconds", Integer()),
        Field("periodSeconds", Integer()),
        Field("failureThreshold", Integer()),
        Field("successThreshold", Integer()),
        Field("timeoutSeconds", Integer()),
    )
)

_security = Record(
    (
        Field("privileged", Boolean()),
        Field("allowPrivilegeEscalation", Boolean()),
        Field("capabilities", Record((Field("add", ListOf(Text())), Field("drop", ListOf(Text()))))),
        Field("runAsGroup", Integer()),
        Field("runAsUser", Integer()),
        Field("seccompProfile", Text()),
    )
)

# Recorded in 2025: returned for requests of any version, with an empty map if nothing was sent.
_config_map = Record((Field("keyValuePairs", MapOf(Text()), default={}),))

_container = Record(
    (
        Field("name", Text()),
        Field(
            "properties",
            Record(
                (
                    Field("image", Text()),
                    Field("command", ListOf(Text())),
                    Field(
                        "ports",
                        ListOf(Record((Field("protocol", _protocol), Field("port", Integer())))),
                        default=[],
                    ),
                    Field("environmentVariables", _environment, default=[]),
                    Field(
                        "configMap",
                        _config_map,
                        since=versions.PROFILES,
                        absent=versions.WITHOUT_PROFILES,
                        default={},
                    ),
                    Field("instanceView", Object(), read_only=True),
                    Field("resources", _resources),
                    Field("volumeMounts", _mounts),
                    Field("livenessProbe", _probe),
                    Field("readinessProbe", _probe),
                    Field("securityContext", _security, since="2023-05-01"),
                )
            ),
            default={},
        ),
    )
)

_init_container = Record(
    (
        Field("name", Text()),
        Field(
            "properties",
            Record(
                (
                    Field("image", Text()),
                    Field("command", ListOf(Text())),
                    Field("environmentVariables", _environment, default=[]),
                    Field("instanceView", Object(), read_only=True),
                    Field("volumeMounts", _mounts),
                    Field("securityContext", _security, since="2023-05-01"),
                )
            ),
            default={},
        ),
    )
)

_volume = Record(
    (
        Field("name", Text()),
        Field(
            "azureFile",
            Record(
                (
                    Field("shareName", Text()),
                    Field("readOnly", Boolean()),
                    Field("storageAccountName", Text()),
                    Field("storageAccountKey", Text(), secret=True),
                    Field("storageAccountKeyReference", Text(), since=versions.VAULT_REFERENCES),
                    Field("userAssignedIdentityClientId", Text(), since="2026-07-01"),
                )
            ),
        ),
        Field("emptyDir", Object()),
        Field("secret", SecretMap()),
        Field("secretReference", MapOf(Text()), since=versions.VAULT_REFERENCES),
        Field(
            "gitRepo",
            Record((Field("repository", Text()), Field("directory", Text()), Field("revision", Text()))),
        ),
    )
)

_registry_credential = Record(
    (
        Field("server", Text()),
        Field("username", Text()),
        Field("password", Text(), secret=True),
        Field("passwordReference", Text(), since=versions.VAULT_REFERENCES),
        Field("identity", Text()),
        Field("identityUrl", Text()),
    )
)

_ip_address = Record(
    (
        Field("ports", ListOf(Record((Field("protocol", _protocol), Field("port", Integer()))))),
        Field("ip", Text()),
        Field("type", Choice(("Public", "Private"), "InvalidIpAddressType")),
        Field("dnsNameLabel", Text()),
        Field(
            "autoGeneratedDomainNameLabelScope",
            Choice(LABEL_SCOPES, "InvalidDnsNameLabelReusePolicy"),
            since="2021-10-01",
        ),
        Field("fqdn", Text(), read_only=True),
    )
)

_log_analytics = Record(
    (
        Field("workspaceId", Text()),
        Field("workspaceKey", Text(), secret=True),
        Field("logType", Choice(("ContainerInsights", "ContainerInstanceLogs"), "InvalidLogAnalyticsLogType")),
        Field("metadata", MapOf(Text())),
        Field("workspaceResourceId", Text(), since="2021-03-01"),
    )
)

_encryption = Record(
    (
        Field("vaultBaseUrl", Text()),
        Field("keyName", Text()),
        Field("keyVersion", Text()),
        Field("identity", Text(), since="2022-10-01-preview"),
    )
)

_extension = Record(
    (
        Field("name", Text()),
        Field(
            "properties",
            Record(
                (
                    Field("extensionType", Text()),
                    Field("version", Text()),
                    Field("settings", Anything()),
                    Field("protectedSettings", Anything(), secret=True),
                )
            ),
        ),
    )
)

_sku = Choice(SKUS, "InvalidContainerGroupSku")
_priority = Choice(
    PRIORITIES, "PriorityNotSpecified", "The 'Priority' must be one of '{values}' for container group '{group}'."
)
_restart_policy = Choice(RESTART_POLICIES, "InvalidRestartPolicy")
_os_type = Choice(OS_TYPES, "InvalidOsType")
_confidential = Record((Field("ccePolicy", Text()),))

PROPERTIES = Record(
    (
        Field("sku", _sku, since="2019-12-01", default="Standard"),
        Field("encryptionProperties", _encryption, since="2019-12-01"),
        Field("confidentialComputeProperties", _confidential, since="2022-10-01-preview"),
        Field("isCreatedFromStandbyPool", Boolean(), read_only=True),
        # Groups of an NGroup contain its ID; the level is not known, so it is kept where it was sent.
        Field("orchestratorId", Text(), since=versions.NGROUPS),
        Field("provisioningState", Text(), read_only=True),
        # Read, because validation refuses them by name if they are sent.
        Field("provisioningTimeoutInSeconds", Anything()),
        Field("isCustomProvisioningTimeout", Anything()),
        Field(
            "secretReferences",
            ListOf(Record((Field("name", Text()), Field("identity", Text()), Field("secretReferenceUri", Text())))),
            since=versions.VAULT_REFERENCES,
        ),
        Field("containers", ListOf(_container)),
        Field("initContainers", ListOf(_init_container), since="2019-12-01", default=[]),
        Field("extensions", ListOf(_extension), since="2022-10-01-preview"),
        Field("imageRegistryCredentials", ListOf(_registry_credential)),
        Field("restartPolicy", _restart_policy),
        Field("ipAddress", _ip_address),
        Field("osType", _os_type),
        Field("volumes", ListOf(_volume)),
        Field("instanceView", Object(), read_only=True),
        Field("diagnostics", Record((Field("logAnalytics", _log_analytics),))),
        Field("subnetIds", ListOf(Record((Field("id", Text()), Field("name", Text())))), since=versions.SUBNETS),
        Field("networkProfile", Record((Field("id", Text()),)), until=versions.SUBNETS),
        Field(
            "dnsConfig",
            Record((Field("nameServers", ListOf(Text())), Field("searchDomains", Text()), Field("options", Text()))),
        ),
        Field("priority", _priority, since="2022-10-01-preview"),
        Field(
            "identityAcls",
            Record(
                (
                    Field("defaultAccess", Choice(("All", "System", "User"), "InvalidIdentityAccessLevel")),
                    Field(
                        "acls",
                        ListOf(
                            Record(
                                (
                                    Field("access", Choice(("All", "System", "User"), "InvalidIdentityAccessLevel")),
                                    Field("identity", Text()),
                                )
                            )
                        ),
                    ),
                )
            ),
            since="2024-11-01-preview",
        ),
        Field(
            "containerGroupProfile",
            Record((Field("id", Text()), Field("revision", Integer()))),
            since=versions.PROFILES,
            absent=versions.WITHOUT_PROFILES,
        ),
        Field(
            "standbyPoolProfile",
            Record((Field("id", Text()), Field("failContainerGroupCreateOnReuseFailure", Boolean()))),
            since=versions.PROFILES,
            absent=versions.WITHOUT_PROFILES,
        ),
    )
)

IDENTITY = Record(
    (
        Field("userAssignedIdentities", MapOf(Object())),
        Field("principalId", Text(), read_only=True),
        Field("tenantId", Text(), read_only=True),
        Field("type", Choice(IDENTITY_TYPES, "InvalidIdentityType")),
    )
)

GROUP = Record(
    (
        Field("properties", PROPERTIES),
        Field("identity", IDENTITY),
        Field("orchestratorId", Text(), since=versions.NGROUPS),
        Field("id", Text(), read_only=True),
        Field("name", Text(), read_only=True),
        Field("type", Text(), read_only=True),
        Field("location", Text()),
        Field("zones", ListOf(Text()), since="2021-09-01"),
        Field("tags", MapOf(Text())),
    )
)

_PROFILE_ONLY = (
    "encryptionProperties",
    "containers",
    "extensions",
    "imageRegistryCredentials",
    "restartPolicy",
    "ipAddress",
    "osType",
    "volumes",
    "diagnostics",
    "confidentialComputeProperties",
    "priority",
)
_BY_NAME = {declared.name: declared for declared in PROPERTIES.fields}

PROFILE = Record(
    (
        Field(
            "properties",
            Record(
                (
                    Field("sku", _sku),
                    *(_BY_NAME[name] for name in _PROFILE_ONLY[:2]),
                    Field("initContainers", ListOf(_init_container)),
                    *(_BY_NAME[name] for name in _PROFILE_ONLY[2:]),
                    Field("securityContext", _security, since="2024-11-01-preview"),
                    Field("shutdownGracePeriod", Duration(), since="2024-11-01-preview"),
                    Field("timeToLive", Duration(), since="2024-11-01-preview"),
                    Field("useKrypton", Boolean(), since="2024-11-01-preview"),
                    Field("revision", Integer(), read_only=True),
                    Field("registeredRevisions", ListOf(Integer()), read_only=True),
                )
            ),
        ),
        Field("id", Text(), read_only=True),
        Field("name", Text(), read_only=True),
        Field("type", Text(), read_only=True),
        Field("location", Text()),
        Field("zones", ListOf(Text())),
        Field("tags", MapOf(Text())),
    )
)
