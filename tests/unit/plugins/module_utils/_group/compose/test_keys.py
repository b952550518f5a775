# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of keys: it is complete, and consistent with the conversion."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.convert import Options, converted
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.findings import Findings
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.keys import (
    KEYS,
    Fate,
    Key,
    key_of,
    walk,
)
from ansible_collections.azure_containers.aci.tests.unit.support.compose import project

# The names of keys in schema/compose-spec.json of github.com/compose-spec/compose-spec at 00655e22, and of the copy in
# compose-spec/compose-go at 00356255 (build.provenance, build.sbom); read on 2026-11-26. Below each path, its keys.
SPECIFICATION = {
    "": "version name include services models networks volumes secrets configs",
    "include": "path env_file project_directory",
    "services.*": """annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs
        container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset
        credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname
        entrypoint env_file environment expose extends external_links extra_hosts gpus group_add healthcheck hostname
        image init ipc isolation label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness
        memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports
        post_start pre_stop privileged profiles provider pull_policy pull_refresh_after read_only restart runtime scale
        secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits
        use_api_socket user userns_mode uts volumes volumes_from working_dir""",
    "services.*.blkio_config": """device_read_bps device_read_iops device_write_bps device_write_iops weight
        weight_device""",
    "services.*.blkio_config.device_read_bps": "path rate",
    "services.*.blkio_config.weight_device": "path weight",
    "services.*.build": """additional_contexts args cache_from cache_to context dockerfile dockerfile_inline
        entitlements extra_hosts isolation labels network no_cache platforms privileged provenance pull sbom
        secrets shm_size ssh tags
        target ulimits""",
    "services.*.configs": "source target uid gid mode",
    "services.*.credential_spec": "config file registry",
    "services.*.depends_on.*": "condition required restart",
    "services.*.deploy": """endpoint_mode labels mode placement replicas resources restart_policy rollback_config
        update_config""",
    "services.*.deploy.placement": "constraints preferences max_replicas_per_node",
    "services.*.deploy.resources": "limits reservations",
    "services.*.deploy.resources.limits": "cpus memory pids",
    "services.*.deploy.resources.reservations": "cpus devices generic_resources memory",
    "services.*.deploy.resources.reservations.devices": "capabilities count device_ids driver options",
    "services.*.deploy.restart_policy": "condition delay max_attempts window",
    "services.*.deploy.rollback_config": "delay failure_action max_failure_ratio monitor order parallelism",
    "services.*.deploy.update_config": "delay failure_action max_failure_ratio monitor order parallelism",
    "services.*.develop": "watch",
    "services.*.develop.watch": "action exec ignore include path target",
    "services.*.devices": "source target permissions",
    "services.*.env_file": "path required format",
    "services.*.extends": "service file",
    "services.*.gpus": "capabilities count device_ids driver options",
    "services.*.healthcheck": "disable interval retries start_interval start_period test timeout",
    "services.*.logging": "driver options",
    "services.*.models.*": "endpoint_var",
    "services.*.networks.*": """aliases driver_opts gw_priority interface_name ipv4_address ipv6_address link_local_ips
        mac_address priority""",
    "services.*.ports": "app_protocol host_ip mode name protocol published target",
    "services.*.post_start": "command environment privileged user working_dir",
    "services.*.pre_stop": "command environment privileged user working_dir",
    "services.*.provider": "type options",
    "services.*.secrets": "source target uid gid mode",
    "services.*.ulimits.*": "hard soft",
    "services.*.volumes": "bind consistency image read_only source target tmpfs type volume",
    "services.*.volumes.bind": "create_host_path propagation recursive selinux",
    "services.*.volumes.image": "subpath",
    "services.*.volumes.tmpfs": "mode size",
    "services.*.volumes.volume": "labels nocopy subpath",
    "networks.*": """attachable driver driver_opts enable_ipv4 enable_ipv6 external internal ipam labels name""",
    "networks.*.ipam": "config driver options",
    "networks.*.ipam.config": "aux_addresses gateway ip_range subnet",
    "volumes.*": "driver driver_opts external labels name",
    "volumes.*.external": "name",
    "secrets.*": "driver driver_opts environment external file labels name template_driver",
    "configs.*": "content environment external file labels name template_driver",
    "models.*": "context_size model name runtime_flags",
}
PATHS = [f"{path}.{name}".strip(".") for path, names in SPECIFICATION.items() for name in names.split()]
OURS = {
    "services.*",
    "services.*.depends_on.*",
    "volumes.*",
    "secrets.*",
    "configs.*",  # names chosen by users
    "volumes.*.driver_opts.share_name",
    "volumes.*.driver_opts.storage_account_name",
    "volumes.*.driver_opts.read_only",
}


