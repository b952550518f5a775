# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find phrases that no native speaker would write, and suggest a better one for each.

    scripts/phrases.py           all files of the checkout
    scripts/phrases.py FILE ...  some of them

Prints `path:line: phrase -> suggestion` for each hit, and exits with 1 if there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import tree

_KINDS = (
    "address|certificate|container|dictionary|difference|digest|directory|duration|endpoint|expression|file|folder|"
    "group|host|image|JSON|key|label|list|member|mode|module|name|number|object|option|part|port|program|property|"
    "reference|region|secret|string|success|switch|tag|template|text|token|URL|valid|value|variable|version|YAML"
)


class Phrase(NamedTuple):
    """A regular expression, and what to write instead. A blank in it matches line breaks as well."""

    pattern: str
    suggestion: str


PHRASES: tuple[Phrase, ...] = (
    # "there is no file" and "is no longer" are English, "x is no name" is not.
    Phrase(rf"(?<!\w)(?!(?:there|which)\b)\w+\W+(?:is|was|are|were) no (?:{_KINDS})s?\b", "is not a, is not a valid"),
    Phrase(r"\b(?:tell|tells|telling|told) of\b", "report, describe, return, list"),
    Phrase(r"\b(?:does not|never) tells?\b", "does not report, does not return"),
    Phrase(r"\bservice (?:never )?tells\b", "the service reports, the service returns"),
    Phrase(
        r"\b(?:made|create[sd]?|creating|deploy(?:s|ed)?|begins?|starts?)(?: \w+)? anew\b",
        "recreate, redeploy, restart",
    ),
    Phrase(r"\bas waited for\b", "did not reach wait_for"),
    Phrase(r"\b(?:a|the) (?:value|name|number|dictionary|list|string) is needed\b", "is required"),
    Phrase(r": [\w.\[\]]+ is needed\b", "is required"),
    Phrase(r"\b(?:get|gets|got|getting) there\b", "reach the state"),
    Phrase(r"\ball the same\b(?! to\b|,)", "anyway, nevertheless"),
    Phrase(r"\bsays? nothing of\b", "says nothing about, does not name"),
    Phrase(r"\b(?:go|goes|going|went) on (?:from|with)\b", "continue from, continue with"),
    Phrase(r"\bwithout a word\b", "silently"),
    Phrase(r"\bfor want of\b", "because it is missing, for lack of"),
    Phrase(r"\bto (?:its|their) end\b", "to completion, completely"),
    Phrase(r"\bvanish(?:es|ed)?: somebody\b", "no longer exists: another client deleted it"),
    Phrase(r"\b(?:is|are) looked at\b", "is read, is checked"),
    Phrase(r"\bYAML made\b", "YAML parsed it as"),
    Phrase(r"\bmust be (?:a )?text\b", "must be a string"),
    Phrase(r"\b(?:list|dictionary) of texts\b", "list of strings, dictionary of strings"),
    Phrase(r"\bmakes? (?:hosts|files|a host|a file) of\b", "turn into"),
    Phrase(r"\bdid not make it\b", "failed"),
    Phrase(r"\bwith a way out\b", "with internet access"),
)

EXCLUDED = (
    # Texts of others, and notes of releases that are out: neither is rewritten.
    "LICENSE",
    "LICENSES/",
    "CHANGELOG.md",
    "changelogs/changelog.yaml",
    "emulator/src/aci_emulator/samples/hamlet.txt",
    # The phrases themselves.
    "scripts/phrases.py",
    "tests/unit/test_phrases.py",
)

_EXPRESSIONS = tuple(
    (re.compile(phrase.pattern.replace(" ", r"(?:\s|\s#\s)+"), re.IGNORECASE), phrase.suggestion) for phrase in PHRASES
)


def hits(text: str) -> Iterator[tuple[int, str, str]]:
    """Each phrase in a text, in its order: line (from 1), what was found, and what to write instead."""
    found = [
        (match.start(), " ".join(match[0].split()), suggestion)
        for expression, suggestion in _EXPRESSIONS
        for match in expression.finditer(text)
    ]
    for start, phrase, suggestion in sorted(found):
        yield text.count("\n", 0, start) + 1, phrase, suggestion


def checked_files() -> Iterator[Path]:
    """The files of the checkout whose texts are the project's own."""
    for path in tree.files():
        if not str(path.relative_to(tree.ROOT)).startswith(EXCLUDED):
            yield path


def main(names: list[str]) -> int:
    count = 0
    for path in [Path(name).resolve() for name in names] or checked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for line, phrase, suggestion in hits(text):
            count += 1
            print(f"{path.relative_to(tree.ROOT)}:{line}: {phrase!r} -> {suggestion}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
