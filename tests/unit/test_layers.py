# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The path of a file determines its permitted imports. The check covers imports anywhere in a file.

Imports inside functions and below ``if TYPE_CHECKING`` count like all others, because they also couple files.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Room:
    """A package or file: its permitted imports, its purpose, and where code belongs that needs more."""

    name: str
    imports: tuple[str, ...]
    purpose: str
    elsewhere: str


COLLECTION = "ansible_collections.azure_containers.aci.plugins"
SDK = ("azure", "msal", "requests", "urllib3")
# Modules that read or change something outside the process. `os` includes `os.path` etc.
WORLD = (
    "asyncio",
    "fcntl",
    "http",
    "io",
    "os",
    "pathlib",
    "random",
    "selectors",
    "shutil",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "websockets",
)
EXEMPT = {("_group/fingerprint.py", "os")}  # a salt must be random

MODULE_UTILS = {
    room.name: room
    for room in (
        Room(
            "_common",
            (),
            "stands below everything, so it imports nothing of ours",
            "Code that knows container groups belongs in _group, code that knows Azure in _azure.",
        ),
        Room(
            "_group",
            ("_common",),
            "is pure: it computes with dictionaries, and imports only _common",
            "Let the caller pass in what it needs. Code that asks Azure belongs in _azure, code that writes and waits "
            "in _reconcile.",
        ),
        Room(
            "_azure",
            ("_common",),
            "signs in and sends requests, and knows nothing of container groups; it imports only _common",
            "Code that decides what to send belongs in _group or _reconcile.",
        ),
        Room(
            "_module",
            ("_azure", "_common", "_group"),
            "is what every module starts with, so it imports only _azure, _common and _group",
            "Code for some modules only belongs in their engines, below _engines.",
        ),
        Room(
            "_reconcile",
            ("_azure", "_common", "_group", "_module"),
            "writes and waits for any engine; it imports _azure, _common, _group and _module",
            "Code that belongs to one module goes to its engine, below _engines; code for terminals to _exec.",
        ),
        Room(
            "_exec",
            ("_azure", "_common", "_group"),
            "runs commands in containers, for modules and for the connection plugin; it imports _azure, _common and "
            "_group",
            "Code that needs a module's options belongs in an engine, below _engines.",
        ),
        Room(
            "_engines",
            ("_azure", "_common", "_exec", "_group", "_module", "_reconcile"),
            "is what the modules do; it may import all of module_utils",
            "Code that needs Ansible's controller belongs in plugin_utils.",
        ),
    )
}

# From the bottom up: each imports only from those before it. `runtime` and `container_instance` have subpackages, which
# the search for cycles treats separately.
EMULATOR = (
    Room("core", (), "is what everything stands on: settings, state, time", ""),
    Room("arm", (), "is what Azure Resource Manager speaks, whichever provider answers", ""),
    Room("pricing", (), "is the Retail Prices API", ""),
    Room("identity", (), "says who may sign in, and what tokens allow", ""),
    Room("insights", (), "is the provider Microsoft.Insights: the activity log", ""),
    Room("faults", (), "is what goes wrong on demand", ""),
    Room("resources", (), "is resource groups, locks and policies", ""),
    Room("samples", (), "is the programs inside the sample images", ""),
    Room("runtime", (), "runs containers, and knows nothing of the API", ""),
    Room("registry", (), "is the registry of the images that exist nowhere else", ""),
    Room("platform", (), "is what a provider takes, so it knows no provider", ""),
    Room("network", (), "is the provider Microsoft.Network", ""),
    Room("container_instance", (), "is the provider Microsoft.ContainerInstance", ""),
    Room("serving", (), "carries requests from the socket to a route, whichever it is", ""),
    Room("pages", (), "is the page for people", ""),
    Room("recording", (), "writes down traffic without names and secrets, and plays it", ""),
    Room("emulator", (), "puts the parts together", ""),
    Room("cli", (), "is the command", ""),
    Room("testing", (), "starts the command for tests of other programs", ""),
    Room("pytest_plugin", (), "is the fixtures", ""),
    Room("__main__", (), "is the command", ""),
)
ONLY_THE_COMMAND = ("cli", "__main__")  # may import emulator.py


@dataclass(frozen=True)
class Import:
    path: Path
    line: int
    module: str


def modules_below(root: Path, package: str) -> dict[str, Path]:
    """The modules below a folder, by their dotted names; the path of a package is that of its ``__init__.py``."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = [package, *path.relative_to(root).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(path: Path, name: str, modules: Iterable[str]) -> Iterator[Import]:
    """All imports in a file, including those in functions, for type checking, and through ``import_module``."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (Import(path, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [base])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield Import(path, node.lineno, full if full in modules else base)
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and node.args and isinstance(node.args[0], ast.Constant):
                yield Import(path, node.lineno, str(node.args[0].value))


