# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""One connection pool for sign-in and requests, and how a missing library or a broken connection is reported."""

from __future__ import annotations

import errno
import logging
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from .._common.errors import ConnectionFailed, ForeignOrigin, MissingLibrary
from .._common.interpreter import missing_libraries
from .origin import origin_of, same_origin, shown
from .tls import use_shared_context

CONNECTION_TIMEOUT = 30
READ_TIMEOUT = 120
CLOCK_TOLERANCE = 3.0
"""Seconds by which the service's clock may differ from the one here without being another one."""

REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})

_sending = threading.local()
"""``begun``: whether a byte of the request that this thread makes just now went into a connection that was set up."""

_UNFIT_HEADER = re.compile(r"[^\t\x20-\x7e]|^\s|\s\Z")


@contextmanager
def importing() -> Iterator[None]:
    """Turn a failed import of the SDK into MissingLibrary, which says what to install."""
    try:
        yield
    except ImportError as error:
        raise MissingLibrary(missing_libraries("to talk to Azure", error.name or "azure")) from None


def quieten_loggers() -> None:
    """Keep the SDK's loggers from writing every request to Ansible's log."""
    for name in ("azure", "msal", "urllib3"):
        logger = logging.getLogger(name)
        if logger.level < logging.WARNING:
            logger.setLevel(logging.WARNING)
            # Without any handler, Python would write warnings to the terminal.
            logger.addHandler(logging.NullHandler())


class ServiceClock:
    """What time it is where the answers come from. All views of a transport share one."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The time there, in UTC."""
        return datetime.now(UTC) + self._ahead

    def look_at(self, date: str | None) -> None:
        """Compare the service's clock with the one here. Answers give whole seconds, and may be some seconds old."""
        try:
            ahead = parsedate_to_datetime(date or "") - datetime.now(UTC)
        except (TypeError, ValueError):
            return
        self._ahead = ahead if abs(ahead.total_seconds()) > CLOCK_TOLERANCE else timedelta(0)


