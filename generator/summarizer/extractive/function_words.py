"""List the function words, by language, that show how a sentence is tied to those around it.

A language without a list does without what it would show.
"""

from __future__ import annotations

import re

# Among the first three words, these begin a new step.
_OPENERS = {
    "de": "zuerst erstens zweitens drittens schließlich nun jetzt nächste nächster nächstes"
    " zuletzt okay ok gut also weiter",
    "en": "next another first second third finally final last lastly now okay ok alright so",
    "es": "primero segundo tercero finalmente último ahora siguiente entonces bueno bien otro otra",
    "fr": "premièrement deuxièmement enfin finalement maintenant ensuite alors bon autre dernier"
    " prochain",
    "it": "primo secondo terzo infine ora adesso allora bene prossimo altro altra",
    "nl": "eerst ten tweede slotte nu volgende laatste dus goed oké",
    "pl": "najpierw po drugie wreszcie teraz następny kolejny ostatni więc dobrze",
    "pt": "primeiro segundo terceiro finalmente agora então próximo outro outra último bem",
    "ru": "итак теперь далее следующий следующая следующее наконец первый первое второй второе"
    " третий третье другой другая последний последнее хорошо ладно",
    "uk": "отже тепер далі наступний наступна нарешті перший друге третє інший останній добре",
}
# Among the first ten words, these announce what comes.
_TURNS = {
    "de": "lass lasst lassen schauen betrachten kommen wir beginnen anfangen zurück weiter",
    "en": "let's let i'll we'll i'm going turn move moving look back forward step stepping zoom"
    " start begin finish wrap set take",
    "es": "vamos veamos empecemos volvamos pasemos miremos hablemos empezar",
    "fr": "allons voyons commençons revenons passons regardons parlons commencer",
    "it": "vediamo andiamo cominciamo torniamo passiamo guardiamo parliamo iniziamo",
    "nl": "laten kijken beginnen terug gaan",
    "pl": "zobaczmy zacznijmy wróćmy przejdźmy spójrzmy porozmawiajmy",
    "pt": "vamos vejamos comecemos voltemos passemos olhemos falemos começar",
    "ru": "давайте давай рассмотрим начнем начнём перейдем перейдём вернемся вернёмся посмотрим"
    " поговорим разберем разберём хочу",
    "uk": "давайте розглянемо почнемо перейдемо повернемося подивимось поговоримо хочу",
}
# Among the first words, these point at the sentence before.
_LEANS = {
    "de": "er sie es das dies diese dieser dieses dann aber und denn auch so dabei dadurch damit"
    " deshalb daher sonst ihr sein",
    "en": "it it's that that's then also again he she they him her them what's which so's instead"
    " otherwise too",
    "es": "eso esto esta este ese esa y pero entonces también él ella ellos ellas lo porque así",
    "fr": "ça cela ceci c'est et mais puis aussi il elle ils elles donc car celui-ci",
    "it": "questo questa quello quella ciò e ma poi anche lui lei loro quindi perché così",
    "nl": "dit dat deze die het hij zij ze en maar dan ook dus want",
    "pl": "to ten ta te i ale potem też on ona oni więc bo tak",
    "pt": "isso isto este esta esse essa e mas então também ele ela eles elas porque assim",
    "ru": "он она оно они его ее её их это этот эта эти тот та те и но а тогда тоже также потому"
    " поэтому так там затем",
    "uk": "він вона воно вони його її їх це цей ця ці той та ті і й але а тоді теж також тому так",
}
# What leans only as the first word; later in the beginning it says nothing.
_LEANS_FIRST = {
    "en": "this these those he's she's they're them's and but or because which who whose his their"
    " its so therefore thus hence well oh yeah likewise similarly however nevertheless namely"
    " moreover otherwise instead",
}
# These join a sentence to the one before and can be left out of its beginning.
_COORDINATORS = {
    "de": "und aber",
    "en": "and but also then yeah",
    "es": "y pero",
    "fr": "et mais",
    "it": "e ma",
    "nl": "en maar",
    "pl": "i a ale",
    "pt": "e mas",
    "ru": "и а но",
    "uk": "і й та але а",
}
# With these a speaker takes a breath and goes on; they can be left out, too.
_MARKERS = {
    "en": "so okay ok alright well right",
    "fr": "donc",
    "ru": "ну итак",
    "uk": "отже",
}
# With one of these a sentence goes on as a whole once the connective is gone: it has a subject.
_STANDS = {
    "en": "i i'm i've i'll we we're we've we'll you you're you've you'll there there's the a an my"
    " our your every some any no each all most many one people everyone if when in at for from on"
    " with by after before while let's what how why where instead",
}
# A sentence that begins with one of these illustrates or resumes the one before.
_RESUMES = {
    "de": ("zum beispiel", "beispielsweise", "mit anderen worten", "das heißt", "in diesem fall"),
    "en": (
        "for example", "for instance", "as an example", "as another", "to take", "on the other",
        "in this case", "in that case", "in other words", "that is", "i mean", "you see",
        "what this means", "what that means", "as i said", "like i said", "by the way",
        "after all", "all right", "of course", "much earlier", "in a bit", "the point is", "in our",
    ),
    "es": ("por ejemplo", "es decir", "en este caso", "en otras palabras", "por cierto"),
    "fr": ("par exemple", "c'est-à-dire", "dans ce cas", "autrement dit", "au fait"),
    "it": ("per esempio", "ad esempio", "cioè", "in questo caso", "in altre parole"),
    "nl": ("bijvoorbeeld", "met andere woorden", "in dit geval", "dat wil zeggen"),
    "pl": ("na przykład", "to znaczy", "w tym przypadku", "innymi słowy"),
    "pt": ("por exemplo", "ou seja", "neste caso", "em outras palavras", "aliás"),
    "ru": ("например", "то есть", "в этом случае", "другими словами", "кстати", "помните",
           "обратите внимание", "таким образом", "конечно", "во всяком случае"),
    "uk": ("наприклад", "тобто", "у цьому випадку", "іншими словами", "до речі", "таким чином"),
}  # fmt: skip
# These begin clauses.
_CLAUSES = {
    "de": "und aber weil wenn dann also denn obwohl während jetzt nun",
    "en": "and but so because now then if when while although since or here therefore let's what",
    "es": "y pero porque si cuando entonces aunque mientras ahora",
    "fr": "et mais parce si quand donc alors car lorsque maintenant",
    "it": "e ma perché se quando allora quindi mentre ora",
    "nl": "en maar want als dan dus terwijl nu",
    "pl": "i ale bo jeśli kiedy więc gdy teraz",
    "pt": "e mas porque se quando então enquanto agora",
    "ru": "и но а потому если когда тогда поэтому хотя теперь итак",
    "uk": "і й але а тому якщо коли тоді хоча тепер отже",
}
# Articles, and what takes their place before nouns.
_ARTICLES = {
    "de": "der die das den dem des ein eine einen einem einer im am zum zur von mit für ohne über",
    "en": "the a an this that these those of in on for with by from into each every our its some"
    " any",
    "es": "el la los las un una unos unas del al de en con por sin sobre",
    "fr": "le la les un une des du au aux de en avec sans sur",
    "it": "il lo la i gli le un uno una del della dei al di con senza",
    "nl": "de het een van in op met voor zonder over",
    "pt": "o a os as um uma do da dos das no na de em com sem sobre",
}
# Small words inside names of things: “rate of change”.
_LINKS = {
    "de": "der des von und für im am",
    "en": "of for in and",
    "es": "de del la los las y en",
    "fr": "de du des la l' et à en",
    "it": "di del della dei e in",
    "nl": "van de het en in",
    "pl": "i w na z do",
    "pt": "de do da dos das e em",
    "ru": "и в на по для с",
    "uk": "і та в на по для з",
}
# Verbs follow these.
_BEFORE_VERBS = {
    "de": "ich du er sie wir ihr man zu nicht",
    "en": "i you we they he she it to can could will would should might must may don't doesn't"
    " didn't not who let's that which i'll we'll you'll it'll i'd you'd just always never",
    "es": "yo tú él ella nosotros ellos se no que puede para",
    "fr": "je tu il elle nous vous ils elles on se ne qui",
    "it": "io tu lui lei noi voi loro si non che",
    "nl": "ik jij je hij zij we wij te niet",
    "pl": "ja ty on ona my oni się nie",
    "pt": "eu você ele ela nós eles se não que",
    "ru": "я ты он она оно мы вы они не чтобы который которая которое которые можно нужно",
    "uk": "я ти він вона воно ми ви вони не щоб який яка яке які можна треба",
}
# These begin a clause that needs another one.
_SUBORDINATORS = {
    "en": "if since although though when while unless as whereas meaning because until",
}
# Verbs that come before their subject in questions, and the words before them.
_AUXILIARIES = {
    "en": "is are am was were do does did can could would should will must might have has isn't"
    " aren't don't doesn't didn't can't couldn't wouldn't shouldn't won't",
}
_ASKING = {"en": "what how why where who which when whose"}
# Greetings and farewells.
_GREETINGS = {
    "de": "hallo willkommen tschüss",
    "en": "hello hi hey welcome goodbye bye",
    "es": "hola bienvenidos adiós",
    "fr": "bonjour bienvenue salut",
    "it": "ciao buongiorno benvenuti",
    "pt": "olá bem-vindos tchau",
    "ru": "привет здравствуйте пока",
    "uk": "привіт вітаю бувайте",
}
# The talk about itself.
_ASIDES = {
    "de": "kanal video videos kommentare danke",
    "en": "video videos channel viewers thanks thank comments",
    "es": "canal vídeo video videos comentarios gracias",
    "fr": "chaîne vidéo vidéos commentaires merci",
    "it": "canale video commenti grazie",
    "pt": "canal vídeo vídeos comentários obrigado",
    "ru": "канал канале видео ролик ролике комментариях спасибо",
    "uk": "канал каналі відео ролик коментарях дякую",
}
# Subscriptions and sponsors; what is said around them belongs to them, too.
_PROMOTIONS = {
    "de": "abonnieren abonniert sponsor",
    "en": "subscribe patreon sponsor sponsored sponsors sponsorship merch newsletter",
    "es": "suscríbete suscribirse patrocinador",
    "fr": "abonnez-vous abonner sponsor",
    "it": "iscrivetevi iscriviti sponsor",
    "pt": "inscreva-se patrocinador",
    "ru": "подписывайтесь подпишитесь подписаться спонсор лайк",
    "uk": "підписуйтесь підпишіться спонсор",
}


