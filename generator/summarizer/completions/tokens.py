"""How many tokens a text is, estimated for all scripts without a tokenizer: rather too many."""

from __future__ import annotations

import math
import re

# Letters per token, by script. Tokenizers agree on English (some four characters with the space)
# and on little else: what one of 2023 cuts into letters, or bytes, one of 2024 knows as words. The
# figures are near the worst of those in use, so that a limit that is kept by the estimate is kept:
# OpenAI's comparison of its tokenizers of both years (announcement of GPT-4o, May 2024) has Russian
# at 1.9 and 3.3 characters a token, Arabic at 1.3 and 2.6, Hindi at 1.0 and 2.8, Telugu at 0.6 and
# 2.1, Chinese and Japanese at 1.1 and 1.5.
_LETTERS = {
    "ascii": 4.0,
    "latin": 1.8,  # words with letters beyond ASCII in them
    "greek_cyrillic": 2.0,
    "semitic": 1.2,
    "devanagari": 0.8,
    "indic_thai": 0.55,
    "cjk": 0.75,
}
# The plain words of a language that has such letters are no words of English.
_ASCII_AMONG_LATIN = 3.0
_BEYOND = r"\u00c0-\u024f\u1e00-\u1eff\u0300-\u036f"
_PIECES = re.compile(
    rf"(?P<ascii>[A-Za-z]+(?![A-Za-z{_BEYOND}]))"
    rf"|(?P<latin>[A-Za-z{_BEYOND}]+)"
    r"|(?P<greek_cyrillic>[\u0370-\u052f]+)"
    r"|(?P<semitic>[\u0590-\u07ff\u08a0-\u08ff]+)"
    r"|(?P<devanagari>[\u0900-\u097f]+)"
    r"|(?P<indic_thai>[\u0980-\u0e7f]+)"
    r"|(?P<cjk>[\u3000-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]+)"
    r"|(?P<space> +)|(?P<line_end>\s+)|(?P<other>.)",
    re.DOTALL,
)


def estimate_tokens(text: str) -> int:
    """The tokens of a text, as a tokenizer that is bad at its script would count them.

    English comes out a sixth above the rule of four characters a token, other scripts up to twice
    what a tokenizer counts that knows them well. Digits and marks count one each. What no line
    above knows counts a token for each byte of its UTF-8 but one, near what tokenizers that fall
    back to bytes do.
    """
    count = 0
    ascii_words: list[int] = []
    latin_words = 0
    for piece in _PIECES.finditer(text):
        kind, length = piece.lastgroup or "other", piece.end() - piece.start()
        if kind == "ascii":
            ascii_words.append(length)
        elif kind in _LETTERS:
            latin_words += kind == "latin"
            count += math.ceil(length / _LETTERS[kind])
        elif kind == "other":
            count += max(1, len(piece[0].encode("utf-8", "replace")) - 1)
        elif kind == "line_end" or length > 1:  # one space goes with the word after it
            count += 1
    foreign = 20 * latin_words > len(ascii_words)
    letters = _ASCII_AMONG_LATIN if foreign else _LETTERS["ascii"]
    return count + sum(math.ceil(length / letters) for length in ascii_words)
