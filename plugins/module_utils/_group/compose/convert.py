# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Converts a compose project to the definition of a container group. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from ..._common.masking import SHORT
from ..rules import VARIABLE_NAME
from ..wire import ArmJson
from .forms import (
    Service,
    bytes_of,
    cpus_of,
    duration_of,
    exposed_of,
    flag_of,
    text_of,
    texts_of,
    whole_of,
    words_of,
)
from .keys import NO_MAPPING, walk
from .names import Names
from .project import Project
from .secrecy import holds, looks_secret, matches
from .storage import Storage

DEFAULT_CPU = Decimal(1)
DEFAULT_MEMORY = Decimal("1.5")
"""The requests of a service that sets none: the defaults of aci_group and of Container Instances."""

POLICIES = ("Always", "OnFailure", "Never")
_RESTARTS = {"always": "Always", "unless-stopped": "Always", "on-failure": "OnFailure", "no": "Never"}
_CONDITIONS = {"any": "Always", "on-failure": "OnFailure", "none": "Never"}
_COMPLETED = "service_completed_successfully"
_DEPENDENCIES = ("service_started", "service_healthy", _COMPLETED)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PLATFORMS = {
    **dict.fromkeys(("linux", "linux/amd64", "linux/x86_64"), "Linux"),
    **dict.fromkeys(("windows", "windows/amd64", "windows/x86_64"), "Windows"),
}
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?")
_ADDRESS = re.compile(r"[0-9a-fA-F.:]+")


@dataclass(frozen=True)
class Options:
    """The task's options for the group that a project becomes."""

    public: bool | None = None
    """Whether published ports get a public address; None if the task does not say."""
    in_subnet: bool = False
    """Whether the group is in a subnet, so that published ports get a private address."""
    restart_policy: str | None = None
    ephemeral_volumes: tuple[str, ...] = ()
    plain_variables: tuple[str, ...] = ()
    """Patterns for the names of variables that are not secret, whatever they look like."""
    secure_variables: tuple[str, ...] = ()
    """Patterns for the names of variables that are secret."""
    storage_account_keys: Mapping[str, str] = field(default_factory=dict)
    resolve: str = "none"
    resolve_image: str | None = None


@dataclass
class _Container:
    """A service while it is being converted to a container."""

    service: str
    name: str
    body: Service
    first: bool
    """Whether it is an init container."""

    @property
    def path(self) -> str:
        return f"services.{self.service}"


def converted(project: Project, options: Options) -> ArmJson:
    """The definition of the group, without its name. Notes on the conversion are added to the project's ``findings``.

    Raises InvalidArguments with every reason why the project cannot be converted.
    """
    return _Conversion(project, options).definition()


