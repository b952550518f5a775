# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports from a module's archive: each module is compiled once, and is otherwise as Python's own importer has it."""

from __future__ import annotations

import json
import py_compile
import subprocess
import sys
import zipfile
import zipimport
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import zip_imports

FILE = Path(zip_imports.__file__)
PROGRAM = """
import json, sys
compiled = []
sys.addaudithook(lambda event, args: compiled.append(str(args[1])) if event == "compile" else None)
sys.path.insert(0, {archive!r})
import room.first
from room.zip_imports import compile_once
if {once}:
    compile_once(room.first.__loader__)
import room.house.second
import other
from room.house import second
found = (room.first, room.house, second, other)
print(json.dumps({{
    "compiled": [path for path in compiled if path.startswith({archive!r})],
    "files": [each.__file__ for each in found],
    "specs": [[each.__spec__.origin, each.__spec__.name, each.__package__] for each in found],
    "importers": [type(each.__loader__).__name__ for each in found],
    "sources": [each.__loader__.get_source(each.__name__) for each in found],
    "value": second.VALUE,
}}))
"""


@pytest.fixture
def archive(tmp_path: Path) -> str:
    path = tmp_path / "payload.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("room/__init__.py", "")
        file.writestr("room/first.py", "VALUE = 1\n")
        file.writestr("room/zip_imports.py", FILE.read_text())
        file.writestr("room/house/__init__.py", "NAME = 'house'\n")
        file.writestr("room/house/second.py", "from ..first import VALUE as FIRST\nVALUE = FIRST + 1\n")
        file.writestr("other.py", "VALUE = 3\n")
    return str(path)


def imported(archive: str, once: bool) -> dict[str, Any]:
    """What a new interpreter finds in the archive."""
    program = PROGRAM.format(archive=archive, once=once)
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_each_module_is_compiled_once(archive: str) -> None:
    counts = Counter(imported(archive, once=True)["compiled"])
    later = {f"{archive}/{name}" for name in ("room/house/__init__.py", "room/house/second.py", "other.py")}
    assert {path: counts[path] for path in later} == dict.fromkeys(later, 1)


def test_nothing_else_differs_from_pythons_own_importer(archive: str) -> None:
    ours, own = imported(archive, once=True), imported(archive, once=False)
    assert ours.pop("importers")[1:] == ["ZipImporter"] * 3
    assert own.pop("importers")[1:] == ["zipimporter"] * 3
    assert set(ours.pop("compiled")) == set(own.pop("compiled"))
    assert ours == own
    assert ours["value"] == 2


def test_a_module_of_which_there_is_only_bytecode(archive: str, tmp_path: Path) -> None:
    source = tmp_path / "third.py"
    source.write_text("VALUE = 4\n")
    code = py_compile.compile(str(source), cfile=str(tmp_path / "third.pyc"))
    with zipfile.ZipFile(archive, "a") as file:
        file.write(str(code), "room/third.pyc")
    importer = zip_imports.ZipImporter(f"{archive}/room")
    assert importer.get_filename("room.third") == f"{archive}/room/third.pyc"


def test_a_module_that_does_not_exist(archive: str) -> None:
    with pytest.raises(ImportError, match="missing"):
        zip_imports.ZipImporter(archive).get_filename("missing")


def test_other_archives_and_folders_keep_their_importers(
    archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path_hooks", list(sys.path_hooks))
    zip_imports.compile_once(zipimport.zipimporter(archive))
    hook = sys.path_hooks[0]
    for path in (str(tmp_path), f"{archive}.other.zip", "/"):
        with pytest.raises(ImportError, match="not in"):
            hook(path)
    assert isinstance(hook(f"{archive}/room"), zip_imports.ZipImporter)


def test_a_module_from_a_folder_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path_hooks", before := list(sys.path_hooks))
    zip_imports.compile_once(__spec__.loader)
    zip_imports.compile_once(None)
    assert sys.path_hooks == before
