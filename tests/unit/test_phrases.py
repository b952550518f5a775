# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check for phrases to avoid: what it finds, what it ignores, and what it suggests."""

from __future__ import annotations

from pathlib import Path

import phrases
import pytest

import tree


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("containers[0].name: 'x/y' is no name.", "is no name"),
        ("What is no text is refused.", "is no text"),
        ("The module tells of one group.", "tells of"),
        ("The service tells no secrets.", "service tells"),
        ("It does not tell its zones.", "does not tell"),
        ("The group is created anew.", "created anew"),
        ("The group is not as waited for.", "as waited for"),
        ("containers: a value is needed.", "a value is needed"),
        ("containers[0]: image is needed.", "image is needed"),
        ("It did not get there within 60 s.", "get there"),
        ("It is sent all the same.", "all the same"),
        ("The credentials say nothing of a tenant.", "say nothing of"),
        ("The next run goes on from the file.", "goes on from"),
        ("YAML made a boolean of it.", "YAML made"),
        ("name must be text.", "must be text"),
        ("A job is run to its end.", "to its end"),
    ],
)
def test_a_phrase_is_found(text: str, phrase: str) -> None:
    [(line, found, suggestion)] = phrases.hits(f"A first line.\n{text}\n")
    assert line == 2
    assert phrase in found
    assert suggestion


@pytest.mark.parametrize(
    "text",
    [
        "There is no name for it.",
        "If there\n    is no file, the task fails.",
        "The option is no longer an alias.",
        "a folder in which there are no files",
        "No value is required.",
        "Do not tell anyone the key.",
        "All the same, it is a change.",
        "A file tells two runs apart.",
        "The module returns one container group.",
        "The service does not return secrets.",
    ],
)
def test_plain_english_passes(text: str) -> None:
    assert list(phrases.hits(text)) == []


def test_a_phrase_is_found_across_lines() -> None:
    assert [hit[:2] for hit in phrases.hits("x\nthe group was\n  created\n  anew here")] == [(3, "created anew")]
    assert [hit[1] for hit in phrases.hits("# a module is made\n# anew for each")] == ["made # anew"]


def test_the_program_names_place_and_suggestion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "ROOT", tmp_path)
    bad, good = tmp_path / "bad.md", tmp_path / "good.md"
    bad.write_text("The group is fine.\nThe group is not as waited for.\n")
    good.write_text("The group did not reach wait_for: running.\n")
    said: list[str] = []
    monkeypatch.setattr("builtins.print", said.append)
    assert phrases.main([str(good)]) == 0
    assert phrases.main([str(bad), str(good)]) == 1
    assert said == ["bad.md:2: 'as waited for' -> did not reach wait_for"]


def test_the_files_that_are_excluded_exist() -> None:
    names = [str(path.relative_to(tree.ROOT)) for path in tree.files()]
    assert [each for each in phrases.EXCLUDED if not any(name.startswith(each) for name in names)] == []
