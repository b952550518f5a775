# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading projects from files."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.tests.unit.support.compose import project

WEB = "services: {web: {image: nginx}}\n"


def fails(words: str, text: str = "", files: dict[str, str | bytes] | None = None, **request: Any) -> None:
    with pytest.raises(InvalidArguments, match=words):
        project(text, files, **request)


# -- files, names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"])
def test_the_usual_names_and_their_override(name: str) -> None:
    stem = name.rpartition(".")[0]
    found = project(files={name: WEB, f"{stem}.override.yml": "services: {web: {image: b}}"})
    assert found.services["web"]["image"] == "b"


def test_the_first_of_the_usual_names_counts_and_given_files_replace_them() -> None:
    files: dict[str, str | bytes] = {"compose.yaml": WEB, "docker-compose.yml": "services: {old: {image: a}}"}
    assert list(project(files=files).services) == ["web"]
    assert list(project("", files, chosen=["docker-compose.yml"]).services) == ["old"]


def test_files_that_are_not_there() -> None:
    fails("/project has no compose file", files={"other.yaml": WEB})
    fails("file /project/none.yaml does not exist", WEB, chosen=["none.yaml"])


def test_names() -> None:
    assert project("name: shop\n" + WEB).name == "shop"
    assert project("name: shop-$X\n" + WEB, environment={"X": "1"}).name == "shop-1"
    assert project("name: shop\n" + WEB, name="given").name == "given"
    assert project("name: shop\n" + WEB, environment={"COMPOSE_PROJECT_NAME": "env"}).name == "env"
    assert project(WEB).name == "project"
    found = project("name: shop\nservices: {web: {image: '${COMPOSE_PROJECT_NAME}'}}")
    assert found.services["web"]["image"] == "shop"


def test_what_the_environment_says_of_the_files() -> None:
    files: dict[str, str | bytes] = {
        "sub/a.yaml": WEB,
        "b.yaml": "services: {web: {environment: [A=1]}}",
        ".env": "COMPOSE_FILE=sub/a.yaml:b.yaml",
    }
    found = project(files=files)
    assert found.services["web"] == {"image": "nginx", "environment": {"A": "1"}}
    assert found.directory == "/project/sub"


# -- variables ---------------------------------------------------------------------------------------------------------


def test_the_environment_wins_over_the_file_env() -> None:
    text = "services: {web: {image: 'a:$TAG-$OTHER'}}"
    found = project(text, {".env": "TAG=1\nOTHER=2\n"}, environment={"TAG": "3"})
    assert found.services["web"]["image"] == "a:3-2"


def test_values_are_interpolated_before_files_are_merged_and_keys_never() -> None:
    text = "services: {web: {image: $I, environment: {$K: $V}}}\nx-raw: pa$ word\n"
    found = project(text, environment={"I": "i", "K": "k", "V": "v"})
    assert found.services["web"]["environment"] == {"$K": "v"}


def test_a_required_variable_and_a_lone_dollar() -> None:
    fails(r"^services\.app\.image: a tag is needed\.", "services: {app: {image: 'a:${TAG:?a tag is needed}'}}")
    fails(r"^services\.app\.environment\[0\]: a single", "services: {app: {image: a, environment: ['P=pa$']}}")


def test_an_unset_variable_is_told() -> None:
    found = project("services: {web: {image: 'a:$TAG'}}")
    assert [(note.path, note.kind) for note in found.findings.notes] == [("services.web.image", "differs")]


def test_env_files_in_their_order_and_environment_over_them() -> None:
    text = """
    services:
      app:
        image: a
        env_file: [app.env, {path: none.env, required: false}, {path: raw.env, format: raw}]
        environment: {MODE: b, USER: , GONE: }
    """
    files: dict[str, str | bytes] = {"app.env": "LEVEL=info\nMODE=a\nCALLER\nX=$USER\n", "raw.env": "RAW='$x'\n"}
    found = project(text, files, environment={"USER": "u", "CALLER": "c"})
    assert found.services["app"]["environment"] == {
        "LEVEL": "info",
        "MODE": "b",
        "CALLER": "c",
        "X": "u",
        "RAW": "'$x'",
        "USER": "u",
    }
    assert list(found.services["app"]["environment"])[:2] == ["LEVEL", "MODE"]
    assert [note.path for note in found.findings.notes] == ["services.app.environment.GONE"]
    fails(r"services\.app\.env_file\[0\]: the file /project/app\.env does not exist", text, environment={"USER": ""})
    fails("the only format is raw", "services: {a: {image: b, env_file: [{path: app.env, format: x}]}}", files)


# -- extends, include, profiles ----------------------------------------------------------------------------------------


def test_extends_in_the_same_file_another_and_in_a_chain() -> None:
    text = """
    services:
      base: {image: a, environment: {A: "1"}, command: [x], ports: ["80:80"]}
      mid: {extends: base, environment: {B: "2"}}
      web: {extends: {service: mid}, command: [y]}
      far: {extends: {file: sub/other.yaml, service: there}}
    """
    other = "services: {there: {image: o, env_file: [there.env]}}"
    found = project(text, {"sub/other.yaml": other, "sub/there.env": "E=e"})
    assert found.services["web"]["environment"] == {"A": "1", "B": "2"}
    assert found.services["web"]["command"] == ["y"]
    assert found.services["web"]["ports"] == found.services["base"]["ports"]
    assert found.services["far"] == {"image": "o", "environment": {"E": "e"}}


