# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors before anything is deployed."""

from __future__ import annotations

import copy

import pytest

from aci_emulator.arm.errors import ArmError
from aci_emulator.container_instance.definition import models
from aci_emulator.container_instance.definition.schema import Reading
from aci_emulator.container_instance.definition.validation import (
    ValidationContext,
    check_group,
    check_name,
    check_profile_name,
)
from aci_emulator.core import switches

SUBNET = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/n"
GOOD = {
    "location": "westus2",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "web",
                "properties": {
                    "image": "nginx:1.27",
                    "ports": [{"port": 80, "protocol": "TCP"}],
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
                },
            }
        ],
    },
}


def context(version: str = "2025-09-01", **positions: str) -> ValidationContext:
    positions = {name.replace("_", "-"): value for name, value in positions.items()}
    return ValidationContext(
        version, "westus2", "rg", {each.name: positions.get(each.name, each.default) for each in switches.SWITCHES}
    )


def check(body: dict, given: ValidationContext | None = None) -> None:
    given = given or context()
    check_group("demo", models.GROUP.read(body, "", Reading(given.version, group="demo")), given)


def changed(*changes: tuple) -> dict:
    """GOOD with values at paths; None removes the value."""
    body = copy.deepcopy(GOOD)
    for *path, last, value in changes:
        at = body
        for step in path:
            at = at[step]
        if value is None:
            del at[last]
        elif isinstance(at, list) and last == len(at):
            at.append(value)
        else:
            at[last] = value
    return body


P, C = ("properties",), ("properties", "containers", 0, "properties")
REQ = (*C, "resources", "requests")
PORT = {"port": 80, "protocol": "TCP"}
SIDE = {"name": "side", "properties": {"image": "b", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}}
SECRET = {"secret": {"k": "aGVsbG8="}}
PUBLIC = {"type": "Public", "ports": [PORT]}
IDENTITY = "/subscriptions/s/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"


def test_a_good_definition_passes():
    check(GOOD)


