# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Files to and from a container, through a shell there. They travel in chunks, each of which is checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import zlib
from collections.abc import Callable
from typing import IO

from .._common.errors import AciError
from .session import Shell

CHUNK = 1024 * 1024
"""Bytes that are sent and checked at a time."""

ATTEMPTS = 3

_BLOCK = 65536
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class TransferFailed(AciError):
    """A file could not be read or written, or did not arrive as it was sent."""

    default_code = "TransferFailed"


def posix_cksum(data: bytes) -> str:
    """What the ``cksum`` of POSIX prints of ``data`` first: CRC-32, with the bits the other way round than in zlib."""
    length = len(data)
    tail = bytes((length >> shift) & 0xFF for shift in range(0, max(length.bit_length(), 0), 8))
    register = zlib.crc32((data + tail).translate(_REVERSED), 0xFFFFFFFF)
    return str(int(f"{register:032b}"[::-1], 2))


def put_file(shell: Shell, source: IO[bytes], destination: bytes) -> None:
    """Writes ``source`` to a file in the container, which takes its place once it is complete. Raises AciError."""
    checksum, expected = _checksum(shell)
    suffix = f".aci-{secrets.token_hex(6)}".encode()
    whole, part = destination + suffix, destination + suffix + b"-part"
    run = _Runner(shell)
    run.script(b': >"$0"', whole)
    try:
        while chunk := source.read(CHUNK):
            for attempt in range(ATTEMPTS):
                answer = run.script(b'cat >"$0"&&' + checksum + b' <"$0"', part, stdin=chunk).split()
                if answer[:1] == [expected(chunk).encode()]:
                    break
                if attempt == ATTEMPTS - 1:
                    raise TransferFailed(f"A part of {_text(destination)} did not arrive as it was sent.")
                shell.distrust_long_frames()
            run.script(b'cat "$1" >>"$0"', whole, part)
        run.script(b'rm -f "$1";mv -f "$0" "$2"', whole, part, destination)
    except AciError:
        _forget(shell, whole, part)
        raise


def fetch_file(shell: Shell, source: bytes, target: IO[bytes]) -> None:
    """Reads a file of the container into ``target``. Raises AciError, with code ``FileNotFound`` when there is none."""
    checksum, expected = _checksum(shell)
    run = _Runner(shell)
    finished = shell.run([shell.program.encode(), b"-c", b'[ -f "$0" ]', source], separate=True)
    if finished.status != 0:
        raise TransferFailed(f"There is no file {_text(source)} in the {shell.target.what}.", code="FileNotFound")
    has_base64 = "base64" in shell.tools
    encoder = b"base64" if has_base64 else b"od -An -v -tx1"
    script = b'_c(){ dd if="$0" bs="$1" skip="$2" count="$3" 2>/dev/null;};_c|' + checksum + b"&&_c|" + encoder
    # The functions of a shell have parameters of their own, so the words go along.
    script = script.replace(b"_c|", b'_c "$1" "$2" "$3"|')
    size = int(run.script(b'wc -c <"$0"', source).split()[0])
    blocks = CHUNK // _BLOCK
    for start in range(0, size, CHUNK):
        words = (str(_BLOCK).encode(), str(start // _BLOCK).encode(), str(blocks).encode())
        for attempt in range(ATTEMPTS):
            said, _end, encoded = run.script(script, source, *words).partition(b"\n")
            chunk = _decoded(encoded, has_base64)
            if chunk is not None and said.split()[:1] == [expected(chunk).encode()]:
                break
            if attempt == ATTEMPTS - 1:
                raise TransferFailed(f"A part of {_text(source)} did not arrive as it was sent.")
        if len(chunk or b"") != min(CHUNK, size - start):
            raise TransferFailed(f"{_text(source)} changed while it was fetched.")
        target.write(chunk or b"")


class _Runner:
    """Runs scripts that have to succeed."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def script(self, script: bytes, *words: bytes, stdin: bytes | None = None) -> bytes:
        """The output of a script, whose words are ``$0`` and following. Raises TransferFailed."""
        argv = [self._shell.program.encode(), b"-c", script, *words]
        finished = self._shell.run(argv, stdin=stdin, separate=True)
        if finished.status != 0:
            said = (finished.errors or finished.output).decode("utf-8", "replace").strip()
            raise TransferFailed(f"The {self._shell.target.what} refused a file: {said or finished.status}")
        return finished.output


def _checksum(shell: Shell) -> tuple[bytes, Callable[[bytes], str]]:
    """A program of the container that tells files apart, and the same as a function."""
    if "sha256sum" in shell.tools:
        return b"sha256sum", lambda data: hashlib.sha256(data).hexdigest()
    if "cksum" in shell.tools:
        return b"cksum", posix_cksum
    raise AciError(
        f"The {shell.target.what} has neither sha256sum nor cksum, so that files could not be checked.",
        code="ToolMissing",
    )


def _decoded(data: bytes, has_base64: bool) -> bytes | None:
    """The bytes of what base64 or od printed; None for what they cannot have printed."""
    compact = b"".join(data.split())
    try:
        return base64.b64decode(compact, validate=True) if has_base64 else bytes.fromhex(compact.decode("ascii"))
    except (binascii.Error, ValueError):
        return None


def _forget(shell: Shell, *files: bytes) -> None:
    """Removes files, as far as that is still possible."""
    try:
        shell.run([b"rm", b"-f", *files], timeout=10, separate=True)
    except AciError:
        return


def _text(path: bytes) -> str:
    return path.decode("utf-8", "replace")
