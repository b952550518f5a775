# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy in front of an emulator that replaces words in its responses with arbitrary strings.

The emulator, like the service, refuses most strings as names or labels. Therefore, a word replaces the planted string
on the way to the emulator, and every response contains the string.
"""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from emulator import RunningEmulator, clean_environment
from tree import ROOT

BIN = Path(sys.executable).parent

# Headers of one connection, which are not forwarded.
PER_CONNECTION = ("connection", "content-length", "host", "keep-alive", "transfer-encoding")


@contextmanager
def front(azure: RunningEmulator, planted: Mapping[str, Any]) -> Iterator[str]:
    """The URL of a proxy in whose responses each word of ``planted`` is replaced with its string or JSON value."""
    words = sorted(planted, key=len, reverse=True)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            own = self.headers["Host"].encode()
            theirs = urllib.parse.urlsplit(azure.url).netloc.encode()
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection = http.client.HTTPSConnection(theirs.decode(), context=trust, timeout=60)
            headers = {key: value for key, value in self.headers.items() if key.lower() not in PER_CONNECTION}
            connection.request(self.command, asked_for(self.path), readdressed(sent, own, theirs), headers)
            answer = connection.getresponse()
            body = said(readdressed(answer.read(), theirs, own))
            connection.close()
            self.send_response(answer.status)
            for key, value in answer.getheaders():
                if key.lower() not in PER_CONNECTION:
                    self.send_header(key, value.replace(theirs.decode(), own.decode()))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - the names are those of the methods

        def log_message(self, format: str, *args: object) -> None:
            """Does not log."""

    def asked_for(path: str) -> str:
        """A path with the original words, because clients request URLs from responses."""
        path, _mark, query = path.partition("?")
        path = urllib.parse.unquote(path)
        for word in words:
            if isinstance(planted[word], str):
                path = path.replace(planted[word], word)
        return urllib.parse.quote(path) + (f"?{query}" if query else "")

    def said(body: bytes) -> bytes:
        for word in words:
            text = json.dumps(planted[word]).encode()
            body = body.replace(f'"{word}"'.encode(), text)
            if isinstance(planted[word], str):
                body = body.replace(word.encode(), text[1:-1])
        return body

    trust = ssl.create_default_context(cafile=str(azure.ca))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    identity = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    identity.load_cert_chain(azure.state_dir / "server.pem", azure.state_dir / "server.key")
    server.socket = identity.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def readdressed(content: bytes, old: bytes, new: bytes) -> bytes:
    """Content with the URLs of another origin, except for those of WebSockets."""
    quoted = urllib.parse.quote(old, safe=""), urllib.parse.quote(new, safe="")
    return content.replace(b"https://" + old, b"https://" + new).replace(
        b"https%3A%2F%2F" + quoted[0].encode(), b"https%3A%2F%2F" + quoted[1].encode()
    )


@dataclass(frozen=True)
class Place:
    folder: Path
    environment: dict[str, str]
    claiming: dict[str, str] = field(default_factory=dict)
    """Variables with which Ansible uses another proxy."""

    def run(self, *command: str, expected: int = 0, **variables: str) -> str:
        """The output of a program of this interpreter's Ansible, with unchanged line endings."""
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=self.folder,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        printed = (done.stdout + done.stderr).decode(errors="replace")
        assert done.returncode == expected, printed[-6000:]
        return printed

    def effects(self) -> list[str]:
        """What templates did, whichever folder they ran in: a lookup runs in that of its playbook. It is forgotten."""
        folders = (self.folder, ROOT / "playbooks")
        found = [path for folder in folders for path in folder.rglob("hit-*") if path.is_file()]
        for path in found:
            path.unlink()
        return sorted({path.name for path in found})


def settings(folder: Path, azure: RunningEmulator, url: str) -> dict[str, str]:
    """The environment in which Ansible uses the proxy."""
    return (
        clean_environment()
        | azure.variables
        | {
            "AZURE_AUTHORITY_HOST": url,
            "AZURE_RESOURCE_MANAGER_ENDPOINT": url,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/src"),
            "ANSIBLE_HOME": str(folder / "home"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_REMOTE_TMP": str(folder / "remote"),
        }
    )
