# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The Azure SDK and the authorities to trust, loaded before they are needed: the controller's workers inherit them.

Only the controller imports this file. A module on another machine loads what it needs, when it needs it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from .._common.errors import AciError
from .credentials import ca_bundle
from .tls import context_for


def preload_context(environ: Mapping[str, str]) -> None:
    """Read the authorities that tasks trust which do not name others. What is wrong with them, the tasks report."""
    try:
        import certifi

        bundle = ca_bundle({}, environ) or certifi.where()
        if os.path.isfile(bundle):
            context_for(bundle, None)
    except (ImportError, OSError, AciError):
        return


try:
    import azure.identity  # pylint: disable=unused-import
    import azure.mgmt.core.policies  # noqa: F401 # pylint: disable=unused-import

    # What makes requests is loaded by azure.core when it is first asked for, which would be in each worker.
    from azure.core.pipeline.transport import RequestsTransport  # noqa: F401 # pylint: disable=unused-import

    HAS_SDK = True
    preload_context(os.environ)
except ImportError:
    # Another interpreter may have it: that of ansible_python_interpreter, or of another host. The module will tell.
    HAS_SDK = False
