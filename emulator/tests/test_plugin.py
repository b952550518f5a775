# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fixtures of the package, in a user's pytest run."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from aci_emulator.testing import EmulatorFailed, running_emulator

PLUGIN = "aci_emulator.pytest_plugin"
GUIDE = Path(__file__).parents[2] / "docs" / "docsite" / "rst" / "emulator.rst"
TESTS = """
import json, os, ssl, urllib.request
import pytest


@pytest.fixture(scope="session")
def aci_emulator_arguments():
    return ["--runtime", "simulated", "--speed", "100"]


def get(emulator, path):
    context = ssl.create_default_context(cafile=emulator.ca)
    request = urllib.request.Request(emulator.url + path, headers=emulator.headers())
    with urllib.request.urlopen(request, context=context) as answer:
        return json.load(answer)


def test_one(aci_emulator):
    assert os.environ["AZURE_RESOURCE_MANAGER_ENDPOINT"] == aci_emulator.url
    assert os.environ["AZURE_CLIENT_SECRET"]
    aci_emulator.add_fault("answer", paths=["/metadata/*"], status=500)
    aci_emulator.freeze()
    before = get(aci_emulator, "/emulator/clock")["seconds"]
    aci_emulator.advance(60)
    assert round(get(aci_emulator, "/emulator/clock")["seconds"] - before, 3) == 60
    with pytest.raises(urllib.error.HTTPError):
        get(aci_emulator, "/metadata/endpoints")
    assert [each["status"] for each in aci_emulator.requests("GET", "/metadata/*")] == [500]


def test_two(aci_emulator):
    assert get(aci_emulator, "/metadata/endpoints")
    assert len(aci_emulator.requests()) == 1
    assert get(aci_emulator, "/emulator/clock")["frozen"] is False
    assert aci_emulator.environment("reader")["AZURE_CLIENT_ID"] != os.environ["AZURE_CLIENT_ID"]
"""


LOADED = """
from pathlib import Path
import pytest


@pytest.fixture(scope="session")
def aci_emulator_arguments():
    return ["--runtime", "simulated", "--speed", "100"]


@pytest.fixture
def aci_emulator_state():
    return Path(__file__).with_name("shop.yml")


@pytest.mark.parametrize("number", [1, 2])
def test_begins_with_the_shop(aci_emulator, number, tmp_path):
    assert aci_emulator.requests() == []
    aci_emulator.save(tmp_path / "now.yml")
    assert "name: shop" in (tmp_path / "now.yml").read_text()
"""


def test_a_file_of_state_is_a_fixture(tmp_path: Path) -> None:
    (tmp_path / "test_loaded.py").write_text(LOADED)
    (tmp_path / "shop.yml").write_text("resource_groups: [{name: shop, location: westeurope}]\n")
    run_pytest(tmp_path)


# The guide's example, with an ordinary program: no endpoints, and no options for the emulator.
MINE = """
import os
from azure.identity import DefaultAzureCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient


def deploy(resource_group, name):
    client = ContainerInstanceManagementClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"])
    resources = {"requests": {"cpu": 1, "memoryInGB": 1}}
    container = {"name": "main", "properties": {"image": "nginx", "resources": resources}}
    group = {"location": "westeurope", "properties": {"osType": "Linux", "containers": [container]}}
    client.container_groups.begin_create_or_update(resource_group, name, group).result()
"""
ARGUMENTS = """
import pytest


@pytest.fixture(scope="session")
def aci_emulator_arguments():
    return ["--runtime", "simulated", "--speed", "100"]


@pytest.fixture
def aci_emulator_state():
    from pathlib import Path
    return Path(__file__).with_name("shop.yml")
"""


def example() -> str:
    """The guide's example of tests for a program."""
    text = GUIDE.read_text()
    begin = text.index("   from azure.core.exceptions import HttpResponseError")
    lines = text[begin:].splitlines()
    end = next(number for number, line in enumerate(lines) if line and not line.startswith("   "))
    return textwrap.dedent("\n".join(lines[:end]))


def test_the_example_of_the_guide_passes(tmp_path: Path) -> None:
    pytest.importorskip("azure.mgmt.containerinstance")
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "conftest.py").write_text(ARGUMENTS)
    (tmp_path / "shop.yml").write_text("resource_groups: [{name: shop, location: westeurope}]\n")
    (tmp_path / "test_example.py").write_text(example())
    run_pytest(tmp_path)


def test_the_example_of_the_guide_fails_where_nobody_signs_in(tmp_path: Path) -> None:
    """A failed sign-in is also an HttpResponseError: a test that expects this error must not accept it."""
    pytest.importorskip("azure.mgmt.containerinstance")
    (tmp_path / "mine.py").write_text(MINE)
    broken = "    monkeypatch.setenv('AZURE_CLIENT_SECRET', 'wrong')\n"
    fixture = f"@pytest.fixture(autouse=True)\ndef nobody(aci_emulator_intercepted, monkeypatch):\n{broken}"
    (tmp_path / "conftest.py").write_text(f"{ARGUMENTS}\n\n{fixture}")
    (tmp_path / "shop.yml").write_text("resource_groups: [{name: shop, location: westeurope}]\n")
    (tmp_path / "test_example.py").write_text(example())
    done = pytest_in(tmp_path)
    assert "2 failed" in done.stdout, done.stdout


def test_fixtures(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(TESTS)
    run_pytest(tmp_path)


def run_pytest(folder: Path) -> None:
    """Two tests pass in a separate run."""
    done = pytest_in(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def pytest_in(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the tests of a folder."""
    # Installed packages declare the plugin, except if they were installed before it had the entry point.
    announced = any(each.value == PLUGIN for each in entry_points(group="pytest11"))
    options = [] if announced else ["-p", PLUGIN]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "."],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_an_emulator_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(EmulatorFailed, match="argument --speed"), running_emulator("--speed", "0"):
        pass
    with running_emulator("--runtime", "simulated", state_dir=tmp_path / "state") as first:
        assert first.proxy.startswith("http://127.0.0.1:")
        with (
            pytest.raises(EmulatorFailed, match="another aci-emulator serves"),
            running_emulator("--runtime", "simulated", state_dir=tmp_path / "state"),
        ):
            pass
