"""Takes text apart into words that can be compared, and knows which of them carry its sense."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import starmap
from typing import NamedTuple

from generator.summarizer.folding import folded_words, is_unspaced
from generator.summarizer.numbers import numbers_in

# Words that turn a sentence into its opposite, folded, of all languages at once: where one of them
# is something else in another language, a quote has to have it all the same.
_NEGATIONS = """
    no not none never nothing nobody nowhere neither nor without cannot cant dont doesnt didnt isnt
    arent wasnt werent wont wouldnt couldnt shouldnt hasnt havent hadnt mustnt neednt aint hardly
    barely
    nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne weder
    pas jamais rien aucun aucune sans ne nest
    nunca jamás nada nadie sin tampoco ningún ninguna ninguno
    não nem nenhum nenhuma sem ninguém
    non mai niente nulla nessuno nessuna senza né
    niet geen nooit niets niemand zonder
    nie nigdy nic nikt bez ani żaden żadna
    не ни нет без никогда ничего никто нельзя ні ані немає ніколи нічого ніхто нема
    inte ingen inget aldrig utan ikke intet aldri uten
    değil yok asla hiç nem nincs nelkül soha nu niciodată fără ei eivät koskaan
    لا لم لن ليس بدون לא אין בלי नहीं मत बिना
    不 没 沒 無 无 非 未 别 別 勿 な ぬ ず ん ไ 안 못
"""
_NEGATIVE = frozenset(_NEGATIONS.split())

# Words that carry a sentence rather than its matter: a quote that has one more of them, or another,
# still says the same. What compares, counts or orders is not among them.
_LIGHT = {
    "en": """a an the and so but or that this these those it its is are was were be been being am do
        does did have has had will would of to in on at for by with as then there here just um uh
        well you know i we our my your they he she his her their me us im ive were youre thats lets
        theres going gonna now really actually basically kind sort like also which about can""",
    "de": """der die das den dem des ein eine einen einem einer und so aber oder dass es ist sind
        war waren sein bin wird werden hat haben hatte von zu in im an am auf für mit bei als dann
        da hier also ja ich wir du sie er ihr mein unser man sich auch eben mal halt äh""",
    "fr": """le la les un une des du de et donc mais ou que qui ce cet cette ces il elle est sont
        était être a ai ont avait à au aux en dans sur pour par avec comme alors là ici je on nous
        vous tu ils elles se son sa ses mon ma nos vos y euh bien voilà cest quil jai dun dune""",
    "es": """el la los las un una unos unas de del y e así pero o que este esta esto ese esa eso es
        son era ser ha han había a al en para por con como entonces ahí aquí yo nosotros tú usted
        él ella se su sus mi nuestro lo le pues bueno eh""",
    "it": """il lo la i gli le un uno una di del della dei delle e così ma o che questo questa
        quello è sono era essere ha hanno aveva a al alla in nel nella su per con come allora lì
        qui io noi tu lei lui si suo sua mio nostro ecco cioè ehm""",
    "pt": """o a os as um uma uns umas de do da dos das e assim mas ou que este esta isto esse essa
        isso é são era ser tem têm tinha ao à em no na nos nas para por com como então aí aqui eu
        nós você ele ela se seu sua meu nosso bom né""",
    "nl": """de het een en dus maar of dat die dit deze is zijn was waren wordt heeft hebben had van
        te in op aan voor met bij als dan daar hier ik we wij je jij hij zij ze hun mijn ons zich
        ook gewoon eh""",
    "ru": """и а но или что это этот эта эти этого в во на за по к ко с со у о об от до из для как
        так то вот там тут здесь я мы ты вы он она они оно его её ее их мой наш свой был была было
        были есть будет ну же ли бы э""",
    "uk": """і й та а але або що це цей ця ці цього в у на за по до з із зі о об від для як так то
        ось там тут я ми ти ви він вона вони воно його її їх мій наш свій був була було були є буде
        ну же ж чи б""",
    "pl": """i a ale lub że to ten ta te tego w we na za po do z ze u o od dla jak tak tam tu ja my
        ty wy on ona oni ono jego jej ich mój nasz swój był była było były jest będzie no się""",
}
_LIGHT_KANA = frozenset("のはがをにでともへやかねよさえっー")


class Word(NamedTuple):
    """A word folded, or a number as digits: the characters `start:end` of its text.

    `number` says that it is one; so its `text` is the same however it is written.
    """

    text: str
    start: int
    end: int
    number: bool = False


@dataclass(frozen=True)
class Wording:
    """A text's words, in order, and the same as one string to compare characters of."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        """The words with spaces between them, none beside characters that are words."""
        return self._joined[0]

    @cached_property
    def starts(self) -> list[int]:
        """Where in `text` each word starts."""
        return self._joined[1]

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        parts: list[str] = []
        starts: list[int] = []
        at = 0
        for index, word in enumerate(self.words):
            if index and not (_is_character(word) and _is_character(self.words[index - 1])):
                parts.append(" ")
                at += 1
            starts.append(at)
            parts.append(word.text)
            at += len(word.text)
        return "".join(parts), starts

    def between(self, first: int, last: int) -> str:
        """The part of `text` from word `first` to word `last`, both inclusive."""
        return self.text[self.starts[first] : self.starts[last] + len(self.words[last].text)]

    def word_at(self, character: int) -> int:
        """The index of the word in which, or after which, a character of `text` stands."""
        return max(0, bisect.bisect_right(self.starts, character) - 1)


def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words of a text, a number as one word. `language` is a BCP 47 tag or `und`."""
    words: list[Word] = []
    at = 0
    for number in numbers_in(text, language):
        if number.words and text[number.start : number.end].casefold() == "second":
            continue  # the unit of time far more often than the number
        words += starmap(Word, folded_words(text, at, number.start))
        words.append(Word(number.value, number.start, number.end, number=True))
        at = number.end
    return (*words, *starmap(Word, folded_words(text, at, len(text))))


def _is_character(word: Word) -> bool:
    return is_unspaced(word.text[0])


def is_negation(word: Word) -> bool:
    """Whether a word may turn a sentence into its opposite."""
    return word.text in _NEGATIVE


@cache
def light_words(language: str) -> frozenset[str]:
    """The words of a language that carry a sentence rather than its matter; none if not known."""
    return frozenset(_LIGHT.get(language.partition("-")[0].casefold(), "").split()) | _LIGHT_KANA
