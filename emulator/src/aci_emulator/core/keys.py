# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private keys in the state directory."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from .statedir import StateError, read_file, write_file


def ensure_rsa_key(path: Path, remedy: str) -> rsa.RSAPrivateKey:
    """Returns the RSA key in a file, creating it if necessary.

    Raises StateError; if the file contains something else, its text ends with the remedy.
    """
    key = _read(path)
    if key is None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        _write(path, key)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _wrong(path, remedy)
    return key


def ensure_ec_key(path: Path, remedy: str) -> ec.EllipticCurvePrivateKey:
    """Returns the P-256 key in a file, creating it if necessary. Raises the same as ``ensure_rsa_key``."""
    return read_ec_key(path, remedy) or make_ec_key(path)


def read_ec_key(path: Path, remedy: str) -> ec.EllipticCurvePrivateKey | None:
    """Returns the P-256 key in a file, or None if the file is missing. Raises the same as ``ensure_rsa_key``."""
    key = _read(path)
    if key is not None and not isinstance(key, ec.EllipticCurvePrivateKey):
        raise _wrong(path, remedy)
    return key


def make_ec_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Creates a P-256 key, writes it to a file, and returns it. Raises StateError."""
    key = ec.generate_private_key(ec.SECP256R1())
    _write(path, key)
    return key


def _read(path: Path) -> object | None:
    """Returns the private key in a file, None if the file is missing, and False if it contains something else."""
    content = read_file(path)
    if content is None:
        return None
    try:
        return serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        return False


def _write(path: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    write_file(
        path,
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def _wrong(path: Path, remedy: str) -> StateError:
    return StateError(f"{path} does not contain the expected private key. {remedy}")
