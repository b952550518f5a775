# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation's site in `.build/docs/html`: every module, plugin and guide, and no warning.

antsibull-docs turns the collection into reStructuredText, and Sphinx that into pages. Both see a copy of the
checkout's files, so that what they leave behind is below `.build` alone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import yaml

import tree
from environments import UNAVAILABLE, EnvironmentFailed, Offline, environment

PACKAGES = ("ansible-core>=2.18.0", "antsibull-docs>=2.16.0", "sphinx>=8.0", "sphinx-ansible-theme>=0.10.4")
BUILD = tree.ROOT / ".build" / "docs"
REFERENCE = "reference.rst"

# Ansible's own pages that generated text refers to. An inventory of our own spares the download of Ansible's.
LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
PLUGIN = re.compile(r"\bansible_collections\.ansible\.builtin\.(\w+)")
ANSPLUGIN = re.compile(r"<ansible\.builtin\.(\w+)#(\w+)>")
VARIABLE = re.compile(r":envvar:`(ANSIBLE[A-Z\\_]+)`")  # underscores come with a backslash


def main() -> int:
    try:
        programs = environment("docs", PACKAGES)
    except EnvironmentFailed as error:
        print(f"make docs: {error}", file=sys.stderr)
        return UNAVAILABLE if isinstance(error, Offline) else 1
    shutil.rmtree(BUILD, ignore_errors=True)
    source = BUILD / "rst"
    source.mkdir(parents=True)
    source.chmod(0o700)  # antsibull-docs wants it so
    tree.copy(tree.collection_files(), BUILD)
    shutil.copy2(tree.ROOT / "docs/site/conf.py", source)
    shutil.copytree(tree.ROOT / "docs/site/static", source / "static")
    generate = [
        str(programs / "antsibull-docs"),
        "collection",
        "--use-current",
        "--squash-hierarchy",
        "--fail-on-error",
    ]
    generate += ["--no-add-antsibull-docs-version", "--dest-dir", str(source), f"{tree.NAMESPACE}.{tree.NAME}"]
    if code := run(generate, programs):
        return code
    write_index(source)
    write_inventory(source)
    build = ["-b", "html", "-W", "--keep-going", "-q", "-d", str(BUILD / "doctrees"), str(source), str(BUILD / "html")]
    if code := run([str(programs / "sphinx-build"), *build], programs):
        return code
    pages = len(list((BUILD / "html").rglob("*.html")))
    print(f"{pages} pages, without a warning: {(BUILD / 'html/index.html').relative_to(tree.ROOT)}")
    return 0


def run(command: list[str], programs: Path) -> int:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {
        "ANSIBLE_COLLECTIONS_PATH": str(BUILD),
        "ANSIBLE_HOME": str(BUILD / "ansible-home"),
        "PATH": f"{programs}{os.pathsep}{environment['PATH']}",
        "LC_ALL": environment.get("LC_ALL", "C.UTF-8"),
    }
    return subprocess.run(command, cwd=BUILD, env=environment, check=False).returncode


def write_index(source: Path) -> None:
    """Put the site's own first page before the collection's, which lists the plugins and becomes the reference."""
    sections = yaml.safe_load((tree.ROOT / "docs/docsite/extra-docs.yml").read_text())["sections"]
    (source / "index.rst").rename(source / REFERENCE)
    page = source / REFERENCE
    # Each guide is in one table of contents: that of the first page.
    titles = "|".join(re.escape(section["title"]) for section in sections)
    page.write_text(re.sub(rf"^(?:{titles})\n-+\n\n\.\. toctree::\n(?:    .*\n|\n)+", "", page.read_text(), flags=re.M))
    text = (tree.ROOT / "docs/site/index.rst").read_text()
    groups = [(section["title"], [f"docsite/{name}" for name in section["toctree"]]) for section in sections]
    for title, entries in [*groups, ("Reference", [f"Modules and plugins <{page.stem}>"])]:
        listed = "".join(f"   {entry}\n" for entry in entries)
        text += f"\n{title}\n{'-' * len(title)}\n\n.. toctree::\n   :maxdepth: 1\n\n{listed}"
    (source / "index.rst").write_text(text)


def write_inventory(source: Path) -> None:
    """Write where Ansible's pages are that the texts refer to, as Sphinx reads it: one object a line, compressed."""
    text = "\n".join(path.read_text() for path in sorted(source.rglob("*.rst")))
    plugins = {*PLUGIN.findall(text), *(f"{name}_{kind}" for name, kind in ANSPLUGIN.findall(text))}
    lines = [f"{label} std:label -1 {page} -" for label, page in LABELS.items()]
    for plugin in sorted(plugins):
        name = re.sub(r"_(module|lookup|filter|test|callback|connection|inventory)$", r" \1", plugin)
        page = f"collections/ansible/builtin/{plugin}.html"
        lines.append(f"ansible_collections.ansible.builtin.{plugin} std:label -1 {page} ansible.builtin.{name}")
    variables = sorted({name.replace("\\", "") for name in VARIABLE.findall(text)})
    lines += [f"{name} std:envvar 1 reference_appendices/config.html#envvar-{name} -" for name in variables]
    head = ["Sphinx inventory version 2", "Project: Ansible", "Version: latest", "The remainder is compressed by zlib."]
    content = "".join(f"{line}\n" for line in lines)
    (source / "ansible.inv").write_bytes(
        "".join(f"# {line}\n" for line in head).encode() + zlib.compress(content.encode())
    )


if __name__ == "__main__":
    sys.exit(main())
