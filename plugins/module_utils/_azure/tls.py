# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""TLS contexts. To read a bundle of authorities takes longer than a request, so each is read once a process.

What the controller's main process has read, its workers inherit when they are forked. A context holds certificates
and settings: no connection, no session, no secret.
"""

from __future__ import annotations

import os
import ssl
from typing import Any

Identity = tuple[str, int, int, int]

_contexts: dict[Identity, ssl.SSLContext] = {}


def context_for(cafile: str | None, capath: str | None) -> ssl.SSLContext:
    """The context that trusts the authorities in a file, or in a folder. Raises OSError where they cannot be read.

    A file that was changed or replaced since it was read is read anew. OpenSSL reads a folder when it verifies a
    certificate, so nothing is kept of one.
    """
    if cafile is None:
        return _read(None, capath)
    identity = _identity(cafile)
    context = _contexts.get(identity)
    if context is None:
        context = _contexts[identity] = _read(cafile, capath)
    return context


def use_shared_context(pool: Any) -> None:
    """Has a connection pool of urllib3 use the context of its authorities, which each connection would read anew."""
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
