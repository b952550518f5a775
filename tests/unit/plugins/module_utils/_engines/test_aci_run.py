# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_run, with a fake client: what it returns, shows and removes, whatever happens."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.operation import OperationStatus
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    Ambiguous,
    AzureError,
    ConnectionFailed,
    InvalidArguments,
    Refused,
    TimedOut,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_run
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.run_log import LOG_SECONDS
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock

ID = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/job"
START, FINISH = "2026-03-01T09:30:00.000Z", "2026-03-01T09:30:05.500Z"
RUNNING = {"state": "Running", "startTime": START}


def ended(code: int = 0) -> dict[str, Any]:
    return {"state": "Terminated", "exitCode": code, "startTime": START, "finishTime": FINISH}


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


class Played:
    def __init__(self, client: FakeClient, *, check: bool = False, **options: Any) -> None:
        params = {name: option.get("default") for name, option in aci_run.SPEC.arguments.items()}
        containers = [{"name": "job", "image": "nginx", "command": None}]
        self.params = {**params, "resource_group": "shop", "name": "job", "containers": containers, **options}
        self.shown: list[str] = []
        self.warned: list[str] = []
        self.clock = FakeClock()
        fake: Any = client
        self.context = Context(
            self.params,
            check,
            False,
            fake,
            warn=self.warned.append,
            progress=self.shown.append,
            masker=aci_run.SPEC.masker(self.params),
            sleep=self.clock.sleep,
            monotonic=self.clock.monotonic,
        )

    def run(self) -> dict[str, Any]:
        return aci_run.SPEC.run(self.context)