def collection_faults(plugins: Path) -> list[str]:
    """The error messages about forbidden imports in the files below ``plugins``."""
    modules = modules_below(plugins, COLLECTION)
    faults = []
    for name, path in modules.items():
        place = path.relative_to(plugins.parent)
        area, _dot, rest = name.removeprefix(f"{COLLECTION}.").partition(".")
        own = rest.split(".")[0]
        if area == "module_utils" and rest and own not in MODULE_UTILS:
            faults.append(
                f"{place} is in no room. Put it into one of {', '.join(MODULE_UTILS)} below plugins/module_utils, by "
                f"what it imports; a file that imports nothing of ours belongs in _common."
            )
            continue
        for each in imports_of(path, name, modules):
            where = f"{place}:{each.line} imports {each.module.removeprefix(COLLECTION + '.')}"
            if each.module.split(".")[0] in SDK and (area, own) != ("module_utils", "_azure"):
                faults.append(
                    f"{where}. Only plugins/module_utils/_azure imports {', '.join(SDK)}, also inside functions: so "
                    f"there is one place that knows the SDK's errors and versions. Add a function or a method of the "
                    f"client there, which takes and gives plain dictionaries, and call it here."
                )
            if area != "module_utils" or not rest:
                continue
            room = MODULE_UTILS[own]
            world = each.module.split(".")[0]
            if own == "_group" and world in WORLD and (f"{own}/{path.name}", world) not in EXEMPT:
                faults.append(
                    f"{where}. _group {room.purpose}, so that tables of tests can hold it: no clock, no files, no "
                    f"environment, no network. {room.elsewhere}"
                )
            elif each.module.startswith(f"{COLLECTION}."):
                other_area, _dot, other = each.module.removeprefix(f"{COLLECTION}.").partition(".")
                target = other.split(".")[0]
                if other_area != "module_utils":
                    faults.append(
                        f"{where}. Files of module_utils travel to the machine that a module runs on, where there are "
                        f"no plugins: they import only module_utils. {MODULE_UTILS['_engines'].elsewhere}"
                    )
                elif target != own and target not in room.imports:
                    faults.append(f"{where}. {own} {room.purpose}. {room.elsewhere}")
    # Cycles between subpackages contain an import that was found above; those within one remain.
    return faults or [circle_fault(each, plugins.parent, modules) for each in circles(modules)]


def emulator_faults(source: Path) -> list[str]:
    """The error messages about forbidden imports in the emulator's files."""
    modules = modules_below(source, "aci_emulator")
    floors = {room.name: number for number, room in enumerate(EMULATOR)}
    faults = []
    for name, path in modules.items():
        place = path.relative_to(source.parent)
        own = name.removeprefix("aci_emulator").strip(".").split(".")[0]
        if not own:
            continue
        if own not in floors:
            faults.append(
                f"{place} is in no room. Put it into the first of these that may import what it needs, or give it a "
                f"line in EMULATOR of {Path(__file__).name}: {', '.join(floors)}."
            )
            continue
        for each in imports_of(path, name, modules):
            if not each.module.startswith("aci_emulator."):
                continue
            target = each.module.split(".")[1]
            where = f"{place}:{each.line} imports {each.module}"
            if target == "emulator" and own not in ONLY_THE_COMMAND:
                faults.append(
                    f"{where}. Only the command, below cli, imports emulator.py, also for types: whoever knows the "
                    f"whole emulator can be tested only with all of it. Take Platform (platform.py) or the parts that "
                    f"are required, and let emulator.py pass them in."
                )
            elif target in floors and floors[target] > floors[own]:
                room = EMULATOR[floors[own]]
                below = ", ".join(list(floors)[: floors[own]]) or "nothing of ours"
                faults.append(
                    f"{where}. {own} {room.purpose}; it may import {below}. Move the code that needs {target} up "
                    f"there, or let it pass in what {own} needs."
                )
    return faults or [circle_fault(each, source.parent, modules) for each in circles(modules)]


def circles(modules: dict[str, Path]) -> list[list[Import]]:
    """Import cycles of files and of their packages, each as a list of imports."""
    found = []
    edges = [(name, each) for name, path in modules.items() for each in imports_of(path, name, modules)]
    for node_of in (lambda name: name, lambda name: room_of(name, modules)):
        graph: dict[str, dict[str, Import]] = {}
        for name, each in edges:
            if each.module in modules and node_of(name) != node_of(each.module):
                graph.setdefault(node_of(name), {}).setdefault(node_of(each.module), each)
        if circle := first_circle(graph):
            found.append(circle)
    return found[:1]  # a cycle of files in different packages is also a cycle of packages


