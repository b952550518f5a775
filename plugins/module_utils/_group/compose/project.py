# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Loads a compose project: reads, interpolates, extends and merges its files, and drops inactive services. Pure.

Files are read through a function, so that tests need none. The environment consists of what the caller passes and the
project's file ``.env``; the environment of the process is never used.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..._common.errors import InvalidArguments
from . import env_file, text
from .findings import Findings
from .forms import Service, below, canonical_service, flag_of, mapping_of, text_of, texts_of
from .interpolation import BadTemplate, Required, interpolated
from .merge import merged_element, merged_service, plain

Read = Callable[[str], "bytes | None"]
"""Returns the content of a file, or None if it does not exist. Raises InvalidArguments if it cannot be read."""

DEFAULT_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
ELEMENTS = ("networks", "volumes", "secrets", "configs", "models")
"""Top-level keys with elements to which services refer by name."""


@dataclass(frozen=True)
class Request:
    """Which project to load."""

    directory: str
    read: Read
    files: Sequence[str] = ()
    profiles: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None


@dataclass
class Project:
    """The content of the files. Services are in the form of forms.py, with their environment resolved."""

    name: str
    directory: str
    read: Read
    variables: dict[str, str]
    services: dict[str, Service]
    elements: dict[str, dict[str, Any]]
    """Volumes, secrets and so on, by the keys in ELEMENTS."""
    others: dict[str, Any]
    """Other top-level keys, such as ``version``."""
    findings: Findings


def load(request: Request) -> Project:
    """Loads the project. Raises InvalidArguments if files are missing or not valid."""
    return _Loader(request).project()


@dataclass
class _Model:
    """One compose model: the combined content of several files."""

    services: dict[str, Service] = field(default_factory=dict)
    elements: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in ELEMENTS})
    others: dict[str, Any] = field(default_factory=dict)
    included: list[tuple[str, Any]] = field(default_factory=list)
    """The entries of ``include``, each with the directory that its paths are relative to."""


