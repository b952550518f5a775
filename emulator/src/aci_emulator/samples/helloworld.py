# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sample aci-helloworld: one web page, and a log line for each request."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Welcome to Azure Container Instances!</title>
<style>body { font-family: sans-serif; margin: 10vh auto; max-width: 40em; text-align: center }</style>
</head>
<body>
<h1>Welcome to Azure Container Instances!</h1>
<p>This page comes from a container that aci-emulator runs on this machine.</p>
</body>
</html>
"""


class Handler(BaseHTTPRequestHandler):
    """Serves only the page at /."""

    server_version = "aci-helloworld"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answers a GET."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answers a HEAD."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        found = self.path.partition("?")[0] in ("/", "/index.html")
        body = (PAGE if found else f"Cannot {self.command} {self.path}\n").encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=UTF-8" if found else "text/plain; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Prints a request in the combined log format."""
        del size
        when = datetime.now(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
        agent = self.headers.get("User-Agent", "-")
        referrer = self.headers.get("Referer", "-")
        line = f'{self.address_string()} - - [{when}] "{self.requestline}" {int(code)} - "{referrer}" "{agent}"'
        print(line, flush=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Prints other messages unchanged."""
        print(format % args, flush=True)


def main() -> None:
    """Serves until it is ended."""
    port = int(os.environ.get("PORT") or 80)
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(f"listening on port {os.environ.get('ACI_EMULATOR_CONTAINER_PORT') or port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
