"""The estimate of tokens, held against what is known of tokenizers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.summarizer.completions.tokens import estimate_tokens

CAPTIONS = Path(__file__).resolve().parents[4] / "shared" / "data" / "captions"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        # Characters a token, of a tokenizer that is good at the script and one that is not.
        ("The sea rises twice a day because the Moon pulls at it from both sides.", 4.6, 3.2),
        ("Вода поднимается дважды в день, потому что Луна тянет её с двух сторон.", 3.3, 1.7),
        ("Su, Ay her iki yandan çektiği için günde iki kez yükselir ve alçalır.", 2.9, 2.0),
        ("الماء يرتفع مرتين في اليوم لأن القمر يجذبه من الجانبين", 2.6, 1.1),
        ("चाँद के खिंचाव से समुद्र दिन में दो बार ऊपर उठता है", 2.8, 0.8),
        ("月亮从两边拉着海水,所以海水一天涨两次。", 1.4, 0.6),
        ("月が両側から引くので、海は一日に二度満ちる。", 1.6, 0.6),
        ("달이 양쪽에서 당기기 때문에 바다는 하루에 두 번 차오른다.", 2.0, 0.8),
        ("ზღვა დღეში ორჯერ იწევს", 1.0, 0.4),
    ],
)
def test_an_estimate_is_not_low_and_not_absurd(text: str, least: float, most: float):
    assert len(text) / least <= estimate_tokens(text) <= len(text) / most


def test_the_pieces_of_a_numbered_line():
    assert estimate_tokens("") == 0
    assert estimate_tokens("moon") == 1
    assert estimate_tokens("moons") == 2
    assert estimate_tokens("12| the moon\n") == 2 + 1 + 1 + 1 + 1
    assert estimate_tokens("🌙") == 3


def test_plain_words_of_a_language_with_other_letters_are_no_english():
    apart = estimate_tokens("yüzüyor") + estimate_tokens("sabahleyin denizde")
    assert estimate_tokens("yüzüyor sabahleyin denizde") == apart + 2


@given(st.text(max_size=80), st.text(max_size=80))
def test_an_estimate_is_never_more_than_the_bytes_nor_less_for_more_lines(one: str, other: str):
    both = estimate_tokens(f"{one}\n{other}")
    assert both >= estimate_tokens(one)
    assert estimate_tokens(one) <= len(one.encode("utf-8", "replace"))


@pytest.mark.skipif(not CAPTIONS.exists(), reason="needs the captions in ../shared/data")
def test_real_english_captions_are_a_sixth_above_the_rule_of_four():
    for path in CAPTIONS.glob("*.en.json"):
        cues = json.loads(path.read_text(encoding="utf-8"))["cues"]
        text = " ".join(cue["text"] for cue in cues)
        assert 1.1 < estimate_tokens(text) / (len(text) / 4) < 1.25
