# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays the requests of a recording against an endpoint, and says what it answers otherwise.

Ids that the endpoint chooses are followed by what they mean: the operation of a recorded create is the operation that
its own create began. Where a recorded answer shows a state that the endpoint has yet to reach, it is asked again.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from ..container_instance.definition.models import GROUP, PROFILE
from ..container_instance.definition.schema import ListOf, MapOf, Record, SecretMap, Shape
from ..runtime.engines.sample_images import OWN_REGISTRY, sample_of
from . import vocabulary as words
from .comparison import CHOSEN, Answer, Context, Difference, compare, error_code
from .exchanges import Exchange
from .recorder import SECRET

_RESOURCES = "2021-04-01"
_STEP = 0.25  # no state of a group on its way lasts less
_LONG_STEP = 2.0  # once nothing has happened for a while
_QUICK = 20  # how many short steps there are
_REST = 12  # how many equal answers make a group that does not change any more
_REAL_STEP = 0.1
_REAL_STEPS = 100  # of such seconds, for a program in a container to end: no clock of an emulator makes it faster
_GROUP = re.compile(r".*/providers/microsoft\.containerinstance/containergroup(?:s|profiles)/[^/]+", re.IGNORECASE)
_STATES = re.compile(
    r"status|provisioningState|\.state$|instanceView|events|detailStatus|exitCode|finishTime|\bip$|\bfqdn$|content|error"
)
_ENDED = ("Succeeded", "Failed", "Canceled")
_UNDER_WAY = ("Pending", "Creating", "Updating", "Repairing", "Running", "InProgress", "Accepted", "Deleting")


class Endpoint(Protocol):
    """What a recording is played against. ``subscriptions`` take the places of the recorded ones, in their order.

    ``is_emulator`` has images that end replaced by ones of the emulator that end likewise.
    """

    subscriptions: tuple[str, ...]
    is_emulator: bool

    def send(self, method: str, path: str, body: Any) -> Answer:
        """Sends a signed-in request to a path with its query, or to an address that the endpoint gave."""
        ...

    def wait(self, seconds: float) -> None:
        """Lets time pass: the emulator's, where the endpoint is one."""
        ...

    def rest(self, seconds: float) -> bool:
        """Lets real time pass, where programs run in containers. Returns whether it did: simulated ones need none."""
        ...


class CannotPlay(Exception):
    """A recording that cannot be played against an endpoint; the text says why."""


@dataclass(frozen=True)
class Finding:
    """A difference, with the exchange that it is of. ``number`` counts from 1 in the recording ``file``."""

    file: str
    number: int
    request: str
    where: str
    recorded: str
    answered: str