@pytest.mark.parametrize("path", PATHS)
def test_every_key_of_the_specification_has_a_row(path: str) -> None:
    assert key_of(path) is not None, f"{path} is in the specification, and not in _group/compose/keys.py"


def test_the_table_has_no_other_keys_and_each_once() -> None:
    rows = [key.path for key in KEYS]
    assert sorted(set(rows) - set(PATHS) - OURS) == []
    assert len(rows) == len(set(rows))


def test_rows_say_something_and_only_those_that_pass_over_values_have_them() -> None:
    for key in KEYS:
        assert key.words.endswith("."), key.path
        assert not key.harmless or key.fate in (Fate.NOTED, Fate.REFUSED), key.path


# -- the conversion does what the table says ---------------------------------------------------------------------------

VALUES: dict[str, Any] = {
    "version": "3.8",
    "models": {"m": {"model": "x"}},
    "networks": {"front": {}},
    "services.*.annotations": {"a": "b"},
    "services.*.attach": False,
    "services.*.build": {"context": "."},
    "services.*.configs.mode": 292,
    "services.*.develop": {"watch": []},
    "services.*.depends_on.*.restart": True,
    "services.*.label_file": ["labels"],
    "services.*.labels": {"a": "b"},
    "services.*.links": ["other"],
    "services.*.networks": {"front": {"aliases": ["a"]}},
    "services.*.sysctls": {"a": "1"},
    "services.*.ulimits": {"nofile": 10},
    "services.*.volumes.volume.nocopy": False,
    "services.*.volumes.volume.labels": {"a": "b"},
}
FLAGS = ("init", "oom_kill_disable", "read_only", "stdin_open", "tty", "use_api_socket")
LISTS = {"configs": "c", "secrets": "s", "volumes": "v", "ports": "80"}


def document(path: str, value: Any) -> dict[str, Any]:
    """A project with a value at a path of the table."""
    result: dict[str, Any] = {
        "services": {"web": {"image": "i"}, "other": {"image": "j"}},
        "volumes": {"v": {}},
        "secrets": {"s": {"file": "s.txt"}},
        "configs": {"c": {"file": "c.txt"}},
    }
    parts = path.split(".")
    at = result
    if parts[0] in ("volumes", "secrets", "configs") and len(parts) > 1:
        use = {
            "source": parts[0][0],
            **({"type": "volume", "target": "/v"} if parts[0] == "volumes" else {"target": "/f/x"}),
        }
        result["services"]["web"][parts[0]] = [use]
    for index, part in enumerate(parts[:-1]):
        name = part
        if part == "*":
            name = {"services": "web", "depends_on": "other"}.get(parts[index - 1], parts[index - 1][0])
        if part in LISTS and index == 2:
            item: dict[str, Any] = {"source": LISTS[part], "target": "/f/x"}
            if part == "volumes":
                item = {"type": "volume", "source": "v", "target": "/v"}
            elif part == "ports":
                item = {"target": 80}
            at[part] = [item]
            at = item
        else:
            at = at.setdefault(name, {})
    at["other" if parts[-1] == "*" else parts[-1]] = value
    return result


