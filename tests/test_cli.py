"""The command: its options, what it prints, and its exit codes."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

import generator
from generator import writing
from generator.cli import app
from generator.errors import NothingToWrite

TALK = """WEBVTT

00:00:01.500 --> 00:00:05.000
The moon pulls on the sea and on the land alike.

00:00:05.000 --> 00:00:09.000
The sea gives way, and so it rises twice a day.

00:00:09.900 --> 00:00:14.000
In Bristol the tide rises by up to fifteen metres.
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("Tides [tWiceDaily8].en.vtt").write_text(TALK)
    return tmp_path


def run(*arguments: str, env: dict[str, str] | None = None):
    return CliRunner().invoke(app, list(arguments), env=env, catch_exceptions=False)


TIDES = ("--transcript", "Tides [tWiceDaily8].en.vtt")
NOTE = Path("output/local/tides.md")


def test_alone_it_prints_its_help():
    shown = run()
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "--transcript" in shown.stdout
    assert shown.stdout == run("--help").stdout


def test_version():
    assert run("--version").stdout == f"generate {generator.__version__}\n"


def test_a_transcript_becomes_a_note_whose_every_second_begins_a_cue():
    ended = run(*TIDES)
    assert ended.exit_code == 0
    assert "written    output/local/tides.md" in ended.stdout
    assert "extractive engine" in ended.stdout
    text = NOTE.read_text()
    assert text.startswith(
        "---\ntitle: Tides\nvideoId: tWiceDaily8\n---\n\nFrom: [[local]] <br/> \n"
    )
    seconds = re.findall(r'data-t="00:00:(\d\d)">\[00:00:(\d\d)\]</a>', text)
    assert seconds
    assert {label for _, label in seconds} <= {"01", "05", "09"}
    assert all(shown == label for shown, label in seconds)
    assert Path("output/local/local.md").read_text() == (
        "---\ntitle: local\n---\n"
        "### [Tides](https://www.youtube.com/watch?v=tWiceDaily8)\n- [[tides | Tides]]\n"
    )
    sidecar = json.loads(Path("output/.generator/notes/local/tides.json").read_text())
    assert sidecar["video"]["id"] == "tWiceDaily8"


def test_json_is_one_object_and_nothing_else():
    ended = run(*TIDES, "--json")
    told = json.loads(ended.stdout)
    assert ended.stderr == ""
    (video,) = told["videos"]
    assert (video["id"], video["state"], video["error"]) == ("tWiceDaily8", "written", None)
    (note,) = video["notes"]
    assert (note["path"], note["title"], note["slug"]) == (str(NOTE), "Tides", "tides")
    shown = NOTE.read_text().count('class="yt-timestamp"')
    assert note["statements"] == note["citations"] == shown > 0
    assert note["dropped"] == 0
    for section in note["sections"]:
        assert section.keys() == {"heading", "start", "end"}
    assert told["totals"] == {
        "videos": 1, "written": 1, "unchanged": 0, "passed_over": 0, "skipped": 0, "pending": 0,
        "failed": 0, "notes": 1, "notes_written": 1, "notes_kept": 0, "statements": shown,
        "citations": shown, "dropped": 0, "repaired": 0, "doubtful": 0, "relinked": 0, "removed": 0,
    }  # fmt: skip


def test_the_same_again_changes_no_byte_and_says_so():
    run(*TIDES)
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in Path("output/local").iterdir()}
    assert json.loads(run(*TIDES, "--json").stdout)["videos"][0]["state"] == "unchanged"
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in Path("output/local").iterdir()}
    assert after == before


def test_quiet_says_nothing_and_verbose_more():
    assert run(*TIDES, "--quiet").output == ""
    assert len(run(*TIDES, "--verbose").stderr) > len(run(*TIDES).stderr)


def test_options_say_whose_a_transcript_is():
    run(*TIDES, "--video-id", "https://youtu.be/rP2kEF3Mj-o", "--title", "Ebb: a story",
        "--channel-name", "@My Talks")  # fmt: skip
    text = Path("output/my_talks/ebb_a_story.md").read_text()
    assert 'title: "Ebb: a story"\nvideoId: rP2kEF3Mj-o\n' in text
    assert "From: [[my_talks]] <br/> \n" in text


