# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a recording keeps of an exchange.

Keys, types, enumerations, numbers, statuses and the service's own texts stay. Every other text becomes a pseudonym,
secrets become the same few characters, and what a container has written is left out. What is not known to be the
service's own is replaced: `vocabulary` is the list of what is.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from ..runtime.engines.sample_images import OWN_REGISTRY, sample_of
from . import vocabulary as words
from .exchanges import Exchange
from .pseudonyms import Pseudonyms

SECRET = "c2VjcmV0"  # noqa: S105 - the word secret in Base64, so that it passes where Base64 is asked for
NOT_BASE64 = "secret!"
DROPPED = "(left out)"
_DEEPEST = 60
_FRAME_KEYS = frozenset({"from", "kind", "size", "content"})

# What the headers that are kept may say.
_HEADERS = (
    ("content-type", r"(application|text)/(json|xml|html|plain|octet-stream)(; ?charset=utf-8)?"),
    ("cache-control|pragma", r"no-cache|no-store|private|no-store, no-cache"),
    ("expires", r"-1|0"),
    ("strict-transport-security", r"max-age=\d{1,9}(; includeSubDomains)?"),
    ("x-content-type-options", "nosniff"),
    ("x-ms-failure-cause", "gateway|service"),
    ("date", r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"),
    (r"retry-after|x-ms-retry-after-ms|x-ms-ratelimit-remaining-[a-z0-9-]{1,60}", r"\d{1,9}"),
)
_URL_HEADERS = ("location", "azure-asyncoperation")
_ID_HEADERS = ("x-ms-request-id", "x-ms-correlation-request-id", "x-ms-operation-identifier")
_OWN_IMAGE = re.compile(rf"{re.escape(OWN_REGISTRY)}/(sh|missing|exit(-after)?(:\d{{1,7}}(-\d{{1,3}})?)?)", re.ASCII)
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{12,64}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9_]([\w-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([\w-]*[A-Za-z0-9_])?)+", re.ASCII)
_HOST_KEYS = ("server", "fqdn", "keyvaulturi", "defaultdomain")
_TEXT_KEYS = ("message", "statusmessage", "reason", "notes")
_REGION_KEYS = ("location", "locations", "resourceregion", "joblocation")
_ADDRESS = re.compile(r"(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(/\d{1,3})?", re.ASCII)
_KINDS = {
    "name": "name",
    "image": "image",
    "command": "text",
    "value": "value",
    "mountpath": "folder",
    "dnsnamelabel": "label",
    "createdby": "person",
    "lastmodifiedby": "person",
    "username": "user",
}
_TOKEN = re.compile(r"'([^']*)'|\"([^\"]*)\"|([^\s;]+)")
_EDGES = "\"'()[]{}<>.,:;!?"
_MARK, _END = "\ue000", "\ue001"


def _pattern(text: str) -> tuple[re.Pattern[str], list[str]]:
    """The texts that a text with placeholders can become, and the names of the placeholders."""
    parts = re.split(r"{[a-z_]+}", text.replace("{{", "\0").replace("}}", "\1"))
    plain = [re.escape(each.replace("\0", "{").replace("\1", "}")) for each in parts]
    return re.compile("(.*?)".join(plain), re.DOTALL), re.findall(r"{([a-z_]+)}", text)


# Those that say most come first: a text of little but placeholders fits nearly everything.
_TEXTS = sorted(
    (text for text in words.TEXTS if len(re.sub(r"{[a-z_]+}", "", text)) >= 12),
    key=lambda text: -len(re.sub(r"{[a-z_]+}", "", text)),
)
_PATTERNS = [_pattern(text) for text in _TEXTS]


class Recorder:
    """Turns exchanges into what may be written. Texts keep their pseudonyms for as long as it lives.

    ``keep_logs`` leaves what containers have written as it is. ``keep_keys`` are keys of objects beyond those of the
    vocabulary that stay. ``unknown_keys`` are those that were replaced so far: for the terminal, never for a file.
    """

    def __init__(self, *, keep_logs: bool = False, keep_keys: tuple[str, ...] = ()) -> None:
        self._keep_logs = keep_logs
        self._keep_keys = frozenset(each.lower() for each in keep_keys)
        self._table = Pseudonyms()
        self.unknown_keys: dict[str, None] = {}

    def exchange(self, seen: Exchange) -> Exchange:
        """Returns the exchange without what must not be written."""
        if seen.url.startswith("wss://"):
            return self._session(seen)
        path = urlsplit(seen.url).path.lower()
        body = self._value(seen.body, "", asked=True)
        url = self.url(seen.url)
        answer = self._value(seen.answer, "")
        if path.endswith("/logs") and not self._keep_logs:
            answer = _without_log(seen.answer, answer)
        elif path.endswith("/logs") and isinstance(answer, dict) and isinstance(seen.answer, dict):
            answer = {**answer, **({"content": seen.answer["content"]} if "content" in seen.answer else {})}
        headers = {name: self._header(name, value) for name, value in seen.headers.items()}
        kept = {name: value for name, value in headers.items() if value is not None}
        return Exchange(seen.method, url, body, seen.status, kept, answer)

    def _session(self, seen: Exchange) -> Exchange:
        """A WebSocket: the frames' senders, kinds and sizes, and what the service sent in them where logs are kept."""
        answer = seen.answer
        if isinstance(answer, Mapping):
            known = _FRAME_KEYS if self._keep_logs else _FRAME_KEYS - {"content"}
            frames = [{key: each[key] for key in each if key in known} for each in answer["frames"]]
            answer = {key: frames if key == "frames" else value for key, value in answer.items()}
        return Exchange(seen.method, self.url(seen.url), None, seen.status, {}, answer)

    # -- JSON

    def _value(
        self, value: Any, key: str, *, parent: str = "", asked: bool = False, chosen: bool = False, depth: int = 0
    ) -> Any:
        """A JSON value. ``chosen``: below a map whose content is the user's; ``asked``: of a request."""
        if depth > _DEEPEST:
            return None
        if isinstance(value, Mapping):
            mapped = key.lower() in words.MAPS
            of_objects = key.lower() in words.MAPS_OF_OBJECTS
            result = {}
            for name, each in value.items():
                below = (chosen or mapped) and not of_objects
                made = self._chosen_key(name) if chosen or mapped else self._key(name)
                inner = "" if mapped else name
                if not (chosen or mapped) and name.lower() in words.SECRETS and not isinstance(each, bool):
                    result[made] = self._secret(each, name)
                else:
                    result[made] = self._value(
                        each, inner, parent=key or parent, asked=asked, chosen=below, depth=depth + 1
                    )
            return result
        if isinstance(value, list):
            return [
                self._value(each, key, parent=parent, asked=asked, chosen=chosen, depth=depth + 1) for each in value
            ]
        if isinstance(value, str):
            return self._chosen(value) if chosen else self._text(value, key, parent, asked)
        return value

    def _secret(self, value: Any, key: str) -> Any:
        """What stands for a secret: of the same form, and the same for all."""
        if isinstance(value, Mapping):
            return {self._chosen_key(name): self._secret(each, key) for name, each in value.items()}
        if isinstance(value, list):
            return [self._secret(each, key) for each in value]
        if isinstance(value, str):
            return value and (SECRET if _is_base64(value) else NOT_BASE64)
        return value if value is None or isinstance(value, bool) else 0

    def _key(self, key: str) -> str:
        if key.lower() in words.KEYS or key.lower() in self._keep_keys:
            return key
        self.unknown_keys.setdefault(key)
        return self._table.of(key, "key")

    def _chosen_key(self, key: str) -> str:
        return self._path(key) if key.startswith("/") else self._chosen(key, "key")

    def _chosen(self, value: str, kind: str = "value") -> str:
        return self._table.of(value, kind) if value.strip() else value

    # -- texts

    def _text(self, value: str, key: str, parent: str, asked: bool) -> str:
        name, above = key.lower(), parent.lower()
        if not value.strip() or self._stays(value, name, above, asked):
            return value
        if name in _TEXT_KEYS or (not asked and name in words.SERVICE_KEYS):
            return self._message(value)
        if name == "image":
            return self._image(value)
        if name in _HOST_KEYS and _HOST.fullmatch(value):
            return self._host(value)
        if name == "mountpath" or (name == "path" and above == "httpget"):
            return "/".join(self._chosen(each, "folder") for each in value.split("/"))
        if name in ("command", "value") and above not in ("name", "events"):
            return self._chosen(value, _KINDS[name])  # of which not even the form is told
        return self._formed(value) or self._chosen(value, _KINDS.get(name, "value"))

    def _stays(self, value: str, name: str, above: str, asked: bool) -> bool:
        """Whether a text is one that the service knows, where it stands."""
        if words.is_choice(name, value):
            return True
        if name in words.NUMBERS or name == "zones":
            return words.NUMBER.fullmatch(value) is not None
        if name in words.BOOLEANS:
            return value.strip().lower() in ("true", "false")
        if name in words.DURATIONS and words.DURATION.fullmatch(value):
            return True
        if name in _REGION_KEYS:
            return words.is_region(value)
        if name in ("apiversions", "apiversion", "defaultapiversion"):
            return words.API_VERSION.fullmatch(value) is not None
        if name in ("type", "resourcetype", "linkedresourcetype", "namespace", "servicename"):
            return words.is_type(value) or (above == "events" and value in ("Normal", "Warning"))
        if not asked and (name in words.SERVICE_KEYS or (above == "events" and name == "name")):
            return words.SERVICE_WORD.fullmatch(value) is not None
        if name.endswith(("time", "timestamp", "createdat", "modifiedat")):
            return words.TIME.fullmatch(value) is not None
        if name in words.LITERAL_KEYS or (above in ("name", "metricspecifications", "value") and not asked):
            return value in words.LITERALS
        return not asked and name == "name" and "/" in value and value in words.LITERALS

    def _formed(self, value: str) -> str | None:
        """What stands for a text whose form says what it is, else None."""
        if words.GUID.fullmatch(value):
            return self._table.guid(value)
        if re.match(r"[a-z][a-z0-9+.-]{1,10}://", value):
            return self.url(value)
        if value.startswith("/") and re.match(r"/(subscriptions|providers|resourcegroups)/", value, re.IGNORECASE):
            return self._path(value)
        if value.partition("/")[0].lower() in words.NAMESPACES and "/" in value:
            return self._path(f"/providers/{value}").removeprefix("/providers/")
        if _ADDRESS.fullmatch(value):
            try:
                return self._table.address(value)
            except ValueError:
                return None
        return None

    def _path(self, path: str) -> str:
        """A path of Resource Manager, or an id: literal segments stay, names do not."""
        made: list[str] = []
        segments = path.split("/")
        types = 0  # segments behind a namespace
        behind = ""
        for raw in segments:
            text = unquote(raw)
            lower = text.lower()
            if not text:
                new = raw
            elif behind == "subscriptions":
                new = self._guid_or(text, "subscription")
            elif behind == "resourcegroups":
                new = self._table.of(text, "group")
            elif behind == "providers" and lower in words.NAMESPACES:
                new, types = text, 1
            elif behind == "revisions" and text.isdecimal():
                new, types = text, types + 1 if types else 0  # the service numbers them
            elif types and types % 2 == 0:
                new = text if behind == "locations" and words.is_region(text) else self._guid_or(text, _kind(behind))
                types += 1
            elif lower in words.SEGMENTS:
                new, types = text, 0 if lower == "providers" else types + 1 if types else 0
            elif behind == "locations" and words.is_region(text):
                new = text
            else:
                new, types = self._guid_or(text, "name"), types + 1 if types else 0
            made.append(quote(new, safe="()~@:$!&'*+,;=") if raw != text or new != text else raw)
            behind = lower
        return "/".join(made)

    def _guid_or(self, text: str, kind: str) -> str:
        return self._table.guid(text) if words.GUID.fullmatch(text) else self._table.of(text, kind)

    def url(self, url: str) -> str:
        """Returns an address: known hosts and parameters stay, signatures are left out."""
        try:
            parts = urlsplit(url)
            port = f":{parts.port}" if parts.port else ""
            host = parts.hostname or ""
        except ValueError:
            return self._table.of(url, "address")
        if host in ("localhost", "127.0.0.1", "::1"):
            host, port = "management.azure.com", ""
        else:
            host = self._formed(host) or self._host(host)
        query = []
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            if name.lower() in words.SIGNED_QUERY_KEYS:
                continue
            key = name if name.lower() in words.QUERY_KEYS else self._table.of(name, "key")
            query.append(f"{quote(key, safe='$')}={quote(self._parameter(value, name.lower()), safe='/,')}")
        start = f"{parts.scheme}://{host}{port}" if parts.scheme else ""
        return start + self._path(parts.path) + (f"?{'&'.join(query)}" if query else "")

    def _parameter(self, value: str, name: str) -> str:
        # The version of exec's own protocol is a number.
        known = (words.API_VERSION, words.NUMBER) if name == "api-version" else (words.NUMBER,)
        if not value or any(each.fullmatch(value) for each in known) or value.lower() in ("true", "false"):
            return value
        return self._formed(value) or self._table.of(value, "value")

    def _host(self, host: str) -> str:
        lower = host.lower()
        domain = next((each for each in words.DOMAINS if lower == each or lower.endswith(f".{each}")), "")
        if lower == domain:
            return host
        labels = (host[: -len(domain) - 1] if domain else host).split(".")
        made = [each if domain and words.is_region(each) else self._chosen(each, "name") for each in labels]
        return ".".join([*made, *([host[-len(domain) :]] if domain else [])])

    def _image(self, image: str) -> str:
        if _OWN_IMAGE.fullmatch(image) or image in words.LITERALS:
            return image
        if sample_of(image) and image.rpartition("/")[2].partition(":")[2] in ("", "latest"):
            return image
        made = []
        parts = re.split(r"([/:@]+)", image)
        for at, each in enumerate(parts):
            if at % 2 or each.lower() in ("", "latest", "sha256", "http", "https", OWN_REGISTRY):
                made.append(each)
            elif _HEXADECIMAL.fullmatch(each) and parts[at - 2 : at - 1] == ["sha256"]:
                made.append(self._table.digest(each))
            elif at == 0 and "/" in image and _HOST.fullmatch(each):
                made.append(self._host(each))
            elif each.isdecimal() and at and parts[at - 1] == ":" and at + 1 < len(parts):
                made.append(each)  # the port of a registry
            else:
                made.append(self._table.of(each, "image"))
        return "".join(made)

    # -- sentences

    def _message(self, text: str) -> str:
        text = "".join(each if each.isprintable() else " " for each in text)
        for pattern, placeholders in _PATTERNS:
            found = pattern.fullmatch(text)
            if found is None:
                continue
            made, at = "", 0
            for group, placeholder in enumerate(placeholders, 1):
                fact = found[group]
                known = placeholder == "image" and fact.strip() and not re.search(r"\s", fact)
                made += text[at : found.start(group)] + (self._image(fact) if known else self._quoted(fact))
                at = found.end(group)
            return made + text[at:]
        return self._sentence(text)

    def _quoted(self, text: str) -> str:
        """What a message has in quotation marks, or where it puts a fact."""
        if not text.strip():
            return text
        if text in self._table:
            return self._table.of(text, "name")
        if re.search(r"\s", text):
            return self._message(text)
        if re.search(r"[,;]", text) and not text.startswith("["):
            return "".join(each if each in ",;" else self._quoted(each) for each in re.split(r"([,;])", text))
        return self._word(text, quoted=True)

    def _sentence(self, text: str) -> str:
        """A text of the service that is not known as a whole: the words that are known stay."""
        kept: list[str] = []

        def keep(made: str) -> str:
            kept.append(made)
            return f"{_MARK}{len(kept) - 1}{_END}"

        text = text.replace(_MARK, "").replace(_END, "")
        for original in self._table.originals():
            if original in text and not (original.lower() in words.WORDS or words.NUMBER.fullmatch(original)):
                made = self._table.of(original, "name")
                text = re.sub(rf"(?<![\w-]){re.escape(original)}(?![\w-])", keep(made), text)
        text = _TOKEN.sub(self._token, text)
        while _MARK in text:
            text = re.sub(rf"{_MARK}(\d+){_END}", lambda found: kept[int(found[1])], text)
        return text

    def _token(self, found: re.Match[str]) -> str:
        whole = found[0]
        for group in (1, 2):
            if found[group] is not None:
                inner = found[group]
                return whole[0] + (inner if _MARK in inner else self._quoted(inner)) + whole[-1]
        if words.HELP_PAGES.fullmatch(whole):
            return whole
        core = whole.strip(_EDGES)
        start = whole.index(core) if core else 0
        return whole[:start] + (self._word(core) if core else "") + whole[start + len(core) :] if core else whole

    def _word(self, word: str, *, quoted: bool = False) -> str:
        lower = word.lower()
        if _MARK in word:
            return "".join(
                each if _MARK in each or not each.strip(_EDGES) else self._word(each)
                for each in re.split(rf"({_MARK}\d+{_END})", word)
            )
        if quoted and word in self._table:
            return self._table.of(word, "name")
        known = lower in words.WORDS or lower in words.TERMS or words.is_type(word)
        for pattern in (words.NUMBER, words.API_VERSION, words.TIME, words.DURATION):
            known = known or pattern.fullmatch(word) is not None
        if known:
            return word
        if found := re.fullmatch(r"(TCP|UDP)?:?(\d{1,5})(/TCP|/UDP)?", word, re.IGNORECASE | re.ASCII):
            return found[0]
        formed = self._formed(word)
        if formed is not None:
            return formed
        dotted = re.split(r"([./:\[\]])", word)
        if len(dotted) > 1 and all(e in "./:[]" or e.lower() in words.TERMS or e.isdecimal() for e in dotted):
            return word  # properties.containers[0].name
        return self._table.of(word, "name")

    # -- headers

    def _header(self, name: str, value: str) -> str | None:
        if name in _URL_HEADERS:
            return self.url(value)
        if name in _ID_HEADERS:
            parts = re.split(r"([:/=,])", value)
            return "".join(part if at % 2 or not part else self._identifier(part) for at, part in enumerate(parts))
        known = any(re.fullmatch(one, name) and re.fullmatch(form, value, re.ASCII) for one, form in _HEADERS)
        return value if known else None

    def _identifier(self, part: str) -> str:
        if words.is_region(part) or part.lower() in ("tenantid", "objectid"):
            return part
        return self._guid_or(part, "id")


def _kind(segment: str) -> str:
    """The word that names of a type begin with."""
    return {"operations": "operation", "operationresults": "operation", "userassignedidentities": "identity"}.get(
        segment, "name"
    )


def _without_log(seen: Any, answer: Any) -> Any:
    """The answer about a log without its text. Whether there was any stays."""
    if not isinstance(seen, Mapping) or not isinstance(answer, dict) or "content" not in seen:
        return answer
    return {**answer, "content": DROPPED if seen["content"] else seen["content"]}


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
