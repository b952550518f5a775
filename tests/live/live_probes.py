# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is tried on the service, and what it shows of the behaviours that the emulator has switches for.

Each probe makes container groups of its own: the least that ACI has, with restart policy Never, and with a command that
ends by itself, so that nothing is billed for long if this machine dies. Nothing here knows what it talks to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from live_client import Answer, Arm
from live_plan import LIFETIME, Plan, Seen

RUNS = 3
"""How often a group may run until its own end, at most: it is restarted by some probes."""


@dataclass(frozen=True)
class Probe:
    """One thing to try. ``definitions`` are the groups that it makes, by their names; ``play`` tries it."""

    name: str
    what: str
    definitions: Callable[[Plan], dict[str, dict[str, Any]]]
    play: Callable[[Arm, Plan, Seen], None]
    seconds: int = LIFETIME * RUNS

    def misfit(self, plan: Plan, *, existing: bool) -> str:
        """Why it cannot be played with the options of a run; empty if it can."""
        if plan.subnet and any("ipAddress" in each["properties"] for each in self.definitions(plan).values()):
            return "its group has a public address, which groups in the subnet of --subnet cannot have"
        return ""


def path_of(plan: Plan, name: str) -> str:
    return f"resourceGroups/{plan.resource_group}/providers/Microsoft.ContainerInstance/containerGroups/{name}"


# -- life: one group, from its creation to its removal


def _life_definitions(plan: Plan) -> dict[str, dict[str, Any]]:
    body = plan.definition(
        ipAddress={"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": _label(plan)},
        aciTestLive=True,  # which no version of the API has
    )
    container = body["properties"]["containers"][0]["properties"]
    container["ports"] = [{"port": 80}]
    container["environmentVariables"] = [{"name": "SECRET", "secureValue": "of-no-value"}]
    return {_main(plan): body}


def _life(arm: Arm, plan: Plan, seen: Seen) -> None:
    path = path_of(plan, _main(plan))
    body = _life_definitions(plan)[_main(plan)]
    made = arm.ask("PUT", path, body)
    if made.status == 400:
        seen.note("unknown-properties", "refuse", made)
        del body["properties"]["aciTestLive"]
        made = arm.ask("PUT", path, body)
    _require(made)
    shown = arm.settled(path)
    if "unknown-properties" not in seen.positions:
        seen.note("unknown-properties", "keep" if "aciTestLive" in shown.properties else "drop", made)
        body["properties"].pop("aciTestLive")
    port = (shown.properties.get("ipAddress") or {}).get("ports") or [{}]
    seen.note("address-port-protocol", "fill" if port[0].get("protocol") else "echo", str(port[0]))
    log = arm.ask("GET", f"{path}/containers/main/logs")
    if log.ok and isinstance(log.body, dict) and not log.body.get("content"):
        seen.note("empty-log", "null" if log.body.get("content") is None else "empty", str(log.body))
    _taken_label(arm, plan, seen)
    _updates(arm, path, body, seen)
    _stops(arm, path, seen)
    deleted = arm.ask("DELETE", path)
    seen.note("delete-answer", {200: "200", 202: "202"}.get(deleted.status), deleted)
    arm.gone(path)
    # Its label, at once.
    again = arm.ask("PUT", path, body)
    if again.ok or "DnsNameLabel" in again.code:
        seen.note("dns-label-release", "at-once" if again.ok else "late", again)
    arm.gone(path)


