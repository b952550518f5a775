# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requirements of an execution environment with the collection, as read by ansible-builder."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import execution_environment
from environments import Offline, environment


def test_ansible_builder_takes_the_definition_and_installs_the_artifact(tmp_path: Path) -> None:
    try:
        programs = environment("execution-environment", execution_environment.PACKAGES)
    except Offline:
        pytest.skip("the package index does not respond")
    context = execution_environment.write_context(tmp_path, programs)
    [artifact] = tmp_path.glob("*.tar.gz")
    copied = context / "_build/src" / artifact.name
    assert copied.read_bytes() == artifact.read_bytes()
    installed = yaml.safe_load((context / "_build/requirements.yml").read_text())["collections"]
    assert installed == [{"name": f"src/{artifact.name}", "type": "file"}]
    containerfile = (context / "Containerfile").read_text()
    assert f'ARG EE_BASE_IMAGE="{execution_environment.BASE}"' in containerfile
    assert f"/usr/bin/{execution_environment.PYTHON}" in containerfile
    assert "requirements.yml" in containerfile


def test_without_an_engine_nothing_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert execution_environment.main() == 75
    assert capsys.readouterr().err == "make execution-environment: install Podman or Docker first\n"
