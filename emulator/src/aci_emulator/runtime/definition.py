# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a container group's definition that are needed to run it, read from its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ALWAYS = "Always"
ON_FAILURE = "OnFailure"
NEVER = "Never"


@dataclass(frozen=True)
class Mount:
    """A volume mounted at a path of a container."""

    volume: str
    path: str
    read_only: bool = False


@dataclass(frozen=True)
class Volume:
    """A volume of a group; ``kind`` is its key in the JSON: emptyDir, secret, azureFile, gitRepo, secretReference."""

    name: str
    kind: str
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ContainerSpec:
    """A container. ``command`` is None for the image's own. Memory is in GB."""

    name: str
    image: str
    init: bool = False
    command: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    ports: tuple[int, ...] = ()
    mounts: tuple[Mount, ...] = ()
    config_map: Mapping[str, str] = field(default_factory=dict, repr=False)
    cpu: float | None = None
    memory: float | None = None
    liveness: Mapping[str, Any] | None = None
    readiness: Mapping[str, Any] | None = None
    security: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupSpec:
    """A container group."""

    id: str
    restart_policy: str
    containers: tuple[ContainerSpec, ...]
    init_containers: tuple[ContainerSpec, ...] = ()
    volumes: tuple[Volume, ...] = ()
    ports: tuple[int, ...] = ()
    credentials: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    provisioning_timeout: float = 1800.0
    priority: str = "Regular"
    private: bool = False  # in a virtual network

    def volume(self, name: str) -> Volume | None:
        """Returns the volume with a name, or None."""
        return next((volume for volume in self.volumes if volume.name == name), None)

    @property
    def init_restart_policy(self) -> str:
        """The policy of init containers: because they end, Always means OnFailure for them (documented)."""
        return NEVER if self.restart_policy == NEVER else ON_FAILURE


def read_group(group_id: str, definition: Mapping[str, Any]) -> GroupSpec:
    """Reads ``{"properties": {"containers": [...], ...}}``. Absent properties get the service's defaults."""
    properties = _mapping(definition.get("properties"))
    address = _mapping(properties.get("ipAddress"))
    return GroupSpec(
        id=group_id,
        restart_policy=_policy(properties.get("restartPolicy")),
        containers=tuple(_container(item, init=False) for item in properties.get("containers") or ()),
        init_containers=tuple(_container(item, init=True) for item in properties.get("initContainers") or ()),
        volumes=tuple(_volume(item) for item in properties.get("volumes") or ()),
        ports=tuple(int(port["port"]) for port in address.get("ports") or ()),
        credentials=tuple(properties.get("imageRegistryCredentials") or ()),
        provisioning_timeout=float(properties.get("provisioningTimeoutInSeconds") or 1800),
        priority=str(properties.get("priority") or "Regular"),
        private=bool(properties.get("subnetIds") or properties.get("networkProfile")),
    )


def _container(item: Mapping[str, Any], *, init: bool) -> ContainerSpec:
    properties = _mapping(item.get("properties"))
    requests = _mapping(_mapping(properties.get("resources")).get("requests"))
    limits = _mapping(_mapping(properties.get("resources")).get("limits"))
    command = properties.get("command")
    return ContainerSpec(
        name=str(item.get("name", "")),
        image=str(properties.get("image") or ""),
        init=init,
        command=tuple(str(part) for part in command) if command else None,
        environment={
            str(variable["name"]): str(variable.get("value", variable.get("secureValue")) or "")
            for variable in properties.get("environmentVariables") or ()
        },
        ports=tuple(int(port["port"]) for port in properties.get("ports") or ()),
        mounts=tuple(
            Mount(str(mount.get("name", "")), str(mount.get("mountPath", "")), bool(mount.get("readOnly")))
            for mount in properties.get("volumeMounts") or ()
        ),
        config_map={
            str(key): str(value)
            for key, value in _mapping(_mapping(properties.get("configMap")).get("keyValuePairs")).items()
        },
        cpu=_number(limits.get("cpu", requests.get("cpu"))),
        memory=_number(limits.get("memoryInGB", requests.get("memoryInGB"))),
        liveness=properties.get("livenessProbe"),
        readiness=properties.get("readinessProbe"),
        security=_mapping(properties.get("securityContext")),
    )


def _volume(item: Mapping[str, Any]) -> Volume:
    for kind in ("emptyDir", "secret", "azureFile", "gitRepo", "secretReference"):
        if item.get(kind) is not None:
            return Volume(str(item.get("name", "")), kind, _mapping(item[kind]))
    return Volume(str(item.get("name", "")), "emptyDir")


def _policy(value: Any) -> str:
    return next((policy for policy in (ALWAYS, ON_FAILURE, NEVER) if policy.lower() == str(value).lower()), ALWAYS)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
