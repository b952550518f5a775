# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Merging files."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.merge import (
    merged_element,
    merged_service,
    plain,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.text import Override, Reset


@pytest.mark.parametrize(
    ("base", "over", "wanted"),
    [
        ({"image": "a"}, {"image": "b"}, {"image": "b"}),
        ({"environment": {"A": "1", "B": "1"}}, {"environment": {"B": "2"}}, {"environment": {"A": "1", "B": "2"}}),
        ({"environment": {"A": "1"}}, {"environment": {"A": None}}, {"environment": {"A": None}}),
        ({"environment": {"A": "1"}}, {"environment": None}, {"environment": {"A": "1"}}),
        ({"dns": ["a"]}, {"dns": ["b", "a"]}, {"dns": ["a", "b"]}),
        ({"command": ["a", "b"]}, {"command": ["c"]}, {"command": ["c"]}),
        ({"command": ["a"]}, {"command": None}, {"command": None}),
        ({"entrypoint": ["a"]}, {"entrypoint": []}, {"entrypoint": []}),
        (
            {"healthcheck": {"test": ["a"], "retries": 3}},
            {"healthcheck": {"test": ["b"]}},
            {"healthcheck": {"test": ["b"], "retries": 3}},
        ),
        ({"env_file": [{"path": "a"}]}, {"env_file": [{"path": "a"}]}, {"env_file": [{"path": "a"}, {"path": "a"}]}),
        (
            {"secrets": [{"source": "a"}]},
            {"secrets": [{"source": "b", "target": "a"}]},
            {"secrets": [{"source": "b", "target": "a"}]},
        ),
        (
            {"volumes": [{"target": "/a", "source": "x"}]},
            {"volumes": [{"target": "/a", "source": "y"}, {"target": "/b"}]},
            {"volumes": [{"target": "/a", "source": "y"}, {"target": "/b"}]},
        ),
        (
            {"ports": [{"target": 1, "protocol": "tcp"}]},
            {"ports": [{"target": 1, "protocol": "tcp", "name": "n"}, {"target": 1, "protocol": "udp"}]},
            {"ports": [{"target": 1, "protocol": "tcp", "name": "n"}, {"target": 1, "protocol": "udp"}]},
        ),
        ({"dns": ["a"], "image": "i"}, {"dns": Reset()}, {"image": "i"}),
        ({"dns": ["a"]}, {"dns": Override(["b"])}, {"dns": ["b"]}),
        ({"environment": {"A": "1", "B": "2"}}, {"environment": {"A": Reset()}}, {"environment": {"B": "2"}}),
        ({}, {"dns": Override(["b"]), "image": Reset()}, {"dns": ["b"]}),
    ],
)
def test_what_a_later_file_says(base: dict[str, Any], over: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert merged_service(base, over) == wanted


def test_elements() -> None:
    assert merged_element({"driver": "a", "driver_opts": {"x": "1"}}, {"driver_opts": {"y": "2"}}) == {
        "driver": "a",
        "driver_opts": {"x": "1", "y": "2"},
    }
    assert merged_element(None, {"driver": "a"}) == {"driver": "a"}
    assert merged_element({"driver": "a"}, None) == {"driver": "a"}


def test_tags_of_a_first_file_speak_of_nothing() -> None:
    assert plain({"a": Reset(), "b": Override({"c": Reset(), "d": [Reset(), 1]})}) == {"b": {"d": [1]}}


SERVICE = st.fixed_dictionaries(
    {},
    optional={
        "image": st.sampled_from("ab"),
        "environment": st.dictionaries(st.sampled_from("ABC"), st.sampled_from("12")),
        "dns": st.lists(st.sampled_from("xyz"), unique=True),
        "command": st.lists(st.sampled_from("cd"), max_size=2),
        "volumes": st.lists(
            st.builds(lambda t, s: {"target": t, "source": s}, st.sampled_from("tu"), st.sampled_from("vw")),
            unique_by=lambda v: v["target"],
        ),
    },
)


@given(SERVICE)
def test_a_file_over_itself_changes_nothing(service: dict[str, Any]) -> None:
    assert merged_service(service, service) == service
    assert merged_service(service, {}) == service
    assert merged_service({}, service) == service


@given(SERVICE, SERVICE, SERVICE)
def test_files_can_be_merged_in_any_grouping(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    assert merged_service(merged_service(a, b), c) == merged_service(a, merged_service(b, c))


@given(SERVICE, SERVICE)
def test_the_originals_stay_as_they_are(a: dict[str, Any], b: dict[str, Any]) -> None:
    before = (repr(a), repr(b))
    merged_service(a, b)
    assert (repr(a), repr(b)) == before
