# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What masking does not change in a result, because the service computes it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import HIDDEN, MASK, Masker


class TestShort:
    facts: dict[str, Any] = {
        "id": "/subscriptions/1/resourceGroups/Running/providers/Microsoft.ContainerInstance/containerGroups/web-80",
        "name": "web-80",
        "resource_group": "Running",
        "state": "Running",
        "provisioning_state": "Succeeded",
        "ip": "10.1.80.1",
        "fqdn": "running.westeurope.azurecontainer.io",
        "ip_address": {"ports": [{"port": 8080, "protocol": "TCP"}], "ip": "10.1.80.1"},
        "zones": ["1"],
        "restart_count": 1,
        "events": [{"name": "Running", "count": 80, "first_timestamp": "2026-01-01T08:00:00Z", "type": "Normal"}],
    }

    @pytest.mark.parametrize("secret", ["80", "1", "Running", "8080", "TCP", "Succeeded", "2026", "10.1.80.1"])
    def test_what_the_service_computes_stays(self, secret: str) -> None:
        assert Masker({secret}).result({"container_group": self.facts}) == {"container_group": self.facts}

    @pytest.mark.parametrize(("secret", "short"), [("80", True), ("abc", True), ("abcd", False), ("Running", False)])
    def test_short(self, secret: str, short: bool) -> None:
        masker = Masker({secret})
        assert masker.has_short is short
        assert masker.result({"lines": [secret, f"is {secret}"]}) == {
            "lines": [HIDDEN, f"is {secret}" if short else f"is {MASK}"]
        }

    def test_states_in_changes(self) -> None:
        change = {"property": "state", "before": "Stopped", "after": "Running", "effect": "start"}
        result = {"changes": [change], "diff": {"before": {"state": "Stopped"}, "after": {"state": "Running"}}}
        assert Masker({"Running"}).result(result) == result
        change = {"property": "containers[web].image", "before": "Running", "after": "other"}
        assert Masker({"Running"}).result(change)["before"] == HIDDEN

    def test_what_users_name_is_no_typed_field(self) -> None:
        masked = Masker({"hunter", "2026"}).result({"tags": {"state": "hunter", "start_time": "2026"}})
        assert masked == {"tags": {"state": HIDDEN, "start_time": HIDDEN}}
        assert Masker({"hunter2!"}).result({"state": "hunter2!"}) == {"state": HIDDEN}

    def test_messages_and_numbers(self) -> None:
        result = {"events": [{"message": "Running it"}], "pin": 123456, "port": 123456, "ready": True}
        assert Masker({"Running", "123456", "True"}).result(result) == {
            "events": [{"message": f"{MASK} it"}],
            "pin": HIDDEN,
            "port": 123456,
            "ready": True,
        }