@dataclass
class Report:
    """What came of a play. ``overtaken`` answers show a later state than the recorded one, and were not compared.

    ``unplayed`` are exchanges that no request could be made for, each with the reason.
    """

    played: int = 0
    overtaken: int = 0
    findings: list[Finding] = field(default_factory=list)
    unplayed: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Takes in what came of another recording."""
        self.played += other.played
        self.overtaken += other.overtaken
        self.findings += other.findings
        self.unplayed += other.unplayed

    def document(self) -> dict[str, Any]:
        """Returns the report as a JSON object."""
        return asdict(self)


def play(
    file: str,
    exchanges: Sequence[Exchange],
    endpoint: Endpoint,
    *,
    without: Collection[str] = (),
    patience: float = 60.0,
) -> Report:
    """Plays one recording, and removes what it has made. Raises CannotPlay.

    ``without`` are keys that are not compared. ``patience`` is how many seconds may pass until the endpoint shows a
    recorded state.
    """
    player = _Player(file, exchanges, endpoint, Context(sent=set(), without=without), patience)
    try:
        player.prepare()
        for number, exchange in enumerate(exchanges, 1):
            player.exchange(number, exchange)
    finally:
        player.clean_up()
    return player.report


class _Player:
    def __init__(
        self, file: str, exchanges: Sequence[Exchange], endpoint: Endpoint, context: Context, patience: float
    ) -> None:
        self.report = Report()
        self._file = file
        self._exchanges = exchanges
        self._endpoint = endpoint
        self._patience = patience
        self._sent: set[str] = set()
        self._images: dict[str, set[str]] = {}
        self._bound: dict[str, str] = {}  # recorded text -> the endpoint's
        self._begun: dict[str, str] = {}  # path of what was taken to be there, in lower case -> its operation
        self._made: list[str] = []  # paths of resource groups
        self._context = context
        context.sent, context.images, context.translate = self._sent, self._images, self._translate

    # -- before and after

    def prepare(self) -> None:
        """Maps subscriptions, and makes what the recording takes to be there."""
        found: dict[str, None] = {}
        for each in self._exchanges:
            found.update(dict.fromkeys(re.findall(r"/subscriptions/([^/?]+)", each.url)))
        self._bound.update(zip(found, self._endpoint.subscriptions))
        for group, location, there in _resource_groups(self._exchanges):
            path = self._translate(group)
            if self._endpoint.send("GET", f"{path}?api-version={_RESOURCES}", None).status == 200:
                name = group.rpartition("/")[2]
                raise CannotPlay(
                    f"the endpoint has a resource group {name} already: playing {self._file} would change it, and "
                    "remove it in the end"
                )
            self._made.append(path)
            if there:
                self._endpoint.send("PUT", f"{path}?api-version={_RESOURCES}", {"location": location})
        for exchange in _taken_for_granted(self._exchanges):
            body = self._outgoing(exchange, request_from(exchange.answer), 0)
            answer = self._endpoint.send("PUT", self._translate_url(exchange.url), body)
            if answer.status >= 300:
                self.report.unplayed.append(
                    f"{_request(exchange)}: what the recording takes to be there was refused with {answer.status}"
                )
            self._begun[urlsplit(exchange.url).path.lower()] = answer.headers.get("azure-asyncoperation", "")
            self._settle_operation(answer)

    def clean_up(self) -> None:
        """Deletes the resource groups of the recording."""
        for path in reversed(self._made):
            answer = self._endpoint.send("DELETE", f"{path}?api-version={_RESOURCES}", None)
            waited = 0.0
            while answer.status not in (404, 403, 409) and waited < self._patience:
                self._endpoint.wait(_LONG_STEP)
                waited += _LONG_STEP
                answer = self._endpoint.send("GET", f"{path}?api-version={_RESOURCES}", None)

    # -- one exchange

    def exchange(self, number: int, recorded: Exchange) -> None:
        """Sends a recorded request and notes how the answer differs."""
        path = urlsplit(recorded.url).path
        if recorded.url.startswith("wss://"):
            self.report.unplayed.append(f"{_request(recorded)}: sessions of exec and attach are not replayed")
            return
        if not path.startswith(("/subscriptions", "/providers", "/tenants")) or "{" in path:
            self.report.unplayed.append(f"{_request(recorded)}: its address is not recorded as a whole")
            return
        if "/operations/" in path and _bare(recorded.url) not in self._bound and not self._adopt(recorded):
            self.report.unplayed.append(f"{_request(recorded)}: what it asks about began before the recording")
            return
        body = recorded.body
        if body is None and recorded.method in ("PUT", "PATCH"):
            if recorded.status >= 300 or not isinstance(recorded.answer, Mapping):
                self.report.unplayed.append(f"{_request(recorded)}: the body of the request is not recorded")
                return
            whole = request_from(recorded.answer)
            body = whole if recorded.method == "PUT" else {"tags": whole.get("tags", {})}
        self._sent.update(_texts(recorded.body))
        self._sent.update(each for each in map(unquote, path.split("/")) if each.lower() not in words.SEGMENTS)
        url = self._translate_url(recorded.url)
        outgoing = self._outgoing(recorded, body, number) if recorded.method == "PUT" else self._translated(body)
        if recorded.method != "GET" and _state(recorded.answer) in _ENDED:
            self._settle_group(path)
        answer = self._endpoint.send(recorded.method, url, outgoing)
        differences = compare(recorded, answer, self._context)
        answer, differences = self._patient(recorded, url, outgoing, answer, differences)
        self.report.played += 1
        if differences and _overtaken(recorded, answer):
            self.report.overtaken += 1
            differences = []
        request = _request(recorded)
        self.report.findings += [
            Finding(self._file, number, request, each.where, each.recorded, each.answered) for each in differences
        ]
        self._bind(recorded, answer)

    def _patient(
        self, recorded: Exchange, url: str, body: Any, answer: Answer, differences: list[Difference]
    ) -> tuple[Answer, list[Difference]]:
        """Asks again until a recorded state is reached, or what is under way has ended."""
        waited, asked, equal, rested = 0.0, 0, 0, 0
        best = answer, differences
        while waited < self._patience and self._may_change(recorded, answer, differences):
            if equal < _REST:
                step = _STEP if asked < _QUICK else _LONG_STEP
                self._endpoint.wait(step)
                waited, asked = waited + step, asked + 1
            elif rested < _REAL_STEPS and _runs_on(recorded, answer) and self._endpoint.rest(_REAL_STEP):
                rested += 1
            else:
                break
            last = answer
            answer = self._endpoint.send(recorded.method, url, body)
            equal = equal + 1 if (last.status, last.body) == (answer.status, answer.body) else 0
            differences = compare(recorded, answer, self._context)
            if len(differences) < len(best[1]) or recorded.method != "GET" or _overtaken(recorded, answer):
                best = answer, differences
        return best

    def _may_change(self, recorded: Exchange, answer: Answer, differences: list[Difference]) -> bool:
        if recorded.method == "GET":
            return any(_STATES.search(each.where) for each in differences) and not _overtaken(recorded, answer)
        # A recorded client had waited by other means. These are refused while something is under way, always.
        refused = error_code(answer.body) == "ContainerGroupTransitioning" != error_code(recorded.answer)
        return refused and (recorded.method in ("PUT", "PATCH") or urlsplit(recorded.url).path.endswith("/start"))

    def _adopt(self, recorded: Exchange) -> bool:
        """Lets the operation that made what was taken to be there stand for the recorded one."""
        subject = recorded.answer.get("id") if isinstance(recorded.answer, Mapping) else None
        begun = self._begun.get(str(subject).lower(), "")
        if begun:
            self._bound[_bare(recorded.url)] = begun
        return bool(begun)

    def _settle_group(self, path: str) -> None:
        """Lets what is under way in a group end, as it had when the recorded client went on."""
        found = _GROUP.match(path)
        version = _version(self._exchanges, path)
        waited = 0.0
        while found is not None and waited < self._patience:
            shown = self._endpoint.send("GET", f"{self._translate(found[0])}?api-version={version}", None)
            if shown.status != 200 or _state(shown.body) in (*_ENDED, None):
                break
            self._endpoint.wait(_STEP)
            waited += _STEP

    def _settle_operation(self, answer: Answer) -> None:
        url = answer.headers.get("azure-asyncoperation")
        waited = 0.0
        while url and waited < self._patience:
            found = self._endpoint.send("GET", url, None).body
            if not isinstance(found, Mapping) or found.get("status") in _ENDED:
                break
            self._endpoint.wait(_STEP)
            waited += _STEP

    # -- what the endpoint chose

    def _bind(self, recorded: Exchange, answer: Answer) -> None:
        for name in ("azure-asyncoperation", "location"):
            if name in recorded.headers and name in answer.headers:
                self._bound[_bare(recorded.headers[name])] = answer.headers[name]
        self._bind_values("", recorded.answer, answer.body)

    def _bind_values(self, key: str, recorded: Any, answered: Any) -> None:
        if isinstance(recorded, Mapping) and isinstance(answered, Mapping):
            for name in recorded:
                other = self._translate(name)
                if other in answered:
                    self._bind_values(name, recorded[name], answered[other])
        elif isinstance(recorded, list) and isinstance(answered, list) and len(recorded) == len(answered):
            for pair in zip(recorded, answered):
                self._bind_values(key, *pair)
        elif isinstance(recorded, str) and isinstance(answered, str) and recorded != answered:
            chosen = key.lower() in (*CHOSEN, "ip", "fqdn", "nextlink")
            if chosen and recorded not in self._sent:
                self._bound[_bare(recorded) if key == "nextLink" else recorded] = answered

    def _translate(self, text: str) -> str:
        if text in self._bound:
            return self._bound[text]
        return re.sub(
            r"(?<=/subscriptions/)[^/?']+", lambda found: self._bound.get(found[0], found[0]), text, flags=re.IGNORECASE
        )

    def _translate_url(self, url: str) -> str:
        bound = self._bound.get(_bare(url))
        if bound is not None:
            return bound
        parts = urlsplit(url)
        return self._translate(parts.path) + (f"?{parts.query}" if parts.query else "")

    def _outgoing(self, exchange: Exchange, body: Any, number: int) -> Any:
        """The body as the endpoint has to get it."""
        outgoing = self._translated(body)
        if self._endpoint.is_emulator and isinstance(outgoing, dict):
            ends = _ends(self._exchanges[number:], urlsplit(exchange.url).path)
            for container in _containers(outgoing):
                properties, name = container.get("properties") or {}, str(container.get("name", "")).lower()
                image = properties.get("image")
                if name not in ends or not isinstance(image, str) or image.startswith(OWN_REGISTRY):
                    continue
                if sample_of(image) is None:
                    properties["image"] = ends[name]
                    self._images.setdefault(image, set()).add(ends[name])
        return outgoing

    def _translated(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {self._translate(name): self._translated(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._translated(each) for each in value]
        return self._translate(value) if isinstance(value, str) else value


def request_from(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a request that makes the group, or profile, that an answer shows. Secrets are made up."""
    shape = PROFILE if "containerGroupProfiles" in str(shown.get("type", "")) else GROUP
    body: dict[str, Any] = _sendable(shape, copy.deepcopy(dict(shown)))
    properties = body.get("properties") or {}
    for container in _containers(body):
        inner = container.get("properties") or {}
        for variable in inner.get("environmentVariables") or []:
            if "value" not in variable:
                variable["secureValue"] = SECRET
    for each in properties.get("imageRegistryCredentials") or []:
        if "username" in each:
            each.setdefault("password", SECRET)
    for volume in properties.get("volumes") or []:
        if "azureFile" in volume:
            volume["azureFile"].setdefault("storageAccountKey", SECRET)
        if volume.get("secret") == {}:
            volume["secret"] = {"key": SECRET}
    analytics = (properties.get("diagnostics") or {}).get("logAnalytics")
    if analytics is not None:
        analytics.setdefault("workspaceKey", SECRET)
    for name in ("provisioningTimeoutInSeconds", "isCustomProvisioningTimeout"):
        properties.pop(name, None)
    address = properties.get("ipAddress") or {}
    address.pop("ip", None)
    return body


