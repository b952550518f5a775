# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The errors of requests that got no answer: broken connections, certificates, and links to other origins."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .._common.errors import AciError, Ambiguous, AzureError, ConnectionFailed, CredentialsError, ForeignOrigin
from .origin import shown


def translated(action_text: str, error: Exception, write: bool) -> AciError:
    """The collection's error for one of the SDK's while it sent a request. Ambiguous for a ``write`` that was lost."""
    from azure.core import exceptions as sdk

    if isinstance(error, ForeignOrigin):
        return ForeignOrigin(f"{action_text}: {error.msg}")
    if isinstance(error, sdk.TooManyRedirectsError):
        return AzureError(
            f"{action_text}: the service redirects the request again and again. Check resource_manager_endpoint, and "
            "any proxy or gateway in between.",
            code="TooManyRedirects",
        )
    said = f"{action_text}: {getattr(error, 'message', error)}"
    if isinstance(error, sdk.DecodeError):
        return AzureError(said, code="InvalidAnswer")
    if isinstance(error, sdk.HttpResponseError):
        # send_request returns bad statuses as responses, so this error can only come from signing in.
        return CredentialsError(said)
    if isinstance(error, sdk.ServiceResponseError):
        failure = unreachable(action_text, error, sent=True)
        return Ambiguous(f"{failure.msg} It is not known whether the request was applied.") if write else failure
    if isinstance(error, sdk.ServiceRequestError):
        return unreachable(action_text, error, sent=False)
    return AzureError(said)


def untrusted(where: str, error: Exception, ca_bundle: str | None, *, transient: bool = False) -> ConnectionFailed:
    """The error for a certificate that cannot be verified, or a CA bundle that cannot be read.

    ``transient``: the handshake may have been interrupted. A certificate, however, does not improve by waiting.
    """
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.partition("certificate verify failed: ")[2].partition(" (_ssl")[0].rstrip("')") or "unknown"
        advice = "Set ca_bundle or AZURE_CA_BUNDLE to a file with the certificate of the authority that signed it."
        return ConnectionFailed(
            f"The certificate of {where} is not trusted ({reason}). {advice}", code="CertificateNotTrusted"
        )
    used = f" with the certificates in {ca_bundle}" if ca_bundle else ""
    failure = ConnectionFailed(f"Could not set up a TLS connection to {where}{used}: {_innermost(error)}.")
    failure.transient = transient
    return failure


def _innermost(error: BaseException) -> str:
    """The message of the root cause, without those of the libraries that wrapped it."""
    seen = error
    while True:
        wrapped = (getattr(seen, "inner_exception", None), getattr(seen, "reason", None), *seen.args)
        inner = next((item for item in (*wrapped, seen.__cause__) if isinstance(item, BaseException)), None)
        if inner is None:
            return re.sub(r"^\[Errno -?\d+\] | \(_ssl\.c:\d+\)", "", str(seen)).rstrip(".")
        seen = inner


def unreachable(
    what: str, error: BaseException, *, sent: bool, check: str = "resource_manager_endpoint, authority_host,"
) -> ConnectionFailed:
    """The error for a connection that could not be established, or that broke before the response was complete.

    ``check`` names the options that determine the address.
    """
    where = getattr(error, "where", "the endpoint")
    how = f"the connection to {where} was lost" if sent else f"{where} could not be reached"
    advice = f"Check {check} and the proxy settings."
    failure = ConnectionFailed(f"{what}: {how} ({_innermost(error)}). {advice}")
    failure.transient = True
    return failure


def foreign(said: str, home: str) -> ForeignOrigin:
    """The error for a response that points to another origin; ``said`` describes what points where."""
    return ForeignOrigin(
        f"{said}, but only addresses of {shown(home)} are followed. Nothing was sent there. Check the configured "
        "endpoints, and any proxy or gateway in between."
    )


def through(proxy: str | None) -> str:
    """A proxy as messages show it, without the password that its address may contain."""
    if not proxy:
        return ""
    parts = urlsplit(proxy)
    return f" through the proxy {parts.scheme}://{parts.netloc.rpartition('@')[2]}"
