# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Every key of the compose specification, and how it is converted. Pure.

The conversion applies this table to a project, and the documentation shows it. A key that is missing here is not part
of the specification: it is refused, and the error suggests the most similar one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..._common.similar import most_similar
from .findings import Findings


class Fate(str, Enum):
    """How a key is treated."""

    READ = "read"
    """It controls how the files are read, or which services are active."""
    MAPPED = "mapped"
    """It becomes a property of the container group."""
    NOTED = "noted"
    """It has no effect on Container Instances, and the task notes that."""
    REFUSED = "refused"
    """Without it the containers would not be what the file describes."""


@dataclass(frozen=True)
class Key:
    """One key. ``*`` in ``path`` is a name chosen by the user; list elements have no segment of their own."""

    path: str
    fate: Fate
    words: str
    """What the key becomes, or why it is not converted, in complete sentences."""
    harmless: tuple[Any, ...] = ()
    """Values without any effect: with one of them, a noted or refused key is ignored silently."""
    whole: bool = False
    """Whether the row applies to all keys below it as well."""


_READ, _MAPPED, _NOTED, _REFUSED = Fate.READ, Fate.MAPPED, Fate.NOTED, Fate.REFUSED
_OFF: tuple[Any, ...] = (False, "false", None, "", [], {})
_HOST = "Containers cannot access the kernel or devices of a host."
_LIMIT = "Container Instances limits only CPU and memory, with deploy.resources."
_SWARM = "It applies to clusters that replace containers one by one; a group is updated as a whole."
_LABELS = "Containers have no labels; set tags for the group in the task."
_DEVICES = "Container Instances offers no devices, and no longer any GPUs."
_MODELS = "Container Instances does not run models."
_NAMESPACE = "The containers of a group share one network, but no other namespaces of a host."


def _keys(prefix: str, *rows: Key) -> tuple[Key, ...]:
    return tuple(Key(f"{prefix}.{row.path}", row.fate, row.words, row.harmless, row.whole) for row in rows)


