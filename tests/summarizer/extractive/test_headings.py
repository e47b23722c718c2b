"""What sections are called."""

from generator.models import Cue, Transcript
from generator.summarizer.extractive.headings import Headings, opening_words
from generator.summarizer.extractive.sentences import find_sentences
from generator.summarizer.extractive.speech import Speech
from generator.summarizer.extractive.terms import Terms
from tests.summarizer.extractive.bare_talks import BREAD as BREAD_TALK
from tests.summarizer.extractive.bare_talks import RUSSIAN


def headings(*sections, language="en"):
    texts, starts = [], []
    for section in sections:
        starts.append(len(texts))
        texts += section
    cues = tuple(Cue(i * 5.0, 5.0, text) for i, text in enumerate(texts))
    found = find_sentences(Speech(Transcript("abcdefghijk", language, False, cues)))
    assert len(found) == len(texts)
    return Headings(found, Terms(found, language), starts)


BREAD = [
    "The rye flour comes from the mill.",
    "We sift the rye flour twice.",
    "With the rye flour the dough is dark.",
    "The baker likes the dough.",
]
BIKES = [
    "The rear wheel turns on its axle.",
    "A bent rear wheel rubs on the brake.",
    "You can true the rear wheel with a key.",
    "The baker likes the bike.",
]


def test_a_heading_is_the_phrase_that_its_section_has_and_others_lack():
    found = headings(BREAD, BIKES)
    assert found.name(0, set()) == "Rye flour"
    assert found.name(1, set()) == "Rear wheel"


def test_no_heading_is_one_that_is_taken_whatever_its_case():
    assert headings(BREAD, BIKES).name(0, {"rye flour"}) not in (None, "Rye flour")


def test_a_heading_neither_begins_nor_ends_with_a_small_word_and_is_no_verb():
    for section in (0, 1):
        taken: set[str] = set()
        for _ in range(3):
            name = headings(BREAD, BIKES).name(section, taken)
            words = name.casefold().split()
            assert words[0] not in {"the", "a", "with", "we", "on"}
            assert words[-1] not in {"the", "on", "from", "is", "with"}
            taken.add(name.casefold())


def test_a_small_word_may_join_two_others():
    rates = [f"The rate of change of kind {n} is large." for n in range(4)]
    assert headings(rates, BIKES).name(0, set()) == "Rate of change"


def test_a_phrase_that_its_section_repeats_outdoes_one_of_another_said_twice_in_passing():
    brakes = [
        "The brake pads wear out fast.",
        "New brake pads cost little.",
        "Worn brake pads squeal.",
        "Good brake pads grip.",
    ]
    dough = [
        "A baker folds the dough ball twice.",
        "The soft dough ball rests.",
        "Nobody likes a flat dough ball.",
        "With time the dough ball grows.",
        "The brake pads came up today.",
        "A friend sold brake pads once.",
    ]
    found = headings(dough, brakes)
    assert "dough ball" in found.name(0, set()).casefold()
    assert "brake" not in headings(dough, brakes).name(0, set()).casefold()
    assert "brake pads" in found.name(1, set()).casefold()


def test_two_phrases_are_joined_and_the_heading_stays_short():
    taken: set[str] = set()
    sections = [[f"{text}." for text in BREAD_TALK[at : at + 4]] for at in range(0, 40, 4)]
    found = headings(*sections)
    for number in range(len(sections)):
        taken.add(found.name(number, taken))
    assert len({name.casefold() for name in taken}) == 10
    assert any(" and " in name for name in taken)
    assert max(map(len, taken)) <= 60
    for name in taken:
        first, _, second = name.casefold().partition(" and ")
        assert not set(first.split()) & set(second.split())


def test_headings_are_shown_as_the_talk_is():
    section = [f"Anna's rye flour {verb} the mill." for verb in ("leaves", "fills", "clogs")]
    texts = [*section, *BIKES]
    cues = tuple(Cue(i * 5.0, 5.0, text) for i, text in enumerate(texts))
    found = find_sentences(Speech(Transcript("abcdefghijk", "en", False, cues)))
    named = Headings(found, Terms(found, "en"), [0, 3], shown=str.upper)
    assert named.name(0, set()).isupper()


def test_headings_of_another_language():
    yeast, oven = ([f"{text}." for text in RUSSIAN if word in text] for word in ("дрожжи", "корку"))
    found = headings(yeast, oven, language="ru")
    assert "дрожжи" in found.name(0, set()).casefold()
    assert "корку" in found.name(1, set()).casefold()


def test_headings_of_a_script_without_spaces():
    parts = ["微分積分学は面白い。", "これは微分積分学です。", "また微分積分学だ。"]
    others = ["小麦粉を使う。", "これは小麦粉です。", "また小麦粉だ。"]
    found = headings(parts, others, language="ja")
    assert (found.name(0, set()), found.name(1, set())) == ("微分積分学", "小麦粉")


def test_a_section_without_a_phrase_has_none_and_is_named_by_its_first_words():
    assert headings(["It is so."], ["It is."]).name(0, set()) is None
    assert opening_words("it is so.") == "It is so"
    long = "all of this goes on and on for very much longer than a heading ever should."
    assert opening_words(long) == "All of this goes on and on for very much longer than a…"