_NONE: frozenset[str] = frozenset()
_Table = dict[str, frozenset[str]]


def _sets(table: dict[str, str]) -> _Table:
    return {code: frozenset(words.split()) for code, words in table.items()}


_OPENER_SETS, _TURN_SETS, _LEAN_SETS = _sets(_OPENERS), _sets(_TURNS), _sets(_LEANS)
_FIRST_SETS, _ARTICLE_SETS, _LINK_SETS = _sets(_LEANS_FIRST), _sets(_ARTICLES), _sets(_LINKS)
_BEFORE_VERB_SETS, _ASIDE_SETS = _sets(_BEFORE_VERBS), _sets(_ASIDES)
_PROMOTION_SETS = _sets(_PROMOTIONS)
_SUBORDINATOR_SETS, _AUXILIARY_SETS = _sets(_SUBORDINATORS), _sets(_AUXILIARIES)
_ASKING_SETS, _GREETING_SETS = _sets(_ASKING), _sets(_GREETINGS)
_CLAUSE_SETS, _STAND_SETS = _sets(_CLAUSES), _sets(_STANDS)
_COORDINATOR_SETS, _MARKER_SETS = _sets(_COORDINATORS), _sets(_MARKERS)


def primary(language: str) -> str:
    """Reduce a BCP 47 tag to its language, without region and script: `pt-BR` -> `pt`."""
    code = re.split(r"[-_]", language.casefold(), maxsplit=1)[0]
    return {"nb": "no", "nn": "no", "iw": "he", "in": "id"}.get(code, code)


