"""What pages have to do with one another: links, what links back, videos in their order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from generator.checker.index import slug_meant
from generator.library.viewing import HeldVideo
from generator.models import Video
from generator.site.changes import Changes
from generator.site.filerows import Seen, packed_page
from generator.site.relating import Backlink, Link, Wiki
from generator.site.settling import settle
from generator.site.state import State
from generator.site.wiki import About, Details, Entry, Kind, Page, Reference

Written = tuple[Page, tuple[str, ...]]
"""A page, and the targets of the links in it."""


def note(path: str, *targets: str, video: str = "", **more: object) -> Written:
    return Page(path, Kind.NOTE, path, video or "video-" + path, **more), targets  # type: ignore[arg-type]


def text(path: str, *targets: str, kind: Kind = Kind.TEXT) -> Written:
    return Page(path, kind, path), targets


def page(channel: str, *entries: tuple[str, str]) -> Written:
    found = tuple(Entry(video, f"Title of {video}", "", (slug,)) for video, slug in entries)
    return Page(f"{channel}/{channel}.md", Kind.CHANNEL, channel, entries=found), ()


def kept(state: State, *pages: Written) -> None:
    for page, targets in pages:
        details = Details("", references=tuple(Reference(each, "", "") for each in targets))
        names = [slug_meant(each, page.path) for each in targets]
        state.keep_page(Seen("seen"), packed_page(page, details, names))


def wiki(*pages: Written, held: dict[str, HeldVideo] | None = None) -> Wiki:
    state = State(Path(":memory:"))
    kept(state, *pages)
    settle(state, (), Changes())
    return Wiki(state, held or {})


def test_a_link_leads_to_the_one_note_of_its_name() -> None:
    one = note("a/one.md", "two", "b/three", "three", "none", "", "c/three.md", "./two.md")
    two, three, other = note("a/two.md"), note("b/three.md"), note("c/three.md")
    assert wiki(one, two, three, other).links(one[0]) == [
        Link(two[0]),
        Link(three[0]),
        Link(several=True),
        Link(),
        Link(one[0]),
        Link(other[0]),
        Link(two[0]),
    ]


def test_what_links_back_is_told_once_by_each_page_and_not_by_lists() -> None:
    one, two = note("a/one.md", "two", "two", "one"), note("a/two.md", "none", "one")
    readme = text("README.md", "one")
    listing = text("a/a.md", "one", "two", kind=Kind.CHANNEL)
    found = wiki(one, two, readme, listing)
    assert found.backlinks(one[0]) == [Backlink(readme[0], 0), Backlink(two[0], 1)]
    assert found.backlinks(two[0]) == [Backlink(one[0], 0)]


def test_videos_are_newest_first() -> None:
    notes = [
        note(f"a/{video}.md", video=video, about=About(published=published))
        for video, published in (
            ("old", "2020-01-01"),
            ("new", "2024-01-01"),
            ("mid", "2022-05-01"),
        )
    ]
    (channel,) = wiki(*notes).channels
    assert [video.id for video in channel.videos] == ["new", "mid", "old"]
    assert [video.id for video in wiki(*notes).newest(2)] == ["new", "mid"]


def test_without_dates_they_stand_as_on_the_channels_page() -> None:
    notes = [note(f"a/{video}.md", video=video) for video in ("x", "y", "z")]
    (channel,) = wiki(*notes, page("a", ("z", "z"), ("x", "x"), ("y", "y"))).channels
    assert [video.id for video in channel.videos] == ["z", "x", "y"]


def test_one_without_a_date_stays_behind_the_one_it_stood_behind() -> None:
    notes = [
        note("a/x.md", video="x", about=About(published="2020-01-01")),
        note("a/y.md", video="y"),
        note("a/z.md", video="z", about=About(published="2024-01-01")),
    ]
    (channel,) = wiki(*notes, page("a", ("x", "x"), ("y", "y"), ("z", "z"))).channels
    assert [video.id for video in channel.videos] == ["z", "x", "y"]


def test_notes_of_a_video_stand_as_on_the_channels_page() -> None:
    notes = [note("a/one.md", video="v"), note("a/two.md", video="v"), note("a/new.md", video="v")]
    entry = Entry("v", "V", "", ("two", "one"))
    listing = (Page("a/a.md", Kind.CHANNEL, "a", entries=(entry,)), ())
    (video,) = wiki(*notes, listing).videos
    assert [each.path for each in video.notes] == ["a/two.md", "a/one.md", "a/new.md"]


def test_the_library_knows_a_video_best_then_its_sidecar_then_the_channels_page() -> None:
    told = About("Of the sidecar", "https://a.example/", "2020-01-01", 60.0)
    one = note("a/one.md", video="v", about=told)
    listing = page("a", ("v", "one"), ("w", "two"))
    held = {"v": HeldVideo(Video("v", "Of the library", "a", published=date(2021, 1, 1)))}
    (known,) = wiki(one, listing, held=held).videos
    assert (known.title, known.published, known.duration) == ("Of the library", "2021-01-01", 60.0)
    assert wiki(one, listing).videos[0].title == "Of the sidecar"
    assert wiki(note("a/two.md", video="w"), listing).videos[0].title == "Title of w"
    assert wiki(note("a/two.md", video="u"), listing).videos[0].title == "u"


def test_only_addresses_of_the_web_are_kept_and_youtubes_is_made() -> None:
    hostile = note("a/one.md", video="local-1", about=About(url="javascript:alert(1)"))
    assert wiki(hostile).videos[0].url == ""
    youtube = note("a/two.md", video="LampsOfSea1", about=About(url="https://evil.example/"))
    (video,) = wiki(youtube).videos
    assert (video.url, video.playable) == ("https://www.youtube.com/watch?v=LampsOfSea1", True)


def test_a_recording_from_a_file_is_not_played_though_its_id_is_as_long() -> None:
    assert not wiki(note("a/one.md", video="local-12345")).videos[0].playable


def test_folders_without_notes_are_no_channels() -> None:
    found = wiki(note("a/one.md"), text("docs/how.md"), text("a/own.md"))
    assert [channel.name for channel in found.channels] == ["a"]
    assert [other.path for other in found.channels[0].others] == ["a/own.md"]