def room_of(name: str, modules: dict[str, Path]) -> str:
    """The package of a module, or the module itself if it is beside packages."""
    package = name if modules[name].name == "__init__.py" else name.rpartition(".")[0]
    has_packages = any(
        path.name == "__init__.py" and other.startswith(f"{package}.") for other, path in modules.items()
    )
    return name if has_packages else package


def first_circle(graph: dict[str, dict[str, Import]]) -> list[Import]:
    done: set[str] = set()

    def walk(node: str, way: list[str], taken: list[Import]) -> list[Import]:
        if node in way:
            return taken[way.index(node) :]
        if node in done:
            return []
        for target, each in graph.get(node, {}).items():
            if circle := walk(target, [*way, node], [*taken, each]):
                return circle
        done.add(node)
        return []

    return next((circle for start in graph if (circle := walk(start, [], []))), [])


def circle_fault(circle: list[Import], root: Path, modules: dict[str, Path]) -> str:
    steps = "; ".join(
        f"{each.path.relative_to(root)}:{each.line} imports {modules[each.module].relative_to(root)}" for each in circle
    )
    return (
        f"A circle of imports: {steps}. Files or packages in a circle can only be read, tested and changed together. "
        f"Move what both sides need into a file below them, or pass it in as an argument."
    )


def test_the_collection_keeps_to_its_rooms() -> None:
    faults = collection_faults(ROOT / "plugins")
    assert not faults, "\n\n" + "\n\n".join(faults)


def test_the_emulator_keeps_to_its_rooms() -> None:
    faults = emulator_faults(ROOT / "emulator/src/aci_emulator")
    assert not faults, "\n\n" + "\n\n".join(faults)


def test_nothing_was_overlooked() -> None:
    """The folders that the two tests above check exist, and imports are found in them."""
    plugins = modules_below(ROOT / "plugins", COLLECTION)
    assert {name.split(".")[5] for name in plugins if ".module_utils._" in name} == set(MODULE_UTILS)
    client = f"{COLLECTION}.module_utils._azure.client"
    assert client in {
        each.module
        for name, path in plugins.items()
        for each in imports_of(path, name, plugins)
        if not name.startswith(f"{COLLECTION}.module_utils._azure")
    }
    emulator = modules_below(ROOT / "emulator/src/aci_emulator", "aci_emulator")
    rooms = {name.split(".")[1] for name in emulator if name != "aci_emulator"}
    assert rooms == {room.name for room in EMULATOR}


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        for folder in path.relative_to(root).parents:
            (root / folder / "__init__.py").touch()
    return root


SOUND_COLLECTION = {
    "module_utils/_module.py": "from ._azure.client import Client\n",
    "module_utils/_common/errors.py": "import json\n",
    "module_utils/_common/wait.py": "import time\nfrom .errors import AciError\n",
    "module_utils/_group/plan.py": "import json\nfrom .._common.errors import AciError\nfrom . import wire\n",
    "module_utils/_group/wire.py": "",
    "module_utils/_azure/client.py": "def connect():\n    import azure.identity\n    from .._common import errors\n",
    "module_utils/_reconcile/work.py": "from .._group import plan\nfrom .._module import Context\n",
    "module_utils/_exec/session.py": "import websockets\nfrom .._azure.client import Client\n",
    "module_utils/_engines/aci_run.py": "from .._reconcile.work import Work\nfrom . import aci_group\n",
    "module_utils/_engines/aci_group.py": "from .._group.plan import Plan\n",
    "plugin_utils/_in_process.py": "from ..module_utils._azure.client import Client\n",
    "modules/aci_run.py": "from ..module_utils._engines.aci_run import SPEC\n",
}
FULL = COLLECTION + ".module_utils"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("_common/new.py", "from .._group.wire import read\n", ["_common/new.py:1", "nothing of ours", "_group"]),
        ("_common/new.py", "from .. import _module\n", ["_common/new.py:1", "nothing of ours"]),
        ("_group/new.py", "\nfrom .._azure.client import Client\n", ["_group/new.py:2", "only _common", "_reconcile"]),
        ("_group/new.py", "def late():\n    from .._azure import client\n", ["_group/new.py:2", "_azure.client"]),
        ("_group/new.py", "if TYPE_CHECKING:\n    from .._module import Context\n", ["_group/new.py:2", "pure"]),
        ("_group/new.py", f"import {FULL}._azure.client\n", ["_group/new.py:1", "_azure.client"]),
        ("_group/new.py", f"from {FULL} import _azure\n", ["_group/new.py:1", "pure"]),
        ("_group/new.py", f"importlib.import_module('{FULL}._azure.client')\n", ["_group/new.py:1", "pure"]),
        ("_group/new.py", "import time\n", ["_group/new.py:1", "no clock", "caller"]),
        ("_group/new.py", "def late():\n    from os import environ\n", ["_group/new.py:2", "no clock"]),
        ("_group/new.py", "import requests\n", ["_group/new.py:1", "Only plugins/module_utils/_azure"]),
        ("_azure/new.py", "from .._group.plan import Plan\n", ["_azure/new.py:1", "only _common", "_reconcile"]),
        ("_module.py", "from ._reconcile.work import Work\n", ["_module.py:1", "_engines"]),
        ("_reconcile/new.py", "from .._engines.aci_run import SPEC\n", ["_reconcile/new.py:1", "its engine"]),
        ("_reconcile/new.py", "from .._exec.session import Shell\n", ["_reconcile/new.py:1", "terminals"]),
        ("_reconcile/new.py", "def late():\n    import azure.core\n", ["_reconcile/new.py:2", "Only plugins"]),
        ("_exec/new.py", "from .._reconcile import work\n", ["_exec/new.py:1", "_exec", "engine"]),
        ("_exec/new.py", "import msal\n", ["_exec/new.py:1", "Only plugins/module_utils/_azure"]),
        (
            "_engines/new.py",
            "from ...plugin_utils._in_process import Door\n",
            ["_engines/new.py:1", "only module_utils"],
        ),
        ("_new.py", "", ["_new.py is in no room", "_common, _group"]),
        ("_other/new.py", "", ["_other/new.py is in no room"]),
        ("_group/wire.py", "from .plan import Plan\n", ["circle", "_group/plan.py:3", "_group/wire.py:1"]),
        ("../inventory/aci.py", "import azure.identity\n", ["inventory/aci.py:1", "Only plugins/module_utils/_azure"]),
    ],
)
def test_every_rule_of_the_collection_is_enforced(tmp_path: Path, name: str, text: str, words: list[str]) -> None:
    plugins = plant(tmp_path / "plugins", SOUND_COLLECTION)
    assert collection_faults(plugins) == []
    plant(plugins, {str(Path("module_utils") / name).replace("module_utils/../", ""): text})
    faults = [fault for fault in collection_faults(plugins) if "__init__.py is in no room" not in fault]
    assert len(faults) == 1, faults
    assert [word for word in words if word not in faults[0]] == []


