# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make test-live` against emulators that stand in for Azure, behind the interception: what it names, and what stays.

The stand-in's clock stands still, and goes on by what the run waits.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import live_run
from aci_emulator.core.switches import SWITCHES, profile
from aci_emulator.testing import RunningEmulator, running_emulator
from live_client import Answer, Arm, GaveUp
from live_plan import LIFETIME, TAG, Plan, Seen
from live_preflight import most
from live_probes import PROBES, path_of
from live_removal import Journal, remove
from live_report import compare, markdown
from stand_in import arm_of, live, report_in, resource_groups

DEFAULTS = {switch.name: switch.default for switch in SWITCHES}
NEVER_SEEN = {  # what no probe can decide, or only with more than a few cents
    *("logs-while-transitioning", "unknown-network-profiles", "standby-pool", "config-map-change", "subnet-link"),
    *("capacity-shortage", "failed-operation", "request-limits", "quota-code"),
}
PositionsOf = dict[str, str]


def positions_in(folder: Path) -> PositionsOf:
    found: PositionsOf = json.loads(next(folder.glob("*/positions.json")).read_text())
    return found


OTHER = {
    switch.name: next(value for value in switch.values if value != switch.default)
    for switch in SWITCHES
    if switch.name not in NEVER_SEEN
}


@pytest.mark.parametrize(
    "positions",
    [
        {},
        # Those that do not hide one another: half of the other positions at a time, and then the other half.
        {name: OTHER[name] for name in sorted(OTHER)[::2]},
        {name: OTHER[name] for name in sorted(OTHER)[1::2]},
        {"unknown-properties": "keep"},
        {"unknown-properties": "refuse", "dns-label-taken": "400"},
    ],
    ids=["default", "first half", "second half", "kept", "refused"],
)
def test_the_report_names_exactly_what_differs(
    serve: Callable[..., RunningEmulator], tmp_path: Path, positions: PositionsOf
) -> None:
    server = serve(**positions)
    assert live(server, tmp_path, "--yes") == 0
    seen = positions_in(tmp_path)
    assert {name: seen[name] for name in seen if seen[name] != DEFAULTS[name]} == positions
    text = report_in(tmp_path)
    assert f"## Contradicted: {len(positions)}\n" in text
    for name, value in positions.items():
        assert f"* `{name}`: **{value}**, where the emulator has `{DEFAULTS[name]}` by default." in text
    # delete-answer=202 hides whether an operation ran that the deletion ended.
    hidden = {"operations-while-transitioning"} if positions.get("delete-answer") == "202" else set()
    assert set(DEFAULTS) - set(seen) == NEVER_SEEN | hidden
    assert resource_groups(server) == []
    for secret in (server.subscription_id, os.environ["AZURE_CLIENT_SECRET"], os.environ["AZURE_TENANT_ID"]):
        assert secret not in text


def test_the_strict_profile(serve: Callable[..., RunningEmulator], tmp_path: Path) -> None:
    server = serve("--profile", "strict", **{"request-limits": "count"})
    assert live(server, tmp_path, "--yes") == 0
    strict = profile("strict")
    for name, value in positions_in(tmp_path).items():
        assert value == strict[name], name


def denies(server: RunningEmulator) -> None:
    """As a policy does that came into force after the look at policies."""
    refused = {"status": 403, "code": "RequestDisallowedByPolicy", "message": "No."}
    server.add_fault("answer", methods=["PUT"], paths=["*/containerGroups/live-*"], **refused)


def throttles(server: RunningEmulator) -> None:
    slow = {"status": 429, "code": "TooManyRequests", "message": "Slow down.", "headers": {"Retry-After": "7"}}
    server.add_fault("answer", paths=["*/containerGroups/*"], times=9, **slow)
    server.add_fault("answer", methods=["DELETE"], paths=["*"], times=3, **slow)


def fails(server: RunningEmulator) -> None:
    broken = {"status": 500, "code": "InternalServerError", "message": "No."}
    server.add_fault("answer", methods=["DELETE"], paths=["*"], times=3, **broken)
    server.add_fault("answer", methods=["POST"], paths=["*/stop"], **broken)
    server.add_fault("answer", methods=["GET"], paths=["*/logs*"], times=2, **broken)
    server.add_fault("fail-operation", paths=["*-small"], code="InsufficientCapacity", message="No room.")


@pytest.mark.parametrize(("trouble", "code"), [(denies, 1), (throttles, 0), (fails, 1)])
def test_whatever_the_service_does_all_is_removed(
    serve: Callable[..., RunningEmulator], tmp_path: Path, trouble: Callable[[RunningEmulator], None], code: int
) -> None:
    server = serve()
    trouble(server)
    assert live(server, tmp_path, "--yes") == code
    server.clear_faults()
    assert resource_groups(server) == []
    assert Journal(tmp_path / "unfinished.json").runs() == {}
    if code:
        assert "## Failed: " in report_in(tmp_path)


