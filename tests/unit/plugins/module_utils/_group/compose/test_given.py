# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects in files, and their secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.given import (
    given_group,
    given_project,
    given_secrets,
    group_name,
    warnings_of,
    with_placeholders,
)

COMPOSE = """
name: My_Shop
services:
  web:
    image: nginx
    restart: always
    environment: {DB_PASSWORD: in-the-file, URL: "postgres://u:in-a-url@h/d", PLAIN: open}
    env_file: web.env
    secrets: [cert]
    labels: {a: b}
    healthcheck: {test: "true"}
    tmpfs: /t
secrets:
  cert: {file: cert.pem}
"""
FILES = {
    "compose.yaml": COMPOSE,
    "web.env": "API_TOKEN=in-the-env-file\n",
    "cert.pem": "in-the-cert\n",
    ".env": "X_KEY=in-dotenv\n",
}
SECRETS = ("in-the-file", "in-a-url", "in-the-env-file", "in-the-cert", "in-dotenv", "in-the-task")


@pytest.fixture
def params(tmp_path: Path) -> dict[str, Any]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return {"project_src": str(tmp_path), "environment": {"TOP_SECRET": "in-the-task"}}


def test_a_project_of_files(params: dict[str, Any]) -> None:
    found = given_group(params)
    assert found.definition["name"] == "my-shop"
    assert [each["name"] for each in found.definition["properties"]["containers"]] == ["web"]
    assert [note.path for note in found.notes] == [
        "services.web.labels",
        "services.web.tmpfs[0]",
        "services.web.healthcheck",
    ]
    assert given_group({**params, "name": "other"}).definition["name"] == "other"


def test_names_that_are_none(params: dict[str, Any]) -> None:
    project = given_project(params)
    project.name = "__"
    with pytest.raises(InvalidArguments, match="set name"):
        group_name({}, project)


def test_warnings(params: dict[str, Any]) -> None:
    warnings = list(warnings_of(given_group(params).notes))
    assert len(warnings) == 3
    assert warnings[-1].startswith("No effect on Container Instances: services.web.labels.")
    assert list(warnings_of([])) == []


def test_notes_can_be_refusals(params: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments, match="3 reasons") as caught:
        given_group({**params, "notes": "strict"})
    assert len(caught.value.result["refused"]) == 3


def test_placeholders_stand_for_every_secret(params: dict[str, Any]) -> None:
    shown = with_placeholders(given_group(params).definition)
    assert set(shown) == {"name", "properties"}
    assert not [secret for secret in SECRETS if secret in str(shown)]
    assert "<secret: containers[web].environment_variables[DB_PASSWORD].secure_value>" in str(shown)
    assert "open" in str(shown)


def test_every_secret_is_found(params: dict[str, Any]) -> None:
    found = given_secrets(params)
    for secret in SECRETS:
        assert any(secret == each.strip() or secret in each.split(":") for each in found), secret
    assert not found & {"open", "nginx", "web"}


def test_secrets_are_found_where_nothing_else_is(params: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE + "volumes: {unknown: 1}\nnosuch: 1\n")
    assert given_secrets(params) >= {"in-the-file", "in-the-env-file", "in-the-task"}
    (tmp_path / "compose.yaml").write_text("services: [")
    assert given_secrets(params) == {"in-the-task", "in-dotenv"}
    (tmp_path / "compose.yaml").unlink()
    assert given_secrets(params) == {"in-the-task", "in-dotenv"}
    assert given_secrets({**params, "project_src": str(tmp_path / "none")}) == {"in-the-task"}
    assert given_secrets({"environment": "text", "files": 5}) == set()


def test_no_file_is_read_where_no_project_is_given(
    params: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert given_secrets({"environment": params["environment"], "name": "shop"}) == {"in-the-task"}


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").mkdir()
    with pytest.raises(InvalidArguments, match="cannot be read: Is a directory"):
        given_project({"project_src": str(tmp_path)})
    with pytest.raises(InvalidArguments, match="cannot be read: the path is not valid"):
        given_project({"project_src": "a\0b"})
    with pytest.raises(InvalidArguments, match="does not exist"):
        given_project({"project_src": str(tmp_path), "files": ["none.yaml"]})


def test_values_of_variables_are_texts(params: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments, match=r"environment\[TAG\]"):
        given_project({**params, "environment": {"TAG": 1.1}})
