# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from aci_emulator.recording.exchanges import Exchange, RecordingError, RecordingFile, read_recordings
from aci_emulator.recording.review import review

ONE = Exchange("GET", "https://management.azure.com/subscriptions/s?api-version=1", None, 200, {"a": "b"}, {"c": [1.0]})


def test_what_is_written_is_read(tmp_path: Path):
    file = RecordingFile(tmp_path / "made")
    for count in range(3):
        file.add(ONE.entry("me"))
        assert len(json.loads(file.path.read_text())) == count + 1  # whole at any time
    file.close()
    assert read_recordings(tmp_path / "made") == {"recording-1.json": [ONE] * 3}
    assert stat.S_IMODE(os.stat(file.path).st_mode) == 0o600


def test_each_recording_is_a_file_of_its_own(tmp_path: Path):
    for name in ("recording-1.json", "recording-2.json"):
        file = RecordingFile(tmp_path)
        file.close()
        assert file.path.name == name
    assert read_recordings(tmp_path) == {"recording-1.json": [], "recording-2.json": []}


def test_numbers_keep_their_decimals(tmp_path: Path):
    file = RecordingFile(tmp_path)
    file.add(ONE.entry("me"))
    file.close()
    assert "1.0" in file.path.read_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not a recording"),
        ("{}", "not a JSON list"),
        ("[7]", "not a request"),
        ('[{"request": {}}]', "not a request"),
    ],
)
def test_what_is_no_recording(tmp_path: Path, text: str, words: str):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(RecordingError, match=words):
        read_recordings(tmp_path)


def test_folders_without_recordings(tmp_path: Path):
    with pytest.raises(RecordingError, match="no recording"):
        read_recordings(tmp_path)
    with pytest.raises(RecordingError, match="not a folder"):
        read_recordings(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError, match="cannot write"):
        RecordingFile(tmp_path / "file")


def test_quotations_without_a_status_are_left_out(tmp_path: Path):
    entry = {**ONE.entry("x"), "response": {"status": None, "headers": {}, "body": {}}}
    (tmp_path / "a.json").write_text(json.dumps([entry, ONE.entry("x")]))
    assert read_recordings(tmp_path) == {"a.json": [ONE]}


def test_every_text_is_reviewed():
    exchange = Exchange(
        "PUT",
        "https://host/subscriptions/my%20sub?api-version=v&key=value",
        {"key in request": ["text in list", {"deep": "/id/of/it"}]},
        200,
        {"header": "said", "location": "https://other/place"},
        "text alone",
    )
    found = dict(review({"r.json": [exchange]}))
    values = "deep|header|host|id|it|key|key in request|location|my sub|of|other|place|said|subscriptions|text alone"
    assert list(found) == ["PUT", "api-version", *values.split("|"), "text in list", "v", "value"]
    assert found["text in list"] == ["r.json: request.key in request[]"]


def test_a_review_tells_how_often():
    many = [Exchange("GET", f"https://h/{n}", {f"k{n}": "same"}, 200, {}, None) for n in range(5)]
    assert dict(review({"r": many}))["same"] == ["r: request.k0", "r: request.k1", "r: request.k2", "2 more places"]
