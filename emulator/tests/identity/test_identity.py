# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sign-in over HTTP: metadata, tokens and errors."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from aci_emulator.identity.assertions import ASSERTION_TYPE, thumbprints
from aci_emulator.identity.directory import FederatedCredential

URL = "https://127.0.0.1:8443"


def sign_in(api: Any, *, tenant: str | None = None, **changes: Any) -> Any:
    main = api.directory.main
    form = {
        "client_id": main.client_id,
        "client_secret": main.secrets[0],
        "grant_type": "client_credentials",
        "scope": f"{URL}/.default",
        **changes,
    }
    form = {name: value for name, value in form.items() if value is not None}
    return api.client.post(f"/{tenant or main.tenant_id}/oauth2/v2.0/token", data=form)


def test_a_client_secret_gets_a_bearer_and_no_id_token(api: Any) -> None:
    answer = sign_in(api).json()
    assert set(answer) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3599)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert api.call("GET", "/subscriptions", headers=headers).status_code == 200


def test_the_tenant_may_be_named_by_its_domain(api: Any) -> None:
    assert sign_in(api, tenant="emulator.onmicrosoft.com").status_code == 200


def test_the_older_endpoint(api: Any) -> None:
    main = api.directory.main
    form = {
        "client_id": main.client_id,
        "client_secret": main.secrets[0],
        "grant_type": "client_credentials",
        "resource": f"{URL}/",
    }
    answer = api.client.post(f"/{main.tenant_id}/oauth2/token", data=form).json()
    assert answer["expires_in"] == "3599"
    assert answer["resource"] == f"{URL}/"


