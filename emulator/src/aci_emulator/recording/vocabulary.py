# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may stand in a recording as it is: the service's own words, none of which a user can have chosen.

Everything here is an allow-list. What is not in it is replaced by the recorder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..container_instance.definition.models import GROUP, PROFILE
from ..container_instance.definition.refusals import REFUSALS
from ..container_instance.definition.schema import (
    Anything,
    Boolean,
    Choice,
    Duration,
    Field,
    Integer,
    ListOf,
    MapOf,
    Number,
    Record,
    SecretMap,
    Shape,
)
from ..container_instance.state.locations import cached_images, provider_operations
from ..container_instance.state.quotas import QUOTAS
from ..core.settings import REGIONS
from ..serving.request_log import SECRET_NAMES

API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview|-privatepreview)?", re.ASCII)
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
DURATION = re.compile(r"P(?=.)(\d+[YMWD])*(T(\d+(\.\d+)?[HMS])+)?", re.ASCII)
NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?", re.ASCII)
GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", re.ASCII)
# What the service puts where only it writes: states, codes, names of events.
SERVICE_WORD = re.compile(r"[A-Z][A-Za-z0-9]{1,79}", re.ASCII)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _fields(shape: Shape) -> Iterator[Field]:
    if isinstance(shape, Record):
        for each in shape.fields:
            yield each
            yield from _fields(each.shape)
    elif isinstance(shape, ListOf | MapOf):
        yield from _fields(shape.item)


_FIELDS = [*_fields(GROUP), *_fields(PROFILE)]


def _named(*kinds: type[Shape]) -> frozenset[str]:
    return frozenset(each.name.lower() for each in _FIELDS if isinstance(each.shape, kinds))


_CHOICES: dict[str, set[str]] = {}
for _field in _FIELDS:
    if isinstance(_field.shape, Choice):
        _CHOICES.setdefault(_field.name.lower(), set()).update(each.lower() for each in _field.shape.values)

# Members of objects that are maps: the user chose their keys.
MAPS = _named(MapOf, SecretMap, Anything) - {"provisioningtimeoutinseconds", "iscustomprovisioningtimeout"} | {
    "values",
    "parameters",
    "requestheaders",
}
# Maps whose values are objects of the service.
MAPS_OF_OBJECTS = frozenset({"userassignedidentities"})
SECRETS = frozenset({each.name.lower() for each in _FIELDS if each.secret}) | SECRET_NAMES
NUMBERS = _named(Integer, Number)
BOOLEANS = _named(Boolean)
DURATIONS = _named(Duration) | {"supportedtimegraintypes", "timegrain", "interval", "timespan"}

# Keys of answers and of other providers than Microsoft.ContainerInstance.
_MORE_KEYS = """
    access acls actions addressPrefix addressPrefixes addressSpace aggregationType allowDelete allowed apiProfiles
    apiVersion apiVersions
    authorizationSource average changedTime capabilities category cachedImages clientId code condition cols
    containerNetworkInterfaceConfigurations containerNetworkInterfaces content contentEvaluationResult cost count
    countryCode createdAt createdBy createdByType createdTime currentState currentValue data dataActions
    defaultApiVersion defaultDomain delegations description details detailStatus dimensions display displayDescription
    displayName domains effectDetails emptyDir enableRegionalMdmAccount endTime error errorCode etag
    evaluatedExpressions evaluationDetails evaluationResult events exitCode exists expression expressionKind
    expressionValue field fieldRestrictions fillGapWithZero finishTime firstTimestamp gpu homeTenantId info
    innererror instanceView interval ipAddressType ipConfigurations ipConfigurationProfiles jobId jobLocation
    lastModifiedAt lastModifiedBy lastModifiedByType lastTimestamp level limit linkedResourceType links localizedValue
    location locationPlacementId locations locks managedBy managedByTenants maxCpu maxGpuCount maxMemoryInGB maximum
    message metadata metadatavalues metricSpecifications minimum mode namespace nextLink notActions notDataActions
    notes operation operator origin owners path percentComplete permissions plan policy policyAssignment
    policyAssignmentDisplayName policyAssignmentId policyAssignmentName policyAssignmentScope policyDefinition
    policyDefinitionAction policyDefinitionDisplayName policyDefinitionEffect policyDefinitionId policyDefinitionName
    policyDefinitionReferenceId policyEffect policyEvaluations policyExemptionIds policyInfo policyRule
    policySetDefinitionId pool previousState principalId principalType product promotionCode provider
    provisioningOperation provisioningState publisher quotaId reason regionCategory regionType regionalDisplayName
    registrationPolicy registrationState resource resourceDetails resourceGuid resourceType resourceTypes
    resourceUri resourceid resourceregion result restartCount restrictions roleDefinitionId rows scope
    serviceAssociationLinks serviceName serviceSpecification sourceMdmAccount sourceMdmNamespace spendingLimit
    startTime state status statusMessage subnets subscriptionId subscriptionPolicies supportedAggregationTypes
    supportedTimeGrainTypes systemData target targetValue tenantCategory tenantId tenantType terminalSize timeStamp
    timeseries timespan toBeExportedForShoebox total trackedResourceName unit user value version virtualNetworks
    webSocketUri zoneMappings zones additionalInfo properties id name type tags error password defaultAccess
    networkSecurityGroup routeTable serviceEndpoints privateEndpointNetworkPolicies privateLinkServiceNetworkPolicies
    enableDdosProtection virtualNetworkPeerings dhcpOptions dnsServers subnet actionsCount
"""
KEYS = frozenset(each.name.lower() for each in _FIELDS) | {each.lower() for each in _MORE_KEYS.split()}

