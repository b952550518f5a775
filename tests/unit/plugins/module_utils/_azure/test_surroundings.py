# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks, permissions, policies and the activity log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import api_versions
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError

GROUP = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/web"
SUBSCRIPTION = "33333333-3333-3333-3333-333333333333"


def versions_of(azure: Any) -> list[str]:
    return [request.url.partition("api-version=")[2].partition("&")[0] for request in azure.requests]


class TestAskingBeforehand:
    GROUP_ID = f"/subscriptions/{SUBSCRIPTION}{GROUP}"
    POLICY = "/resourceGroups/shop/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    ANSWER = {"contentEvaluationResult": {"policyEvaluations": [{"evaluationResult": "NonCompliant"}]}}

    def test_locks_on_a_group_and_above(self, azure: Any) -> None:
        lock = {"id": "/locks/l", "properties": {"level": "ReadOnly"}}
        azure.expect("GET", f"{GROUP}/providers/Microsoft.Authorization/locks", body={"value": [lock]})
        assert azure.client().list_locks(self.GROUP_ID) == [lock]
        assert "$filter=atScope%28%29" in azure.requests[0].url
        assert versions_of(azure) == ["2020-05-01"]

    def test_permissions(self, azure: Any) -> None:
        entry = {"actions": ["*/read"], "notActions": []}
        azure.expect("GET", f"{GROUP}/providers/Microsoft.Authorization/permissions", body={"value": [entry]})
        assert azure.client().list_permissions(self.GROUP_ID) == [entry]
        assert versions_of(azure) == ["2022-04-01"]

    LOG = "/providers/Microsoft.Insights/eventtypes/management/values"

    def test_the_activity_log_is_asked_about_one_resource(self, azure: Any) -> None:
        event = {
            "caller": "ann@example.com",
            "correlationId": "c",
            "eventTimestamp": "2026-02-28T10:00:00.1234567Z",
            "operationId": "o",
            "operationName": {"value": "Microsoft.ContainerInstance/containerGroups/write"},
            "resourceId": self.GROUP_ID,
            "status": {"value": "Succeeded"},
        }
        # What the log keeps of the request is nobody's business here.
        kept = {"claims": {"ipaddr": "203.0.113.7"}, "properties": {"requestbody": '{"secureValue": "hunter2hunter2"}'}}
        azure.expect("GET", self.LOG, body={"value": [{**event, **kept}], "nextLink": f"{self.LOG}?$skipToken=2"})
        azure.expect("GET", self.LOG, body={"value": [event]})
        since = datetime(2026, 2, 1, 12, tzinfo=UTC)
        assert azure.client().list_activity(f"{self.GROUP_ID}/o'hara", since) == [event, event]
        asked = parse_qs(urlsplit(azure.requests[0].url).query)
        wanted = f"eventTimestamp ge '2026-02-01T12:00:00Z' and resourceUri eq '{self.GROUP_ID}/o''hara'"
        assert asked == {"api-version": ["2015-04-01"], "$filter": [wanted]}

    def test_an_error_of_the_activity_log_has_its_text_at_the_top(self, azure: Any) -> None:
        said = {"code": "BadRequest", "message": "The start time cannot be more than 90 days in the past."}
        azure.expect("GET", self.LOG, status=400, body=said)
        with pytest.raises(AzureError, match="more than 90 days in the past") as caught:
            azure.client().list_activity(self.GROUP_ID, datetime(2026, 2, 1, tzinfo=UTC))
        assert (caught.value.code, caught.value.status) == ("BadRequest", 400)

    def test_policies(self, azure: Any) -> None:
        azure.error("POST", self.POLICY, 503, "ServiceUnavailable")
        azure.expect("POST", self.POLICY, body=self.ANSWER)
        content = {"type": "t", "name": "web"}
        # A POST that only reads may be repeated.
        assert azure.client().check_policy_restrictions("shop", content) == self.ANSWER
        assert json.loads(azure.requests[-1].body) == {
            "resourceDetails": {"resourceContent": content, "apiVersion": api_versions.NEWEST}
        }
        assert versions_of(azure) == ["2023-03-01", "2023-03-01"]

    def test_a_question_registers_nothing(self, azure: Any) -> None:
        azure.error("POST", self.POLICY, 409, "MissingSubscriptionRegistration", "The subscription is not registered.")
        with pytest.raises(AzureError) as caught:
            azure.client().check_policy_restrictions("shop", {})
        assert caught.value.code == "MissingSubscriptionRegistration"
        assert len(azure.requests) == 1

    @pytest.mark.parametrize("body", [[], {"contentEvaluationResult": []}])
    def test_an_answer_that_makes_no_sense(self, azure: Any, body: Any) -> None:
        azure.expect("POST", self.POLICY, body=body)
        with pytest.raises(AzureError) as caught:
            azure.client().check_policy_restrictions("shop", {})
        assert caught.value.code == "InvalidAnswer"
