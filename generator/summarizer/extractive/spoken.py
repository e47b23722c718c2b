"""Find what of captions was not said or carries nothing: sounds, speaker labels, hesitation.

It is replaced by as many spaces, so that every offset stays what it was, and the rest stays what
was said, to the letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from generator.summarizer.extractive.function_words import primary

_SOUND_WORDS = """
music applause laughter laughs laughing cheering cheers sigh sighs chuckle chuckles cough
coughs coughing silence inaudible unintelligible crosstalk gasps clapping whistling музыка
аплодисменты смех смеется смеётся вздыхает неразборчиво музика оплески сміх musik applaus
beifall gelächter lachen lacht unverständlich musique applaudissements rires rire inaudible
música aplausos risas risos musica applausi risate muziek applaus gelach muzyka oklaski śmiech
hudba potlesk smích müzik alkış gülüşmeler kahkaha zene taps nevetés musiikkia naurua skratt
applåder latter muzică aplauze râsete موسيقى تصفيق ضحك מוזיקה מחיאות צחוק संगीत तालियाँ हँसी
音楽 拍手 笑 笑い 笑い声 音乐 音樂 掌声 掌聲 笑声 笑聲 음악 박수 웃음
เพลง เสียงดนตรี เสียงปรบมือ เสียงหัวเราะ nhạc
"""
_SOUNDS = frozenset(_SOUND_WORDS.split())
# Sounds of hesitation, without those that are words of the language: “um” is one in German and
# Portuguese, “er” in German, “eh” in Italian. Those that no language uses as words are below.
_HESITATION = {
    "cs": "ehm+|hm+|eee+",
    "da": "øh+m*|ehm+",
    "de": "ä+h+m*|ö+h+m*|ehm+|hm+",
    "en": "u+h*m+|u+h+|e+r+m+|e+h+m+|hm+",
    "es": "e+h+m+|e{3,}m*|hm+",
    "et": "öö+|ee+",
    "fi": "öö+|ööm+|ä{3,}|hm+",
    "fr": "e+u+h+|h+e+u+|h+u+m+|hm+",
    "hu": "ö{2,}|hm+",
    "it": "e+h+m+|m{3,}",
    "ja": "え[ー〜]+と?|ええっ?と|えっと[ー〜]?|あの[ー〜]+|う[ー〜]+ん?と",
    "ko": "으음|음{2,}|어{2,}",
    "nl": "e+h+m+|u+h+m*|hm+",
    "no": "ø+h+m*|ehm+",
    "pl": "e{2,}|y{2,}|y+m+|ehm+|hm+",
    "pt": "h+u+m{2,}|ahn|e+h+m+",
    "ru": "э+(?:-э+)*|э+м+|э+(?:-э+)*-м+|м{2,}|м+(?:-м+)+|хм+",
    "sv": "ö+h+m*|ehm+|eh",
    "tr": "ı{2,}|e{3,}|hm+",
    "uk": "е{2,}|е+(?:-е+)+|е+м+|м{2,}|хм+",
    "zh": "呃+",
}
_HESITATION_ANYWHERE = "hm{2,}|u+hm+|э{2,}|э+(?:-э+)+"

# Words that nobody says twice in a row on purpose. (“That that”, “had had” and French “nous nous”
# can be meant.)
_NEVER_TWICE = {
    "en": "the a an of to and i we they he she with my our your this these if but or so because",
    "de": "und ich ein eine einen zu mit wir von auf oder aber weil",
    "es": "el los las de un una y con por en para pero porque",
    "fr": "le la les de des et un une je il dans avec pour mais",
    "it": "il lo la le di un una e con per in ma che",
    "nl": "de het een en van ik we met voor maar om",
    "pt": "o os as de um uma e com por em para mas que",
    "ru": "и в на я мы с к из для от у но или",
    "uk": "і в на я ми з до із для від у але або",
}
# Words that may be said twice in a row, but not with another one: “it is in the in the house”.
_NEVER_TWICE_WITH_MORE = {"en": "in at for from with into it you when that"}

_ARROWS = re.compile(r"(?:>>+|&gt;&gt;)\s*(?:[^\W\d_][\w.'’ -]{0,30}:(?=\s))?")
_SPEAKER = re.compile(
    r"(?:speaker|спикер|ведущий|sprecher|orateur|locuteur|hablante|orador|голос)\s?\d*\s?:(?=\s|$)",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"([^\W\d_a-z][^\Wa-z]*(?:[ .'’-]{1,2}[^\Wa-z]+){0,3}):(?=\s)")
_NOTES = re.compile("[♩♪♫♬♭♮♯🎵🎶]+(?![A-Za-z])")
_SQUARE = re.compile(r"(?<![\w\[])\[\s*(?:__+\s*|[^\W\d][^\[\]|]{2,40})\](?!\])|【[^【】]{1,40}】")
_ROUND = re.compile(r"\(([^()]{1,60})\)|（([^（）]{1,40})）")
_DASH = re.compile(r"[-–—]\s+(?=\S)")
_ENDED = re.compile(r"[.!?…。！？؟।\"”»)\]]\s*$")


# A false start: two to four words, the first of them a small one, said again at once.
_AGAIN = 4


def speaker_marks(text: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    """Find what marks a new speaker: `>>`, the dash of a dialogue, a name before a colon.

    `starts` are the offsets at which the cues begin. A name in capitals is a label only if at least
    two cues begin with it: “DNA: a long molecule” is none.
    """
    spans = [match.span() for match in _ARROWS.finditer(text)]
    named: list[re.Match[str]] = []
    for start in starts:
        at = start
        dash = _DASH.match(text, at)
        if dash and (at == 0 or _ENDED.search(text, max(0, at - 4), at)):
            spans.append(dash.span())
            at = dash.end()
        speaker = _SPEAKER.match(text, at)
        if speaker:
            spans.append(speaker.span())
            continue
        capitals = _CAPITALS.match(text, at)
        if capitals and capitals[1].isupper() and len(capitals[1]) > 2:
            named.append(capitals)
    often = Counter(match[1] for match in named)
    return sorted(spans + [match.span() for match in named if often[match[1]] > 1])


def unspoken(text: str, language: str) -> str:
    """Blank descriptions of sounds, note signs, sounds of hesitation, and words said again.

    `language` is a BCP 47 tag. The result is as long as `text`.
    """
    spans = [match.span() for match in _SQUARE.finditer(text)]
    spans += [match.span() for match in _NOTES.finditer(text)]
    spans += [match.span() for match in _ROUND.finditer(text) if _is_sound(match)]
    text = blank(text, spans)
    text = blank(text, [m.span() for m in _hesitation(language).finditer(text)])
    twice = _twice(language)
    if twice:
        text = blank(text, [m.span("again") for m in twice.finditer(text)])
        text = blank(text, _false_starts(text, language))
    return text


def _false_starts(text: str, language: str) -> list[tuple[int, int]]:
    """Words that are said again at once, such as the first “in the” of “in the in the house”."""
    said = text.casefold().split()
    code = primary(language)
    small = frozenset(f"{_NEVER_TWICE[code]} {_NEVER_TWICE_WITH_MORE.get(code, '')}".split())
    again: list[tuple[int, int]] = []
    for at, word in enumerate(said):
        if word in small and not (again and at < again[-1][0] + again[-1][1]):
            for size in range(2, _AGAIN + 1):
                if said[at : at + size] == said[at + size : at + 2 * size]:
                    again.append((at, size))
                    break
    if not again:
        return []
    words = [match.span() for match in re.finditer(r"\S+", text)]
    spans = [(words[at][0], words[at + size - 1][1]) for at, size in again]
    return spans


def blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Replace the characters of each span by spaces."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            begin = max(start, at)
            pieces += [text[at:begin], " " * (end - begin)]
            at = end
    return "".join([*pieces, text[at:]])


def _is_sound(match: re.Match[str]) -> bool:
    inside = (match[1] or match[2]).strip()
    if not inside:
        return False
    words = inside.casefold().split()
    known = len(words) <= 4 and any(word.strip(".,!") in _SOUNDS for word in words)
    letters = [char for char in inside if char.isalpha()]
    return known or (len(letters) > 4 and inside.isupper() and len(words) <= 4)


@cache
def _hesitation(language: str) -> re.Pattern[str]:
    own = _HESITATION.get(primary(language))
    sounds = f"(?:{own}|{_HESITATION_ANYWHERE})" if own else f"(?:{_HESITATION_ANYWHERE})"
    if primary(language) in ("ja", "zh", "ko"):
        return re.compile(rf"{sounds}[、，,]?\s*")
    edge = r"(?<![\w'’-])"
    after = r"(?![\w'’]|-\w)"
    again = rf"{edge}{sounds}{after}(?:\.\.\.|…)?"
    # With the comma before it where it ends a sentence or comes after a small word (“in, uh, the”),
    # else with the one after it.
    return re.compile(
        rf",?\s+{again}(?=\s*[.?!])|(?<=\b\w\w),\s+{again},|(?<=\b\w\w\w),\s+{again},|{again},?\s*",
        re.IGNORECASE,
    )


@cache
def _twice(language: str) -> re.Pattern[str] | None:
    words = _NEVER_TWICE.get(primary(language))
    if not words:
        return None
    either = "|".join(words.split())
    return re.compile(
        rf"(?<![\w'’-])(?P<word>{either})(?P<again>(?:,?\s+(?P=word)(?![\w'’-]))+)", re.IGNORECASE
    )