KEYS: tuple[Key, ...] = (
    Key("version", _NOTED, "The specification has no versions any more."),
    Key("name", _READ, "The name of the group, unless the task sets one."),
    Key("include", _READ, "Other projects, from files. URLs are refused."),
    Key("include.path", _READ, "The files to include."),
    Key("include.env_file", _READ, "Values for the variables in them."),
    Key("include.project_directory", _READ, "The directory that their paths are relative to."),
    Key("services", _READ, "Each service becomes a container of the group, or an init container."),
    Key("services.*", _READ, "The container has the service's name in lower case, with hyphens for _ and dots."),
    Key("models", _REFUSED, _MODELS, _OFF, whole=True),
    Key("networks", _NOTED, "All containers of a group share one network; no others are created.", _OFF, whole=True),
    Key("volumes", _READ, "Volumes that services mount become volumes of the group."),
    Key("volumes.*", _READ, "The volume has this name in lower case, with hyphens for _ and dots."),
    Key("secrets", _READ, "Secrets that services use become files in secret volumes."),
    Key("secrets.*", _READ, "The file's name, where the service gives none."),
    Key("configs", _READ, "Configs that services use become files in secret volumes."),
    Key("configs.*", _READ, "The file's name, where the service gives none."),
    *_keys(
        "services.*",
        Key("annotations", _NOTED, _LABELS, _OFF, whole=True),
        Key("attach", _NOTED, "Logs are read with aci_logs.", (True, "true"), whole=True),
        Key("blkio_config", _REFUSED, _LIMIT, _OFF, whole=True),
        Key(
            "build",
            _NOTED,
            "Container Instances cannot build images. With image it is ignored; without image it is refused.",
            (None,),
            whole=True,
        ),
        Key("cap_add", _MAPPED, "Capabilities to add to the container."),
        Key("cap_drop", _MAPPED, "Capabilities to drop from the container."),
        Key("cgroup", _REFUSED, _HOST, _OFF),
        Key("cgroup_parent", _REFUSED, _HOST, _OFF),
        Key(
            "command",
            _MAPPED,
            "The container's command, after the words of entrypoint. Without entrypoint it also replaces the image's "
            "ENTRYPOINT, which is noted; a command that begins with a hyphen is then refused.",
        ),
        Key("configs", _MAPPED, "Files of a secret volume, one volume per directory."),
        Key("configs.source", _MAPPED, "The config, from the top-level key configs."),
        Key("configs.target", _MAPPED, "The file's path. It is required: the default would hide the root directory."),
        Key("configs.uid", _NOTED, "Files of secret volumes belong to root.", (None, "0", 0)),
        Key("configs.gid", _NOTED, "Files of secret volumes belong to root.", (None, "0", 0)),
        Key("configs.mode", _NOTED, "Files of secret volumes have the mode that the service gives them.", (None,)),
        Key("container_name", _MAPPED, "The container's name, instead of the service's."),
        Key("cpu_count", _REFUSED, _LIMIT, _OFF),
        Key("cpu_percent", _REFUSED, _LIMIT, _OFF),
        Key("cpu_period", _REFUSED, _LIMIT, _OFF),
        Key("cpu_quota", _REFUSED, _LIMIT, _OFF),
        Key("cpu_rt_period", _REFUSED, _LIMIT, _OFF),
        Key("cpu_rt_runtime", _REFUSED, _LIMIT, _OFF),
        Key("cpu_shares", _REFUSED, _LIMIT, _OFF),
        Key("cpus", _MAPPED, "The limit on CPUs; also the request, if there is none."),
        Key("cpuset", _REFUSED, _LIMIT, _OFF),
        Key("credential_spec", _REFUSED, "Containers cannot join a domain.", _OFF, whole=True),
        Key("depends_on", _MAPPED, "The order of init containers. Other containers all start at once."),
        Key("depends_on.*", _MAPPED, "A service of the project."),
        Key(
            "depends_on.*.condition",
            _MAPPED,
            "With service_completed_successfully, the dependency becomes an init container. The other conditions have "
            "no counterpart, which is noted.",
        ),
        Key("depends_on.*.required", _READ, "Whether the service must be active."),
        Key("depends_on.*.restart", _NOTED, "Each container restarts independently.", _OFF),
        Key("deploy", _MAPPED, "See its keys."),
        Key("develop", _NOTED, "It is meant for local development.", _OFF, whole=True),
        Key("device_cgroup_rules", _REFUSED, _DEVICES, _OFF),
        Key("devices", _REFUSED, _DEVICES, _OFF, whole=True),
        Key("dns", _MAPPED, "Name servers of a group in a subnet, the same for all services. Else refused."),
        Key("dns_opt", _MAPPED, "Resolver options of a group in a subnet, the same for all services. Else refused."),
        Key("dns_search", _MAPPED, "Search domains of a group in a subnet, the same for all services. Else refused."),
        Key("domainname", _MAPPED, "The DNS label of the public address, the same for all services that set it."),
        Key("entrypoint", _MAPPED, "The first words of the container's command."),
        Key("env_file", _READ, "Variables of the container; environment takes precedence."),
        Key("env_file.path", _READ, "The file, relative to the directory of the compose file."),
        Key("env_file.required", _READ, "Whether the file must exist."),
        Key("env_file.format", _READ, "raw reads values literally."),
        Key(
            "environment",
            _MAPPED,
            "Variables of the container. Those that look like secrets become secure values, unless plain_variables "
            "lists them.",
            whole=True,
        ),
        Key("expose", _MAPPED, "Ports of the container that are not part of the group's address."),
        Key("extends", _READ, "Another service that this one extends, in the same file or another one."),
        Key("extends.service", _READ, "That service."),
        Key("extends.file", _READ, "The file that it is in."),
        Key("external_links", _REFUSED, "Containers outside the project do not exist on Azure.", _OFF),
        Key(
            "extra_hosts",
            _MAPPED,
            "Lines of the containers' hosts file, with resolve: hosts. Without it they are refused.",
            whole=True,
        ),
        Key("gpus", _REFUSED, _DEVICES, _OFF, whole=True),
        Key("group_add", _REFUSED, "A container runs with a single group id.", _OFF),
        Key("healthcheck", _MAPPED, "The container's liveness probe, which kills a container that fails it."),
        Key("healthcheck.disable", _MAPPED, "Disables the probe."),
        Key("healthcheck.interval", _MAPPED, "The probe's period."),
        Key("healthcheck.retries", _MAPPED, "The probe's failure threshold."),
        Key("healthcheck.start_interval", _NOTED, "A probe has a single period.", (None,)),
        Key("healthcheck.start_period", _MAPPED, "The probe's initial delay."),
        Key("healthcheck.test", _MAPPED, "The probe's command; a string is run by the shell."),
        Key("healthcheck.timeout", _MAPPED, "The probe's timeout."),
        Key(
            "hostname", _NOTED, "Container Instances sets the host name. With resolve: hosts, the name resolves.", _OFF
        ),
        Key("image", _MAPPED, "The container's image."),
        Key("init", _NOTED, "Container Instances adds no init process.", _OFF),
        Key("ipc", _REFUSED, _NAMESPACE, (*_OFF, "private", "shareable")),
        Key("isolation", _REFUSED, "Container Instances offers a single isolation technology.", (*_OFF, "default")),
        Key("label_file", _NOTED, _LABELS, _OFF),
        Key("labels", _NOTED, _LABELS, _OFF, whole=True),
        Key("links", _NOTED, "Containers reach each other at localhost. With resolve: hosts, aliases resolve.", _OFF),
        Key("logging", _NOTED, "Logs are read with aci_logs, or sent to a workspace.", _OFF, whole=True),
        Key("mac_address", _REFUSED, "Container Instances assigns the MAC address.", _OFF),
        Key("mem_limit", _MAPPED, "The limit on memory; also the request, if there is none."),
        Key("mem_reservation", _MAPPED, "The request of memory, rounded up to 0.1 GB."),
        Key("mem_swappiness", _REFUSED, _LIMIT, (None,)),
        Key("memswap_limit", _REFUSED, _LIMIT, (None,)),
        Key("models", _REFUSED, _MODELS, _OFF, whole=True),
        Key(
            "network_mode",
            _REFUSED,
            _NAMESPACE + " Only bridge and the network of another service are accepted.",
            (*_OFF, "bridge", "default"),
        ),
        Key(
            "networks",
            _NOTED,
            "All containers of a group share one network. With resolve: hosts, aliases resolve.",
            (*_OFF, {"default": None}),
            whole=True,
        ),
        Key("oom_kill_disable", _REFUSED, _LIMIT, _OFF),
        Key("oom_score_adj", _REFUSED, _LIMIT, (None, 0, "0")),
        Key("pid", _REFUSED, _NAMESPACE, _OFF),
        Key("pids_limit", _REFUSED, _LIMIT, (None, -1, "-1")),
        Key("platform", _MAPPED, "The group's operating system: linux/amd64 or windows/amd64. Others are refused."),
        Key(
            "ports",
            _MAPPED,
            "Ports of the container, and of the group's address: a public one with public: true, a private one in a "
            "subnet. Ports are not mapped: a published port that differs from the container's is refused.",
        ),
        Key("ports.app_protocol", _NOTED, "A port has only a transport protocol.", (None,)),
        Key("ports.host_ip", _MAPPED, "A port bound to 127.0.0.1 or ::1 stays inside the group."),
        Key("ports.mode", _NOTED, "There is no cluster behind the address.", (None, "ingress", "host")),
        Key("ports.name", _NOTED, "Ports have no names.", (None,)),
        Key("ports.protocol", _MAPPED, "TCP or UDP; others are refused."),
        Key("ports.published", _MAPPED, "Must be the same as target, or empty."),
        Key("ports.target", _MAPPED, "The port."),
        Key("post_start", _REFUSED, "Container Instances has no hooks after a container's start.", _OFF, whole=True),
        Key("pre_stop", _REFUSED, "Container Instances has no hooks before a container's end.", _OFF, whole=True),
        Key("privileged", _MAPPED, "Whether the container is privileged, in confidential groups only."),
        Key("profiles", _READ, "The service is active if one of them is, or if it has none."),
        Key("provider", _REFUSED, "Only containers can be services.", _OFF, whole=True),
        Key("pull_policy", _NOTED, "Images are pulled whenever a group starts. See repull and image_update.", (None,)),
        Key("pull_refresh_after", _NOTED, "Images are pulled whenever a group starts.", (None,)),
        Key("read_only", _REFUSED, "A container's own file system is always writable.", _OFF),
        Key(
            "restart",
            _MAPPED,
            "The group's restart policy: always and unless-stopped are Always, on-failure is OnFailure, no is Never. "
            "All services share it; if they differ, or none sets it, set restart_policy in the task.",
        ),
        Key("runtime", _REFUSED, "Container Instances has a single runtime.", _OFF),
        Key("scale", _REFUSED, "A group has one container of each service; create several groups.", (None, 1, "1")),
        Key("secrets", _MAPPED, "Files of a secret volume, one volume per directory."),
        Key("secrets.source", _MAPPED, "The secret, from the top-level key secrets."),
        Key("secrets.target", _MAPPED, "The file's name in /run/secrets, or its path."),
        Key("secrets.uid", _NOTED, "Files of secret volumes belong to root.", (None, "0", 0)),
        Key("secrets.gid", _NOTED, "Files of secret volumes belong to root.", (None, "0", 0)),
        Key("secrets.mode", _NOTED, "Files of secret volumes have the mode that the service gives them.", (None,)),
        Key("security_opt", _MAPPED, "no-new-privileges. Anything else is refused."),
        Key("shm_size", _REFUSED, "The size of /dev/shm cannot be set.", (None,)),
        Key("stdin_open", _NOTED, "Nobody is attached to a container. See aci_exec.", _OFF),
        Key("stop_grace_period", _NOTED, "Container Instances sets the grace period.", (None,)),
        Key("stop_signal", _NOTED, "Container Instances sends SIGTERM.", (None, "SIGTERM")),
        Key("storage_opt", _REFUSED, "The size of a container's file system cannot be set.", _OFF, whole=True),
        Key("sysctls", _REFUSED, _HOST, _OFF, whole=True),
        Key("tmpfs", _MAPPED, "Empty directories, on disk rather than in memory."),
        Key("tty", _NOTED, "Containers have no terminal. See aci_exec.", _OFF),
        Key("ulimits", _REFUSED, "Process limits cannot be set.", _OFF, whole=True),
        Key("use_api_socket", _REFUSED, "There is no Docker API on Azure.", _OFF),
        Key("user", _MAPPED, "The user and group ids of the container. Names are refused."),
        Key("userns_mode", _REFUSED, _NAMESPACE, _OFF),
        Key("uts", _REFUSED, _NAMESPACE, _OFF),
        Key("volumes", _MAPPED, "Mounts of volumes. Host directories are refused."),
        Key("volumes.type", _MAPPED, "volume or tmpfs. bind, npipe, cluster and image are refused."),
        Key("volumes.source", _MAPPED, "The volume, from the top-level key volumes."),
        Key("volumes.target", _MAPPED, "Where it is mounted."),
        Key("volumes.read_only", _MAPPED, "Whether the container may only read it."),
        Key("volumes.consistency", _NOTED, "It applies to Docker Desktop only.", (None,)),
        Key("volumes.bind", _REFUSED, "Host directories cannot be mounted.", _OFF, whole=True),
        Key("volumes.image", _REFUSED, "Images cannot be mounted.", _OFF, whole=True),
        Key("volumes.tmpfs", _NOTED, "An empty directory has no size and no mode.", _OFF, whole=True),
        Key("volumes.volume", _MAPPED, "See its keys."),
        Key("volumes.volume.labels", _NOTED, "Volumes have no labels.", _OFF, whole=True),
        Key("volumes.volume.nocopy", _NOTED, "The image's files are not copied to a volume.", (None, True, "true")),
        Key("volumes.volume.subpath", _REFUSED, "A volume is mounted as a whole.", _OFF),
        Key("volumes_from", _REFUSED, "Mount the volumes by name in each service.", _OFF),
        Key("working_dir", _REFUSED, 'Use the image\'s, or a command [sh, -c, "cd DIR && exec ..."].', (None, "")),
    ),
    *_keys(
        "services.*.deploy",
        Key("endpoint_mode", _NOTED, _SWARM, (None,)),
        Key("labels", _NOTED, _LABELS, _OFF, whole=True),
        Key("mode", _REFUSED, "A group has one container of each service.", (None, "replicated")),
        Key("placement", _REFUSED, "Container Instances places a group by region and zones.", _OFF, whole=True),
        Key("replicas", _REFUSED, "A group has one container of each service; create several groups.", (None, 1, "1")),
        Key("resources", _MAPPED, "See its keys."),
        Key("resources.limits", _MAPPED, "See its keys."),
        Key("resources.limits.cpus", _MAPPED, "The limit on CPUs; also the request, where there is none."),
        Key("resources.limits.memory", _MAPPED, "The limit on memory; also the request, where there is none."),
        Key("resources.limits.pids", _REFUSED, _LIMIT, (None,)),
        Key("resources.reservations", _MAPPED, "See its keys."),
        Key("resources.reservations.cpus", _MAPPED, "The request of CPUs."),
        Key("resources.reservations.devices", _REFUSED, _DEVICES, _OFF, whole=True),
        Key("resources.reservations.generic_resources", _REFUSED, _DEVICES, _OFF, whole=True),
        Key("resources.reservations.memory", _MAPPED, "The request of memory, rounded up to 0.1 GB."),
        Key("restart_policy", _MAPPED, "See its keys."),
        Key("restart_policy.condition", _MAPPED, "As restart: any is Always, on-failure OnFailure, none Never."),
        Key("restart_policy.delay", _NOTED, "Container Instances says when a container restarts.", (None,)),
        Key("restart_policy.max_attempts", _NOTED, "Restarts are not counted. See max_restarts.", (None,)),
        Key("restart_policy.window", _NOTED, "Container Instances says when a container restarts.", (None,)),
        Key("rollback_config", _NOTED, _SWARM, _OFF, whole=True),
        Key("update_config", _NOTED, _SWARM, _OFF, whole=True),
    ),
    *_keys(
        "volumes.*",
        Key(
            "driver",
            _MAPPED,
            "azure_file mounts a file share. Other volumes lose their content; see ephemeral_volumes.",
        ),
        Key("driver_opts", _MAPPED, "The options of azure_file. Those of other drivers are refused."),
        Key("driver_opts.share_name", _MAPPED, "The file share."),
        Key("driver_opts.storage_account_name", _MAPPED, "Its storage account. Set its key in storage_account_keys."),
        Key("driver_opts.read_only", _MAPPED, "Whether the share may only be read."),
        Key(
            "external",
            _MAPPED,
            "Docker volumes do not exist on Azure, so it is refused without azure_file.",
            whole=True,
        ),
        Key("labels", _NOTED, "Volumes have no labels.", _OFF, whole=True),
        Key("name", _NOTED, "The volume has the name by which the file refers to it.", (None,)),
    ),
    *(
        row
        for kind in ("secrets", "configs")
        for row in _keys(
            f"{kind}.*",
            *(
                (
                    Key("content", _MAPPED, "The file's content."),
                    Key("template_driver", _REFUSED, "There are no templates.", (None,)),
                )
                if kind == "configs"
                else (
                    Key("driver", _REFUSED, "There is no store of secrets behind the group.", (None,)),
                    Key("driver_opts", _REFUSED, "There is no store of secrets behind the group.", _OFF, whole=True),
                    Key("template_driver", _REFUSED, "There are no templates.", (None,)),
                )
            ),
            Key("environment", _MAPPED, "The variable with the file's content."),
            Key("external", _REFUSED, "It exists only in Docker. Set file or environment.", _OFF, whole=True),
            Key("file", _MAPPED, "The file whose content it is."),
            Key("labels", _NOTED, "Files have no labels.", _OFF, whole=True),
            Key("name", _NOTED, "The file has the name by which the project refers to it.", (None,)),
        )
    ),
)

