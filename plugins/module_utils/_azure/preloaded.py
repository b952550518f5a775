# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Loads the Azure SDK and the trusted CA certificates in advance, so that the controller's workers inherit them.

Only the controller imports this file. A module on another machine loads them when it needs them.
"""

from __future__ import annotations

import codecs
import contextlib
import importlib
import os
from collections.abc import Mapping

from .._common.errors import AciError
from .credentials import ca_bundle
from .tls import context_for


def preload_context(environ: Mapping[str, str]) -> None:
    """Read the CA certificates that tasks trust by default. If they cannot be read, the tasks report it."""
    try:
        import certifi

        bundle = ca_bundle({}, environ) or certifi.where()
        if os.path.isfile(bundle):
            context_for(bundle, None)
    except (ImportError, OSError, AciError):
        return


def preload_responses() -> None:
    """Load what the SDK and the client would import at the first response, which would happen in each worker."""
    codecs.lookup("utf-8-sig")
    with contextlib.suppress(ImportError):  # this module of azure.core has no public name
        importlib.import_module("azure.core.rest._requests_basic")


try:
    import azure.identity  # pylint: disable=unused-import
    import azure.mgmt.core.policies  # noqa: F401 # pylint: disable=unused-import

    # azure.core loads the transport lazily, which would happen in each worker.
    from azure.core.pipeline.transport import RequestsTransport  # noqa: F401 # pylint: disable=unused-import

    HAS_SDK = True
    preload_context(os.environ)
    preload_responses()
except ImportError:
    # The module may run with an interpreter that has the SDK (ansible_python_interpreter); if not, it reports it.
    HAS_SDK = False
