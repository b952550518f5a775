# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate authority that certifies Azure's own hosts, only for clients of the emulator.

It is harmless even if it leaks: it is valid for two weeks, its key in the state directory is readable only by the
owner, a critical name constraint limits it to the hosts that the emulator replaces, and it is never installed. Clients
trust it through a bundle with the system's roots and this authority.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ..core.clouds import CONSTRAINTS
from ..core.interception_files import InterceptionFiles
from ..core.keys import make_ec_key, read_ec_key
from ..core.statedir import StateError, prepare, read_file, write_file
from .tls import key_usage

_CA_LIFE = timedelta(days=14)
_CA_REST = timedelta(days=2)  # its minimum remaining validity when it signs
_LEAF_LIFE = timedelta(days=1)
_SKEW = timedelta(hours=1)
_MOST_CONTEXTS = 200
_SYSTEM_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/ca-certificates/cert.pem",
)


class InterceptionAuthority:
    """An authority in a state directory, which is created if it is missing or about to expire.

    ``domains`` are the domains whose hosts it may certify. Raises StateError if its files cannot be used.
    """

    def __init__(self, state_dir: Path, domains: Sequence[str] = CONSTRAINTS) -> None:
        self.files = InterceptionFiles(state_dir)
        self._domains = tuple(domains)
        prepare(self.files.folder)
        prepare(self.files.azure_config)
        self._key, self._certificate = self._load() or self._make()
        self._write_bundle()
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: dict[str, tuple[datetime, ssl.SSLContext]] = {}

    def context(self, host: str) -> ssl.SSLContext:
        """Returns the TLS context for a host. Raises ValueError if no certificate can be issued for it."""
        now = datetime.now(UTC)
        renew, context = self._contexts.get(host, (now, None))
        if context is None or now >= renew:
            if self._certificate.not_valid_after_utc < now + _CA_REST:
                self._key, self._certificate = self._make()
                self._write_bundle()
                self._contexts.clear()
            while len(self._contexts) >= _MOST_CONTEXTS:
                self._contexts.pop(next(iter(self._contexts)))
            context = self._make_context(host)
            self._contexts[host] = (now + _LEAF_LIFE / 2, context)
        return context

    def _load(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None:
        """Reads the files. Returns None if they are missing, do not match, or are for other domains."""
        try:
            key = read_ec_key(self.files.ca_key, "")
            certificate = x509.load_pem_x509_certificate(read_file(self.files.ca) or b"")
            constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints)
        except (StateError, ValueError, x509.ExtensionNotFound):
            return None
        if (
            key is None
            or key.public_key() != certificate.public_key()
            or certificate.not_valid_after_utc < datetime.now(UTC) + _CA_REST
            or not constraints.critical
            or constraints.value != _constraints(self._domains)
        ):
            return None
        self.files.ca_key.chmod(0o600)
        return key, certificate

    def _make(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        key = make_ec_key(self.files.ca_key)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aci-emulator interception (this machine only)")])
        certificate = (
            _builder(name, name, key.public_key(), _CA_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(key_usage(signs_certificates=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_constraints(self._domains), critical=True)
            .sign(key, hashes.SHA256())
        )
        write_file(self.files.ca, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)
        return key, certificate

    def _write_bundle(self) -> None:
        roots = system_roots()
        content = roots.read_bytes().rstrip() + b"\n" if roots is not None else b""
        write_file(self.files.bundle, content + self._certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)

    def _make_context(self, host: str) -> ssl.SSLContext:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aci-emulator, in the place of Azure")])
        issuer_id = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        leaf = (
            _builder(subject, self._certificate.subject, self._leaf_key.public_key(), _LEAF_LIFE)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        # The module ssl reads certificates only from files; this one is removed immediately.
        with tempfile.NamedTemporaryFile(dir=self.files.folder, suffix=".pem") as file:
            file.write(
                self._leaf_key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
                + leaf.public_bytes(serialization.Encoding.PEM)
                + self._certificate.public_bytes(serialization.Encoding.PEM)
            )
            file.flush()
            context.load_cert_chain(file.name)
        return context


def system_roots() -> Path | None:
    """Returns the file with the system's own roots, or that of certifi; None if there is neither.

    Ignores SSL_CERT_FILE, which may be the emulator's own authority.
    """
    for name in (ssl.get_default_verify_paths().openssl_cafile, *_SYSTEM_ROOTS):
        if name and os.path.isfile(name):
            return Path(name)
    try:
        import certifi
    except ImportError:
        return None
    return Path(certifi.where())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _constraints(domains: Sequence[str]) -> x509.NameConstraints:
    """Allows only these domains, and no IP addresses."""
    addresses = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
    return x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(domain) for domain in domains],
        excluded_subtrees=[x509.IPAddress(each) for each in addresses],
    )
