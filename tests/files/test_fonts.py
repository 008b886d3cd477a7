"""Where faces are looked for, and what is said where they are not."""

from __future__ import annotations

import shutil

import pytest

from kaoping.core.errors import EnvironmentFault
from kaoping.files.fonts import FALLBACK, STAND_INS, faces_in, find_faces


@pytest.fixture
def unread():
    """Faces are found once in a process; here they are looked for anew."""
    find_faces.cache_clear()
    yield
    find_faces.cache_clear()


def one_font():
    """A font file that knows Chinese, but not the rare characters."""
    found = sorted(STAND_INS.rglob("Fandol*.otf"))
    if not found:
        pytest.skip("没有替代字体")
    return found[0]


def test_a_folder_named_that_is_missing_or_empty_is_told(unread, monkeypatch, tmp_path):
    (tmp_path / "说明.txt").write_text("没有字体")
    for folder in (tmp_path / "没有", tmp_path, tmp_path / "说明.txt"):
        monkeypatch.setenv("KAOPING_FONTS", str(folder))
        with pytest.raises(EnvironmentFault, match="KAOPING_FONTS") as told:
            find_faces()
        assert str(folder) in told.value.zh


def test_a_folder_named_is_looked_at_first(unread, monkeypatch, tmp_path):
    shutil.copy(one_font(), tmp_path)
    monkeypatch.setenv("KAOPING_FONTS", str(tmp_path))
    assert find_faces().folders[0] == str(tmp_path)


def test_without_the_fallback_nothing_is_set(tmp_path):
    shutil.copy(one_font(), tmp_path)
    with pytest.raises(EnvironmentFault, match="fonts-noto-cjk"):
        faces_in((str(tmp_path),))


def test_every_face_falls_back_on_the_rare_characters():
    for families in find_faces().families.values():
        assert set(families) & set(FALLBACK)
