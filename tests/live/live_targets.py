# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which integration targets are played on Azure, what each of them makes there, and why the others are not played.

A target is played as it is, in a resource group that is handed to it, and what it makes has the run's tags.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from live_plan import LIFETIME, Plan

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ROOT / "tests" / "integration" / "targets"
GUARD = Path(__file__).with_name("live_guard.py")
USERNAME, PASSWORD = "ACI_TEST_LIVE_REGISTRY_USERNAME", "ACI_TEST_LIVE_REGISTRY_PASSWORD"
PLAIN_PROXY = "ACI_TEST_LIVE_HTTP_PROXY"  # the proxy for http of before the recording, which leads to Azure only
_MARGIN = 5  # minutes until the groups of a target that was ended are gone
_HALF = (("shell", 0.5, 0.5),)
_ONE = (("shell", 1, 1.5),)
_WEB = (("web", 1, 1.5),)


@dataclass(frozen=True)
class Target:
    """An integration target. ``groups`` are what it makes, by what follows the run's prefix in their names: kind of
    image, cores, and GB of memory of each container, at their largest.

    It is ended after ``minutes``. ``endless`` groups do not end by themselves. ``public`` ones have a public address.
    ``alone``: it reads, tags or removes all of its resource group. ``registries``: why no registry can be
    handed to it. ``extra``: it costs more, and is only played when it is asked for.
    """

    name: str
    what: str
    groups: Mapping[str, tuple[tuple[str, float, float], ...]]
    minutes: int
    endless: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    alone: bool = False
    registries: str = ""
    extra: bool = False

    @property
    def seconds(self) -> int:
        """How long its groups can run at most, as long as this machine does."""
        return (self.minutes + _MARGIN) * 60

    def definitions(self, plan: Plan) -> dict[str, dict[str, Any]]:
        """The groups that it makes, by their names, as far as cost, quota and policies depend on them."""
        return {
            f"aci-{plan.run}-{name}": plan.group(containers, **_address(name in self.public))
            for name, containers in self.groups.items()
        }

    def misfit(self, plan: Plan, *, existing: bool) -> str:
        """Why it cannot be played with the options of a run; empty if it can."""
        if existing and self.alone:
            return "it reads or tags its whole resource group, so it cannot share the one of --resource-group"
        if plan.subnet and self.public:
            return "its groups have public addresses, which groups in the subnet of --subnet cannot have"
        if plan.registry is not None and self.registries:
            return self.registries
        return ""


