# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds images without a registry, which may be unreachable: archives in the format of ``docker save``."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
from collections.abc import Mapping, Sequence
from typing import Any

PAUSE = "emulator.local/pause:latest"

_LOAD_ADDRESS = 0x400000
# Machine code that waits forever, by the engines' names of architectures: the ELF machine, and the code.
_WAIT: dict[str, tuple[int, bytes]] = {
    # mov eax, 34 (pause); syscall; jmp back
    "amd64": (62, bytes.fromhex("b8220000000f05ebf7")),
    # x0..x3 = 0; x8 = 73 (ppoll); svc 0; b back
    "arm64": (
        183,
        struct.pack("<7I", *(0xD2800000, 0xD2800001, 0xD2800002, 0xD2800003, 0xD2800928, 0xD4000001, 0x17FFFFFA)),
    ),
}


def pause_archive(architecture: str) -> bytes:
    """Returns an image whose container only waits, to hold a group's network. Raises ValueError."""
    if architecture not in _WAIT:
        raise ValueError(f"no pause image is known for architecture {architecture}")
    program = _executable(*_WAIT[architecture])
    return archive(PAUSE, {"pause": program}, architecture=architecture, config={"Entrypoint": ["/pause"]})


def archive(
    name: str,
    files: Mapping[str, bytes],
    *,
    architecture: str,
    config: Mapping[str, Any],
    links: Mapping[str, str] | None = None,
    folders: Sequence[str] = (),
) -> bytes:
    """Returns a single-layer image for ``/images/load``, with executable ``files`` and symbolic ``links`` by path."""
    entries: list[tuple[tarfile.TarInfo, bytes]] = []
    for path in folders:
        info = tarfile.TarInfo(path)
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        entries.append((info, b""))
    for path, content in files.items():
        info = tarfile.TarInfo(path)
        info.mode = 0o755
        entries.append((info, content))
    for path, target in (links or {}).items():
        info = tarfile.TarInfo(path)
        info.type, info.linkname = tarfile.SYMTYPE, target
        entries.append((info, b""))
    layer = _tar(entries)
    description = {
        "architecture": architecture,
        "os": "linux",
        "config": dict(config),
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
        "history": [{"created_by": "aci-emulator"}],
    }
    encoded = json.dumps(description).encode()
    digest = hashlib.sha256(encoded).hexdigest()
    manifest = [{"Config": f"{digest}.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    parts = {f"{digest}.json": encoded, "layer.tar": layer, "manifest.json": json.dumps(manifest).encode()}
    return _tar([(tarfile.TarInfo(path), content) for path, content in parts.items()])


def _executable(machine: int, code: bytes) -> bytes:
    """Returns a minimal ELF file that runs ``code``."""
    offset = 64 + 56
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, _LOAD_ADDRESS + offset, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    size = offset + len(code)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, _LOAD_ADDRESS, _LOAD_ADDRESS, size, size, 0x1000)
    return head + segment + code


def _tar(entries: Sequence[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for info, content in entries:
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
