# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Converts the volumes, secrets and configs of a project to volumes of a group. Pure."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Collection, Mapping
from typing import Any

from ..wire import ArmJson
from .findings import Findings
from .forms import Service, flag_of, text_of
from .names import Names, own_name
from .project import Project

AZURE_FILE = "azure_file"
_SECRETS = "/run/secrets"
_OPTIONS = frozenset({"z", "Z", "cached", "delegated", "consistent", "nocopy"})
"""Options of the short mount syntax that make no difference in a container."""


class Storage:
    """The volumes of one group, created as services mount them."""

    def __init__(
        self, project: Project, findings: Findings, ephemeral: Collection[str], account_keys: Mapping[str, str]
    ) -> None:
        self._project = project
        self._findings = findings
        self._ephemeral = ephemeral
        self._account_keys = account_keys
        self._names = Names(findings)
        self._volumes: dict[str, ArmJson] = {}
        self._made: dict[str, str] = {}
        self._known: set[str] = set(project.elements["volumes"])

    def volumes(self) -> list[ArmJson]:
        """The volumes of the group. Refuses ephemeral volumes that the project does not have."""
        for name in self._ephemeral:
            if name not in self._known:
                self._findings.refuse(
                    "ephemeral_volumes", f"The project has no volume {name}. Write an unnamed one as SERVICE:/PATH."
                )
        return list(self._volumes.values())

    def mounts(self, service_name: str, service: Service) -> list[ArmJson]:
        """The mounts of a service, whose volumes are created if necessary."""
        path = f"services.{service_name}"
        found: list[tuple[str, ArmJson]] = []
        for index, mount in enumerate(service.get("volumes") or ()):
            where = f"{path}.volumes[{index}]"
            made = self._mount(service_name, mount, where)
            if made is not None:
                found.append((where, made))
        for index, text in enumerate(service.get("tmpfs") or ()):
            where = f"{path}.tmpfs[{index}]"
            found.append((where, self._empty(service_name, text.partition(":")[0], where)))
        found += self._files(service_name, service, path)
        self._check_targets(found)
        return [mount for _where, mount in found]

    def _check_targets(self, found: list[tuple[str, ArmJson]]) -> None:
        targets: dict[str, str] = {}
        for where, mount in found:
            target = str(mount["mountPath"])
            if not target.startswith("/") and "\\" not in target:
                self._findings.refuse(where, f"{target} is not an absolute path.")
            elif target in ("", "/"):
                self._findings.refuse(where, "Nothing can be mounted over the root directory.")
            elif ":" in target and "\\" not in target:
                self._findings.refuse(where, "A mount path must not contain a colon.")
            if target in targets:
                self._findings.refuse(where, f"{targets[target]} is also mounted at {target}.")
            targets.setdefault(target, where)

    # -- volumes ---------------------------------------------------------------------------------------------------

    def _mount(self, service_name: str, mount: Mapping[str, Any], where: str) -> ArmJson | None:
        kind = mount["type"]
        target = str(mount["target"])
        for word in mount.get("x-options") or ():
            if word in _OPTIONS:
                self._findings.ignored(where, f"The option {word} has no effect on Container Instances.")
            else:
                self._findings.refuse(where, f"{word} is not a mount option; use ro or rw.")
        if kind == "tmpfs":
            return self._empty(service_name, target, where)
        if kind == "bind":
            self._findings.refuse(
                where,
                "Host directories cannot be mounted. Use a volume with the driver azure_file, a config or secret for "
                "a single file, or put the content into the image.",
            )
            return None
        if kind != "volume":
            self._findings.refuse(f"{where}.type", f"Container Instances cannot mount {kind}; use volume or tmpfs.")
            return None
        read_only = flag_of(mount.get("read_only") or False, f"{where}.read_only")
        source = mount.get("source")
        if source is None:
            return self._anonymous(service_name, target, where)
        name = self._named(text_of(source, where), where)
        return None if name is None else {"name": name, "mountPath": target, "readOnly": read_only}

    def _anonymous(self, service_name: str, target: str, where: str) -> ArmJson | None:
        name = f"{service_name}:{target}"
        self._known.add(name)
        if name not in self._ephemeral:
            self._findings.refuse(
                where,
                "The volume has no name, so its content would be lost. Use a volume with the driver azure_file, or "
                f"list {name} in ephemeral_volumes.",
            )
            return None
        self._findings.differs(where, "It is an empty directory, whose content is lost with the group.")
        return self._add_empty(service_name, target)

    def _empty(self, service_name: str, target: str, where: str) -> ArmJson:
        self._findings.differs(where, "It is an empty directory on disk, not in memory.")
        return self._add_empty(service_name, posixpath.normpath(target) if target.startswith("/") else target)

    def _add_empty(self, service_name: str, target: str) -> ArmJson:
        name = self._names.free(own_name(f"{service_name}{target}"))
        self._volumes[name] = {"name": name, "emptyDir": {}}
        return {"name": name, "mountPath": target, "readOnly": False}

    def _named(self, source: str, where: str) -> str | None:
        """The name of the group's volume for a volume of the project; None if it cannot be converted."""
        if source in self._made:
            return self._made[source] or None
        self._made[source] = ""
        if source not in self._project.elements["volumes"]:
            self._findings.refuse(where, f"{source} is not defined in the top-level key volumes.")
            return None
        path = f"volumes.{source}"
        volume = self._project.elements["volumes"][source] or {}
        if volume.get("driver") == AZURE_FILE:
            kind = self._share(volume, path)
        elif self._may_be_empty(volume, source, path):
            self._findings.differs(
                path,
                "It is an empty directory: it does not contain the image's files, and its content is lost with the "
                "group.",
            )
            kind = {"emptyDir": {}}
        else:
            return None
        if kind is None:
            return None
        name = self._names.take(source, path)
        self._made[source] = name
        self._volumes[name] = {"name": name, **kind}
        return name

    def _may_be_empty(self, volume: Mapping[str, Any], source: str, path: str) -> bool:
        driver, options = volume.get("driver"), volume.get("driver_opts")
        if driver not in (None, "", "local"):
            self._findings.refuse(f"{path}.driver", f"The driver {driver} is not supported; use {AZURE_FILE}.")
        elif options:
            self._findings.refuse(
                f"{path}.driver_opts", f"They are not supported. Use the driver {AZURE_FILE} for a file share."
            )
        elif _is_external(volume):
            self._findings.refuse(
                f"{path}.external",
                f"Docker volumes do not exist on Azure. Use the driver {AZURE_FILE} for a file share.",
            )
        elif source not in self._ephemeral:
            self._findings.refuse(
                path,
                f"The content would be lost when the group is recreated. Give the volume the driver {AZURE_FILE} "
                f"with driver_opts share_name and storage_account_name, or list {source} in ephemeral_volumes.",
            )
        else:
            return True
        return False

    def _share(self, volume: Mapping[str, Any], path: str) -> ArmJson | None:
        options = volume.get("driver_opts") or {}
        given: dict[str, str] = {}
        for name in ("share_name", "storage_account_name"):
            if options.get(name) in (None, ""):
                self._findings.refuse(f"{path}.driver_opts", f"{name} is required.")
            else:
                given[name] = text_of(options[name], f"{path}.driver_opts.{name}")
        if len(given) < 2:
            return None
        account = given["storage_account_name"]
        if account not in self._account_keys:
            self._findings.refuse(
                f"{path}.driver_opts.storage_account_name",
                f"storage_account_keys has no key for the storage account {account}.",
            )
            return None
        share: ArmJson = {
            "shareName": given["share_name"],
            "storageAccountName": account,
            "storageAccountKey": self._account_keys[account],
        }
        if flag_of(options.get("read_only") or False, f"{path}.driver_opts.read_only"):
            share["readOnly"] = True
        return {"azureFile": share}

    # -- secrets, configs ------------------------------------------------------------------------------------------

    def _files(self, service_name: str, service: Service, path: str) -> list[tuple[str, ArmJson]]:
        """The mounts for a service's secrets and configs: one volume per directory."""
        directories: dict[str, dict[str, str]] = {}
        first: dict[str, tuple[str, str]] = {}
        for kind in ("secrets", "configs"):
            for index, item in enumerate(service.get(kind) or ()):
                where = f"{path}.{kind}[{index}]"
                source = text_of(item["source"], f"{where}.source")
                target = self._target(kind, item, source, where)
                content = self._content(kind, source, where)
                if target is None or content is None:
                    continue
                directory, name = posixpath.split(target)
                files = directories.setdefault(directory, {})
                first.setdefault(directory, (kind, where))
                if name in files:
                    self._findings.refuse(where, f"Another file already has the target {target}.")
                files[name] = base64.b64encode(content).decode()
        found: list[tuple[str, ArmJson]] = []
        for number, (directory, files) in enumerate(directories.items(), 1):
            kind, where = first[directory]
            inside = [other for other in directories if other != directory and other.startswith(f"{directory}/")]
            if inside:
                self._findings.refuse(where, f"{inside[0]} is inside {directory}; volumes cannot be nested.")
            if directory != _SECRETS:
                self._findings.differs(where, f"The files hide the image's own content of {directory}.")
            name = self._names.free(own_name(f"{kind}-{own_name(service_name)[:50]}-{number}"))
            self._volumes[name] = {"name": name, "secret": files}
            found.append((where, {"name": name, "mountPath": directory, "readOnly": True}))
        return found

    def _target(self, kind: str, item: Mapping[str, Any], source: str, where: str) -> str | None:
        given = item.get("target")
        if kind == "secrets":
            return posixpath.normpath(posixpath.join(_SECRETS, source if given is None else text_of(given, where)))
        target = posixpath.normpath(posixpath.join("/", source if given is None else text_of(given, where)))
        if posixpath.dirname(target) == "/":
            self._findings.refuse(
                f"{where}.target",
                "The files would hide the root directory of the container; set a target in another directory.",
            )
            return None
        return target

    def _content(self, kind: str, source: str, where: str) -> bytes | None:
        if source not in self._project.elements[kind]:
            self._findings.refuse(where, f"{source} is not defined in the top-level key {kind}.")
            return None
        path = f"{kind}.{source}"
        element = self._project.elements[kind][source] or {}
        if _is_external(element):
            return None  # refused by the table
        given = [name for name in ("file", "environment", "content") if element.get(name) is not None]
        if len(given) != 1:
            self._findings.refuse(path, "It must have exactly one of file and environment (or content, for a config).")
            return None
        value = text_of(element[given[0]], f"{path}.{given[0]}")
        if given[0] == "content":
            return value.encode()
        if given[0] == "environment":
            if value not in self._project.variables:
                self._findings.refuse(f"{path}.environment", f"The variable {value} is not set.")
                return None
            return self._project.variables[value].encode()
        content = self._project.read(value)
        if content is None:
            self._findings.refuse(f"{path}.file", f"The file {value} does not exist.")
        return content


def _is_external(element: Mapping[str, Any]) -> bool:
    external = element.get("external")
    return isinstance(external, Mapping) or (external is not None and flag_of(external, "external"))