NO_MAPPING = "Expected a mapping."
"""The reason for refusing a value that should be a mapping."""

_LISTS = frozenset(f"services.*.{name}" for name in ("configs", "env_file", "ports", "secrets", "volumes"))
"""Keys whose values are lists of mappings, in the form that forms.py gives them."""
_BY_PATH: dict[str, Key] = {key.path: key for key in KEYS}
_CHILDREN: dict[str, list[str]] = {}
for _key in KEYS:
    _parent, _dot, _name = _key.path.rpartition(".")
    _CHILDREN.setdefault(_parent, []).append(_name)


def key_of(path: str) -> Key | None:
    """The row for a key: its own, or that of a parent with ``whole``."""
    if path in _BY_PATH:
        return _BY_PATH[path]
    parent = path.rpartition(".")[0]
    while parent:
        if parent in _BY_PATH:
            return _BY_PATH[parent] if _BY_PATH[parent].whole else None
        parent = parent.rpartition(".")[0]
    return None


def walk(value: Mapping[str, Any], pattern: str, path: str, findings: Findings) -> None:
    """Notes and refuses the keys below a path of the project, according to the table's rows below ``pattern``."""
    names = _CHILDREN.get(pattern, [])
    for name, item in value.items():
        where = f"{path}.{name}" if path else name
        if name not in names and "*" in names:
            below = f"{pattern}.*"
        elif name in names:
            below = f"{pattern}.{name}" if pattern else name
        else:
            if not name.startswith("x-"):
                close = most_similar(name, names)
                hint = "" if close is None else f" Did you mean {close}?"
                findings.refuse(where, f"It is not a key of the compose specification.{hint}")
            continue
        _judge(_BY_PATH[below], item, where, findings)


def _judge(key: Key, value: Any, path: str, findings: Findings) -> None:
    if key.fate in (Fate.NOTED, Fate.REFUSED):
        if any(value == each and type(value) is type(each) for each in key.harmless):
            return
        if isinstance(value, int) and not isinstance(value, bool) and int(value) in key.harmless:
            return
        if key.fate is Fate.NOTED:
            findings.ignored(path, key.words)
        else:
            findings.refuse(path, key.words)
        return
    if key.whole or key.path not in _CHILDREN or value is None:
        return
    if isinstance(value, Mapping) and key.path not in _LISTS:
        walk(value, key.path, path, findings)
    elif isinstance(value, list) and key.path in _LISTS:
        for index, item in enumerate(value):
            walk(item, key.path, f"{path}[{index}]", findings)
    else:
        findings.refuse(path, NO_MAPPING)
