# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Faster imports from the archive in which Ansible sends a module to its host.

Python's ``zipimporter`` compiles the source of each module twice: to find out the module's file name, and to load it
(https://github.com/python/cpython/issues/141276). For a task that finds nothing to change, the second time is longer
than its requests.
"""

from __future__ import annotations

import os
import sys
import zipimport


class ZipImporter(zipimport.zipimporter):
    """An importer that knows a module's file name without compiling the module."""

    def get_filename(self, fullname: str) -> str:
        """The path of a module's source in the archive. Raises ZipImportError if there is no such module."""
        if self.get_source(fullname) is None:
            return super().get_filename(fullname)  # the archive has only its bytecode
        end = f"{os.sep}__init__.py" if self.is_package(fullname) else ".py"
        return os.path.join(self.archive, self.prefix + fullname.rpartition(".")[2] + end)


def compile_once(loader: object) -> None:
    """Import everything else from the archive of ``loader`` with a ZipImporter. Does nothing for another loader."""
    if not isinstance(loader, zipimport.zipimporter):
        return
    archive = loader.archive

    def importer(path: str) -> ZipImporter:
        if path != archive and not path.startswith(archive + os.sep):
            raise ImportError(f"not in {archive}", path=path)
        return ZipImporter(path)

    sys.path_hooks.insert(0, importer)
    for path, known in sys.path_importer_cache.items():
        if isinstance(known, zipimport.zipimporter) and known.archive == archive:
            sys.path_importer_cache[path] = ZipImporter(path)
