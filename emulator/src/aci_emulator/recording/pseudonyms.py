# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names for what must not be written: the same everywhere in a recording, and valid where the original was.

The table is in memory only. A pseudonym tells what kind of thing it stands for, and keeps of the original no more than
decides whether the service takes it: case, separators, a length beyond a limit.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import itertools
import re
import secrets
import string

_SEPARATORS = "-_."
# Lengths that some name of the service must not exceed.
_LIMITS = (63, 90, 256, 512)
_SHORT = 5  # a DNS label must have as many characters
_PLAIN = 90  # a longer text, or one of several lines, cannot be a name
_NOBODYS = ipaddress.IPv4Network("198.18.0.0/15")  # for benchmarks (RFC 2544)
_NOBODY = "00000000-0000-0000-0000-000000000000"


class Pseudonyms:
    """The table of one recording. Methods return the same pseudonym for the same text, whatever its kind."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}
        self._numbers: dict[str, tuple[str, int]] = {}  # text without its case -> kind and number
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}
        self._guids: dict[str, str] = {}
        self._public: dict[str, str] = {}
        self._key = secrets.token_bytes(32)

    def __contains__(self, text: str) -> bool:
        return text in self._made

    def originals(self) -> list[str]:
        """All texts that have a pseudonym, the longest first."""
        return sorted(self._made, key=len, reverse=True)

    def of(self, text: str, kind: str) -> str:
        """Returns the pseudonym of a text. ``kind`` is the word that a new one begins with.

        Texts that differ in case only get pseudonyms that differ in case only.
        """
        if text in self._made:
            return self._made[text]
        folded = text.casefold()
        if folded not in self._numbers:
            self._numbers[folded] = (kind, self._next(kind))
        kind, number = self._numbers[folded]
        found = next((each for each in _spellings(kind, number, text) if each not in self._taken), None)
        while found is None:
            found = next((e for e in _spellings(kind, self._next(kind), text) if e not in self._taken), None)
        self._taken.add(found)
        self._made[text] = found
        return found

    def guid(self, text: str) -> str:
        """Returns another GUID in the same case. The one of zeros stays."""
        folded = text.lower()
        if folded == _NOBODY:
            return text
        if folded not in self._guids:
            self._guids[folded] = f"00000000-0000-0000-0000-{len(self._guids) + 1:012x}"
        made = self._guids[folded]
        return made.upper() if text.isupper() else made

    def digest(self, text: str) -> str:
        """Returns another hexadecimal number of the same length."""
        return f"{self._hash(text.lower().encode()):064x}"[-len(text) :].rjust(len(text), "0")

    def address(self, text: str) -> str:
        """Returns another address, or network (10.0.0.0/24), that stands to others as the original does.

        Two private addresses share as many leading bits as their originals, so that they stay in their networks, and
        in their range. Public ones become addresses that nobody has. Loopback and 0.0.0.0 stay. Raises ValueError if
        the text is not an address.
        """
        if "/" in text:
            network = ipaddress.ip_network(text, strict=False)
            host = ipaddress.ip_network(f"{self.address(str(network.network_address))}/{network.prefixlen}", False)
            exact = str(network) == text
            return str(host) if exact else f"{self.address(text.partition('/')[0])}/{network.prefixlen}"
        address = ipaddress.ip_address(text)
        if address.is_loopback or address.is_unspecified:
            return text
        width = address.max_prefixlen
        kept = _kept_bits(address)
        if kept == 0 and str(address) not in self._public:
            self._public[str(address)] = str(_NOBODYS[len(self._public) + 1])
        if kept == 0:
            return self._public[str(address)]
        bits = f"{int(address):0{width}b}"
        made = bits[:kept]
        for at in range(kept, width):
            flip = self._hash(f"{width}:{bits[:at]}".encode()) & 1
            made += str(int(bits[at]) ^ flip)
        return str(type(address)(int(made, 2)))

    def _hash(self, content: bytes) -> int:
        return int.from_bytes(hmac.digest(self._key, content, hashlib.sha256))

    def _next(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]


def _kept_bits(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> int:
    """How many leading bits say what private range an address is of; 0 for a public one."""
    if isinstance(address, ipaddress.IPv6Address):
        return 16
    ranges = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16")
    found = (ipaddress.IPv4Network(each) for each in ranges)
    return next((each.prefixlen for each in found if address in each), 0)


def _spellings(kind: str, number: int, text: str) -> list[str]:
    """The pseudonyms of that number that have the case of a text, the likeliest first."""
    plain = _form(kind, number, text)
    letters = [each for each in text if each.isalpha()]
    if not any(each.isupper() for each in letters):
        return [plain]
    if not any(each.islower() for each in letters):
        return [plain.upper()]
    places = [at for at, each in enumerate(plain) if each in string.ascii_letters and each != "x"][:8]
    if len(places) < 2:  # too short for two cases
        places = [0, 1]
        plain = kind[:2] + plain[1:]
    masks = [mask for mask in itertools.product((True, False), repeat=len(places)) if any(mask) and not all(mask)]
    masks.sort(key=lambda mask: (not mask[0], sum(mask)))
    upper = [{at for at, up in zip(places, mask) if up} for mask in masks]
    return ["".join(each.upper() if at in places else each for at, each in enumerate(plain)) for places in upper]


def _form(kind: str, number: int, text: str) -> str:
    """The pseudonym in lower case."""
    if len(text) > _PLAIN and not re.fullmatch(r"[\w.-]+", text, re.ASCII):
        return f"{kind}-{number}"
    separator = next((each for each in text[1:-1] if each in _SEPARATORS), "")
    stem = kind if len(text) >= _SHORT else kind[0]
    others = {each for each in text if not (each.isascii() and each.isalnum()) and each not in _SEPARATORS}
    marks = ("()" if others & {"(", ")"} else "") + ("~" if any(each.isascii() for each in others - {"(", ")"}) else "")
    marks += "\N{LATIN SMALL LETTER E WITH ACUTE}" if any(not each.isascii() for each in others) else ""
    core = f"{stem}{marks}{separator * 2 if '--' in text and separator == '-' else separator}{number}"
    if text[0].isdigit():
        core = f"0{core}"
    core = (text[0] if text[0] in _SEPARATORS else "") + core + (text[-1] if text[-1] in _SEPARATORS else "")
    limit = max((each for each in _LIMITS if each < len(text)), default=0)
    return core if not limit else core[:-1] + "x" * max(0, limit + 1 - len(core)) + core[-1]
