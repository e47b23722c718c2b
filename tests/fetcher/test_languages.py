"""One language, whoever writes it down."""

import pytest

from generator.fetcher.languages import language_of_suffix, language_tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        (" EN_us ", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("rus", "ru"),
        ("en-eEY6OEpapPo", "en"),
        ("ru-en", "ru"),
        ("de-CH-1901", "de"),
        ("new", "new"),
        ("vro-x-y", "vro"),
        ("English", ""),
        ("русский", ""),
        ("\u017fv", ""),
        ("", ""),
        ("en\nru", ""),
        ("../en", ""),
    ],
)
def test_language_tag(text: str, tag: str) -> None:
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    ("suffix", "found"),
    [
        ("en", ("en", False)),
        ("en-orig", ("en", True)),
        ("ru-en", ("ru", True)),
        ("new", None),
        ("xx", None),
        ("final", None),
    ],
)
def test_only_what_subtitles_are_named_after_is_a_suffix(
    suffix: str, found: tuple[str, bool] | None
) -> None:
    assert language_of_suffix(suffix) == found
