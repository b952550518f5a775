# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors if a module's Python is too old or lacks the required libraries."""

from __future__ import annotations

import ast
import gc
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import interpreter

ROOT = Path(__file__).resolve().parents[5]
MODULES = sorted((ROOT / "plugins/modules").glob("*.py"))
FILE = ROOT / "plugins/module_utils/_common/interpreter.py"
OLDEST = (3, 8)
"""The oldest Python for modules of the oldest supported ansible-core."""


def test_the_requirements_are_those_of_the_file() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert list(interpreter.REQUIREMENTS.values()) == [line for line in lines if line and not line.startswith("#")]


def test_a_python_that_is_new_enough_looks_for_garbage_rarely() -> None:
    before = gc.get_threshold()
    try:
        interpreter.require_python()
        assert gc.get_threshold()[0] == interpreter.RARELY
    finally:
        gc.set_threshold(*before)


def test_a_python_that_is_too_old(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(interpreter, "PYTHON", (3, 99))
    with pytest.raises(SystemExit):
        interpreter.require_python()
    result = json.loads(capsys.readouterr().out)
    assert result["failed"] is True
    assert result["error"]["code"] == "UnsupportedPython"
    for words in ("Python 3.99 or newer", sys.executable, "ansible_python_interpreter", "python3.99 -m pip install"):
        assert words in result["msg"]
    assert "{" not in result["msg"]


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10"])
def test_an_old_python_itself(version: str) -> None:
    found = [shutil.which(f"python{version}"), *Path.home().glob(f".pyenv/versions/{version}.*/bin/python")]
    # An interpreter on PATH may be a shim that does not run.
    programs = [
        each for each in found if each and not subprocess.run([each, "-V"], check=False, capture_output=True).returncode
    ]
    if not programs:
        pytest.skip(f"there is no Python {version} here")
    program = str(programs[0])
    code = f"import sys; sys.path.insert(0, {str(FILE.parent)!r}); import interpreter; interpreter.require_python()"
    done = subprocess.run([program, "-c", code], check=False, capture_output=True, text=True)
    assert f"is Python {version}." in json.loads(done.stdout)["msg"], done.stderr


@pytest.mark.parametrize("path", [*MODULES, FILE], ids=lambda path: path.stem)
def test_what_is_read_before_the_check_is_fit_for_every_python(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=OLDEST)
    imported = [node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.level]
    assert imported == ([] if path == FILE else ["module_utils._common.interpreter"])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_module_checks_first(path: Path) -> None:
    main = next(node for node in ast.parse(path.read_text()).body if getattr(node, "name", "") == "main")
    assert isinstance(main, ast.FunctionDef)
    assert ast.unparse(main.body[0]) == "require_python()"


@pytest.mark.parametrize(
    ("there", "named"),
    [
        ((), "azure-identity, azure-mgmt-containerinstance, azure-mgmt-resource, websockets are missing"),
        (("azure.identity", "websockets"), "azure-mgmt-containerinstance, azure-mgmt-resource are missing"),
        (("azure.identity", "azure.mgmt.containerinstance", "azure.mgmt.resource"), "websockets is missing"),
        (tuple(interpreter.REQUIREMENTS), "requests is missing"),
    ],
)
def test_all_that_is_missing_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...], named: str
) -> None:
    def find(name: str) -> object:
        if name.startswith("azure.mgmt") and name not in there:
            raise ModuleNotFoundError(name="azure")
        return object() if name in there else None

    monkeypatch.setattr(importlib.util, "find_spec", find)
    text = interpreter.missing_libraries("to talk to Azure", "requests")
    assert text.startswith(f"{named} in the Python that runs this task, {sys.executable}, but needed to talk to Azure.")
    command = text.partition(" with: ")[2]
    assert command.startswith(f"{sys.executable} -m pip install ")
    assert all(f"'{requirement}'" in command for requirement in interpreter.REQUIREMENTS.values())
