# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificates that tasks trust by default are read before the first worker starts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("cryptography")

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import tls
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.preloaded import preload_context
from ansible_collections.azure_containers.aci.tests.unit.support.tls import write_certificate


@pytest.fixture(autouse=True)
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The files that were read, in order."""
    found: list[str | None] = []
    read = tls._read
    monkeypatch.setattr(tls, "_contexts", {})
    monkeypatch.setattr(tls, "_read", lambda cafile, capath: (found.append(cafile or capath), read(cafile, capath))[1])
    return found


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_certificate(tmp_path / "ca.pem")


def test_what_tasks_trust_by_default_is_loaded_first(bundle: Path, reads: list[str | None]) -> None:
    preload_context({"AZURE_CA_BUNDLE": str(bundle)})
    tls.context_for(str(bundle), None)
    assert reads == [str(bundle)]


def test_without_a_variable_the_usual_authorities_are_loaded_first(reads: list[str | None]) -> None:
    import certifi

    preload_context({})
    assert reads == [certifi.where()]


@pytest.mark.parametrize("content", [None, "broken"])
def test_a_bundle_that_cannot_be_read_is_left_to_the_tasks(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    preload_context({"AZURE_CA_BUNDLE": str(path)})


def test_workers_inherit_what_was_loaded(bundle: Path, reads: list[str | None]) -> None:
    preload_context({"AZURE_CA_BUNDLE": str(bundle)})
    child = os.fork()
    if child == 0:
        try:
            tls.context_for(str(bundle), None)
        finally:
            os._exit(len(reads) - 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