# Keys that only the service fills, with words of its own.
SERVICE_KEYS = _words(
    """
    code errorcode provisioningstate state status detailstatus registrationstate registrationpolicy spendinglimit
    createdbytype lastmodifiedbytype origin unit gpu aggregationtype policyeffect policydefinitioneffect
    evaluationresult result regiontype regioncategory principaltype authorizationsource supportedaggregationtypes
    provisioningoperation tenanttype tenantcategory
    """
)

NAMESPACES = frozenset(
    f"microsoft.{name}"
    for name in _words("""authorization containerinstance containerregistry insights keyvault managedidentity network
    operationalinsights policyinsights resources standbypool storage web compute features support quota
    """)
)
# Types, collections and actions: the segments of paths that are not names.
SEGMENTS = _words(
    """
    subscriptions resourcegroups providers resources operations operationresults locations tagnames tagvalues tenants
    register unregister containergroups containergroupprofiles ngroups containers logs exec attach restart start stop
    revisions usages capabilities cachedimages outboundnetworkdependenciesendpoints deletevirtualnetworkorsubnets
    virtualnetworks subnets serviceassociationlinks networkprofiles networksecuritygroups publicipaddresses
    permissions locks roleassignments roledefinitions policyassignments policydefinitions policysetdefinitions
    policystates policyevents checkpolicyrestrictions latest queryresults summarize metrics metricdefinitions
    diagnosticsettings eventtypes management values userassignedidentities registries vaults secrets storageaccounts
    workspaces standbycontainergrouppools runtimeviews deployments validate exporttemplate detectors
    read write delete action providers default buildlogs execstream logstream sessionid
    """
)
QUERY_KEYS = _words("api-version tail timestamps rows cols $expand $filter $top $skip $skiptoken monitor")
# Parts of signed addresses: they are left out.
SIGNED_QUERY_KEYS = frozenset({"t", "c", "s", "h", "sig", "se", "sp", "sv", "sr", "st"})

REGION_NAMES = frozenset({*REGIONS, *(each.lower().replace(" ", "") for each in REGIONS.values()), "global"})
MANAGEMENT_HOSTS = frozenset({"management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"})
DOMAINS = (
    *sorted(MANAGEMENT_HOSTS),
    "atlas.cloudapp.azure.com",
    "management.azurecontainer.io",
    "azurecontainer.io",
    "azurecr.io",
    "vault.azure.net",
    "blob.core.windows.net",
    "file.core.windows.net",
    "login.microsoftonline.com",
    "sts.windows.net",
    "mcr.microsoft.com",
    "index.docker.io",
    "docker.io",
    "ghcr.io",
    "quay.io",
    "github.com",
    "aka.ms",
)
# Pages that messages of the service point to.
HELP_PAGES = re.compile(r"https://aka\.ms/[A-Za-z0-9_-]{1,60}[.,]?", re.ASCII)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


# Whole texts that the service gives, for the keys below.
LITERALS = frozenset(
    {
        *_texts(provider_operations()),
        *(each["image"] for each in cached_images()),
        *(text for quota in QUOTAS for text in (quota.name, quota.display)),
        "SystemAssignedResourceIdentity, SupportsTags, SupportsLocation",
        "None",
        "*",
    }
)
LITERAL_KEYS = _words(
    """
    provider resource operation description displayname displaydescription sourcemdmaccount sourcemdmnamespace
    localizedvalue capabilities actions notactions dataactions notdataactions
    """
)

