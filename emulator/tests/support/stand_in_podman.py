# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imitates ``podman system service --time=0 unix://PATH``, with a version, an image, and no containers.

It may have a broken container without a file system: until this is removed, containers cannot be listed.
"""

from __future__ import annotations

import http.server
import json
import os
import socketserver
import sys
from pathlib import Path


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    remains = os.environ.get("STAND_IN_REMAINS", "")

    def do_DELETE(self) -> None:
        if self.path.partition("?")[0].endswith(f"/containers/{Answers.remains}"):
            Answers.remains = ""
            self._answer(200, {})
        else:
            self._answer(404, {"message": "no such container"})

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if Answers.remains and path.endswith("/containers/json"):
            text = f'getting container from store "{Answers.remains}": container not known'
            self._answer(500, {"message": text})
            return
        answer: object = {"Version": "0.1", "ApiVersion": "1.41", "Components": [{"Name": "Podman Engine"}]}
        if not path.endswith("/version"):
            answer = [] if path.endswith(("/containers/json", "/networks")) else {"Id": "sha256:0"}
        self._answer(200, answer)

    def _answer(self, status: int, answer: object) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def get_request(self) -> tuple[object, tuple[str, int]]:
        return super().get_request()[0], ("localhost", 0)


def install(folder: Path) -> None:
    """Puts a program ``podman`` in a folder for PATH."""
    folder.mkdir()
    program = folder / "podman"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$@"\n')
    program.chmod(0o755)


if __name__ == "__main__":
    Server(sys.argv[-1].removeprefix("unix://"), Answers).serve_forever()
