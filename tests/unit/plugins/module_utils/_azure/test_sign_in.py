# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens from the real azure-identity, with a connection that answers from a list."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import client
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import CredentialsError

LISTS = "/containerGroups"


class Store:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], tuple[str, int]] = {}
        self.turns = 0
        self.meanwhile: tuple[str, int] | None = None

    def load(self, key: tuple[str, ...]) -> tuple[str, int] | None:
        return self.kept.get(key)

    def save(self, key: tuple[str, ...], token: str, expires_on: int) -> None:
        self.kept[key] = (token, expires_on)

    @contextmanager
    def turn(self, key: tuple[str, ...]) -> Iterator[None]:
        self.turns += 1
        if self.meanwhile is not None:
            self.kept[key] = self.meanwhile
        yield


def ask(azure: Any, store: Store, **options: Any) -> None:
    client.connect({**azure.params, **options}, store).list_groups()


class TestStore:
    def test_a_kept_token_is_used(self, azure: Any) -> None:
        store = Store()
        for _number in range(2):
            azure.expect("GET", LISTS, body={"value": []})
            ask(azure, store)
        assert len(azure.sign_ins) == 1
        assert store.turns == 1

    def test_what_another_process_got_meanwhile_is_used(self, azure: Any) -> None:
        store = Store()
        store.meanwhile = ("a-token", int(time.time()) + 3600)
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        assert len(azure.sign_ins) == 0

    def test_what_another_process_got_is_used_only_if_it_is_good(self, azure: Any) -> None:
        store = Store()
        store.meanwhile = ("a-token", int(time.time()) + 60)
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        assert len(azure.sign_ins) == 1

    def test_subscriptions_of_a_task_share_a_sign_in(self, azure: Any) -> None:
        one = client.connect(azure.params)
        for each in (one, one.for_subscription("33333333-3333-3333-3333-333333333334")):
            azure.expect("GET", LISTS, body={"value": []})
            each.list_groups()
        assert len(azure.sign_ins) == 1

    def test_another_task_has_a_sign_in_of_its_own(self, azure: Any) -> None:
        for _number in range(2):
            azure.expect("GET", LISTS, body={"value": []})
            client.connect(azure.params).list_groups()
        assert len(azure.sign_ins) == 2

    @pytest.mark.parametrize(
        "other", [{"client_secret": "planted-other"}, {"client_id": "other"}, {"tenant_id": "other"}]
    )
    def test_nobody_borrows_a_token(self, azure: Any, other: dict[str, str]) -> None:
        store = Store()
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        azure.token = (401, {"error": "invalid_client", "error_description": "AADSTS7000215: No."})
        with pytest.raises(CredentialsError):
            ask(azure, store, **other)

    def test_a_token_that_is_about_to_expire_is_renewed(self, azure: Any) -> None:
        store = Store()
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        store.kept = {key: (token, int(time.time()) + 60) for key, (token, _expiry) in store.kept.items()}
        azure.expect("GET", LISTS, body={"value": []})
        ask(azure, store)
        assert len(azure.sign_ins) == 2


def test_a_kept_token_needs_no_library_for_signing_in() -> None:
    code = (
        "import sys, time\n"
        "from ansible_collections.azure_containers.aci.plugins.module_utils._azure import client, sdk, sign_in\n"
        "from ansible_collections.azure_containers.aci.plugins.module_utils._common.run_cache import MemoryCache\n"
        "store = MemoryCache()\n"
        "store.load = lambda key: ('a-token', int(time.time()) + 3600)\n"
        "given = dict(tenant_id='t', client_id='c', client_secret='s', subscription_id='u')\n"
        "ready = client.connect({**given, 'authority_host': 'https://127.0.0.1:1'}, store)\n"
        "assert ready._sdk.token('scope') == 'a-token'\n"
        "assert 'azure.core' in sys.modules\n"
        "print(sorted({'azure.identity', 'msal', 'cryptography'} & sys.modules.keys()))\n"
    )
    paths = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=paths)
    assert done.stdout == "[]\n", done.stderr
