# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The protocol for running commands over a terminal: what to type into a shell, and how to read its output. Pure.

The service starts one program, without arguments, on a terminal, and its only input is what is typed there. So it
starts a shell, which is told to become an agent: a shell without prompt and line editor that evaluates each line.

* Everything typed is printable ASCII, in lines far shorter than the 4096 bytes that a terminal accepts. Other bytes are
  written as octal escapes, and standard input as base64 (or octal escapes if the container has no ``base64``).
* Output is delimited by marks: a random number that the agent assembles from two halves. So the echo of what was
  typed, which a terminal may show until it is switched off, never contains a mark.
* ``stty`` switches off echo and output processing, so that output arrives unchanged.
"""

from __future__ import annotations

import base64
import re
import secrets
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .._common.errors import InvalidArguments

LINE = 1000
"""Maximum length, in bytes, of a typed line. A terminal drops everything beyond 4095 bytes, a line editor beyond 1023.
"""

_PRINTABLE = re.compile(rb"[ -~]*")
_DONE = b"..\n"
_END_OF_FILE = b"\x04"
_TOOLS = ("stty", "base64", "sha256sum", "cksum", "od")
_LONGEST_MARK = 200

# The agent's functions. _b and _e print the marks before and after a command, _m any other mark; _s decodes input that
# is typed as octal escapes; _d skips the rest of the input of a command that did not read all of it, up to the line
# "..". A failing read may be due to a typed end of file; three in a row mean the end of the terminal.
_FUNCTIONS = (
    '_b(){ stty -echo -opost 2>/dev/null;printf %s "${_n}b$1;";}',
    '_m(){ printf %s "${_n}$1;";}',
    '_e(){ printf %s "${_n}e$1:$2;";}',
    '_s(){ while IFS= read -r _l;do case $_l in .)return;;esac;printf %b "$_l";done;}',
    "_d(){ _f=0;while [ $_f -lt 3 ];do if IFS= read -r _l;then case $_l in ..)break;;esac;else _f=$((_f+1));fi;done;"
    'printf %s "${_n}d$1;";}',
    f'printf %s "${{_n}}t";for _t in {" ".join(_TOOLS)};do command -v $_t >/dev/null 2>&1&&printf %s "$_t ";done;'
    'printf ";"',
)


@dataclass(frozen=True)
class Nonce:
    """A random number in two halves, so that what is typed differs from what is printed."""

    left: str = field(default_factory=lambda: secrets.token_hex(8))
    right: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def mark(self) -> bytes:
        """The beginning of each mark."""
        return f"{self.left}-{self.right}".encode()


@dataclass(frozen=True)
class Mark:
    """A mark of the agent, and what it reports.

    ``r`` ready; ``t`` tools; ``b`` and ``e`` beginning and end of a command's output, ``s`` and ``f`` of its error
    output; ``d`` all of its input was read; ``l`` length of a test line.
    """

    kind: str
    text: str


class Framing:
    """Splits what a terminal shows into output and marks, however it was fragmented in transit."""

    def __init__(self, nonce: Nonce) -> None:
        self._mark = nonce.mark
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes | Mark]:
        """The output and marks in ``data``, in order. A possible beginning of a mark is kept for the next call."""
        found: list[bytes | Mark] = []
        rest = self._rest + data
        while True:
            before, mark, after = rest.partition(self._mark)
            if not mark:
                kept = _overlap(before, self._mark)
                self._rest = before[len(before) - kept :]
                _append(found, before[: len(before) - kept])
                return found
            _append(found, before)
            text, end, following = after.partition(b";")
            if not end:
                if len(after) <= _LONGEST_MARK:
                    self._rest = mark + after
                    return found
                _append(found, mark)
                rest = after
                continue
            found.append(Mark(text[:1].decode("ascii", "replace"), text[1:].decode("ascii", "replace")))
            rest = following

    def flush(self) -> bytes:
        """Returns what was kept, which turned out to be output because nothing follows."""
        rest, self._rest = self._rest, b""
        return rest


def _append(found: list[bytes | Mark], data: bytes) -> None:
    if data:
        found.append(data)


def _overlap(data: bytes, mark: bytes) -> int:
    """The number of bytes at the end of ``data`` that may be the beginning of a mark."""
    for length in range(min(len(data), len(mark) - 1), 0, -1):
        if mark.startswith(data[-length:]):
            return length
    return 0


def greeting(shell: str, nonce: Nonce) -> bytes:
    """What to type first: it turns the shell into the agent, which prints a mark ``r`` that contains a line break.

    The line break shows whether output processing is off: then it is ``\\n``, otherwise ``\\r\\n``.
    """
    agent = (
        f"stty -echo -opost 2>/dev/null;_n={nonce.left};_n=$_n-{nonce.right};export TERM=dumb;"
        'printf %sr\\\\n\\; $_n;while IFS= read -r _l;do eval "$_l";done'
    )
    return f"exec {shlex.quote(shell)} -c {_quoted(agent)}\n".encode()


def setup() -> bytes:
    """What to type next: it defines the agent's functions and prints a mark ``t`` with the available tools."""
    return "".join(f"{line}\n" for line in _FUNCTIONS).encode()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def call(
    number: int, argv: Sequence[bytes], *, stdin: bool = False, has_base64: bool = True, separate: bool = False
) -> bytes:
    """What to type to run a program. Its output is between marks ``b`` and ``e``; ``e`` contains its exit status.

    With ``stdin``, the result of ``encoded_stdin`` must be typed next, and a mark ``d`` follows once it was read.
    With ``separate``, error output is not part of the output. It follows between marks ``s`` and ``f``, without NUL
    characters and trailing line breaks, because the agent keeps it in a variable while the program runs.
    Raises InvalidArguments if ``argv`` cannot be started.
    """
    check_argv(argv)
    lines = ["set --"]
    for argument in argv:
        lines += _argument(argument)
    decoder = "base64 -d 2>/dev/null" if has_base64 else "_s 2>/dev/null"
    program = f'{decoder}|(exec "$@")' if stdin else '(exec "$@")</dev/null'
    status = "$?"
    if separate:
        program, status = f"{{ _o=$( {program} 2>&1 1>&3 3>&-);_r=$?;}} 3>&1", "$_r"
    lines.append(f"_b {number};{program};_e {number} {status}")
    if separate:
        lines[-1] += f';_m s{number};printf %s "$_o";_m f{number};_o='
    if stdin:
        lines[-1] += f";_d {number}"
    return "".join(f"{line}\n" for line in lines).encode()


