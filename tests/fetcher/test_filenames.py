"""Names as yt-dlp and people write them."""

from pathlib import Path

import pytest

from generator.fetcher.filenames import read_file_name


@pytest.mark.parametrize(
    ("name", "title", "video_id", "language"),
    [
        ("The tides [a1B2c3D4e5A].en.vtt", "The tides", "a1B2c3D4e5A", "en"),
        ("The tides [a1B2c3D4e5A].pt-BR.srt", "The tides", "a1B2c3D4e5A", "pt-BR"),
        ("The tides [a1B2c3D4e5A].zh-Hans.vtt", "The tides", "a1B2c3D4e5A", "zh-Hans"),
        ("The tides [a1B2c3D4e5A].json3", "The tides", "a1B2c3D4e5A", "und"),
        ("The tides [a1B2c3D4e5A].en.vtt.srt", "The tides", "a1B2c3D4e5A", "en"),
        ("[a1B2c3D4e5A] [-_-_-_-_-_-].ru.vtt", "[a1B2c3D4e5A]", "-_-_-_-_-_-", "ru"),
        ("Tides [a1B2c3D4e5A] [Documentary].vtt", "Tides [Documentary]", "a1B2c3D4e5A", "und"),
        ("[a1B2c3D4e5A].de.vtt", "a1B2c3D4e5A", "a1B2c3D4e5A", "de"),
        ("Why？ A： B｜C ＂d＂ ⧸⧹ [a1B2c3D4e5A].vtt", 'Why? A: B|C "d" /\\', "a1B2c3D4e5A", "und"),
        ("何ですか？ [a1B2c3D4e5A].ja.vtt", "何ですか？", "a1B2c3D4e5A", "ja"),
        ("Why？.vtt", "Why？", "", "und"),
        ("a1B2c3D4e5A.ru.srt", "a1B2c3D4e5A", "a1B2c3D4e5A", "ru"),
        ("a1B2c3D4e5B.srt", "a1B2c3D4e5B", "", "und"),  # no id ends with B
        ("programming.vtt", "programming", "", "und"),
        ("Programming.en.vtt", "Programming", "", "en"),
        ("talk.final.vtt", "talk.final", "", "und"),
        ("talk.new.vtt", "talk.new", "", "und"),
        ("talk.eng.srt", "talk", "", "en"),
        ("Dr. No.srt", "Dr. No", "", "und"),
        ("version 1.2.vtt", "version 1.2", "", "und"),
        (".en.vtt", ".en", "", "und"),
    ],
)
def test_read_file_name(name: str, title: str, video_id: str, language: str) -> None:
    found = read_file_name(Path("folder") / name)
    assert (found.title, found.video_id, found.language) == (title, video_id, language)


@pytest.mark.parametrize(
    ("suffix", "language", "generated"),
    [
        ("en-orig", "en", True),
        ("ru-en", "ru", True),
        ("en-nP7-2PuUl7o", "en", False),
        ("es-419", "es-419", False),
        ("zh-Hant-TW", "zh-Hant-TW", False),
        ("sr-latn", "sr-Latn", False),
    ],
)
def test_suffixes_of_yt_dlp(suffix: str, language: str, generated: bool) -> None:
    found = read_file_name(Path(f"The tides [a1B2c3D4e5A].{suffix}.vtt"))
    assert (found.language, found.generated) == (language, generated)
