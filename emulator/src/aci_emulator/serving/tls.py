# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's own certificate authority, and its server certificate."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ..core.keys import make_ec_key, read_ec_key
from ..core.statedir import StateError, read_file, write_file

_CA_DAYS = 3650
_SERVER_DAYS = 365
_RENEW_DAYS = 30
_SKEW = timedelta(hours=1)
_NEW_AUTHORITY = "a new authority is created, which clients then have to trust"


@dataclass(frozen=True)
class Certificates:
    """Paths of PEM files: the authority that clients must trust, and the server's certificate and key."""

    ca: Path
    certificate: Path
    key: Path


def ensure_certificates(state_dir: Path, host: str) -> Certificates:
    """Returns a state directory's certificates. Creates or renews those that are missing, expiring or for other names.

    The server's certificate is for localhost, the loopback addresses and ``host``.
    """
    ca_path, ca_key_path = state_dir / "ca.pem", state_dir / "ca.key"
    server_path, server_key_path = state_dir / "server.pem", state_dir / "server.key"
    certificates = Certificates(ca_path, server_path, server_key_path)
    ca = _read(ca_path)
    if ca is None or not ca_key_path.exists():
        ca = _make_authority(make_ec_key(ca_key_path))
        write_file(ca_path, ca.public_bytes(serialization.Encoding.PEM), mode=0o644)
        server_path.unlink(missing_ok=True)
    names = _names(host)
    server = _read(server_path)
    if server is None or not _holds(server_key_path, server) or not _serves(server, names):
        key = read_ec_key(ca_key_path, f"Remove it: {_NEW_AUTHORITY}")
        if key is None or not _belongs(key, ca):
            raise StateError(f"{ca_key_path} is not the key of {ca_path}. Remove both: {_NEW_AUTHORITY}")
        server_key = make_ec_key(server_key_path)
        chain = [_make_server(server_key, names, ca, key), ca]
        write_file(server_path, b"".join(c.public_bytes(serialization.Encoding.PEM) for c in chain), mode=0o644)
    return certificates


def _read(path: Path) -> x509.Certificate | None:
    """Returns the first certificate in a file, or None if there is none or it expires soon."""
    try:
        certificate = x509.load_pem_x509_certificate(read_file(path) or b"")
    except ValueError:
        return None
    if certificate.not_valid_after_utc < datetime.now(UTC) + timedelta(days=_RENEW_DAYS):
        return None
    return certificate


def _holds(path: Path, certificate: x509.Certificate) -> bool:
    """Returns True if a file contains the certificate's key. Otherwise, both are replaced."""
    try:
        key = read_ec_key(path, "")
    except StateError:
        return False
    return key is not None and _belongs(key, certificate)


def _belongs(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bool:
    return key.public_key() == certificate.public_key()


def _serves(certificate: x509.Certificate, names: list[x509.GeneralName]) -> bool:
    present = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(names) <= set(present)


def _names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
    try:
        extra: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        extra = x509.DNSName(host)
    if extra not in names:
        names.append(extra)
    return names


def _make_authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aci-emulator local authority")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + timedelta(days=_CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _make_server(
    key: ec.EllipticCurvePrivateKey,
    names: list[x509.GeneralName],
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aci-emulator")]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + timedelta(days=_SERVER_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
            ),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )


def key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """Returns the permitted usage of a certificate's key: to sign certificates, or TLS handshakes."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
