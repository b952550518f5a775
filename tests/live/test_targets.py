# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The integration targets that `make test-live` plays, against a stand-in for Azure: what they make, and what stays."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import live_run
import live_targets
from aci_emulator.testing import RunningEmulator
from live_plan import IMAGES, TAG, Plan, Registry, cores_of
from live_preflight import most
from live_targets import NOT_PLAYED, PASSWORD, PLAYED, ROOT, TARGETS, USERNAME, Target, table
from stand_in import RUN, arm_of, live, report_in, resource_groups

NAMES = [each.name for each in PLAYED]
BY_NAME = {each.name: each for each in PLAYED}
# Those with tasks that cause failures, need policies, prices or another subscription, or run in check mode.
SKIPPING = {"aci_exec", "aci_group", "aci_group_info", "aci_run", "connection_aci"}
# What runs a shell on the stand-in, as the image of Azure's does there.
SHELL = "emulator.local/sh"


@pytest.fixture
def azure(serve: Callable[..., RunningEmulator], monkeypatch: pytest.MonkeyPatch) -> RunningEmulator:
    """A stand-in whose containers run, and whose clock does."""
    monkeypatch.setitem(IMAGES, "shell", SHELL)
    server = serve("--runtime", "process", "--speed", "20")
    server.resume()
    return server


