# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last lines of failed containers: complete, without secrets or control characters, and never causing a failure."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, AzureError, TimedOut
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import Masker
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group
from ansible_collections.azure_containers.aci.plugins.module_utils._group.failures import FailedContainer
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.failure_logs import (
    add_logs,
    failure_logs,
    failures_of,
    reader,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.run_log import LOG_SECONDS
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.waits import GroupWaits
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live

SECRET = "canary-1 begin\ncanary-2 middle"


def failed(name: str = "web", code: int | None = 1) -> FailedContainer:
    state = {"state": "Terminated", "exitCode": code}
    return FailedContainer({"name": name, "properties": {"instanceView": {"currentState": state}}}, init=False)


class Reading:
    """The results of reading a log, one after another, and then the last one."""

    def __init__(self, *answers: str | AciError | None) -> None:
        self.answers = list(answers)
        self.clock = FakeClock()
        fake: Any = FakeClient()
        masker = Masker([SECRET])
        time = {"sleep": self.clock.sleep, "monotonic": self.clock.monotonic}
        self.context = Context({}, False, False, fake, masker=masker, **time)  # type: ignore[arg-type]

    def read(self, _name: str) -> str | None:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, AciError):
            raise answer
        return answer

    def error(self, lines: int = 20, *containers: FailedContainer, code: int | None = 1) -> AciError:
        error = AciError("It failed.")
        found = containers or (failed(code=code),)
        add_logs(error, failure_logs(self.context, "shop", found, lines, self.read))
        return error


def test_the_last_lines_are_below_the_message() -> None:
    failure = Reading("one\ntwo\nthree\n").error(2).as_failure()
    assert failure["msg"] == "It failed.\nThe last lines of container web:\nweb | two\nweb | three"
    (entry,) = failure["failure_logs"]
    assert (entry["container"], entry["lines"], entry["exit_code"]) == ("web", ["two", "three"], 1)
    assert (entry["available"], entry["reason"], entry["hint"]) == (True, None, None)


def test_a_hint_comes_first() -> None:
    msg = Reading("sh: gone: not found\n").error(code=127).as_failure()["msg"]
    assert msg.splitlines()[1].startswith("Container web: Its command was not found")
    assert msg.splitlines()[-1] == "web | sh: gone: not found"


def test_what_is_said_later_stands_before_the_lines() -> None:
    error = Reading("one\n").error()
    error.msg = f"{error.msg} Restored."
    assert error.as_failure()["msg"].startswith("It failed. Restored.\nThe last")


@pytest.mark.parametrize(
    "log",
    [
        "said canary-1 begin\nand canary-2 middle\n",
        "2 middle\nafter\n",  # the service dropped the beginning
        "before\nsaid canary-2 mid",  # the rest has not been written yet
        "https://user:canary-pw@example.com/\n",
    ],
)
def test_secrets(log: str) -> None:
    failure = Reading(log).error().as_failure()
    assert "canary" not in str(failure)
    assert "2 mid" not in str(failure)
    assert "****" in failure["msg"]
    assert "****" in str(failure["failure_logs"])


def test_orders_to_a_terminal_and_lines_of_others() -> None:
    failure = Reading("\x1b[2Jgone\u202e\nok: [localhost]\r\n").error().as_failure()
    assert failure["failure_logs"][0]["lines"] == ["\\x1b[2Jgone\\u202e", "ok: [localhost]"]
    assert failure["msg"].endswith("web | \\x1b[2Jgone\\u202e\nweb | ok: [localhost]")


def test_a_long_line_is_cut_in_the_message_alone() -> None:
    failure = Reading("x" * 3000).error().as_failure()
    assert failure["msg"].endswith(f"web | {'x' * 500}... (2500 more characters)")
    assert failure["failure_logs"][0]["lines"] == ["x" * 3000]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (AzureError("No right to read it\x1b.", code="AuthorizationFailed", status=403), "No right to read it\\x1b."),
        (AzureError("Out of order.", status=503), "Out of order."),
        (None, "The log is not available."),
    ],
)
def test_a_log_that_cannot_be_read_hides_nothing(answer: Any, reason: str) -> None:
    reading = Reading(answer)
    failure = reading.error().as_failure()
    assert failure["msg"].startswith("It failed.\n")
    assert failure["msg"].endswith(f"The log of container web could not be read: {reason}")
    assert (failure["failure_logs"][0]["available"], failure["failure_logs"][0]["reason"]) == (False, reason)
    assert reading.clock.now <= LOG_SECONDS


