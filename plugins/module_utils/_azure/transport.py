# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The connection pool for sign-in and requests."""

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
"""A difference of up to this many seconds between the service's clock and the local one is ignored."""

REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})

_sending = threading.local()
"""``begun``: whether this thread has sent any byte of its current request over an established connection."""

_UNFIT_HEADER = re.compile(r"[^\t\x20-\x7e]|^\s|\s\Z")


@contextmanager
def importing() -> Iterator[None]:
    """Turn a failed import of the SDK into MissingLibrary, which says what to install."""
    try:
        yield
    except ImportError as error:
        raise MissingLibrary(missing_libraries("to talk to Azure", error.name or "azure")) from None


def quieten_loggers() -> None:
    """Prevent the SDK's loggers from writing every request to Ansible's log."""
    for name in ("azure", "msal", "urllib3"):
        logger = logging.getLogger(name)
        if logger.level < logging.WARNING:
            logger.setLevel(logging.WARNING)
            # Without a handler, Python would print warnings to the terminal.
            logger.addHandler(logging.NullHandler())


class ServiceClock:
    """The time at the service. All views of a transport share one clock."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The current time at the service, in UTC."""
        return datetime.now(UTC) + self._ahead

    def look_at(self, date: str | None) -> None:
        """Compare the service's clock with the local one. Responses give whole seconds, and may be seconds old."""
        try:
            ahead = parsedate_to_datetime(date or "") - datetime.now(UTC)
        except (TypeError, ValueError):
            return
        self._ahead = ahead if abs(ahead.total_seconds()) > CLOCK_TOLERANCE else timedelta(0)


def new_transport(ca_bundle: str | None) -> Any:
    """The SDK's transport, verifying certificates with ``ca_bundle`` (a file or folder) or the default CAs.

    An untrusted certificate raises ConnectionFailed at once; the SDK would retry for five seconds.
    """
    with importing():
        import requests
        from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError
        from azure.core.pipeline.transport import RequestsTransport
        from urllib3.exceptions import LocationValueError

    new_session = _session_maker()

    class Transport(RequestsTransport):
        """The SDK's transport with clear errors about certificates, and a separate session for each request under way.

        A session of the library ``requests`` is not thread-safe. When a request is complete, its session serves the
        next one, of any thread, so that its connection is reused.
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
            """The same connections, restricted to requests to the origin of ``home``; None restricts only redirects.

            ``permits`` tells whether requests may also go to a given other origin.
            """
            other = copy(self)
            other._home = home
            other._permits = permits
            return other

        def last_answer(self) -> tuple[int, dict[str, str]] | None:
            """Status and headers of the last response in this thread since the last call, or None."""
            found: tuple[int, dict[str, str]] | None = getattr(self._local, "answer", None)
            self._local.answer = None
            return found

        @property
        def session(self) -> Any:
            """The session of this thread's current request; between requests, any object that is true."""
            return getattr(self._local, "session", None) or self

        @session.setter
        def session(self, value: Any) -> None:
            """Does nothing: the SDK would set one session for all threads; here, sessions are created when needed."""

        def now(self) -> datetime:
            """The current time at the service, in UTC."""
            return self._clock.now()

        def close(self) -> None:
            """Close the idle connections; the next request opens a new one."""
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
                    response.internal_response.close()  # its body will not be read
                    raise
                return response
            except (ServiceRequestError, ServiceResponseError, HttpResponseError) as error:
                if isinstance(error.inner_exception, requests.exceptions.SSLError) and not _sending.begun:
                    from .connection_errors import untrusted

                    raise untrusted(where, error.inner_exception, ca_bundle, transient=True) from None
                # The SDK misclassifies some errors: a broken TLS connection or response as a request that was never
                # sent or as a bad status, and a reset during the TLS handshake as a lost response.
                kind = ServiceResponseError if _sending.begun else ServiceRequestError
                told = error if isinstance(error, kind) else kind(error.inner_exception, error=error.inner_exception)
                from .connection_errors import through

                told.where = where + through(options["proxies"].get(parts.scheme))  # type: ignore[union-attr]
                raise told from error.inner_exception
            except LocationValueError:
                raise ConnectionFailed(f"{where} is not an address to which a connection can be made.") from None
            except OSError as error:
                from .connection_errors import untrusted

                raise untrusted(where, error, ca_bundle) from None
            finally:
                self._local.session = None
                self._idle.append(session)

        def _taken(self) -> Any:
            """A session that no other request is using."""
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
    """A factory of sessions that neither retry nor read the environment, as requests would for every request.

    The sessions' connections record in ``_sending`` when they begin to send, because the libraries do not distinguish
    between a TLS connection that could not be established and one that was lost.
    """
    import requests

    class Noting:
        """A connection that records when it begins to send."""

        def connect(self) -> None:
            try:
                super().connect()  # type: ignore[misc]
            finally:
                _sending.begun = False  # what went to a proxy is not part of the request

        def send(self: Any, data: Any) -> None:
            if self.sock is None:
                self.connect()
            _sending.begun = True
            try:
                super().send(data)  # type: ignore[misc]
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
                # Plain connections raise this error, after which the response is read: it may say what went wrong.
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
        """Creates a session's connections, including those through a proxy."""

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


def _check_origin(url: str, home: str | None, permits: Callable[[str], bool] | None) -> None:
    """Refuse an address, which may come from a response, if requests must not go there."""
    if home is None or same_origin(home, url):
        return
    origin = origin_of(url)
    if origin is None or permits is None or not permits(origin):
        from .connection_errors import foreign

        raise foreign(f"{shown(home)} names an address of {shown(url)}", home)


def _check_redirect(url: str, response: Any) -> None:
    """Refuse a redirect to another origin: the SDK would follow some of them and send the request's body there."""
    target = response.headers.get("Location") if response.status_code in REDIRECTS else None
    if target is None:
        return
    try:
        whole = urljoin(url, target)
    except ValueError:
        whole = target
    if not same_origin(url, whole):
        from .connection_errors import foreign

        raise foreign(f"{shown(url)} redirects to {shown(whole)} (status {response.status_code})", url)


def _check_headers(where: str, headers: Mapping[str, str]) -> None:
    """Refuse a header that is not valid in HTTP. The libraries' errors would quote it, and it may be a secret."""
    for name, value in headers.items():
        if _UNFIT_HEADER.search(str(value)):
            raise ConnectionFailed(
                f"The request to {where} was not sent: its header {name} would contain a line break, a leading or "
                "trailing space, or a non-ASCII character. Check the secret or token it is built from.",
                code="InvalidHeader",
            )