def new_transport(ca_bundle: str | None) -> Any:
    """The SDK's transport, verifying certificates with ``ca_bundle`` (a file or folder) or the usual authorities.

    A certificate that is not trusted raises ConnectionFailed at once: the SDK would try again for five seconds.
    """
    with importing():
        import requests
        from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError
        from azure.core.pipeline.transport import RequestsTransport
        from urllib3.exceptions import LocationValueError

    new_session = _session_maker()

    class Transport(RequestsTransport):
        """The SDK's transport, plain about certificates, and with a session for each request under way.

        Sessions of requests are not made for use by several threads at a time. One that is done with a request is used
        for a next one, of whichever thread, so that its connection is.
        """

        def __init__(self, **options: Any) -> None:
            self._local = threading.local()
            self._idle: list[Any] = []  # its append and pop are atomic
            self._proxies: dict[str, Any] = {}
            self._clock = ServiceClock()
            self._home: str | None = None
            self._permits: Callable[[str], bool] | None = None
            super().__init__(**options)

        def bound_to(self, home: str | None, permits: Callable[[str], bool] | None = None) -> Any:
            """The same connections, for requests to the origin of ``home`` alone; None binds redirects only.

            ``permits`` says of another origin whether requests may go there as well.
            """
            other = copy(self)
            other._home = home
            other._permits = permits
            return other

        def last_answer(self) -> tuple[int, dict[str, str]] | None:
            """Status and headers of the last answer that this thread got since it last asked; None: there was none."""
            found: tuple[int, dict[str, str]] | None = getattr(self._local, "answer", None)
            self._local.answer = None
            return found

        @property
        def session(self) -> Any:
            """The session of the request that this thread makes just now; something that is true between requests."""
            return getattr(self._local, "session", None) or self

        @session.setter
        def session(self, value: Any) -> None:
            """The SDK would set one for all threads, or none when it closes; sessions are made when needed."""

        def now(self) -> datetime:
            """What time it is where the answers come from, in UTC."""
            return self._clock.now()

        def close(self) -> None:
            """Close the connections that are not in use; the next request opens a new one."""
            while self._idle:
                self._idle.pop().close()

        def send(self, request: Any, **options: Any) -> Any:
            parts = urlsplit(request.url)
            where = f"{parts.scheme}://{parts.netloc}"
            _check_origin(request.url, self._home, self._permits)
            _check_headers(where, request.headers)
            if where not in self._proxies:
                self._proxies[where] = requests.utils.get_environ_proxies(request.url)
            options.setdefault("proxies", self._proxies[where])
            session = self._local.session = self._taken()
            _sending.begun = False
            try:
                response = super().send(request, **options)
                self._clock.look_at(response.headers.get("Date"))
                self._local.answer = (response.status_code, lowered(response.headers))
                try:
                    _check_redirect(request.url, response)
                except ForeignOrigin:
                    response.internal_response.close()  # nobody reads it completely
                    raise
                return response
            except (ServiceRequestError, ServiceResponseError, HttpResponseError) as error:
                if isinstance(error.inner_exception, requests.exceptions.SSLError) and not _sending.begun:
                    raise _untrusted(where, error.inner_exception, ca_bundle, transient=True) from None
                # What breaks TLS or an answer the SDK takes for a request that never left, or for a bad status; a reset
                # while TLS is set up, for an answer that was lost.
                kind = ServiceResponseError if _sending.begun else ServiceRequestError
                told = error if isinstance(error, kind) else kind(error.inner_exception, error=error.inner_exception)
                told.where = where + _through(options["proxies"].get(parts.scheme))  # type: ignore[union-attr]
                raise told from error.inner_exception
            except LocationValueError:
                raise ConnectionFailed(f"{where} is not an address to which a connection can be made.") from None
            except OSError as error:
                raise _untrusted(where, error, ca_bundle) from None
            finally:
                self._local.session = None
                self._idle.append(session)

        def _taken(self) -> Any:
            """A session that nobody else uses."""
            try:
                return self._idle.pop()
            except IndexError:
                return new_session()

    return Transport(
        connection_timeout=CONNECTION_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        connection_verify=ca_bundle or True,
    )


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with lower-case names."""
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _session_maker() -> Callable[[], Any]:
    """What makes sessions that leave retries to the SDK, and the environment to us.

    requests would read the environment at each request. The connections of a session note in ``_sending`` when they
    begin to send, because libraries do not distinguish a TLS connection that could not be set up from a lost one.
    """
    import requests

    class Noting:
        """A connection that notes when it begins to send."""

        def connect(self) -> None:
            try:
                super().connect()  # type: ignore[misc]
            finally:
                _sending.begun = False  # what was sent to a proxy is not part of the request

        def send(self: Any, data: Any) -> None:
            if self.sock is None:
                self.connect()
            _sending.begun = True
            try:
                super().send(data)  # type: ignore[misc]
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
                # Without TLS, it would be this, after which the answer is read: it may say why nobody reads on.
                raise BrokenPipeError(errno.EPIPE, str(error)) from error

    def noting(manager: Any) -> Any:
        manager.pool_classes_by_scheme = {
            scheme: type(
                pool.__name__, (pool,), {"ConnectionCls": type("Connection", (Noting, pool.ConnectionCls), {})}
            )
            for scheme, pool in manager.pool_classes_by_scheme.items()
        }
        return manager

    class Adapter(requests.adapters.HTTPAdapter):
        """What a session gets its connections from, those through a proxy included."""

        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options)
            noting(self.poolmanager)

        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
            super().cert_verify(conn, url, verify, cert)
            use_shared_context(conn)

        def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
            known = proxy in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **options)
            return manager if known else noting(manager)

    def new_session() -> Any:
        session = requests.Session()
        session.trust_env = False
        for prefix in ("https://", "http://"):
            session.mount(prefix, Adapter(max_retries=0))
        return session

    return new_session


def foreign(said: str, home: str) -> ForeignOrigin:
    """The error of an answer that leads away. ``said`` says what names which other origin."""
    return ForeignOrigin(
        f"{said}, but only addresses of {shown(home)} are followed. Nothing was sent there. Check the configured "
        "endpoints, and any proxy or gateway in between."
    )


def _check_origin(url: str, home: str | None, permits: Callable[[str], bool] | None) -> None:
    """Refuse an address that an answer brought in, and that is not where the requests may go."""
    if home is None or same_origin(home, url):
        return
    origin = origin_of(url)
    if origin is None or permits is None or not permits(origin):
        raise foreign(f"{shown(home)} names an address of {shown(url)}", home)


def _check_redirect(url: str, response: Any) -> None:
    """Refuse a redirect to another origin: the SDK would follow some of them, with the body of the request."""
    target = response.headers.get("Location") if response.status_code in REDIRECTS else None
    if target is None:
        return
    try:
        whole = urljoin(url, target)
    except ValueError:
        whole = target
    if not same_origin(url, whole):
        raise foreign(f"{shown(url)} redirects to {shown(whole)} (status {response.status_code})", url)


def _check_headers(where: str, headers: Mapping[str, str]) -> None:
    """Refuse a header that HTTP cannot carry. Libraries would quote it in their error, and it may be a secret."""
    for name, value in headers.items():
        if _UNFIT_HEADER.search(str(value)):
            raise ConnectionFailed(
                f"The request to {where} was not sent: its header {name} would contain a line break, a leading or "
                "trailing space, or a non-ASCII character. Check the secret or token it is built from.",
                code="InvalidHeader",
            )


def _through(proxy: str | None) -> str:
    """How a proxy appears in messages, without the password that its address may have."""
    if not proxy:
        return ""
    parts = urlsplit(proxy)
    return f" through the proxy {parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _untrusted(where: str, error: Exception, ca_bundle: str | None, *, transient: bool = False) -> ConnectionFailed:
    """One sentence for a certificate that does not verify, or a bundle that cannot be read.

    ``transient``: a handshake may have been cut off. But a certificate does not change while one waits.
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
    """The words of the cause, without the layers of libraries that wrapped it."""
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
    """One sentence for a connection that could not be made, or broke while an answer was read.

    ``check`` names the options that the address comes from.
    """
    where = getattr(error, "where", "the endpoint")
    how = f"the connection to {where} was lost" if sent else f"{where} could not be reached"
    advice = f"Check {check} and the proxy settings."
    failure = ConnectionFailed(f"{what}: {how} ({_innermost(error)}). {advice}")
    failure.transient = True
    return failure
