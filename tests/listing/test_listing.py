"""Channels, playlists and files of ids become single videos; what is known of them is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from generator.errors import (
    InvalidChannel,
    InvalidVideoLine,
    LibraryError,
    ListBlocked,
    ListBrokeOff,
    ListNotKept,
    ListNotUnderstood,
    NetworkDown,
    NoSuchList,
    SelectionInvalid,
    UsageError,
    VideosFileEmpty,
)
from generator.library import Library
from generator.listing.expanded import Expanded
from generator.listing.expanding import expand
from generator.listing.filling import Filling
from generator.listing.selection import Selection, selection_of
from generator.models import Fetched, Stage, Transcript, Video, VideoList, VideoState
from generator.settings import Settings
from generator.sources import ListSource, Source, VideosFileSource, VideoSource
from generator.telling.progress import Silent
from tests.standins.shelves import Channel, Item, Many, Playlist, made_id
from tests.standins.youtube import YouTubeStandIn

MANY = Many("long", 10_000)
SHORTS = [Item(made_id(f"short {number}"), f"Short {number}") for number in range(2)]
LONG = Channel("@long.one", "A Long One", "UC" + "l" * 22, videos=MANY, shorts=SHORTS, streams=[])
NO_VIDEOS = Channel("@shorts", "Shorts", "UC" + "n" * 22, videos=None, shorts=SHORTS)
ADDRESS = "https://www.youtube.com/@long.one"


def days_ago(count: int) -> date:
    return date.today() - timedelta(days=count)


def item(name: str, **other: Any) -> Item:
    return Item(made_id(name), name, **other)


SMALL = [
    item("new", age="2 days ago", views="12 views"),
    item("live", state="live"),
    item("members", state="members_only", age="3 months ago"),
    item("long one", duration=7200, age="8 months ago", views="1.5K views"),
    item("over the year", age="1 year ago", views="No views"),
    item("old", age="5 years ago", views="3M views"),
]
SMALL_ONE = Channel("@small", "Small", "UC" + "s" * 22, videos=SMALL)
SOME = Many("some", 600)
SOME_ONE = Channel("@some", "Some", "UC" + "m" * 22, videos=SOME)
BOTH = Channel("@both", "Both", "UC" + "b" * 22, videos=[item("a video")], shorts=SHORTS)
LIST = Playlist(
    "PLlist000000", "A list", SMALL_ONE, [SMALL[5], SMALL[0], item("gone", state="deleted")]
)


@pytest.fixture
def youtube(monkeypatch: pytest.MonkeyPatch) -> Iterator[YouTubeStandIn]:
    with YouTubeStandIn(
        channels=[LONG, SMALL_ONE, SOME_ONE, BOTH, NO_VIDEOS], playlists=[LIST]
    ) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.ca_bundle))
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        yield running


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


class Run:
    """Expands sources against the stand-in and counts what that asks of it."""

    def __init__(self, youtube: YouTubeStandIn, library: Library) -> None:
        self.youtube = youtube
        self.library = library
        self.requests = 0

    def __call__(self, *sources: Source, unwanted: Sequence[str] = (), **settings: Any) -> Expanded:
        set_ = Settings(**{"proxy": SecretStr(self.youtube.proxy_url), "retries": 0, **settings})
        before = len(self.youtube.requests)
        found = asyncio.run(expand(sources, set_, self.library, Silent(), unwanted=unwanted))
        self.requests = len(self.youtube.requests) - before
        return found

    def channel(
        self,
        given: str = "@long.one",
        *,
        how: Any = None,
        unwanted: Sequence[str] = (),
        **wanted: Any,
    ) -> Expanded:
        source = ListSource("channel", given, selection_of(**wanted))
        return self(source, unwanted=unwanted, **(how or {}))

    def kept(self, address: str = ADDRESS) -> VideoList:
        found = self.library.lists.get(address)
        assert found is not None
        return found


@pytest.fixture
def run(youtube: YouTubeStandIn, library: Library) -> Run:
    return Run(youtube, library)


def ids(found: Expanded) -> list[str]:
    return [source.id for source in found.sources if isinstance(source, VideoSource)]


def named(*names: str) -> list[str]:
    return [made_id(name) for name in names]


def test_a_limit_asks_for_no_page_more_than_it_needs(run: Run) -> None:
    found = run.channel(limit=50)
    assert ids(found) == [each.id for each in MANY[:50]]
    assert found.listed == set(ids(found))
    assert (run.requests, found.failures, found.skipped) == (2, (), ())


def test_a_limit_counts_what_passes(run: Run) -> None:
    found = run.channel(limit=4, match="no. 99[0-9]0$")
    assert ids(found) == [MANY[index].id for index in (10, 20, 30, 40)]
    assert run.requests == 2


def file_of(tmp_path: Path, *video_ids: str, **wanted: Any) -> VideosFileSource:
    path = tmp_path / "videos.txt"
    path.write_text("\n".join(video_ids))
    return VideosFileSource(path, selection_of(**wanted))


def test_what_is_not_wanted_any_more_takes_no_place_of_a_limit(run: Run, library: Library) -> None:
    gone = [MANY[0].id, MANY[2].id]
    library.states.save(*(VideoState(id_, Stage.EXCLUDED) for id_ in gone))
    found = run.channel(limit=28)
    assert ids(found) == [each.id for each in MANY[:30]]
    assert (run.requests, found.spare) == (1, frozenset())  # a page has 30
    assert ids(run.channel(limit=29)) == [each.id for each in MANY[:31]]
    assert run.requests == 2
    assert ids(run.channel(limit=1)) == [MANY[0].id, MANY[1].id]
    # Nor where the list leaves their days open.
    day = str(days_ago(1))
    found = run.channel(limit=1, until=day)
    (offer,) = found.offers
    assert offer.unwanted >= {MANY[0].id}
    assert MANY[0].id not in {*offer.undecided, *offer.spare}
    filling = Filling(found.offers)
    filling.found(MANY[0].id, None)
    assert filling.needs(MANY[1].id)
    # Who asks for one by itself has it, and it takes its place again.
    found = run(VideoSource(gone[0]), ListSource("channel", "@long.one", selection_of(limit=1)))
    assert ids(found) == [gone[0]]


def test_what_a_run_excludes_takes_no_place_either(run: Run, tmp_path: Path) -> None:
    found = run.channel(limit=1, unwanted=[MANY[0].id])
    assert ids(found) == [MANY[0].id, MANY[1].id]
    source = file_of(tmp_path, *(each.id for each in MANY[:3]), limit=1)
    assert ids(run(source, unwanted=[MANY[0].id])) == [MANY[0].id, MANY[1].id]


def test_a_file_of_ids_is_selected_from_as_far_as_its_videos_are_known(
    run: Run, library: Library, tmp_path: Path
) -> None:
    for number, (title, day) in enumerate([("Tides", days_ago(9)), ("Lenses", days_ago(99))]):
        video = Video(f"aaaaaaaaaa{number}", title, "c", duration=600.0, published=day)
        library.save_fetched(Fetched(video, Transcript(video.id, "en", False, ())))
    listed = ("aaaaaaaaaa0", "aaaaaaaaaa1", "unknown0002", "unknown0003")

    def taken(**wanted: Any) -> list[str]:
        return ids(run(file_of(tmp_path, *listed, **wanted)))

    assert taken(limit=2) == list(listed[:2])
    assert taken(match="lens") == list(listed[1:])
    assert taken(since=str(days_ago(10))) == [listed[0], *listed[2:]]
    assert taken(max_duration="5m") == list(listed[2:])
    # What is not known decides when it is had, and leaves its place to the next one.
    found = run(file_of(tmp_path, *listed, match="lens", limit=2))
    assert (ids(found), found.spare) == (list(listed[1:]), {listed[3]})
    assert found.unwanted(Video(listed[2], "Ropes", "c")) == "its title does not match"
    assert found.unwanted(Video(listed[2], "Old lenses", "c")) == ""


def test_a_file_of_ids_of_which_nothing_is_taken_or_known_says_so(
    run: Run, library: Library, tmp_path: Path
) -> None:
    video = Video("aaaaaaaaaa0", "Tides", "c")
    library.save_fetched(Fetched(video, Transcript(video.id, "en", False, ())))
    found = run(file_of(tmp_path, video.id, match="lens", sort="views"))
    assert ids(found) == []
    nothing, order = found.notices
    assert "None of the 1 videos" in nothing
    assert "its title does not match" in nothing
    assert "in its order" in order


def test_pages_end_where_videos_are_older_than_wanted(run: Run) -> None:
    """The first sixty are three weeks old, all others a year and more."""
    found = run.channel("@some", since=str(days_ago(200)))
    assert ids(found) == [each.id for each in SOME[:60]]
    assert run.requests == 3


def test_what_cannot_be_taken_is_skipped_with_the_reason(run: Run) -> None:
    found = run.channel("@small")
    assert ids(found) == named("new", "long one", "over the year", "old")
    assert [(each.title, each.reason, each.channel) for each in found.skipped] == [
        ("live", "it is live right now", "small"),
        ("members", "it is for the channel's members only", "small"),
    ]


def test_what_is_not_wanted_is_not_skipped_but_left(run: Run) -> None:
    found = run.channel("@small", max_duration="1h", match="new|long")
    assert ids(found) == named("new")
    assert found.skipped == ()


def test_the_most_watched_first(run: Run) -> None:
    found = run.channel("@small", sort="views")
    assert ids(found) == named("old", "long one", "new", "over the year")
    assert ids(run.channel("@small", sort="views", limit=2)) == named("old", "long one")


def test_an_approximate_date_decides_where_it_can(run: Run) -> None:
    since = days_ago(500)
    found = run.channel("@small", since=str(since))
    assert ids(found) == named("new", "long one", "over the year")
    open_ = made_id("over the year")
    before = Video(open_, "over the year", "small", published=days_ago(600))
    after = Video(open_, "over the year", "small", published=days_ago(400))
    assert found.unwanted(before) == f"it is from before {since}"
    assert found.unwanted(after) == ""
    sure = Video(made_id("new"), "new", "small", published=date(2001, 1, 1))
    assert found.unwanted(sure) == ""  # the list has decided


def test_a_date_that_the_library_knows_decides_without_fetching(run: Run, library: Library) -> None:
    id_ = made_id("over the year")
    video = Video(id_, "over the year", "small", published=days_ago(600))
    library.save_fetched(Fetched(video, Transcript(id_, "en", False, ())))
    found = run.channel("@small", since=str(days_ago(500)))
    assert ids(found) == named("new", "long one")


def test_shorts_are_asked_for_only_where_they_are_wanted(run: Run, youtube: YouTubeStandIn) -> None:
    run.channel(limit=30, with_shorts=True)
    assert [line.path for line in youtube.requests] == ["/@long.one/videos"]
    found = run.channel("@both", with_shorts=True)
    assert ids(found) == [*named("a video"), *(short.id for short in SHORTS)]
    assert run.requests == 2
    assert ids(run.channel("@both")) == named("a video")
    assert run.requests == 1
    for wanted, taken in ((True, 3), (False, 1)):
        found = run.channel("@both", with_shorts=wanted, how={"offline": True})
        assert len(ids(found)) == taken


def test_a_channel_of_shorts_alone_gives_them_where_they_are_wanted(run: Run) -> None:
    ((_, error),) = run.channel("@shorts").failures
    assert "no videos but shorts" in error.happened
    assert len(ids(run.channel("@shorts", with_shorts=True))) == 2


def test_a_playlist_has_its_own_order(run: Run) -> None:
    found = run(ListSource("playlist", "PLlist000000"))
    assert ids(found) == named("old", "new")
    assert [each.reason for each in found.skipped] == ["it was deleted"]
    assert {known.channel for known in found.known.values()} == {""}


def test_each_video_once_at_its_first_place(run: Run) -> None:
    found = run(
        VideoSource(made_id("long one")),
        ListSource("playlist", "PLlist000000"),
        ListSource("channel", "@small"),
        ListSource("channel", "youtube.com/@SMALL/videos"),
    )
    assert ids(found) == named("long one", "old", "new", "over the year")
    assert made_id("long one") not in found.listed
    assert len(found.skipped) == 3


def test_a_video_is_wanted_if_any_list_wants_it(run: Run) -> None:
    late, early = Selection(since=days_ago(500)), Selection(since=days_ago(1000))
    video = Video(made_id("over the year"), "x", "small", published=days_ago(600))
    strict = run(ListSource("channel", "@small", late))
    assert strict.unwanted(video)
    for sources in ([late, early], [early, late]):
        found = run(*(ListSource("channel", "@small", each) for each in sources))
        assert found.unwanted(video) == ""
    explicit = run(ListSource("channel", "@small", late), VideoSource(video.id))
    assert explicit.unwanted(video) == ""


def test_a_list_that_fails_stops_no_other(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "videos.txt"
    path.write_text("aaaaaaaaaa1\nnonsense\naaaaaaaaaa2 # two\n")
    found = run(
        ListSource("channel", "https://vimeo.com/x"),
        ListSource("channel", "@nobody"),
        ListSource("playlist", "PLnone000000"),
        VideosFileSource(path),
        ListSource("channel", "@small", Selection(limit=1)),
    )
    assert ids(found) == ["aaaaaaaaaa1", "aaaaaaaaaa2", made_id("new")]
    assert [(name, type(error)) for name, error in found.failures] == [
        ("https://vimeo.com/x", InvalidChannel),
        ("@nobody", NoSuchList),
        ("PLnone000000", NoSuchList),
        (f"{path}, line 2", InvalidVideoLine),
    ]
    assert found.listed == set(ids(found))


def test_a_file_that_cannot_be_read_ends_the_run(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run(VideosFileSource(tmp_path / "none.txt"))
    (tmp_path / "empty.txt").write_text("# nothing\n")
    ((_, error),) = run(VideosFileSource(tmp_path / "empty.txt")).failures
    assert isinstance(error, VideosFileEmpty)


def test_a_pattern_that_takes_too_long_ends_the_run(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = Channel("@endless", "x", "UC" + "e" * 22, videos=[item("a" * 250 + "!")])
    with YouTubeStandIn(channels=[endless]) as other:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other.ca_bundle))
        run.youtube = other
        with pytest.raises(SelectionInvalid):
            run.channel("@endless", match="(a|aa)+$")


def test_a_library_that_fails_is_no_failure_of_a_list(run: Run, library: Library) -> None:
    library._database.transaction = _refusing  # type: ignore[method-assign]
    with pytest.raises(LibraryError):
        run.channel("@small")


def _refusing() -> Any:
    raise LibraryError("It is full.", "Free space.")


def test_lists_are_kept_and_used_offline(run: Run, youtube: YouTubeStandIn) -> None:
    run.channel(limit=50)
    assert not run.kept().complete
    found = run.channel(limit=20, how={"offline": True})
    assert (ids(found), run.requests) == ([each.id for each in MANY[:20]], 0)
    assert f"from {date.today():%Y}" in found.notices[0]
    assert "not whole" in found.notices[0]
    run.channel("@small")
    assert run.kept("https://www.youtube.com/@small").complete
    found = run.channel("@small", how={"offline": True})
    assert len(found.skipped) == 2
    assert "not whole" not in found.notices[0]


def test_offline_a_channel_is_known_by_its_handle_and_its_id_however_it_was_listed(
    run: Run,
) -> None:
    run.channel("@small/shorts")
    run.channel("@small")
    offline = {"offline": True}
    listed = ids(run.channel("@small", how=offline))
    assert listed
    assert ids(run.channel("UC" + "s" * 22, how=offline)) == listed
    run.channel("UC" + "m" * 22, limit=3)
    assert len(ids(run.channel("@some", how=offline))) == 3
    for other in ("@nobody", "UC" + "x" * 22, "@some/streams"):
        found = run.channel(other, how=offline)
        assert [type(error) for _, error in found.failures] == [ListNotKept]


def test_offline_a_list_that_was_never_asked_for_is_not_there(run: Run) -> None:
    found = run.channel("@nobody", how={"offline": True})
    assert [type(error) for _, error in found.failures] == [ListNotKept]
    assert run.requests == 0


@pytest.mark.parametrize("fault", ["connection_reset", "rate_limited", "server_error"])
def test_a_kept_list_stands_in_where_youtube_cannot_be_reached(
    run: Run, youtube: YouTubeStandIn, fault: str
) -> None:
    run.channel("@small")
    before = run.kept("https://www.youtube.com/@small")
    youtube.faults.add(fault)
    found = run.channel("@small")
    assert len(ids(found)) == 4
    assert found.failures == ()
    assert "The list of the channel @small is from" in found.notices[0]
    assert run.kept("https://www.youtube.com/@small") == before


@pytest.mark.parametrize(
    ("fault", "kind"), [("connection_reset", NetworkDown), ("rate_limited", ListBlocked)]
)
def test_without_a_kept_list_that_is_its_failure(
    run: Run, youtube: YouTubeStandIn, fault: str, kind: type[Exception]
) -> None:
    youtube.faults.add(fault)
    found = run.channel("@small")
    assert (ids(found), [type(error) for _, error in found.failures]) == ([], [kind])


def test_a_list_that_breaks_off_gives_what_came_and_is_a_failure(
    run: Run, youtube: YouTubeStandIn
) -> None:
    youtube.faults.add("connection_reset", at="browse", after=1)
    found = run.channel()
    assert len(ids(found)) == 60
    ((_, error),) = found.failures
    assert isinstance(error, ListBrokeOff)
    assert "after 60 videos" in error.happened
    assert (len(run.kept().videos), run.kept().complete) == (60, False)
    most_watched = run.channel("youtube.com/channel/" + LONG.id, sort="views", limit=3)
    assert most_watched.sources == ()


def test_a_reply_that_is_not_understood_is_told_though_a_kept_list_stands_in(
    run: Run, youtube: YouTubeStandIn
) -> None:
    run.channel("@small")
    youtube.faults.add("html_for_json")
    found = run.channel("@small")
    assert len(ids(found)) == 4
    assert [type(error) for _, error in found.failures] == [ListNotUnderstood]


def with_new_ones(count: int) -> Channel:
    new = [item(f"new {number}") for number in range(count)]
    items = [*new, *Many("some", 200)]
    return Channel("@some", "Some", "UC" + "m" * 22, videos=items)


@pytest.mark.parametrize(("new", "pages"), [(0, 1), (15, 1), (25, 2), (100, 4)])
def test_a_whole_list_is_asked_for_again_as_far_as_there_is_something_new(
    library: Library, monkeypatch: pytest.MonkeyPatch, new: int, pages: int
) -> None:
    address = "https://www.youtube.com/@some"
    for channel in (with_new_ones(0), with_new_ones(new)):
        with YouTubeStandIn(channels=[channel]) as youtube:
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(youtube.ca_bundle))
            run = Run(youtube, library)
            found = run.channel("@some")
    assert run.requests == pages
    assert ids(found) == [each.id for each in channel.videos or ()]
    assert run.kept(address).complete
    assert [video.id for video in run.kept(address).videos] == ids(found)


def test_refetch_reads_a_list_from_beginning_to_end(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with YouTubeStandIn(channels=[with_new_ones(0)]) as youtube:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(youtube.ca_bundle))
        run = Run(youtube, library)
        run.channel("@some")
        run.channel("@some", how={"refetch": True})
        assert run.requests == 7


def test_a_part_of_a_known_list_leaves_it_whole_and_a_gap_does_not(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "https://www.youtube.com/@some"
    for new, limit, whole in [(0, None, True), (0, 3, True), (50, 3, False)]:
        with YouTubeStandIn(channels=[with_new_ones(new)]) as youtube:
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(youtube.ca_bundle))
            run = Run(youtube, library)
            run.channel("@some", limit=limit)
            assert run.kept(address).complete == whole
    assert len(run.kept(address).videos) == 203


def test_a_second_look_narrows_a_date_and_never_loses_one(run: Run, library: Library) -> None:
    run.channel("@small")
    address = "https://www.youtube.com/@small"
    video = run.kept(address).videos[4]
    assert video.earliest is not None
    assert video.latest is not None
    _set_days(library, video.id, video.latest, date.today())
    run.channel("@small")
    again = run.kept(address).videos[4]
    assert (again.earliest, again.latest) == (video.latest, video.latest)


def _set_days(library: Library, video_id: str, earliest: date, latest: date) -> None:
    with library._database.transaction() as execute:
        execute(
            "UPDATE entries SET earliest = ?, latest = ? WHERE video_id = ?",
            (earliest.isoformat(), latest.isoformat(), video_id),
        )


def test_what_a_list_tells_of_its_videos(run: Run) -> None:
    found = run.channel("@small", limit=1)
    assert found.known == {
        made_id("new"): Video(
            id=made_id("new"),
            title="new",
            channel="small",
            channel_id=SMALL_ONE.id,
            url=f"https://www.youtube.com/watch?v={made_id('new')}",
            duration=600.0,
        )
    }


def test_a_long_list_shows_how_far_it_is(
    run: Run, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(Silent, "step", lambda self, text: steps.append(text))
    run.channel("@some")
    assert steps == ["listing the channel @some", "listing the channel @some: 500 videos"]


def test_streams_on_a_tab_of_their_own_are_told_once(run: Run) -> None:
    assert "--channel @long.one/streams" in run.channel(limit=1).notices[0]
    assert run.channel(limit=1).notices == ()


def test_a_list_of_which_nothing_is_taken_says_why(run: Run) -> None:
    found = run.channel("@small", match="nothing like it")
    assert found.sources == ()
    assert "None of the 6 videos" in found.notices[0]
    assert "because their titles do not match" in found.notices[0]
    short = run.channel("@small", max_duration="1s")
    assert "because they are longer than 1s" in short.notices[0]