def test_what_cannot_be_removed_is_said_and_removed_by_the_next_run(
    serve: Callable[..., RunningEmulator], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    server.add_fault("answer", methods=["DELETE"], paths=["*"], status=403, code="AuthorizationFailed", message="No.")
    assert live(server, tmp_path, "--yes", "--only", "below-minimum") == live_run.LEFT
    assert "could not be removed: 403 AuthorizationFailed: No." in capsys.readouterr().err
    assert len(resource_groups(server)) == 1
    server.clear_faults()
    assert live(server, tmp_path, "--clean") == 0
    assert resource_groups(server) == []


def test_after_ctrl_c_all_is_removed(
    serve: Callable[..., RunningEmulator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()
    options = live_run.make_parser().parse_args(
        ["--folder", str(tmp_path), "--location", "westus2", "--yes", "--only", "life"]
    )
    naps = []

    def interrupted(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            raise KeyboardInterrupt
        server.advance(seconds)

    with live_run.connect(server.subscription_id, sleep=interrupted) as arm:
        assert live_run.Live(options, arm, "0a1b2c3d").run() == live_run.FAILED
    assert len(server.requests("PUT", "*/containerGroups/*")) >= 1
    assert resource_groups(server) == []


def test_a_fault_of_a_probe_itself_leaves_nothing(
    serve: Callable[..., RunningEmulator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()

    def broken(arm: Arm, plan: Plan, _seen: Seen) -> None:
        name = next(iter(PROBES[0].definitions(plan)))
        arm.ask("PUT", path_of(plan, name), plan.definition())
        raise KeyError("a probe that was written badly")

    monkeypatch.setattr(live_run, "PROBES", (replace(PROBES[0], play=broken),))
    with pytest.raises(KeyError):
        live(server, tmp_path, "--yes")
    assert server.requests("PUT", "*/containerGroups/*")
    assert resource_groups(server) == []


def test_a_refused_sign_in_is_a_sentence(
    serve: Callable[..., RunningEmulator],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    serve()
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    monkeypatch.setenv(live_run.RUN, "0a1b2c3d")
    monkeypatch.setattr(sys, "argv", ["live_run.py", "--folder", str(tmp_path), "--yes"])
    assert live_run.main() == live_run.NOT_BEGUN
    assert "Azure cannot be asked: " in capsys.readouterr().err


def test_a_run_that_was_killed_is_cleaned_up_by_the_next(serve: Callable[..., RunningEmulator], tmp_path: Path) -> None:
    server = serve()  # whose clock stands still: the run waits for its first group
    command = [sys.executable, live_run.__file__, "--folder", str(tmp_path), "--location", "westus2", "--yes"]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), live_run.RUN: "killed"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("life: one group"):
                break
        while not server.requests("PUT", "*/containerGroups/*"):
            assert process.poll() is None, "the run ended before it created a group"
        process.send_signal(signal.SIGKILL)
    assert len(resource_groups(server)) == 1
    assert live(server, tmp_path, "--clean") == 0
    assert resource_groups(server) == []


def test_in_a_resource_group_that_is_there_only_its_own_is_removed(
    serve: Callable[..., RunningEmulator], tmp_path: Path
) -> None:
    server = serve()
    arm = arm_of(server)
    arm.ask("PUT", "resourceGroups/shared", {"location": "westus2"}, version="2021-04-01")
    mine = Plan("somebody", "westus2", "shared").definition()
    kept = "resourceGroups/shared/providers/Microsoft.ContainerInstance/containerGroups/kept"
    assert arm.ask("PUT", kept, {**mine, "tags": {TAG: "another-run"}}).ok
    arm.settled(kept)
    assert live(server, tmp_path, "--yes", "--only", "life", "--resource-group", "shared", "--tags", "owner=me") == 0
    assert [each["name"] for each in arm.listed(kept.rpartition("/")[0])] == ["kept"]
    assert resource_groups(server) == ["shared"]
    bodies = [each["body"] for each in server.requests("PUT", "*/containerGroups/live-*") if each["body"]]
    assert bodies
    assert all(body["tags"]["owner"] == "me" and TAG in body["tags"] for body in bodies)


def test_a_group_that_somebody_put_beside_stays_with_its_resource_group(
    serve: Callable[..., RunningEmulator], tmp_path: Path
) -> None:
    server = serve()
    arm = arm_of(server)
    arm.ask("PUT", "resourceGroups/aci-live-x", {"location": "westus2", "tags": {TAG: "x"}}, version="2021-04-01")
    beside = "resourceGroups/aci-live-x/providers/Microsoft.ContainerInstance/containerGroups/beside"
    arm.ask("PUT", beside, {**Plan("x", "westus2", "aci-live-x").definition(), "tags": {}})
    arm.settled(beside)
    assert remove(arm, "x", "aci-live-x") == ["aci-live-x holds what this run has not made, and stays: beside"]
    assert arm.ask("GET", beside).ok


def test_the_command_records_all_that_it_asks(serve: Callable[..., RunningEmulator], tmp_path: Path) -> None:
    server = serve("--speed", "50", **{"consecutive-hyphens": "refuse"})
    server.resume()
    arguments = ["--folder", str(tmp_path), "--location", "westus2", "--yes", "--only", "consecutive-hyphens"]
    done = subprocess.run(
        [sys.executable, live_run.__file__, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "* `consecutive-hyphens`: **refuse**" in done.stdout
    assert resource_groups(server) == []
    (folder,) = [each for each in tmp_path.iterdir() if each.is_dir()]
    assert sorted(each.name for each in folder.iterdir()) == ["positions.json", "recording", "report.md"]
    recorded = "".join(each.read_text() for each in (folder / "recording").iterdir())
    assert "Microsoft.ContainerInstance/containerGroups" in recorded
    assert "checkPolicyRestrictions" in recorded
    for secret in (server.subscription_id, os.environ["AZURE_CLIENT_SECRET"], f"live-{folder.name}"):
        assert secret not in recorded
    # The recording alone tells the same as the report, to somebody who has an emulator and no Azure.
    with running_emulator("--runtime", "simulated") as other:
        arguments = ["--state-dir", str(other.state_dir), "--format", "json"]
        replayed = subprocess.run(
            [sys.executable, "-m", "aci_emulator", "replay", str(folder / "recording"), *arguments],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert replayed.returncode == 3, replayed.stderr
    assert json.loads(replayed.stdout)["switches"] == {"consecutive-hyphens": "refuse"}, replayed.stdout


def writes(server: RunningEmulator) -> list[str]:
    return [each["path"] for method in ("PUT", "PATCH", "DELETE") for each in server.requests(method)]


@pytest.mark.parametrize(
    ("arguments", "more", "said"),
    [
        (["--unregistered", "Microsoft.ContainerInstance"], [], "is NotRegistered: az provider register"),
        (["--limit", "ContainerGroups=1"], [], "quota ContainerGroups of westus2: 0 of 1 are used, and 2 are needed"),
        ([], ["--location", "nowhere"], "nowhere is not a region of container groups"),
        ([], ["--resource-group", "missing"], "resource group missing cannot be read: 404"),
        ([], ["--max-cost", "0.01"], "is more than --max-cost 0.01"),
    ],
)
def test_what_keeps_a_run_from_starting(
    serve: Callable[..., RunningEmulator],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    more: list[str],
    said: str,
) -> None:
    server = serve(*arguments)
    assert live(server, tmp_path, "--yes", *more) == live_run.NOT_BEGUN
    assert said in capsys.readouterr().err
    assert writes(server) == []


def test_locks_and_permissions_of_a_resource_group(
    serve: Callable[..., RunningEmulator], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    arm = arm_of(server)
    arm.ask("PUT", "resourceGroups/shared", {"location": "westus2"}, version="2021-04-01")
    lock = "resourceGroups/shared/providers/Microsoft.Authorization/locks/keep"
    assert arm.ask("PUT", lock, {"properties": {"level": "CanNotDelete"}}, version="2016-09-01").ok
    server.clear_requests()
    assert live(server, tmp_path, "--yes", "--resource-group", "shared") == live_run.NOT_BEGUN
    assert "lock keep (CanNotDelete) on " in capsys.readouterr().err
    for name, value in server.intercepted_environment("reader").items():
        os.environ[name] = value  # which the fixture takes back
    assert live(server, tmp_path, "--yes", "--resource-group", "shared") == live_run.NOT_BEGUN
    assert "these permissions are missing: Microsoft.ContainerInstance/containerGroups/write" in capsys.readouterr().err
    assert writes(server) == []


def test_a_probe_that_a_policy_denies_is_skipped_by_its_name(
    serve: Callable[..., RunningEmulator], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    kind = {"field": "type", "equals": "Microsoft.ContainerInstance/containerGroups"}
    rule = {"if": {"allOf": [kind, {"field": "name", "like": "*-Capitals"}]}, "then": {"effect": "deny"}}
    server.set_policies([{"name": "no-capitals", "policyRule": rule}])
    only = ["--only", "capitals-in-group-names", "--only", "consecutive-hyphens"]
    assert live(server, tmp_path, "--yes", *only) == 0
    assert "skipped: capitals-in-group-names: denied by policy no-capitals" in capsys.readouterr().out
    assert "capitals-in-group-names: denied by policy no-capitals" in report_in(tmp_path)
    assert set(positions_in(tmp_path)) == {"consecutive-hyphens"}


@pytest.mark.parametrize("answer", ["", "n\n", "maybe\n"])
def test_without_a_yes_nothing_is_made(
    serve: Callable[..., RunningEmulator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    server = serve()
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert live(server, tmp_path) == live_run.NOT_BEGUN
    assert writes(server) == []


def test_what_it_says_before_it_begins(
    serve: Callable[..., RunningEmulator],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = serve()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert live(server, tmp_path, "--only", "below-minimum", "--max-cost", "5") == 0
    said = capsys.readouterr().out
    assert "resource group aci-live-" in said
    assert "below-minimum: a group named live-RUN-small" in said
    assert "It costs 0.03 USD at most." in said


# -- without a stand-in

ROWS = [
    {"skuName": "Standard", "meterName": f"Standard {what} Duration", "retailPrice": price, "unitOfMeasure": "1 Hour"}
    for what, price in (("vCPU", Decimal("0.0405")), ("Memory", Decimal("0.00445")))
]


def test_what_a_run_costs_at_most() -> None:
    plan = Plan("r", "westus2", "g")
    hour = Decimal("0.0405") + Decimal("0.00445")
    (life,) = [each for each in PROBES if each.name == "life"]
    assert most(plan, [life], ROWS) == (hour * LIFETIME * 3 / 3600).quantize(Decimal("0.01"))
    assert most(plan, PROBES, []) is None


def test_every_group_ends_by_itself_and_has_the_tag() -> None:
    for probe in PROBES:
        for name, body in probe.definitions(Plan("r", "westus2", "g", {"owner": "me"})).items():
            assert body["tags"] == {"owner": "me", TAG: "r"}, name
            assert body["properties"]["restartPolicy"] == "Never", name
            (container,) = body["properties"]["containers"]
            assert container["properties"]["command"] == ["sh", "-c", f"sleep {LIFETIME}"], name


def test_a_report_of_what_others_say_is_no_markdown_of_theirs() -> None:
    plan = Plan("r", "westus2", "my-own-group")
    identifier = "0b0b0b0b-1111-2222-3333-444444444444"
    seen = Seen(failures=[f"x: `<script>`\n# Title \x1b[31m my-own-group {identifier}"])
    seen.note("put-existing", "200", "`200`")
    text = markdown(plan, seen, ["life"], ["one thing"], "0.20 USD")
    assert "\x1b" not in text
    assert "\n# Title" not in text
    assert "my-own-group" not in text
    assert identifier not in text
    assert "## Left behind: 1" in text
    assert compare(seen).contradicted == {"put-existing": ("200", "`200`")}


def test_pages_of_a_list_lead_to_the_same_server_only() -> None:
    class Session:
        """Answers one page, whose next one is on another server."""

        def request(self, *_arguments: Any, **_options: Any) -> Any:
            return type("Response", (), {"status_code": 200, "headers": {}, "content": b"{}", "json": self.page})()

        def get(self, url: str, **_options: Any) -> Any:
            raise AssertionError(f"the token went to {url}")

        @staticmethod
        def page(_self: Any = None) -> Any:
            return {"value": [], "nextLink": "https://evil.example/next"}

    arm = Arm("https://management.azure.com", "s", lambda: "token", Session(), sleep=lambda _: None)
    with pytest.raises(GaveUp, match="on another server"):
        arm.listed("resourcegroups")


def test_an_answer_in_words() -> None:
    assert str(Answer(409, {"error": {"code": "C", "message": "M"}})) == "409 C: M"
    assert str(Answer(204, None)) == "204"


@pytest.mark.parametrize(
    "arguments", [["--max-cost", "-1"], ["--max-cost", "x"], ["--tags", "x"], ["--only", "nothing"]]
)
def test_options_that_make_no_sense(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        live_run.make_parser().parse_args(arguments)
    assert raised.value.code == 2


def test_the_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "folder" / "unfinished.json")
    assert journal.runs() == {}
    journal.begin("a", "s", "g")
    journal.begin("b", "s", "h")
    journal.end("a")
    assert Journal(tmp_path / "folder" / "unfinished.json").runs() == {
        "b": {"subscription": "s", "resource_group": "h"}
    }