def test_extends_that_lead_nowhere() -> None:
    fails("extends itself", "services: {a: {extends: b}, b: {extends: a}}")
    fails("no service none", "services: {a: {extends: none}}")
    fails("file /project/x.yaml does not exist", "services: {a: {extends: {file: x.yaml, service: b}}}")


def test_a_later_file_may_extend_what_an_earlier_one_has() -> None:
    found = project(
        files={"a.yaml": WEB, "b.yaml": "services: {two: {extends: web, user: '1'}}"}, chosen=["a.yaml", "b.yaml"]
    )
    assert found.services["two"] == {"image": "nginx", "user": "1", "environment": {}}


def test_reset_and_override() -> None:
    base = "services: {web: {image: a, ports: ['80:80'], environment: {A: '1', B: '2'}}, db: {image: d}}"
    over = "services: {web: {ports: !override ['81:81'], environment: {A: !reset null}}, db: !reset null}"
    found = project(files={"a.yaml": base, "b.yaml": over}, chosen=["a.yaml", "b.yaml"])
    assert list(found.services) == ["web"]
    assert [port["target"] for port in found.services["web"]["ports"]] == [81]
    assert found.services["web"]["environment"] == {"B": "2"}
    whole = project(
        files={"a.yaml": base, "b.yaml": "services: {web: !override {image: z}}"}, chosen=["a.yaml", "b.yaml"]
    )
    assert whole.services["web"] == {"image": "z", "environment": {}}
    none = project(files={"a.yaml": base, "b.yaml": "services: !override {x: {image: z}}"}, chosen=["a.yaml", "b.yaml"])
    assert list(none.services) == ["x"]


def test_include() -> None:
    text = "include: [sub/compose.yaml, {path: [two/a.yaml, two/b.yaml], env_file: two.env}]\n" + WEB
    files: dict[str, str | bytes] = {
        "sub/compose.yaml": "services: {db: {image: 'd:$TAG', env_file: db.env}}\nsecrets: {s: {file: s.txt}}",
        "sub/.env": "TAG=sub\n",
        "sub/db.env": "D=1\n",
        "two/a.yaml": "services: {two: {image: 't:$TWO'}}",
        "two/b.yaml": "services: {two: {environment: [T=2]}}",
        "two.env": "TWO=2\n",
    }
    found = project(text, files)
    assert found.services["db"] == {"image": "d:sub", "environment": {"D": "1"}}
    assert found.services["two"] == {"image": "t:2", "environment": {"T": "2"}}
    assert found.elements["secrets"] == {"s": {"file": "/project/sub/s.txt"}}
    assert project(text, files, environment={"TAG": "own"}).services["db"]["image"] == "d:own"


def test_includes_that_cannot_be() -> None:
    fails("services.web differs", "include: [b.yaml]\n" + WEB, {"b.yaml": "services: {web: {image: other}}"})
    assert project("include: [b.yaml]\n" + WEB, {"b.yaml": WEB}).services.keys() == {"web"}
    fails("includes itself", "include: [b.yaml]\n" + WEB, {"b.yaml": "include: [compose.yaml]"})
    fails("not URLs", "include: ['https://example.com/compose.yaml']\n" + WEB)
    fails("not URLs", "include: ['git@example.com:a/b']\n" + WEB)
    fails("path is required", "include: [{env_file: a}]\n" + WEB)
    fails("other is not a key", "include: [{path: a, other: b}]\n" + WEB)
    fails("file /project/none.env does not exist", "include: [{path: compose.yaml, env_file: none.env}]\n" + WEB)


def test_profiles() -> None:
    text = (
        "services: {web: {image: a}, debug: {image: b, profiles: [tools]}, test: {image: c, profiles: [tests, tools]}}"
    )
    assert list(project(text).services) == ["web"]
    assert list(project(text, profiles=["tools"]).services) == ["web", "debug", "test"]
    assert list(project(text, profiles=["tests"]).services) == ["web", "test"]
    assert list(project(text, profiles=["*"]).services) == ["web", "debug", "test"]
    assert list(project(text, environment={"COMPOSE_PROFILES": "tests, x"}).services) == ["web", "test"]
    fails("no service has the profile 'tool'; the project has tests, tools", text, profiles=["tool"])


def test_dependencies_on_what_is_switched_off() -> None:
    text = "services: {web: {image: a, depends_on: %s}, db: {image: b, profiles: [data]}}"
    fails("not active; set one of its profiles: data", text % "[db]")
    fails("the service does not exist", text % "[none]")
    found = project(text % "{db: {condition: service_started, required: false}}")
    assert found.services["web"]["depends_on"] == {}
    assert [note.path for note in found.findings.notes] == ["services.web.depends_on.db"]


def test_paths_of_secrets_are_below_the_project() -> None:
    found = project(WEB + "secrets: {a: {file: ./a.txt}, b: {file: /etc/b}}\nconfigs: {c: {content: d}}\n")
    assert found.elements["secrets"] == {"a": {"file": "/project/a.txt"}, "b": {"file": "/etc/b"}}


def test_what_services_cannot_be() -> None:
    fails("services.web: a service must be a mapping", "services: {web: nginx}")
    fails("services: expected a mapping", "services: nginx")