def _sendable(shape: Shape, value: Any) -> Any:
    if isinstance(shape, Record) and isinstance(value, Mapping):
        fields = {each.name: each for each in shape.fields}
        kept = {name: each for name, each in value.items() if name in fields and not fields[name].read_only}
        return {name: _sendable(fields[name].shape, each) for name, each in kept.items()}
    if isinstance(shape, ListOf) and isinstance(value, list):
        return [_sendable(shape.item, each) for each in value]
    if isinstance(shape, MapOf) and not isinstance(shape, SecretMap) and isinstance(value, Mapping):
        return {name: {} if isinstance(each, Mapping) else each for name, each in value.items()}
    return value


def _resource_groups(exchanges: Sequence[Exchange]) -> Iterator[tuple[str, str, bool]]:
    """Yields the path of each resource group, its location, and whether the recording takes it to be there."""
    seen: dict[str, str] = {}
    for exchange in exchanges:
        found = re.match(r"/subscriptions/[^/]+/resourceGroups/[^/]+", urlsplit(exchange.url).path, re.IGNORECASE)
        if found is None or "{" in found[0] or found[0].lower() in seen:
            continue
        seen[found[0].lower()] = ""
        made_here = exchange.method == "PUT" and urlsplit(exchange.url).path == found[0]
        missing = exchange.status == 404 and (
            error_code(exchange.answer) == "ResourceGroupNotFound" or urlsplit(exchange.url).path == found[0]
        )
        yield found[0], _location(exchanges, found[0].lower()), not made_here and not missing


