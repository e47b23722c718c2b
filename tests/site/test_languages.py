"""A language is told by script and small words, or not at all."""

from __future__ import annotations

import pytest

from generator.site.languages import language_of_text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The light of a lamp is bent by glass into one beam that ships can see from afar"),
        ("ru", "Маяк светит кораблям издалека, а линза собирает свет лампы в один луч, который"),
        ("de", "Das Licht der Lampe wird durch das Glas zu einem Strahl, den man von weitem sieht"),
        ("fr", "La lumière de la lampe est pliée par le verre en un seul faisceau que nous voyons"),
        (
            "es",
            "La luz de la lámpara se dobla en un solo haz que los barcos pueden ver desde lejos",
        ),
        ("uk", "Світло лампи заломлюється склом, і це дуже важливо для тих, хто на морі, або ні"),
        ("el", "Το φως της λάμπας"),
        ("ja", "ランプの光はガラスによって曲げられ"),
        ("zh", "灯塔的光被玻璃弯曲成一束"),
        ("ko", "램프의 빛은 유리에 의해"),
        ("", "Hello"),
        ("", ""),
        ("", "12 34 ++"),
        ("", "Xqzt wvrp lnmk " * 40),
    ],
)
def test_language(language: str, text: str) -> None:
    assert language_of_text(text) == language
