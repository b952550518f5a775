# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random paths must not look like expressions: ansible-core warns about ``-8if`` as an invalid literal."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("bench", "emulator", "scripts", "tests")
MAKERS = ("TemporaryDirectory", "NamedTemporaryFile", "mkdtemp", "mkstemp")
ELSEWHERE = {
    "emulator/src/aci_emulator/runtime/engines/engine.py": "for the socket of Podman's service",
    "emulator/tests/pages/test_pages_browser.py": "for the profile of a browser",
    "emulator/tests/support/machine.py": "for the storage of Podman",
}
"""The paths that Ansible never sees, and their purpose."""


def prefixes() -> Iterator[tuple[str, str]]:
    """Each file that creates random paths, with their prefix."""
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] not in MAKERS:
                continue
            given = [each.value for each in node.keywords if each.arg == "prefix"]
            if given and isinstance(given[0], ast.Constant):
                yield str(path.relative_to(ROOT)), str(given[0].value)


def warned(path: str) -> bool:
    """Whether a path is mistaken for an expression with a number next to an operator."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(path, "<path>", "eval")
        except SyntaxError:
            return any(issubclass(each.category, SyntaxWarning) for each in caught)
    return any(issubclass(each.category, SyntaxWarning) for each in caught)


def test_what_is_looked_for() -> None:
    assert warned("/tmp/aci-demo-8if_0x1/home")
    assert not warned("/tmp/aci_demo_8if_0x1/home")


@pytest.mark.parametrize(("file", "prefix"), sorted(set(prefixes())))
def test_no_prefix_lets_a_number_begin(file: str, prefix: str) -> None:
    if file in ELSEWHERE:
        return
    assert not any(warned(f"/tmp/{prefix}{digit}{word}_0x1/home") for digit in "08" for word in ("if", "or", "and"))


def test_no_exception_is_out_of_date() -> None:
    assert set(ELSEWHERE) <= {file for file, _prefix in prefixes()}
