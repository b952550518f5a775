# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The release script: the same version everywhere, a rehearsal in a copy, and errors."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

import pytest
import yaml

import aci_emulator
import build
import release as script
import tree

PLACES = {
    "README.md",
    "docs/docsite/rst/emulator.rst",
    "docs/docsite/rst/guide_emulator.rst",
    "emulator/README.md",
    "emulator/pyproject.toml",
    "emulator/src/aci_emulator/__init__.py",
    "galaxy.yml",
}


def test_one_version_stands_everywhere() -> None:
    found = script.versions(tree.ROOT)
    assert set(found) == PLACES
    assert {name: names for name, names in found.items() if names != {aci_emulator.__version__}} == {}
    assert script.current(tree.ROOT) == aci_emulator.__version__


HISTORY = re.compile(r"(version_added: |added in version |aci-emulator record )\d+\.\d+\.\d+")
"""Sentences that keep their version when another one is released."""


def test_no_other_file_of_the_project_names_the_version() -> None:
    """If one does, scripts/release.py must also update it."""
    version = re.compile(rf"(?<![\w.]){re.escape(script.current(tree.ROOT))}(?![\w.]|\+)")
    # The history, and tests about versions, do not refer to the version of the checkout.
    aside = ("CHANGELOG.md", "changelogs/", "tests/", "emulator/tests/")
    names = [path for path in tree.files() if not str(path.relative_to(tree.ROOT)).startswith(aside)]
    texts = {str(path.relative_to(tree.ROOT)): HISTORY.sub("", path.read_text(errors="replace")) for path in names}
    found = {name for name, text in texts.items() if version.search(text)}
    assert found - PLACES == set()


def test_a_release_is_prepared_checked_described_and_built(
    checkout: Path, next_version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = script.current(checkout), next_version
    with pytest.raises(script.NotReady, match="name another version"):
        script.check(checkout, new)
    script.prepare(checkout, new)
    assert script.versions(checkout) == {name: {new} for name in PLACES}
    script.check(checkout, new)
    changelog = yaml.safe_load((checkout / "changelogs/changelog.yaml").read_text())
    assert "aci_group - mend the rehearsed." in changelog["releases"][new]["changes"]["bugfixes"]
    described = script.notes(checkout, new)
    assert "mend the rehearsed" in described
    assert "<a id=" not in described
    assert script.notes(checkout, old) == script.notes(tree.ROOT, old)
    assert script.notes(checkout, old) not in described

    monkeypatch.setattr(tree, "ROOT", checkout)
    monkeypatch.setattr(build, "BUILD", checkout / ".build")
    (checkout / ".build").mkdir()
    assert build.main() == 0
    names = sorted(path.name for path in (checkout / ".build").iterdir())
    assert names == [
        "Containerfile",
        f"aci_emulator-{new}-py3-none-any.whl",
        f"azure_containers-aci-{new}.tar.gz",
    ]
    with tarfile.open(checkout / ".build" / names[2]) as artifact:
        files = {member.name for member in artifact if member.isfile()}
    assert {name for name in files if name.startswith(("tests/", "extensions/"))} == {"tests/config.yml"}


def test_one_place_with_another_version_is_found(checkout: Path) -> None:
    page = checkout / "emulator/README.md"
    page.write_text(page.read_text().replace(f"download/{script.current(checkout)}", "download/0.9.9"))
    with pytest.raises(script.NotReady, match=r"emulator/README\.md: 0\.9\.9, "):
        script.check(checkout, script.current(checkout))


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("1.1", "write three numbers"),
        ("v1.1.0", "write three numbers"),
        ("1.1.0-beta", "write three numbers"),
        ("01.1.0", "write three numbers"),
        ("0.0.1", "name a later one"),
    ],
)
def test_a_version_that_cannot_follow_changes_nothing(checkout: Path, version: str, told: str) -> None:
    before = script.versions(checkout)
    with pytest.raises(script.NotReady, match=told):
        script.prepare(checkout, version)
    assert script.versions(checkout) == before


def test_a_release_needs_a_fragment(checkout: Path, next_version: str) -> None:
    for path in (checkout / "changelogs/fragments").glob("*.yml"):
        path.unlink()
    with pytest.raises(script.NotReady, match="there is no change to release"):
        script.prepare(checkout, next_version)


def test_fragments_left_over_hold_a_release_back(checkout: Path) -> None:
    with pytest.raises(script.NotReady, match=r"still has .*rehearsal\.yml"):
        script.check(checkout, script.current(checkout))


def test_a_version_without_a_changelog_entry_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main(["notes", "99.0.0"]) == 1
    assert capsys.readouterr().err == (
        "scripts/release.py notes: CHANGELOG.md has no section for 99.0.0; "
        "scripts/release.py prepare 99.0.0 writes it\n"
    )
