# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare a release, and answer what the release workflow asks about it.

scripts/release.py prepare X.Y.Z   write the version wherever it stands, and the changelog from the fragments
scripts/release.py check X.Y.Z     fail unless the checkout is that release, ready to be tagged
scripts/release.py notes X.Y.Z     print that version's part of CHANGELOG.md
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import yaml

import tree

CHANGELOG = "CHANGELOG.md"
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
# Where the version itself is kept: one line each, with the version as the second group.
SOURCES = {
    "galaxy.yml": re.compile(r"^(version: )(\S+)$", re.MULTILINE),
    "emulator/pyproject.toml": re.compile(r'^(version = ")([^"]+)', re.MULTILINE),
    "emulator/src/aci_emulator/__init__.py": re.compile(r'^(__version__ = ")([^"]+)', re.MULTILINE),
}
# What pages install: addresses and names of a release's files, and the collection by its name.
INSTALLED = re.compile(
    r"(/releases/download/|\baci_emulator-|\bazure_containers-aci-|\bazure_containers\.aci:==)(\d+\.\d+\.\d+)\b"
)


class NotReady(Exception):
    """The release cannot be made; the text says why, and what to do."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("action", choices=["prepare", "check", "notes"])
    parser.add_argument("version", help="three numbers, X.Y.Z; the tag has the same name")
    given = parser.parse_args(arguments)
    try:
        if given.action == "prepare":
            prepare(tree.ROOT, given.version)
        elif given.action == "check":
            check(tree.ROOT, given.version)
        else:
            print(notes(tree.ROOT, given.version))
    except NotReady as error:
        print(f"scripts/release.py {given.action}: {error}", file=sys.stderr)
        return 1
    return 0


def places(root: Path) -> dict[str, re.Pattern[str]]:
    """Every file that names the version, by its path below root, and the pattern that finds the version in it."""
    pages = (*root.glob("*.md"), *root.glob("emulator/*.md"), *root.glob("docs/docsite/rst/*.rst"))
    found = {
        str(path.relative_to(root)): INSTALLED
        for path in pages
        if path.name != CHANGELOG and INSTALLED.search(path.read_text(encoding="utf-8"))
    }
    return SOURCES | dict(sorted(found.items()))


def versions(root: Path) -> dict[str, set[str]]:
    """The versions that each of those files names: the same one everywhere, unless somebody wrote one by hand."""
    return {
        name: {match[2] for match in pattern.finditer((root / name).read_text(encoding="utf-8"))}
        for name, pattern in places(root).items()
    }


def current(root: Path) -> str:
    return str(yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def write(root: Path, version: str) -> list[str]:
    """Write the version into its places; return the names of the files that changed."""
    changed = []
    for name, pattern in places(root).items():
        path = root / name
        before = path.read_text(encoding="utf-8")
        after = pattern.sub(lambda match: match[1] + version, before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(name)
    return changed


def prepare(root: Path, version: str) -> None:
    """Write the version and the changelog; what is left is to read the difference, commit it and tag it.

    Raises NotReady for a version that does not follow the current one, or where there is nothing to release.
    """
    old = current(root)
    if _numbers(version) <= _numbers(old):
        raise NotReady(f"the checkout is version {old} already: name a later one than that, not {version}")
    if not _fragments(root):
        raise NotReady("changelogs/fragments is empty: there is no change to release")
    changed = write(root, version)
    tools = tree.ROOT / ".venv" / "bin"
    command = [str(tools / "antsibull-changelog"), "release", "--version", version]
    variables = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}  # it calls ansible-doc
    done = subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotReady(f"antsibull-changelog release failed:\n{done.stdout}{done.stderr}")
    print("\n".join([*changed, CHANGELOG]))


def check(root: Path, version: str) -> None:
    """Raises NotReady unless every place names this version and the changelog has a part for it."""
    _numbers(version)
    wrong = {name: sorted(found) for name, found in versions(root).items() if found != {version}}
    if wrong:
        listed = "".join(f"\n  {name}: {', '.join(found) or 'none'}" for name, found in wrong.items())
        raise NotReady(f"these files name another version than {version}; run scripts/release.py prepare:{listed}")
    if left := _fragments(root):
        raise NotReady(f"changelogs/fragments still has {', '.join(left)}: they are not in the changelog yet")
    notes(root, version)


def notes(root: Path, version: str) -> str:
    """The version's part of the changelog, in Markdown, without its heading. Raises NotReady if it has none."""
    anchor = f'<a id="v{version.replace(".", "-")}"></a>\n'
    _, found, rest = (root / CHANGELOG).read_text(encoding="utf-8").partition(anchor)
    if not found:
        raise NotReady(f"{CHANGELOG} has no section for {version}; scripts/release.py prepare {version} writes it")
    part = re.split(r'^<a id="v\d', rest, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines()[1:] if not line.startswith("<a id=")]
    return "\n".join(lines).strip()


def _fragments(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "changelogs/fragments").glob("*.yml"))


def _numbers(version: str) -> tuple[int, ...]:
    if not (match := VERSION.fullmatch(version)):
        raise NotReady(f"{version} is not a valid version: write three numbers, X.Y.Z")
    return tuple(map(int, match.groups()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