class _Loader:
    def __init__(self, request: Request) -> None:
        self._request = request
        self._findings = Findings()
        self._parsed: dict[str, dict[str, Any]] = {}

    def project(self) -> Project:
        request = self._request
        variables = {**self._dotenv(below(request.directory, ".env"), request.environment), **request.environment}
        files = [below(request.directory, path) for path in request.files or self._files(variables)]
        directory = request.directory
        if not request.files and variables.get("COMPOSE_FILE"):
            directory = posixpath.dirname(files[0]) or "."
        name = request.name or variables.get("COMPOSE_PROJECT_NAME") or self._name(files, directory, variables)
        variables.setdefault("COMPOSE_PROJECT_NAME", name)
        model = self._model(files, directory, variables, ())
        services = self._active(model.services, variables)
        for service_name, service in services.items():
            service["environment"] = self._environment(service, f"services.{service_name}", variables)
        return Project(name, directory, request.read, variables, services, model.elements, model.others, self._findings)

    # -- finding files ---------------------------------------------------------------------------------------------

    def _files(self, variables: Mapping[str, str]) -> list[str]:
        """The files to use if the request names none: those in ``COMPOSE_FILE``, or those with the default names."""
        if variables.get("COMPOSE_FILE"):
            return variables["COMPOSE_FILE"].split(variables.get("COMPOSE_PATH_SEPARATOR") or ":")
        directory = self._request.directory
        for name in DEFAULT_FILES:
            if self._request.read(below(directory, name)) is not None:
                stem = name.rpartition(".")[0]
                others = [f"{stem}.override.{ending}" for ending in ("yaml", "yml")]
                found = [each for each in others if self._request.read(below(directory, each)) is not None]
                return [name, *found[:1]]
        raise InvalidArguments(f"{directory} has no compose file: none of {', '.join(DEFAULT_FILES)} exists.")

    def _raw(self, path: str) -> dict[str, Any]:
        """The content of a file, before variables are replaced."""
        if path not in self._parsed:
            self._parsed[path] = text.parsed(self._content(path), path)
        return self._parsed[path]

    def _content(self, path: str) -> bytes:
        content = self._request.read(path)
        if content is None:
            raise InvalidArguments(f"The file {path} does not exist.")
        return content

    def _dotenv(self, path: str, environment: Mapping[str, str]) -> dict[str, str]:
        content = self._request.read(path)
        if content is None:
            return {}
        found = env_file.variables_of(content, path, environment, lambda name: self._unset(path, name))
        return {name: value for name, value in found.items() if value is not None}

    def _name(self, files: Sequence[str], directory: str, variables: Mapping[str, str]) -> str:
        """The project's name in its files, or else that of its directory."""
        name = ""
        for path in files:
            given = self._raw(path).get("name")
            if given is not None:
                name = self._text(text_of(given, "name"), "name", variables)
        base = posixpath.basename(posixpath.normpath(directory))
        return name or re.sub(r"[^a-z0-9_-]", "", base.lower()).lstrip("_-")

    # -- loading ---------------------------------------------------------------------------------------------------

    def _model(
        self, files: Sequence[str], directory: str, variables: Mapping[str, str], way: tuple[str, ...]
    ) -> _Model:
        """The combined content of files and everything that they include. ``way`` is the chain of including files."""
        model = _Model()
        for path in files:
            if path in way:
                raise InvalidArguments(f"{path} includes itself, through {', '.join(way)}.")
            self._add(model, path, directory, variables)
        for include_directory, entry in model.included:
            self._include(model, entry, include_directory, variables, (*way, *files))
        return model

    def _add(self, model: _Model, path: str, directory: str, variables: Mapping[str, str]) -> None:
        document = self._document(path, variables)
        services = self._services(document, directory)
        said = document.get("services")
        if isinstance(said, (text.Override, text.Reset)):
            model.services.clear()
        for name, value in _table(said, "services").items():
            if isinstance(value, (text.Override, text.Reset)):
                model.services.pop(name, None)
        for name in services:
            service = self._extended(name, services, model.services, path, directory, variables, ())
            before = model.services.get(name)
            model.services[name] = plain(service) if before is None else merged_service(before, service)
        for key, value in document.items():
            if key in ELEMENTS:
                given = model.elements[key]
                if isinstance(value, (text.Override, text.Reset)):
                    given.clear()
                for name, element in _table(value, key).items():
                    if isinstance(element, text.Reset):
                        given.pop(name, None)
                        continue
                    placed = _placed(key, element, directory)
                    given[name] = merged_element(given[name], placed) if name in given else plain(placed)
            elif key == "include":
                entries = plain(value)
                if not isinstance(entries, (list, type(None))):
                    raise InvalidArguments("include: expected a list.")
                model.included += [(directory, entry) for entry in entries or ()]
            elif key != "services" and not key.startswith("x-"):
                model.others[key] = plain(value)

    def _document(self, path: str, variables: Mapping[str, str]) -> dict[str, Any]:
        document = self._raw(path)
        return {
            key: value if key.startswith("x-") else self._interpolated(value, key, variables)
            for key, value in document.items()
        }

    def _services(self, document: Mapping[str, Any], directory: str) -> dict[str, Service]:
        services = _table(document.get("services"), "services")
        return {
            name: canonical_service(_unwrapped(service), f"services.{name}", directory)
            for name, service in services.items()
            if not isinstance(service, text.Reset)
        }

    def _interpolated(self, value: Any, path: str, variables: Mapping[str, str]) -> Any:
        if isinstance(value, str):
            return self._text(value, path, variables)
        if isinstance(value, text.Override):
            return text.Override(self._interpolated(value.value, path, variables))
        if isinstance(value, dict):
            return {key: self._interpolated(item, f"{path}.{key}", variables) for key, item in value.items()}
        if isinstance(value, list):
            return [self._interpolated(item, f"{path}[{index}]", variables) for index, item in enumerate(value)]
        return value

    def _text(self, template: str, path: str, variables: Mapping[str, str]) -> str:
        try:
            return interpolated(template, variables, lambda name: self._unset(path, name))
        except (BadTemplate, Required) as error:
            raise InvalidArguments(f"{path}: {error}.") from None

    def _unset(self, path: str, name: str) -> None:
        self._findings.differs(path, f"The variable {name} is not set; an empty string is used.")

    # -- extends ---------------------------------------------------------------------------------------------------

    def _extended(
        self,
        name: str,
        services: Mapping[str, Service],
        earlier: Mapping[str, Service],
        path: str,
        directory: str,
        variables: Mapping[str, str],
        way: tuple[tuple[str, str], ...],
    ) -> Service:
        """A service merged with the one that it extends, which is in the same, another or an earlier file."""
        service = dict(services[name])
        extends = plain(service.pop("extends", None))
        if extends is None:
            return service
        where = f"services.{name}.extends"
        if (path, name) in way:
            raise InvalidArguments(f"{where}: the service extends itself.")
        if not isinstance(extends, dict):
            extends = {"service": text_of(extends, where)}
        base_name = text_of(extends.get("service"), f"{where}.service")
        base_path, base_directory = path, directory
        if extends.get("file") is not None:
            base_path = below(directory, text_of(extends["file"], f"{where}.file"))
        if base_path != path:
            base_directory = posixpath.dirname(base_path) or "."
            services, earlier = self._services(self._document(base_path, variables), base_directory), {}
        if base_name in services:
            base = self._extended(
                base_name, services, earlier, base_path, base_directory, variables, (*way, (path, name))
            )
        elif base_name in earlier:
            base = earlier[base_name]
        else:
            raise InvalidArguments(f"{where}: {base_path} has no service {base_name}.")
        base = plain(base)
        if "profiles" in service:
            base = {key: value for key, value in base.items() if key != "profiles"}  # only its own profiles count
        return merged_service(base, service)

    # -- include ---------------------------------------------------------------------------------------------------

    def _include(
        self, model: _Model, entry: Any, directory: str, variables: Mapping[str, str], way: tuple[str, ...]
    ) -> None:
        long = entry if isinstance(entry, dict) else {"path": entry}
        unknown = sorted(set(long) - {"path", "project_directory", "env_file"})
        if unknown:
            raise InvalidArguments(f"include: {', '.join(unknown)} is not a key of the compose specification.")
        paths = texts_of(long.get("path"), "include.path")
        if not paths:
            raise InvalidArguments("include: path is required.")
        for path in paths:
            if "://" in path or path.startswith("git@"):
                raise InvalidArguments("include.path: only local files can be included, not URLs.")
        files = [below(directory, path) for path in paths]
        own = posixpath.dirname(files[0]) or "."
        if long.get("project_directory") is not None:
            own = below(directory, text_of(long["project_directory"], "include.project_directory"))
        defaults: dict[str, str] = {}
        if long.get("env_file") is None:
            defaults = self._dotenv(below(own, ".env"), variables)
        for path in texts_of(long.get("env_file"), "include.env_file"):
            file = below(directory, path)
            self._content(file)
            defaults.update(self._dotenv(file, variables))
        included = self._model(files, own, {**defaults, **variables}, way)
        _copy(model.services, included.services, "services")
        for kind in ELEMENTS:
            _copy(model.elements[kind], included.elements[kind], kind)

    # -- profiles, environment -------------------------------------------------------------------------------------

    def _active(self, services: dict[str, Service], variables: Mapping[str, str]) -> dict[str, Service]:
        """The active services. Raises InvalidArguments if one of them requires a service that is not active."""
        chosen = set(self._request.profiles)
        if not chosen:
            chosen = {each.strip() for each in variables.get("COMPOSE_PROFILES", "").split(",") if each.strip()}
        known = {profile for service in services.values() for profile in service.get("profiles") or ()}
        for profile in sorted(set(self._request.profiles) - known - {"*"}):
            raise InvalidArguments(
                f"profiles: no service has the profile {profile!r}; the project has "
                f"{', '.join(sorted(known)) or 'none'}."
            )
        active = {
            name: service
            for name, service in services.items()
            if not service.get("profiles") or "*" in chosen or chosen & set(service["profiles"])
        }
        for name, service in active.items():
            dependencies = dict(service.get("depends_on") or {})
            for other, how in list(dependencies.items()):
                path = f"services.{name}.depends_on.{other}"
                how = how or {}
                if other in active:
                    continue
                if not flag_of(mapping_of(how, path).get("required", True), f"{path}.required"):
                    del dependencies[other]
                    self._findings.ignored(path, "The service is not active, and not required.")
                elif other in services:
                    profiles = ", ".join(services[other].get("profiles") or ())
                    raise InvalidArguments(f"{path}: the service is not active; set one of its profiles: {profiles}.")
                else:
                    raise InvalidArguments(f"{path}: the service does not exist.")
            if "depends_on" in service:
                service["depends_on"] = dependencies
        return active

    def _environment(self, service: Service, path: str, variables: Mapping[str, str]) -> dict[str, str]:
        """The variables of a service: those in its files, overridden by those that it lists itself."""
        found: dict[str, str | None] = {}
        for index, file in enumerate(service.pop("env_file", None) or ()):
            where = f"{path}.env_file[{index}]"
            content = self._request.read(file["path"])
            if content is None:
                if flag_of(file.get("required", True), f"{where}.required"):
                    raise InvalidArguments(f"{where}: the file {file['path']} does not exist.")
                continue
            style = file.get("format")
            if style not in (None, "", "raw"):
                raise InvalidArguments(f"{where}.format: the only format is raw; omit the key for the usual one.")
            if style == "raw":
                found.update(env_file.raw_variables_of(content, file["path"]))
            else:
                found.update(env_file.variables_of(content, file["path"], variables, _teller(self._unset, where)))
        for name, value in (service.get("environment") or {}).items():
            found[name] = None if value is None else text_of(value, f"{path}.environment.{name}")
        result: dict[str, str] = {}
        for name, value in found.items():
            given = variables.get(name) if value is None else value
            if given is None:
                self._findings.ignored(
                    f"{path}.environment.{name}",
                    "The variable has no value here or in the environment, so it is omitted.",
                )
            else:
                result[name] = given
        return result