def test_front_matter_and_links_for_readers_without_a_player():
    run(*TIDES, "--front-matter", "url,channel", "--timestamp-links", "--output", "vault")
    text = Path("vault/local/tides.md").read_text()
    assert (
        "videoId: tWiceDaily8\nurl: https://www.youtube.com/watch?v=tWiceDaily8\nchannel: local\n"
        in text
    )
    hrefs = re.findall(r'data-t="00:00:(\d\d)" href="https://youtu.be/tWiceDaily8\?t=(\d+)"', text)
    assert hrefs
    assert all(int(shown) == int(second) for shown, second in hrefs)


def test_settings_are_shown_with_their_sources_and_without_secrets():
    Path("generate.toml").write_text("timestamp_links = true")
    env = {"GENERATE_LANGUAGE": "ru", "OPENAI_API_KEY": "sk-SECRET"}
    shown = json.loads(run("--show-settings", "--json", "--output", "v", env=env).stdout)
    assert shown["output"] == {"value": "v", "source": "option"}
    assert shown["language"] == {"value": "ru", "source": "GENERATE_LANGUAGE"}
    assert shown["timestamp_links"]["source"].endswith("generate.toml")
    assert shown["api_key"]["source"] == "OPENAI_API_KEY"
    assert "SECRET" not in run("--show-settings", env=env).output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--no-such-option"], "No such option"),
        (["--quiet"], "nothing to write notes of"),
        ([*TIDES, "--engine", "magic"], "engine (from option)"),
        ([*TIDES, "--engine", "openai", "--base-url", "models.example"], "base URL"),
        ([*TIDES, "--engine", "openai", "--prompts", "none"], "none"),
        ([*TIDES, "--language", "r u"], "language"),
        ([*TIDES, "--video-id", "nothing"], "neither a YouTube video id"),
        ([*TIDES, *TIDES, "--transcript", "b.vtt", "--title", "T"], "one --transcript"),
        (["--video", "rP2kEF3Mj-o", "--channel-name", "c"], "--channel-name"),
    ],
)
def test_wrong_usage_is_told_and_exits_with_2(arguments, told):
    ended = run(*arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert not list(Path().rglob("*.md"))


def test_auto_is_openai_where_a_key_or_an_address_is_set():
    nobody = "http://127.0.0.1:9/v1"
    env = {"OPENAI_API_KEY": "sk-SECRET", "OPENAI_BASE_URL": nobody, "GENERATE_MODEL_RETRIES": "0"}
    ended = run(*TIDES, env=env)
    assert ended.exit_code == 1
    assert "with the openai engine" in ended.stderr
    assert "127.0.0.1:9" in ended.stderr
    assert "SECRET" not in ended.output
    assert run(*TIDES, "--engine", "extractive", env={"OPENAI_API_KEY": "x"}).exit_code == 0


def test_a_video_that_fails_stops_no_other_and_the_exit_code_is_1():
    Path("empty.srt").write_text("")
    ended = run("--transcript", "none.vtt", "--transcript", "empty.srt", *TIDES)
    assert ended.exit_code == 1
    assert "none.vtt" in ended.stderr
    assert "empty.srt" in ended.stderr
    assert "Traceback" not in ended.output
    assert NOTE.exists()
    told = json.loads(run("--transcript", "none.vtt", *TIDES, "--json").stdout)
    assert [video["state"] for video in told["videos"]] == ["failed", "unchanged"]
    assert "none.vtt" in told["videos"][0]["error"]


def test_what_is_no_video_fails_by_itself():
    ended = run("--video", "https://example.org/", *TIDES, "--json")
    told = json.loads(ended.stdout)
    assert ended.exit_code == 1
    assert [v["cause"] for v in told["videos"]] == ["invalid-id", None]


@pytest.mark.parametrize("made", ["", "not a database", "\0" * 5000])
def test_a_file_that_is_no_library_is_told_and_left_alone(made):
    Path("mine.db").write_text(made or "SQLite format 3\0 but cut off")
    before = Path("mine.db").read_bytes()
    ended = run(*TIDES, "--library", "mine.db")
    assert ended.exit_code == 1
    assert "mine.db" in ended.stderr
    assert Path("mine.db").read_bytes() == before
    assert not NOTE.exists()
    assert json.loads(run(*TIDES, "--library", "mine.db", "--json").stdout)["cause"] == "library"


def test_a_vault_that_cannot_be_written_is_told():
    Path("taken").write_text("a file")
    ended = run(*TIDES, "--output", "taken", "--library", "library.db")
    assert ended.exit_code == 1
    assert "taken" in ended.stderr
    assert Path("taken").read_text() == "a file"


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
@pytest.mark.parametrize("link", [".generator", ".generator/library.db"])
def test_no_library_is_made_where_a_link_leads_out_of_the_vault(tmp_path, link):
    there = tmp_path / "elsewhere"
    there.mkdir()
    Path("output", link).parent.mkdir(parents=True)
    Path("output", link).symlink_to(there / "l.db" if link.endswith(".db") else there)
    ended = run(*TIDES)
    assert (ended.exit_code, list(there.iterdir())) == (1, [])
    assert "outside the vault" in ended.stderr


def test_a_failure_that_nobody_foresaw_is_told_without_a_traceback(monkeypatch):
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("SECRET")

    monkeypatch.setattr("generator.fetching.Fetching.fetch", breaks)
    ended = run(*TIDES)
    assert ended.exit_code == 1
    assert "ZeroDivisionError" in ended.stderr
    assert "Traceback" not in ended.output
    assert "Traceback" in run(*TIDES, "--verbose").stderr


def test_interrupted_it_says_so(monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.fetching.Fetching.fetch", interrupted)
    ended = run(*TIDES)
    assert ended.exit_code == 130
    assert "Interrupted" in ended.stderr


def test_a_note_edited_by_hand_is_kept_until_overwrite(folder):
    run(*TIDES)
    ours = NOTE.read_text()
    NOTE.write_text(ours + "\nMy own thought.\n")
    ended = run(*TIDES)
    assert (ended.exit_code, NOTE.read_text()) == (0, ours + "\nMy own thought.\n")
    assert "edited by hand" in ended.stderr
    assert "kept       output/local/tides.md" in ended.stdout
    run(*TIDES, "--overwrite")
    assert NOTE.read_text() == ours


def test_a_note_and_its_owners_keys_survive_a_move_and_the_loss_of_the_library():
    run(*TIDES)
    ours = NOTE.read_text()
    mine = ours.replace("videoId:", "rating: 5\nvideoId:").replace("\n", "\r\n").rstrip("\r\n")
    NOTE.unlink()
    moved = Path("output/local/sea/tides.md")
    moved.parent.mkdir()
    moved.write_bytes(mine.encode())
    for library in Path("output/.generator").glob("library.db*"):
        library.unlink()
    ended = run(*TIDES, "--timestamp-links")
    text = moved.read_bytes().decode()
    assert (ended.exit_code, NOTE.exists()) == (0, False)
    assert "rating: 5\r\n" in text
    assert "href=" in text
    assert not text.endswith("\n")
    assert "[[tides | Tides]]" in Path("output/local/local.md").read_text()


def test_a_note_that_was_renamed_is_ours_without_the_library_too():
    run(*TIDES)
    NOTE.rename(NOTE.with_name("ebb.md"))
    for library in Path("output/.generator").glob("library.db*"):
        library.unlink()
    ended = run(*TIDES, "--timestamp-links")
    assert "written    output/local/ebb.md" in ended.stdout
    assert sorted(path.name for path in NOTE.parent.iterdir()) == ["ebb.md", "local.md"]
    assert "[[ebb | Tides]]" in Path("output/local/local.md").read_text()


def test_another_tools_note_of_the_video_neither_goes_nor_stands_in_the_way():
    theirs = "---\ntitle: How the moon pulls\nvideoId: tWiceDaily8\n---\n\nTheirs.\n"
    Path("output/local").mkdir(parents=True)
    Path("output/local/how_the_moon_pulls.md").write_text(theirs)
    Path("output/local/a\\b.md").write_text(theirs)
    ended = run(*TIDES, "--overwrite")
    assert "written    output/local/tides.md" in ended.stdout
    assert Path("output/local/how_the_moon_pulls.md").read_text() == theirs


def test_a_note_keeps_its_name_under_a_new_title_without_the_library_too():
    run(*TIDES)
    for library in Path("output/.generator").glob("library.db*"):
        library.unlink()
    ended = run(*TIDES, "--title", "Why the sea comes back")
    assert "written    output/local/tides.md" in ended.stdout
    assert "title: Why the sea comes back" in NOTE.read_text()


def test_a_link_by_a_name_that_another_channels_note_has_now_names_its_channel():
    run(*TIDES, "--channel-name", "one")
    assert "[[tides | Tides]]" in Path("output/one/one.md").read_text()
    run(*TIDES, "--channel-name", "two")
    assert "[[two/tides | Tides]]" in Path("output/two/two.md").read_text()
    assert "[[one/tides | Tides]]" in Path("output/one/one.md").read_text()


def test_a_transcript_takes_the_place_of_one_of_the_same_video_that_failed(monkeypatch):
    as_ever = writing.write_notes

    async def write(fetched, *others, **options):
        if fetched.transcript.language == "de":
            raise NothingToWrite(fetched.video.id, "no words")
        return await as_ever(fetched, *others, **options)

    monkeypatch.setattr(writing, "write_notes", write)
    Path("Tides [tWiceDaily8].de.vtt").write_text(TALK)
    ended = run("--transcript", "Tides [tWiceDaily8].de.vtt", *TIDES, "--json")
    states = [video["state"] for video in json.loads(ended.stdout)["videos"]]
    assert (ended.exit_code, states) == (1, ["failed", "written"])


PROGRAM = "from generator.cli import main; main()"
# As users have it: what cannot be printed is still in a buffer when Python ends.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
HERE = {"PYTHONPATH": str(Path(generator.__file__).parents[1])}


def generate(*arguments: str, **streams: object) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        text=True, check=False, env={**BUFFERED, **HERE},
        **{"stderr": subprocess.PIPE, **streams},
    )  # fmt: skip


full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@full_disk
@pytest.mark.parametrize("arguments", [TIDES, [*TIDES, "--json"], ["--version"], ["--help"]])
def test_output_that_cannot_be_printed_is_told(arguments):
    with Path("/dev/full").open("w") as full:
        ended = generate(*arguments, stdout=full)
    assert ended.returncode == 1
    assert "the output cannot be printed: No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert NOTE.exists() == (arguments[0] == "--transcript")


@full_disk
@pytest.mark.parametrize("arguments", [["--transcript", "none.vtt"], ["--engine", "magic"]])
def test_failures_that_cannot_be_told_still_set_the_exit_code(arguments):
    with Path("/dev/full").open("w") as full:
        ended = generate(*arguments, stdout=subprocess.PIPE, stderr=full)
        both = generate(*arguments, "--json", stdout=full, stderr=full)
    assert ended.returncode == (1 if arguments[0] == "--transcript" else 2)
    assert "Traceback" not in ended.stdout
    assert both.returncode > 0


@full_disk
def test_work_is_done_where_its_progress_cannot_be_shown():
    with Path("/dev/full").open("w") as full:
        ended = generate(*TIDES, stdout=subprocess.PIPE, stderr=full)
    assert ended.returncode == 0
    assert "1 written" in ended.stdout


def test_failures_that_share_a_cause_are_told_once_and_each_is_named():
    ended = run("--transcript", "none.vtt", "--transcript", "nothing.vtt", *TIDES)
    assert ended.exit_code == 1
    assert "failed: 2 times subtitle-file" in ended.stderr
    assert "  none.vtt: The transcript file none.vtt cannot be read" in ended.stderr
    assert "  nothing.vtt: " in ended.stderr
    assert ended.stderr.count("Give a WebVTT (.vtt), SubRip (.srt) or JSON (.json) file") == 1
    (line,) = [line for line in ended.stdout.splitlines() if line.startswith("videos")]
    assert line.split("  ")[-1] == "1 written, 2 failed"


def test_a_page_that_cannot_be_written_is_an_error_of_the_run_and_of_no_video():
    Path("mine").mkdir()
    Path("mine/channel.md.j2").write_text("{{ nothing.of.it }}")
    ended = run(*TIDES, "--templates", "mine", "--json")
    told = json.loads(ended.stdout)
    assert (ended.exit_code, told["videos"][0]["state"]) == (1, "written")
    assert [error["cause"] for error in told["errors"]] == ["template"]
    assert "failed: The template" in run(*TIDES, "--templates", "mine").stderr


@pytest.mark.skipif(os.name != "posix", reason="needs terminals of POSIX")
def test_on_a_terminal_the_summary_is_ruled_and_hostile_names_do_nothing():
    import pty

    Path("none \x1b[2J[b].vtt").touch()
    ours, theirs = pty.openpty()
    arguments = [*TIDES, "--transcript", "none \x1b[2J[b].vtt"]
    environment = {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100"}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **HERE, **environment},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # at its end, on Linux
        while block := os.read(ours, 65536):
            shown += block
    os.close(ours)
    assert process.wait() == 1
    assert b"\x1b[2J" not in shown
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert re.search(r"videos +2 +1 written, 1 failed", text)
    assert re.search(r"failed +why +what to do", text)
    assert "none  [2J[b].vtt" in text


def test_the_readme_lists_the_options_that_there_are():
    readme = (Path(generator.__file__).parents[1] / "README.md").read_text("utf-8")
    table = [line.split("|")[1] for line in readme.splitlines() if line.startswith("| `-")]
    listed = {name for cell in table for name in re.findall(r"--[a-z-]+(?: [A-Z]+)?", cell)}
    shown = run("--help", env={"COLUMNS": "200"}).stdout
    there = re.findall(r"^ +(?:-\w, )?(--[a-z-]+(?: [A-Z]+)?)", shown, re.MULTILINE)
    assert listed == set(there)


def test_what_is_no_option_is_told():
    ended = run("rP2kEF3Mj-o")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "--video ID" in ended.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs permissions of POSIX")
def test_a_transcript_that_cannot_be_read_stops_no_other(monkeypatch):
    Path("mine.vtt").write_text(TALK)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # root may read anything
    ended = run("--transcript", "mine.vtt", "--json")
    assert len(json.loads(ended.stdout)["videos"]) == 1


def test_help_imports_nothing_heavy():
    program = (
        "import sys\nsys.argv = ['generate', '--help']\nfrom generator.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pydantic', 'numpy', 'requests', 'yt_dlp', 'jinja2', 'sqlite3', 'yaml', 'rich'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(Path(generator.__file__).parents[1])},
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] == "HEAVY []"


def test_notes_of_one_channel_link_to_each_other_whatever_their_order():
    Path("Bristol [BristolBri8].en.vtt").write_text(
        "WEBVTT\n\n00:00:02.000 --> 00:00:06.000\nIn Bristol the tides are the highest of all.\n\n"
        "00:00:06.000 --> 00:00:10.000\nShips wait for the water in the old harbour there.\n"
    )
    bristol = ("--transcript", "Bristol [BristolBri8].en.vtt")
    run(*bristol, "--output", "one")
    assert "[[tides |" not in Path("one/local/bristol.md").read_text()
    run(*TIDES, "--output", "one")
    run(*TIDES, *bristol, "--output", "two")
    for vault in ("one", "two"):
        assert "the [[tides | tides]] are" in Path(vault, "local/bristol.md").read_text()
        assert "In [[bristol | Bristol]] the" in Path(vault, "local/tides.md").read_text()


def test_two_titles_with_one_name_are_told_apart_and_keep_their_names():
    other = ("--transcript", "Tides! [tWiceDailyZ].en.vtt")
    Path(other[1]).write_text(TALK.replace("moon", "Moon"))
    run(*TIDES)
    run(*other)
    assert "tWiceDailyZ" in Path("output/local/tides_2.md").read_text()
    assert "tWiceDaily8" in NOTE.read_text()
    run(*other, *TIDES, "--refetch")
    assert "tWiceDaily8" in NOTE.read_text()


def test_the_second_transcript_of_a_video_in_one_run_is_skipped_and_said():
    Path("Tides [tWiceDaily8].de.vtt").write_text(TALK)
    ended = run(*TIDES, "--transcript", "Tides [tWiceDaily8].de.vtt", "--verbose")
    assert ended.exit_code == 0
    assert "another transcript of tWiceDaily8" in ended.stderr
    told = run(*TIDES, "--transcript", "Tides [tWiceDaily8].de.vtt", "--json")
    (video,) = json.loads(told.stdout)["videos"]
    assert video["notices"] == [
        "Tides [tWiceDaily8].de.vtt is skipped, another transcript of tWiceDaily8 was taken"
    ]
