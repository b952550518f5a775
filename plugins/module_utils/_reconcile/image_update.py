# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Updates images whose tag refers to a new digest (``image_update``).

The digest that runs comes from recorded pull events, the digest that a tag refers to from its registry. If a registry
does not answer, the group is left as it is, with a doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._azure.registry import Login, Registry, RegistryError
from .._common.errors import Refused
from .._group import state as states
from .._group.images import (
    ImageDigest,
    ImageDigests,
    Reference,
    is_digest,
    parse_reference,
    pulled_digest,
    registry_host,
)
from .._group.plan import make_plan
from .._group.wire import ArmJson, get_path
from .task import GroupTask


def with_digests(task: GroupTask, live: ArmJson | None) -> GroupTask:
    """The task with the digests of its images; with ``pin``, its definition has them as well.

    Raises Refused if an image must be pinned, but its digest is not known.
    """
    return _Resolution(task, live).resolved()


class _Resolution:
    """Determines the digests of one task's images."""

    def __init__(self, task: GroupTask, live: ArmJson | None) -> None:
        self._task = task
        self._pins = task.params["image_update"] == "pin"
        self._finished = live is not None and states.is_finished(live)
        self._live = {str(each.get("name")): each for each, _init in states.every_container(live or {})}
        plan = make_plan(live, task.wanted)
        self._desired = plan.desired
        self._logins = logins_of(plan.body)
        self._asked: Registry | None = None
        self._known: dict[Reference, str | RegistryError] = {}

    def resolved(self) -> GroupTask:
        """The task; see ``with_digests``."""
        found, images = [], {}
        for container, init in states.every_container(self._desired):
            each = ImageDigest(str(container.get("name")), init, str(get_path(container, "properties.image") or ""))
            found.append(each)
            if not self._pins:
                self._compare(each)
            elif (image := self._pin(each)) is not None:
                images[each.container] = image
        digests = ImageDigests(found)
        for doubt in digests.doubts:
            self._task.context.warn(f"{doubt} The group is left as it is.")
        return self._task._replace(wanted=self._task.wanted._replace(images=images), images=digests)

    # -- on_new_digest -----------------------------------------------------------------------------------------------

    def _compare(self, each: ImageDigest) -> None:
        """Determines whether a container runs the image that its tag refers to."""
        reference = self._reference(each)
        live = self._live.get(each.container)
        if reference is None:
            return
        if live is None or parse_reference(str(get_path(live, "properties.image") or "")) != reference:
            each.reason = "The container is new, or gets another image: it is pulled in any case."
            return
        if self._finished:
            each.reason = "The group does not run. The image is pulled when it is started."
            return
        each.running = pulled_digest(live, reference)
        try:
            each.registry = self._digest(reference)
            if each.running is None:
                each.doubt("no recorded event shows the digest that runs.")
            elif each.running != each.registry:
                each.moved = each.running not in self._members(reference, each.registry)
        except RegistryError as error:
            each.doubt(error.msg)

    # -- pin -----------------------------------------------------------------------------------------------------------

    def _pin(self, each: ImageDigest) -> str | None:
        """The image of a container with its digest; None if it stays as given."""
        reference = self._reference(each)
        if reference is None:
            return None
        live = self._live.get(each.container) or {}
        live_image = str(get_path(live, "properties.image") or "")
        present = parse_reference(live_image)
        if present is not None and present.is_of(reference):
            each.running = pulled_digest(live, reference) or present.digest or None
        try:
            each.registry = self._digest(reference)
        except RegistryError as error:
            kept = present is not None and present.is_of(reference) and (present.digest or present == reference)
            if not kept:
                raise Refused(
                    f"{each.path}: {each.image} cannot be pinned. {error.msg} Nothing was sent. Give the digest in "
                    "image, or the credentials of the registry, or leave image_update out.",
                    code="ImageNotResolved",
                ) from None
            each.doubt(error.msg)
            return live_image
        each.moved = present is not None and bool(present.digest) and present.digest != each.registry
        if present is not None and present.is_of(reference) and present.digest == each.registry:
            return live_image  # in whatever notation
        return reference.pinned(each.registry)

    # -- both ----------------------------------------------------------------------------------------------------------

    def _reference(self, each: ImageDigest) -> Reference | None:
        """The image of a container, None if it has no tag to look up."""
        reference = parse_reference(each.image)
        if reference is None:
            each.reason = "The image is not a reference that can be looked up at a registry."
        elif reference.digest:
            each.reason = "The image is given by its digest."
            return None
        return reference

    def _digest(self, reference: Reference) -> str:
        """The digest that a tag refers to, looked up once. Raises RegistryError."""
        if reference not in self._known:
            try:
                login = self._logins.get(reference.host)
                digest = self._registry.digest(reference.host, reference.repository, reference.tag, login)
                self._known[reference] = digest if is_digest(digest) else RegistryError("its answer is not a digest.")
            except RegistryError as error:
                self._known[reference] = error
        known = self._known[reference]
        if isinstance(known, RegistryError):
            raise known
        return known

    def _members(self, reference: Reference, digest: str) -> frozenset[str]:
        login = self._logins.get(reference.host)
        return self._registry.members(reference.host, reference.repository, digest, login)

    @property
    def _registry(self) -> Registry:
        """The client for registries, created only if there is a tag to look up."""
        if self._asked is None:
            self._asked = self._task.context.client.registry()
        return self._asked


def logins_of(body: Mapping[str, Any]) -> dict[str, Login]:
    """The user names and passwords that the task gives for registries, by host."""
    found = {}
    for each in get_path(body, "properties.imageRegistryCredentials") or []:
        server, username, password = each.get("server"), each.get("username"), each.get("password")
        if server and username and password:
            found[registry_host(str(server))] = Login(str(username), str(password))
    return found
