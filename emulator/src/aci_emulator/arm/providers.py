# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resource providers: their types, versions and locations, and their registrations by subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.clock import Clock
from ..core.settings import Settings
from ..core.store import Store
from .errors import ArmError

# The API versions of Microsoft.Resources that Resource Manager accepts for its own paths, newest first.
RESOURCE_MANAGER_VERSIONS = [
    "2025-04-01",
    "2025-03-01",
    "2024-11-01",
    "2024-08-01",
    "2024-07-01",
    "2024-03-01",
    "2023-07-01",
    "2023-07-01-preview",
    "2023-03-01-preview",
    "2022-12-01",
    "2022-11-01-preview",
    "2022-09-01",
    "2022-06-01",
    "2022-05-01",
    "2022-03-01-preview",
    "2022-01-01",
    "2021-04-01",
    "2021-01-01",
    "2020-10-01",
    "2020-09-01",
    "2020-08-01",
    "2020-07-01",
    "2020-06-01",
    "2020-05-01",
    "2020-01-01",
    "2019-11-01",
    "2019-10-01",
    "2019-09-01",
    "2019-08-01",
    "2019-07-01",
    "2019-06-01",
    "2019-05-10",
    "2019-05-01",
    "2019-03-01",
    "2018-11-01",
    "2018-09-01",
    "2018-08-01",
    "2018-07-01",
    "2018-06-01",
    "2018-05-01",
    "2018-02-01",
    "2018-01-01",
    "2017-12-01",
    "2017-08-01",
    "2017-06-01",
    "2017-05-10",
    "2017-05-01",
    "2017-03-01",
    "2016-09-01",
    "2016-07-01",
    "2016-06-01",
    "2016-02-01",
    "2015-11-01",
    "2015-01-01",
    "2014-04-01-preview",
    "2014-04-01",
]
_REGISTRATION_SECONDS = 2.0