class _Conversion:
    def __init__(self, project: Project, options: Options) -> None:
        self._project = project
        self._options = options
        self._findings = project.findings
        self._storage = Storage(project, self._findings, options.ephemeral_volumes, options.storage_account_keys)
        self._secrets = {
            value
            for name, value in project.variables.items()
            if len(value) >= SHORT and looks_secret(name, value) and not matches(name, options.plain_variables)
        }

    def definition(self) -> ArmJson:
        project, findings = self._project, self._findings
        if not project.services:
            findings.refuse("services", "No service is active.")
            findings.check()
        self._walk()
        if any(reason == NO_MAPPING for _path, reason in findings.refusals):
            findings.check()  # values of the wrong shape cannot be examined further
        containers = self._containers()
        properties: ArmJson = {
            "osType": self._os_type(containers),
            "restartPolicy": self._restart_policy(containers),
        }
        init = [self._init_container(each) for each in containers if each.first]
        running = [each for each in containers if not each.first]
        bodies = [self._container(each, str(properties["osType"])) for each in running]
        if not running:
            findings.refuse(
                "services", "Every service is an init container, but a group requires at least one other container."
            )
        if init:
            properties["initContainers"] = init
        properties["containers"] = bodies
        address = self._address(running)
        if address:
            properties["ipAddress"] = address
        dns = self._dns(containers)
        if dns:
            properties["dnsConfig"] = dns
        self._hosts(containers, properties)
        volumes = self._storage.volumes()
        if volumes:
            properties["volumes"] = volumes
        findings.check()
        return {"properties": properties}

    def _walk(self) -> None:
        """Applies the table to every key."""
        elements = self._project.elements
        used = {
            kind: {
                str(item.get("source")): None
                for service in self._project.services.values()
                for item in service.get(kind) or ()
            }
            for kind in ("volumes", "secrets", "configs")
        }
        shown: dict[str, Any] = {**self._project.others}
        for kind in ("volumes", "secrets", "configs"):
            # What no active service uses is not created, so it needs no notes.
            shown[kind] = {name: each for name, each in elements[kind].items() if name in used[kind]}
        for kind in ("networks", "models"):
            if elements[kind]:
                shown[kind] = elements[kind]
        shown["services"] = {name: _judged(service) for name, service in self._project.services.items()}
        walk(shown, "", "", self._findings)

    # -- containers ------------------------------------------------------------------------------------------------

    def _containers(self) -> list[_Container]:
        """The containers of the group, init containers in the order in which they run."""
        names = Names(self._findings)
        first = self._first()
        made = {}
        for service_name, service in self._project.services.items():
            path = f"services.{service_name}"
            given = service.get("container_name")
            where = path if given is None else f"{path}.container_name"
            name = names.take(service_name if given is None else text_of(given, where), where)
            made[service_name] = _Container(service_name, name, service, service_name in first)
        self._names = names
        return [made[name] for name in first] + [each for name, each in made.items() if name not in first]

    def _first(self) -> list[str]:
        """The services that become init containers, in an order that respects their dependencies."""
        services = self._project.services
        first: set[str] = set()
        ordered = False
        for name, service in services.items():
            for other, how in (service.get("depends_on") or {}).items():
                path = f"services.{name}.depends_on.{other}"
                condition = (how or {}).get("condition") or "service_started"
                if condition not in _DEPENDENCIES:
                    self._findings.refuse(f"{path}.condition", f"Use one of {', '.join(_DEPENDENCIES)}.")
                elif condition == _COMPLETED:
                    first.add(other)
                else:
                    ordered = True
        if ordered:
            self._findings.differs(
                "services",
                "All containers of a group start at once, regardless of depends_on: let each program wait for the "
                "services that it needs.",
            )
        for name in sorted(first):
            self._check_first(name, first)
        return self._order([name for name in services if name in first])

    def _check_first(self, name: str, first: set[str]) -> None:
        service = self._project.services[name]
        path = f"services.{name}"
        for other in service.get("depends_on") or {}:
            if other not in first:
                self._findings.refuse(
                    f"{path}.depends_on.{other}",
                    f"{name} must end before others start, so it becomes an init container; at that time {other} does "
                    "not run yet. Do its work in another container, or run it as a separate group with aci_run.",
                )
        for key in ("ports", "expose", "healthcheck"):
            if service.get(key):
                self._findings.refuse(
                    f"{path}.{key}",
                    "Not available for an init container, which this service is because others wait for it.",
                )
        for key in ("cpus", "mem_limit", "mem_reservation"):
            if service.get(key) is not None:
                self._findings.ignored(f"{path}.{key}", "An init container uses the resources of its group.")
        if (service.get("deploy") or {}).get("resources"):
            self._findings.ignored(f"{path}.deploy.resources", "An init container uses the resources of its group.")

    def _order(self, names: list[str]) -> list[str]:
        """The names in an order in which each comes after those that it depends on."""
        result: list[str] = []
        left = list(names)
        while left:
            ready = [
                name
                for name in left
                if not any(other in left for other in self._project.services[name].get("depends_on") or {})
            ]
            if not ready:
                self._findings.refuse(f"services.{left[0]}.depends_on", f"{', '.join(left)} wait for each other.")
                return names
            result += ready
            left = [name for name in left if name not in ready]
        return result

    def _init_container(self, container: _Container) -> ArmJson:
        return {"name": container.name, "properties": self._common(container)}

    def _container(self, container: _Container, os_type: str) -> ArmJson:
        properties = self._common(container)
        ports = self._container_ports(container)
        if ports:
            properties["ports"] = ports
        probe = self._probe(container, os_type)
        if probe:
            properties["livenessProbe"] = probe
        properties["resources"] = self._resources(container)
        return {"name": container.name, "properties": properties}

    def _common(self, container: _Container) -> ArmJson:
        """What containers and init containers have in common."""
        service, path = container.body, container.path
        properties: ArmJson = {}
        if service.get("image") in (None, ""):
            what = (
                "Container Instances cannot build images: build and push it, and set image."
                if "build" in service
                else ""
            )
            self._findings.refuse(f"{path}.image", what or "An image is required.")
        else:
            properties["image"] = text_of(service["image"], f"{path}.image")
        command = self._command(container)
        if command is not None:
            properties["command"] = command
        variables = self._variables(container)
        if variables:
            properties["environmentVariables"] = variables
        mounts = self._storage.mounts(container.service, service)
        if mounts:
            properties["volumeMounts"] = mounts
        security = self._security(container)
        if security:
            properties["securityContext"] = security
        return properties

    def _command(self, container: _Container) -> list[str] | None:
        service, path = container.body, container.path
        entrypoint, command = service.get("entrypoint"), service.get("command")
        for word in (*(entrypoint or ()), *(command or ())):
            if holds(word, self._secrets):
                self._findings.differs(
                    f"{path}.command", "It contains a secret, and anyone who can read the group can see its commands."
                )
                break
        if entrypoint:
            return [*entrypoint, *(command or ())]
        if entrypoint is None and command is None:
            return None
        if not command:
            self._findings.refuse(
                f"{path}.{'command' if entrypoint is None else 'entrypoint'}",
                "It removes the image's command without giving another one.",
            )
            return None
        if entrypoint is None and command[0].startswith("-"):
            self._findings.refuse(
                f"{path}.command",
                f"{command[0]} is an argument of the image's ENTRYPOINT, which Container Instances replaces with the "
                "command. Repeat the ENTRYPOINT in entrypoint.",
            )
        elif entrypoint is None:
            self._findings.differs(
                f"{path}.command",
                "It replaces both the image's ENTRYPOINT and its CMD. If the image has an ENTRYPOINT, repeat it in "
                "entrypoint.",
            )
        return list(command)

    def _variables(self, container: _Container) -> list[ArmJson]:
        options = self._options
        result: list[ArmJson] = []
        for name, value in container.body["environment"].items():
            if not VARIABLE_NAME.fullmatch(name):
                self._findings.refuse(
                    f"{container.path}.environment.{name}",
                    "Variable names can contain only letters, digits and underscores; rename the variable.",
                )
            is_secret = matches(name, options.secure_variables) or (
                not matches(name, options.plain_variables)
                and (looks_secret(name, value) or holds(value, self._secrets))
            )
            # The service does not accept an empty secure value, and an empty value needs no secrecy anyway.
            result.append({"name": name, "secureValue" if is_secret and value else "value": value})
        return result

    def _security(self, container: _Container) -> ArmJson:
        service, path = container.body, container.path
        result: ArmJson = {}
        if service.get("privileged") not in (None, "") and flag_of(service["privileged"], f"{path}.privileged"):
            result["privileged"] = True
        capabilities = {
            wire: [text_of(each, f"{path}.{key}") for each in service[key]]
            for key, wire in (("cap_add", "add"), ("cap_drop", "drop"))
            if service.get(key)
        }
        if capabilities:
            result["capabilities"] = capabilities
        for index, word in enumerate(service.get("security_opt") or ()):
            name, _sign, value = text_of(word, f"{path}.security_opt").replace("=", ":").partition(":")
            if name == "no-new-privileges" and value in ("", "true"):
                result["allowPrivilegeEscalation"] = False
            elif not (name == "no-new-privileges" and value == "false"):
                self._findings.refuse(
                    f"{path}.security_opt[{index}]", f"Container Instances does not support the option {name}."
                )
        if service.get("user") not in (None, ""):
            user = text_of(service["user"], f"{path}.user")
            found = re.fullmatch(r"(\d+)(?::(\d+))?", user)
            if found is None:
                self._findings.refuse(
                    f"{path}.user",
                    "Use numeric ids, such as 1000 or 1000:1000; user names are known only inside the image.",
                )
            else:
                result["runAsUser"] = int(found[1])
                if found[2]:
                    result["runAsGroup"] = int(found[2])
        return result

    def _resources(self, container: _Container) -> ArmJson:
        service, path = container.body, container.path
        resources = (service.get("deploy") or {}).get("resources") or {}
        limits, reservations = resources.get("limits") or {}, resources.get("reservations") or {}
        deploy = f"{path}.deploy.resources"
        cpu_limit = self._one(
            cpus_of, (limits.get("cpus"), f"{deploy}.limits.cpus"), (service.get("cpus"), f"{path}.cpus")
        )
        memory_limit = self._one(
            _gigabytes,
            (limits.get("memory"), f"{deploy}.limits.memory"),
            (service.get("mem_limit"), f"{path}.mem_limit"),
        )
        cpu = self._one(cpus_of, (reservations.get("cpus"), f"{deploy}.reservations.cpus"))
        memory = self._one(
            _gigabytes,
            (reservations.get("memory"), f"{deploy}.reservations.memory"),
            (service.get("mem_reservation"), f"{path}.mem_reservation"),
        )
        cpu = cpu or cpu_limit or DEFAULT_CPU
        memory = memory or memory_limit or DEFAULT_MEMORY
        for what, request, limit in (("CPUs", cpu, cpu_limit), ("memory", memory, memory_limit)):
            if limit is not None and limit < request:
                self._findings.refuse(deploy, f"The limit on {what} is below the reservation.")
        result: ArmJson = {"requests": {"cpu": float(cpu), "memoryInGB": float(memory)}}
        limit_values = {
            wire: float(value)
            for wire, value in (("cpu", cpu_limit), ("memoryInGB", memory_limit))
            if value is not None
        }
        if limit_values:
            result["limits"] = limit_values
        return result

    def _one(self, read: Callable[[Any, str], Decimal], *places: tuple[Any, str]) -> Decimal | None:
        """The value of whichever of several keys is set. Refuses different values."""
        found = [(read(value, path), path) for value, path in places if value not in (None, "", 0, "0")]
        for value, path in found[1:]:
            if value != found[0][0]:
                self._findings.refuse(path, f"It differs from {found[0][1]}; set only one of them.")
        return found[0][0] if found else None

    def _probe(self, container: _Container, os_type: str) -> ArmJson | None:
        health, path = container.body.get("healthcheck") or {}, f"{container.path}.healthcheck"
        if not health or (health.get("disable") and flag_of(health["disable"], f"{path}.disable")):
            return None
        test = health.get("test")
        if not test:
            self._findings.ignored(path, "Container Instances ignores the image's own HEALTHCHECK; set test.")
            return None
        kind, *words = words_of(test, f"{path}.test")
        if kind == "NONE":
            return None
        if kind == "CMD-SHELL" and len(words) == 1:
            words = ["cmd", "/S", "/C", words[0]] if os_type == "Windows" else ["/bin/sh", "-c", words[0]]
        elif kind != "CMD" or not words:
            self._findings.refuse(f"{path}.test", "It must start with NONE, CMD or CMD-SHELL, followed by a command.")
            return None
        self._findings.differs(path, "A container that fails it is killed; with Docker it is only marked as unhealthy.")
        probe: ArmJson = {
            "exec": {"command": words},
            "periodSeconds": _seconds(health.get("interval"), f"{path}.interval", 30),
            "timeoutSeconds": _seconds(health.get("timeout"), f"{path}.timeout", 30),
            "failureThreshold": whole_of(health.get("retries") or 3, f"{path}.retries"),
        }
        delay = _seconds(health.get("start_period"), f"{path}.start_period", 0)
        if delay:
            probe["initialDelaySeconds"] = delay
        return probe

    # -- properties of the group -----------------------------------------------------------------------------------

    def _os_type(self, containers: list[_Container]) -> str:
        found = {}
        for container in containers:
            given = container.body.get("platform")
            if given in (None, ""):
                continue
            platform = text_of(given, f"{container.path}.platform").lower()
            if platform not in _PLATFORMS:
                self._findings.refuse(
                    f"{container.path}.platform", "Container Instances supports linux/amd64 and windows/amd64 only."
                )
            else:
                found[_PLATFORMS[platform]] = container.service
        if len(found) > 1:
            who = ", ".join(f"{service}: {os_type}" for os_type, service in found.items())
            self._findings.refuse("services", f"A group has one operating system, but the services differ: {who}.")
        return next(iter(found), "Linux")

    def _restart_policy(self, containers: list[_Container]) -> str:
        found: dict[str, list[str]] = {}
        silent: list[_Container] = []
        for container in containers:
            if container.first:
                continue
            policy = self._policy(container)
            if policy is None:
                silent.append(container)
            else:
                found.setdefault(policy, []).append(container.service)
        chosen = self._options.restart_policy
        if chosen is not None:
            for policy, services in found.items():
                if policy != chosen:
                    self._findings.differs(
                        "restart_policy", f"{', '.join(services)} would be {policy}, but the task sets {chosen}."
                    )
            return chosen
        if not found:
            self._findings.refuse(
                "restart_policy",
                "No service sets restart, which means never to Docker and always to Container Instances. Choose one of "
                f"{', '.join(POLICIES)}.",
            )
            return POLICIES[0]
        if len(found) > 1:
            who = "; ".join(f"{', '.join(services)}: {policy}" for policy, services in found.items())
            self._findings.refuse(
                "restart_policy", f"A group has one restart policy, but the services differ ({who}). Choose one."
            )
        policy = next(iter(found))
        for container in silent:
            if policy != "Never":
                self._findings.differs(
                    f"{container.path}.restart",
                    f"It is not set, so the service gets the group's restart policy, {policy}.",
                )
        return policy

    def _policy(self, container: _Container) -> str | None:
        """The restart policy that a service sets; None if it sets none."""
        path = container.path
        condition = ((container.body.get("deploy") or {}).get("restart_policy") or {}).get("condition")
        if condition not in (None, ""):
            word = text_of(condition, f"{path}.deploy.restart_policy.condition")
            if word in _CONDITIONS:
                return _CONDITIONS[word]
            self._findings.refuse(f"{path}.deploy.restart_policy.condition", f"Use one of {', '.join(_CONDITIONS)}.")
            return None
        if (container.body.get("deploy") or {}).get("restart_policy"):
            return "Always"  # the default condition is any
        restart = container.body.get("restart")
        if restart in (None, ""):
            return None
        # An unquoted no is a string here, but a file may also contain false, as YAML 1.1 would parse it.
        word, _colon, count = ("no" if restart is False else text_of(restart, f"{path}.restart")).partition(":")
        if word not in _RESTARTS:
            self._findings.refuse(f"{path}.restart", f"Use one of {', '.join(_RESTARTS)}.")
            return None
        if count:
            self._findings.ignored(f"{path}.restart", "The number of restarts cannot be limited. See max_restarts.")
        return _RESTARTS[word]

    # -- network ---------------------------------------------------------------------------------------------------

    def _container_ports(self, container: _Container) -> list[ArmJson]:
        path = container.path
        given = [(port["target"], port["protocol"]) for port in container.body.get("ports") or ()]
        given += exposed_of(container.body.get("expose"), f"{path}.expose")
        for protocol in sorted({protocol for _number, protocol in given} - {"tcp", "udp"}):
            self._findings.refuse(f"{path}.ports", f"The protocol must be tcp or udp, not {protocol}.")
        return [_port(number, protocol) for number, protocol in dict.fromkeys(given)]

    def _address(self, containers: list[_Container]) -> ArmJson | None:
        self._check_shared_ports(containers)
        published = [port for each in containers for port in self._published(each)]
        names = ", ".join(dict.fromkeys(f"{port['port']}/{port['protocol']} of {who}" for who, port in published))
        public, in_subnet = self._options.public, self._options.in_subnet
        if public and in_subnet:
            self._findings.refuse(
                "public", "A group in a subnet has no public address; set only one of public and subnet_ids."
            )
        elif published and public is None and not in_subnet:
            self._findings.refuse(
                "public",
                f"The project publishes ports: {names}. On Container Instances they would be on the internet. Set "
                "public: true to allow that, public: false to keep the ports inside the group, or subnet_ids for an "
                "address in your virtual network.",
            )
        label = self._label(containers)
        if not published or not (public or in_subnet):
            if published and public is False:
                self._findings.differs("public", f"Reachable only from inside the group: {names}.")
            if label is not None:
                self._findings.ignored(label[1], "A DNS label requires a public address.")
            return None
        address: ArmJson = {
            "type": "Public" if public else "Private",
            "ports": list({(port["port"], port["protocol"]): port for _who, port in published}.values()),
        }
        if label is not None and public:
            address["dnsNameLabel"] = label[0]
        elif label is not None:
            self._findings.ignored(label[1], "A private address has no DNS label.")
        return address

    def _published(self, container: _Container) -> Iterable[tuple[str, ArmJson]]:
        for index, port in enumerate(container.body.get("ports") or ()):
            if port.get("host_ip") in _LOOPBACK:
                continue
            if port.get("published") not in (None, str(port["target"])) and (
                self._options.public or self._options.in_subnet
            ):
                self._findings.refuse(
                    f"{container.path}.ports[{index}]",
                    f"Container Instances does not map ports: {port['target']} of the container cannot be "
                    f"{port['published']} outside. Let the program listen on {port['published']}, or publish "
                    f"{port['target']}.",
                )
            yield container.service, _port(port["target"], port["protocol"])

    def _check_shared_ports(self, containers: list[_Container]) -> None:
        owners: dict[tuple[int, str], str] = {}
        for container in containers:
            given = [(port["target"], port["protocol"]) for port in container.body.get("ports") or ()]
            given += exposed_of(container.body.get("expose"), f"{container.path}.expose")
            for key in dict.fromkeys(given):
                if key in owners:
                    self._findings.refuse(
                        f"{container.path}.ports",
                        f"{owners[key]} listens on {key[0]}/{key[1].upper()} too, and all containers of a group share "
                        "one network; change the port of one of them.",
                    )
                owners.setdefault(key, container.service)

    def _label(self, containers: list[_Container]) -> tuple[str, str] | None:
        found: dict[str, str] = {}
        for container in containers:
            if container.body.get("domainname") not in (None, ""):
                path = f"{container.path}.domainname"
                found.setdefault(text_of(container.body["domainname"], path), path)
        if len(found) > 1:
            self._findings.refuse(
                list(found.values())[1], "A group has one DNS label, but services have different ones."
            )
        return next(iter(found.items()), None)

    def _dns(self, containers: list[_Container]) -> ArmJson | None:
        found: dict[str, tuple[Any, str]] = {}
        for container in containers:
            for key in ("dns", "dns_search", "dns_opt"):
                value = container.body.get(key)
                if not value:
                    continue
                path = f"{container.path}.{key}"
                if not self._options.in_subnet:
                    self._findings.refuse(
                        path, "Only a group in a subnet can have a DNS configuration; set subnet_ids."
                    )
                elif key in found and found[key][0] != value:
                    self._findings.refuse(path, f"All containers of a group share it, but {found[key][1]} differs.")
                found.setdefault(key, (value, path))
        if not found:
            return None
        if "dns" not in found:
            self._findings.refuse(next(iter(found.values()))[1], "It requires dns: name servers must be given, too.")
            return None
        config: ArmJson = {"nameServers": found["dns"][0]}
        for key, wire in (("dns_search", "searchDomains"), ("dns_opt", "options")):
            if key in found:
                config[wire] = " ".join(found[key][0])
        return config

    # -- names -----------------------------------------------------------------------------------------------------

    def _hosts(self, containers: list[_Container], properties: ArmJson) -> None:
        """Lets services reach each other by their names, or notes that they cannot."""
        running = [each for each in containers if not each.first]
        extra = [(each, host, address) for each in running for host, address in _extra_hosts(each.body)]
        if self._options.resolve == "none":
            for container, host, _address in extra:
                self._findings.refuse(f"{container.path}.extra_hosts", f"{host} would not resolve. Set resolve: hosts.")
            if len(running) > 1:
                pairs = _mentions(running)
                said = f" Service names used as host names: {'; '.join(pairs)}." if pairs else ""
                self._findings.differs(
                    "services",
                    "Containers of a group reach each other at localhost; service names do not resolve unless you set "
                    f"resolve: hosts.{said}",
                )
            return
        lines = {"127.0.0.1": [name for each in running for name in _host_names(each)]}
        for container, host, address in extra:
            if not _ADDRESS.fullmatch(address):
                self._findings.refuse(
                    f"{container.path}.extra_hosts", f"{host} must have an IP address, not {address}."
                )
            lines.setdefault(address, []).append(host)
        for host in [host for hosts in lines.values() for host in hosts]:
            if not _HOST.fullmatch(host):
                self._findings.refuse("resolve", f"{host} is not a valid host name.")
        if len(running) < 2 and not extra:
            return
        if properties["osType"] == "Windows":
            self._findings.refuse("resolve", "hosts supports Linux containers only.")
        if properties["restartPolicy"] != "Always":
            self._findings.refuse(
                "resolve",
                "hosts adds a container that never ends, so a group with the restart policy "
                f"{properties['restartPolicy']} would never end, and would be billed indefinitely.",
            )
        images = [str(each["properties"].get("image")) for each in properties["containers"]]
        text = "; ".join(
            f"grep -qxF '{line}' /etc/hosts || echo '{line}' >> /etc/hosts"
            for line in (f"{address} {' '.join(dict.fromkeys(hosts))}" for address, hosts in lines.items() if hosts)
        )
        properties["containers"].append(
            {
                "name": self._names.free("hosts"),
                "properties": {
                    "image": self._options.resolve_image or images[0],
                    "command": ["/bin/sh", "-c", f"{text}; while :; do sleep 3600; done"],
                    "resources": {"requests": {"cpu": 0.01, "memoryInGB": 0.1}},
                },
            }
        )


