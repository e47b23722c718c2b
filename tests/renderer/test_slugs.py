"""Names of files and folders."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.renderer.slugs import channel_name, slug_key, slugify, unique_slug

VAULT = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "vault"
ID = "aB3-_x9ZqW0"


def slug(title: str) -> str:
    return slugify(title, video_id=ID, channel="tide_talks")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The moon's pull on harbours", "the_moons_pull_on_harbours"),
        ("Problem-solving  —  a 1-page guide", "problemsolving_a_1page_guide"),
        ("Приливы и отливы: что их движет?", "приливы_и_отливы_что_их_движет"),
        ("हिन्दी में ज्वार", "हिन्दी_में_ज्वार"),
        ("Cafe\u0301 Ole\u0301", "café_olé"),
        ("../../etc/passwd", "etcpasswd"),
        ("Love ❤\ufe0f tides", "love_tides"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("index", f"index_{ID}"),
        ("Tide_talks", "tidetalks"),
        ("CON", f"con_{ID}"),
        ("com1?", f"com1_{ID}"),
        ("conin$", "conin"),
        ("?!…", ID),
        ("❤\ufe0f", ID),
        ("", ID),
    ],
)
def test_a_title_becomes_a_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_the_channels_own_name_gets_the_videos_id() -> None:
    assert slugify("Tides!", video_id=ID, channel="tides") == f"tides_{ID}"


def test_a_long_title_is_cut_at_a_word() -> None:
    assert slug("tide " * 30) == "_".join(["tide"] * 20)
    assert slug("a" * 96 + " bcd ef") == "a" * 96 + "_bcd"


def test_a_long_word_is_cut_between_characters() -> None:
    assert slug("я" * 80) == "я" * 50
    assert slug("a" * 99 + "q\u0323\u0301") == "a" * 99


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], "tides"),
        (["tides"], "tides_2"),
        (["tides", "tides_2"], "tides_3"),
        (["tide"], "tides"),
    ],
)
def test_the_second_of_a_name_gets_a_number(taken: list[str], expected: str) -> None:
    assert unique_slug("tides", taken.__contains__) == expected


def test_a_number_keeps_to_the_limit() -> None:
    long = "b" * 100
    assert unique_slug(long, {long}.__contains__) == "b" * 98 + "_2"


def test_names_are_one_in_any_case_and_composition() -> None:
    assert slug_key("aB3") == slug_key("Ab3")
    assert slug_key("caf\u00e9") == slug_key("CAFE\u0301")


@given(st.text(), st.text())
def test_any_title_gives_a_safe_name(title: str, channel: str) -> None:
    made = slugify(title, video_id=ID, channel=channel_name(channel))
    assert made
    assert len(made.encode()) <= 100
    assert made == unicodedata.normalize("NFC", made)
    assert all(char in "_-" or unicodedata.category(char)[0] in "LMN" for char in made)
    assert made not in {"index", "con", "nul", channel_name(channel)}


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("@Tide.Talks", "tide.talks"),
        ("Tide & Talks", "tide_talks"),
        ("a-b_c·d", "a-b_c·d"),
        ("../..", "unknown"),
        (".generator", "generator"),
        ("Nul", "nul_"),
        ("con.tides", "con_.tides"),
        ("Прилив ТВ", "прилив_тв"),
        ("@", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_channels_name(given_name: str, expected: str) -> None:
    assert channel_name(given_name) == expected


@given(st.text() | st.text(alphabet="con.aux ._-·@Ä", max_size=300))
def test_a_channels_name_gives_itself(text: str) -> None:
    name = channel_name(text)
    assert channel_name(name) == name
    assert len(name.encode()) <= 100
    assert not name.startswith(".")
    assert not name.endswith(".")
    assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", name)


@pytest.mark.skipif(not VAULT.is_dir(), reason="the published vaults are not at ../shared")
def test_published_names_come_out_again() -> None:
    wrong = {}
    for path in sorted(VAULT.glob("*/*.md")):
        title = re.search(r"^title: (.*)$", path.read_text("utf-8"), re.M)
        if title and path.stem != path.parent.name:
            made = slugify(title[1], video_id=ID, channel=path.parent.name)
            if made != path.stem:
                wrong[title[1]] = (made, path.stem)
    assert wrong == {}