# Texts of refusals and events beyond those of Microsoft.ContainerInstance, with placeholders.
_MORE_TEXTS = (
    "Resource group '{name}' could not be found.",
    "The Resource '{resource}' under resource group '{name}' was not found. For more details please go to "
    "https://aka.ms/ARMResourceNotFoundFix",
    "The client '{client}' with object id '{id}' does not have authorization to perform action '{action}' over scope "
    "'{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
    "The client '{client}' with object id '{id}' has permission to perform action '{action}' on scope '{scope}'; "
    "however, it does not have permission to perform action(s) '{linked}' on the linked scope(s) '{scopes}' "
    "(respectively) or the linked scope(s) are invalid.",
    "Number of '{word}' requests for subscription '{subscription}' actor '{principal}' exceeded. Please try again "
    "after '{seconds}' seconds after additional tokens are available.",
    "No registered resource provider found for location '{location}' and API version '{version}' for type '{type}'. "
    "The supported api-versions are '{versions}'. The supported locations are '{locations}'.",
    "The request content was invalid and could not be deserialized: '{reason}'.",
    "Could not find member '{member}' on object. Path '{path}'",
    "Could not find member '{member}' in API version '{version}'",
    "Error converting value to type '{type}'. Path '{path}'",
    "The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how to "
    "register subscriptions.",
    "The subscription '{subscription}' could not be found.",
    "The scope '{scope}' cannot perform {verb} operation because following scope(s) are locked: '{scopes}'. Please "
    "remove the lock and try again.",
    "Resource '{name}' was disallowed by policy. Policy identifiers: '{policies}'.",
    'pulling image "{image}"',
    'Successfully pulled image "{image}"',
    'Back-off pulling image "{image}"',
    'Failed to pull image "{image}": {reason}',
    "rpc error: code 2 desc Error: image {image} not found",
    "Started container",
    "Created container",
    "Back-off restarting failed container",
    "Killing container with id {id}.",
    "Delegate subnet succeeded.",
    "Join network succeeded.",
    'Join network failed for "{id}": Timeout.',
    "Prepare network succeeded.",
    "Provision network interface succeeded.",
    "Failed to mount Azure File Volume.",
    "Subscription deployment didn't reach a successful provisioning state after '{duration}'.",
)
# What the service calls properties in its messages.
LABELS = ("Public", "Private", "OSType", "RestartPolicy", "InstanceView", "Spot", "CPU", "Memory", "GPU", "Sku")
TEXTS = (*(each.text for each in REFUSALS.values()), *_MORE_TEXTS)
# Words of messages that no text above has. Plain English and the field's nouns; nobody is known by them.
_MORE_WORDS = """
    a about above access account accepted action actions active activity additional address after again all allowed
    already an and another any api are argument as at attempt authorization authorized available back be because been
    before being below between body but by can cannot change changed check code compatible configuration conflict
    connection contact contain contains content correct correlation could create created creating creation credential
    credentials currently database default defined delete deleted deleting deletion denied deploy deployment different
    disabled disk do does due each either empty enabled encountered end ended ensure error errors exceed exceeded
    exceeds exist exists expected expired failed failure feature field fields file filter first following for format
    found from full gateway given greater group groups has have header host how however id identifier identity if
    image in incorrect information input insufficient integer internal invalid is issue it its key keys kind label
    last later least length less like limit limits linked list location lock locked long longer make malformed match
    maximum may memory message method minimum missing more most mount must name names namespace network new no node
    none not null number object of off on once one only operation or other out over own parameter parameters parse
    parsing password path pending perform permission permissions please policy port possible private properties
    property protocol provide provided provider provisioning public pull pulled query quota reach reached read reason
    received recently refer referenced region register registered registry remove removed request requested requests
    required resource resources response restart result retry role running same scope secret see server service set
    should size small some specified specify start started state status stop stopped storage string submitted
    subnet subscription succeeded successful successfully such support supported tag tags temporarily tenant than
    that the their then there these they this those time timeout times to token too total transitioning try type
    unable unavailable under unexpected unique unknown unsupported until update updated updating usage use used user
    using valid validation value values variable version virtual volume wait waiting was web were when whether which
    while will with within without working would write wrong you your
"""
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
WORDS = frozenset(
    {word.lower() for text in TEXTS for word in _WORD.findall(re.sub(r"{[a-z_]+}", " ", text))}
    | set(_MORE_WORDS.split())
)
# Words that messages have in quotation marks.
TERMS = (
    KEYS
    | SEGMENTS
    | REGION_NAMES
    | {word for values in _CHOICES.values() for word in values}
    | {each.name.lower() for each in QUOTAS}
    | {each.lower() for each in LABELS}
)


def is_choice(key: str, value: str) -> bool:
    """Whether a value is one of the words that a property can have, in any case."""
    return value.lower() in _CHOICES.get(key.lower(), ())


def is_region(value: str) -> bool:
    """Whether a text names a region of Azure: westus2, or West US 2."""
    return value.lower().replace(" ", "") in REGION_NAMES


def is_type(value: str) -> bool:
    """Whether a text is a namespace of Azure, a type or an action below one, or a type alone."""
    first, *rest = value.lower().split("/")
    return (first in NAMESPACES or first in SEGMENTS) and all(each in SEGMENTS for each in rest)
