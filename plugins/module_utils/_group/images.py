# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Image references, and the digest of a running image. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .changes import Change
from .schema import Effect
from .validation import Finding
from .wire import get_path

DOCKER_HUB = "registry-1.docker.io"
"""The API host of Docker Hub, whose images need no host in their names."""

RULE = "image_digest"
EVIDENCE = "The answer of the registry, or the recorded events of the container."

_HUB_NAMES = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})

# As in the grammar of the distribution project.
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_NAME = re.compile(
    rf"(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?"
)
_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(:[0-9]+)?"
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
# As recorded from 2020 on: pulling image "nginx@sha256:...", Successfully pulled image "nginx@sha256:..."
_PULL_EVENT = re.compile(r"(?:Successfully pulled|pulling) image \"(?P<image>[^\"]+)\"", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """A parsed image reference. ``name`` is the reference as written, without tag and digest."""

    host: str
    """The registry, with its port if given; always the same name for Docker Hub."""
    repository: str
    tag: str
    """``latest`` if the reference has neither tag nor digest; empty if it has only a digest."""
    digest: str
    name: str

    def is_of(self, other: Reference) -> bool:
        """Whether both refer to the same repository."""
        return (self.host, self.repository) == (other.host, other.repository)

    def pinned(self, digest: str) -> str:
        """A reference to the image with this digest, whatever its tag refers to by then."""
        return f"{self.name}@{digest}"


def parse_reference(image: str) -> Reference | None:
    """Parses a reference; None if it is not a valid image name."""
    host, rest = "", image
    first, slash, remainder = image.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        host, rest = first, remainder
        if not _HOST.fullmatch(host):
            return None
    found = _NAME.fullmatch(rest)
    if found is None:
        return None
    path, digest = found["path"], found["digest"] or ""
    name = f"{host}/{path}" if host else path
    if not host or host.lower() in _HUB_NAMES:
        host = DOCKER_HUB
        path = path if "/" in path else f"library/{path}"
    return Reference(host.lower(), path, found["tag"] or ("" if digest else "latest"), digest, name)


def registry_host(server: str) -> str:
    """The host in ``image_registry_credentials[].server``, in the same form as ``Reference.host``."""
    host = server.strip().lower().removeprefix("https://").rstrip("/")
    return DOCKER_HUB if host in _HUB_NAMES else host


def is_digest(text: str) -> bool:
    """Whether a string is a valid digest for a reference."""
    return _DIGEST.fullmatch(text) is not None


def pulled_digest(container: Mapping[str, Any], reference: Reference) -> str | None:
    """The digest that a container's events record for its last pull; None if no event shows it for this repository."""
    events = [event for event in get_path(container, "properties.instanceView.events") or [] if isinstance(event, dict)]
    for event in sorted(events, key=lambda event: str(event.get("lastTimestamp") or ""), reverse=True):
        found = _PULL_EVENT.match(str(event.get("message") or ""))
        pulled = parse_reference(found["image"]) if found else None
        if pulled is not None and pulled.digest and pulled.is_of(reference):
            return pulled.digest
    return None


@dataclass
class ImageDigest:
    """The image of one container: the digest that runs, and the digest that its tag refers to."""

    container: str
    init: bool
    image: str
    running: str | None = None
    """The digest according to the container's pull events."""
    registry: str | None = None
    """The digest that the tag refers to at the registry."""
    moved: bool = False
    """Whether the running image is no longer the one that the tag refers to."""
    reason: str | None = None
    """Why one of the digests is not known, or was not looked up."""
    doubtful: bool = False

    @property
    def path(self) -> str:
        """The path of the image's option."""
        return f"{'init_containers' if self.init else 'containers'}[{self.container}].image"

    def doubt(self, reason: str) -> None:
        """Records why the digests could not be determined."""
        self.reason, self.doubtful = reason, True


class ImageDigests:
    """The digests of the images of one group."""

    def __init__(self, found: list[ImageDigest]) -> None:
        self._found = found

    @property
    def moved(self) -> list[Change]:
        """A change, from the running digest to the registry's, for each container whose tag has moved."""
        return [
            Change(f"{each.path} (digest)", each.running, each.registry, Effect.START)
            for each in self._found
            if each.moved
        ]

    @property
    def doubts(self) -> list[Finding]:
        """A doubt for each image whose digests could not be determined."""
        return [
            Finding(RULE, each.path, f"whether {each.image} has changed is not known: {each.reason}", EVIDENCE)
            for each in self._found
            if each.doubtful
        ]

    def as_result(self) -> list[dict[str, Any]]:
        """The images in the form of a task's result."""
        return [
            {
                "container": each.container,
                "init": each.init,
                "image": each.image,
                "running_digest": each.running,
                "registry_digest": each.registry,
                "moved": each.moved,
                "reason": each.reason,
            }
            for each in self._found
        ]