REFUSED = [
    ("InvalidOsType", [(*P, "osType", None)]),
    ("MissingContainers", [(*P, "containers", [])]),
    ("TooManyContainers", [(*P, "containers", [{**SIDE, "name": f"c{n}"} for n in range(61)])]),
    ("TooManyInitContainers", [(*P, "initContainers", [{**SIDE, "name": f"i{n}"} for n in range(60)])]),
    ("InvalidContainerName", [(*P, "containers", 0, "name", "Web")]),
    ("InvalidContainerName", [(*P, "containers", 0, "name", "a_b")]),
    ("InvalidContainerName", [(*P, "containers", 0, "name", "-a")]),
    ("InvalidContainerName", [(*P, "containers", 0, "name", "a" * 64)]),
    ("InvalidContainerName", [(*P, "containers", 0, "name", None)]),
    ("DuplicateContainerName", [(*P, "containers", 1, {**SIDE, "name": "web"})]),
    ("DuplicateContainerName", [(*P, "initContainers", [{"name": "web", "properties": {"image": "b"}}])]),
    ("MultipleContainersNotSupportedForWindows", [(*P, "osType", "Windows"), (*P, "containers", 1, SIDE)]),
    ("MissingImage", [(*C, "image", None)]),
    ("InaccessibleImage", [(*C, "image", "Nginx")]),
    ("InaccessibleImage", [(*C, "image", "nginx:")]),
    ("InaccessibleImage", [(*C, "image", "https://r.io/a")]),
    ("OsVersionNotSupported", [(*P, "osType", "Windows"), (*C, "image", "mcr.microsoft.com/windows/nanoserver:1803")]),
    ("ResourceRequestsNotSpecified", [(*C, "resources", None)]),
    ("ResourceRequestsNotSpecified", [(*C, "resources", "requests", {})]),
    ("ResourceSomeRequestsNotSpecified", [(*REQ, "memoryInGB", None)]),
    ("InvalidResourceRequests", [(*REQ, "cpu", 0)]),
    ("MemoryRequirementNotTimesOfOneTenthGB", [(*REQ, "memoryInGB", 1.25)]),
    ("ResourceLimitsLessThanRequests", [(*C, "resources", "limits", {"cpu": 0.5})]),
    ("ContainerLimitGreaterThanContainerGroupTotalRequest", [(*C, "resources", "limits", {"memoryInGB": 3})]),
    ("ServiceUnavailable", [(*REQ, "cpu", 32)]),
    ("ServiceUnavailable", [(*REQ, "memoryInGB", 241)]),
    ("ServiceUnavailable", [(*P, "priority", "Spot"), (*REQ, "cpu", 5)]),
    ("InvalidContainerEnvironmentVariable", [(*C, "environmentVariables", [{"name": "a.b", "value": "x"}])]),
    ("InvalidContainerEnvironmentVariable", [(*C, "environmentVariables", [{"name": "1a", "value": "x"}])]),
    ("InvalidContainerEnvironmentVariable", [(*C, "environmentVariables", [{"name": "A"}])]),
    ("InvalidContainerEnvironmentVariable", [
        (*C, "environmentVariables", [{"name": "A", "value": "x", "secureValue": "y"}])
    ]),
    ("InvalidContainerPorts", [(*C, "ports", [{"port": 0}])]),
    ("InvalidContainerPorts", [(*C, "ports", [{"port": 65536}])]),
    ("DuplicateContainerPorts", [(*C, "ports", [PORT, {"port": 80}])]),
    ("InvalidIpAddressType", [(*P, "ipAddress", {"ports": [PORT]})]),
    ("MissingIpAddressPorts", [(*P, "ipAddress", {"type": "Public", "ports": []})]),
    ("MissingIpAddressPorts", [(*P, "ipAddress", {"type": "Public"})]),
    ("TooManyIpAddressPorts", [
        (*C, "ports", [{"port": n} for n in range(1, 12)]),
        (*P, "ipAddress", {"type": "Public", "ports": [{"port": n} for n in range(1, 12)]}),
    ]),
    ("UnusedIpAddressPorts", [(*P, "ipAddress", {"type": "Public", "ports": [{"port": 4900}]})]),
    ("UnusedIpAddressPorts", [(*P, "ipAddress", {"type": "Public", "ports": [{"port": 80, "protocol": "UDP"}]})]),
    ("DuplicateIpAddressPorts", [(*P, "ipAddress", {"type": "Public", "ports": [PORT, PORT]})]),
    ("InvalidIpAddressPorts", [(*P, "ipAddress", {"type": "Public", "ports": [{"port": 70000}]})]),
    ("PrivateIPAddressNotSupported", [(*P, "ipAddress", {"type": "Private", "ports": [PORT]})]),
    ("PublicIPAddressNotSupported", [(*P, "ipAddress", PUBLIC), (*P, "subnetIds", [{"id": SUBNET}])]),
    ("InvalidDnsNameLabel", [(*P, "ipAddress", {**PUBLIC, "dnsNameLabel": "node"})]),
    ("InvalidDnsNameLabel", [(*P, "ipAddress", {**PUBLIC, "dnsNameLabel": "1abcd"})]),
    ("InvalidDnsNameLabel", [(*P, "ipAddress", {**PUBLIC, "dnsNameLabel": "Abcde"})]),
    ("InvalidDnsNameLabel", [(*P, "ipAddress", {**PUBLIC, "dnsNameLabel": "abcde-"})]),
    ("DnsNameLabelNotSupported", [
        (*P, "ipAddress", {"type": "Private", "ports": [PORT], "dnsNameLabel": "abcde"}),
        (*P, "subnetIds", [{"id": SUBNET}]),
    ]),
    ("InvalidSubnetIds", [(*P, "subnetIds", [{"id": "x"}])]),
    ("InvalidSubnetIds", [(*P, "subnetIds", [{"id": SUBNET}, {"id": SUBNET}])]),
    ("InvalidDnsConfig", [(*P, "dnsConfig", {"nameServers": ["10.0.0.9"]})]),
    ("InvalidDnsConfig", [(*P, "dnsConfig", {"nameServers": []}), (*P, "subnetIds", [{"id": SUBNET}])]),
    ("TooManyVolumes", [(*P, "volumes", [{"name": f"volume{n}", "emptyDir": {}} for n in range(21)])]),
    ("InvalidVolumeName", [(*P, "volumes", [{"name": "-vol", "emptyDir": {}}])]),
    ("InvalidVolumeName", [(*P, "volumes", [{"name": "Vol", "emptyDir": {}}])]),
    ("DuplicateVolumeName", [(*P, "volumes", [{"name": "volume", "emptyDir": {}}] * 2)]),
    ("InvalidVolume", [(*P, "volumes", [{"name": "volume"}])]),
    ("InvalidVolume", [(*P, "volumes", [{"name": "volume", "emptyDir": {}, **SECRET}])]),
    ("InvalidAzureFileVolume", [(*P, "volumes", [{"name": "volume", "azureFile": {"shareName": "s"}}])]),
    ("InvalidStorageAccountKey", [
        (*P, "volumes", [{"name": "volume", "azureFile": {"shareName": "s", "storageAccountName": "a"}}])
    ]),
    ("InvalidSecretVolume", [(*P, "volumes", [{"name": "volume", "secret": {}}])]),
    ("InvalidSecretVolume", [(*P, "volumes", [{"name": "volume", "secret": {"k": "not base64!"}}])]),
    ("InvalidSecretVolume", [(*P, "volumes", [{"name": "volume", "secret": {"../k": "aGVsbG8="}}])]),
    ("InvalidGitRepoVolume", [(*P, "volumes", [{"name": "volume", "gitRepo": {}}])]),
    ("InvalidGitRepoVolume", [
        (*P, "volumes", [{"name": "volume", "gitRepo": {"repository": "r", "directory": "../x"}}])
    ]),
    ("VolumeNotFound", [(*C, "volumeMounts", [{"name": "volume", "mountPath": "/x"}])]),
    ("InvalidVolumeMountPath", [
        (*P, "volumes", [{"name": "volume", "emptyDir": {}}]),
        (*C, "volumeMounts", [{"name": "volume", "mountPath": "C:/x"}]),
    ]),
    ("InvalidVolumeMountPath", [
        (*P, "volumes", [{"name": "volume", "emptyDir": {}}]),
        (*C, "volumeMounts", [{"name": "volume", "mountPath": "/x"}, {"name": "volume", "mountPath": "/x"}]),
    ]),
    ("InvalidImageRegistryServer", [(*P, "imageRegistryCredentials", [{"server": "https://r.io", "username": "u"}])]),
    ("AmbiguousImageResitryCredentialType", [(*P, "imageRegistryCredentials", [{"server": "r.io"}])]),
    ("InvalidRequestContent", [(*P, "imageRegistryCredentials", [{"username": "u", "password": "p"}])]),
    ("InvalidImageRegistryIdentity", [(*P, "imageRegistryCredentials", [{"server": "r.io", "identity": IDENTITY}])]),
    ("InvalidImageRegistryCredential", [(*P, "imageRegistryCredentials", [{"server": "r.io", "username": "u"}])]),
    ("AmbiguousImageResitryCredentialType", [
        (*P, "imageRegistryCredentials", [{"server": "r.io", "username": "u", "password": "p", "identity": "i"}])
    ]),
    ("DuplicateImageRegistryServer", [
        (*P, "imageRegistryCredentials", [{"server": "r.io", "username": "u", "password": "p"}] * 2)
    ]),
    ("InvalidContainerProbe", [(*C, "livenessProbe", {})]),
    ("InvalidContainerProbe", [(*C, "livenessProbe", {"exec": {"command": ["x"]}, "httpGet": {"port": 1}})]),
    ("InvalidContainerProbe", [(*C, "readinessProbe", {"exec": {"command": []}})]),
    ("InvalidContainerProbe", [(*C, "readinessProbe", {"httpGet": {"port": 0}})]),
    ("InvalidContainerProbe", [(*C, "readinessProbe", {"httpGet": {"port": 1}, "periodSeconds": 0})]),
    ("InvalidContainerProbe", [(*C, "livenessProbe", {"httpGet": {"port": 1}, "successThreshold": 2})]),
    ("SpotPriorityContainerGroupNotSupportedForInboundConnectivity", [
        (*P, "priority", "Spot"), (*P, "ipAddress", PUBLIC)
    ]),
    ("SpotPriorityContainerGroupNotSupportedForInboundConnectivity", [
        (*P, "priority", "Spot"), (*P, "subnetIds", [{"id": SUBNET}])
    ]),
    ("SpotPriorityContainerGroupNotSupportedInSku", [
        (*P, "priority", "Spot"), (*P, "sku", "Confidential")
    ]),
    ("SpotPriorityContainerGroupWithGPUResourcesNotSupported", [
        (*P, "priority", "Spot"), (*REQ, "gpu", {"count": 1, "sku": "V100"})
    ]),
    ("SpotPriorityContainerGroupNotSupportedForZones", [(*P, "priority", "Spot"), ("zones", ["1"])]),
    ("PriorityNotSpecified", [(*P, "priority", "Cheap")]),
    ("InvalidCcePolicy", [(*P, "sku", "Confidential"), (*P, "confidentialComputeProperties", {"ccePolicy": ""})]),
    ("ConfidentialComputePropertiesNotSupported", [(*P, "confidentialComputeProperties", {"ccePolicy": "x"})]),
    ("PrivilegedContainerNotSupported", [(*C, "securityContext", {"privileged": True})]),
    ("InvalidLogAnalytics", [(*P, "diagnostics", {"logAnalytics": {"workspaceId": "w"}})]),
    ("LogAnalyticsMetadataNotAllowed", [
        (*P, "diagnostics", {"logAnalytics": {"workspaceId": "w", "workspaceKey": "k", "metadata": {}}})
    ]),
    ("InvalidLogAnalyticsMetadataKeys", [
        (*P, "diagnostics", {"logAnalytics": {
            "workspaceId": "w", "workspaceKey": "k", "logType": "ContainerInsights", "metadata": {"team": "x"}
        }})
    ]),
    ("InvalidAvailabilityZone", [("zones", ["1", "2"])]),
    ("InvalidAvailabilityZone", [("zones", ["nine"])]),
    ("InvalidEncryptionProperties", [(*P, "encryptionProperties", {"keyName": "k"})]),
    ("InvalidExtension", [(*P, "extensions", [{"name": "e"}])]),
    ("InvalidIdentity", [("identity", {"type": "UserAssigned"})]),
    ("InvalidIdentity", [("identity", {"type": "SystemAssigned", "userAssignedIdentities": {IDENTITY: {}}})]),
    ("InvalidIdentity", [("identity", {"type": "UserAssigned", "userAssignedIdentities": {"me": {}}})]),
    ("InvalidIdentityType", [("identity", {"type": "Mine"})]),
    ("InvalidSecretReference", [(*P, "secretReferences", [{"name": "a"}])]),
    ("InvalidSecretReference", [(*C, "environmentVariables", [{"name": "A", "secureValueReference": "b"}])]),
    ("CustomProvisioningTimeoutInSecondsNotSuppported", [(*P, "provisioningTimeoutInSeconds", 1800)]),
    ("CustomProvisioningTimeoutInSecondsNotSuppported", [(*P, "isCustomProvisioningTimeout", True)]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes"), REFUSED)
def test_refused(code, changes):
    with pytest.raises(ArmError) as refused:
        check(changed(*changes))
    assert refused.value.code == code
    assert "{" not in refused.value.message or code == "ResourceLimitsLessThanRequests"


SHARE = {"shareName": "s", "storageAccountName": "a", "userAssignedIdentityClientId": "id"}
ACCEPTED = [
    [(*P, "containers", 0, "name", "aci--dns--sidecar")],
    [(*REQ, "cpu", 0.1), (*REQ, "memoryInGB", 0.1)],
    [
        (*C, "ports", [{"port": n} for n in range(1, 11)]),
        (*P, "ipAddress", {"type": "Public", "ports": [{"port": n} for n in range(1, 11)]}),
    ],
    [(*P, "dnsConfig", {"nameServers": ["dns.example"]}), (*P, "subnetIds", [{"id": SUBNET}])],
    [(*P, "volumes", [{"name": "logs", "emptyDir": {}}, {"name": "a--b", "emptyDir": {}}])],
    [
        (*P, "secretReferences", [{"name": "ref", "identity": "i", "secretReferenceUri": "https://v/s"}]),
        (*P, "volumes", [{"name": "both", "secret": {"k": "aGVsbG8="}, "secretReference": {"r": "ref"}}]),
    ],
    [(*P, "sku", "Confidential")],
    [(*P, "sku", "Confidential"), (*P, "confidentialComputeProperties", {})],
    [(*P, "isCustomProvisioningTimeout", False)],
    [(*C, "image", "localhost:5000/a/b@sha256:" + "0" * 64)],
    [(*C, "image", "mcr.microsoft.com/azuredocs/aci-helloworld:latest")],
    [(*C, "image", "my.registry.io/team/app_one:V1.0-rc")],
    [(*P, "ipAddress", {**PUBLIC, "dnsNameLabel": "abcde"})],
    [(*C, "ports", [PORT, {"port": 80, "protocol": "UDP"}])],
    [(*REQ, "cpu", 0.5), (*P, "containers", 1, SIDE)],
    [(*C, "resources", "limits", {"cpu": 1, "memoryInGB": 1.5})],
    [(*P, "osType", "Windows")],
    [(*P, "volumes", [{"name": "volume", **SECRET}]), (*C, "volumeMounts", [{"name": "volume", "mountPath": "/x"}])],
    [(*P, "imageRegistryCredentials", [{"server": "r.io", "identity": "i"}])],
    [
        (*P, "imageRegistryCredentials", [{"server": "r.io", "identity": IDENTITY.upper().replace("/S", "/s", 1)}]),
        ("identity", {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}),
    ],
    [(*C, "environmentVariables", [{"name": "A", "value": ""}])],
    [("identity", {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {IDENTITY: {}}})],
    [(*P, "priority", "Spot")],
    [(*P, "sku", "Confidential"), (*P, "confidentialComputeProperties", {"ccePolicy": "x"})],
    [(*P, "ipAddress", {"type": "Private", "ports": [PORT]}), (*P, "subnetIds", [{"id": SUBNET}])],
]


@pytest.mark.parametrize("changes", ACCEPTED)
def test_accepted(changes):
    check(changed(*changes))


def test_texts_are_the_quoted_ones():
    with pytest.raises(ArmError) as refused:
        check(changed((*P, "ipAddress", {"type": "Public", "ports": [{"port": 4900}]})))
    assert refused.value.message == (
        "Following ports '4900' in the 'ipAddress' are not used by any container in container group 'demo'."
    )
    with pytest.raises(ArmError) as refused:
        check(changed((*C, "resources", "limits", {"memoryInGB": 3})))
    assert refused.value.message == (
        "The 'MemoryInGB' limit '3' in container 'web' is greater than the total request '1.5' of container group "
        "'demo'."
    )


def test_registry_identities_need_a_newer_version():
    body = changed((*P, "imageRegistryCredentials", [{"server": "r.io", "identity": "i"}]))
    with pytest.raises(ArmError) as refused:
        check(body, context("2021-03-01"))
    assert refused.value.code == "InvalidImageRegistryCredentialType"


def test_the_minimum_follows_its_switch():
    body = changed((*REQ, "cpu", 0.5))
    check(body, context(below_minimum="accept"))
    with pytest.raises(ArmError) as refused:
        check(body, context(below_minimum="refuse"))
    assert refused.value.status == 400


def test_lost_secrets_follow_their_switch():
    lost = changed(
        (*C, "environmentVariables", [{"name": "A"}]),
        (*P, "volumes", [{"name": "volume", "secret": {}}]),
        (*P, "imageRegistryCredentials", [{"server": "r.io", "username": "u"}]),
    )
    check(lost, context(missing_secrets="accept"))


@pytest.mark.parametrize("name", ["a", "a-b", "0", "a" * 63, "A", "myContainerGroup", "a--b"])
def test_good_names(name):
    check_name(name, context())


@pytest.mark.parametrize("name", ["a_b", "-a", "a-", "a" * 64, "ä", ""])
def test_bad_names(name):
    with pytest.raises(ArmError) as refused:
        check_name(name, context())
    assert refused.value.code == "InvalidContainerGroupName"


@pytest.mark.parametrize("profile", ["a", "A_b-C", "0", "a" * 63])
def test_good_names_of_profiles(profile):
    check_profile_name(profile)


@pytest.mark.parametrize("profile", ["_a", "a_", "a" * 64, "a.b", ""])
def test_bad_names_of_profiles(profile):
    with pytest.raises(ArmError) as refused:
        check_profile_name(profile)
    assert "{0,61}" in refused.value.message


def test_what_the_documentation_forbids_follows_switches():
    for name, given in (
        ("a--b", context(consecutive_hyphens="refuse")),
        ("myGroup", context(capitals_in_group_names="refuse")),
    ):
        with pytest.raises(ArmError) as refused:
            check_name(name, given)
        assert refused.value.code == "InvalidContainerGroupName"
    with pytest.raises(ArmError) as refused:
        check(changed((*P, "volumes", [{"name": "a--b", "emptyDir": {}}])), context(consecutive_hyphens="refuse"))
    assert refused.value.code == "InvalidVolumeName"


def test_an_identity_opens_a_share_from_2026_07_on():
    body = changed((*P, "volumes", [{"name": "files", "azureFile": SHARE}]))
    check(body, context("2026-07-01"))
    with pytest.raises(ArmError) as refused:
        check(body, context("2025-09-01"))
    assert refused.value.code == "InvalidStorageAccountKey"


def test_a_network_profile_is_a_network_until_2021_07():
    profile = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/networkProfiles/p"
    private = changed(
        (*P, "networkProfile", {"id": profile}),
        (*P, "ipAddress", {"type": "Private", "ports": [PORT]}),
        (*P, "dnsConfig", {"nameServers": ["dns"]}),
    )
    check(private, context("2021-03-01"))
    with pytest.raises(ArmError) as refused:
        check(private, context("2021-07-01"))
    assert refused.value.code == "PrivateIPAddressNotSupported"
    with pytest.raises(ArmError) as refused:
        check(changed((*P, "networkProfile", {"id": "p"})), context("2021-03-01"))
    assert refused.value.code == "NetworkProfileNotFound"
