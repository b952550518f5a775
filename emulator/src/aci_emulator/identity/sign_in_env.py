# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to sign in, each as the environment variables that clients take it from."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..core.statedir import write_file
from .directory import Directory, Principal

CREDENTIALS = "credentials.json"
CERTIFICATE = "client.pem"
CERTIFICATE_PFX = "client.pfx"
PFX_PASSWORD = "client.pfx.password"  # noqa: S105 - the name of a file
FEDERATED_TOKEN = "federated.jwt"  # noqa: S105 - the name of a file
_SERVICE_CONNECTION = "aci-emulator"


@dataclass(frozen=True)
class ServedEmulator:
    """A running emulator: its state directory, who may sign in, and its address."""

    state_dir: Path
    directory: Directory
    url: str


def _secret(principal: Principal) -> dict[str, str]:
    return {**_application(principal), "AZURE_CLIENT_SECRET": principal.secrets[0]}


def _application(principal: Principal) -> dict[str, str]:
    return {"AZURE_TENANT_ID": principal.tenant_id, "AZURE_CLIENT_ID": principal.client_id}


def _named(directory: Directory, name: str) -> Principal:
    return next(each for each in directory.principals if each.name == name)


def client_secret(served: ServedEmulator) -> dict[str, str]:
    """The first application and its secret."""
    return _secret(served.directory.main)


def auth_file(served: ServedEmulator) -> dict[str, str]:
    """The same in a file, in the format of ``az ad sp create-for-rbac --sdk-auth``."""
    return {"AZURE_AUTH_LOCATION": str(served.state_dir / CREDENTIALS)}


def certificate(served: ServedEmulator) -> dict[str, str]:
    """The first application and a certificate (PEM), which is created on first use."""
    _ensure_certificate(served)
    return {
        **_application(served.directory.main),
        "AZURE_CLIENT_CERTIFICATE_PATH": str(served.state_dir / CERTIFICATE),
    }


def certificate_pfx(served: ServedEmulator) -> dict[str, str]:
    """The same as a PFX file with a password."""
    _ensure_certificate(served)
    return {
        **_application(served.directory.main),
        "AZURE_CLIENT_CERTIFICATE_PATH": str(served.state_dir / CERTIFICATE_PFX),
        "AZURE_CLIENT_CERTIFICATE_PASSWORD": (served.state_dir / PFX_PASSWORD).read_text(),
    }


def workload_identity(served: ServedEmulator) -> dict[str, str]:
    """The first application, and a file with a token from an issuer that it trusts; the token is valid for an hour."""
    from .oidc_issuer import Issuer

    path = served.state_dir / FEDERATED_TOKEN
    write_file(path, Issuer(served.state_dir, served.directory).sign().encode())
    return {**_application(served.directory.main), "AZURE_FEDERATED_TOKEN_FILE": str(path)}


def github(served: ServedEmulator) -> dict[str, str]:
    """The first application in a job of GitHub Actions."""
    return {
        **_application(served.directory.main),
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{served.url}/oidc/github?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": served.directory.job_token,
    }


def azure_pipelines(served: ServedEmulator) -> dict[str, str]:
    """The first application in a job of Azure Pipelines."""
    main = served.directory.main
    return {
        **_application(main),
        "SYSTEM_OIDCREQUESTURI": f"{served.url}/oidc/pipelines",
        "SYSTEM_ACCESSTOKEN": served.directory.job_token,
        "AZURESUBSCRIPTION_CLIENT_ID": main.client_id,
        "AZURESUBSCRIPTION_TENANT_ID": main.tenant_id,
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID": _SERVICE_CONNECTION,
    }


def managed_identity(served: ServedEmulator) -> dict[str, str]:
    """The system-assigned identity of a virtual machine."""
    return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": served.url}


def user_assigned_identity(served: ServedEmulator) -> dict[str, str]:
    """A user-assigned identity of a virtual machine, selected by its client ID."""
    identity = _named(served.directory, "emulator-identity")
    return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": served.url, "AZURE_CLIENT_ID": identity.client_id}


def app_service(served: ServedEmulator) -> dict[str, str]:
    """The system-assigned identity of an App Service app."""
    return {"IDENTITY_ENDPOINT": f"{served.url}/msi/token", "IDENTITY_HEADER": served.directory.identity_header}


def reader(served: ServedEmulator) -> dict[str, str]:
    """An application with read permission only, and its secret."""
    return _secret(_named(served.directory, "emulator-reader"))


def other_tenant(served: ServedEmulator) -> dict[str, str]:
    """An application in the second tenant, its secret, and that tenant's subscription."""
    principal = _named(served.directory, "fabrikam-owner")
    return {**_secret(principal), "AZURE_SUBSCRIPTION_ID": next(iter(principal.roles))}


Way = Callable[[ServedEmulator], dict[str, str]]
WAYS: dict[str, Way] = {
    "client-secret": client_secret,
    "auth-file": auth_file,
    "certificate": certificate,
    "certificate-pfx": certificate_pfx,
    "workload-identity": workload_identity,
    "github": github,
    "azure-pipelines": azure_pipelines,
    "managed-identity": managed_identity,
    "user-assigned-identity": user_assigned_identity,
    "app-service": app_service,
    "reader": reader,
    "other-tenant": other_tenant,
}

# Ways that also work with Azure itself, with the credential that DefaultAzureCredential must use for each. The others
# get tokens at the emulator's own address, which an intercepted program does not know.
INTERCEPTED_WAYS = {
    "client-secret": "EnvironmentCredential",
    "certificate": "EnvironmentCredential",
    "certificate-pfx": "EnvironmentCredential",
    "workload-identity": "WorkloadIdentityCredential",
    "reader": "EnvironmentCredential",
    "other-tenant": "EnvironmentCredential",
}

# Ways that get tokens from the metadata service, without a secret.
INSTANCE_METADATA_WAYS = ("managed-identity", "user-assigned-identity")
METADATA_WARNING = (
    "WARNING: the metadata service issues tokens of a managed identity, which may do everything here, to every user of "
    "this machine, until the emulator ends."
)


def _ensure_certificate(served: ServedEmulator) -> None:
    if not (served.state_dir / CERTIFICATE).exists():
        served.directory.main.certificates.append(_make_certificate(served.state_dir))
        served.directory.save()


def _make_certificate(state_dir: Path) -> str:
    """Writes a new key and its certificate, as PEM and as PFX with a password. Returns the certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aci-emulator client")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    password = secrets.token_urlsafe(16).encode()
    encryption = serialization.BestAvailableEncryption(password)
    pfx = pkcs12.serialize_key_and_certificates(b"client", key, made, None, encryption)
    write_file(state_dir / CERTIFICATE_PFX, pfx)
    write_file(state_dir / PFX_PASSWORD, password)
    write_file(state_dir / CERTIFICATE, key_pem + pem)
    return pem.decode()