def openers(language: str) -> frozenset[str]:
    """The words that begin clauses in a language."""
    return _CLAUSE_SETS.get(language, _NONE)


def turns(words: list[str], language: str) -> int:
    """Count the first words that turn to something new, up to three."""
    opening = _OPENER_SETS.get(language, _NONE).intersection(_plain(words[:3]))
    turning = _TURN_SETS.get(language, _NONE).intersection(_plain(words[:10]))
    return min(3, len(opening) + len(turning))


def points_back(words: list[str], language: str) -> bool:
    """Tell whether one of the first four words points at the sentence before."""
    return not _LEAN_SETS.get(language, _NONE).isdisjoint(_plain(words[:4]))


def promises(words: list[str], language: str) -> bool:
    """Tell whether a sentence announces what will be said rather than saying it."""
    return not _TURN_SETS.get(language, _NONE).isdisjoint(_plain(words[:10]))


def leans(words: list[str], language: str) -> bool:
    """Tell whether a sentence needs the one before: it begins with a pronoun or a connective."""
    first = _plain(words[:1])
    if " ".join(_plain(words[:4])).startswith(_RESUMES.get(language, ())):
        return True
    return not (
        _LEAN_SETS.get(language, _NONE).isdisjoint(first)
        and _FIRST_SETS.get(language, _NONE).isdisjoint(first)
    )


