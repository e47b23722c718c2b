"""Which slugs a video's notes get: those they had, else such that no other note has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from generator.models import Note
from generator.renderer.slugs import slugify, unique_slug


def slugs_for(
    notes: Sequence[Note],
    earlier: Mapping[str, Sequence[str]],
    ours: Collection[str],
    taken: Collection[str],
) -> list[str]:
    """A slug for each note of a video.

    `earlier` are the slugs of the video's notes until now, with their titles and aliases, `ours`
    those of them that this program wrote, and `taken` all slugs of the channel. A note is known
    again by its title, as it is or nearly so, among those names; where one of ours is left over,
    and one note, they are the same under a new title.
    """
    from generator.summarizer.openai.topics import same_name

    left = dict(earlier)
    known: dict[int, str] = {}

    def keep(is_same: Callable[[str, str], bool]) -> None:
        for index, note in enumerate(notes):
            named = (
                slug for slug, names in left.items() if any(is_same(note.title, n) for n in names)
            )
            if index not in known and (slug := next(named, None)):
                known[index] = slug
                del left[slug]

    keep(str.__eq__)
    keep(same_name)
    unknown = [index for index in range(len(notes)) if index not in known]
    candidates = [slug for slug in left if slug in ours]
    if len(candidates) == len(unknown) == 1:
        known[unknown[0]] = candidates[0]
    chosen: list[str] = []
    for index, note in enumerate(notes):
        wanted = slugify(note.title, video_id=note.video.id, channel=note.video.channel)
        chosen.append(known.get(index) or unique_slug(wanted, {*taken, *earlier, *chosen}))
    return chosen
