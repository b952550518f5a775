# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All refusals of the service: code, status and text, and the source of each.

Spelling mistakes in texts ("contain group", "beteween", "incrememts", "NotSuppported") are the service's own.
The documentation page of choices lists the entries whose evidence is CHOSEN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...arm.errors import ArmError

RECORDED = "recorded"
REPORTED = "reported"  # a user or a tool quotes the service
DOCUMENTED = "documented"
CHOSEN = "chosen"  # the rule is known, but not the code or the text
EVIDENCE = (RECORDED, REPORTED, DOCUMENTED, CHOSEN)


@dataclass(frozen=True)
class Refusal:
    """A refusal by the service. `text` is a format string."""

    status: int
    code: str
    text: str
    evidence: str
    source: str


REFUSALS: dict[str, Refusal] = {
    # Names.
    "group_name": Refusal(
        400,
        "InvalidContainerGroupName",
        "The container group name '{group}' is invalid. The container group name must contain no more than 63 "
        "characters and must match the regex '[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?' (e.g. 'my-name').",
        CHOSEN,
        "code and text by analogy with InvalidContainerName; names with capitals were deployed (2017, 2020)",
    ),
    "container_name": Refusal(
        400,
        "InvalidContainerName",
        "The container name '{container}' in container group '{group}' is invalid. The container name must contain no "
        "more than 63 characters and must match the regex '[a-z0-9]([-a-z0-9]*[a-z0-9])?' (e.g. 'my-name').",
        REPORTED,
        "quoted by users of az and of the SDK since 2023; two hyphens in a row pass (compose-cli's tests until 2023)",
    ),
    "duplicate_container": Refusal(
        400,
        "DuplicateContainerName",
        "The container name '{container}' in container group '{group}' is used more than once.",
        CHOSEN,
        "names must be unique; no public quotation",
    ),
    "no_containers": Refusal(
        400,
        "MissingContainers",
        "The containers in container group '{group}' cannot be empty.",
        CHOSEN,
        "at least one container is documented; text by analogy with MissingIpAddressPorts",
    ),
    "too_many_containers": Refusal(
        400,
        "TooManyContainers",
        "The container group '{group}' has '{count}' containers. A container group can have no more than '60' "
        "containers.",
        CHOSEN,
        "limit of 60 documented in the quota page of 2025-11",
    ),
    "too_many_init_containers": Refusal(
        400,
        "TooManyInitContainers",
        "The container group '{group}' has '{count}' init containers. A container group can have no more than '59' "
        "init "
        "containers.",
        CHOSEN,
        "limit of 59 documented",
    ),
    # Location and body.
    "location_required": Refusal(
        400,
        "LocationRequired",
        "The location property is required for this definition.",
        REPORTED,
        "quoted in a client's source; the status is inferred",
    ),
    "location_moved": Refusal(
        409,
        "InvalidResourceLocation",
        "The resource '{group}' already exists in location '{old}' in resource group '{resource_group}'. A resource "
        "with "
        "the same name cannot be created in location '{new}'. Please select a new resource name.",
        REPORTED,
        "quoted for several resource types",
    ),
    "read_back_timeout": Refusal(
        400,
        "CustomProvisioningTimeoutInSecondsNotSuppported",
        "The custom provisioning timeout in seconds is not supported for container group '{group}'.",
        REPORTED,
        "code reported for 2025-09-01 by users of azapi; the text is chosen",
    ),
    # Images.
    "image_missing": Refusal(
        400,
        "MissingImage",
        "The image cannot be empty for container '{container}' in container group '{group}'.",
        REPORTED,
        "text quoted from az container create; the code is chosen",
    ),
    "image_inaccessible": Refusal(
        400,
        "InaccessibleImage",
        "The image '{image}' in container group '{group}' is not accessible. Please check the image and registry "
        "credential.",
        REPORTED,
        "quoted by many users; status 400 in azure-sdk-for-net #36227, for an image with http:// in front",
    ),
    "registry_error": Refusal(
        409,
        "RegistryErrorResponse",
        "An error response is received from the docker registry '{registry}'. Please retry later.",
        REPORTED,
        "quoted by users; documented",
    ),
    "os_version": Refusal(
        400,
        "OsVersionNotSupported",
        "The OS version of image '{image}' is not supported.",
        DOCUMENTED,
        "troubleshooting",
    ),
    "several": Refusal(
        400,
        "MultipleErrorsOccurred",
        "Multiple error occurred: {errors}.",
        REPORTED,
        "quoted by terraform users for two inaccessible images",
    ),
    # The group.
    "os_type": Refusal(
        400,
        "InvalidOsType",
        "The 'osType' for container group '<null>' is invalid. The value must be one of 'Windows,Linux'.",
        REPORTED,
        "azure-cli #30496 (the text really says <null>); the status is inferred",
    ),
    "windows_several": Refusal(
        400,
        "MultipleContainersNotSupportedForWindows",
        "Container group '{group}' with OS type 'Windows' can have one container only.",
        CHOSEN,
        "documented: groups of several containers are for Linux only",
    ),
    # Resources.
    "no_requests": Refusal(
        400,
        "ResourceRequestsNotSpecified",
        "The resource requests are not specified in container '{container}' of contain group '{group}'. Both memory "
        "and "
        "CPU requests are required since API version '2017-07-01-preview'.",
        REPORTED,
        "quoted in 2025 and in virtual-kubelet's tests",
    ),
    "some_requests": Refusal(
        400,
        "ResourceSomeRequestsNotSpecified",
        "The '{resource}' request is not specified in "
        "'Microsoft.Azure.CloudConsole.Providers.Common.Entities.ComputeResources' in container '{container}' of "
        "contain "
        "group '{group}'. It is required since API version '2017-07-01-preview'.",
        REPORTED,
        "quoted by a virtual-kubelet user",
    ),
    "bad_requests": Refusal(
        400,
        "InvalidResourceRequests",
        "The '{resource}' request in container '{container}' of container group '{group}' must be greater than 0.",
        CHOSEN,
        "no public quotation",
    ),
    "below_minimum": Refusal(
        400,
        "InvalidResourceRequests",
        "The total '{resource}' request of container group '{group}' must be at least 1.",
        CHOSEN,
        "documented, but groups below it are deployed (terraform's tests in 2026); only on request",
    ),
    "memory_step": Refusal(
        400,
        "MemoryRequirementNotTimesOfOneTenthGB",
        "The memory requirement is '{value}' in container '{container}' of container group '{group}'. The memory "
        "requirement should be in incrememts of 0.1 GB.",
        REPORTED,
        "quoted from a template deployment",
    ),
    "limit_below_request": Refusal(
        400,
        "ResourceLimitsLessThanRequests",
        "The resource requirement '{requirement}' in container '{container}' of contain group '{group}' is invalid. "
        "The "
        "'{resource}' limit value must be greater than or equal to the request value.",
        REPORTED,
        "virtual-kubelet #143, compose-cli #357",
    ),
    "limit_above_total": Refusal(
        400,
        "ContainerLimitGreaterThanContainerGroupTotalRequest",
        "The '{resource}' limit '{limit}' in container '{container}' is greater than the total request '{total}' of "
        "container group '{group}'.",
        REPORTED,
        "compose-cli #743",
    ),
    "too_big": Refusal(
        409,
        "ServiceUnavailable",
        "The requested resource is not available in the location '{location}' at this moment. Please retry with a "
        "different resource request or in another location. Resource requested: '{cpu}' CPU '{memory}' GB memory "
        "'{os}' "
        "OS{network}",
        REPORTED,
        "virtual-kubelet #592; documented",
    ),
    "internal": Refusal(
        500,
        "InternalServerError",
        "Encountered an internal server error. The tracking activity id is '{activity}', correlation id is "
        "'{correlation}'.",
        REPORTED,
        "azure-cli #29438 (DNS label taken); recorded in 2021 for restarts of a group that is being repaired",
    ),
    # Environment.
    "environment_name": Refusal(
        400,
        "InvalidContainerEnvironmentVariable",
        "The environment variable name in container '{container}' of container group '{group}' is invalid. A valid "
        "environment variable name must start with alphabetic character or '_', followed by a string of alphanumeric "
        "characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName').",
        REPORTED,
        "quoted in 2019",
    ),
    "environment_value": Refusal(
        400,
        "InvalidContainerEnvironmentVariable",
        "The environment variable '{variable}' in container '{container}' of container group '{group}' must have "
        "either a "
        "value or a secure value.",
        CHOSEN,
        "a PUT of what was read, so without secure values, is reported to fail; no quotation",
    ),
    # Ports and address.
    "container_port": Refusal(
        400,
        "InvalidContainerPorts",
        "The ports '{ports}' are invalid for container '{container}' in container group '{group}'. The port must be "
        "beteween 1 and 65535.",
        REPORTED,
        "quoted by a pulumi user",
    ),
    "duplicate_container_port": Refusal(
        400,
        "DuplicateContainerPorts",
        "The ports '{ports}' are used more than once by the containers in container group '{group}'.",
        CHOSEN,
        "containers of a group share one network namespace; no quotation",
    ),
    "no_address_ports": Refusal(
        400,
        "MissingIpAddressPorts",
        "The ports in the 'ipAddress' of container group '{group}' cannot be empty.",
        REPORTED,
        "terraform #1697, #11102",
    ),
    "too_many_address_ports": Refusal(
        400,
        "TooManyIpAddressPorts",
        "The 'ipAddress' of container group '{group}' has '{count}' ports. It can have no more than '10' ports.",
        CHOSEN,
        "the service's own message said 10 in 2022 (azure-docs #101382); the quota page of 2025-11 says 5",
    ),
    "address_port": Refusal(
        400,
        "InvalidIpAddressPorts",
        "The ports '{ports}' are invalid in the 'ipAddress' of container group '{group}'. The port must be beteween "
        "1 and "
        "65535.",
        CHOSEN,
        "by analogy with InvalidContainerPorts",
    ),
    "duplicate_address_port": Refusal(
        400,
        "DuplicateIpAddressPorts",
        "The ports '{ports}' are used more than once in the 'ipAddress' of container group '{group}'.",
        CHOSEN,
        "no quotation",
    ),
    "unused_address_port": Refusal(
        400,
        "UnusedIpAddressPorts",
        "Following ports '{ports}' in the 'ipAddress' are not used by any container in container group '{group}'.",
        REPORTED,
        "text in azure-libraries-for-net #216 (the protocol is part of the match); the code is chosen",
    ),
    "no_address_type": Refusal(
        400,
        "InvalidIpAddressType",
        "The 'type' of the 'ipAddress' of container group '{group}' is not specified. The value must be one of "
        "'Public,Private'.",
        CHOSEN,
        "required by the schema",
    ),
    "private_without_subnet": Refusal(
        400,
        "PrivateIPAddressNotSupported",
        "IP Address type in container group '{group}' is invalid. Private IP address is only supported when network "
        "profile is defined.",
        REPORTED,
        "quoted by a terraform user",
    ),
    "public_with_subnet": Refusal(
        400,
        "PublicIPAddressNotSupported",
        "IP Address type in container group '{group}' is invalid. Public IP address is not supported when network "
        "profile "
        "is defined.",
        CHOSEN,
        "documented limitation; text by analogy with PrivateIPAddressNotSupported",
    ),
    "dns_label": Refusal(
        400,
        "InvalidDnsNameLabel",
        "The DNS name label '{label}' in container group '{group}' is invalid. It can contain only lowercase letters, "
        "numbers and hyphens. The first character must be a letter. The last character must be a letter or number. The "
        "value must be between 5 and 63 characters long.",
        REPORTED,
        "text quoted by users; the code is chosen",
    ),
    "dns_label_private": Refusal(
        400,
        "DnsNameLabelNotSupported",
        "DNS name label for container group is only supported when IP Address type is public.",
        REPORTED,
        "text in aci-deploy #53; the code is chosen",
    ),
    "dns_label_taken": Refusal(
        409,
        "DnsNameLabelAlreadyTaken",
        "The DNS name label '{label}' in container group '{group}' is not available. Try using a different label.",
        REPORTED,
        "code and text quoted; the status is a switch",
    ),
    # Volumes.
    "too_many_volumes": Refusal(
        400,
        "TooManyVolumes",
        "The container group '{group}' has '{count}' volumes. A container group can have no more than '20' volumes.",
        CHOSEN,
        "limit of 20 documented in the quota page of 2025-11",
    ),
    "volume_name": Refusal(
        400,
        "InvalidVolumeName",
        "The volume name '{volume}' in container group '{group}' is invalid. The volume name must be no more than 63 "
        "characters long and can contain only lowercase letters, numbers and hyphens.",
        CHOSEN,
        "rule documented, with a minimum of 5 characters; but ``logs`` is deployed (terraform's tests in 2026)",
    ),
    "duplicate_volume": Refusal(
        400,
        "DuplicateVolumeName",
        "The volume name '{volume}' in container group '{group}' is used more than once.",
        CHOSEN,
        "no quotation",
    ),
    "volume_kind": Refusal(
        400,
        "InvalidVolume",
        "The volume '{volume}' in container group '{group}' must have exactly one of 'azureFile', 'emptyDir', "
        "'gitRepo', and 'secret' or 'secretReference'.",
        CHOSEN,
        "no quotation",
    ),
    "azure_file": Refusal(
        400,
        "InvalidAzureFileVolume",
        "The '{missing}' of the Azure File volume '{volume}' in container group '{group}' is not specified.",
        CHOSEN,
        "required by the schema",
    ),
    "storage_key": Refusal(
        400,
        "InvalidStorageAccountKey",
        "The storage account key of the Azure File volume '{volume}' in container group '{group}' cannot be empty.",
        REPORTED,
        "code in terraform #26631 for a PUT of what was read; the text is chosen",
    ),
    "secret_volume": Refusal(
        400,
        "InvalidSecretVolume",
        "The secret volume '{volume}' in container group '{group}' is invalid. {reason}",
        CHOSEN,
        "values are documented to be Base64; no quotation",
    ),
    "git_repo": Refusal(
        400,
        "InvalidGitRepoVolume",
        "The git repository volume '{volume}' in container group '{group}' is invalid. {reason}",
        CHOSEN,
        "no quotation",
    ),
    "mount_without_volume": Refusal(
        400,
        "VolumeNotFound",
        "The volume '{volume}' of the volume mounts in container '{container}' is not defined in container group "
        "'{group}'.",
        CHOSEN,
        "no quotation",
    ),
    "mount_path": Refusal(
        400,
        "InvalidVolumeMountPath",
        "The volume mount path '{path}' in container '{container}' of container group '{group}' is invalid. {reason}",
        CHOSEN,
        "'The volume mount path cannot contain ':'' is quoted in azure-cli #26591; the rest is chosen",
    ),
    # Registries.
    "registry_server": Refusal(
        400,
        "InvalidImageRegistryServer",
        "The server '{server}' in the 'imageRegistryCredentials' of container group '{group}' is invalid. It should "
        "be a "
        "valid host name without protocol.",
        REPORTED,
        "quoted by users",
    ),
    "registry_credential": Refusal(
        400,
        "AmbiguousImageResitryCredentialType",
        "The registry credential type in the 'imageRegistryCredentials' of container group '{group}' cannot be "
        "detected. Please set exactly one of username or identity",
        DOCUMENTED,
        "troubleshooting of image pulls by managed identity",
    ),
    "registry_identity": Refusal(
        400,
        "InvalidImageRegistryIdentity",
        "The identity in the 'imageRegistryCredentials' of container group '{group}' not found in container group "
        "identity list.",
        DOCUMENTED,
        "troubleshooting of image pulls by managed identity",
    ),
    "registry_password": Refusal(
        400,
        "InvalidImageRegistryCredential",
        "The password in the 'imageRegistryCredentials' of container group '{group}' cannot be empty.",
        REPORTED,
        "text in azure-cli #8545 and #13527, for a PUT of what was read; the code is chosen",
    ),
    "registry_identity_version": Refusal(
        400,
        "InvalidImageRegistryCredentialType",
        "Identity in 'imageRegistryCredentials' of container group '{group}' is not supported.",
        DOCUMENTED,
        "troubleshooting: API versions before 2021-07-01",
    ),
    "duplicate_registry": Refusal(
        400,
        "DuplicateImageRegistryServer",
        "The server '{server}' in the 'imageRegistryCredentials' of container group '{group}' is used more than once.",
        CHOSEN,
        "no quotation",
    ),
    # Probes.
    "probe": Refusal(
        400,
        "InvalidContainerProbe",
        "The '{probe}' in container '{container}' of container group '{group}' is invalid. {reason}",
        CHOSEN,
        "rules documented (exec or httpGet, minimum values); no quotation",
    ),
    # Spot and confidential groups.
    "spot_inbound": Refusal(
        400,
        "SpotPriorityContainerGroupNotSupportedForInboundConnectivity",
        "Spot Priority is not supported for container groups with inbound connectivity.",
        DOCUMENTED,
        "troubleshooting; the status is inferred",
    ),
    "spot_sku": Refusal(
        400,
        "SpotPriorityContainerGroupNotSupportedInSku",
        "Spot Priority Container Group is not supported in '{sku}' Sku.",
        DOCUMENTED,
        "troubleshooting; the status is inferred",
    ),
    "spot_gpu": Refusal(
        400,
        "SpotPriorityContainerGroupWithGPUResourcesNotSupported",
        "Spot Priority Container Groups that include containers requesting GPU resources are not supported.",
        DOCUMENTED,
        "troubleshooting; the status is inferred",
    ),
    "spot_zones": Refusal(
        400,
        "SpotPriorityContainerGroupNotSupportedForZones",
        "Spot Priority is not supported for container groups with availability zones.",
        CHOSEN,
        "limitation documented; no quotation",
    ),
    "cce_policy": Refusal(
        400,
        "InvalidCcePolicy",
        "The CCE Policy cannot be left empty for Confidential Container Groups.",
        REPORTED,
        "quoted by users for an empty policy; for an absent one, or {}, the service generates one (recorded in 2023)",
    ),
    "confidential_without_sku": Refusal(
        400,
        "ConfidentialComputePropertiesNotSupported",
        "The 'confidentialComputeProperties' of container group '{group}' are supported for the 'Confidential' Sku "
        "only.",
        CHOSEN,
        "no quotation",
    ),
    "privileged": Refusal(
        400,
        "PrivilegedContainerNotSupported",
        "The container '{container}' in container group '{group}' cannot be privileged. Privileged containers are "
        "supported for the 'Confidential' Sku only.",
        CHOSEN,
        "documented: privileged containers need the Confidential Sku",
    ),
    # Diagnostics.
    "log_analytics": Refusal(
        400,
        "InvalidLogAnalytics",
        "The '{missing}' of the log analytics in container group '{group}' is not specified.",
        CHOSEN,
        "required by the schema; a PUT of what was read, so without the key, is reported to fail",
    ),
    "log_metadata": Refusal(
        400,
        "LogAnalyticsMetadataNotAllowed",
        "The metadata of the log analytics in container group '{group}' is only allowed for log type "
        "'ContainerInsights'.",
        REPORTED,
        "code in terraform #13650; the text is chosen",
    ),
    "log_metadata_keys": Refusal(
        400,
        "InvalidLogAnalyticsMetadataKeys",
        "The keys '{keys}' of the log analytics metadata in container group '{group}' are invalid. The keys must be of "
        "'pod-uuid,cluster-resource-id,node-name'.",
        REPORTED,
        "code and the three keys are quoted from live deployments; the text is chosen",
    ),
    # Network.
    "subnets": Refusal(
        400,
        "InvalidSubnetIds",
        "The 'subnetIds' of container group '{group}' are invalid. {reason}",
        CHOSEN,
        "no quotation",
    ),
    "private_address": Refusal(
        400,
        "PrivateIPAddressNotAvailable",
        "The private IP address '{address}' of container group '{group}' is not available in the subnet.",
        CHOSEN,
        "no quotation",
    ),
    "subnet_missing": Refusal(
        400,
        "SubnetNotFound",
        "The subnet '{subnet}' for container group '{group}' was not found.",
        CHOSEN,
        "no quotation",
    ),
    "subnet_delegation": Refusal(
        400,
        "SubnetMissingRequiredDelegation",
        "Subnet missing required delegation 'Microsoft.ContainerInstance' for container group '{group}'.",
        REPORTED,
        "dev-box-images #8",
    ),
    "network_profile_missing": Refusal(
        400,
        "NetworkProfileNotFound",
        "Network profile '{profile}' is not found for container group '{group}'.",
        RECORDED,
        "azure-cli, December 2020",
    ),
    "dns_config": Refusal(
        400,
        "InvalidDnsConfig",
        "The 'dnsConfig' of container group '{group}' is invalid. {reason}",
        CHOSEN,
        "nameServers are required by the schema; documented for groups in a virtual network only",
    ),
    # The rest of the definition.
    "zones": Refusal(
        400,
        "InvalidAvailabilityZone",
        "The 'zones' of container group '{group}' are invalid. {reason}",
        CHOSEN,
        "one zone per group is documented; no quotation",
    ),
    "encryption": Refusal(
        400,
        "InvalidEncryptionProperties",
        "The '{missing}' of the 'encryptionProperties' of container group '{group}' is not specified.",
        CHOSEN,
        "required by the schema",
    ),
    "extension": Refusal(
        400,
        "InvalidExtension",
        "The '{missing}' of the extensions of container group '{group}' is not specified.",
        CHOSEN,
        "required by the schema",
    ),
    "identity": Refusal(
        400,
        "InvalidIdentity",
        "The identity of container group '{group}' is invalid. {reason}",
        CHOSEN,
        "no quotation for container groups",
    ),
    "secret_reference": Refusal(
        400,
        "InvalidSecretReference",
        "The secret reference '{reference}' in container group '{group}' is invalid. {reason}",
        CHOSEN,
        "no quotation",
    ),
    "profile_name": Refusal(
        400,
        "InvalidContainerGroupProfileName",
        "The container group profile name '{profile}' is invalid. The name must match the regex "
        "'^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{{0,61}}[a-zA-Z0-9]$'.",
        CHOSEN,
        "pattern of the specification; code and text by analogy with InvalidContainerName",
    ),
    "revision_missing": Refusal(
        404,
        "RevisionNotFound",
        "The revision '{revision}' of container group profile '{profile}' was not found.",
        CHOSEN,
        "no quotation",
    ),
    "standby_pool": Refusal(
        409,
        "StandbyPoolReuseFailure",
        "The container group '{group}' could not be obtained from the standby pool '{pool}'.",
        CHOSEN,
        "for failContainerGroupCreateOnReuseFailure, if the pool has no group ready; no quotation",
    ),
    "standby_properties": Refusal(
        400,
        "BadRequest",
        "ContainerGroup properties other than config map are not allowed",
        RECORDED,
        "Azure PowerShell, October 2024; that anything but a configuration map is the cause is taken from the text",
    ),
    "linked_subscription": Refusal(
        403,
        "LinkedAuthorizationFailed",
        "The client has permission to perform action 'Microsoft.ContainerInstance/containerGroupProfiles/read' on "
        "scope '{scope}', however the current tenant '{tenant}' is not authorized to access linked subscription "
        "'{subscription}'.",
        RECORDED,
        "azure-cli, February 2025",
    ),
    "profile_missing": Refusal(
        400,
        "ContainerGroupProfileNotFound",
        "The container group profile '{profile}' for container group '{group}' was not found.",
        CHOSEN,
        "no quotation",
    ),
    # Changes and operations.
    "update": Refusal(
        400,
        "InvalidContainerGroupUpdate",
        "The updates on container group '{group}' are invalid. If you are going to update the {what} for a container "
        "group, you must delete it first and then create a new one.",
        REPORTED,
        "2019 with its JSON (a fixed list), 2024 in azure-docs #31168 (the property, its old and its new value)",
    ),
    "transitioning": Refusal(
        409,
        "ContainerGroupTransitioning",
        "The container group '{group}' is still transitioning, please retry later.",
        REPORTED,
        "quoted for PUT (2019 to August 2026) and start; documented for stop and delete, where recordings show success",
    ),
    "stopped": Refusal(
        409,
        "ContainerGroupStopped",
        "Container Group '{group}' in resource group '{resource_group}' is stopped",
        REPORTED,
        "text in azure-cli #8136, code in notes of users of 2026 (restart, exec); the status is chosen",
    ),
    "container_missing": Refusal(
        404,
        "ContainerNotFound",
        "The container '{container}' is not found in container group '{group}'.",
        CHOSEN,
        "no quotation",
    ),
    "no_log": Refusal(
        404,
        "ContainerLogNotAvailable",
        "Log of container '{container}' in container group '{group}' is not available yet. Please check container "
        "'InstanceView' for more information or retry later.",
        REPORTED,
        "virtual-kubelet #237",
    ),
    "tail": Refusal(
        400,
        "InvalidTail",
        "The value '{tail}' of 'tail' is invalid. The value must be an integer greater than 0.",
        CHOSEN,
        "no quotation",
    ),
    "no_location": Refusal(
        400,
        "LocationNotSupported",
        "The location '{location}' is not supported.",
        CHOSEN,
        "no quotation",
    ),
    "no_operation": Refusal(
        404,
        "OperationNotFound",
        "The operation '{operation}' is not found.",
        CHOSEN,
        "no quotation",
    ),
    # Quotas.
    "quota": Refusal(
        400,
        "ContainerGroupQuotaReached",
        "Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota '{quota}' exceeded in "
        "region "
        "'{location}'. Limit: '{limit}', Usage: '{usage}' Requested: '{requested}'.",
        REPORTED,
        "status 400 quoted by a virtual-kubelet user; documented",
    ),
    "too_many_requests": Refusal(
        429,
        "ResourceRequestsThrottled",
        "Number of requests for action '{action}' exceeded the limit of '{limit}' for time interval '{interval}'. "
        "Please "
        "try again after '{minutes}' minutes.",
        REPORTED,
        "text quoted for action ContainerGroupCreation; the code has that sentence in another quotation; the action's "
        "name for deletes is chosen",
    ),
}


def refuse(name: str, /, **facts: Any) -> ArmError:
    """The refusal with this name, with the facts inserted."""
    refusal = REFUSALS[name]
    return ArmError(refusal.status, refusal.code, refusal.text.format(**facts))