def is_subordinate(words: list[str], language: str) -> bool:
    """Tell whether the first word begins a clause that needs another one, such as “if”."""
    return not _SUBORDINATOR_SETS.get(language, _NONE).isdisjoint(_plain(words[:1]))


def is_question(words: list[str], language: str) -> bool:
    """Tell whether a sentence is a question by its first words, for text without punctuation."""
    auxiliary = _AUXILIARY_SETS.get(language, _NONE)
    first = _plain(words[:3])
    if first and first[0] in auxiliary:
        return True
    asking = not _ASKING_SETS.get(language, _NONE).isdisjoint(first[:1])
    return asking and not auxiliary.isdisjoint(first[1:])


def connectives(words: list[str], language: str) -> int:
    """Count the first words that can be left out, so that what remains stands by itself.

    `words` are case-folded. It is 0 where nothing can be left out: the rest must have six words or
    more, and in English begin with a word that a whole clause begins with.
    """
    known = _COORDINATOR_SETS.get(language, _NONE) | _MARKER_SETS.get(language, _NONE)
    plain = _plain(words)
    count = 0
    while count < min(3, len(plain)) and plain[count] in known:
        count += 1
    rest = plain[count:]
    stands = _STAND_SETS.get(language)
    if len(rest) < 6 or (stands is not None and rest[0] not in stands) or leans(rest, language):
        return 0
    return count


def is_joined(words: list[str], language: str) -> bool:
    """Tell whether the first word joins a sentence to the one before, such as “and”."""
    return not _COORDINATOR_SETS.get(language, _NONE).isdisjoint(_plain(words[:1]))


def is_marked(words: list[str], language: str) -> bool:
    """Tell whether the first word marks a new step, such as “so” or “okay”."""
    return not _MARKER_SETS.get(language, _NONE).isdisjoint(_plain(words[:1]))


def is_article(word: str, language: str) -> bool:
    """Tell whether the word after this one begins the name of a thing."""
    return word in _ARTICLE_SETS.get(language, _NONE)


def is_link(word: str, language: str) -> bool:
    """Tell whether this small word may stand inside the name of a thing."""
    return word in _LINK_SETS.get(language, _NONE)


def is_before_verb(word: str, language: str) -> bool:
    """Tell whether the word after this one is likely a verb."""
    return word in _BEFORE_VERB_SETS.get(language, _NONE)


def is_aside(words: list[str], language: str) -> bool:
    """Tell whether a sentence is about the video itself rather than its subject."""
    return not _ASIDE_SETS.get(language, _NONE).isdisjoint(words)


def greets(words: list[str], language: str) -> bool:
    """Tell whether a sentence greets the audience among its first words."""
    return not _GREETING_SETS.get(language, _NONE).isdisjoint(words[:4])


def promotes(words: list[str], language: str) -> bool:
    """Tell whether a sentence asks for subscriptions or names a sponsor."""
    return not _PROMOTION_SETS.get(language, _NONE).isdisjoint(words)


def _plain(words: list[str]) -> list[str]:
    return [word.replace("’", "'") for word in words]
