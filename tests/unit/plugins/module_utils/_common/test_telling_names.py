# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that say that a value is secret, and names that do not."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import MASK, shown
from ansible_collections.azure_containers.aci.plugins.module_utils._common.telling_names import says_secret
from ansible_collections.azure_containers.aci.plugins.module_utils._group import schema


class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["clientSecret", "connectionString", "password", "key", "token", "sas", "accountKey", "sharedKey", "API_KEY",
         "connection_string", "AccountKey", "sasToken", "SAS", "adminPasswords", "access-key"],
    )  # fmt: skip
    def test_that_say_so(self, name: str) -> None:
        assert says_secret(name)
        assert shown({"a": [{name: "planted"}]}, says_secret) == {"a": [{name: MASK}]}

    @pytest.mark.parametrize("name", ["publicKey", "keyName", "keyVersion", "secretReference", "canvas", "tokenUrl"])
    def test_that_do_not(self, name: str) -> None:
        assert not says_secret(name)

    def test_of_the_table(self) -> None:
        for path, prop in schema.walk():
            assert says_secret(prop.wire.rpartition(".")[2]) is prop.secret, path

    def test_of_users(self) -> None:
        value = {"tags": {"key": "a"}, "enableKey": True, "password": None}
        assert shown(value, says_secret) == value
