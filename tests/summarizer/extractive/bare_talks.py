"""Talks as generated captions have them: small letters, no punctuation, a time for each word."""

from __future__ import annotations

from collections.abc import Sequence

from generator.models import Cue, Transcript, WordTime

CUE_WORDS = 7

BREAD = """
yeast is a living fungus that eats sugar and breathes out gas
warm water wakes the sleeping yeast within ten minutes
cold water keeps the yeast asleep for a whole night
salt slows the yeast down a lot in every kind of dough
dried yeast lives for a year in a cool and dark place
fresh yeast smells of apples and crumbles between two fingers
my grandmother kept her yeast in a small blue jar
the sugar in the bowl feeds the yeast during the first hour
most bakers weigh their yeast on a small digital scale
old yeast makes a dough that never rises in time
gluten is the net of proteins that holds the gas in the dough
kneading pulls the gluten strands into long and even sheets
rye flour has little gluten and makes a flat and heavy loaf
a rested dough stretches far before the gluten strands tear
fat coats the gluten strands and makes the crumb tender
strong flour has more gluten than the soft flour for cakes
last winter i learned from anna how gluten holds a loaf together
wheat from canada gives the strongest gluten of all the flours
folding the dough four times builds gluten without any kneading
water and flour form gluten within twenty minutes of mixing
a hot oven sets the crust before the crumb is done
steam in the oven keeps the crust soft during the first minutes
the oven stone gives its heat to the bottom of the loaf
a cool oven dries the crumb and leaves the crust pale
opening the oven door lets all the steam out at once
the crust turns brown near the end of an hour in the oven
every oven in anna's bakery runs on wood from the forest
a cast iron pot in the oven keeps the steam around the loaf
professional ovens inject steam through a row of small pipes
the loaf doubles in size during the first ten minutes of heat
fresh bread cools on a wooden rack for about an hour
a warm loaf tears under the knife and feels wet inside
paper bags keep the crust crisp for a day or two
plastic bags make the crust soft within a few hours
frozen bread keeps its taste for at least three months
stale bread comes back to life after five minutes of heat
sliced bread dries out much faster than a whole loaf
the fridge makes bread stale faster than any other place
a linen cloth keeps the bread fresh until the next day
toasting drives the water out of old slices of bread
""".strip().splitlines()

NAMES = (
    "A talk about bread, baked with Anna in Vienna. The flour is from Canada and the rest is not."
)

RUSSIAN = """
дрожжи едят сахар и выделяют много газа
тёплая вода будит дрожжи за десять минут
холодная вода держит дрожжи сонными целую ночь
соль замедляет рост дрожжей в любом тесте
сухие дрожжи живут целый год в тёмном месте
свежие дрожжи пахнут яблоками и легко крошатся
клейковина держит газ внутри мягкого теста
ржаная мука даёт плоский и тяжёлый хлеб
отдохнувшее тесто тянется долго и не рвётся
масло делает мякиш хлеба нежным и мягким
сильная мука содержит больше белка чем слабая
горячая печь быстро запекает корку хлеба
пар в печи держит корку мягкой первые минуты
камень отдаёт тепло нижней части буханки
холодная печь сушит мякиш и портит корку
свежий хлеб остывает на решётке целый час
бумажный пакет хранит корку хрустящей два дня
замороженный хлеб хранит вкус почти три месяца
""".strip().splitlines()

GERMAN = """
hefe frisst zucker und stößt dabei viel gas aus
warmes wasser weckt die hefe in zehn minuten
kaltes wasser lässt die hefe eine nacht lang schlafen
salz bremst die hefe in jedem teig sehr stark
trockene hefe lebt ein jahr an einem dunklen ort
frische hefe riecht nach äpfeln und zerfällt leicht
kleber hält das gas im weichen teig fest
roggenmehl gibt ein flaches und schweres brot
ruhiger teig dehnt sich weit und reißt nicht
butter macht die krume des brotes zart
starkes mehl enthält mehr eiweiß als schwaches
heiße luft bäckt die kruste des brotes schnell
dampf im ofen hält die kruste anfangs weich
steine geben ihre wärme an den boden des brotes
kühle öfen trocknen die krume langsam aus
frisches brot kühlt auf dem gitter eine stunde
papier hält die kruste zwei tage lang knusprig
gefrorenes brot behält seinen geschmack drei monate
""".strip().splitlines()


def timed(
    sentences: Sequence[str],
    language: str = "en",
    pause: float = 0.9,
    gap: float = 0.02,
    words_timed: bool = True,
) -> Transcript:
    """A talk with `pause` seconds of silence between sentences and `gap` between words.

    The cues hold some words each, wherever sentences end.
    """
    words: list[tuple[str, float]] = []
    at = 1.37
    for sentence in sentences:
        for word in sentence.split():
            words.append((word, round(at, 3)))
            at += 0.1 + 0.05 * len(word) + gap
        at += pause
    cues = []
    for first in range(0, len(words), CUE_WORDS):
        held = words[first : first + CUE_WORDS]
        text, times = "", []
        for word, start in held:
            text += " " if text else ""
            times.append(WordTime(len(text), start))
            text += word
        start = held[0][1]
        cues.append(
            Cue(start, held[-1][1] + 0.3 - start, text, tuple(times) if words_timed else ())
        )
    return Transcript("abcdefghijk", language, True, tuple(cues))