def raising(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def test_a_run() -> None:
    client = FakeClient(
        ("Pending", {}, None),
        ("Running", RUNNING, "one\ntw"),
        ("Running", RUNNING, "one\ntwo\n"),
        ("Succeeded", ended(), "one\ntwo\nend"),
    )
    played = Played(client, tags={"owner": "web"}, ttl="2h")
    result = played.run()
    (container,) = result["containers"]
    assert (container["content"], container["lines"]) == ("one\ntwo\nend", ["one", "two", "end"])
    assert (container["exit_code"], container["duration"], container["state"]) == (0, 5.5, "Terminated")
    assert (result["changed"], result["removed"], result["exit_codes"]) == (True, True, {"job": 0})
    assert result["container_group"]["restart_policy"] == "Never"
    assert result["container_group"]["tags"] == {
        "owner": "web",
        "run_id": result["run_id"],
        "expires_at": "2026-03-01T11:00:00Z",
    }
    assert result["expires_at"] == "2026-03-01T11:00:00Z"
    assert [line for line in played.shown if line.startswith("job |")] == ["job | one", "job | two", "job | end"]
    assert client.group is None


def test_an_end_of_its_own() -> None:
    result = Played(FakeClient(("Succeeded", ended(), "")), tags={"Expires_At": "2030-01-01T00:00:00Z"}).run()
    assert result["expires_at"] == "2030-01-01T00:00:00Z"
    assert set(result["container_group"]["tags"]) == {"run_id", "Expires_At"}


def test_silence_is_told_about() -> None:
    steps = [("Running", RUNNING, "")] * 60 + [("Succeeded", ended(), "")]
    played = Played(FakeClient(*steps))
    played.run()
    told = [line for line in played.shown if line.startswith("job: Running")]
    assert 3 <= len(told) <= 6


def test_quiet() -> None:
    played = Played(FakeClient(("Succeeded", ended(), "text\n")), stream=False)
    assert played.run()["containers"][0]["content"] == "text\n"
    assert played.shown == []


def test_secrets_are_not_shown() -> None:
    containers = [
        {
            "name": "job",
            "image": "nginx",
            "environment_variables": [{"name": "P", "secure_value": "canary-1"}, {"name": "Q", "value": "plain"}],
        }
    ]
    played = Played(FakeClient(("Succeeded", ended(), "canary-1 plain\n")), containers=containers)
    played.run()
    assert "job | ******** plain" in played.shown


def test_secrets_of_a_definition_whose_file_is_gone_by_then(tmp_path: Path) -> None:
    path = tmp_path / "job.yml"
    variable = {"name": "P", "secureValue": "canary-1"}
    resources = {"requests": {"cpu": 1, "memoryInGB": 1}}
    properties = {"image": "nginx", "resources": resources, "environmentVariables": [variable]}
    container = {"name": "job", "properties": properties}
    path.write_text(
        json.dumps({"properties": {"osType": "Linux", "restartPolicy": "Never", "containers": [container]}})
    )
    client = FakeClient(("Succeeded", ended(), "canary-1 plain\n"))
    client.on["put"] = path.unlink
    played = Played(client, containers=None, definition_file=str(path))
    assert played.run()["exit_codes"] == {"job": 0}
    assert "job | ******** plain" in played.shown


LINES = "canary-1 begin\ncanary-2 middle\ncanary-3 end"
FILE = "canary-4 open\ncanary-5 shut\n"


def lines_of_secrets() -> list[dict[str, Any]]:
    return [{"name": "job", "image": "nginx", "environment_variables": [{"name": "P", "secure_value": LINES}]}]


def test_secrets_of_many_lines_are_not_shown() -> None:
    encoded = base64.b64encode(FILE.encode()).decode()
    log = f"{LINES}\n{FILE}{encoded}\n{json.dumps(LINES)}\nplain\n"
    volumes = [{"name": "files", "secret": {"key": encoded}}]
    played = Played(FakeClient(("Succeeded", ended(), log)), containers=lines_of_secrets(), volumes=volumes)
    result = played.context.masker.result(played.run())
    for shown in (played.shown, result["containers"][0]["content"], result["containers"][0]["lines"]):
        assert "canary" not in str(shown)
        assert encoded[:8] not in str(shown)
        assert "plain" in str(shown)


def test_a_secret_whose_halves_come_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    client = FakeClient(("Running", RUNNING, None), ("Succeeded", ended(), None))
    played = Played(client, containers=lines_of_secrets())
    late = iter(["said canary-2 mi", "said canary-2 middle"])
    monkeypatch.setattr(client, "logs", lambda *_names: next(late, "said canary-2 middle"))
    played.run()
    assert "job | said ********" in played.shown
    assert "canary" not in str(played.shown)


def test_a_log_that_begins_in_the_midst_of_a_secret() -> None:
    log = "2 middle\n" + "a line\n" * 2000
    played = Played(FakeClient(("Succeeded", ended(), log)), containers=lines_of_secrets())
    content = played.run()["containers"][0]["content"]
    assert content.startswith("********\na line\n")
    assert "job | ********" in played.shown


def test_a_failed_run_shows_its_last_lines() -> None:
    client = FakeClient(("Failed", ended(127), "canary-1 begin\n\x1bone\nsh: gone: not found\n"))
    played = Played(client, containers=lines_of_secrets(), failure_log_lines=2)
    with pytest.raises(AciError) as caught:
        played.run()
    failure = caught.value.as_failure()
    lines = failure["msg"].splitlines()
    assert lines[0].startswith("The container group job in resource group shop failed.")
    assert lines[1].startswith("Container job: Its command was not found")
    assert lines[2:] == ["The last lines of container job:", "job | \\x1bone", "job | sh: gone: not found"]
    assert failure["failure_logs"][0]["lines"] == ["\\x1bone", "sh: gone: not found"]
    assert failure["removed"]
    assert client.calls.count("logs") == 2  # during the run and at its end; no further one for the failure


@pytest.mark.parametrize("code", [0, 3])
def test_no_last_lines(code: int) -> None:
    client = FakeClient(("Succeeded" if code == 0 else "Failed", ended(code), "said\n"))
    played = Played(client, failure_log_lines=0 if code else 20)
    if code == 0:
        assert "failure_logs" not in played.run()
        return
    with pytest.raises(AciError) as caught:
        played.run()
    assert "failure_logs" not in caught.value.result
    assert "said" not in caught.value.as_failure()["msg"]


def test_a_run_that_takes_too_long_shows_its_last_lines() -> None:
    played = Played(FakeClient(("Running", RUNNING, "begun\n")), wait_timeout=60)
    with pytest.raises(TimedOut) as caught:
        played.run()
    assert caught.value.as_failure()["msg"].endswith("The last lines of container job:\njob | begun")


def test_probes_that_fail_are_shown() -> None:
    client = FakeClient(("Running", RUNNING, ""), ("Running", RUNNING, ""), ("Succeeded", ended(), ""))
    show = client._show

    def with_event(*step: Any) -> None:
        show(*step)
        assert client.group is not None
        event = {"name": "Unhealthy", "type": "Warning", "message": "Liveness probe failed: 500", "count": 1}
        client.group["properties"]["containers"][0]["properties"]["instanceView"]["events"] = [event]

    client._show = with_event  # type: ignore[method-assign]
    played = Played(client)
    played.run()
    assert played.shown.count("job: container job is unhealthy: Liveness probe failed: 500") == 1


@pytest.mark.parametrize("cleanup", ["always", "on_success", "never"])
@pytest.mark.parametrize("code", [0, 3])
def test_cleanup(cleanup: str, code: int) -> None:
    client = FakeClient(("Succeeded" if code == 0 else "Failed", ended(code), "said\n"))
    played = Played(client, cleanup=cleanup)
    gone = cleanup == "always" or (cleanup == "on_success" and code == 0)
    if code == 0:
        result = played.run()
    else:
        with pytest.raises(AciError, match="exit code 3") as caught:
            played.run()
        assert caught.value.code == "ContainerFailed"
        result = caught.value.result
        assert ("was left in place" in caught.value.msg) == (not gone)
    assert result["removed"] is gone
    assert (client.group is None) is gone
    assert result["exit_codes"] == {"job": code}
    assert result["containers"][0]["content"] == "said\n"


def test_exit_codes_that_are_allowed() -> None:
    assert Played(FakeClient(("Failed", ended(3), "")), allowed_exit_codes=[0, 3]).run()["exit_codes"] == {"job": 3}


def test_a_crash_loop_ends_it_early() -> None:
    looping = {"state": "Waiting", "detailStatus": "CrashLoopBackOff", "restarts": 5, "startTime": START}
    client = FakeClient(("Running", looping, "bad\n"))
    with pytest.raises(AciError) as caught:
        Played(client, restart_policy="OnFailure").run()
    assert caught.value.code == "CrashLoop"
    assert caught.value.result["containers"][0]["lines"] == ["bad"]
    assert client.group is None


def test_one_that_takes_too_long() -> None:
    client = FakeClient(("Running", RUNNING, "working\n"))
    with pytest.raises(TimedOut) as caught:
        Played(client, wait_timeout=60).run()
    assert caught.value.result["containers"][0]["lines"] == ["working"]
    assert caught.value.result["removed"] is True
    assert client.group is None


class TestNames:
    def existing(self, **tags: str) -> FakeClient:
        client = FakeClient(("Succeeded", ended(), "done\n"))
        client.group = {"name": "job", "tags": tags, "properties": {"containers": [{"name": "job", "properties": {}}]}}
        return client

    @pytest.mark.parametrize("check", [True, False])
    @pytest.mark.parametrize("tags", [{}, {"run_id": "other", "expires_at": "2026-03-02T00:00:00Z"}])
    def test_a_name_that_is_taken(self, check: bool, tags: dict[str, str]) -> None:
        client = self.existing(**tags)
        with pytest.raises(Refused) as caught:
            Played(client, check=check, run_id="mine").run()
        assert caught.value.code == "NameTaken"
        assert client.calls == ["get"]

    def test_a_run_is_taken_over(self) -> None:
        client = self.existing(run_id="mine")
        result = Played(client, run_id="mine").run()
        assert result["containers"][0]["lines"] == ["done"]
        assert "put" not in client.calls
        assert client.group is None

    def test_only_what_is_of_this_run_is_removed(self) -> None:
        client = FakeClient(("Succeeded", ended(), ""))

        def replaced() -> None:
            assert client.group is not None
            client.group["tags"] = {"run_id": "other"}

        client.on["logs"] = replaced
        Played(client).run()
        assert client.group is not None


PAST, FUTURE = "2026-03-01T08:59:59Z", "2026-03-01T09:00:01Z"


class TestSweep:
    def with_others(self) -> FakeClient:
        client = FakeClient(("Succeeded", ended(), "done\n"))
        for name, tags in {
            "left": {"run_id": "other", "expires_at": PAST},
            "young": {"run_id": "other", "expires_at": FUTURE},
            "foreign": {"expires_at": PAST},
            "endless": {"run_id": "other"},
            "strange": {"run_id": "other", "expires_at": "soon"},
            "kept": {"run_id": "other", "expires_at": PAST, "Keep": ""},
            "empty": {"run_id": "", "expires_at": PAST},
            "untagged": None,
        }.items():
            client.others[name] = {"id": f"/groups/{name}", "name": name, "tags": tags}
        return client

    def test_only_expired_runs_are_removed(self) -> None:
        client = self.with_others()
        result = Played(client).run()
        assert result["swept"] == [{"id": "/groups/left", "expires_at": PAST}]
        assert set(client.others) == {"young", "foreign", "endless", "strange", "kept", "empty", "untagged"}

    def test_check_mode_removes_nothing(self) -> None:
        client = self.with_others()
        assert Played(client, check=True).run()["swept"] == []
        assert len(client.others) == 8

    def test_one_that_is_no_leftover_any_more(self) -> None:
        client = self.with_others()
        listed = copy.deepcopy(client.others["left"])
        client.others["left"]["tags"]["expires_at"] = FUTURE
        client.list_groups = lambda _rg: [listed]  # type: ignore[method-assign]
        assert Played(client).run()["swept"] == []
        assert "left" in client.others

    def test_a_failure_is_a_warning(self) -> None:
        client = self.with_others()
        client.on["list"] = raising(AzureError("no", code="AuthorizationFailed", status=403))
        played = Played(client)
        assert played.run()["exit_codes"] == {"job": 0}
        assert "may remain: no" in played.warned[0]

    @pytest.mark.parametrize("check", [False, True])
    def test_a_leftover_of_the_same_name_gives_way(self, check: bool) -> None:
        client = TestNames().existing(run_id="other", expires_at=PAST)
        result = Played(client, check=check, run_id="mine").run()
        assert result["run_id"] == "mine"
        assert [each["expires_at"] for each in result["swept"]] == ([] if check else [PAST])
        assert client.calls[:2] == ["get", "get resource group" if check else "delete"]

    def test_a_short_life_is_warned_of(self) -> None:
        played = Played(FakeClient(("Succeeded", ended(), "")), ttl="10m", wait_timeout=3600)
        played.run()
        assert "ttl is shorter than wait_timeout" in played.warned[0]


class TestBlockers:
    def test_a_refused_create(self) -> None:
        client = FakeClient(("Pending", {}, None))

        def refuse() -> None:
            client.group = None
            raise AzureError("no", code="InaccessibleImage", status=400)

        client.on["put"] = refuse
        with pytest.raises(AzureError) as caught:
            Played(client).run()
        assert caught.value.code == "InaccessibleImage"
        assert "delete" not in client.calls

    def test_a_create_of_unknown_outcome(self) -> None:
        client = FakeClient(("Succeeded", ended(), "done\n"))
        client.on["put"] = raising(Ambiguous("lost"))
        assert Played(client).run()["containers"][0]["lines"] == ["done"]
        assert client.calls.count("put") == 1

    @pytest.mark.parametrize("at", ["get", "logs", "put"])
    @pytest.mark.parametrize("cleanup", ["always", "on_success", "never"])
    @pytest.mark.parametrize("choice", ["leave", "remove"])
    def test_a_group_that_cannot_be_read(self, at: str, cleanup: str, choice: str) -> None:
        client = FakeClient(("Running", RUNNING, "one\n"))
        cut = raising(ConnectionFailed("cable cut"))
        if at == "logs":
            client.on["logs"] = cut
        elif at == "get":
            client.on["put"] = lambda: client.on.update(get=cut)
        else:  # a PUT with an unknown outcome, and no successful read

            def lose() -> None:
                client.on["get"] = cut
                raise Ambiguous("lost")

            client.on["put"] = lose
        with pytest.raises(ConnectionFailed, match=r"cable cut") as caught:
            Played(client, cleanup=cleanup, on_unreadable=choice, ttl="2h", run_id="mine").run()
        removed = cleanup == "always" and choice == "remove"
        result = caught.value.result
        assert result["removed"] is removed
        assert (client.group is None) is removed
        assert client.calls.count("put") == 1
        expected = {"id": ID, "expires_at": "2026-03-01T11:00:00Z"}
        assert result["left_behind"] == (None if removed else expected)
        assert ("run_id=mine" in caught.value.msg) is not removed
        assert ("on_unreadable" in caught.value.msg) is (cleanup == "always" and choice == "leave")

    @staticmethod
    def refusal() -> AzureError:
        missing = [{"action": "logs/read", "scope": "/a"}]
        return AzureError("no", code="AuthorizationFailed", status=403, result={"missing_actions": missing})

    def test_a_log_that_may_not_be_read_does_not_hide_the_failure(self) -> None:
        client = FakeClient(("Running", RUNNING, "one\n"), ("Failed", ended(3), "one\n"))
        client.on["logs"] = raising(self.refusal())
        with pytest.raises(AciError, match=r"exit code 3.*was not removed \(on_unreadable: leave\).*run_id=") as caught:
            Played(client).run()
        result = caught.value.result
        assert (caught.value.code, result["exit_codes"]) == ("ContainerFailed", {"job": 3})
        assert (result["removed"], result["left_behind"]["id"]) == (False, ID)
        assert result["missing_actions"] == [{"action": "logs/read", "scope": "/a"}]
        assert [(each["available"], each["reason"]) for each in result["failure_logs"]] == [(False, "no")]
        assert "may still be running" not in caught.value.msg
        assert client.group is not None

    def test_a_log_that_may_not_be_read_of_a_run_that_succeeded(self) -> None:
        client = FakeClient(("Running", RUNNING, "one\n"), ("Succeeded", ended(), "one\n"))
        client.on["logs"] = raising(self.refusal())
        with pytest.raises(AzureError, match=r"completed successfully, but not all logs could be read: no") as caught:
            Played(client).run()
        assert (caught.value.code, caught.value.result["exit_codes"]) == ("AuthorizationFailed", {"job": 0})
        assert "may still be running" not in caught.value.msg
        assert client.group is not None

    def test_the_group_is_removed_without_its_logs_where_the_task_says_so(self) -> None:
        client = FakeClient(("Failed", ended(3), "one\n"))
        client.on["logs"] = raising(self.refusal())
        with pytest.raises(AciError, match="exit code 3") as caught:
            Played(client, on_unreadable="remove").run()
        assert (caught.value.result["removed"], client.group) == (True, None)

    @pytest.mark.parametrize("choice", ["leave", "remove"])
    def test_a_run_that_takes_too_long_and_whose_log_may_not_be_read(self, choice: str) -> None:
        client = FakeClient(("Running", RUNNING, "one\n"))
        client.on["logs"] = raising(self.refusal())
        with pytest.raises(AciError, match=r"Timed out.*The logs could not be read: no") as caught:
            Played(client, on_unreadable=choice, wait_timeout=60).run()
        result = caught.value.result
        removed = choice == "remove"
        assert caught.value.code == "TimedOut"
        assert (result["removed"], client.group is None) == (removed, removed)
        assert (result["left_behind"] is None) is removed
        assert result["missing_actions"] == [{"action": "logs/read", "scope": "/a"}]
        assert ("was not removed (on_unreadable: leave)" in caught.value.msg) is not removed

    def test_a_log_that_may_be_read_later(self) -> None:
        client = FakeClient(("Running", RUNNING, "one\n"), ("Succeeded", ended(), "one\n"))
        refusals = iter([self.refusal()])

        def refuse() -> None:
            for error in refusals:
                raise error

        client.on["logs"] = refuse
        assert Played(client).run()["containers"][0]["lines"] == ["one"]

    def test_a_blind_delete_that_fails(self) -> None:
        client = FakeClient(("Running", RUNNING, "one\n"))
        client.on["logs"] = client.on["delete"] = raising(ConnectionFailed("cable cut"))
        with pytest.raises(ConnectionFailed, match="Removing it failed too") as caught:
            Played(client, on_unreadable="remove").run()
        assert (caught.value.result["removed"], caught.value.result["left_behind"]["id"]) == (False, ID)

    def test_nothing_is_removed_where_nothing_was_sent(self) -> None:
        client = FakeClient()
        subnet = [{"id": f"/subscriptions/s/{'x' * 9}/subnets/a"}]
        client.each_group = raising(ConnectionFailed("cable cut"))  # type: ignore[attr-defined]
        with pytest.raises(ConnectionFailed) as caught:
            Played(client, subnet_ids=subnet, on_unreadable="remove").run()
        assert (caught.value.result["removed"], caught.value.result["left_behind"]) == (False, None)
        assert "delete" not in client.calls

    def test_progress_is_silent_without_stream(self) -> None:
        played = Played(FakeClient(("Succeeded", ended(), "")), stream=False)
        played.run()
        played.context.retries.tell("The service is gone.")
        assert played.shown == []

    def test_a_removal_that_fails_after_a_failure(self) -> None:
        client = FakeClient(("Failed", ended(1), ""))
        client.on["delete"] = raising(ConnectionFailed("cable cut"))
        with pytest.raises(AciError, match=r"exit code 1.*Removing it failed too: cable cut.*run_id=") as caught:
            Played(client).run()
        assert (caught.value.code, caught.value.result["removed"]) == ("ContainerFailed", False)

    def test_a_removal_that_fails_after_success(self) -> None:
        client = FakeClient(("Succeeded", ended(), "done\n"))
        client.on["delete"] = raising(ConnectionFailed("cable cut"))
        with pytest.raises(AciError, match="completed successfully") as caught:
            Played(client).run()
        assert caught.value.code == "CleanupFailed"
        assert caught.value.result["containers"][0]["lines"] == ["done"]

    def test_an_interruption(self) -> None:
        client = FakeClient(("Running", RUNNING, "one\n"))
        client.on["logs"] = raising(KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            Played(client).run()
        assert client.group is None

    def test_a_log_that_comes_late_or_never(self) -> None:
        client = FakeClient(("Succeeded", ended(), None))
        played = Played(client)
        (container,) = played.run()["containers"]
        assert (container["available"], container["content"]) == (False, "")
        assert played.clock.now >= LOG_SECONDS

    def test_logs_of_a_group_in_transition(self) -> None:
        client = FakeClient(("Running", RUNNING, None), ("Succeeded", ended(), "done\n"))
        answers = iter([AzureError("busy", code="ContainerGroupTransitioning", status=409)])

        def busy() -> None:
            for error in answers:
                raise error

        client.on["logs"] = busy
        assert Played(client).run()["containers"][0]["lines"] == ["done"]

    def test_a_failed_operation(self) -> None:
        client = FakeClient(("Pending", {}, None))
        client.statuses = [OperationStatus("Failed", True, False, error={"code": "Broken", "message": "it broke"})]
        with pytest.raises(AzureError, match="it broke") as caught:
            Played(client).run()
        assert caught.value.code == "Broken"
        assert client.group is None


def test_check_mode() -> None:
    client = FakeClient()
    result = Played(client, check=True).run()
    assert (result["changed"], result["containers"], result["removed"]) == (True, [], False)
    assert result["container_group"]["name"] == "job"
    assert client.calls == ["get", "get resource group"]


def test_check_mode_without_a_resource_group() -> None:
    client = FakeClient()
    client.on["get"] = raising(AzureError("none", code="ResourceGroupNotFound", status=404))
    assert Played(client, check=True).run()["changed"] is True


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"containers": None}, "containers"),
        ({"restart_policy": "Always"}, "Always"),
        ({"ttl": "tomorrow"}, "ttl"),
        ({"ttl": "0h"}, "ttl"),
        ({"run_id": "a b"}, "run_id"),
        ({"tags": {"run_id": "x"}}, "run_id"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_options_that_are_wrong(options: dict[str, Any], words: str, check: bool) -> None:
    client = FakeClient()
    with pytest.raises(InvalidArguments, match=words):
        Played(client, check=check, **options).run()
    assert "put" not in client.calls


def test_the_policy_of_a_definition_stays() -> None:
    container = {
        "name": "job",
        "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}},
    }
    definition = {
        "location": "westeurope",
        "properties": {"osType": "Linux", "restartPolicy": "OnFailure", "containers": [container]},
    }
    client = FakeClient(("Succeeded", ended(), ""))
    result = Played(client, containers=None, definition=definition).run()
    assert result["container_group"]["restart_policy"] == "OnFailure"


def test_a_definition_brings_name_and_tags_but_not_those_of_another_run() -> None:
    container = {
        "name": "job",
        "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}},
    }
    tags = {"owner": "shop", "run_id": "other", "expires_at": "2020-01-01T00:00:00Z"}
    properties = {"osType": "Linux", "restartPolicy": "Never", "containers": [container]}
    definition = {"name": "job", "location": "westeurope", "tags": tags, "properties": properties}
    client = FakeClient(("Succeeded", ended(), "done"))
    played = Played(client, name=None, containers=None, definition=definition, run_id="mine")
    assert played.run()["changed"]
    assert client.bodies[0]["tags"]["owner"] == "shop"
    assert client.bodies[0]["tags"]["run_id"] == "mine"
    assert client.bodies[0]["tags"]["expires_at"] > "2026"


def test_a_network_profile_is_not_dropped_without_a_word() -> None:
    properties = {"osType": "Linux", "restartPolicy": "Never", "containers": [], "networkProfile": {"id": "/profile"}}
    client = FakeClient()
    with pytest.raises(InvalidArguments, match="subnetIds"):
        Played(client, containers=None, definition={"properties": properties}).run()
    assert client.calls == []


class TestSavedLogs:
    def test_what_was_read_while_it_ran_is_saved_before_the_removal(self, tmp_path: Path) -> None:
        client = FakeClient(("Running", RUNNING, "one planted-secret\n"), ("Succeeded", ended(), "two\n"))
        there: list[bool] = []
        folder = tmp_path / "logs"
        client.on["delete"] = lambda: there.append(any(folder.glob("*.log")))
        secret = [{"name": "S", "value": None, "secure_value": "planted-secret"}]
        job = {"name": "job", "image": "nginx", "command": None, "environment_variables": secret}
        result = Played(client, save_logs=str(folder), containers=[job]).run()
        (entry,) = result["saved_logs"]
        assert entry["path"] == str(folder / "shop.job.job.20260301T093000Z.log")
        # The service no longer had the first line when the container had ended.
        assert Path(entry["path"]).read_text() == "one ********\ntwo\n"
        assert there == [True]

    def test_check_mode_writes_nothing(self, tmp_path: Path) -> None:
        folder = tmp_path / "logs"
        result = Played(FakeClient(), check=True, save_logs=str(folder)).run()
        assert [(each["path"], each["reason"]) for each in result["saved_logs"]] == [
            (None, "The container has not started.")
        ]
        assert not folder.exists()

    @pytest.mark.parametrize("check", [True, False])
    def test_a_folder_that_will_not_do_is_refused_before_anything_runs(self, tmp_path: Path, check: bool) -> None:
        (tmp_path / "logs").symlink_to(tmp_path)
        client = FakeClient()
        with pytest.raises(AciError) as caught:
            Played(client, check=check, save_logs=str(tmp_path / "logs")).run()
        assert (caught.value.code, client.calls) == ("LogsUnwritable", [])

    def test_a_folder_that_vanishes_meanwhile_keeps_no_group(self, tmp_path: Path) -> None:
        client = FakeClient(("Succeeded", ended(), "done\n"))
        folder = tmp_path / "logs"

        def replace() -> None:
            folder.rmdir()
            folder.symlink_to(tmp_path)

        client.on["put"] = replace
        played = Played(client, save_logs=str(folder))
        result = played.run()
        assert (result["removed"], result["saved_logs"], client.group) == (True, [], None)
        assert "Not all logs" in played.warned[0]
        assert result["containers"][0]["content"] == "done\n"

    def test_a_group_that_is_left_keeps_its_logs(self, tmp_path: Path) -> None:
        folder = tmp_path / "logs"
        result = Played(FakeClient(("Succeeded", ended(), "done\n")), save_logs=str(folder), cleanup="never").run()
        assert result["saved_logs"] == []
        assert not list(folder.iterdir())

    def test_a_failed_run_names_its_files(self, tmp_path: Path) -> None:
        client = FakeClient(("Failed", ended(3), "bad\n"))
        with pytest.raises(AciError) as caught:
            Played(client, save_logs=str(tmp_path / "logs")).run()
        assert Path(caught.value.result["saved_logs"][0]["path"]).read_text() == "bad\n"
        assert caught.value.result["removed"] is True

    def test_what_earlier_runs_left_is_saved_as_well(self, tmp_path: Path) -> None:
        client = FakeClient(("Succeeded", ended(), "done\n"))
        view = {"properties": {"instanceView": {"currentState": {"startTime": "2026-02-01T00:00:00Z"}}}}
        left = {"name": "left", "tags": {"run_id": "other", "expires_at": PAST}}
        client.others["left"] = {**left, "properties": {"containers": [{"name": "old", **view}]}}
        client.log = "left behind\n"
        result = Played(client, save_logs=str(tmp_path / "logs")).run()
        assert [each["container_group"] for each in result["saved_logs"]] == ["left", "job"]
        assert Path(result["saved_logs"][0]["path"]).name == "shop.left.old.20260201T000000Z.log"
        assert len(result["swept"]) == 1

    def test_what_earlier_runs_left_stays_when_its_logs_cannot_be_read(self, tmp_path: Path) -> None:
        client = FakeClient(("Succeeded", ended(), "done\n"))
        left = {"name": "left", "tags": {"run_id": "other", "expires_at": PAST}}
        client.others["left"] = {**left, "properties": {"containers": [{"name": "old"}]}}

        def fail_once() -> None:
            client.on.pop("logs")
            raise AzureError("Out of order.", code="InternalServerError", status=500)

        client.on["logs"] = fail_once
        played = Played(client, save_logs=str(tmp_path / "logs"))
        result = played.run()
        assert (result["swept"], "left" in client.others) == ([], True)
        assert "may remain" in played.warned[0]


class TestAttempts:
    def stuck(self, *, then: tuple[str, dict[str, Any], str | None]) -> FakeClient:
        """An image that cannot be pulled, only in the first group."""
        client = FakeClient(then)
        show = client._show

        def shown(state: str, current: dict[str, Any], log: str | None) -> None:
            first = client.calls.count("put") == 1
            show("Pending" if first else state, {"state": "Waiting"} if first else current, None if first else log)
            assert client.group is not None
            if first:
                event = {"name": "Failed", "message": "Failed to pull image: timeout", "type": "Warning"}
                client.group["properties"]["instanceView"]["events"] = [event]

        client._show = shown  # type: ignore[method-assign]
        return client

    def test_a_pull_that_times_out_is_tried_again(self) -> None:
        client = self.stuck(then=("Succeeded", ended(), "done\n"))
        played = Played(client, provisioning_attempts=2, image_pull_timeout=30)
        result = played.run()
        assert [(each["succeeded"], each["code"]) for each in result["attempts"]] == [
            (False, "ImagePullFailed"),
            (True, None),
        ]
        assert (result["exit_codes"], client.calls.count("put"), client.calls.count("delete")) == ({"job": 0}, 2, 2)
        assert any("attempt 2 of 2" in line for line in played.shown)

    def test_one_attempt_is_the_default(self) -> None:
        client = self.stuck(then=("Succeeded", ended(), "done\n"))
        with pytest.raises(AciError) as caught:
            Played(client, image_pull_timeout=30).run()
        assert caught.value.code == "ImagePullFailed"
        assert [each["code"] for each in caught.value.result["attempts"]] == ["ImagePullFailed"]
        assert client.group is None

    def test_a_job_that_fails_is_not_run_twice(self) -> None:
        client = FakeClient(("Failed", ended(3), "bad\n"))
        with pytest.raises(AciError) as caught:
            Played(client, provisioning_attempts=3).run()
        assert client.calls.count("put") == 1
        assert caught.value.code == "ContainerFailed"

    def test_a_crash_loop_is_not_run_twice(self) -> None:
        looping = {"state": "Waiting", "detailStatus": "CrashLoopBackOff", "restarts": 5, "startTime": START}
        client = FakeClient(("Running", looping, "bad\n"))
        with pytest.raises(AciError):
            Played(client, restart_policy="OnFailure", provisioning_attempts=3).run()
        assert client.calls.count("put") == 1

    def test_a_group_of_another_run_is_left_alone(self) -> None:
        client = self.stuck(then=("Succeeded", ended(), ""))

        def replaced() -> None:
            assert client.group is not None
            client.group["tags"] = {"run_id": "other"}

        client.on["put"] = replaced
        with pytest.raises(AciError, match="another group has taken its place"):
            Played(client, provisioning_attempts=3, image_pull_timeout=30).run()
        assert "delete" not in client.calls