def test_a_log_that_is_late_is_waited_for() -> None:
    reading = Reading(None, None, "here\n")
    assert reading.error().as_failure()["msg"].endswith("web | here")
    assert 0 < reading.clock.now < LOG_SECONDS


def test_silence() -> None:
    assert Reading("").error().as_failure()["msg"] == "It failed.\nContainer web wrote nothing."


def test_many_containers() -> None:
    failure = Reading("x\n").error(1, *(failed(f"c{number}") for number in range(7))).as_failure()
    assert "c4 | x" in failure["msg"]
    assert "c5 | x" not in failure["msg"]
    assert failure["msg"].endswith("The result has the logs of 2 more in failure_logs.")
    assert len(failure["failure_logs"]) == 7


def test_exit_codes_count_as_allowed_only_where_an_end_is_waited_for() -> None:
    group = live("Terminated")
    group["properties"]["containers"][0]["properties"]["instanceView"]["currentState"]["exitCode"] = 3
    params = {"allowed_exit_codes": [3]}
    assert failures_of(group, params, "ContainerFailed", wait_for="completed") == []
    assert [each.name for each in failures_of(group, params, "ContainerFailed", wait_for="running")] == ["web"]


@pytest.mark.parametrize(("status", "code"), [(404, "ContainerLogNotAvailable"), (409, "ContainerGroupTransitioning")])
def test_reading_what_is_not_there_yet(monkeypatch: pytest.MonkeyPatch, status: int, code: str) -> None:
    def absent(*_asked: Any) -> str:
        raise AzureError("not yet", status=status, code=code)

    reading, client = Reading(""), FakeClient()
    monkeypatch.setattr(client, "logs", absent)
    reading.context.client = client  # type: ignore[assignment]
    assert reader(reading.context, "rg", "web", 20)("web") is None


class TestTask:
    """In a task on a group, whose wait fails."""

    def crashing(self, **options: Any) -> tuple[FakeClient, Any]:
        group = live("Terminated")
        group["properties"] |= {"restartPolicy": "Never", "instanceView": {"state": "Failed", "events": []}}
        view = group["properties"]["containers"][0]["properties"]["instanceView"]
        view["currentState"]["exitCode"] = 3
        client = FakeClient(group=group)
        client.log = "last words\n"
        return client, group_task(client, **options)

    @pytest.mark.parametrize("wait_for", ["running", "completed"])
    def test_a_failed_wait(self, wait_for: str) -> None:
        client, task = self.crashing(wait_for=wait_for)
        with pytest.raises(AciError) as caught:
            GroupWaits(task).wait_for_condition({})
        failure = caught.value.as_failure()
        assert failure["msg"].endswith("The last lines of container web:\nweb | last words")
        assert failure["exit_codes"] == {"web": 3}
        assert client.calls.count("logs") == 1

    def test_an_unchanged_group(self) -> None:
        client, task = self.crashing(wait_for="completed")
        with pytest.raises(AciError) as caught:
            task.is_settled(client.group)  # type: ignore[arg-type]
        assert caught.value.as_failure()["failure_logs"][0]["lines"] == ["last words"]

    def test_none(self) -> None:
        client, task = self.crashing(failure_log_lines=0)
        with pytest.raises(AciError) as caught:
            GroupWaits(task).wait_for_condition({})
        assert "failure_logs" not in caught.value.result
        assert "last words" not in caught.value.as_failure()["msg"]
        assert "logs" not in client.calls

    def test_a_wait_that_takes_too_long(self) -> None:
        client = FakeClient(group=live("Running"))
        client.log = "still at it\n"
        assert client.group is not None
        client.group["properties"]["restartPolicy"] = "Never"
        with pytest.raises(TimedOut) as caught:
            GroupWaits(group_task(client, wait_for="completed")).wait_for_condition({})
        assert caught.value.as_failure()["msg"].endswith("web | still at it")

    def test_what_is_deleted_or_stopped_has_no_log(self) -> None:
        client = FakeClient(group=live("Running"))
        with pytest.raises(TimedOut):
            GroupWaits(group_task(client)).wait_until_finished()
        assert "logs" not in client.calls


@pytest.mark.parametrize("lines", [-1, -20])
def test_lines_that_are_no_number_of_lines(lines: int) -> None:
    with pytest.raises(AciError, match="failure_log_lines"):
        aci_group.run(group_task(FakeClient(), failure_log_lines=lines).context)