@pytest.mark.parametrize(
    ("changes", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": None}, 401, "invalid_client", 7000216),
        ({"client_id": "11111111-1111-1111-1111-111111111111"}, 400, "unauthorized_client", 700016),
        ({"client_id": None}, 400, "invalid_request", 900144),
        ({"tenant": "11111111-1111-1111-1111-111111111111"}, 400, "invalid_request", 90002),
        ({"grant_type": None}, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": None}, 400, "invalid_request", 900144),
        ({"scope": f"{URL}/user"}, 400, "invalid_scope", 1002012),
    ],
)
def test_refusals(api: Any, changes: dict[str, Any], status: int, error: str, number: int) -> None:
    response = sign_in(api, **changes)
    body = response.json()
    assert (response.status_code, body["error"], body["error_codes"]) == (status, error, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    assert {"timestamp", "trace_id", "correlation_id", "error_uri"} < set(body)
    assert api.directory.main.secrets[0] not in response.text


def test_openid_configuration(api: Any) -> None:
    tenant = api.directory.main.tenant_id
    document = api.client.get(f"/{tenant}/v2.0/.well-known/openid-configuration").json()
    assert document["token_endpoint"] == f"{URL}/{tenant}/oauth2/v2.0/token"
    assert document["issuer"] == f"{URL}/{tenant}/v2.0"
    assert document["authorization_endpoint"]
    keys = api.client.get(document["jwks_uri"].removeprefix(URL)).json()["keys"]
    token = sign_in(api).json()["access_token"]
    claims = jwt.decode(token, jwt.PyJWK(keys[0]).key, algorithms=["RS256"], audience=URL)
    assert claims["tid"] == tenant
    unknown = api.client.get("/nobody/v2.0/.well-known/openid-configuration")
    assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid_tenant")


def test_metadata_in_each_of_its_shapes(api: Any) -> None:
    newest = api.client.get(f"{URL}//metadata/endpoints?api-version=2022-09-01").json()
    assert newest["authentication"]["loginEndpoint"] == newest["resourceManager"] == URL
    assert newest["authentication"]["audiences"][0] == URL
    assert newest["name"]
    assert api.client.get("/metadata/endpoints?api-version=2019-05-01").json() == [newest]
    oldest = api.client.get("/metadata/endpoints?api-version=2015-01-01").json()
    assert set(oldest) == {"galleryEndpoint", "graphEndpoint", "portalEndpoint", "authentication"}


def test_what_is_no_endpoint(api: Any) -> None:
    assert api.client.get("/").status_code == 404
    assert api.client.get("/x/y").json()["error"]["code"] == "NotFound"


class Signer:
    """A key with a certificate, like that of an application or a token issuer."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signer")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(self.key, hashes.SHA256())
        )
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.public_key = (
            self.key.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )

    def sign(self, algorithm: str = "RS256", header: dict[str, str] | None = None, **claims: Any) -> str:
        now = int(time.time())
        return jwt.encode({"nbf": now, "exp": now + 600, **claims}, self.key, algorithm=algorithm, headers=header)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer()


def with_assertion(api: Any, assertion: str) -> Any:
    return sign_in(api, client_secret=None, client_assertion=assertion, client_assertion_type=ASSERTION_TYPE)


@pytest.mark.parametrize(("algorithm", "which"), [("RS256", "x5t"), ("PS256", "x5t#S256")])
def test_a_certificate_proves_identity(api: Any, signer: Signer, algorithm: str, which: str) -> None:
    main = api.directory.main
    main.certificates.append(signer.certificate)
    header = {which: thumbprints(signer.certificate)[which != "x5t"]}
    claims = {
        "iss": main.client_id, "sub": main.client_id, "aud": f"{URL}/{main.tenant_id}/oauth2/v2.0/token",
    }  # fmt: skip
    assert with_assertion(api, signer.sign(algorithm, header, **claims)).status_code == 200
    refused = with_assertion(api, Signer().sign(algorithm, header, **claims)).json()
    assert refused["error_codes"] == [700027]
    refused = with_assertion(api, signer.sign(algorithm, {which: "xyz"}, **claims)).json()
    assert refused["error_codes"] == [700027]
    refused = with_assertion(api, signer.sign(algorithm, header, **{**claims, "aud": "https://x"})).json()
    assert refused["error_codes"] == [700023]
    refused = with_assertion(api, signer.sign(algorithm, header, **{**claims, "exp": 1})).json()
    assert refused["error_codes"] == [700024]
    assert with_assertion(api, "garbage").json()["error_codes"] == [50027]


def test_a_trusted_issuer_proves_identity(api: Any, signer: Signer) -> None:
    main = api.directory.main
    main.federated.append(
        FederatedCredential("https://token.example", "repo:me/it", "api://AzureADTokenExchange", [signer.public_key])
    )
    claims = {"iss": "https://token.example", "sub": "repo:me/it", "aud": "api://AzureADTokenExchange"}
    assert with_assertion(api, signer.sign(**claims)).status_code == 200
    for name, number in (("iss", 700211), ("sub", 700213), ("aud", 700212)):
        refused = with_assertion(api, signer.sign(**{**claims, name: "other"})).json()
        assert refused["error_codes"] == [number]
    assert with_assertion(api, Signer().sign(**claims)).json()["error_codes"] == [50013]


def test_each_tenant_has_its_own_principals(api: Any, start_api: Callable[..., Any]) -> None:
    stranger = api.directory.principals[-1]
    assert sign_in(api, client_id=stranger.client_id, client_secret=stranger.secrets[0]).json()["error_codes"] == [
        700016
    ]
    answer = sign_in(
        api, tenant=stranger.tenant_id, client_id=stranger.client_id, client_secret=stranger.secrets[0]
    ).json()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    visible = api.call("GET", "/subscriptions", headers=headers).json()["value"]
    assert [each["displayName"] for each in visible] == ["Fabrikam"]


IDENTITY_QUERY = {"api-version": "2018-02-01", "resource": URL}


def metadata_token(api: Any, *, headers: dict[str, str] | None = None, **query: str) -> Any:
    path = "/metadata/identity/oauth2/token"
    given = {"Metadata": "true"} if headers is None else headers
    return api.client.get(path, params={**IDENTITY_QUERY, **query}, headers=given)


def test_identities_of_virtual_machines(start_api: Callable[..., Any]) -> None:
    api = start_api(instance_metadata=True)
    system = next(each for each in api.directory.principals if each.kind == "system-identity")
    user = next(each for each in api.directory.principals if each.kind == "user-identity")
    answer = metadata_token(api).json()
    assert answer["client_id"] == system.client_id
    assert (answer["token_type"], answer["expires_in"], answer["resource"]) == ("Bearer", "3599", URL)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert api.call("GET", "resourceGroups", headers=headers).status_code == 200
    for query in ({"client_id": user.client_id}, {"object_id": user.object_id}, {"msi_res_id": user.resource_id}):
        assert metadata_token(api, **query).json()["client_id"] == user.client_id
    for response in (
        metadata_token(api, headers={}),
        metadata_token(api, headers={"Metadata": "true", "X-Forwarded-For": "10.0.0.1"}),
        metadata_token(api, client_id="nobody"),
        metadata_token(api, client_id=api.directory.main.client_id),
        metadata_token(api, resource=""),
    ):
        assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert sign_in(api, client_id=system.client_id).json()["error_codes"] == [700016]


def test_identity_of_an_app_service(api: Any) -> None:
    query = {"api-version": "2019-08-01", "resource": URL}
    secret = {"X-IDENTITY-HEADER": api.directory.identity_header}
    answer = api.client.get("/msi/token", params=query, headers=secret).json()
    assert int(answer["expires_on"]) > time.time()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert api.call("GET", "resourceGroups", headers=headers).status_code == 200
    wrong = api.client.get("/msi/token", params=query, headers={"X-IDENTITY-HEADER": "x"})
    assert (wrong.status_code, wrong.json()["statusCode"]) == (401, 401)


def test_identity_tokens_for_jobs(api: Any) -> None:
    bearer = {"Authorization": f"Bearer {api.directory.job_token}"}
    audience = {"audience": "api://AzureADTokenExchange"}
    assertion = api.client.get("/oidc/github", params=audience, headers=bearer).json()["value"]
    assert with_assertion(api, assertion).status_code == 200
    other = api.client.get("/oidc/github", params={"audience": "x"}, headers=bearer).json()["value"]
    assert with_assertion(api, other).json()["error_codes"] == [700212]
    pipeline = {"api-version": "7.1", "serviceConnectionId": "c"}
    assertion = api.client.post("/oidc/pipelines", params=pipeline, headers=bearer).json()["oidcToken"]
    assert with_assertion(api, assertion).status_code == 200
    assert api.client.post("/oidc/pipelines", headers=bearer).status_code == 400
    assert api.client.get("/oidc/github", headers={"Authorization": "Bearer x"}).status_code == 401
    assert api.client.post("/oidc/pipelines", params=pipeline).status_code == 401