def made(server: RunningEmulator) -> dict[str, list[dict[str, Any]]]:
    """The bodies of the requests that made or changed groups, by the groups' names."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in server.requests("PUT", "*/containerGroups/*"):
        if each["status"] < 300:
            found.setdefault(each["path"].rpartition("/")[2], []).append(each["body"])
    return found


def memory_of(body: dict[str, Any]) -> float:
    requests = [each["properties"]["resources"]["requests"] for each in body["properties"]["containers"]]
    return float(sum(each["memoryInGB"] for each in requests))


def images_of(body: dict[str, Any]) -> set[str]:
    return {each["properties"]["image"].removesuffix(":latest") for each in body["properties"]["containers"]}


def is_public(body: dict[str, Any]) -> bool:
    return (body["properties"].get("ipAddress") or {}).get("type") == "Public"


@pytest.mark.parametrize("name", NAMES)
def test_a_target_passes_and_makes_what_was_said(azure: RunningEmulator, tmp_path: Path, name: str) -> None:
    code = live(azure, tmp_path, "--yes", "--only", name)
    output = (tmp_path / f"{RUN}-output" / f"{name}.log").read_text()
    assert code == 0, output[-6000:]
    text = report_in(tmp_path)
    assert f"* `{name}`: passed" in text
    assert (f"Skipped tasks of `{name}`: they need the emulator" in text) == (name in SKIPPING)
    target = BY_NAME[name]
    said = target.definitions(Plan(RUN, "westus2", f"aci-live-{RUN}"))
    bodies = made(azure)
    assert sorted(bodies) == sorted(said)
    for group, sent in bodies.items():
        largest = said[group]
        assert max(map(cores_of, sent)) == cores_of(largest), group
        assert max(map(memory_of, sent)) == memory_of(largest), group
        assert set().union(*map(images_of, sent)) == images_of(largest), group
        assert any(map(is_public, sent)) == is_public(largest), group
        assert all(each["tags"][TAG] == RUN for each in sent), group
        if group.removeprefix(f"aci-{RUN}-") not in target.endless:
            assert {each["properties"]["restartPolicy"] for each in sent} <= {"Never", "OnFailure"}, group
    assert resource_groups(azure) == []


def test_a_target_that_fails_is_named_by_its_task(
    azure: RunningEmulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    azure.add_fault("answer", paths=["*/logs*"], status=403, code="AuthorizationFailed", message="Not for you.")
    only = ["--only", "aci_logs", "--only", "aci_location_info"]
    assert live(azure, tmp_path, "--yes", *only) == live_run.FAILED
    text = report_in(tmp_path)
    assert "## Integration targets: 1 of 2 passed" in text
    assert "* `aci_logs`: `task 'aci_logs : Read all logs' failed`" in text
    assert "* `aci_location_info`: passed" in text
    log = tmp_path / f"{RUN}-output" / "aci_logs.log"
    assert str(log) in capsys.readouterr().err
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert azure.subscription_id not in text
    azure.clear_faults()
    assert resource_groups(azure) == []


def test_a_target_that_takes_too_long_is_ended(
    azure: RunningEmulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_run, "PLAYED", (replace(BY_NAME["aci_exec"], minutes=0),))
    assert live(azure, tmp_path, "--yes", "--only", "aci_exec") == live_run.FAILED
    assert "it had not ended after 0 minutes, and was ended" in report_in(tmp_path)
    assert resource_groups(azure) == []


@pytest.fixture
def program(tmp_path: Path) -> list[str]:
    """The command, with an image that the stand-in can run."""
    script = tmp_path / "live.py"
    script.write_text(
        "import signal, sys, live_plan, live_run\n"
        # Whoever starts the tests in the background may have had SIGINT ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"live_plan.IMAGES['shell'] = {SHELL!r}\nsys.exit(live_run.main())\n"
    )
    return [sys.executable, str(script), "--folder", str(tmp_path / "live"), "--location", "westus2", "--yes"]


def variables(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_whoever_ends_the_run_ends_the_play_and_removes_what_it_made(
    azure: RunningEmulator, program: list[str], number: signal.Signals
) -> None:
    command = [*program, "--only", "aci_exec"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=variables(**{live_run.RUN: "ended"})
    ) as process:
        while not azure.requests("PUT", "*/containerGroups/*"):
            assert process.poll() is None, "the run ended before it created a group"
        process.send_signal(number)
        errors = process.communicate(timeout=120)[1]
    assert process.returncode == live_run.FAILED, errors
    assert "interrupted: removing what was made" in errors
    assert resource_groups(azure) == []


def test_a_run_that_was_killed_takes_its_play_along_and_is_cleaned_up_by_the_next(
    azure: RunningEmulator, program: list[str], tmp_path: Path
) -> None:
    command = [*program, "--only", "aci_exec"]
    with subprocess.Popen(
        command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=variables(**{live_run.RUN: "killed"})
    ) as process:
        while not azure.requests("PUT", "*/containerGroups/*"):
            assert process.poll() is None, "the run ended before it created a group"
        process.kill()
    assert resource_groups(azure) == ["aci-live-killed"]
    log = tmp_path / "live" / "killed-output" / "aci_exec.log"
    until = time.monotonic() + 120
    while not any(words in log.read_text() for words in ("User interrupted execution", "PLAY RECAP")):
        assert time.monotonic() < until, "the play goes on without its run"
    assert "failed=0" not in log.read_text()
    assert live(azure, tmp_path / "live", "--clean") == 0
    assert resource_groups(azure) == []


def denies(server: RunningEmulator) -> None:
    server.add_fault("answer", methods=["PUT"], paths=["*/aci-*-logs"], status=403, code="RequestDisallowedByPolicy")


def throttles(server: RunningEmulator) -> None:
    slow = {"status": 429, "code": "TooManyRequests", "message": "Slow down.", "headers": {"Retry-After": "1"}}
    server.add_fault("answer", paths=["*/containerGroups/*"], times=5, **slow)
    server.add_fault("answer", methods=["DELETE"], paths=["*"], times=3, **slow)


def fails(server: RunningEmulator) -> None:
    broken = {"status": 500, "code": "InternalServerError", "message": "No."}
    server.add_fault("answer", methods=["DELETE"], paths=["*"], times=3, **broken)
    server.add_fault("fail-operation", paths=["*/aci-*-logs"], code="InsufficientCapacity", message="No room.")


@pytest.mark.parametrize(("trouble", "code"), [(denies, 1), (throttles, 0), (fails, 1)])
def test_whatever_the_service_does_all_is_removed(
    azure: RunningEmulator, tmp_path: Path, trouble: Callable[[RunningEmulator], None], code: int
) -> None:
    trouble(azure)
    assert live(azure, tmp_path, "--yes", "--only", "aci_logs") == code
    azure.clear_faults()
    assert azure.requests("PUT", "*/containerGroups/aci-*")
    assert resource_groups(azure) == []


def test_a_target_is_recorded_with_its_terminals(azure: RunningEmulator, program: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [*program, "--only", "aci_exec"], env=variables(), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (recording,) = (tmp_path / "live").glob("*/recording/*.json")
    run = recording.parent.parent.name
    entries = json.loads(recording.read_text())
    sessions = [each for each in entries if each["request"]["url"].startswith("wss://")]
    assert len(sessions) > 5
    frames = [frame for each in sessions for frame in each["response"]["body"]["frames"]]
    assert {frame["from"] for frame in frames} == {"client", "service"}
    assert not [frame for frame in frames if "content" in frame]
    for secret in (azure.subscription_id, os.environ["AZURE_CLIENT_SECRET"], f"aci-{run}", "GREETING", "HELLO"):
        assert secret not in recording.read_text(), secret


def test_images_come_from_the_registry_that_was_named(
    azure: RunningEmulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry("emulator.local", "puller", "hush-{{ password }}")
    monkeypatch.setenv(USERNAME, registry.username)
    monkeypatch.setenv(PASSWORD, registry.password)
    only = [word for name in ("below-minimum", "aci_logs", "aci_group_containers") for word in ("--only", name)]
    sent: list[Any] = []
    send = arm_of(azure).__class__.ask

    def watched(self: Any, method: str, path: str, body: Any = None, **options: Any) -> Any:
        sent.append(body)
        return send(self, method, path, body, **options)

    monkeypatch.setattr(live_run.Arm, "ask", watched)
    assert live(azure, tmp_path, "--yes", *only, registry=registry) == 0
    bodies = made(azure)
    assert sorted(bodies) == [f"aci-{RUN}-later", f"aci-{RUN}-logs", f"live-{RUN}-small"]
    for name, group in bodies.items():
        for body in group:
            assert all(image.startswith("emulator.local/") for image in images_of(body)), name
            (credential,) = body["properties"]["imageRegistryCredentials"]
            assert (credential["server"], credential["username"]) == ("emulator.local", "puller"), name
            assert credential["password"], name  # masked where it is kept
    printed = capsys.readouterr()
    assert "skipped: aci_group_containers: it gives registries of its own" in printed.out
    # A policy need not know it, and nobody else does.
    asked = [each for each in sent if each and "resourceDetails" in each]
    assert asked
    assert "hush" not in json.dumps(asked)
    assert "hush" in json.dumps(sent)
    left = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "hush" not in left + printed.out + printed.err


def test_a_registry_needs_a_user(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", "s")
    monkeypatch.delenv(USERNAME, raising=False)
    monkeypatch.setenv(PASSWORD, "hush")
    monkeypatch.setattr(sys, "argv", ["live_run.py", "--yes", "--registry", "mine.azurecr.io"])
    assert live_run.main() == live_run.NOT_BEGUN
    assert f"{USERNAME} and {PASSWORD} must hold a user of mine.azurecr.io" in capsys.readouterr().err


def network(server: RunningEmulator, location: str = "westus2", *, delegated: bool = True) -> str:
    """Makes a virtual network with a subnet, and returns the subnet's ID."""
    arm = arm_of(server)
    arm.ask("PUT", "resourceGroups/net", {"location": location}, version="2021-04-01")
    path = "resourceGroups/net/providers/Microsoft.Network/virtualNetworks/net"
    service = {"serviceName": "Microsoft.ContainerInstance/containerGroups"}
    subnet = {
        "name": "groups",
        "properties": {
            "addressPrefix": "10.0.0.0/24",
            "delegations": [{"name": "aci", "properties": service}] if delegated else [],
        },
    }
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    answer = arm.ask("PUT", path, {"location": location, "properties": space}, version="2023-09-01")
    assert answer.ok, answer
    return f"/subscriptions/{server.subscription_id}/{path}/subnets/groups"