def _taken_label(arm: Arm, plan: Plan, seen: Seen) -> None:
    name = f"{_main(plan)}-label"
    address = {"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}], "dnsNameLabel": _label(plan)}
    body = plan.definition(ipAddress=address)
    body["properties"]["containers"][0]["properties"]["ports"] = [{"port": 80}]
    answer = arm.ask("PUT", path_of(plan, name), body, again=False)
    if not answer.ok:
        seen.note("dns-label-taken", {400: "400", 409: "409", 500: "500"}.get(answer.status), answer)
    arm.gone(path_of(plan, name))


def _updates(arm: Arm, path: str, body: dict[str, Any], seen: Seen) -> None:
    tags = {**body["tags"], "changed": "by-put"}
    answer = arm.ask("PUT", path, {**body, "tags": tags})
    if answer.ok:
        seen.note("put-existing", {200: "200", 201: "201"}.get(answer.status), answer)
        shown = arm.settled(path)
        found = (shown.body or {}).get("tags") or {}
        replaced = found.get("changed") == "by-put"
        seen.note("put-tags", "replace" if replaced else "keep", "the new tag is there" if replaced else "it is not")
    container = body["properties"]["containers"][0]["properties"]
    # cpu cannot change in place, which both of the refusals that are known say in their own way.
    larger = _with_container(body, resources={"requests": {"cpu": 2, "memoryInGB": 1}})
    answer = arm.ask("PUT", path, larger)
    if answer.code == "InvalidContainerGroupUpdate":
        general = "restart policy" in answer.message.lower()
        seen.note("refusal-wording", "general" if general else "named", answer)
    arm.settled(path)
    secretless = _with_container(body, environmentVariables=[{"name": "SECRET"}])
    answer = arm.ask("PUT", path, secretless)
    seen.note("missing-secrets", "accept" if answer.ok else "refuse" if answer.status == 400 else None, answer)
    arm.settled(path)
    wider = _with_container(body, ports=[*container["ports"], {"port": 8080}])
    address = {**body["properties"]["ipAddress"], "ports": [{"port": 80}, {"port": 8080}]}
    wider["properties"]["ipAddress"] = address
    answer = arm.ask("PUT", path, wider)
    strict = answer.code == "InvalidContainerGroupUpdate"
    seen.note("mutability", "documented" if answer.ok else "strict" if strict else None, answer)
    arm.settled(path)
    answer = arm.ask("PATCH", path, {"tags": body["tags"], "properties": {"restartPolicy": "Always"}})
    seen.note("patch-other", "ignore" if answer.ok else "refuse" if answer.status == 400 else None, answer)
    arm.settled(path)


def _stops(arm: Arm, path: str, seen: Seen) -> None:
    stopped = arm.ask("POST", f"{path}/stop")
    _require(stopped)
    arm.settled(path)
    size = {"command": "sh", "terminalSize": {"rows": 24, "cols": 80}}
    answer = arm.ask("POST", f"{path}/containers/main/exec", size)
    seen.note("exec-stopped", "accept" if answer.ok else "refuse" if answer.status == 409 else None, answer)
    restarted = arm.ask("POST", f"{path}/restart")
    refused = restarted.status in (400, 409) and "Transitioning" not in restarted.code
    seen.note("restart-stopped", "start" if restarted.ok else "refuse" if refused else None, restarted)
    if restarted.ok:
        arm.settled(path)
        _require(arm.ask("POST", f"{path}/stop"))
        arm.settled(path)
    started = arm.ask("POST", f"{path}/start")
    seen.note("start-answer", {202: "202", 204: "204"}.get(started.status), started)
    arm.settled(path)


# -- names and sizes: groups that are made and removed


def _made_or_refused(
    switch: str, positions: tuple[str, str], name: str, codes: tuple[str, ...], **size: float
) -> Probe:
    accepted, refused = positions

    def definitions(plan: Plan) -> dict[str, dict[str, Any]]:
        return {name.format(plan.run): plan.definition(**size)}

    def play(arm: Arm, plan: Plan, seen: Seen) -> None:
        for each, body in definitions(plan).items():
            answer = arm.ask("PUT", path_of(plan, each), body)
            known = any(code in answer.code for code in codes)
            seen.note(switch, accepted if answer.ok else refused if known else None, answer)
            if not answer.ok and not known:
                _require(answer)
            arm.gone(path_of(plan, each))

    return Probe(switch, f"a group named {name.format('RUN')}", definitions, play)


def _transitioning_definitions(plan: Plan) -> dict[str, dict[str, Any]]:
    return {f"live-{plan.run}-moving": plan.definition()}


def _transitioning(arm: Arm, plan: Plan, seen: Seen) -> None:
    for name, body in _transitioning_definitions(plan).items():
        path = path_of(plan, name)
        _require(arm.ask("PUT", path, body))
        answer = arm.ask("DELETE", path, again=False)
        if answer.code == "ContainerGroupTransitioning":
            seen.note("operations-while-transitioning", "refuse", answer)
        elif answer.status == 200 and answer.properties.get("provisioningState") not in (None, "Succeeded", "Failed"):
            # It answers the last state of what it has deleted: an operation was running.
            seen.note("operations-while-transitioning", "allow", answer)
        arm.settled(path)
        arm.gone(path)


def _subnet_definitions(plan: Plan) -> dict[str, dict[str, Any]]:
    return {f"live-{plan.run}-subnet": plan.definition()}


def _subnet(arm: Arm, plan: Plan, seen: Seen) -> None:
    for name, body in _subnet_definitions(plan).items():
        network = f"/subscriptions/{arm.subscription}/resourceGroups/{plan.resource_group}/providers/Microsoft.Network"
        body["properties"]["subnetIds"] = [{"id": f"{network}/virtualNetworks/live-{plan.run}/subnets/none"}]
        answer = arm.ask("PUT", path_of(plan, name), body)
        missing = not answer.ok and ("Subnet" in answer.code or "NotFound" in answer.code)
        seen.note("unknown-subnets", "accept" if answer.ok else "refuse" if missing else None, answer)
        arm.gone(path_of(plan, name))


PROBES = (
    Probe("life", "one group: created, changed, stopped, started and removed", _life_definitions, _life),
    Probe("transitioning", "a group that is removed while it is created", _transitioning_definitions, _transitioning),
    Probe("subnet", "a group in a subnet that does not exist", _subnet_definitions, _subnet),
    _made_or_refused(
        "below-minimum", ("accept", "refuse"), "live-{}-small", ("Resource", "Invalid"), cpu=0.5, memory=0.5
    ),
    _made_or_refused("capitals-in-group-names", ("accept", "refuse"), "Live-{}-Capitals", ("Invalid",)),
    _made_or_refused("consecutive-hyphens", ("allow", "refuse"), "live-{}--hyphens", ("Invalid",)),
)


class Refused(Exception):
    """The service refused what a probe needs; the text is its answer."""


def _require(answer: Answer) -> None:
    if not answer.ok:
        raise Refused(str(answer))


def _main(plan: Plan) -> str:
    return f"live-{plan.run}-life"


def _label(plan: Plan) -> str:
    return f"live-{plan.run}"


def _with_container(body: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A copy of a definition whose container has other properties."""
    properties = body["properties"]
    container = properties["containers"][0]
    changed_container = {**container, "properties": {**container["properties"], **changed}}
    return {**body, "properties": {**properties, "containers": [changed_container]}}
