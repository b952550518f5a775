# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first page of the documentation's site: what this is, an example, and every guide in one group."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
import yaml

import docs

ROOT = Path(__file__).resolve().parents[3]
GENERATED = """\
Azure_Containers.Aci
====================

.. contents::

Start
-----

.. toctree::
    :maxdepth: 1

    docsite/guide_getting_started

.. _plugin_index:

Plugin Index
------------

.. toctree::
    :hidden:

    aci_group_module
"""


@pytest.fixture
def pages(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "index.rst").write_text(GENERATED)
    docs.write_index(tmp_path)
    return (tmp_path / "index.rst").read_text(), (tmp_path / docs.REFERENCE).read_text()


def test_the_example_is_that_of_the_readme() -> None:
    readme = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    page = re.search(r"code-block:: yaml\+jinja\n\n(.*?)\n\n\S", (ROOT / "docs/site/index.rst").read_text(), re.DOTALL)
    assert readme is not None
    assert page is not None
    assert textwrap.dedent(page[1]).strip() == readme[1].strip()


def test_every_guide_is_in_one_group(pages: tuple[str, str]) -> None:
    listed = re.findall(r"^   docsite/(\w+)$", pages[0], re.MULTILINE)
    assert sorted(listed) == sorted(path.stem for path in (ROOT / "docs/docsite/rst").glob("*.rst"))
    sections = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text())["sections"]
    for title in [*(section["title"] for section in sections), "Reference"]:
        assert f"\n{title}\n{'-' * len(title)}\n" in pages[0]


def test_the_plugins_become_the_reference(pages: tuple[str, str]) -> None:
    assert "   Modules and plugins <reference>\n" in pages[0]
    assert "aci_group_module" in pages[1]
    assert "guide_getting_started" not in pages[1]
    assert ".. _plugin_index:" in pages[1]
