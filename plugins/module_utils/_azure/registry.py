# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Looks up the digest that a tag refers to in its registry, with the Docker Registry v2 API.

Nothing is written to the registry, and no image is pulled.

A registry's response determines where the next request goes: the realm that issues tokens, and redirects. So:

* Only https is used, and certificates are verified.
* A user name and password are sent to the registry itself and to a realm of the same origin; to another realm only if
  it is known to belong to that registry (``REALMS``).
* The token of the task's identity is issued for container registries only, so that Azure Resource Manager would not
  accept it from anyone who obtained it. It is sent to registries hosted by Azure, and to a registry at the address of
  the resource manager itself.
* After a redirect, no credentials are sent, and tokens are requested anonymously.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urljoin, urlsplit

from .._common.errors import AciError
from .origin import origin_of, same_origin, shown
from .transport import REDIRECTS, importing, lowered

SCOPE = "https://containerregistry.azure.net/.default"
"""The scope of the identity's token, which is valid for registries and nothing else."""

AZURE_SUFFIXES = (".azurecr.io", ".azurecr.us", ".azurecr.cn")
"""Host names of registries hosted by Azure, whoever owns them."""

REALMS = {
    "https://registry-1.docker.io": "https://auth.docker.io",
    "https://registry.gitlab.com": "https://gitlab.com",
}
"""Known token services of registries that do not issue tokens at their own origin."""

TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 10, 20, 60
MOST_BYTES = 4 * 1024 * 1024
MOST_REDIRECTS = 3

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_PARAMETER = re.compile(r'([A-Za-z_]+)="([^"]*)"')
_TOKEN = re.compile(r"[\x21-\x7e]+")


class RegistryError(AciError):
    """A registry did not answer, or not with what was requested. This implies nothing about the container group."""

    default_code = "RegistryError"


class Login(NamedTuple):
    """The user name and password for a registry."""

    username: str
    password: str


class _Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclass
class _Asking:
    """A query to a registry: the URL that it has reached by now, and the credentials for it."""

    host: str
    scope: str
    url: str
    login: Login | None
    own: bool = True
    """Whether the URL is still the registry's own, and not that of a redirect."""
    authorization: str = ""
    signed_in: bool = False


