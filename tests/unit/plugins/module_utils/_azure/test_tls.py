# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS contexts are read once, follow changes of their files, and are used by the connections of requests."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("cryptography")

from azure.core.rest import HttpRequest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import tls
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.transport import new_transport
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import ConnectionFailed
from ansible_collections.azure_containers.aci.tests.unit.support.tls import (
    read_headers,
    server_context,
    serving_once,
    write_certificate,
)


@pytest.fixture(autouse=True)
def contexts(monkeypatch: pytest.MonkeyPatch) -> dict[Any, ssl.SSLContext]:
    found: dict[Any, ssl.SSLContext] = {}
    monkeypatch.setattr(tls, "_contexts", found)
    return found


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The files that were read, in order."""
    found: list[str | None] = []
    read = tls._read

    def noting(cafile: str | None, capath: str | None) -> ssl.SSLContext:
        found.append(cafile or capath)
        return read(cafile, capath)

    monkeypatch.setattr(tls, "_read", noting)
    return found


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_certificate(tmp_path / "ca.pem")


def ask(bundle: Path, server: Path) -> int:
    """The status from a server with this certificate, for a client that trusts the bundle."""

    def answer(peer: Any) -> None:
        read_headers(peer)
        peer.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    def refused(peer: Any) -> None:
        with pytest.raises(ssl.SSLError):
            server_context(server).wrap_socket(peer, server_side=True)

    trusted = bundle.read_bytes() == server.read_bytes()
    with serving_once(answer if trusted else refused, server_context(server) if trusted else None) as url:
        transport = new_transport(str(bundle))
        try:
            return int(transport.send(HttpRequest("GET", url)).status_code)
        finally:
            transport.close()


def test_a_file_is_read_once(bundle: Path, reads: list[str | None]) -> None:
    assert tls.context_for(str(bundle), None) is tls.context_for(str(bundle), None)
    assert reads == [str(bundle)]


def test_a_file_that_was_replaced_is_read_anew(bundle: Path) -> None:
    before = tls.context_for(str(bundle), None)
    write_certificate(bundle.with_name("new.pem")).replace(bundle)
    after = tls.context_for(str(bundle), None)
    assert after is not before
    assert after.get_ca_certs(binary_form=True) != before.get_ca_certs(binary_form=True)


def test_a_link_that_leads_elsewhere_is_read_anew(bundle: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.pem"
    link.symlink_to(bundle)
    before = tls.context_for(str(link), None)
    link.unlink()
    link.symlink_to(write_certificate(tmp_path / "other.pem"))
    assert tls.context_for(str(link), None) is not before


def test_a_folder_is_not_kept(tmp_path: Path, contexts: dict[Any, ssl.SSLContext]) -> None:
    assert tls.context_for(None, str(tmp_path)) is not tls.context_for(None, str(tmp_path))
    assert contexts == {}


def test_it_verifies(bundle: Path) -> None:
    context = tls.context_for(str(bundle), None)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_requests_of_two_transports_read_a_file_once(bundle: Path, reads: list[str | None]) -> None:
    assert [ask(bundle, bundle), ask(bundle, bundle)] == [204, 204]
    assert reads == [str(bundle)]


def test_a_task_trusts_its_own_authorities_alone(bundle: Path, tmp_path: Path) -> None:
    other = write_certificate(tmp_path / "other.pem")
    assert ask(bundle, bundle) == 204
    with pytest.raises(ConnectionFailed) as caught:
        ask(other, bundle)
    assert caught.value.code == "CertificateNotTrusted"


def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("not a certificate\n")
    transport = new_transport(str(broken))
    with pytest.raises(ConnectionFailed, match=r"with the certificates in .*broken\.pem"):
        transport.send(HttpRequest("GET", "https://127.0.0.1:1/"))
    transport.close()