def _location(exchanges: Sequence[Exchange], group: str) -> str:
    for exchange in exchanges:
        if urlsplit(exchange.url).path.lower().startswith(group):
            for body in (exchange.body, exchange.answer):
                if isinstance(body, Mapping) and isinstance(body.get("location"), str):
                    return str(body["location"])
    return "westeurope"


def _taken_for_granted(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """Yields the first answer that shows each group or profile that was there before the recording began."""
    seen: set[str] = set()
    for exchange in exchanges:
        path = urlsplit(exchange.url).path.lower()
        found = _GROUP.match(path)
        if found is None or found[0] in seen or "{" in path:
            continue
        seen.add(found[0])
        if (exchange.method == "PUT" and exchange.status != 200) or exchange.status >= 400:
            continue
        shown = (each for each in exchanges if urlsplit(each.url).path.lower() == found[0] and each.status == 200)
        shows = next((each for each in shown if isinstance(each.answer, Mapping) and "properties" in each.answer), None)
        if shows is not None:
            yield shows


def _ends(exchanges: Sequence[Exchange], path: str) -> dict[str, str]:
    """Images of the emulator by the names of containers (lower case) that a recording shows to end in a group."""
    found: dict[str, str] = {}
    for exchange in exchanges:
        if urlsplit(exchange.url).path.lower() != path.lower():
            continue
        if exchange.method == "PUT" and exchange.status < 300:
            break
        for container in _containers(exchange.answer):
            view = (container.get("properties") or {}).get("instanceView") or {}
            for state in (view.get("currentState"), view.get("previousState")):
                code = state.get("exitCode") if isinstance(state, Mapping) else None
                killed = "finishTime" not in (state or {}) or code == 137
                if isinstance(code, int) and not killed:
                    found.setdefault(str(container.get("name", "")).lower(), f"{OWN_REGISTRY}/exit:{code}")
            if "ImagePullBackOff" in json.dumps(view):
                found.setdefault(str(container.get("name", "")).lower(), f"{OWN_REGISTRY}/missing")
    return found


def _containers(body: Any) -> Iterator[dict[str, Any]]:
    properties = body.get("properties") if isinstance(body, Mapping) else None
    for kind in ("containers", "initContainers"):
        found = properties.get(kind) if isinstance(properties, Mapping) else None
        yield from (each for each in found or [] if isinstance(each, dict))


def _overtaken(recorded: Exchange, answer: Answer) -> bool:
    """Whether an answer shows that what was under way in the recording has ended."""
    states = [_state(each) for each in (recorded.answer, answer.body)]
    return (
        recorded.method == "GET"
        and recorded.status == answer.status
        and states[0] in _UNDER_WAY
        and states[1] in _ENDED
    )


def _runs_on(recorded: Exchange, answer: Answer) -> bool:
    """Whether the containers of a group still run that had ended in the recording."""
    before, now = _run_state(recorded.answer), _run_state(answer.body)
    return now in _UNDER_WAY and before is not None and before not in _UNDER_WAY


def _run_state(body: Any) -> Any:
    view = _properties(body).get("instanceView")
    return view.get("state") if isinstance(view, Mapping) else None


def _state(body: Any) -> Any:
    if not isinstance(body, Mapping):
        return None
    return _properties(body).get("provisioningState") or body.get("status")


def _properties(body: Any) -> Mapping[str, Any]:
    found = body.get("properties") if isinstance(body, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _version(exchanges: Sequence[Exchange], path: str) -> str:
    """The API version that a recording asks for a path with."""
    found = (parse_qs(parts.query) for parts in (urlsplit(each.url) for each in exchanges) if parts.path == path)
    return next((each["api-version"][0] for each in found if "api-version" in each), _RESOURCES)


def _bare(url: str) -> str:
    """An address without its query, but for the page of a list."""
    parts = urlsplit(url)
    page = re.findall(r"\$?skip\w*=[^&]*", parts.query, re.IGNORECASE)
    return "?".join([parts.path, *page])


def _request(exchange: Exchange) -> str:
    """The request for people: PUT containerGroups/name-1."""
    path = urlsplit(exchange.url).path
    _, behind, rest = path.rpartition("/providers/")
    return f"{exchange.method} {rest.partition('/')[2] if behind else path}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