def _teller(tell: Callable[[str, str], None], path: str) -> Callable[[str], None]:
    return lambda name: tell(path, name)


def _unwrapped(value: Any) -> Any:
    """The value inside ``!override``; None for ``!reset``."""
    return value.value if isinstance(value, text.Override) else None if isinstance(value, text.Reset) else value


def _table(value: Any, path: str) -> dict[str, Any]:
    """The elements below a top-level key, by name."""
    inner = _unwrapped(value)
    if isinstance(inner, (dict, type(None))):
        return inner or {}
    raise InvalidArguments(f"{path}: expected a mapping.")


def _placed(kind: str, element: Any, directory: str) -> Any:
    """A secret or config whose file's path is no longer relative to the directory of the compose file."""
    inner = _unwrapped(element)
    if kind not in ("secrets", "configs") or not isinstance(inner, dict) or not isinstance(inner.get("file"), str):
        return element
    placed = {**inner, "file": below(directory, inner["file"])}
    return text.Override(placed) if isinstance(element, text.Override) else placed


def _copy(into: dict[str, Any], included: Mapping[str, Any], kind: str) -> None:
    for name, value in included.items():
        if name in into and into[name] != value:
            raise InvalidArguments(
                f"{kind}.{name} differs between the project and a file that it includes; rename one."
            )
        into[name] = value
