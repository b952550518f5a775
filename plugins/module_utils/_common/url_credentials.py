# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The credentials in the URLs of a text: the user information, and parameters such as a signature. Pure.

_common/masking.py imports this file for texts that may have some; in most there is nothing like that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_USER = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<user>[^\s/?#\"<>\\]*)@")

_QUERY = re.compile(
    r"(?<=[?&;])(?P<name>sig|signature|x-amz-signature|x-goog-signature|x-amz-security-token|token|access_token"
    r"|refresh_token|id_token|auth|code|key|api_?key|subscription-key|client_secret|secret|password|pwd|se|sp)"
    r"=(?P<value>[^&;#\s\"'<>\\]+)",
    re.IGNORECASE,
)

_NO_SCHEME = re.compile(r"(?P<user>[^\s/@:]+:[^\s/@]+)@(?=[^\s/@]+/\S*$)")

_NO_TEXTS = frozenset({"se", "sp"})

_EMPTIED = re.compile(
    r"(://|[?&;][\w-]+=)<secret: [^<>]*>|://[^\s/?#\"<>\\]*\*{8}[^\s/?#\"<>\\]*@|[?&;][\w-]+=\*{8}|^[^\s/@:]*\*{8}@"
)


def replaced_credentials(text: str, mask: str) -> str:
    """A text with ``mask`` in place of the user information and the signatures of every URL in it."""
    if "://" in text:
        text = _USER.sub(
            lambda found: f"{found['scheme']}://{mask if _is_secret_user(found) else found['user']}@", text
        )
        return _QUERY.sub(lambda found: f"{found['name']}={mask}", text)
    return _NO_SCHEME.sub(lambda _found: f"{mask}@", text, count=1) if "@" in text else text


def _is_secret_user(found: re.Match[str]) -> bool:
    """All user information is, but the user of SSH, who has a key somewhere else."""
    return bool(found["user"]) and (":" in found["user"] or not found["scheme"].lower().endswith("ssh"))


def credentials_in(text: str) -> Iterator[str]:
    """The secrets in the URLs of a text."""
    users = [found["user"] for found in _USER.finditer(text) if _is_secret_user(found)]
    if "://" in text:
        yield from (found["value"] for found in _QUERY.finditer(text) if found["name"].lower() not in _NO_TEXTS)
    else:
        users += [found["user"] for found in _NO_SCHEME.finditer(text)]
    for user in users:
        yield user
        # A name is not a secret if a password stands beside it.
        yield user.partition(":")[2]


def is_emptied(text: str) -> bool:
    """Whether a mask or a placeholder stands in a URL, which has a scheme, where its credentials were."""
    return _EMPTIED.search(text) is not None