class Registry:
    """Reads from registries what tags refer to. ``token`` returns the identity's token for ``SCOPE``.

    ``home`` is the address of the resource manager. All methods raise RegistryError and MissingLibrary.
    """

    def __init__(self, ca_bundle: str | None, token: Callable[[], str], home: str) -> None:
        self._verify = ca_bundle or True
        self._token = token
        self._home = home
        self._authorizations: dict[tuple[str, str, Login | None], str] = {}
        self._silent: dict[str, RegistryError] = {}
        """Registries that did not answer this task, and are not tried again."""

    def digest(self, host: str, repository: str, tag: str, login: Login | None = None) -> str:
        """The digest that a tag refers to now."""
        # Registries that limit pulls do not count a HEAD as one.
        answer = self._ask("HEAD", host, repository, tag, login)
        digest = answer.headers.get("docker-content-digest", "")
        if answer.status == 200 and _DIGEST.fullmatch(digest):
            return digest
        body = self._ask("GET", host, repository, tag, login).body
        return f"sha256:{hashlib.sha256(body).hexdigest()}"

    def members(self, host: str, repository: str, digest: str, login: Login | None = None) -> frozenset[str]:
        """The digests of the images, one per platform, in an index; none if the digest is that of an image."""
        answer = self._ask("GET", host, repository, digest, login)
        if f"sha256:{hashlib.sha256(answer.body).hexdigest()}" != digest and digest.startswith("sha256:"):
            raise RegistryError(f"{host} answered with a manifest that does not match {digest}.")
        listed = answer.json().get("manifests")
        found = [item.get("digest") for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        return frozenset(each for each in found if isinstance(each, str) and _DIGEST.fullmatch(each))

    # -- asking ------------------------------------------------------------------------------------------------------

    def _ask(self, method: str, host: str, repository: str, reference: str, login: Login | None) -> _Answer:
        if host in self._silent:
            raise self._silent[host]
        url = f"https://{host}/v2/{quote(repository, safe='/')}/manifests/{quote(reference, safe=':')}"
        if origin_of(url) is None:
            raise RegistryError(f"{host} is not a valid registry host.")
        asking = _Asking(host, f"repository:{repository}:pull", url, login)
        asking.authorization = self._authorizations.get((host, asking.scope, login), "")
        for _step in range(2 * MOST_REDIRECTS + 2):
            answer = self._send(method, asking.url, asking.authorization)
            if answer.status == 401 and not asking.signed_in:
                self._sign_in(asking, answer.headers.get("www-authenticate", ""))
            elif answer.status in REDIRECTS:
                self._follow(asking, answer.headers.get("location", ""))
            else:
                break
        if answer.status != 200:
            raise _refusal(asking, reference, answer.status)
        return answer

    def _follow(self, asking: _Asking, target: str) -> None:
        """Follows a registry's redirect, anonymously."""
        try:
            url = urljoin(asking.url, target)
        except ValueError:
            url = ""
        _check_https(f"{asking.host} redirects to", url, target)
        asking.url, asking.login, asking.own = url, None, False
        asking.authorization, asking.signed_in = "", False

    def _sign_in(self, asking: _Asking, challenge: str) -> None:
        """Gets the authorization that a registry's challenge asks for."""
        asking.signed_in = True
        key = (asking.host, asking.scope, asking.login)
        scheme = challenge.strip().partition(" ")[0].lower()
        if scheme == "basic" and asking.login is not None:
            asking.authorization = _basic(asking.login)
        elif scheme == "bearer":
            asking.authorization = f"Bearer {self._bearer(asking, dict(_PARAMETER.findall(challenge)))}"
        else:
            raise RegistryError(f"{asking.host} requires a sign-in, and this task has no credentials for it.")
        if asking.own:
            self._authorizations[key] = asking.authorization

    def _bearer(self, asking: _Asking, challenge: Mapping[str, str]) -> str:
        """A token for the registry: as the given user, as the task's identity, or anonymously."""
        realm = challenge.get("realm", "")
        _check_https(f"{asking.host} uses the token service at", realm, realm)
        query = {"scope": asking.scope}
        if challenge.get("service"):
            query["service"] = challenge["service"]
        url = f"{realm}{'&' if urlsplit(realm).query else '?'}{urlencode(query)}"
        refused: RegistryError | None = None
        if asking.login is not None:
            if _may_have(asking.url, realm):
                return _token_in(asking.host, self._send("GET", url, _basic(asking.login)))
            refused = RegistryError(
                f"{asking.host} uses the token service at {shown(realm)}; the password for {asking.host} is not sent "
                "there."
            )
        elif asking.own and self._is_of_azure(asking.host):
            try:
                return self._token_of_identity(asking)
            except AciError as error:
                refused = RegistryError(str(error))
        try:
            return _token_in(asking.host, self._send("GET", url, ""))
        except RegistryError as error:
            raise refused or error from None

    def _is_of_azure(self, host: str) -> bool:
        """Whether a registry may have a token of the task's identity."""
        name = host.removesuffix(":443")
        return name.endswith(AZURE_SUFFIXES) or same_origin(f"https://{host}", self._home)

    def _token_of_identity(self, asking: _Asking) -> str:
        """A registry's token for the task's identity."""
        host = asking.host
        exchange = {"grant_type": "access_token", "service": host, "access_token": self._token()}
        answer = self._send("POST", f"https://{host}/oauth2/exchange", "", exchange)
        refresh = {
            "grant_type": "refresh_token",
            "service": host,
            "scope": asking.scope,
            "refresh_token": _token_in(host, answer, "refresh_token"),
        }
        return _token_in(host, self._send("POST", f"https://{host}/oauth2/token", "", refresh))

    def _send(self, method: str, url: str, authorization: str, form: Mapping[str, str] | None = None) -> _Answer:
        """Sends one request, without following redirects."""
        with importing():
            import requests

        headers = {"Accept": ", ".join(TYPES) if "/manifests/" in url else "application/json"}
        if authorization:
            headers["Authorization"] = authorization
        host = urlsplit(url).netloc
        until = time.monotonic() + WHOLE_SECONDS
        with requests.Session() as session:
            session.trust_env = False
            try:
                with session.request(
                    method,
                    url,
                    headers=headers,
                    data=None if form is None else dict(form),
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    verify=self._verify,
                    proxies=requests.utils.get_environ_proxies(url),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    body = b""
                    for chunk in response.iter_content(65536):
                        body += chunk
                        if len(body) > MOST_BYTES or time.monotonic() > until:
                            raise RegistryError(f"{host} answered too slowly, or with more data than a manifest has.")
                    return _Answer(response.status_code, lowered(response.headers), body)
            except (requests.exceptions.RequestException, OSError, ValueError) as error:
                # Not the libraries' messages, which quote what was sent.
                failure = RegistryError(f"{host} {_why(requests, error)}.")
                self._silent[host] = failure
                raise failure from None


def _why(requests: Any, error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return "has a certificate that is not trusted; see ca_bundle"
        return "closed the TLS connection"
    if isinstance(error, requests.exceptions.Timeout):
        return "did not answer in time"
    if isinstance(error, requests.exceptions.ProxyError):
        return "cannot be reached through the proxy"
    return "cannot be reached"


def _check_https(said: str, url: str, target: str) -> None:
    """Refuses an address from a registry that is not https."""
    origin = origin_of(url)
    if origin is None or not origin.startswith("https://"):
        raise RegistryError(f"{said} {shown(target)}, which is not an https address.")


def _may_have(url: str, realm: str) -> bool:
    """Whether a realm may receive the password for the registry at ``url``."""
    return same_origin(url, realm) or REALMS.get(origin_of(url) or "") == origin_of(realm)


def _basic(login: Login) -> str:
    return "Basic " + base64.b64encode(f"{login.username}:{login.password}".encode()).decode()


def _token_in(host: str, answer: _Answer, name: str = "") -> str:
    """The token in a response."""
    if answer.status != 200:
        raise RegistryError(f"{host} issued no token (status {answer.status}).", status=answer.status)
    body = answer.json()
    found = body.get(name) if name else body.get("token") or body.get("access_token")
    if not isinstance(found, str) or not _TOKEN.fullmatch(found):
        raise RegistryError(f"{host} issued no token: its answer contains none.")
    return found


def _refusal(asking: _Asking, reference: str, status: int) -> RegistryError:
    """The error for a response that is not a manifest."""
    repository = asking.scope.split(":")[1]
    image = f"{repository}{'@' if ':' in reference else ':'}{reference}"
    where = asking.host if asking.own else f"{asking.host}, by its redirect to {shown(asking.url)},"
    if status == 404:
        return RegistryError(f"{where} has no image {image}.", status=status)
    if status in (401, 403):
        return RegistryError(f"{where} denied this task access to {image}.", status=status)
    if status == 429:
        return RegistryError(f"{where} is limiting the rate of requests.", status=status)
    return RegistryError(f"{where} answered the request for {image} with status {status}.", status=status)