SOUND_EMULATOR = {
    "core/clock.py": "",
    "arm/errors.py": "from ..core.clock import Clock\n",
    "runtime/base.py": "",
    "runtime/engines/process.py": "from ..base import Runtime\n",
    "runtime/factory.py": "def make():\n    from .engines.process import ProcessRuntime\n",
    "platform.py": "from .core.clock import Clock\n",
    "container_instance/api/groups.py": "from ...platform import Platform\nfrom ..state import deployments\n",
    "container_instance/state/deployments.py": "from ..definition.models import GROUP\n",
    "container_instance/definition/models.py": "from ...arm.errors import ArmError\n",
    "serving/gateway.py": "from ..arm import errors\n",
    "pages/routes.py": "from ..serving.gateway import local_only\n",
    "emulator.py": "from .container_instance.api.groups import Groups\nfrom .pages.routes import Pages\n",
    "cli/parser.py": "def main():\n    from ..emulator import build\n",
    "__main__.py": "from .cli.parser import main\n",
}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("core/new.py", "from ..arm.errors import ArmError\n", ["core/new.py:1", "nothing of ours", "arm"]),
        ("platform.py", "from .container_instance.api.groups import Groups\n", ["platform.py:1", "knows no provider"]),
        ("serving/new.py", "def late():\n    from ..pages import routes\n", ["serving/new.py:2", "pages"]),
        (
            "container_instance/api/new.py",
            "if TYPE_CHECKING:\n    from ...emulator import Emulator\n",
            [
                "container_instance/api/new.py:2",
                "Only the command",
                "Platform",
            ],
        ),
        ("testing.py", "from .emulator import build\n", ["testing.py:1", "Only the command"]),
        ("new.py", "", ["new.py is in no room", "EMULATOR"]),
        ("core/clock.py", "from .new import Time\n", ["circle", "core/clock.py:1", "core/new.py:1"]),
        (
            "container_instance/definition/new.py",
            "from ..api.groups import Groups\n",
            [
                "circle",
                "container_instance/definition/new.py:1",
                "container_instance/api/groups.py:2",
            ],
        ),
    ],
)
def test_every_rule_of_the_emulator_is_enforced(tmp_path: Path, name: str, text: str, words: list[str]) -> None:
    source = plant(tmp_path / "aci_emulator", SOUND_EMULATOR)
    assert emulator_faults(source) == []
    plant(source, {name: text, **({"core/new.py": "from .clock import Clock\n"} if name == "core/clock.py" else {})})
    faults = emulator_faults(source)
    assert len(faults) == 1, faults
    assert [word for word in words if word not in faults[0]] == []
