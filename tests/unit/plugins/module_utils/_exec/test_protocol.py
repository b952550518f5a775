# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Typed commands and their output: every byte must survive, in every shell."""

from __future__ import annotations

import itertools
import subprocess
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._exec import protocol
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.protocol import Framing, Mark, Nonce

SHELLS = ["dash", "bash", "bash-posix", "busybox"]
NONCE = Nonce("0123456789abcdef", "fedcba9876543211")
MARK = NONCE.mark

awkward = st.sampled_from(
    [b"'", b'"', b"\\", b"$(id)", b"`id`", b"!", b"%s", b"\n", b"\r", b"\t", b"\x03", b"\x04", b"\x16", b"\x1a", b"*"]
)
text = st.lists(st.one_of(st.binary(max_size=40), awkward), max_size=8).map(b"".join)
argument = text.map(lambda data: data.replace(b"\0", b""))
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, opened: Any) -> Any:
    return opened(request.param)


class TestInRealShells:
    @few
    @example(arguments=[b"\xc2\\\x01", b"\xc2\n\n", b"\xc2\n\xc2"])
    @given(arguments=st.lists(argument, max_size=4))
    def test_arguments(self, shell: Any, arguments: list[bytes]) -> None:
        finished = shell.run([b"printf", b"%s\\0", *arguments], timeout=20)
        assert finished.output == b"".join(item + b"\0" for item in arguments or [b""])
        assert finished.status == 0

    @few
    @given(data=text)
    def test_input(self, shell: Any, data: bytes) -> None:
        assert shell.run([b"cat"], stdin=data, timeout=20).output == data

    @few
    @given(data=text)
    def test_input_without_base64(self, shell: Any, data: bytes) -> None:
        tools, shell.tools = shell.tools, frozenset({"stty"})
        try:
            assert shell.run([b"cat"], stdin=data, timeout=20).output == data
        finally:
            shell.tools = tools

    @few
    @given(value=argument, name=st.sampled_from([b"A", b"a_1", b"with.dot", b"IFS", b"UID", b"PS1"]))
    def test_environment(self, shell: Any, name: bytes, value: bytes) -> None:
        argv = protocol.with_environment([b"env", b"-0"], shell.program, {name: value})
        assert name + b"=" + value in shell.run(argv, timeout=20).output.split(b"\0")

    @few
    @example(status=0, errors=b"\xc2\\\x01")  # invalid UTF-8, which bash garbled
    @given(status=st.integers(0, 255), errors=argument)
    def test_status_and_errors(self, shell: Any, status: int, errors: bytes) -> None:
        script = b'printf %s "$1" >&2; printf out; exit $2'
        finished = shell.run(
            [b"sh", b"-c", script, b"-", errors, str(status).encode()], stdin=b"", separate=True, timeout=20
        )
        assert (finished.status, finished.output, finished.errors) == (status, b"out", errors.rstrip(b"\n"))

    @few
    @given(name=argument.filter(lambda name: 0 < len(name) < 200 and b"/" not in name and name not in (b".", b"..")))
    def test_directories_and_patterns(self, shell: Any, tmp_path: Any, name: bytes) -> None:
        assert shell.run([b"mkdir", b"-p", b"--", str(tmp_path).encode() + b"/" + name], timeout=20).status == 0
        located = protocol.in_directory([b"pwd"], shell.program, str(tmp_path).encode() + b"/" + name)
        assert shell.run(located, timeout=20).output == str(tmp_path).encode() + b"/" + name + b"\n"
        if not set(name) & set(b"*?["):
            found = protocol.finding(str(tmp_path).encode() + b"/" + name, shell.program)
            assert shell.run(found, timeout=20).status == 0

    def test_input_that_nobody_reads(self, shell: Any) -> None:
        data = b"exit 9\n" * 20_000
        assert shell.run([b"true"], stdin=data, timeout=60).status == 0
        assert shell.run([b"no-such-program"], stdin=data, timeout=60).status == 127
        assert shell.run([b"head", b"-c", b"4"], stdin=data, timeout=60).output == b"exit"
        assert shell.run([b"echo", b"still here"], timeout=20).output == b"still here\n"

    def test_output_while_input_is_sent(self, shell: Any) -> None:
        data = bytes(range(256)) * 2_000
        assert shell.run([b"cat"], stdin=data, timeout=60).output == data

    def test_a_terminal_that_a_command_spoiled(self, shell: Any) -> None:
        shell.run([b"sh", b"-c", b"stty echo opost </dev/tty"], timeout=20)
        assert shell.run([b"printf", b"a\\nb\\n"], timeout=20).output == b"a\nb\n"

    def test_patterns_are_patterns(self, shell: Any, tmp_path: Any) -> None:
        (tmp_path / "a-1.done").touch()
        (tmp_path / "link").symlink_to("nowhere")
        status = {
            name: shell.run(protocol.finding(f"{tmp_path}/{name}".encode(), shell.program), timeout=20).status
            for name in ("*.done", "?-[0-3].done", "[!a]*.done", "link", "'*'", "$(echo a-1.done)")
        }
        assert status == {
            "*.done": 0,
            "?-[0-3].done": 0,
            "[!a]*.done": 1,
            "link": 0,
            "'*'": 1,
            "$(echo a-1.done)": 1,
        }


