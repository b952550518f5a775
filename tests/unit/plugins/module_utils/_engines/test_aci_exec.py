# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_exec: the commands that it runs in a shell, and its results."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    InvalidArguments,
    TimedOut,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_exec
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.session import Finished
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient

CANARY = "canary-7f3a"
LIVE = {
    "properties": {
        "containers": [{"name": "main", "properties": {"instanceView": {"currentState": {"state": "Running"}}}}],
        "instanceView": {"state": "Running"},
    }
}


class FakeShell:
    """Answers from a list."""

    def __init__(self, *answers: Finished | AciError) -> None:
        self.answers = list(answers)
        self.commands: list[tuple[list[bytes], bytes | None, float | None]] = []
        self.closed = self.interrupted = False
        self.options: dict[str, Any] = {}

    def run(self, argv: list[bytes], *, stdin: bytes | None = None, timeout: float | None = None) -> Finished:
        self.commands.append((argv, stdin, timeout))
        answer = self.answers.pop(0)
        if isinstance(answer, AciError):
            raise answer
        return answer

    def interrupt(self) -> None:
        self.interrupted = True

    def close(self) -> None:
        self.closed = True


def run(fake: FakeShell, /, *, check: bool = False, **options: Any) -> dict[str, Any]:
    params = {name: option.get("default") for name, option in aci_exec.SPEC.arguments.items()}
    params |= {"resource_group": "shop", "name": "web", **options}
    client: Any = FakeClient(group=LIVE)

    def opener(_client: Any, target: Any, program: str, **more: Any) -> Any:
        fake.options = {"target": target, "program": program, **more}
        return fake

    return aci_exec.run(Context(params, check, False, client), opener)


@pytest.mark.parametrize(
    "options",
    [
        {"cmd": "x", "env": {"A": CANARY, "B": 1.5}},
        {"cmd": " "},
        {"argv": ["a\0b"]},
        {"cmd": "x", "resource_group": "a/b"},
        {"cmd": "x", "name": ""},
        {"cmd": "x", "env": {"A=B": CANARY}},
        {"cmd": "x", "env": [CANARY]},
        {"cmd": "x", "stdinn": CANARY},
    ],
)
def test_what_is_given_to_a_command_is_hidden_in_a_refusal(options: dict[str, Any]) -> None:
    params = {name: option.get("default") for name, option in aci_exec.SPEC.arguments.items()}
    params |= {"resource_group": "shop", "name": "web", "env": {"A": CANARY}, "stdin": CANARY, **options}
    client: Any = FakeClient(group=LIVE)
    if isinstance(params["env"], dict) and "stdinn" not in params:
        _result, error = aci_exec.SPEC.attempt(Context(params, False, False, client), 3)
        assert isinstance(error, InvalidArguments)
        assert CANARY not in str(_result)
    assert CANARY not in str(aci_exec.SPEC.shown(params))
    assert params["stdin"] == CANARY


def test_a_list() -> None:
    shell = FakeShell(Finished(0, b"one\ntwo\r\n\n"))
    result = run(shell, argv=["ls", "-l", "ü"])
    assert shell.commands == [([b"ls", b"-l", "ü".encode()], None, 600)]
    assert (result["rc"], result["stdout"], result["stdout_lines"]) == (0, "one\ntwo", ["one", "two"])
    assert (result["changed"], result["cmd"], result["container"]) == (True, ["ls", "-l", "ü"], "main")
    assert set(result) >= {"start", "end", "delta"}
    assert shell.closed


def test_a_text_is_for_the_shell() -> None:
    shell = FakeShell(Finished(0, b""))
    run(shell, cmd="ls | wc", shell="/bin/bash", exec_timeout=0, frame_size=100)
    assert shell.commands == [([b"/bin/bash", b"-c", b"ls | wc"], None, None)]
    assert (shell.options["program"], shell.options["frame_size"]) == ("/bin/bash", 100)


