# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image references: their grammar, and the registries they point to."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from ..core.store import Store

DOCKER_HUB = "index.docker.io"
_HUB_NAMES = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})

# The grammar of the CNCF distribution project, with its limits.
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
_MOST_KNOWN = 10_000
_MOVES = ("emulator", "image-moves")
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"


@dataclass(frozen=True)
class Image:
    """A parsed reference. ``registry`` is a host, Docker Hub's by default."""

    registry: str
    path: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """The reference without tag and digest, and without Docker Hub's host."""
        return self.path if self.registry == DOCKER_HUB else f"{self.registry}/{self.path}"


def parse_image(reference: str) -> Image | None:
    """Parses a reference; None if no registry can have an image with that name."""
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
    """Returns a registry's host in lower case, with one name for Docker Hub."""
    host = host.strip().lower().removeprefix("https://").rstrip("/")
    return DOCKER_HUB if host in _HUB_NAMES else host


def pinned(reference: str, digest: str) -> str:
    """Returns ``name@sha256:...``, the form of images in events (recorded since 2021)."""
    image = parse_image(reference)
    if image is None or image.digest or not digest:
        return reference
    without_tag = reference.removesuffix(f":{image.tag}") if image.tag else reference
    return f"{without_tag}@{digest}"


class Digests:
    """The digests of the tags of made-up images, and the manifests with these digests.

    A tag points to the index of an image for one platform. Both are derived from the reference and the number of times
    that the tag was moved, so that they are always the same for the same image.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._store = store
        saved = store.get(*_MOVES) if store is not None else None
        self._moves: dict[str, int] = {str(tag): int(count) for tag, count in (saved or {}).items()}
        self._known: set[str] = set()

    def of(self, reference: str) -> str:
        """Returns the digest of an image: that of its tag, or the one to which it is pinned."""
        image = parse_image(reference)
        if image is not None and image.digest:
            return image.digest
        tag = self._know(reference)
        return _digest(self._index(tag, self._moves.get(tag, 0)))

    def move(self, reference: str) -> str:
        """Moves a tag to another image, and returns its digest. Raises ValueError if the reference has no tag."""
        image = parse_image(reference)
        if image is None or image.digest:
            raise ValueError(f"{reference!r} is not an image with a tag")
        tag = _tag_of(reference)
        self._moves[tag] = self._moves.get(tag, 0) + 1
        self._save()
        return self.of(reference)

    def manifest(self, name: str, reference: str) -> bytes | None:
        """Returns an index or a platform's manifest from a repository, by a tag or a digest.

        ``name`` includes the registry's host. A digest is found if its tag was requested or moved, or is ``latest``.
        """
        if ":" not in reference:
            tag = self._know(f"{name}:{reference}")
            return self._index(tag, self._moves.get(tag, 0))
        repository = _tag_of(name).rpartition(":")[0]
        tags = {tag for tag in {_tag_of(name), *self._moves, *self._known} if tag.rpartition(":")[0] == repository}
        for tag in sorted(tags):
            for count in range(self._moves.get(tag, 0) + 1):
                for body in (self._index(tag, count), _manifest(tag, count)):
                    if _digest(body) == reference:
                        return body
        return None

    def reset(self) -> None:
        """Moves every tag back to its first image."""
        self._moves.clear()
        self._save()

    def _know(self, reference: str) -> str:
        """Returns the full name of a tag, whose digests are found from now on."""
        tag = _tag_of(reference)
        if len(self._known) < _MOST_KNOWN:
            self._known.add(tag)
        return tag

    def _save(self) -> None:
        if self._store is not None:
            self._store.put(*_MOVES, dict(self._moves))

    def _index(self, tag: str, count: int) -> bytes:
        child = _manifest(tag, count)
        platform = {"architecture": "amd64", "os": "linux"}
        listed = {"mediaType": MANIFEST_TYPE, "digest": _digest(child), "size": len(child), "platform": platform}
        return json.dumps({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [listed]}).encode()


def _manifest(tag: str, count: int) -> bytes:
    config = hashlib.sha256(f"image {tag} {count}".encode()).hexdigest()
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": f"sha256:{config}",
                "size": 2,
            },
            "layers": [],
        }
    ).encode()


def _digest(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()


def _tag_of(reference: str) -> str:
    """Returns the full name of a tag in any notation; a string that is not a reference remains unchanged."""
    image = parse_image(reference)
    return reference if image is None else f"{image.registry}/{image.path}:{image.tag or 'latest'}"
