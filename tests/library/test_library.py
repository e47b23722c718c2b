"""The SQLite file: what is kept comes back equal, and what is no library is told."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import LibraryCorrupt, LibraryError, LibraryTooNew, LibraryUnusable
from generator.library import Fingerprint, Library, database
from generator.library.filings import Done
from generator.library.made import Made
from generator.library.schema import MIGRATIONS
from generator.models import (
    Block,
    BulletList,
    Chapter,
    Citation,
    Completion,
    Cue,
    Evidence,
    Fetched,
    Found,
    Link,
    Mention,
    Note,
    Paragraph,
    Section,
    Stage,
    Statement,
    Track,
    Transcript,
    Video,
    VideoState,
    WordTime,
    statements_in,
)

VIDEO = Video(
    id="tides-00001",
    title="Why the sea rises twice a day",
    channel="harbour_talks",
    channel_id="UC0123456789abcdefghijkl",
    url="https://www.youtube.com/watch?v=tides-00001",
    duration=612.5,
    published=date(2024, 2, 29),
    description="The Moon pulls.\nThe Sun too.",
    chapters=(Chapter(0.0, "The Moon"), Chapter(301.25, "The Sun")),
    tags=("tides", "moon"),
)
ENGLISH = Transcript(
    VIDEO.id, "en", False, (Cue(0.0, 2.5, "The Moon pulls the sea."), Cue(2.5, 3.0, "Twice a day."))
)
RUSSIAN = Transcript(VIDEO.id, "ru", True, (Cue(0.0, 2.5, "Луна тянет море."),))
TRACKS = (Track("en", "English", False), Track("ru", "Russian (auto)", True))
STATEMENT = Statement(
    "The Moon pulls the sea.",
    evidence=(Evidence(1, "Moon pulls"),),
    citations=(Citation(0, 0, 4, "Moon pulls", Found.EXACT),),
    mentions=(Mention(4, 8, "Moon"),),
)


def a_note(slug: str, video: Video = VIDEO, title: str = "Tides") -> Note:
    lead: tuple[Block, ...] = (Paragraph((STATEMENT,)),)
    listed = BulletList((STATEMENT, replace(STATEMENT, markup=True)), STATEMENT)
    section = Section("The Moon", 2, (*lead, listed), 0.0, 301.25)
    return Note(title, ("Ebb and flow",), slug, video, lead, (section,))


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / ".generator" / "library.db") as opened:
        yield opened


def test_a_fetched_video_is_found_again_as_it_came(library: Library):
    library.save_fetched(Fetched(VIDEO, ENGLISH, TRACKS, ("notices are not kept",)))
    assert library.video(VIDEO.id) == VIDEO
    assert library.tracks(VIDEO) == list(TRACKS)
    assert library.transcript(VIDEO) == ENGLISH


def test_what_was_saved_is_there_for_the_next_run(tmp_path: Path):
    path = tmp_path / "library.db"
    with Library.open(path) as first:
        first.save_fetched(Fetched(VIDEO, ENGLISH))
    with Library.open(path, create=False) as second:
        assert second.transcript(VIDEO) == ENGLISH


def test_a_video_that_never_came_is_none(library: Library):
    assert library.video("no-such-one") is None
    assert library.transcript(VIDEO) is None
    assert library.tracks(VIDEO) == []
    assert library.notes() == []


def test_transcripts_are_told_apart_by_language_and_kind(library: Library):
    library.save_fetched(Fetched(VIDEO, RUSSIAN, TRACKS))
    library.save_fetched(Fetched(VIDEO, ENGLISH))
    assert library.transcript(VIDEO) == RUSSIAN
    assert library.transcript(VIDEO, "en") == ENGLISH
    assert library.transcript(VIDEO, generated=False) == ENGLISH
    assert library.transcript(VIDEO, "en", generated=True) is None
    assert library.tracks(VIDEO) == list(TRACKS)


def test_a_transcript_that_comes_again_replaces_the_earlier_one(library: Library):
    library.save_fetched(Fetched(VIDEO, RUSSIAN))
    library.save_fetched(Fetched(VIDEO, ENGLISH))
    mended = replace(ENGLISH, cues=ENGLISH.cues[:1])
    library.save_fetched(Fetched(replace(VIDEO, title="Tides"), mended))
    assert library.transcript(VIDEO, "en") == mended
    assert library.transcript(VIDEO) == RUSSIAN
    assert [video.title for video in library.videos()] == ["Tides"]


def test_one_id_may_stand_under_two_channels(library: Library):
    local = replace(VIDEO, channel="local", channel_id=None, title="My file")
    other = replace(VIDEO, channel="other", title="Theirs")
    for video in (VIDEO, other, local):
        library.save_fetched(Fetched(video, ENGLISH))
    assert library.videos() == [VIDEO, other, local]
    assert library.videos("local") == [local]
    assert library.video(VIDEO.id, "local") == local
    assert library.video(VIDEO.id) == other
    assert library.video(VIDEO.id, "nobody") is None


def test_a_transcript_of_another_video_is_refused(library: Library):
    with pytest.raises(ValueError, match="is not one of"):
        library.save_fetched(Fetched(VIDEO, replace(ENGLISH, video_id="other-video")))
    assert library.videos() == []


def test_notes_come_back_in_the_order_of_videos_and_topics(library: Library):
    earlier = replace(VIDEO, id="waves-00001")
    elsewhere = replace(VIDEO, id="clock-00001", channel="a_channel")
    for video in (earlier, VIDEO, elsewhere):
        library.save_fetched(Fetched(video, replace(ENGLISH, video_id=video.id)))
    notes = [a_note("zebra"), a_note("ape")]
    assert library.save_notes(VIDEO, "extractive", notes) == []
    library.save_notes(earlier, "extractive", [a_note("middle", earlier)])
    library.save_notes(elsewhere, "extractive", [a_note("zebra", elsewhere)])
    assert library.notes("harbour_talks") == [a_note("middle", earlier), *notes]
    assert library.notes(video=VIDEO) == notes
    assert library.notes() == [a_note("zebra", elsewhere), a_note("middle", earlier), *notes]
    assert [(e.slug, e.video_id, e.position) for e in library.index.notes()] == [
        ("zebra", elsewhere.id, 0),
        ("zebra", VIDEO.id, 0),
        ("ape", VIDEO.id, 1),
        ("middle", earlier.id, 0),
    ]
    assert library.note("harbour_talks", "ape") == notes[1]
    assert library.note("harbour_talks", "nobody") is None


def test_links_are_not_kept(library: Library):
    linked = replace(STATEMENT, links=(Link(4, 8, "moon"),))
    lead: tuple[Block, ...] = (Paragraph((linked,)), BulletList((linked,), linked))
    note = replace(a_note("tides"), lead=lead, sections=(Section("S", 3, lead, 0.0, 1.0),))
    library.save_notes(VIDEO, "extractive", [note])
    assert statements_in(library.notes()[0]) == [STATEMENT] * 6


def test_saving_notes_replaces_those_of_the_video_and_tells_which_are_gone(library: Library):
    library.save_notes(VIDEO, "extractive", [a_note("tides"), a_note("moon"), a_note("neap")])
    library.filings.done(Done({("harbour_talks", "moon"): "physics/moon.md"}))
    gone = library.save_notes(VIDEO, "openai", [a_note("sun"), a_note("moon")])
    assert gone == ["neap", "tides"]
    assert [(entry.slug, entry.path) for entry in library.index.notes()] == [
        ("sun", None),
        ("moon", "physics/moon.md"),
    ]
    assert library.engine_of("harbour_talks", "moon") == "openai"
    assert library.engine_of("harbour_talks", "tides") == ""


def test_another_videos_slug_is_not_taken(library: Library):
    library.save_notes(VIDEO, "extractive", [a_note("tides")])
    other = replace(VIDEO, id="waves-00001")
    with pytest.raises(ValueError, match="is a note of video tides-00001"):
        library.save_notes(other, "extractive", [a_note("waves", other), a_note("tides", other)])
    with pytest.raises(ValueError, match="of another video"):
        library.save_notes(other, "extractive", [a_note("waves")])
    with pytest.raises(ValueError, match="one slug"):
        library.save_notes(VIDEO, "extractive", [a_note("waves"), a_note("waves")])
    assert [note.slug for note in library.notes()] == ["tides"]


def test_what_was_written_is_remembered_the_last_first(library: Library):
    library.filings.record_written("harbour_talks", "tides", "aaa", ("title", "videoId"))
    library.filings.record_written("harbour_talks", "tides", "bbb", ("title", "videoId", "url"))
    library.filings.record_written("harbour_talks", "tides", "aaa", ["title", "videoId"])
    assert list(library.filings.written("harbour_talks", "tides")) == [
        Fingerprint("aaa", ("title", "videoId")),
        Fingerprint("bbb", ("title", "videoId", "url")),
    ]
    assert not library.filings.written("harbour_talks", "moon")


def test_what_was_written_outlives_the_note(library: Library):
    library.save_notes(VIDEO, "extractive", [a_note("tides")])
    library.filings.record_written("harbour_talks", "tides", "aaa", ("title",))
    library.save_notes(VIDEO, "extractive", [])
    assert [*library.filings.written("harbour_talks", "tides")] == [Fingerprint("aaa", ("title",))]


REPLY = Completion(
    key="a" * 64,
    prompt="outline",
    video_id=VIDEO.id,
    model="small",
    request='{"messages": []}',
    reply='{"topics": ["\x00Луна 🌙"]}',
    ended="stop",
    answered_by="small-2026",
    input_tokens=120,
    cached_tokens=100,
    output_tokens=30,
)


def test_a_completion_is_found_under_its_key(library: Library):
    library.save_completion(REPLY)
    assert library.completion(REPLY.key) == REPLY
    assert library.completion("b" * 64) is None


def test_a_completion_replaces_the_earlier_one_with_its_key(library: Library):
    other = replace(REPLY, key="b" * 64, video_id="waves-00001")
    later = replace(REPLY, reply="{}", ended="length")
    for each in (REPLY, other, later):
        library.save_completion(each)
    assert library.completion(REPLY.key) == later
    assert library.completions() == [other, later]
    assert library.completions("waves-00001") == [other]


def test_a_library_without_completions_gets_their_table(tmp_path: Path):
    path = tmp_path / "library.db"
    with closing(database.connect(path, create=True, migrations=MIGRATIONS[:1])) as older:
        older.execute(
            "INSERT INTO written (channel, slug, digest, front_matter, position)"
            " VALUES ('harbour_talks', 'tides', 'aaa', '[\"title\"]', 1)"
        )
    with Library.open(path) as library:
        assert [*library.filings.written("harbour_talks", "tides")] == [
            Fingerprint("aaa", ("title",))
        ]
        library.save_completion(REPLY)
        assert library.completions() == [REPLY]


# Any text that is Unicode: controls, NUL and non-characters too, but no halves of surrogate pairs.
words = st.text(max_size=20)
seconds = st.floats(0, 1e6)
evidence = st.builds(Evidence, st.integers(1, 9999), words)
citations = st.builds(
    Citation,
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 500),
    words,
    st.sampled_from(Found),
)
mentions = st.builds(Mention, st.integers(0, 500), st.integers(0, 500), words)


def tuples(kind: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(kind, max_size=3).map(tuple)


statements = st.builds(
    Statement,
    words,
    evidence=tuples(evidence),
    citations=tuples(citations),
    mentions=tuples(mentions),
    markup=st.booleans(),
)
blocks = tuples(
    st.one_of(
        st.builds(Paragraph, tuples(statements)),
        st.builds(BulletList, tuples(statements), st.none() | statements),
    )
)
sections = tuples(st.builds(Section, words, st.integers(2, 3), blocks, seconds, seconds))
videos = st.builds(
    Video,
    id=words,
    title=words,
    channel=words,
    channel_id=st.none() | words,
    url=words,
    duration=st.none() | seconds,
    published=st.none() | st.dates(),
    description=words,
    chapters=tuples(st.builds(Chapter, seconds, words)),
    tags=tuples(words),
)
word_times = tuples(st.builds(WordTime, st.integers(0, 500), seconds))
cues = tuples(st.builds(Cue, seconds, seconds, words, word_times, words))
slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(videos, words, st.booleans(), cues)
def test_any_video_and_transcript_come_back_equal(video, language, generated, cues):
    transcript = Transcript(video.id, language, generated, cues)
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder, "l.db")) as library:
        library.save_fetched(Fetched(video, transcript))
        assert library.video(video.id, video.channel) == video
        assert library.transcript(video, language, generated) == transcript


@slow
@given(videos, words, words, tuples(words), blocks, sections, words, st.booleans())
def test_any_note_comes_back_equal(
    video, slug, title, aliases, lead, sections, language, generated
):
    note = Note(title, aliases, slug, video, lead, sections, language, generated)
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder, "l.db")) as library:
        library.save_notes(video, "extractive", [note])
        assert library.notes() == [note]


def test_a_library_of_format_7_keeps_all_that_it_has(tmp_path: Path):
    path = tmp_path / "library.db"
    with closing(database.connect(path, create=True, migrations=MIGRATIONS[:7])) as older:
        older.execute(
            "INSERT INTO videos VALUES ('harbour_talks', 'tides-00001', 1, 'Tides', NULL, '', 60.0,"
            " NULL, '', '[]', '[]')"
        )
        older.execute(
            "INSERT INTO transcripts VALUES ('harbour_talks', 'tides-00001', 'en', 1, 1,"
            """ '[{"start":0.5,"duration":2.0,"text":"The moon pulls."}]')"""
        )
        older.execute(
            "INSERT INTO notes VALUES ('harbour_talks', 'tides', 'tides-00001', 1, 'Tides', '[]',"
            """ 'extractive', 'en', 1, '{"lead":[],"sections":[]}', NULL, '[]')"""
        )
        assert older.execute("PRAGMA user_version").fetchone()[0] == 7
    with Library.open(path) as library:
        video = library.video("tides-00001")
        assert video is not None
        assert (video.title, video.duration) == ("Tides", 60.0)
        transcript = Transcript("tides-00001", "en", True, (Cue(0.5, 2.0, "The moon pulls."),))
        assert library.transcript(video) == transcript
        assert [note.title for note in library.notes()] == ["Tides"]
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (8,)
    with pytest.raises(LibraryTooNew):
        database.connect(path, create=False, migrations=MIGRATIONS[:7])


# The file


def test_word_times_and_speakers_are_kept_in_few_characters(library: Library):
    timed = Cue(1.0, 2.0, "Is it?", (WordTime(0, 1.0), WordTime(3, 1.25)), "Ann")
    plain_cue = Cue(3.0, 2.0, "It is.")
    library.save_fetched(Fetched(VIDEO, replace(ENGLISH, cues=(timed, plain_cue))))
    with closing(sqlite3.connect(library.path)) as plain:
        (kept,) = plain.execute("SELECT cues FROM transcripts").fetchone()
    assert kept == (
        '[{"start":1.0,"duration":2.0,"text":"Is it?","words":[[0,1.0],[3,1.25]],"speaker":"Ann"},'
        '{"start":3.0,"duration":2.0,"text":"It is."}]'
    )


def test_the_tables_are_named_in_the_programs_words(library: Library):
    library.save_fetched(Fetched(VIDEO, ENGLISH, TRACKS))
    library.save_notes(VIDEO, "extractive", [a_note("tides")])
    with closing(sqlite3.connect(library.path)) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert plain.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert plain.execute("SELECT published, chapters FROM videos").fetchall() == [
            ("2024-02-29", '[{"start":0.0,"title":"The Moon"},{"start":301.25,"title":"The Sun"}]')
        ]
        assert plain.execute(
            "SELECT json_extract(value, '$.text') FROM transcripts, json_each(cues)"
        ).fetchall() == [("The Moon pulls the sea.",), ("Twice a day.",)]
        content = "json_extract(content, '$.lead[0].statements[0].citations[0].found')"
        assert plain.execute(f"SELECT {content} FROM notes").fetchall() == [("exact",)]


def test_without_create_nothing_is_made(tmp_path: Path):
    with pytest.raises(LibraryUnusable, match="no such file"):
        Library.open(tmp_path / "new" / "library.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_later_versions_library_is_left_alone(tmp_path: Path):
    path = tmp_path / "library.db"
    Library.open(path).close()
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA user_version = 999")
        plain.commit()
    with pytest.raises(LibraryTooNew, match="format 999"):
        Library.open(path)
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (999,)


@pytest.mark.parametrize(
    "content", [b"Dear diary,\nthis is no database." * 99, bytes(range(256)) * 40, b"SQLite"]
)
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / "library.db"
    path.write_bytes(content)
    with pytest.raises(LibraryCorrupt, match="damaged or is not a library"):
        Library.open(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("version", [0, 1])
def test_another_programs_database_is_left_alone(tmp_path: Path, version: int):
    path = tmp_path / "library.db"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute(f"PRAGMA user_version = {version}")
        plain.execute("CREATE TABLE recipes (name TEXT)")
        plain.commit()
    before = path.read_bytes()
    with pytest.raises(LibraryCorrupt, match="another program"):
        Library.open(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_library(tmp_path: Path):
    path = tmp_path / "library.db"
    path.touch()
    with Library.open(path) as library:
        assert library.videos() == []


def test_a_truncated_library_is_damaged(tmp_path: Path):
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        for number in range(50):
            video = replace(VIDEO, id=f"tides-{number:05}", description="x" * 3000)
            library.save_fetched(Fetched(video, replace(ENGLISH, video_id=video.id)))
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(LibraryCorrupt), Library.open(path) as library:
        library.videos()


@pytest.mark.parametrize(
    ("column", "value"), [("published", "yesterday"), ("chapters", "{"), ("tags", '{"a": 1}')]
)
def test_a_row_that_makes_no_sense_is_damage(library: Library, column: str, value: str):
    library.save_fetched(Fetched(VIDEO, ENGLISH))
    with closing(sqlite3.connect(library.path)) as plain:
        plain.execute(f"UPDATE videos SET {column} = ?", (value,))
        plain.commit()
    with pytest.raises(LibraryCorrupt):
        library.videos()


def test_text_that_is_no_text_is_damage(library: Library):
    library.save_fetched(Fetched(VIDEO, ENGLISH))
    with closing(sqlite3.connect(library.path)) as plain:
        plain.execute("UPDATE videos SET title = CAST(x'ff' AS TEXT)")
        plain.commit()
    with pytest.raises(LibraryCorrupt):
        library.videos()


def test_a_damaged_schema_is_damage(tmp_path: Path):
    path = tmp_path / "library.db"
    Library.open(path).close()
    path.write_bytes(path.read_bytes().replace(b"tablevideosvideos", b"tablevid\xffosvideos"))
    with pytest.raises(LibraryCorrupt), Library.open(path) as library:
        library.videos()


def test_a_missing_table_is_damage(library: Library):
    with closing(sqlite3.connect(library.path)) as plain:
        plain.execute("DROP TABLE written")
    with pytest.raises(LibraryCorrupt, match="no such table"):
        library.filings.written("harbour_talks", "tides")


def test_a_folder_in_the_librarys_place(tmp_path: Path):
    (tmp_path / "library.db").mkdir()
    with pytest.raises(LibraryUnusable):
        Library.open(tmp_path / "library.db")


def test_a_file_where_its_folder_should_be(tmp_path: Path):
    (tmp_path / "vault").write_text("not a folder")
    with pytest.raises(LibraryUnusable):
        Library.open(tmp_path / "vault" / "library.db")
    with pytest.raises(LibraryUnusable):
        Library.open(tmp_path / "nul\0byte" / "library.db")


def test_a_library_in_use_is_unusable_after_a_while(library: Library):
    with (
        Library.open(library.path, busy_seconds=0) as second,
        closing(sqlite3.connect(library.path)) as plain,
    ):
        plain.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryUnusable, match="locked"):
            second.save_fetched(Fetched(VIDEO, ENGLISH))


def test_a_full_disk_leaves_the_library_as_it_was(library: Library):
    library.save_fetched(Fetched(VIDEO, ENGLISH))
    pages = library._database._connection.execute("PRAGMA page_count").fetchone()[0]
    library._database._connection.execute(f"PRAGMA max_page_count = {pages}")
    long = Transcript(VIDEO.id, "en", False, (Cue(0.0, 1.0, "x" * 100_000),))
    with pytest.raises(LibraryUnusable, match="full"):
        library.save_fetched(Fetched(replace(VIDEO, title="New"), long))
    assert library.video(VIDEO.id) == VIDEO
    assert library.transcript(VIDEO) == ENGLISH


def test_a_library_that_may_only_be_read(library: Library):
    library._database._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(LibraryUnusable, match="readonly"):
        library.save_fetched(Fetched(VIDEO, ENGLISH))


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (sqlite3.SQLITE_IOERR_WRITE, LibraryUnusable),
        (sqlite3.SQLITE_READONLY_DBMOVED, LibraryUnusable),
        (sqlite3.SQLITE_CORRUPT_INDEX, LibraryCorrupt),
    ],
)
def test_sqlites_finer_codes_mean_what_the_coarse_ones_do(code: int, meaning: type[Exception]):
    error = sqlite3.OperationalError("as SQLite says")
    error.sqlite_errorcode = code
    with pytest.raises(meaning, match="as SQLite says"), database.translated(Path("library.db")):
        raise error


# Migrations

NEXT = (
    *MIGRATIONS,
    (
        "CREATE TABLE of_the_future (hash TEXT PRIMARY KEY) STRICT",
        "UPDATE videos SET title = 'new'",
    ),
)


def test_an_older_library_is_brought_to_the_next_format(tmp_path: Path):
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.save_fetched(Fetched(VIDEO, ENGLISH))
    with Library(path, database.connect(path, create=False, migrations=NEXT)) as library:
        assert library.video(VIDEO.id) == replace(VIDEO, title="new")
        assert library._database._connection.execute("SELECT * FROM of_the_future").fetchall() == []
    with pytest.raises(LibraryTooNew):
        Library.open(path)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path):
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.save_fetched(Fetched(VIDEO, ENGLISH))
    with pytest.raises(LibraryCorrupt):
        database.connect(path, create=False, migrations=(*NEXT, ("CREATE TABLE videos (id)",)))
    with Library.open(path) as library:
        assert library.video(VIDEO.id) == VIDEO


# What is kept with the next change


MADE = Made({"transcript": "en, hand-made, 0123"}, 2, ({"repaired": 1},))


def test_what_notes_were_made_of_is_kept_with_the_next_change(tmp_path: Path):
    path = tmp_path / "library.db"
    with Library.open(path) as library, Library.open(path) as other:
        library.save_fetched(Fetched(VIDEO, ENGLISH))
        library.made.save(VIDEO.channel, VIDEO.id, MADE)
        assert other.made.of(VIDEO.channel, VIDEO.id) is None
        library.states.save(VideoState(VIDEO.id, Stage.WRITTEN))
        assert other.made.of(VIDEO.channel, VIDEO.id) == MADE


def test_what_was_to_be_kept_later_outlives_a_change_that_failed(library: Library):
    library.save_fetched(Fetched(VIDEO, ENGLISH))
    library.made.save(VIDEO.channel, VIDEO.id, MADE)
    with pytest.raises(ValueError, match="one"), library._database.transaction():
        raise ValueError("one that failed")
    assert library.made.of(VIDEO.channel, VIDEO.id) is None
    library.filings.catch_up()
    assert library.made.of(VIDEO.channel, VIDEO.id) == MADE


def test_what_was_to_be_kept_later_is_there_when_the_library_is_closed(tmp_path: Path):
    with Library.open(tmp_path / "library.db") as library:
        library.save_fetched(Fetched(VIDEO, ENGLISH))
        library.made.save(VIDEO.channel, VIDEO.id, MADE)
    with Library.open(tmp_path / "library.db") as library:
        assert library.made.of(VIDEO.channel, VIDEO.id) == MADE


@pytest.mark.parametrize(
    "ask",
    [
        lambda library: library.notes(video=VIDEO),
        lambda library: library.notes(VIDEO.channel),
        lambda library: library.completions(VIDEO.id),
        lambda library: library.transcript(VIDEO),
        lambda library: library.filings.of(VIDEO.channel, VIDEO.id),
    ],
)
def test_what_is_asked_of_a_video_is_found_by_an_index(
    library: Library, ask: Callable[[Library], object]
):
    library.save_fetched(Fetched(VIDEO, ENGLISH))
    library.save_notes(VIDEO, "extractive", [a_note("tides")])
    asked: list[str] = []
    connection = library._database._connection
    connection.set_trace_callback(asked.append)
    ask(library)
    connection.set_trace_callback(None)
    plans = [
        row["detail"] for sql in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN")]


@pytest.mark.parametrize("cause", [KeyError, None])
def test_what_went_wrong_first_is_told_though_nothing_can_be_kept_any_more(
    tmp_path: Path, cause: type[Exception] | None
):
    def used() -> None:
        with Library.open(tmp_path / "library.db") as library:
            library._database.later(broken)
            if cause:
                raise cause("the first cause")

    def broken(_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(cause or LibraryError):
        used()
