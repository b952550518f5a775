# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a recording keeps of a terminal: who sent how much, and nothing that a user typed."""

from __future__ import annotations

import json

import pytest

from aci_emulator.recording import terminals
from aci_emulator.recording.exchanges import Exchange
from aci_emulator.recording.recorder import Recorder
from aci_emulator.recording.terminals import CLIENT, SERVICE, Frames

PASSWORD, TYPED, PRINTED = "hush-password-of-the-session", "kanarie-typed", "kanarie-printed"
URL = "wss://kanarie.westeurope.atlas.cloudapp.azure.com:19390/execstream/sessionId/kanarie-session?api-version=1.0&rows=24&cols=80"


def session(*, keep: bool) -> Frames:
    frames = Frames(keep=keep)
    frames.add(CLIENT, PASSWORD)
    frames.add(CLIENT, f"export SECRET={TYPED}\n".encode())
    frames.add(SERVICE, PRINTED)
    frames.add(SERVICE, f"who echoes {PASSWORD} \u00e4".encode())
    frames.close(CLIENT, 1000)
    frames.close(SERVICE, 1006)
    return frames


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("keep_logs", [False, True])
def test_nothing_that_was_typed_is_kept(keep: bool, keep_logs: bool):
    """Neither by whoever notes the frames, nor by the recorder, if the other one keeps more than it should."""
    seen = Exchange("GET", URL, None, 101, {"x-canary": "kanarie"}, session(keep=keep).document())
    kept = Recorder(keep_logs=keep_logs).exchange(seen)
    text = json.dumps(kept.entry("x"))
    assert (PRINTED in text) == (keep and keep_logs)
    for canary in (PASSWORD, TYPED, "kanarie-session", "kanarie.westeurope", "x-canary"):
        assert canary not in text
    frames = kept.answer["frames"]
    assert [(each["from"], each["kind"]) for each in frames] == [
        (CLIENT, "text"),
        (CLIENT, "binary"),
        (SERVICE, "text"),
        (SERVICE, "binary"),
    ]
    assert frames[0]["size"] == len(PASSWORD)
    assert frames[3]["size"] == len(f"who echoes {PASSWORD} ") + 2
    assert kept.answer["closed"] == {"by": CLIENT, "code": 1000}
    assert kept.status == 101
    assert kept.url.partition("/execstream/sessionId/")[0].endswith(".westeurope.atlas.cloudapp.azure.com:19390")
    assert kept.url.endswith("?api-version=1.0&rows=24&cols=80")


def test_a_recorder_keeps_no_keys_of_frames_that_it_does_not_know():
    answer = {"frames": [{"from": CLIENT, "kind": "text", "size": 1, "kanarie": "kanarie"}], "closed": None}
    kept = Recorder(keep_logs=True).exchange(Exchange("GET", URL, None, 101, {}, answer))
    assert kept.answer == {"frames": [{"from": CLIENT, "kind": "text", "size": 1}], "closed": None}


def test_a_refusal_has_no_frames():
    kept = Recorder().exchange(Exchange("GET", URL, None, 403))
    assert (kept.status, kept.answer) == (403, None)


def test_a_session_without_an_end_is_not_kept_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(terminals, "MOST_FRAMES", 2)
    document = session(keep=False).document()
    assert len(document["frames"]) == 2
    assert document["more"] == 2
