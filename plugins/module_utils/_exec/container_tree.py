# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Lists what is below a path in a container, with kinds, modes, sizes and digests, through a shell there.

The output comes from the container and is not trusted, so every part of it is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .session import Shell
from .transfer import Runner, TransferFailed, checksum_of, decoded, encoder_of

MOST_PATHS = 40
"""The number of paths per request."""

_RECORD = re.compile(rb"([-!fdlLo]) (\S+) ([0-9]{1,18}) (\S+) (.*)", re.DOTALL)
_MODE = re.compile(r"[-a-zA-Z]([-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT])[.+@]?")

# _i prints the record of a path, _p does so even if that fails, and _w prints everything below a folder, without
# following links.
_FUNCTIONS = rb"""_i(){
if [ -h "$1" ];then if [ -d "$1" ];then _t=L;else _t=l;fi
elif [ -f "$1" ];then _t=f
elif [ -d "$1" ];then _t=d
elif [ -e "$1" ];then _t=o
else _t=-;fi
_m=-;_s=0;_c=-
if [ $_t != - ];then _m=$(ls -ld "$1" 2>/dev/null)||return 1;_m=${_m%% *};fi
if [ $_t = f ];then
_s=$(wc -c <"$1")||return 1
_s=$((_s))
if [ $_s -le SIZE ];then _c=$(CHECKSUM <"$1")||return 1;_c=${_c%% *};fi
fi
printf '%s %s %s %s ' $_t "$_m" $_s "$_c";printf '%s\0' "$1"
}
_p(){ _i "$1"||printf '! - 0 - %s\0' "$1";}
_n=0
_w(){ for _f in "$1"/* "$1"/.[!.]* "$1"/..?*;do
if [ -e "$_f" ]||[ -h "$_f" ];then
_n=$((_n+1))
if [ $_n -gt COUNT ];then return;fi
_p "$_f"
if [ $_t = d ];then _w "$_f";fi
fi
done;}
"""


@dataclass(frozen=True)
class Entry:
    """A path in a container, and what it is."""

    path: bytes
    kind: str
    """``f`` a file, ``d`` a folder, ``l`` a link, ``L`` a link to a folder, ``o`` anything else, ``-`` nothing."""
    mode: int = 0
    size: int = 0
    digest: str = ""
    """Made with the checksum program that the container has; empty if this is not a file, or too large."""

    @property
    def is_folder(self) -> bool:
        """Whether it can contain files."""
        return self.kind in ("d", "L")


class ContainerTree:
    """The paths in a container. Files of up to ``largest`` bytes have a digest."""

    def __init__(self, shell: Shell, largest: int) -> None:
        self._shell = shell
        self._run = Runner(shell)
        self._largest = largest

    def entries(self, paths: Sequence[bytes]) -> list[Entry]:
        """The entry for each path, in order. Raises TransferFailed."""
        found: list[Entry] = []
        for start in range(0, len(paths), MOST_PATHS):
            some = paths[start : start + MOST_PATHS]
            told = self._ask(b'for _f do _p "$_f";done', some)
            if [entry.path for entry in told] != list(some):
                raise self._strange()
            found += told
        return found

    def below(self, folder: bytes, most: int) -> list[Entry]:
        """Everything below a folder, with each folder before its content. Raises TransferFailed, also if too many."""
        found = self._ask(b'_w "$1"', [folder.rstrip(b"/")], most + 1)
        if len(found) > most:
            raise TransferFailed(f"{_text(folder)} has more than {most} files and folders.", code="TooMuch")
        return found

    def _ask(self, script: bytes, words: Sequence[bytes], most: int = 0) -> list[Entry]:
        checksum, _expected = checksum_of(self._shell)
        functions = _FUNCTIONS.replace(b"CHECKSUM", checksum).replace(b"SIZE", str(self._largest).encode())
        functions = functions.replace(b"COUNT", str(most).encode())
        whole = functions + b"{ " + script + b";}|" + encoder_of(self._shell)
        data = decoded(self._shell, self._run.script(whole, b"sh", *words))
        if data is None or (data and not data.endswith(b"\0")):
            raise self._strange()
        return [self._entry(record) for record in data.split(b"\0")[:-1]]

    def _entry(self, record: bytes) -> Entry:
        found = _RECORD.fullmatch(record)
        if found is None:
            raise self._strange()
        kind, mode, size, digest = (found[number].decode("ascii", "replace") for number in range(1, 5))
        if kind == "!":
            raise TransferFailed(f"{_text(found[5])} cannot be read in the {self._shell.target.what}.")
        if kind == "-":
            return Entry(found[5], kind)
        return Entry(found[5], kind, self._mode(mode), int(size), "" if digest == "-" else digest)

    def _mode(self, text: str) -> int:
        """Parses the permissions that ``ls`` prints, without setuid, setgid and the sticky bit."""
        found = _MODE.fullmatch(text)
        if found is None:
            raise self._strange()
        return int("".join("0" if char in "-ST" else "1" for char in found[1]), 2)

    def _strange(self) -> TransferFailed:
        return TransferFailed(f"The {self._shell.target.what} returned an invalid answer about its files.")


def _text(path: bytes) -> str:
    return path.decode("utf-8", "replace")
