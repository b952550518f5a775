# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The authority of the interception: the hosts that it may certify, for how long, and who can read its key."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from aci_emulator.core.interception_files import InterceptionFiles
from aci_emulator.serving import interception_ca
from aci_emulator.serving.interception_ca import InterceptionAuthority, system_roots


def handshake(server: ssl.SSLContext, bundle: Path, name: str) -> None:
    """Connects a client that trusts the bundle to a server, in memory. Raises ssl.SSLError."""
    client_in, client_out = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context(cafile=str(bundle)).wrap_bio(client_in, client_out, server_hostname=name)
    served = server.wrap_bio(client_out, client_in, server_side=True)
    for _ in range(10):
        waiting = 0
        for side in (client, served):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                waiting += 1
        if not waiting:
            return
    raise AssertionError("the handshake did not end")


def test_a_client_with_the_bundle_trusts_azures_names(tmp_path: Path) -> None:
    authority = InterceptionAuthority(tmp_path)
    for name in ("management.azure.com", "login.microsoftonline.us", "westeurope.management.azure.com"):
        handshake(authority.context(name), authority.files.bundle, name)
    assert authority.context("management.azure.com") is authority.context("management.azure.com")


@pytest.mark.parametrize("name", ["example.com", "azure.com", "shop.vault.azure.net", "web.westus2.azurecontainer.io"])
def test_the_authority_is_good_for_no_other_name(tmp_path: Path, name: str) -> None:
    """A leaked key is useless: clients refuse its certificates for other hosts."""
    authority = InterceptionAuthority(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(authority.context(name), authority.files.bundle, name)


def test_what_the_certificate_says(tmp_path: Path) -> None:
    files = InterceptionAuthority(tmp_path).files
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    constraints = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    excluded = [str(each.value) for each in constraints.value.excluded_subtrees or []]
    assert excluded == ["0.0.0.0/0", "::/0"]
    assert ca.not_valid_after_utc - datetime.now(UTC) < timedelta(days=15)
    basic = ca.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)


def test_who_can_read_what(tmp_path: Path) -> None:
    state = tmp_path / "state"
    files = InterceptionAuthority(state).files
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in files.folder.iterdir()}
    assert modes == {"ca.pem": 0o644, "ca.key": 0o600, "bundle.pem": 0o644, "azure": 0o700}
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    files.ca_key.chmod(0o644)
    InterceptionAuthority(state)
    assert stat.S_IMODE(files.ca_key.stat().st_mode) == 0o600


def test_no_key_of_a_leaf_stays(tmp_path: Path) -> None:
    authority = InterceptionAuthority(tmp_path)
    authority.context("management.azure.com")
    assert sorted(each.name for each in authority.files.folder.iterdir()) == ["azure", "bundle.pem", "ca.key", "ca.pem"]


def test_the_bundle_is_the_systems_roots_and_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = tmp_path / "ours.pem"
    ours.write_text("what an emulator said before")
    monkeypatch.setenv("SSL_CERT_FILE", str(ours))
    roots = system_roots()
    assert roots is not None
    assert roots != ours
    files = InterceptionAuthority(tmp_path / "state").files
    assert files.bundle.read_bytes() == roots.read_bytes().rstrip() + b"\n" + files.ca.read_bytes()


def test_it_is_kept_and_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = InterceptionFiles(tmp_path)
    InterceptionAuthority(tmp_path)
    first = files.ca.read_bytes()
    InterceptionAuthority(tmp_path)
    assert files.ca.read_bytes() == first
    InterceptionAuthority(tmp_path, ["management.azure.com"])
    assert files.ca.read_bytes() != first  # it was valid for more domains than it should be

    other = tmp_path / "other"
    InterceptionAuthority(other)
    InterceptionFiles(other).ca_key.replace(files.ca_key)  # which does not match the certificate
    authority = InterceptionAuthority(tmp_path)
    handshake(authority.context("management.azure.com"), files.bundle, "management.azure.com")

    # An authority that is about to expire is replaced while the emulator is running, and so is the bundle.
    monkeypatch.setattr(interception_ca, "_CA_REST", timedelta(days=15))
    before = files.ca.read_bytes()
    context = authority.context("login.microsoftonline.com")
    after = files.ca.read_bytes()
    assert after != before
    assert files.bundle.read_bytes().endswith(after)
    handshake(context, files.bundle, "login.microsoftonline.com")


def test_what_is_not_a_certificate_is_replaced(tmp_path: Path) -> None:
    files = InterceptionFiles(tmp_path)
    files.folder.mkdir()
    files.ca.write_text("nonsense")
    files.ca_key.write_text("nonsense")
    InterceptionAuthority(tmp_path)
    assert serialization.load_pem_private_key(files.ca_key.read_bytes(), None)
