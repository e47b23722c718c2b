"""Cues joined into numbered lines."""

from generator.models import Cue, Line, Transcript
from generator.summarizer.lines import MAX_SECONDS, make_lines


def transcript(*cues: tuple[float, float, str]) -> Transcript:
    return Transcript("rP2kEF3Mj-o", "en", False, tuple(Cue(*cue) for cue in cues))


def texts(*cues: tuple[float, float, str]) -> list[str]:
    return [line.text for line in make_lines(transcript(*cues))]


def test_a_line_is_the_run_of_cues_that_makes_a_sentence():
    assert make_lines(
        transcript((0, 2, "The tide"), (2, 2, "comes in."), (4, 3, "Then it goes out."))
    ) == (
        Line(1, 0, 1, "The tide comes in.", 0, 4),
        Line(2, 2, 2, "Then it goes out.", 4, 7),
    )


def test_no_cues_make_no_lines():
    assert make_lines(transcript()) == ()


def test_a_short_sentence_shares_its_line_with_the_next():
    assert texts((0, 1, "Yes."), (1, 3, "It is.")) == ["Yes. It is."]


def test_a_stop_of_any_script_ends_a_line():
    assert texts((0, 3, "潮が満ちる。"), (3, 3, "そして引く。")) == ["潮が満ちる。", "そして引く。"]
    assert texts((0, 3, "He said “now.”"), (3, 3, "And then")) == ["He said “now.”", "And then"]


def test_a_pause_ends_a_line_without_punctuation():
    assert texts((0, 3, "the tide comes in"), (4.5, 3, "the tide goes out")) == [
        "the tide comes in",
        "the tide goes out",
    ]


def test_unpunctuated_cues_make_lines_of_bounded_length():
    lines = make_lines(transcript(*((3.0 * n, 3.0, f"word {n}") for n in range(100))))
    assert all(line.end - line.start <= MAX_SECONDS for line in lines)
    assert len(lines) == 17


def test_a_cue_that_is_longer_than_a_line_stays_whole():
    assert texts((0, 60, "one"), (60, 2, "two")) == ["one", "two"]


def test_every_cue_is_in_one_line():
    lines = make_lines(transcript(*((2.0 * n, 2.5, f"word {n}.") for n in range(50))))
    covered = [index for line in lines for index in range(line.first, line.last + 1)]
    assert covered == list(range(50))
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