def check_argv(argv: Sequence[bytes]) -> None:
    """Raises InvalidArguments for a command that cannot be started."""
    if not argv or not argv[0]:
        raise InvalidArguments("argv is empty; begin it with a program, as in argv: [ls, -l, /tmp].")
    if argv[0].startswith(b"-"):
        raise InvalidArguments("argv[0]: the name of a program cannot begin with a hyphen.")
    if any(b"\0" in argument for argument in argv):
        raise InvalidArguments("The command, its directory and its environment cannot hold a NUL character.")


def _argument(argument: bytes) -> list[str]:
    """Lines that append one argument to the agent's positional parameters."""
    if len(argument) <= LINE // 8 and _PRINTABLE.fullmatch(argument):
        return [f'set -- "$@" {_quoted(argument.decode())}']
    return ["_a=", *(line for piece in _pieces(argument) for line in _appended(piece)), 'set -- "$@" "$_a"']


def _appended(piece: bytes) -> Iterator[str]:
    """Lines that append a piece to the argument under construction."""
    if _PRINTABLE.fullmatch(piece):
        yield f"_a=$_a{_quoted(piece.decode())}"
        return
    text = piece.rstrip(b"\n")
    if text:
        yield f"_a=$_a$(printf %b '{_octal(text)}')"
    if text != piece:
        # A command substitution removes trailing line breaks; the x keeps them. It follows nothing but line breaks:
        # bash gets ${_p%x} wrong if the rest is not valid in the locale.
        yield f"_p=$(printf %b '{_octal(piece[len(text) :])}x');_a=$_a${{_p%x}}"


def _pieces(data: bytes) -> Iterator[bytes]:
    """Splits data into runs of printable and other bytes, each short enough for a line when quoted or escaped."""
    for run in re.findall(rb"[ -~]+|[^ -~]+(?:[ -~]{1,8}[^ -~]+)*", data):
        size = LINE // 5 - 10
        for start in range(0, len(run), size):
            yield run[start : start + size]


def _octal(data: bytes) -> str:
    return "".join(chr(byte) if byte < 128 and chr(byte).isalnum() else f"\\0{byte:03o}" for byte in data)


def encoded_stdin(data: bytes, has_base64: bool) -> Iterator[bytes]:
    """What to type as the standard input of a program, in lines. The last item ends the input."""
    if has_base64:
        size = LINE // 4 * 3
        for start in range(0, len(data), size):
            yield base64.b64encode(data[start : start + size]) + b"\n"
        yield _END_OF_FILE + _DONE
        return
    size = LINE // 5 - 1
    for start in range(0, len(data), size):
        yield _octal(data[start : start + size]).encode() + b"\n"
    yield b".\n" + _DONE


def abandoned_stdin() -> bytes:
    """What to type instead of the rest of the input, if a program has ended without reading all of it."""
    return b"\n" + _DONE


def in_directory(argv: Sequence[bytes], shell: str, directory: bytes) -> list[bytes]:
    """The command, run in a directory."""
    where = b"./" + directory if directory.startswith(b"-") else directory
    return [shell.encode(), b"-c", b'CDPATH=;cd "$0"&&exec "$@"', where, *argv]


def with_environment(argv: Sequence[bytes], shell: str, environment: Mapping[bytes, bytes]) -> list[bytes]:
    """The command with environment variables. Raises InvalidArguments if a name is not valid."""
    if not environment:
        return list(argv)
    for name in environment:
        if not name or b"=" in name or name.startswith(b"-"):
            raise InvalidArguments("env: the name of a variable cannot be empty, begin with a hyphen, or hold '='.")
    variables = [name + b"=" + value for name, value in environment.items()]
    if b"=" in argv[0]:
        # env would mistake the program for a variable.
        return [b"env", *variables, shell.encode(), b"-c", b'exec "$0" "$@"', *argv]
    return [b"env", *variables, *argv]


def glob_pattern(pattern: bytes) -> bytes:
    """A file name pattern in the shell's syntax: everything is literal except ``*``, ``?`` and ``[...]``."""
    parts = re.split(rb"([*?\[\]!^-]+)", pattern)
    return b"".join(part if index % 2 else _quoted_bytes(part) for index, part in enumerate(parts) if part)


def _quoted_bytes(data: bytes) -> bytes:
    return b"'" + data.replace(b"'", b"'\\''") + b"'"


def finding(pattern: bytes, shell: str) -> list[bytes]:
    """A command that succeeds when a file matches a pattern."""
    script = b"for f in " + glob_pattern(pattern) + b';do if [ -e "$f" ]||[ -L "$f" ];then exit 0;fi;done;exit 1'
    return [shell.encode(), b"-c", script]