@given(
    pieces=st.lists(st.one_of(st.binary(max_size=20), st.sampled_from([MARK[:5], MARK[:-1]])), max_size=6),
    cuts=st.lists(st.integers(0, 200), max_size=10),
)
def test_framing_does_not_depend_on_the_cuts(pieces: list[bytes], cuts: list[int]) -> None:
    output = b"".join(pieces)
    assume(MARK not in output)  # programs cannot write it, because they do not know the nonce
    stream = MARK + b"b1;" + output + MARK + b"e1:0;"
    points = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    framing = Framing(NONCE)
    events = [event for first, last in itertools.pairwise(points) for event in framing.feed(stream[first:last])]
    marks = [event for event in events if isinstance(event, Mark)]
    assert marks == [Mark("b", "1"), Mark("e", "1:0")]
    assert b"".join(event for event in events if isinstance(event, bytes)) == output
    assert framing.flush() == b""


def test_an_echo_is_no_mark() -> None:
    typed = protocol.greeting("/bin/sh", NONCE) + protocol.setup()
    assert MARK not in typed
    assert all(isinstance(event, bytes) for event in Framing(NONCE).feed(typed))


def test_what_is_typed_is_short_and_printable() -> None:
    argv = [b"program", bytes(range(1, 256)) * 20, b"'" * 3000, "ü".encode() * 500]
    typed = b"".join(
        [
            protocol.greeting("/bin/sh", NONCE),
            protocol.setup(),
            protocol.call(1, argv, stdin=True, separate=True),
            *protocol.encoded_stdin(bytes(range(256)) * 50, True),
            *protocol.encoded_stdin(bytes(range(256)) * 50, False),
        ]
    )
    assert max(len(line) for line in typed.split(b"\n")) <= 1023
    assert set(typed) <= {*range(32, 127), 10, 4}


@pytest.mark.parametrize("argv", [[], [b""], [b"-x"], [b"a\0b"], [b"a", b"\0"]])
def test_commands_that_cannot_be_started(argv: list[bytes]) -> None:
    with pytest.raises(InvalidArguments):
        protocol.call(1, argv)


@pytest.mark.parametrize("name", [b"", b"a=b", b"-a"])
def test_names_of_variables(name: bytes) -> None:
    with pytest.raises(InvalidArguments, match="env"):
        protocol.with_environment([b"x"], "sh", {name: b""})


def test_a_program_with_an_equals_sign_is_no_variable(tmp_path: Any) -> None:
    program = tmp_path / "a=b"
    program.write_text('#!/bin/sh\necho "$X $1"\n')
    program.chmod(0o755)
    argv = protocol.with_environment([str(program).encode(), b"arg"], "/bin/sh", {b"X": b"y"})
    assert subprocess.run(argv, capture_output=True, check=True).stdout == b"y arg\n"