def run(path: str, value: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The notes on and the errors about a project with a value at a path."""
    text = json.dumps(document(path, value))
    found = project(text, {"s.txt": "s", "c.txt": "c", "labels": "a=b"})
    with contextlib.suppress(InvalidArguments):
        converted(found, Options(public=False, restart_policy="Always", ephemeral_volumes=("v",)))
    return [(note.path, note.message) for note in found.findings.notes], found.findings.refusals


def sample(key: Key) -> Any:
    if key.path in VALUES:
        return VALUES[key.path]
    return True if key.path.rpartition(".")[2] in FLAGS else "x"


@pytest.mark.parametrize("key", [key for key in KEYS if key.fate is Fate.NOTED], ids=lambda key: key.path)
def test_what_is_noted_is_noted_and_not_refused(key: Key) -> None:
    noted, refused = run(key.path, sample(key))
    assert [words for _path, words in noted if words == key.words], noted
    assert refused == []


@pytest.mark.parametrize("key", [key for key in KEYS if key.fate is Fate.REFUSED], ids=lambda key: key.path)
def test_what_is_refused_is_refused(key: Key) -> None:
    _noted, refused = run(key.path, sample(key))
    assert [words for _path, words in refused if words == key.words], refused


@pytest.mark.parametrize("key", [key for key in KEYS if key.harmless], ids=lambda key: key.path)
def test_values_that_ask_for_nothing_pass_without_a_word(key: Key) -> None:
    findings = Findings()
    parent, _dot, name = key.path.rpartition(".")
    for value in key.harmless:
        walk({name: value}, parent, "p", findings)
    assert (findings.notes, findings.refusals) == ([], [])


# What a mapped key changes: its path, and a value that a service without the key does not have.
MAPPED: dict[str, Any] = {
    "services.*.cap_add": ["NET_ADMIN"],
    "services.*.cap_drop": ["ALL"],
    "services.*.command": ["a"],
    "services.*.configs": [{"source": "c", "target": "/f/y"}],
    "services.*.configs.source": "c2",
    "services.*.configs.target": "/g/y",
    "services.*.container_name": "other-name",
    "services.*.cpus": "2",
    "services.*.depends_on": {"other": {"condition": "service_completed_successfully"}},
    "services.*.depends_on.*": {"condition": "service_completed_successfully"},
    "services.*.depends_on.*.condition": "service_completed_successfully",
    "services.*.deploy": {"resources": {"limits": {"cpus": "2"}}},
    "services.*.deploy.resources": {"limits": {"cpus": "2"}},
    "services.*.deploy.resources.limits": {"cpus": "2"},
    "services.*.deploy.resources.limits.cpus": "2",
    "services.*.deploy.resources.limits.memory": "2g",
    "services.*.deploy.resources.reservations": {"cpus": "2"},
    "services.*.deploy.resources.reservations.cpus": "2",
    "services.*.deploy.resources.reservations.memory": "2g",
    "services.*.deploy.restart_policy": {"condition": "on-failure"},
    "services.*.deploy.restart_policy.condition": "none",
    "services.*.dns": ["10.0.0.4"],
    "services.*.dns_opt": ["ndots:2"],
    "services.*.dns_search": ["corp.example"],
    "services.*.domainname": "label",
    "services.*.entrypoint": ["a"],
    "services.*.environment": {"A": "b"},
    "services.*.expose": ["99"],
    "services.*.extra_hosts": {"far": "10.0.0.9"},
    "services.*.healthcheck": {"test": ["CMD", "true"]},
    "services.*.healthcheck.disable": True,
    "services.*.healthcheck.interval": "7s",
    "services.*.healthcheck.retries": 9,
    "services.*.healthcheck.start_period": "8s",
    "services.*.healthcheck.test": ["CMD", "true"],
    "services.*.healthcheck.timeout": "9s",
    "services.*.image": "another",
    "services.*.mem_limit": "2g",
    "services.*.mem_reservation": "2g",
    "services.*.platform": "windows/amd64",
    "services.*.ports": ["81:81"],
    "services.*.ports.host_ip": "127.0.0.1",
    "services.*.ports.protocol": "udp",
    "services.*.ports.published": "81",
    "services.*.ports.target": 82,
    "services.*.privileged": True,
    "services.*.restart": "on-failure",
    "services.*.secrets": [{"source": "s", "target": "y"}],
    "services.*.secrets.source": "s2",
    "services.*.secrets.target": "/g/y",
    "services.*.security_opt": ["no-new-privileges:true"],
    "services.*.tmpfs": ["/tmp"],
    "services.*.user": "1000",
    "services.*.volumes": [{"type": "volume", "source": "v", "target": "/w"}],
    "services.*.volumes.read_only": True,
    "services.*.volumes.source": "v2",
    "services.*.volumes.target": "/w",
    "services.*.volumes.type": "tmpfs",
    "services.*.volumes.volume": {"subpath": "x"},
    "volumes.*.driver": "other",
    "volumes.*.driver_opts": {"type": "nfs"},
    "volumes.*.driver_opts.read_only": True,
    "volumes.*.driver_opts.share_name": "another",
    "volumes.*.driver_opts.storage_account_name": "second",
    "volumes.*.external": True,
    "secrets.*.environment": "VALUE",
    "secrets.*.file": "t.txt",
    "configs.*.content": "text",
    "configs.*.environment": "VALUE",
    "configs.*.file": "t.txt",
}
TEST = {"test": ["CMD", "a"]}
SHARE = {"driver": "azure_file", "driver_opts": {"share_name": "s", "storage_account_name": "first"}}


def with_rest(path: str, value: Any) -> dict[str, Any]:
    result = document(path, value)
    web = result["services"]["web"]
    if path.startswith("services.*.healthcheck."):
        web["healthcheck"] = {**TEST, **web["healthcheck"]}
    if path.startswith("services.*.dns_"):
        web["dns"] = ["10.0.0.4"]
    if path == "services.*.domainname":
        web["ports"] = ["80:80"]
    if path.startswith("volumes.*.driver_opts."):
        driver_opts = {**SHARE["driver_opts"], **result["volumes"]["v"]["driver_opts"]}  # type: ignore[dict-item]
        result["volumes"]["v"] = {**SHARE, "driver_opts": driver_opts}
    result["volumes"]["v2"] = {}
    result["secrets"]["s2"] = {"file": "u.txt"}
    result["configs"]["c2"] = {"file": "u.txt"}
    for kind in ("secrets", "configs"):
        name = path.rpartition(".")[2]
        if path.startswith(f"{kind}.*.") and name != "file":
            del result[kind][kind[0]]["file"]
    return result


def outcome(given: dict[str, Any], subnet: bool) -> Any:
    """The group of a project, or the reason why it is refused."""
    found = project(
        json.dumps(given),
        {"s.txt": "s", "c.txt": "c", "t.txt": "t", "u.txt": "u"},
        environment={"VALUE": "value"},
        name="p",
    )
    silent = '"restart' not in json.dumps(given["services"])
    options = Options(
        public=None if subnet else True,
        in_subnet=subnet,
        restart_policy="Always" if silent else None,
        ephemeral_volumes=("v", "v2"),
        storage_account_keys={"first": "a", "second": "b"},
        resolve="hosts" if '"extra_hosts"' in json.dumps(given) else "none",
    )
    try:
        return converted(found, options)
    except InvalidArguments:
        return found.findings.refusals


@pytest.mark.parametrize("key", [key for key in KEYS if key.fate is Fate.MAPPED], ids=lambda key: key.path)
def test_what_is_mapped_makes_a_difference(key: Key) -> None:
    """The key changes the group, or the reason why the project is refused."""
    value = MAPPED[key.path]
    with_key = with_rest(key.path, value)
    without = with_rest(key.path, value)
    _drop(without, key.path, value)
    subnet = ".dns" in key.path
    assert outcome(with_key, subnet) != outcome(without, subnet)


def _drop(value: Any, path: str, wanted: Any) -> None:
    """Removes the value at a path from a project, or restores a required one."""
    name = path.rpartition(".")[2]
    defaults = {
        "services.*.image": "i",
        "services.*.ports.target": 80,
        "services.*.volumes.type": "volume",
        "services.*.volumes.source": "v",
        "services.*.volumes.target": "/v",
        "services.*.secrets.source": "s",
        "services.*.configs.source": "c",
        "services.*.configs.target": "/f/x",
        "services.*.secrets.target": "/f/x",
        "services.*.healthcheck.test": ["CMD", "a"],
        "secrets.*.file": "s.txt",
        "configs.*.file": "c.txt",
        "volumes.*.driver_opts.share_name": "s",
        "volumes.*.driver_opts.storage_account_name": "first",
    }

    def walk_into(each: Any) -> bool:
        if isinstance(each, dict):
            key = name if name != "*" else "other"
            if key in each and each[key] == wanted:
                if path in defaults:
                    each[key] = defaults[path]
                else:
                    del each[key]
                return True
            return any(walk_into(item) for item in each.values())
        return isinstance(each, list) and any(walk_into(item) for item in each)

    assert walk_into(value), path


def test_the_examples_are_those_of_the_table() -> None:
    assert sorted(MAPPED) == sorted(key.path for key in KEYS if key.fate is Fate.MAPPED)


@pytest.mark.parametrize(
    ("given", "path", "hint"),
    [
        ({"services": {"web": {"image": "i", "environments": {}}}}, "services.web.environments", "environment"),
        ({"service": {}}, "service", "services"),
        (
            {"services": {"web": {"image": "i", "healthcheck": {"tests": "x"}}}},
            "services.web.healthcheck.tests",
            "test",
        ),
        (
            {"services": {"web": {"deploy": {"resources": {"limit": {}}}}}},
            "services.web.deploy.resources.limit",
            "limits",
        ),
    ],
)
def test_a_key_that_is_none_is_refused_with_the_nearest(given: dict[str, Any], path: str, hint: str) -> None:
    findings = Findings()
    walk(given, "", "", findings)
    assert [where for where, _words in findings.refusals] == [path]
    assert findings.refusals[0][1].endswith(f"Did you mean {hint}?")


def test_keys_of_users_pass() -> None:
    findings = Findings()
    given = {"x-a": 1, "services": {"web": {"x-b": 2, "environment": {"x-c": "d"}, "deploy": {"x-e": 3}}}}
    walk(given, "", "", findings)
    assert findings.refusals == []
