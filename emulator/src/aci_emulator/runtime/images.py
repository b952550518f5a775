# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""References to images: which are possible, and where they live."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

DOCKER_HUB = "index.docker.io"
_HUB_NAMES = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})

# The grammar of the distribution project, with its limits.
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}))?"
)
_REGISTRY = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]+)?"
)
_LONGEST = 255


@dataclass(frozen=True)
class Image:
    """A reference taken apart. ``registry`` is a host, the Hub's when none is written."""

    registry: str
    path: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """The reference without tag and digest, without the Hub's host."""
        return self.path if self.registry == DOCKER_HUB else f"{self.registry}/{self.path}"


def parse_image(reference: str) -> Image | None:
    """Takes a reference apart; None if no registry could have an image of that name."""
    registry, rest = DOCKER_HUB, reference
    first, slash, remainder = reference.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        registry, rest = first.lower(), remainder
        if not _REGISTRY.fullmatch(first):
            return None
    match = _REFERENCE.fullmatch(rest)
    if match is None or len(match["path"]) > _LONGEST:
        return None
    if registry in _HUB_NAMES:
        registry = DOCKER_HUB
    return Image(registry, match["path"], match["tag"] or "", match["digest"] or "")


def normalise_registry(host: str) -> str:
    """Returns a registry's host in lower case, the Hub under one name."""
    host = host.strip().lower().removeprefix("https://").rstrip("/")
    return DOCKER_HUB if host in _HUB_NAMES else host


def digest_of(reference: str) -> str:
    """Returns a digest that is always the same for the same reference, for images that exist nowhere."""
    return "sha256:" + hashlib.sha256(f"image {reference}".encode()).hexdigest()


def pinned(reference: str, digest: str) -> str:
    """Returns ``name@sha256:...``, the form in which events name an image (recorded since 2021)."""
    image = parse_image(reference)
    if image is None or image.digest or not digest:
        return reference
    without_tag = reference.removesuffix(f":{image.tag}") if image.tag else reference
    return f"{without_tag}@{digest}"