class Providers:
    """Resource providers by namespace. Each has a table of types with their API versions, oldest first."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._types: dict[str, dict[str, list[str]]] = {}
        self._unregistered = {each.lower() for each in settings.unregistered_providers}
        self.add(
            "Microsoft.Resources",
            {each: list(RESOURCE_MANAGER_VERSIONS) for each in ("subscriptions", "resourceGroups", "tenants")},
        )

    def add(self, namespace: str, types: Mapping[str, list[str]]) -> None:
        """Adds a namespace."""
        self._types[namespace] = {name: list(versions) for name, versions in types.items()}

    def literals(self) -> dict[str, str]:
        """Returns namespaces and types by their form in lower case."""
        found = {namespace.lower(): namespace for namespace in self._types}
        for types in self._types.values():
            for name in types:
                found |= {segment.lower(): segment for segment in name.split("/")}
        return found

    def check_own(self, version: str) -> None:
        """Raises ArmError 400 unless Resource Manager itself supports the version."""
        if version.lower() not in RESOURCE_MANAGER_VERSIONS:
            raise ArmError(
                400,
                "InvalidApiVersionParameter",
                f"The api-version '{version}' is invalid. The supported versions are "
                f"'{','.join(RESOURCE_MANAGER_VERSIONS)}'.",
                gateway=True,
            )

    def check(self, namespace: str, type_name: str, version: str, *, location: str | None) -> None:
        """Raises ArmError unless the type exists in the namespace and supports the version.

        ``type_name`` may be a nested type, or an action of one: the versions of its nearest known ancestor apply.
        """
        types = self._types.get(namespace)
        if types is None:
            raise ArmError(
                404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.", gateway=True
            )
        known = type_name
        while known and known not in types:
            known = known.rpartition("/")[0]
        if not known:
            raise ArmError(
                404,
                "InvalidResourceType",
                f"The resource type '{type_name}' could not be found in the namespace '{namespace}' for api version "
                f"'{version}'. The supported api-versions are ''.",
                gateway=True,
            )
        versions = types[known]
        if version.lower() in versions:
            return
        if location is None:
            raise ArmError(
                400,
                "InvalidResourceType",
                f"The resource type '{known}' could not be found in the namespace '{namespace}' for api version "
                f"'{version}'. The supported api-versions are '{','.join(reversed(versions))}'.",
                gateway=True,
            )
        raise ArmError(
            400,
            "NoRegisteredProviderFound",
            f"No registered resource provider found for location '{location}' and API version '{version}' for type "
            f"'{known}'. The supported api-versions are '{', '.join(versions)}'. The supported locations are "
            f"'{', '.join(self._settings.regions)}'.",
            gateway=True,
        )

    def require_registration(self, subscription: str, namespace: str) -> None:
        """Raises ArmError 409 unless the subscription has registered the namespace."""
        if self.state(subscription, namespace) != "Registered":
            raise ArmError(
                409,
                "MissingSubscriptionRegistration",
                f"The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found "
                "for how to register subscriptions.",
                details=[
                    {
                        "code": "MissingSubscriptionRegistration",
                        "target": namespace,
                        "message": f"The subscription is not registered to use namespace '{namespace}'. See "
                        "https://aka.ms/rps-not-found for how to register subscriptions.",
                    }
                ],
                gateway=True,
            )

    def state(self, subscription: str, namespace: str) -> str:
        """Returns NotRegistered, Registering, Registered or Unregistered."""
        document = self._store.get("registrations", _key(subscription, namespace))
        if document is not None:
            return str(document["state"])
        return "NotRegistered" if namespace.lower() in self._unregistered else "Registered"

    def register(self, subscription: str, namespace: str) -> None:
        """Begins a registration, which takes a moment. Raises ArmError 404 for an unknown namespace."""
        canonical = self.canonical(namespace)
        if self.state(subscription, canonical) == "Registered":
            return
        self._set_state(subscription, canonical, "Registering")
        self._clock.call_later(_REGISTRATION_SECONDS, lambda: self._finish(subscription, canonical))

    def unregister(self, subscription: str, namespace: str) -> None:
        """Ends a registration. Raises ArmError 404 for an unknown namespace."""
        self._set_state(subscription, self.canonical(namespace), "Unregistered")

    def resume(self) -> None:
        """Completes registrations that were under way before a restart."""
        for key, document in self._store.list("registrations"):
            if document["state"] == "Registering":
                self._store.put("registrations", key, {"state": "Registered"})

    def describe(self, subscription: str | None, namespace: str) -> dict[str, Any]:
        """Returns a provider as the service shows it. Raises ArmError 404 for an unknown namespace."""
        canonical = self.canonical(namespace)
        document: dict[str, Any] = {"namespace": canonical}
        if subscription is not None:
            document = {"id": f"/subscriptions/{subscription}/providers/{canonical}", **document}
        document["resourceTypes"] = [
            {
                "resourceType": name,
                "locations": [] if name == "operations" else list(self._settings.regions.values()),
                "apiVersions": list(reversed(versions)),
                "capabilities": _capabilities(name),
                **_zone_mappings(name, self._settings.regions),
            }
            for name, versions in self._types[canonical].items()
        ]
        if subscription is not None:
            document["registrationState"] = self.state(subscription, canonical)
            document["registrationPolicy"] = "RegistrationRequired"
        return document

    def namespaces(self) -> list[str]:
        """Returns the namespaces in alphabetical order."""
        return sorted(self._types)

    def canonical(self, namespace: str) -> str:
        """Returns a namespace in the service's case. Raises ArmError 404."""
        found = next((each for each in self._types if each.lower() == namespace.lower()), None)
        if found is None:
            raise ArmError(
                404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.", gateway=True
            )
        return found

    def _finish(self, subscription: str, namespace: str) -> None:
        if self.state(subscription, namespace) == "Registering":
            self._set_state(subscription, namespace, "Registered")

    def _set_state(self, subscription: str, namespace: str, state: str) -> None:
        self._store.put("registrations", _key(subscription, namespace), {"state": state})


def _key(subscription: str, namespace: str) -> str:
    return f"/subscriptions/{subscription}/providers/{namespace}".lower()


def _capabilities(type_name: str) -> str:
    if type_name == "containerGroups":
        return "SystemAssignedResourceIdentity, SupportsTags, SupportsLocation"
    return "None"


# Regions of Azure without availability zones.
_WITHOUT_ZONES = frozenset(
    {
        "australiacentral",
        "australiasoutheast",
        "canadaeast",
        "northcentralus",
        "southindia",
        "ukwest",
        "westcentralus",
        "westindia",
        "westus",
    }
)


def _zone_mappings(type_name: str, regions: Mapping[str, str]) -> dict[str, Any]:
    """The zones of each region. Their order has no meaning, as in the service's responses."""
    if type_name != "containerGroups":
        return {}
    return {
        "zoneMappings": [
            {"location": display, "zones": ["2", "1", "3"]}
            for name, display in regions.items()
            if name not in _WITHOUT_ZONES
        ]
    }