def _judged(service: Service) -> Service:
    """A service in the form to which the table applies: without keys whose treatment depends on other values."""
    result = dict(service)
    if str(result.get("network_mode") or "").startswith("service:"):
        del result["network_mode"]
    if "build" in result and not result.get("image"):
        del result["build"]
    return result


def _gigabytes(value: Any, path: str) -> Decimal:
    """A size in units of 1024^3 bytes, rounded up to the next tenth, as the service requires."""
    tenths = (Decimal(bytes_of(value, path)) * 10 / 1024**3).to_integral_value(ROUND_CEILING)
    return max(tenths, Decimal(1)) / 10


def _seconds(value: Any, path: str, default: int) -> int:
    """A duration in whole seconds, rounded up; the default if it is missing or 0."""
    if value is None:
        return default
    return int(duration_of(value, path).to_integral_value(ROUND_CEILING)) or default


def _port(number: int, protocol: str) -> ArmJson:
    return {"port": number, "protocol": protocol.upper()}


def _extra_hosts(service: Service) -> Iterable[tuple[str, str]]:
    for host, value in (service.get("extra_hosts") or {}).items():
        for address in value if isinstance(value, list) else [value]:
            yield host, str(address).strip("[] ")


def _host_names(container: _Container) -> Iterable[str]:
    """The host names by which others may reach a service."""
    service = container.body
    yield container.service
    for key in ("container_name", "hostname"):
        if service.get(key):
            yield str(service[key])
    for network in (service.get("networks") or {}).values():
        aliases = network.get("aliases") if isinstance(network, Mapping) else None
        yield from texts_of(aliases, f"{container.path}.networks")
    for link in service.get("links") or ():
        alias = link.partition(":")[2]
        if alias:
            yield alias


def _mentions(containers: list[_Container]) -> list[str]:
    """The places where a service uses the name of another one as a host name."""
    found = []
    for container in containers:
        texts = {f"environment.{name}": value for name, value in container.body["environment"].items()}
        texts["command"] = " ".join((*(container.body.get("entrypoint") or ()), *(container.body.get("command") or ())))
        for other in containers:
            if other is container:
                continue
            word = re.compile(
                rf"(?<![\w./-]){re.escape(other.service)}(?=[:/,;]|$)|//(?:[^/@]*@)?{re.escape(other.service)}\b|@{re.escape(other.service)}\b"
            )
            found += [f"{container.path}.{place}" for place, text in texts.items() if word.search(text)]
    return list(dict.fromkeys(found))
