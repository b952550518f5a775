# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated behaviour of the emulator's own images and of the samples."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ...samples import wordcount
from ..definition import ContainerSpec
from ..images import parse_image

OWN_REGISTRY = "emulator.local"
SHELL = f"{OWN_REGISTRY}/sh"
HELLOWORLD = "aci-helloworld"
SIDECAR = "aci-tutorial-sidecar"
WORDCOUNT = "aci-wordcount"

_SAMPLES = frozenset({HELLOWORLD, SIDECAR, WORDCOUNT})
_SAMPLE_HOMES = ("mcr.microsoft.com/azuredocs", "microsoft", "seanmckenna")
# emulator.local/exit:3, emulator.local/exit-after:20 and emulator.local/exit-after:20-3 (seconds, then the code)
_EXIT = re.compile(rf"{re.escape(OWN_REGISTRY)}/exit(?::(?P<code>\d{{1,3}}))?")
_EXIT_AFTER = re.compile(rf"{re.escape(OWN_REGISTRY)}/exit-after:(?P<seconds>\d{{1,7}})(?:-(?P<code>\d{{1,3}}))?")


@dataclass(frozen=True)
class Script:
    """The behaviour of a simulated container: writes ``output``, and ends with ``code`` after ``seconds``, if set."""

    output: str = ""
    code: int = 0
    seconds: float | None = None


def sample_of(image: str) -> str | None:
    """Returns the sample that an image is, by any of its published names, or None."""
    parsed = parse_image(image)
    if parsed is None:
        return None
    home, _, name = parsed.name.rpartition("/")
    return name if name in _SAMPLES and home in _SAMPLE_HOMES else None


def is_shell(image: str) -> bool:
    """True for the image that runs its command on this machine (``emulator.local/sh``)."""
    parsed = parse_image(image)
    return parsed is not None and parsed.name == SHELL


def pull_error(image: str) -> str | None:
    """Returns the registry's error for an image with a valid name that does not exist."""
    parsed = parse_image(image)
    if parsed is None or parsed.registry != OWN_REGISTRY or not parsed.path.startswith("missing"):
        return None
    tag = image if parsed.tag or parsed.digest else f"{image}:latest"
    return f"rpc error: code 2 desc Error: image {tag} not found"


def script_of(spec: ContainerSpec) -> Script:
    """Returns the behaviour of a container, which depends on its image; unknown images run until they are stopped."""
    if match := _EXIT.fullmatch(spec.image):
        return Script(code=_code(match["code"]), seconds=1.0)
    if match := _EXIT_AFTER.fullmatch(spec.image):
        return Script(code=_code(match["code"]), seconds=float(match["seconds"]))
    if is_shell(spec.image):
        return Script(output="nothing runs here: emulator.local/sh requires the process runtime\n")
    sample = sample_of(spec.image)
    return _SCRIPTS[sample](spec) if sample in _SCRIPTS else Script()


def _code(text: str | None) -> int:
    return min(int(text or 0), 255)


def _helloworld(spec: ContainerSpec) -> Script:
    return Script() if spec.command else Script(output=f"listening on port {spec.environment.get('PORT') or 80}\n")


def _sidecar(spec: ContainerSpec) -> Script:
    return (
        Script() if spec.command else Script(output="HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n")
    )


def _wordcount(spec: ContainerSpec) -> Script:
    arguments = list(spec.command or ())[2:]
    if spec.command and [part.rpartition("/")[2] for part in spec.command[:2]] not in wordcount.STARTS:
        return Script()
    if arguments:
        # Nothing is fetched; the bundled text replaces that at the address.
        arguments = []
    code, output = wordcount.run(arguments, spec.environment)
    return Script(output=output, code=code, seconds=2.0)


_SCRIPTS: dict[str | None, Callable[[ContainerSpec], Script]] = {
    HELLOWORLD: _helloworld,
    SIDECAR: _sidecar,
    WORDCOUNT: _wordcount,
}
