# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_compose, with the fake client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_compose
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock

COMPOSE = """
name: shop
services:
  web: {image: "nginx:${TAG:-1}", restart: always, labels: {a: b}, environment: {PASSWORD: pw-in-file}}
"""


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    return tmp_path


def run(client: FakeClient, check: bool = False, warned: list[str] | None = None, **options: Any) -> dict[str, Any]:
    clock = FakeClock()
    defaults = {name: spec.get("default") for name, spec in aci_compose.SPEC.arguments.items()}
    params = {**defaults, "resource_group": "rg", **options}
    warn = (warned if warned is not None else []).append
    fake: Any = client
    context = Context(params, check, True, fake, warn, sleep=clock.sleep, monotonic=clock.monotonic)
    return aci_compose.run(context)


def test_the_whole_life(folder: Path) -> None:
    client, src = FakeClient(), str(folder)
    predicted = run(client, check=True, project_src=src)
    created = run(client, project_src=src)
    assert (predicted["action"], created["action"]) == ("created", "created")
    assert "rg/shop" in str(created["diff"])
    assert run(client, project_src=src)["changed"] is False
    changed = run(client, project_src=src, environment={"TAG": "2"})
    assert [change["property"] for change in changed["changes"]] == ["containers[web].image"]
    assert run(client, project_src=src, state="restarted", environment={"TAG": "2"})["action"] == "restarted"
    assert run(client, project_src=src, state="stopped", environment={"TAG": "2"})["action"] == "stopped"
    assert run(client, project_src=src, state="absent")["action"] == "deleted"
    assert run(client, name="shop", state="absent")["action"] == "none"


def test_what_is_to_go_needs_no_project() -> None:
    client = FakeClient()
    assert run(client, name="shop", state="absent")["notes"] == []
    assert client.calls == ["get"]


def test_options_of_the_group_are_laid_over_the_project(folder: Path) -> None:
    client = FakeClient()
    result = run(client, project_src=str(folder), name="other", tags={"a": "1"}, location="eastus")
    assert client.bodies[0]["location"] == "eastus"
    assert client.bodies[0]["tags"] == {"a": "1"}
    assert "rg/other" in str(result["diff"])


def test_notes(folder: Path) -> None:
    warned: list[str] = []
    result = run(FakeClient(), project_src=str(folder), warned=warned)
    assert [note["path"] for note in result["notes"]] == ["services.web.labels"]
    assert [text for text in warned if "services.web.labels" in text]
    warned.clear()
    run(FakeClient(), project_src=str(folder), warned=warned, notes="off")
    assert not [text for text in warned if "services" in text]
    with pytest.raises(InvalidArguments):
        run(FakeClient(), project_src=str(folder), notes="strict")


def test_nothing_is_asked_for_a_project_that_is_refused(folder: Path) -> None:
    client = FakeClient()
    (folder / "compose.yaml").write_text("services: {web: {image: i, ports: ['80:80']}}")
    with pytest.raises(InvalidArguments) as caught:
        run(client, project_src=str(folder))
    assert [each["path"] for each in caught.value.result["refused"]] == ["restart_policy", "public"]
    assert client.calls == []


def test_both_doors_know_what_is_secret_in_the_files(folder: Path) -> None:
    masker = aci_compose.SPEC.masker(
        {"project_src": str(folder), "environment": {"TAG": "visible", "KEY": "hidden-key"}}
    )
    assert masker.message("pw-in-file hidden-key visible nginx") == "******** ******** visible nginx"
    shown = aci_compose.SPEC.shown({"environment": {"KEY": "hidden-key"}, "storage_account_keys": {"a": "k"}})
    assert "hidden-key" not in str(shown)


def test_every_option_of_aci_group_is_here_or_a_compose_file_says_it() -> None:
    said = {
        "definition",
        "definition_file",
        "definition_variables",  # the project is the definition
        "containers",
        "init_containers",
        "volumes",
        "ip_address",
        "os_type",
        "dns_config",
        "restart_policy",  # has its own meaning here
    }
    group = set(aci_compose.aci_group.SPEC.arguments)
    rest = group - set(aci_compose.SHARED) - said
    # Possible with extra_properties.
    assert rest == {
        "confidential_compute_properties",
        "container_group_profile",
        "diagnostics",
        "encryption_properties",
        "extensions",
        "identity_acls",
        "secret_references",
        "standby_pool_profile",
    }
