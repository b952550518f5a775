# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Copies files to and from a container through a shell there, in chunks that are each verified."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import zlib
from collections.abc import Callable
from typing import IO, Protocol

from .._common.errors import AciError
from .session import Shell

CHUNK = 1024 * 1024
"""The number of bytes that are sent and verified at a time."""

ATTEMPTS = 3

_BLOCK = 65536
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class TransferFailed(AciError):
    """A file could not be read or written, or was damaged in transit."""

    default_code = "TransferFailed"


class Sink(Protocol):
    """Receives the content of a file."""

    def write(self, data: bytes, /) -> object:
        """Receives a part of it."""


def posix_cksum(data: bytes) -> str:
    """The checksum that POSIX ``cksum`` prints for ``data``: CRC-32, in the reverse bit order of zlib's."""
    length = len(data)
    tail = bytes((length >> shift) & 0xFF for shift in range(0, max(length.bit_length(), 0), 8))
    register = zlib.crc32((data + tail).translate(_REVERSED), 0xFFFFFFFF)
    return str(int(f"{register:032b}"[::-1], 2))


def put_file(shell: Shell, source: IO[bytes], destination: bytes, mode: int | None = None) -> None:
    """Writes ``source`` to a file in the container, and moves it into place when complete. Raises AciError.

    With a ``mode``, the file has it from the start, and is not readable for others before.
    """
    checksum, expected = checksum_of(shell)
    suffix = f".aci-{secrets.token_hex(6)}".encode()
    whole, part = destination + suffix, destination + suffix + b"-part"
    run = Runner(shell)
    mask, finish = (b"", b"") if mode is None else (b"umask 077;", f'chmod {mode:04o} "$0"&&'.encode())
    run.script(mask + b': >"$0"', whole)
    try:
        while chunk := source.read(CHUNK):
            for attempt in range(ATTEMPTS):
                answer = run.script(mask + b'cat >"$0"&&' + checksum + b' <"$0"', part, stdin=chunk).split()
                if answer[:1] == [expected(chunk).encode()]:
                    break
                if attempt == ATTEMPTS - 1:
                    raise TransferFailed(f"A part of {_text(destination)} was damaged in transit.")
                shell.distrust_long_frames()
            run.script(b'cat "$1" >>"$0"', whole, part)
        run.script(b'rm -f "$1";' + finish + b'mv -f "$0" "$2"', whole, part, destination)
    except AciError:
        _forget(shell, whole, part)
        raise


def fetch_file(shell: Shell, source: bytes, target: Sink) -> None:
    """Reads a file in the container into ``target``. Raises AciError, with code ``FileNotFound`` if it is missing."""
    checksum, expected = checksum_of(shell)
    run = Runner(shell)
    finished = shell.run([shell.program.encode(), b"-c", b'[ -f "$0" ]', source], separate=True)
    if finished.status != 0:
        raise TransferFailed(f"There is no file {_text(source)} in the {shell.target.what}.", code="FileNotFound")
    script = (
        b'_c(){ dd if="$0" bs="$1" skip="$2" count="$3" 2>/dev/null;};_c|' + checksum + b"&&_c|" + encoder_of(shell)
    )
    # A shell function has its own positional parameters, so they must be passed on.
    script = script.replace(b"_c|", b'_c "$1" "$2" "$3"|')
    counted = b"".join(run.script(b'wc -c <"$0"', source).split())
    if not counted.isdigit():
        raise TransferFailed(f"The size of {_text(source)} in the {shell.target.what} could not be read.")
    size = int(counted)
    blocks = CHUNK // _BLOCK
    for start in range(0, size, CHUNK):
        words = (str(_BLOCK).encode(), str(start // _BLOCK).encode(), str(blocks).encode())
        for attempt in range(ATTEMPTS):
            said, _end, encoded = run.script(script, source, *words).partition(b"\n")
            chunk = decoded(shell, encoded)
            if chunk is not None and said.split()[:1] == [expected(chunk).encode()]:
                break
            if attempt == ATTEMPTS - 1:
                raise TransferFailed(f"A part of {_text(source)} was damaged in transit.")
        if len(chunk or b"") != min(CHUNK, size - start):
            raise TransferFailed(f"{_text(source)} changed while it was being fetched.")
        target.write(chunk or b"")


class Runner:
    """Runs scripts that must succeed."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def script(self, script: bytes, *words: bytes, stdin: bytes | None = None) -> bytes:
        """Runs a script, with ``words`` as ``$0`` and following, and returns its output. Raises TransferFailed."""
        argv = [self._shell.program.encode(), b"-c", script, *words]
        finished = self._shell.run(argv, stdin=stdin, separate=True)
        if finished.status != 0:
            said = (finished.errors or finished.output).decode("utf-8", "replace").strip()
            raise TransferFailed(f"The {self._shell.target.what} refused a file: {said or finished.status}")
        return finished.output


def checksum_of(shell: Shell) -> tuple[bytes, Callable[[bytes], str]]:
    """A checksum program of the container, and the same checksum as a Python function."""
    if "sha256sum" in shell.tools:
        return b"sha256sum", lambda data: hashlib.sha256(data).hexdigest()
    if "cksum" in shell.tools:
        return b"cksum", posix_cksum
    raise AciError(
        f"The {shell.target.what} has neither sha256sum nor cksum, so files cannot be verified.",
        code="ToolMissing",
    )


def encoder_of(shell: Shell) -> bytes:
    """A command of the container that encodes bytes as text, for ``decoded``."""
    return b"base64" if "base64" in shell.tools else b"od -An -v -tx1"


def decoded(shell: Shell, data: bytes) -> bytes | None:
    """Decodes the encoder's output; None if it is not valid."""
    compact = b"".join(data.split())
    try:
        if "base64" in shell.tools:
            return base64.b64decode(compact, validate=True)
        return bytes.fromhex(compact.decode("ascii"))
    except (binascii.Error, ValueError):
        return None


def _forget(shell: Shell, *files: bytes) -> None:
    """Removes files, if that is still possible."""
    try:
        shell.run([b"rm", b"-f", *files], timeout=10, separate=True)
    except AciError:
        return


def _text(path: bytes) -> str:
    return path.decode("utf-8", "replace")
