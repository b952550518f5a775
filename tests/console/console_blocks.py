# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The console blocks in README and the guides, and the files that they use.

A comment above a block says why the tests do not run it. In Markdown it is ``<!-- not run by the tests: REASON -->``,
in reStructuredText ``.. not run by the tests: REASON``. A file is a block under ``<!-- file: NAME -->``, or one whose
``:caption:`` is its name.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHELLS = ("console", "shell", "bash", "sh")
_FENCE = re.compile(r"^( *)```(\w*)\s*$")
_DIRECTIVE = re.compile(r"^( *)\.\. code-block:: *(\S+)\s*$")
_OPTION = re.compile(r"^ +:(\w+): *(.*)$")
_NOT_RUN = re.compile(r"^ *(?:<!-- |\.\. )not run by the tests: (.+?)(?: -->)?$")
_FILE = re.compile(r"^ *<!-- file: (\S+) -->$")


@dataclass(frozen=True)
class Command:
    """A command, and its output in the document, in which ``...`` stands for anything."""

    text: str
    output: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A block of a document: commands, or the content of a file."""

    document: str
    line: int
    commands: tuple[Command, ...] = ()
    not_run: str = ""
    file: str = ""
    content: str = ""

    @property
    def place(self) -> str:
        return f"{self.document}:{self.line}"


def blocks(path: Path) -> list[Block]:
    """The blocks of a document with commands or files, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = _markdown(lines) if path.suffix == ".md" else _restructured(lines)
    result = []
    for number, language, caption, body in found:
        note = _note(lines, number)
        marked = _NOT_RUN.match(note)
        reason = marked[1] if marked else ""
        named = _FILE.match(note)
        file = caption or (named[1] if named else "")
        if file:
            result.append(Block(path.name, number + 1, not_run=reason, file=file, content=f"{body}\n"))
        elif language in SHELLS:
            result.append(Block(path.name, number + 1, tuple(_commands(body, language)), reason))
    return result


def _note(lines: list[str], number: int) -> str:
    """The comment above a block, joined to one line."""
    end = number
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    return " ".join(line.strip() for line in lines[start:end])


def _markdown(lines: list[str]) -> Iterator[tuple[int, str, str, str]]:
    number = 0
    while number < len(lines):
        if fence := _FENCE.match(lines[number]):
            end = number + 1
            while lines[end].strip() != "```":
                end += 1
            yield number, fence[2], "", textwrap.dedent("\n".join(lines[number + 1 : end]))
            number = end
        number += 1


def _restructured(lines: list[str]) -> Iterator[tuple[int, str, str, str]]:
    for number, line in enumerate(lines):
        directive = _DIRECTIVE.match(line)
        if directive is None:
            continue
        body: list[str] = []
        caption = ""
        for inner in lines[number + 1 :]:
            if inner.strip() and len(inner) - len(inner.lstrip()) <= len(directive[1]):
                break
            option = _OPTION.match(inner)
            if option and not any(body):
                caption = option[2] if option[1] == "caption" else caption
            else:
                body.append(inner)
        yield number, directive[2], caption, textwrap.dedent("\n".join(body)).strip("\n")


def _commands(body: str, language: str) -> Iterator[Command]:
    """Split a block: lines without a ``$`` prompt are output; a block without prompts is one script."""
    if language != "console" or "$ " not in {line[:2] for line in body.splitlines()}:
        yield Command(body)
        return
    commands: list[list[str]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            commands.append([line[2:]])
        elif len(commands[-1]) == 1 and (commands[-1][0].endswith("\\") or line.startswith("> ")):
            commands[-1][0] += "\n" + line.removeprefix("> ")
        elif line.strip():
            commands[-1].append(line)
    for text, *output in commands:
        yield Command(text, tuple(output))
