# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""TLS contexts. Reading a CA bundle takes longer than a request, so each process reads each bundle once.

Forked workers inherit what the controller's main process has read. A context contains certificates and settings, but
no connections, sessions or secrets.
"""

from __future__ import annotations

import os
import ssl
from typing import Any

Identity = tuple[str, int, int, int]

_contexts: dict[Identity, ssl.SSLContext] = {}


def context_for(cafile: str | None, capath: str | None) -> ssl.SSLContext:
    """The context that trusts the CA certificates in a file or folder. Raises OSError if they cannot be read.

    A file is read again if it was changed or replaced. OpenSSL reads a folder each time it verifies a certificate, so
    contexts for folders are not cached.
    """
    if cafile is None:
        return _read(None, capath)
    identity = _identity(cafile)
    context = _contexts.get(identity)
    if context is None:
        context = _contexts[identity] = _read(cafile, capath)
    return context


def use_shared_context(pool: Any) -> None:
    """Make a urllib3 connection pool use the shared context; otherwise each connection would read the CA bundle."""
    if pool.scheme == "https" and pool.cert_reqs == "CERT_REQUIRED":
        pool.conn_kw["ssl_context"] = context_for(pool.ca_certs, pool.ca_cert_dir)
        pool.ca_certs = pool.ca_cert_dir = None


def _identity(path: str) -> Identity:
    found = os.stat(path)
    return os.path.realpath(path), found.st_ino, found.st_mtime_ns, found.st_size


def _read(cafile: str | None, capath: str | None) -> ssl.SSLContext:
    from urllib3.util.ssl_ import create_urllib3_context

    context: ssl.SSLContext = create_urllib3_context()
    context.load_verify_locations(cafile, capath)
    return context