def test_all_of_it() -> None:
    shell = FakeShell(Finished(0, b""), Finished(1, b""), Finished(0, b""), Finished(0, b"x\n"))
    result = run(
        shell,
        argv=["tool"],
        stdin=f"{CANARY}\n",
        env={"A": CANARY, "N": 5},
        chdir="/data",
        creates="done",
        removes="*.in",
        strip_empty_ends=False,
    )
    argv, stdin, _timeout = shell.commands[-1]
    assert argv == [
        b"/bin/sh", b"-c", b'CDPATH=;cd "$0"&&exec "$@"', b"/data", b"env", f"A={CANARY}".encode(), b"N=5", b"tool",
    ]  # fmt: skip
    assert stdin == f"{CANARY}\n".encode()
    assert all(command[0][3] == b"/data" for command in shell.commands)
    assert result["stdout"] == "x\n"
    assert CANARY not in str(result)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(("option", "status"), [("creates", 0), ("removes", 1)])
def test_nothing_to_do(option: str, status: int, check: bool) -> None:
    shell = FakeShell(Finished(status, b""))
    result = run(shell, cmd="x", check=check, **{option: "/file"})
    assert (result["changed"], result["rc"], result["stdout_lines"]) == (False, 0, [])
    assert "/file" in result["msg"]


@pytest.mark.parametrize(("option", "status"), [("creates", 1), ("removes", 0)])
def test_check_mode_asks(option: str, status: int) -> None:
    shell = FakeShell(Finished(status, b""))
    result = run(shell, cmd="x", check=True, **{option: "/file"})
    assert (result["changed"], "rc" in result, len(shell.commands)) == (True, False, 1)


def test_check_mode_skips() -> None:
    shell = FakeShell()
    result = run(shell, cmd="x", check=True)
    assert (result["skipped"], result["changed"], shell.options) == (True, True, {})


@pytest.mark.parametrize(("status", "words"), [(3, "non-zero return code"), (127, "not found")])
def test_failure(status: int, words: str) -> None:
    with pytest.raises(AciError, match=words) as caught:
        run(FakeShell(Finished(status, b"oops\n")), cmd="x")
    assert caught.value.code == "NonZeroReturnCode"
    assert (caught.value.result["rc"], caught.value.result["stdout"]) == (status, "oops")
    assert caught.value.result["changed"] is True


def test_a_directory_that_is_missing() -> None:
    with pytest.raises(AciError, match=r"^chdir: unable to change directory") as caught:
        run(FakeShell(Finished(2, b"sh: cd: nowhere\n")), cmd="x", chdir="nowhere")
    assert caught.value.code == "DirectoryNotFound"


def test_too_slow() -> None:
    shell = FakeShell(TimedOut("slow", result={"output": b"begun\n"}))
    with pytest.raises(TimedOut, match="exec_timeout") as caught:
        run(shell, cmd="x", exec_timeout=5)
    assert (caught.value.result["stdout"], caught.value.code) == ("begun", "TimedOut")
    assert "output" not in caught.value.result
    assert shell.interrupted
    assert shell.closed


def test_lost() -> None:
    shell = FakeShell(AciError("gone", code="ConnectionLost", result={"output": b"be\xffgun"}))
    with pytest.raises(AciError, match="gone") as caught:
        run(shell, cmd="x")
    assert caught.value.result["stdout"] == "be\ufffdgun"
    assert shell.closed


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cmd": "  "}, "empty"),
        ({"argv": []}, "empty"),
        ({"argv": [""]}, "empty"),
        ({"argv": ["-x"]}, "hyphen"),
        ({"argv": ["a", "b\0c"]}, "NUL"),
        ({"cmd": "x", "env": {"A": "b\0c"}}, "NUL"),
        ({"cmd": "x", "env": {"A=B": "c"}}, "env"),
        ({"cmd": "x", "env": {"A": True}}, "quote it"),
        ({"cmd": "x", "env": {"A": None}}, "quote it"),
        ({"cmd": "x", "chdir": "a\0b"}, "NUL"),
        ({"cmd": "x", "creates": "a\0b"}, "NUL"),
        ({"cmd": "x", "frame_size": -1}, "frame_size"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_options_that_are_wrong(options: dict[str, Any], words: str, check: bool) -> None:
    shell = FakeShell()
    with pytest.raises(InvalidArguments, match=words):
        run(shell, check=check, **options)
    assert shell.commands == []
