# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sample aci-wordcount: prints the most frequent words of a text.

``NumWords`` (default 10) is the number of words, ``MinLength`` (default 0) their minimum length. The text is the
bundled one, or that at the URL given as an argument. Only URLs on this machine are read, because an emulator must not
need any other network.
"""

from __future__ import annotations

import ipaddress
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from html import unescape
from http.client import HTTPMessage
from pathlib import Path
from typing import IO

TEXT = Path(__file__).resolve().with_name("hamlet.txt")
# The beginnings of a container's command that run this program.
STARTS = (["python", "wordcount.py"], ["python3", "wordcount.py"])
TIMEOUT = 10
_TAG = re.compile(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")


class Unreadable(Exception):
    """The text cannot be read; the message says why."""


class _LocalRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        require_local(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def require_local(address: str) -> None:
    """Raises Unreadable unless ``address`` is an HTTP or HTTPS URL on this machine."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreadable(f"cannot read {address!r}: it is not an HTTP address")
    try:
        local = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        local = False
    if not local:
        raise Unreadable(f"cannot read {address}: {parts.hostname} is not this machine, and no other is contacted")


def mapped(address: str, environment: Mapping[str, str]) -> str:
    """Returns the address with the group's port replaced by the port of this machine that represents it."""
    parts = urllib.parse.urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    real = environment.get(f"ACI_EMULATOR_PORT_{port}")
    return parts._replace(netloc=f"127.0.0.1:{real}").geturl() if real and parts.hostname == "localhost" else address


def fetch(address: str, environment: Mapping[str, str]) -> str:
    """Returns the text at an address on this machine, without markup. Raises Unreadable."""
    try:
        require_local(address)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _LocalRedirects())
        with opener.open(mapped(address, environment), timeout=TIMEOUT) as response:
            text: str = response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        raise Unreadable(f"cannot read {address}: {error.code} {error.reason}") from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot read {address}: {getattr(error, 'reason', None) or error}") from error
    return unescape(_TAG.sub(" ", text))


def count(text: str, words: int, shortest: int) -> list[tuple[str, int]]:
    """Returns the ``words`` most frequent words of at least ``shortest`` letters, with their counts."""
    counter = Counter(word for word in _WORD.findall(text) if len(word) >= shortest)
    return counter.most_common(words)


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Returns exit code and output."""
    try:
        words, shortest = int(environment.get("NumWords") or 10), int(environment.get("MinLength") or 0)
    except ValueError:
        return 1, "NumWords and MinLength must be numbers\n"
    try:
        text = fetch(arguments[0], environment) if arguments else TEXT.read_text(encoding="utf-8")
    except Unreadable as error:
        return 1, f"{error}\n"
    return 0, f"{count(text, words, shortest)}\n"


def main() -> int:
    """Prints the result of ``run``; returns the exit code."""
    code, output = run(sys.argv[1:], os.environ)
    print(output, end="", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
