# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The descriptions of options and results: none is duplicated; common ones are in fragments."""

from __future__ import annotations

import ast
import functools
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.azure_containers.aci.plugins.doc_fragments"
MODULES = sorted((PLUGINS / "modules").glob("*.py"))
FRAGMENTS = sorted((PLUGINS / "doc_fragments").glob("*.py"))
# Results cannot come from fragments: ansible-core merges only options, attributes, notes and seealso.
SAME_RESULTS = ("missing_actions", "attempts", "saved_logs", "doubts", "failure_logs")
SHORT = 60
"""Shorter sentences may be in several modules, because their similarity is a coincidence."""


@functools.cache
def own(path: Path, part: str) -> Any:
    """DOCUMENTATION or RETURN of a module, without its fragments."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == part:
            return _load(ast.literal_eval(node.value)) or {}
    return {}


def _load(text: str) -> Any:
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def fragment(path: Path) -> Any:
    return importlib.import_module(f"{PACKAGE}.{path.stem}")


@functools.cache
def of_fragment(path: Path) -> dict[str, Any]:
    """The documents in a fragment, by the names of their attributes."""
    found = vars(fragment(path).ModuleDocFragment)
    return {name: _load(text) for name, text in found.items() if name.isupper()}


def described(options: dict[str, Any] | None, path: str = "") -> Iterator[tuple[str, str]]:
    """Each sentence of a description, with its option."""
    for name, option in (options or {}).items():
        given = option.get("description") or []
        for text in [given] if isinstance(given, str) else given:
            yield f"{path}{name}", text
        yield from described(option.get("suboptions"), f"{path}{name}.")


def test_no_description_of_an_option_stands_in_two_files() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        for option, text in described(own(path, "DOCUMENTATION").get("options")):
            places[text].add(f"{path.name}: {option}")
    for path in FRAGMENTS:
        for document in of_fragment(path).values():
            for option, text in described(document.get("options")):
                places[text].add(f"{path.name}: {option}")
    twice = {
        text: sorted(found)
        for text, found in places.items()
        if len(text) > SHORT and len({place.partition(":")[0] for place in found}) > 1
    }
    assert twice == {}, "put the option into a fragment that these modules share"


def test_no_option_of_a_fragment_is_written_in_its_module_too() -> None:
    for path in MODULES:
        document = own(path, "DOCUMENTATION")
        for name in document["extends_documentation_fragment"]:
            stem, _dot, attribute = name.removeprefix("azure_containers.aci.").partition(".")
            shared = of_fragment(PLUGINS / "doc_fragments" / f"{stem}.py")[attribute.upper() or "DOCUMENTATION"]
            twice = set(shared.get("options") or {}) & set(document.get("options") or {})
            assert not twice, f"{path.name} and {name}"


@pytest.mark.parametrize("name", SAME_RESULTS)
def test_results_of_one_name_have_the_same_parts(name: str) -> None:
    results = {path.stem: result[name] for path in MODULES if name in (result := own(path, "RETURN"))}
    found = {module: result["contains"] for module, result in results.items() if "contains" in result}
    assert len(found) > 1
    elsewhere = [result for module, result in results.items() if module not in found]
    assert all(f"aci_group#module:{name})" in " ".join(result["description"]) for result in elsewhere)
    first, *others = found
    assert [other for other in others if found[other] != found[first]] == [], f"{name}: unlike {first}"


@pytest.mark.parametrize("module", ["group", "run", "profile", "compose"])
def test_marks_leave_nothing_behind(module: str) -> None:
    text = fragment(PLUGINS / "doc_fragments/_group.py").options_of(module)
    assert "#[" not in text
    assert _load(text)["options"]


def test_marks_name_modules_that_there_are() -> None:
    text = fragment(PLUGINS / "doc_fragments/_group.py")._OPTIONS
    marks = re.findall(r"#\[.*", text)
    assert marks
    assert [
        mark
        for mark in marks
        if not re.fullmatch(r"#\[(group|run|profile|compose)( (run|profile|compose)){0,2}\]", mark)
    ] == []
    everybody = {"group", "run", "profile", "compose"}
    assert [mark for mark in marks if set(mark[2:-1].split()) == everybody] == []


def test_a_mark_takes_what_is_below_it_along() -> None:
    options = {
        module: _load(fragment(PLUGINS / "doc_fragments/_group.py").options_of(module))["options"]
        for module in ("group", "run", "profile")
    }
    assert "subnet_ids" in options["run"]
    assert "subnet_ids" not in options["profile"]
    policies = {module: " ".join(found["restart_policy"]["description"]) for module, found in options.items()}
    assert "V(Never)" in policies["run"]
    assert policies["group"] == policies["profile"] != policies["run"]
    assert options["group"]["restart_policy"]["choices"] == options["run"]["restart_policy"]["choices"]