def test_groups_are_in_the_subnet_that_was_named(
    azure: RunningEmulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subnet = network(azure)
    only = [word for name in ("life", "below-minimum", "aci_logs", "aci_group") for word in ("--only", name)]
    assert live(azure, tmp_path, "--yes", *only, "--subnet", subnet) == 0
    bodies = made(azure)
    assert sorted(bodies) == [f"aci-{RUN}-later", f"aci-{RUN}-logs", f"live-{RUN}-small"]
    for name, group in bodies.items():
        for body in group:
            assert [each["id"].lower() for each in body["properties"]["subnetIds"]] == [subnet.lower()], name
            assert not is_public(body), name
    said = capsys.readouterr().out
    assert "skipped: life: its group has a public address" in said
    assert "skipped: aci_group: its groups have public addresses" in said
    assert resource_groups(azure) == ["net"]


@pytest.mark.parametrize(
    ("location", "delegated", "said"),
    [
        ("westus2", False, "is not delegated to Microsoft.ContainerInstance/containerGroups: az network vnet subnet"),
        ("northeurope", True, "the network of --subnet is in northeurope, not in westus2"),
        ("", True, "the subnet of --subnet cannot be read: 404"),
    ],
)
def test_a_subnet_that_does_not_fit_keeps_a_run_from_starting(
    serve: Callable[..., RunningEmulator],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    location: str,
    delegated: bool,
    said: str,
) -> None:
    server = serve()
    subnet = network(server, location or "westus2", delegated=delegated) + ("" if location else "-missing")
    server.clear_requests()
    assert live(server, tmp_path, "--yes", "--subnet", subnet) == live_run.NOT_BEGUN
    assert said in capsys.readouterr().err
    assert server.requests("PUT") == []


def test_a_target_that_a_policy_denies_is_skipped_by_its_name(
    serve: Callable[..., RunningEmulator], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    kind = {"field": "type", "equals": "Microsoft.ContainerInstance/containerGroups"}
    public = {"field": "Microsoft.ContainerInstance/containerGroups/ipAddress.type", "equals": "Public"}
    server.set_policies(
        [{"name": "no-public", "policyRule": {"if": {"allOf": [kind, public]}, "then": {"effect": "deny"}}}]
    )
    only = ["--only", "aci_group", "--only", "aci_location_info"]
    assert live(server, tmp_path, "--yes", *only) == 0
    assert "skipped: aci_group: denied by policy no-public" in capsys.readouterr().out
    assert made(server) == {}


def test_what_looks_at_a_whole_resource_group_is_not_played_in_one_that_is_there(
    azure: RunningEmulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arm = arm_of(azure)
    arm.ask("PUT", "resourceGroups/shared", {"location": "northeurope"}, version="2021-04-01")
    kept = "resourceGroups/shared/providers/Microsoft.ContainerInstance/containerGroups/kept"
    assert arm.ask("PUT", kept, {**Plan("x", "westus2", "shared").definition(), "tags": {TAG: "another-run"}}).ok
    azure.clear_requests()
    only = ["--only", "aci_logs", "--only", "aci_run"]
    assert live(azure, tmp_path, "--yes", *only, "--resource-group", "shared", "--tags", "owner=me") == 0
    assert "skipped: aci_run: it reads or tags its whole resource group" in capsys.readouterr().out
    bodies = made(azure)
    assert sorted(bodies) == [f"aci-{RUN}-later", f"aci-{RUN}-logs"]
    assert all(body["tags"]["owner"] == "me" for group in bodies.values() for body in group)
    assert {body["location"] for group in bodies.values() for body in group} == {"westus2"}
    assert [each["name"] for each in arm.listed(kept.rpartition("/")[0])] == ["kept"]
    assert resource_groups(azure) == ["shared"]


def test_a_run_that_nothing_is_left_of_does_not_begin(
    serve: Callable[..., RunningEmulator], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    arm_of(server).ask("PUT", "resourceGroups/shared", {"location": "westus2"}, version="2021-04-01")
    server.clear_requests()
    arguments = ["--yes", "--only", "aci_run", "--resource-group", "shared"]
    assert live(server, tmp_path, *arguments) == live_run.NOT_BEGUN
    assert "nothing is left to try" in capsys.readouterr().err
    assert server.requests("PUT") == []


# -- without a stand-in


def test_every_file_here_is_a_step() -> None:
    steps = (ROOT / "scripts/steps.py").read_text()
    for path in Path(__file__).parent.glob("test_*.py"):
        assert f'pytest("tests/live/{path.name}")' in steps, path.name


def test_no_integration_target_is_left_out() -> None:
    there = {path.name for path in TARGETS.iterdir() if path.is_dir() and not path.name.startswith("setup_")}
    assert set(NAMES) | set(NOT_PLAYED) == there
    assert set(NAMES) & set(NOT_PLAYED) == set()


def test_the_table_is_in_the_readme() -> None:
    text = (ROOT / "tests/integration/README.md").read_text()
    assert "\n".join(table()) in text, "\n".join(table())


def test_what_is_played_when_nothing_is_said() -> None:
    cheap = {each.name for each in live_run._chosen([], extra=False)}
    assert cheap == {each.name for each in (*live_run.PROBES, *PLAYED)} - {"aci_group"}
    assert {each.name for each in live_run._chosen([], extra=True)} - cheap == {"aci_group"}
    assert [each.name for each in live_run._chosen(["targets"], extra=False)] == [
        name for name in NAMES if name in cheap
    ]
    assert [each.name for each in live_run._chosen(["aci_group", "life"], extra=False)] == ["life", "aci_group"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "aci_prune"], "aci_prune is not played on Azure: it removes what has expired"),
        (["--only", "nothing"], "must be one of probes, targets, life"),
        (["--registry", "https://mine.azurecr.io"], "must be the host of a registry"),
        (["--registry", "user:password@mine.azurecr.io"], "must be the host of a registry"),
        (["--subnet", "groups"], "must be the ID of a subnet"),
    ],
)
def test_options_that_make_no_sense(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        live_run.make_parser().parse_args(arguments)
    assert said in capsys.readouterr().err


def test_tasks_that_were_skipped_and_the_one_that_failed() -> None:
    output = (
        "\nTASK [setup_aci : Create the resource group x] ****\nskipping: [testhost]\n"
        "\nTASK [aci_x : Break reads] ****\nskipping: [testhost] => (item=a) \nskipping: [testhost] => (item=b) \n"
        "\nTASK [aci_x : Change some] ****\nskipping: [testhost] => (item=a) \nok: [testhost] => (item=b)\n"
        "\nTASK [aci_x : Include] ****\nincluded: x.yml for testhost\n"
        "\nTASK [Look again] ****\nskipping: [testhost]\n"
        "\nTASK [aci_x : Fail as expected] ****\nfatal: [testhost]: FAILED! => {}\n...ignoring\n"
        "\nTASK [aci_x : Fail [here]] ****\nok: [testhost] => (item=1)\nfailed: [testhost] (item=2) => {}\n"
        "\nTASK [setup_aci : Clean up] ****\nok: [testhost]\n\nPLAY RECAP ****\ntesthost : ok=1\n"
    )
    assert live_targets.skipped_tasks(output) == ("Break reads", "Look again")
    assert live_targets._failed_task(output) == "task 'aci_x : Fail [here]' failed"
    assert live_targets._failed_task("ERROR! no") == "it did not begin"


def test_what_a_target_costs_at_most() -> None:
    prices = {"vCPU": Decimal("0.0405"), "Memory": Decimal("0.00445")}
    rows = [
        {
            "skuName": "Standard",
            "meterName": f"Standard {what} Duration",
            "retailPrice": price,
            "unitOfMeasure": "1 Hour",
        }
        for what, price in prices.items()
    ]
    target = Target("x", "y", {"a": (("web", 2, 4), ("shell", 1, 1)), "b": (("shell", 1, 1),)}, 55)
    hour = 4 * prices["vCPU"] + 6 * prices["Memory"]
    assert most(Plan("r", "westus2", "g"), [target], rows) == hour.quantize(Decimal("0.01"))


def test_a_play_does_not_reach_containers_by_the_recorder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://recorder")
    monkeypatch.setenv("http_proxy", "http://recorder")
    monkeypatch.setenv("HTTPS_PROXY", "http://recorder")
    monkeypatch.setenv("ANSIBLE_CALLBACKS_ENABLED", "something")
    assert live_targets._environment(tmp_path)["http_proxy"] == "http://recorder"  # not recorded: it is the user's own
    monkeypatch.setenv(live_targets.PLAIN_PROXY, "")
    found = live_targets._environment(tmp_path)
    assert not {"HTTP_PROXY", "http_proxy", "ANSIBLE_CALLBACKS_ENABLED", live_targets.PLAIN_PROXY} & set(found)
    assert found["HTTPS_PROXY"] == "http://recorder"
    monkeypatch.setenv(live_targets.PLAIN_PROXY, "http://own")
    assert live_targets._environment(tmp_path)["HTTP_PROXY"] == "http://own"


def test_a_password_is_shown_by_nothing_that_holds_it() -> None:
    plan = Plan("r", "westus2", "g", registry=Registry("mine.azurecr.io", "me", "hush"))
    assert "hush" not in repr(plan)
    target = BY_NAME["aci_logs"]
    assert "hush" not in json.dumps(live_targets.variables(target, plan, "s"))
