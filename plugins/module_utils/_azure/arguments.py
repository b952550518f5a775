# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The options with which every module connects to Azure; ``doc_fragments/_azure.py`` documents them.

Their environment variables are read in ``_azure/identity.py`` and not declared as fallbacks here, so that a client
ID from a task is never combined with a secret from the environment.
"""

from __future__ import annotations

from typing import Any

AUTH_SOURCES = (
    "auto",
    "parameters",
    "environment",
    "auth_file",
    "workload_identity",
    "profile",
    "cli",
    "managed_identity",
)
"""The choices of auth_source: ``auto``, and the sources in the order in which it tries them."""

CONNECTION_ARGUMENTS: dict[str, Any] = {
    "auth_source": {"type": "str", "choices": list(AUTH_SOURCES)},
    "tenant_id": {"type": "str", "aliases": ["tenant"]},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True, "aliases": ["secret"]},
    "certificate_path": {"type": "path"},
    "certificate_password": {"type": "str", "no_log": True},
    "federated_token_file": {"type": "path", "no_log": False},
    "auth_file": {"type": "path"},
    "profile": {"type": "str"},
    "profile_file": {"type": "path"},
    "subscription_id": {"type": "str"},
    "cloud_environment": {"type": "str"},
    "resource_manager_endpoint": {"type": "str"},
    "authority_host": {"type": "str"},
    "instance_discovery": {"type": "bool"},
    "ca_bundle": {"type": "path"},
}
