# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The Azure SDK, loaded in advance: the controller's workers inherit what is imported when they begin.

Only the controller imports this file. A module on another machine loads what it needs, when it needs it.
"""

from __future__ import annotations

try:
    import azure.identity  # pylint: disable=unused-import
    import azure.mgmt.core.policies  # noqa: F401 # pylint: disable=unused-import

    # What makes requests is loaded by azure.core when it is first asked for, which would be in each worker.
    from azure.core.pipeline.transport import RequestsTransport  # noqa: F401 # pylint: disable=unused-import

    HAS_SDK = True
except ImportError:
    # Another interpreter may have it: that of ansible_python_interpreter, or of another host. The module will tell.
    HAS_SDK = False
