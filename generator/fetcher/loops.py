"""Transcribers' loops: what a speech recognizer repeats or makes up where nobody says it.

Recognizers such as Whisper get stuck: they write one line sixty times, or one phrase over and over
within a caption. Over silence they write what ended many of the videos that they learned from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from generator.fetcher.cues import clock
from generator.models import Cue, WordTime
from generator.summarizer.folding import fold, folded_words, is_unspaced

_T = TypeVar("_T")

_LINE_TIMES = 5
"""Lines that stand so many times in a row are a loop; a refrain is sung three or four times …"""

_SHORT_LINE_TIMES = 10
"""… and lines of a single word, such as “No.”, are a loop only from here on."""

_MOST_LINES = 3
"""A loop goes through so many lines at most before it begins again."""

_PHRASE_TIMES = 8
_LONGEST_PHRASE = 6
"""The same for phrases within one cue, and how many words they have at most."""

_SOUND = re.compile(r"[\[［(（*♪♫][^\[\]()（）［］*♪♫]*[\]］)）*♪♫]|[♪♫]")

_PHANTOMS = frozenset(
    fold(text).text
    for text in (
        "Thanks for watching",
        "Thanks for watching this video",
        "Thank you for watching",
        "Thank you so much for watching",
        "Please subscribe",
        "Please subscribe to my channel",
        "Please like and subscribe",
        "Subtitles by the Amara.org community",
        "Untertitel der Amara.org-Community",
        "Untertitel im Auftrag des ZDF für funk, 2017",
        "Vielen Dank fürs Zuschauen",
        "Sous-titres réalisés par la communauté d'Amara.org",
        "Sous-titres réalisés para la communauté d'Amara.org",
        "Merci d'avoir regardé cette vidéo",
        "Subtítulos realizados por la comunidad de Amara.org",
        "Gracias por ver el video",
        "Sottotitoli creati dalla comunità Amara.org",
        "Legendas pela comunidade Amara.org",
        "Субтитры сделал DimaTorzok",
        "Спасибо за просмотр",
        "ご視聴ありがとうございました",
        "시청해주셔서 감사합니다",
        "字幕由 Amara.org 社区提供",
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
    )
)
"""What recognizers are known to write over silence, folded."""


@dataclass(frozen=True, slots=True)
class _Loop:
    """What was repeated: `size` lines or words, so many times, first at a second of the video."""

    at: float
    times: int
    size: int


def without_loops(cues: Sequence[Cue]) -> tuple[tuple[Cue, ...], tuple[str, ...]]:
    """Return the cues without transcribers' loops, and sentences that tell what was taken out.

    One to three lines that stand five or more times in a row are kept once, lines of one word only
    from ten times on. So is a phrase of up to six words that a cue has eight or more times in a
    row; the times of the other words stay. A cue that says only what recognizers write over silence
    (“Thanks for watching”) is left out if it begins or ends the transcript or is there twice,
    unless nothing would be left. Sounds in brackets are no lines. What has no loop is returned
    as it is.
    """
    given = tuple(cues)
    kept, phrases = _without_phrases(given)
    keys = [_key(cue) for cue in kept]
    phantoms = _phantoms(keys)
    silent = [kept[at] for at in sorted(phantoms)]
    kept = [cue for at, cue in enumerate(kept) if at not in phantoms]
    keys = [key for at, key in enumerate(keys) if at not in phantoms]
    dropped, lines = _repeated_lines(keys, lambda at: kept[at].start)
    kept = [cue for at, cue in enumerate(kept) if at not in dropped]
    return tuple(kept), (*_told_lines(lines), *_told_phrases(phrases), *_told_phantoms(silent))


def _key(cue: Cue) -> tuple[str, str]:
    """Who says what, folded; without words if the cue has only sounds."""
    said = fold(cue.text).text
    if said and not any(char.isalnum() for char in _SOUND.sub("", cue.text)):
        said = ""
    return cue.speaker, said


def _weight(words: Sequence[str]) -> float:
    """How many words these are; two characters of a script without spaces count as one."""
    return sum(0.5 if is_unspaced(word[0]) else 1 for word in words)


def _phantoms(keys: Sequence[tuple[str, str]]) -> set[int]:
    """The cues that say only what is written over silence; none if no others have words."""
    spoken = [at for at, (_, said) in enumerate(keys) if said]
    found = {at for at in spoken if keys[at][1] in _PHANTOMS}
    if not found or len(found) == len(spoken):
        return set()
    count = Counter(keys[at][1] for at in found)
    outside = {at for at in found if count[keys[at][1]] > 1}
    for inwards in (spoken, spoken[::-1]):
        for at in inwards:
            if at not in found:
                break
            outside.add(at)
    return outside


def _repeated_lines(
    keys: Sequence[tuple[str, str]], start: Callable[[int], float]
) -> tuple[set[int], list[_Loop]]:
    """Which lines repeat those before them, and the loops that they are in."""
    dropped: set[int] = set()
    loops = []
    at = 0
    while at < len(keys):
        size, times = _run(keys, at, _MOST_LINES, _least_of_lines)
        if times > 1:
            loops.append(_Loop(start(at), times, size))
            dropped.update(range(at + size, at + size * times))
        at += size * times
    return dropped, loops


def _least_of_lines(lines: Sequence[tuple[str, str]]) -> int:
    """From how many times on these lines are a loop; 0 if they never are."""
    if not all(said for _, said in lines):
        return 0
    words = sum(_weight(said.split()) for _, said in lines)
    return _LINE_TIMES if words >= 2 * len(lines) else _SHORT_LINE_TIMES


def _least_of_words(words: Sequence[str]) -> int:
    """The same for the words of a phrase. Numbers are read out digit by digit and are no loop."""
    letters = any(char.isalpha() for word in words for char in word)
    return _PHRASE_TIMES if letters and _weight(words) >= 1 else 0


def _run(
    items: Sequence[_T], at: int, most: int, least: Callable[[Sequence[_T]], int]
) -> tuple[int, int]:
    """How many items from a place on repeat as a whole, and how often; (1, 1) without a loop."""
    for size in range(1, most + 1):
        end = at + size
        if end >= len(items) or items[end] != items[at]:
            continue
        wanted = least(items[at:end])
        if not wanted:
            continue
        while end < len(items) and items[end] == items[end - size]:
            end += 1
        times = (end - at) // size
        if times >= wanted:
            return size, times
    return 1, 1


def _without_phrases(cues: Sequence[Cue]) -> tuple[list[Cue], list[_Loop]]:
    kept, loops = [], []
    for cue in cues:
        words = list(folded_words(cue.text, 0, len(cue.text)))
        said = [word for word, _, _ in words]
        spans = []
        at = 0
        while at + _PHRASE_TIMES <= len(said):
            size, times = _run(said, at, _LONGEST_PHRASE, _least_of_words)
            if times > 1:
                spans.append((at + size, at + size * times))
                loops.append(_Loop(cue.time_of(words[at][1]), times, size))
            at += size * times
        kept.append(_cut(cue, words, spans) if spans else cue)
    return kept, loops


def _cut(cue: Cue, words: Sequence[tuple[str, int, int]], spans: Sequence[tuple[int, int]]) -> Cue:
    """Take words `first` to `end`, exclusive, out of a cue, for each span; the last go first."""
    text, times = cue.text, cue.words
    for first, end in reversed(spans):
        begin = _beginning(text, words[first - 1][2], words[first][1])
        stop = _beginning(text, words[end - 1][2], words[end][1]) if end < len(words) else len(text)
        text = text[:begin] + text[stop:]
        times = tuple(
            word if word.offset < begin else WordTime(word.offset - (stop - begin), word.start)
            for word in times
            if not begin <= word.offset < stop
        )
    return replace(cue, text=text.rstrip(), words=times)


def _beginning(text: str, before: int, at: int) -> int:
    """Where the word at a place begins with the quotation marks and the like ahead of it."""
    space = text.rfind(" ", before, at)
    return space + 1 if space >= 0 else at


def _told_lines(loops: Sequence[_Loop]) -> tuple[str, ...]:
    if len(loops) > 1:
        most = max(loop.times for loop in loops)
        return (
            f"{len(loops):,} runs of lines were repeated, up to {most:,} times in a row, the first"
            f" at {clock(loops[0].at)} (a transcriber's loop); each was kept once.",
        )
    return tuple(
        f"{'One line was' if loop.size == 1 else f'{loop.size} lines in turn were'} repeated"
        f" {loop.times:,} times in a row, first at {clock(loop.at)} (a transcriber's loop);"
        f" {'it was' if loop.size == 1 else 'they were'} kept once."
        for loop in loops
    )


def _told_phrases(loops: Sequence[_Loop]) -> tuple[str, ...]:
    if len(loops) > 1:
        most = max(loop.times for loop in loops)
        return (
            f"{len(loops):,} phrases were repeated within a cue, up to {most:,} times, the first at"
            f" {clock(loops[0].at)} (a transcriber's loop); each was kept once.",
        )
    return tuple(
        f"One phrase was repeated {loop.times:,} times within a cue, at {clock(loop.at)} (a"
        " transcriber's loop); it was kept once."
        for loop in loops
    )


def _told_phantoms(cues: Sequence[Cue]) -> tuple[str, ...]:
    if not cues:
        return ()
    one = len(cues) == 1
    return (
        f"{'One cue' if one else f'{len(cues):,} cues'} said only what transcribers write over"
        f" silence, {'' if one else 'the first '}at {clock(cues[0].start)} (“{cues[0].text}”);"
        f" {'it was' if one else 'they were'} left out.",
    )
