"""Language tags (BCP 47) out of what YouTube, yt-dlp, subtitle files and people write for them."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"([a-z]{2,3})(?:-(?!orig)([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(-orig|-en|-[0-9a-z_-]{11})?",
    re.IGNORECASE | re.ASCII,
)
_TAG_OF_ANY_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[0-9a-z-]*)?", re.IGNORECASE | re.ASCII)
# The languages of ISO 639-1, and those of ISO 639-2 that YouTube or common tools write with three
# letters; a name such as `talk.new.vtt` has no language.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu iw ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la "
    "lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj "
    "om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv "
    "sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
    "ase bho ceb ckb doi fil gom haw hmn ilo kri lus mai mni nso tlh und yue cmn"
)
_LANGUAGES = frozenset(_CODES.split())
_LONG_NAMES = {
    **{"eng": "en", "rus": "ru", "ukr": "uk", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr"},
    **{"spa": "es", "ita": "it", "por": "pt", "pol": "pl", "ces": "cs", "cze": "cs", "tur": "tr"},
    **{"jpn": "ja", "kor": "ko", "zho": "zh", "chi": "zh", "ara": "ar", "heb": "he", "hin": "hi"},
}


def language_tag(text: str) -> str:
    """A BCP 47 tag in its usual spelling (`pt-BR`, `zh-Hans`), empty for what is none.

    A suffix of yt-dlp's or YouTube's for the track (`en-orig`, `ru-en` for Russian out of English,
    a custom track's id) goes, and three letters become two where there are two.
    """
    text = text.strip().replace("_", "-")
    if found := language_of_suffix(text):
        return found[0]
    match = _TAG_OF_ANY_LANGUAGE.fullmatch(text)
    return _LONG_NAMES.get(match[1].lower(), match[1].lower()) if match else ""


def language_of_suffix(suffix: str) -> tuple[str, bool] | None:
    """The language tag in a suffix of a file's name, and whether it says: generated captions.

    None for what is no language that subtitles are named after.
    """
    match = _TAG.fullmatch(suffix)
    if not match:
        return None
    language, script, region, track = match.groups()
    language = _LONG_NAMES.get(language.lower(), language.lower())
    if language not in _LANGUAGES:
        return None
    if region and region.lower() == "en":  # no country: captions translated from English
        region, track = None, "-en"
    parts = (language, (script or "").title(), (region or "").upper())
    return "-".join(part for part in parts if part), (track or "").lower() in {"-orig", "-en"}
