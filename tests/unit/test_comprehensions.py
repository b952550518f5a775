# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variable of a comprehension has no name that its function uses for something of the module.

Python 3.12.1 raises UnboundLocalError for the other use if two comprehensions are in one function, which other versions
do not: since 3.12, comprehensions are compiled into their function (PEP 709).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for tree in ("plugins", "emulator/src") for path in (ROOT / tree).rglob("*.py"))

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def clashes(source: str) -> Iterator[tuple[int, str]]:
    """The line and the name of each variable of a comprehension that its function uses outside of it, too."""
    tree = ast.parse(source)
    of_module = {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)}
    for each in tree.body:
        if isinstance(each, ast.Import | ast.ImportFrom):
            of_module |= {(alias.asname or alias.name).partition(".")[0] for alias in each.names}
        elif isinstance(each, ast.Assign):
            of_module |= set().union(*map(names, each.targets))
        elif isinstance(each, ast.AnnAssign):
            of_module |= names(each.target)
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        for inner in (each for each in ast.walk(function) if isinstance(each, Comprehension)):
            own = set().union(*(names(part.target) for part in inner.generators)) & of_module
            if own:
                inside = {id(each) for each in ast.walk(inner)}
                own &= {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and id(each) not in inside}
                yield from ((inner.lineno, name) for name in sorted(own))


def test_a_clash_is_found() -> None:
    source = (
        "def _port(n):\n    return n\n\ndef f(x):\n    a = [_port for _port in x]\n    return [_port(n) for n in a]\n"
    )
    assert list(clashes(source)) == [(5, "_port")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_name_is_used_twice(path: Path) -> None:
    assert list(clashes(path.read_text())) == []
