"""What a caption says is left whole, and nothing of how it is shown."""

import pytest

from generator.fetcher.cuetext import plain, read_lines, speaker_of, spoken
from generator.fetcher.timedtext import TimedText
from generator.text import clean


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("<i>Hello</i> <b>there</b>", "Hello there"),
        ("<c.colorE5E5E5>one</c><00:00:01.200><c> two</c>", "one two"),
        ("<v Roger Bingham>We are here</v>", "We are here"),
        ("<v.loud Mary>Hey!", "Hey!"),
        ('<font color="#ffff00" size=2>yellow</font>', "yellow"),
        ("<lang pt-BR>saudade</lang>", "saudade"),
        ("<ruby>漢<rt>kan</rt></ruby>", "漢kan"),
        ("one<br/>two", "one two"),
        ("{\\an8}above {\\i1}all{\\i0}", "above all"),
        ("a <!-- remark -->b", "a b"),
        # Unknown, but nothing else than tags.
        ("<blink>now</blink>", "now"),
        ("<script>alert(1)</script>", "alert(1)"),
        ('<img src=x onerror="alert(1)">', ""),
        # Entities, once.
        ("Tom &amp; Jerry&#39;s &quot;R&D&quot;", 'Tom & Jerry\'s "R&D"'),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&nothing; ?a=1&copy=2 &#xZ;", "&nothing; ?a=1&copy=2 &#xZ;"),
        # No tags.
        ("a < b and c > d", "a < b and c > d"),
        ("x<y", "x<y"),
        ("if x<y and z>w then", "if x<y and z>w then"),
        ("1 <2> 3 <- 4", "1 <2> 3 <- 4"),
        ("i <3 you", "i <3 you"),
        ("open <config.json>", "open <config.json>"),
        ("a set {1, 2}", "a set {1, 2}"),
        ("<", "<"),
        ("<<<<", "<<<<"),
    ],
)
def test_plain(line: str, text: str) -> None:
    assert plain(line) == text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([">> Good morning."], "Good morning."),
        ([">>> And now the news.", ">> Thanks."], "And now the news. Thanks."),
        (["It is. >> No."], "It is. No."),
        (["shift: a >> b"], "shift: a >> b"),
        (["- Is it?", "- It is."], "Is it? It is."),
        (["-Is it?", "-it is."], "Is it? it is."),
        (["– Да.", "— Нет."], "Да. Нет."),
        (["- Is it? - It is."], "Is it? It is."),
        (["- Is it?"], "Is it?"),
        (["-5 degrees"], "-5 degrees"),
        (["- 5 is minus five"], "- 5 is minus five"),
        (["— и так далее"], "— и так далее"),
        (["well-known", "fact"], "well-known fact"),
        (["  two\tspaces ", "\u202eturned\x00"], "two spaces turned"),
        ([], ""),
        (["", "\u200b"], ""),
    ],
)
def test_spoken(lines: list[str], text: str) -> None:
    cleaned = [TimedText(clean(line)) for line in lines if clean(line)]
    assert spoken(cleaned) == TimedText(text)


def test_generated_captions_mark_speakers_anywhere() -> None:
    said = [TimedText("yeah >> exactly")]
    assert spoken(said, generated=True) == TimedText("yeah exactly")
    assert spoken(said) == TimedText("yeah >> exactly")


def test_a_time_among_words_holds_up_to_the_next() -> None:
    first, second, third = read_lines(
        ["said &amp; before", "<c>one</c><00:01.500><c> two</c>", "three<01:00:02.5> four"], 1.0
    )
    assert first == TimedText("said & before")
    assert (second.text, second.words) == ("one two", ((0, 1.0), (4, 1.5)))
    assert (third.text, third.words) == ("three four", ((0, 1.5), (6, 3602.5)))


@pytest.mark.parametrize(
    ("lines", "speaker"),
    [
        (["<v Roger Bingham>We are here", "and there"], "Roger Bingham"),
        (["<v.loud Ann &amp; Ben>Hey!</v>", "<v Ann &amp; Ben>Hey!</v>"], "Ann & Ben"),
        (["<v Ann>Is it?</v>", "<v Ben>It is.</v>"], ""),
        (["ANN: Is it?", "<i>It is.</i>"], ""),
    ],
)
def test_voice_tags_name_who_speaks(lines: list[str], speaker: str) -> None:
    assert speaker_of(lines) == speaker
