# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directory: tenants, their subscriptions, and the principals that can sign in."""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..core.statedir import StateError, read_json, write_json

OWNER = "Owner"
READER = "Reader"
_REMEDY = (
    "Restore it from a copy, or remove it and run aci-emulator reset, which creates new tenants, subscriptions and "
    "secrets"
)


@dataclass
class Tenant:
    """A directory tenant."""

    id: str
    name: str


@dataclass
class Subscription:
    """A subscription, which trusts one tenant."""

    id: str
    name: str
    tenant_id: str


@dataclass(frozen=True)
class Role:
    """A role: patterns of the actions that it allows (``*`` matches anything), except those in ``not_actions``."""

    name: str
    actions: list[str]
    not_actions: list[str] = field(default_factory=list)

    @classmethod
    def of_definition(cls, document: Any) -> Role:
        """Returns the role in a definition for ``az role definition create``, in either of its two forms.

        Raises ValueError if the definition is not valid.
        """
        properties = document.get("properties", document) if isinstance(document, dict) else None
        if not isinstance(properties, dict):
            raise ValueError("a role definition must be a JSON object")
        found = {name.lower(): value for name, value in properties.items()}
        if isinstance(permissions := found.get("permissions"), list):
            if len(permissions) != 1 or not isinstance(permissions[0], dict):
                raise ValueError("permissions of a role definition must be a list of one object")
            found |= {name.lower(): value for name, value in permissions[0].items()}
        name = found.get("rolename") or found.get("name")
        lists = [found.get("actions"), found.get("notactions") or []]
        if not isinstance(name, str) or not name or not all(_are_texts(each) for each in lists):
            raise ValueError(
                "a role definition requires a Name and Actions, a list of strings; NotActions is a list of strings too"
            )
        return cls(name, *lists)  # type: ignore[arg-type]  # checked above

    def allows(self, action: str) -> bool:
        """Whether the role allows an action, ignoring case."""
        return _matches(self.actions, action) and not _matches(self.not_actions, action)


@dataclass
class FederatedCredential:
    """Trust in the tokens of another issuer: the required claims, and the public keys (PEM) that verify them."""

    issuer: str
    subject: str
    audience: str
    keys: list[str] = field(default_factory=list)


@dataclass
class Principal:
    """An application, or a managed identity (``kind``: application, system-identity, user-identity)."""

    tenant_id: str
    client_id: str
    object_id: str
    name: str
    kind: str = "application"
    secrets: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)  # PEM
    federated: list[FederatedCredential] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)  # subscription ID -> name of the role
    resource_id: str = ""  # of a user-assigned identity


