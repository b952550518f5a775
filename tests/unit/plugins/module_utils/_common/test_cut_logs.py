# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs that begin or end in the midst of a secret."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._common.cut_logs import begun, unfinished
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import MASK, Masker


def test_a_log_that_was_cut() -> None:
    masker = Masker({"planted-secret"})
    assert begun(masker, "ted-secret and more\nplanted-secret") == f"{MASK} and more\n{MASK}"
    assert begun(masker, "nothing") == "nothing"


def test_a_log_that_is_still_written() -> None:
    masker = Masker(["planted-secret"])
    assert unfinished(masker, "planted-secret\nand plante") == f"{MASK}\nand {MASK}"
    assert unfinished(masker, "and plante\n") == "and plante\n"
    assert unfinished(masker, "nothing") == "nothing"