def _address(public: bool) -> dict[str, Any]:
    return {"ipAddress": {"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}]}} if public else {}


PLAYED = (
    Target(
        "aci_group_task",
        "tasks that end: created, run again, changed, failing, restarted by the service",
        {"words": (("wordcount", 1, 1.5),), **dict.fromkeys(("fails", "loops", "slow", "endless"), _ONE)},
        30,
        endless=("loops",),
    ),
    Target("aci_logs", "logs of two containers", {"logs": _HALF * 2, "later": _ONE}, 15),
    Target("aci_exec", "commands in a container", {"exec": _HALF * 2}, 15),
    Target("aci_cp", "files copied into a container and out of it", {"cp": _ONE}, 15),
    Target("connection_aci", "a container as a host of a playbook", {"host": _ONE}, 15),
    Target(
        "aci_group_info",
        "what is returned about groups; definitions exported and applied; waiting for several groups",
        {**dict.fromkeys(("red", "blue", "export", "import", "secret", "many-1", "many-2", "many-3"), _ONE)},
        30,
        endless=("many-1",),
        alone=True,
        registries="it applies exported definitions, which do not have the password of a registry",
    ),
    Target(
        "aci_run",
        "jobs that are run to completion and removed, and what earlier ones left",
        {"run": _HALF * 2, **dict.fromkeys(("bad", "left", "again", "young", "foreign", "kept"), _ONE)},
        40,
        alone=True,
    ),
    Target(
        "sample_playbooks",
        "the playbooks `single_container`, `multi_container` and `task`",
        {
            "single": (("web", 1, 1),),
            "multi": (("web", 1, 2), ("sidecar", 1, 2)),
            "task": (("wordcount", 1, 1),),
        },
        30,
        endless=("single", "multi"),
        public=("single", "multi"),
        alone=True,
        registries="the playbooks name their images themselves",
    ),
    Target("aci_location_info", "regions, their quotas and capabilities: only read", {}, 10),
    Target(
        "aci_group_containers",
        "groups with several containers: created, changed one property after another, removed",
        {"containers": (("shell", 0.5, 0.5), ("web", 0.5, 0.5)), "short": _WEB},
        40,
        endless=("containers", "short"),
        registries="it gives registries of its own, in the place of the one of --registry",
    ),
    Target(
        "aci_group",
        "a web page with a public address: created, changed in every way, recreated, stopped, removed",
        {
            "web": (("web", 1, 1.5), ("sidecar", 0.5, 0.5)),
            "web-probe": (("web", 1, 2),),
            "doubtful": _WEB,
            "logs": _ONE,
            "priced": (("web", 1.3, 2.2),),
            "priced-probe": (("web", 1.3, 2.2),),
            "secrets": _WEB,
        },
        90,
        endless=("web", "web-probe", "doubtful", "logs", "priced", "priced-probe", "secrets"),
        public=("web", "web-probe"),
        alone=True,
        extra=True,
    ),
)

NOT_PLAYED = {
    "aci_compose": "the groups of a project take their tags from its files, so they would not have the run's",
    "aci_cost_info": "the amounts that it expects are of the emulator's prices",
    "aci_group_definition": "its files define all the tags of a group, so the groups would not have the run's",
    "aci_group_images": "it moves tags in the emulator's registry, and silences that registry",
    "aci_group_profile": "profiles are a preview, and the run removes container groups only",
    "aci_groups": "its groups are many, and do not end by themselves",
    "aci_prune": "it removes what has expired, and so could remove groups of somebody else",
    "ad_hoc": "commands without a playbook make groups without the run's tags",
    "credentials": "it needs a client secret, which not every sign-in has, and signs in with wrong ones",
    "drift": "it runs a playbook on groups that do not end by themselves",
    "inventory_aci": "it needs two resource groups of its own, and groups that do not end by themselves",
    "playbooks": "its samples are in `sample_playbooks`; the other playbooks make groups without the run's tags",
    "resource_group": "it changes and removes the tags of resource groups, by which the run would remove them",
    "resource_group_info": "it makes and removes a resource group of its own",
    "scenarios": "the playbooks make resource groups and groups without the run's tags",
}
"""The other targets by name, each with the reason why it is not played."""


def table() -> list[str]:
    """The lines of a Markdown table of all targets, in the order of their names: tests/integration/README.md has it."""
    rows = {each.name: _row(each) for each in PLAYED}
    rows |= {name: f"| `{name}` | no | {reason} |" for name, reason in NOT_PLAYED.items()}
    head = ["| target | played on Azure | why, or with what restriction |", "|---|---|---|"]
    return [*head, *(rows[name] for name in sorted(rows))]


def _row(target: Target) -> str:
    notes = [target.what]
    if target.endless:
        names = ", ".join(target.endless)
        notes.append(f"until they are removed, these groups run: {names}")
    if target.alone:
        notes.append("not with `--resource-group`")
    if target.public:
        notes.append("not with `--subnet`")
    if target.registries:
        notes.append("not with `--registry`")
    return f"| `{target.name}` | {'with `--all`' if target.extra else 'yes'} | {'; '.join(notes)} |"


def variables(target: Target, plan: Plan, subscription: str) -> dict[str, Any]:
    """The variables of a target, as tests/integration/README.md lists them.

    Secrets are looked up in the environment.
    """
    connection = {"subscription_id": subscription}
    if endpoint := os.environ.get("AZURE_RESOURCE_MANAGER_ENDPOINT"):
        connection["resource_manager_endpoint"] = endpoint
    access: dict[str, Any] = {}
    if plan.registry is not None:
        login = {
            option: f"{{{{ lookup('ansible.builtin.env', '{variable}') }}}}"
            for option, variable in (("username", USERNAME), ("password", PASSWORD))
        }
        access["aci_registry_credentials"] = [{"server": plan.registry.server, **login}]
    return {
        "aci_run_id": plan.run,
        "aci_connection": connection,
        "aci_location": plan.location,
        "aci_resource_group": plan.resource_group,
        "aci_resource_group_given": True,
        "aci_tags": plan.all_tags,
        "aci_subnet_id": plan.subnet,
        "aci_lifetime": LIFETIME,
        "aci_in_process": True,
        "aci_second_subscription_id": "",
        "aci_http_proxy": "",
        "aci_emulator_url": "",
        "aci_emulator_ca": "",
        "aci_emulator_command": "",
        "aci_emulator_state_dir": "",
        **{f"aci_{kind}_image": plan.image(kind) for kind in ("web", "sidecar", "wordcount", "shell")},
        **access,
    }


@dataclass(frozen=True)
class Outcome:
    """What came of a play: what failed in it, empty if nothing did, and the tasks that were skipped, by their names."""

    failure: str = ""
    skipped: tuple[str, ...] = ()


def play(target: Target, plan: Plan, subscription: str, log: Path) -> Outcome:
    """Plays a target. All that it prints goes to the file ``log``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="aci_live_") as folder:
        playbook = Path(folder) / "target.json"  # JSON is YAML
        settings = {"ansible_python_interpreter": sys.executable, **variables(target, plan, subscription)}
        playbook.write_text(
            json.dumps([{"hosts": "testhost", "gather_facts": False, "vars": settings, "roles": [target.name]}])
        )
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "testhost,", "-c", "local"]
        with log.open("w") as output:
            log.chmod(0o600)
            process = subprocess.Popen(
                [sys.executable, str(GUARD), *command, str(playbook)],
                cwd=folder,
                env=_environment(Path(folder)),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(target.minutes * 60)
            except subprocess.TimeoutExpired:
                return Outcome(f"it had not ended after {target.minutes} minutes, and was ended")
            finally:
                # All of it has to have ended before its groups are removed.
                assert process.stdin is not None
                process.stdin.close()
                process.wait()
        text = log.read_text(errors="replace")
        return Outcome("" if code == 0 else _failed_task(text), skipped_tasks(text))


def _environment(folder: Path) -> dict[str, str]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    plain = variables.pop(PLAIN_PROXY, None)
    if plain is not None:
        for name in ("HTTP_PROXY", "http_proxy"):
            variables.pop(name, None)
            variables.update({name: plain} if plain else {})
    tools = Path(sys.executable).parent
    return {
        **variables,
        "PATH": f"{tools}{os.pathsep}{variables.get('PATH', '')}",
        "LC_ALL": variables.get("LC_ALL", "C.UTF-8"),
        "ANSIBLE_COLLECTIONS_PATH": str(tools.parent / "src"),
        "ANSIBLE_CONFIG": str(TARGETS.parent / "integration.cfg"),
        "ANSIBLE_HOME": str(folder / "ansible-home"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "temporary"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_ROLES_PATH": str(TARGETS),
    }


def skipped_tasks(output: str) -> tuple[str, ...]:
    """The tasks of a target that a play skipped for all their items: on Azure, those that need the emulator."""
    found: dict[str, None] = {}
    for block in re.split(r"^TASK \[", output, flags=re.MULTILINE)[1:]:
        name, _end, rest = block.partition("] *")
        # The preparation of the connection and of the resource group is nobody's test.
        ended = set(re.findall(r"^([a-z]+): ", rest, re.MULTILINE))
        if ended == {"skipping"} and not name.startswith("setup_aci : "):
            found.setdefault(name.partition(" : ")[2] or name)
    return tuple(found)


def _failed_task(output: str) -> str:
    """The task that a play failed at, by its name: what it says can hold names and IDs."""
    found = "it did not begin"
    for block in re.split(r"^TASK \[", output, flags=re.MULTILINE)[1:]:
        name, _end, rest = block.partition("] *")
        if "\n...ignoring" in rest:
            continue
        found = f"task {name!r} failed"
        if re.search(r"^(fatal|failed): ", rest, re.MULTILINE):
            break
    return found