@dataclass
class Directory:
    """All tenants, subscriptions and principals. Generated randomly, then kept in ``directory.json``."""

    tenants: list[Tenant]
    subscriptions: list[Subscription]
    principals: list[Principal]
    path: Path
    identity_header: str = ""  # the secret of App Service's managed identity endpoint
    job_token: str = ""  # the secret with which a pipeline's job gets identity tokens
    roles: list[Role] = field(default_factory=list)  # besides Owner and Reader
    _read_at: int = 0

    @classmethod
    def load(cls, state_dir: Path) -> Directory:
        """Returns the directory in a state directory, creating it if necessary.

        Raises StateError if the file was not written by ``save``.
        """
        path = state_dir / "directory.json"
        document = read_json(path, _REMEDY)
        if document is None:
            directory = _make(path)
            directory.save()
            return directory
        try:
            directory = cls(
                tenants=[Tenant(**each) for each in document["tenants"]],
                subscriptions=[Subscription(**each) for each in document["subscriptions"]],
                principals=[_principal(each) for each in document["principals"]],
                path=path,
                identity_header=document["identity_header"],
                job_token=document["job_token"],
                roles=[Role(**each) for each in document.get("roles", [])],
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise StateError(f"{path} does not contain an emulator's tenants and principals. {_REMEDY}") from error
        if not directory.tenants or not directory.principals or len(directory.main_subscriptions) < 2:
            raise StateError(f"{path} lacks tenants, subscriptions or principals. {_REMEDY}")
        directory._read_at = path.stat().st_mtime_ns
        return directory

    def refresh(self) -> None:
        """Loads changes that another process has written to the file."""
        if self.path.stat().st_mtime_ns == self._read_at:
            return
        fresh = Directory.load(self.path.parent)
        self.tenants, self.subscriptions, self.principals = fresh.tenants, fresh.subscriptions, fresh.principals
        self.identity_header, self.job_token, self.roles = fresh.identity_header, fresh.job_token, fresh.roles
        self._read_at = fresh._read_at

    def save(self) -> None:
        """Writes the directory to its file."""
        write_json(
            self.path,
            {
                "tenants": [asdict(each) for each in self.tenants],
                "subscriptions": [asdict(each) for each in self.subscriptions],
                "principals": [asdict(each) for each in self.principals],
                "identity_header": self.identity_header,
                "job_token": self.job_token,
                "roles": [asdict(each) for each in self.roles],
            },
        )
        self._read_at = self.path.stat().st_mtime_ns

    @property
    def main(self) -> Principal:
        """The application in the output of ``aci-emulator env``. It owns both subscriptions of the first tenant."""
        return self.principals[0]

    @property
    def main_subscriptions(self) -> list[Subscription]:
        """The two subscriptions of the first tenant."""
        return [each for each in self.subscriptions if each.tenant_id == self.tenants[0].id]

    def role_of(self, principal: Principal, subscription_id: str) -> Role | None:
        """Returns a principal's role in a subscription, ignoring case, or None."""
        name = principal.roles.get(subscription_id.lower())
        return next((each for each in (*_BUILT_IN, *self.roles) if each.name == name), None)

    def give_role(self, name: str, role: Role) -> Principal:
        """Makes ``role`` an application's only role in the main subscriptions, creating the application if necessary.

        Raises ValueError for the name of a built-in application or role.
        """
        if name.startswith(("emulator-", "fabrikam-")):
            raise ValueError(f"{name}: this application is built in; choose another name")
        if any(each.name == role.name for each in _BUILT_IN):
            raise ValueError(f"{role.name} is a built-in role; give yours another name")
        principal = next((each for each in self.principals if each.name == name), None)
        if principal is None:
            principal = Principal(self.tenants[0].id, _guid(), _guid(), name, secrets=[_secret()])
            self.principals.append(principal)
        principal.roles = {each.id: role.name for each in self.main_subscriptions}
        self.roles = [each for each in self.roles if each.name != role.name] + [role]
        return principal

    def tenant(self, name: str) -> Tenant | None:
        """Returns the tenant with this ID or domain name, ignoring case."""
        name = name.lower()
        return next((each for each in self.tenants if name in (each.id, each.name.lower())), None)

    def subscription(self, subscription_id: str) -> Subscription | None:
        """Returns the subscription with this ID, ignoring case."""
        subscription_id = subscription_id.lower()
        return next((each for each in self.subscriptions if each.id == subscription_id), None)

    def principal(self, tenant_id: str, client_id: str) -> Principal | None:
        """Returns the principal with this tenant and client ID, ignoring case."""
        client_id = client_id.lower()
        return next(
            (each for each in self.principals if each.tenant_id == tenant_id and each.client_id == client_id), None
        )


_BUILT_IN = (Role(OWNER, ["*"]), Role(READER, ["*/read"]))


def _matches(patterns: list[str], action: str) -> bool:
    whole = "|".join(".*".join(re.escape(part) for part in pattern.split("*")) for pattern in patterns)
    return re.fullmatch(whole, action, re.IGNORECASE) is not None


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _principal(document: dict[str, Any]) -> Principal:
    federated = [FederatedCredential(**each) for each in document.pop("federated", [])]
    return Principal(**document, federated=federated)


def _make(path: Path) -> Directory:
    first = Tenant(_guid(), "emulator.onmicrosoft.com")
    second = Tenant(_guid(), "fabrikam.onmicrosoft.com")
    one, two = Subscription(_guid(), "Emulator One", first.id), Subscription(_guid(), "Emulator Two", first.id)
    other = Subscription(_guid(), "Fabrikam", second.id)
    owner_roles = {one.id: OWNER, two.id: OWNER}
    identity_id = (
        f"/subscriptions/{one.id}/resourcegroups/emulator/providers/Microsoft.ManagedIdentity"
        "/userAssignedIdentities/emulator"
    )
    principals = [
        Principal(first.id, _guid(), _guid(), "emulator-owner", secrets=[_secret()], roles=dict(owner_roles)),
        Principal(
            first.id, _guid(), _guid(), "emulator-reader", secrets=[_secret()], roles={one.id: READER, two.id: READER}
        ),
        Principal(first.id, _guid(), _guid(), "emulator-machine", kind="system-identity", roles=dict(owner_roles)),
        Principal(
            first.id, _guid(), _guid(), "emulator-identity", kind="user-identity", roles=dict(owner_roles),
            resource_id=identity_id,
        ),
        Principal(second.id, _guid(), _guid(), "fabrikam-owner", secrets=[_secret()], roles={other.id: OWNER}),
    ]  # fmt: skip
    return Directory([first, second], [one, two, other], principals, path, secrets.token_hex(16), secrets.token_hex(32))


def _guid() -> str:
    return str(uuid.uuid4())


def _secret() -> str:
    # Like the service's: 40 characters, the fourth to sixth of which are "8Q~".
    return f"{secrets.token_hex(2)[:3]}8Q~{secrets.token_urlsafe(40)[:34]}"
