# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface of a runtime: what the supervisor needs to run containers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .definition import ContainerSpec, GroupSpec
from .images import Digests
from .log import LogBuffer


class ImageRefused(Exception):
    """The service refuses a definition immediately because of an image.

    ``code`` is ``InaccessibleImage`` (the name cannot exist) or ``RegistryErrorResponse`` (the registry does not
    answer). The message is the API's.
    """

    def __init__(self, code: str, image: str, registry: str) -> None:
        super().__init__(f"{code}: {image}")
        self.code = code
        self.image = image
        self.registry = registry


class MountFailed(Exception):
    """A volume cannot be mounted. ``event`` is the name of its event; if ``final``, retries are useless."""

    def __init__(self, event: str, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.event = event
        self.message = message
        self.final = final


class ExecRefused(Exception):
    """A command cannot be run in a container; the message says why."""


@dataclass(frozen=True)
class Pulled:
    """The outcome of a pull: a digest (``sha256:...``), or the registry's error."""

    digest: str = ""
    error: str = ""


class Observer(Protocol):
    """Receives the events of one run of a container."""

    def started(self) -> None:
        """The container's process has started."""

    def exited(self, code: int, detail: str = "") -> None:
        """The process and its children have ended; called once. ``detail`` overrides Completed or Error."""

    def failed(self, message: str) -> None:
        """The process could not be started. Neither of the other two follows."""


class Terminal(ABC):
    """A process that was started in a running container, on its own terminal."""

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Sends ``data`` as typed input."""

    @abstractmethod
    async def read(self) -> bytes:
        """Returns the next output; empty if the process has ended and all output was read."""

    @abstractmethod
    def close(self) -> None:
        """Ends the process if it is still running."""


class Handle(ABC):
    """One run of one container."""

    log: LogBuffer

    @abstractmethod
    def stop(self, *, now: bool = False) -> None:
        """Terminates the container, and kills it after the grace period, or ``now``. ``exited`` follows."""

    async def run(self, command: Sequence[str], timeout: float) -> tuple[int, str]:
        """Runs a command in it, for a probe. Returns exit code and output. Raises TimeoutError, ExecRefused."""
        raise ExecRefused("this runtime has no processes, so a command cannot be executed")

    async def open(self, command: Sequence[str], rows: int, cols: int) -> Terminal:
        """Starts a command in it, on a terminal. Raises ExecRefused."""
        raise ExecRefused("this runtime has no processes, so a command cannot be executed")


class Runtime(ABC):
    """Runs containers. All calls come from the event loop's thread; none blocks for long."""

    name: str
    digests: Digests = Digests()
    """The digests of made-up images. A runtime gets its own instance if tags can be moved."""

    def describe(self) -> str:
        """Returns a sentence for the user: what runs containers, and how realistically."""
        return self.name

    async def engine(self) -> dict[str, str] | None:
        """Returns the current state of the container engine: ``name`` with its version, ``status`` (ok or unreachable)
        and ``message`` (why it does not answer, or empty). None for a runtime without an engine."""
        return None

    @abstractmethod
    def pull(self, image: str, credentials: Sequence[dict[str, Any]], done: Callable[[Pulled], None]) -> None:
        """Pulls an image and calls ``done`` once, possibly before this method returns."""

    @abstractmethod
    def prepare(self, group: GroupSpec) -> None:
        """Creates what the containers of a group share: network and volumes. Raises MountFailed. Can be repeated."""

    @abstractmethod
    def start(self, group: GroupSpec, container: ContainerSpec, observer: Observer) -> Handle:
        """Starts a container. ``observer`` may be called before this returns, except for an exit."""

    def refresh(self, group: GroupSpec) -> None:  # noqa: B027
        """Updates the configuration maps in the running containers of a group.

        A runtime without files does nothing.
        """

    @abstractmethod
    def release(self, group_id: str) -> None:
        """Removes what ``prepare`` created, after all containers of the group have ended."""

    def endpoint(self, group_id: str, port: int) -> tuple[str, int] | None:
        """Returns the actual address of a group's port, or None."""
        return None

    def join(self, group_id: str, subnet: str, prefix: str, address: str) -> None:  # noqa: B027
        """Gives a group its address in a subnet, in which groups reach each other. Can be repeated.

        A runtime without networks does nothing.
        """

    def digest(self, image: str) -> str:
        """Returns an image's digest for events before the pull; empty if it is unknown."""
        return self.digests.of(image)

    def resumes(self, image: str) -> bool:
        """True if runs of this image continue while the emulator is stopped, so that they need no restart."""
        return False

    @abstractmethod
    async def close(self) -> None:
        """Ends all containers."""
