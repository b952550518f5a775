# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a runtime is: the few things that the supervisor asks of whatever really runs containers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .definition import ContainerSpec, GroupSpec
from .images import Digests
from .log import LogBuffer


class ImageRefused(Exception):
    """The service refuses a definition at once because of an image.

    ``code`` is ``InaccessibleImage`` (the name cannot exist) or ``RegistryErrorResponse`` (the registry does not
    answer). The words are the API's.
    """

    def __init__(self, code: str, image: str, registry: str) -> None:
        super().__init__(f"{code}: {image}")
        self.code = code
        self.image = image
        self.registry = registry


class MountFailed(Exception):
    """A volume cannot be mounted. ``event`` names the event that reports it; ``final``: trying again is useless."""

    def __init__(self, event: str, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.event = event
        self.message = message
        self.final = final


class ExecRefused(Exception):
    """A command cannot be run inside a container; the text says why."""


@dataclass(frozen=True)
class Pulled:
    """How pulling an image ended: a digest (``sha256:...``), or what the registry said against it."""

    digest: str = ""
    error: str = ""


class Observer(Protocol):
    """Who wants to know about one run of a container."""

    def started(self) -> None:
        """The container's process runs."""

    def exited(self, code: int, detail: str = "") -> None:
        """It has ended, once, and whatever it started with it. ``detail`` overrides Completed or Error."""

    def failed(self, message: str) -> None:
        """It could not be started. Neither of the other two follows."""


class Terminal(ABC):
    """A process that was started inside a running container, on a terminal of its own."""

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Sends ``data`` as typed input."""

    @abstractmethod
    async def read(self) -> bytes:
        """Returns the next output; empty once the process has ended and everything was read."""

    @abstractmethod
    def close(self) -> None:
        """Ends the process if it still runs."""


class Handle(ABC):
    """One run of one container."""

    log: LogBuffer

    @abstractmethod
    def stop(self, *, now: bool = False) -> None:
        """Asks the container to end and makes it after the grace period; ``now`` is without one. ``exited`` follows."""

    async def run(self, command: Sequence[str], timeout: float) -> tuple[int, str]:
        """Runs a command inside, for a probe. Returns exit code and output. Raises TimeoutError, ExecRefused."""
        raise ExecRefused("this runtime has no processes, so a command cannot be executed")

    async def open(self, command: Sequence[str], rows: int, cols: int) -> Terminal:
        """Starts a command inside on a terminal. Raises ExecRefused."""
        raise ExecRefused("this runtime has no processes, so a command cannot be executed")


class Runtime(ABC):
    """What runs containers. All calls come from the event loop's thread; nothing blocks for long."""

    name: str
    digests: Digests = Digests()
    """Which digests the images have that exist nowhere; where tags can be moved, the runtime is given its own."""

    def describe(self) -> str:
        """Returns one sentence for people: what runs containers, and how truly."""
        return self.name

    async def engine(self) -> dict[str, str] | None:
        """Returns how the container engine is right now: ``name`` with its version, ``status`` (ok or unreachable) and
        ``message``, empty or why it does not answer. None for a runtime without an engine."""
        return None

    @abstractmethod
    def pull(self, image: str, credentials: Sequence[dict[str, Any]], done: Callable[[Pulled], None]) -> None:
        """Fetches an image and calls ``done`` once, perhaps before returning."""

    @abstractmethod
    def prepare(self, group: GroupSpec) -> None:
        """Makes what the containers of a group share: network, volumes. Raises MountFailed. Repeatable."""

    @abstractmethod
    def start(self, group: GroupSpec, container: ContainerSpec, observer: Observer) -> Handle:
        """Starts one container. ``observer`` may be notified before this returns, except of an exit."""

    def refresh(self, group: GroupSpec) -> None:  # noqa: B027
        """Gives the running containers of a group the configuration maps that it has now.

        A runtime without files has nothing to do.
        """

    @abstractmethod
    def release(self, group_id: str) -> None:
        """Gives up what ``prepare`` made, once no container of the group runs any more."""

    def endpoint(self, group_id: str, port: int) -> tuple[str, int] | None:
        """Returns where a port of a group really listens, or None."""
        return None

    def join(self, group_id: str, subnet: str, prefix: str, address: str) -> None:  # noqa: B027
        """Gives a group its address in a subnet, where groups reach each other. Repeatable.

        A runtime without networks has nothing to do.
        """

    def digest(self, image: str) -> str:
        """Returns the digest that events name an image by before it is pulled, or nothing if that is not known."""
        return self.digests.of(image)

    def resumes(self, image: str) -> bool:
        """True if a run of this image continues while the emulator is away, so that nothing restarts after it."""
        return False

    @abstractmethod
    async def close(self) -> None:
        """Ends everything that was started."""
