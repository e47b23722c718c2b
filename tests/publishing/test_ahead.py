"""Notes that a second process drafts: the same as here, or not taken at all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.errors import TemplateError
from generator.models import Video
from generator.publishing import ahead
from generator.publishing.ahead import Ahead
from generator.publishing.drafting import Drafting, Whereabouts
from generator.publishing.publisher import Publisher
from generator.settings import Settings
from tests.publishing.test_publisher import LENS, MENTION, Run, a_note, a_video, files_in

VIDEOS = [a_video(number) for number in range(1, 7)]


def until(holds: Callable[[], object]) -> None:
    """Waits for the other process, for as long as the slowest machine needs."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A vault of six videos with two notes each, linked."""
    run = Run(tmp_path / "vault")
    for video in VIDEOS:
        tide = a_note(video, f"Tide {video.id}", f"See tide {VIDEOS[0].id}. {MENTION}")
        run.publish(tide, a_note(video, f"Lens {video.id}", LENS))
    run.settle()
    yield run
    run.publisher.end_renewals()
    run.library.close()


def foreseen(run: Run, monkeypatch: pytest.MonkeyPatch, **settings: object) -> Publisher:
    """A run that renewed the first video, and has drafts of all others."""
    monkeypatch.setattr(ahead, "WORTH", 1)
    publisher = run.begin(**settings)
    renewed(run, VIDEOS[0])
    channel = VIDEOS[0].channel
    publisher.foresee(channel, VIDEOS[1].id, 5)
    until(lambda: publisher._ahead._is_ready)
    for video in VIDEOS[1:]:
        publisher.foresee(channel, video.id, 5)
    until(lambda: len(publisher._ahead._drafted) == len(VIDEOS) - 1)
    return publisher


def renewed(run: Run, video: Video) -> list[str]:
    renewal = run.publisher.renew(video, "openai", run.library.notes(video=video))
    return [each.state for each in renewal.finish()[0]]


def test_what_was_foreseen_is_what_would_be_written_without(run: Run, tmp_path: Path, monkeypatch):
    shutil.copytree(run.root, tmp_path / "other")
    other = Run(tmp_path / "other")
    other.begin(timestamp_links=True)
    for video in VIDEOS:
        renewed(other, video)
    assert other.publisher.settle().errors == ()
    other.library.close()

    publisher = foreseen(run, monkeypatch, timestamp_links=True)
    with monkeypatch.context() as patch:
        patch.setattr(Drafting, "draft_as_filed", None)
        for video in VIDEOS[1:]:
            assert renewed(run, video) == ["written", "written"]
    assert publisher.settle().errors == ()
    assert run.files() == files_in(tmp_path / "other")
    assert "youtu.be" in run.text("kettle/tide_video00006.md")


def test_a_file_that_its_owner_edited_meanwhile_is_drafted_anew(run: Run, monkeypatch):
    foreseen(run, monkeypatch, timestamp_links=True)
    video = VIDEOS[1]
    (file,) = run.root.glob(f"*/lens_*{video.id[-1]}.md")
    edited = file.read_bytes() + b"\nMy own words.\n"
    file.write_bytes(edited)
    assert renewed(run, video) == ["written", "kept"]
    assert file.read_bytes() == edited


def test_what_changed_in_the_library_meanwhile_is_drafted_anew(run: Run, monkeypatch):
    foreseen(run, monkeypatch, timestamp_links=True)
    video = VIDEOS[1]
    (slug,) = (note.slug for note in run.library.notes(video=video) if "Lens" in note.title)
    run.library.filings.record_written(video.channel, slug, "0" * 64, ("title",))
    drafted, draft = [], Drafting.draft_as_filed
    monkeypatch.setattr(
        Drafting, "draft_as_filed", lambda *of, **more: (drafted.append(of), draft(*of, **more))[1]
    )
    assert renewed(run, video) == ["written", "written"]
    assert len(drafted) == 2


def test_where_the_other_process_dies_all_is_done_here(run: Run, monkeypatch):
    publisher = foreseen(run, monkeypatch, timestamp_links=True)
    publisher._ahead._drafted.clear()
    publisher._ahead._process.kill()
    until(lambda: publisher._ahead._is_over)
    for video in VIDEOS[1:]:
        publisher.foresee(video.channel, video.id, 5)
        assert renewed(run, video) == ["written", "written"]
    assert publisher.settle().errors == ()


def test_a_template_that_cannot_be_filled_is_told_here(run: Run, tmp_path: Path, monkeypatch):
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "note.md.j2").write_text("{{ nothing_of_this_name }}")
    monkeypatch.setattr(ahead, "WORTH", 1)
    other = Ahead(Settings(output=run.root, templates=templates), run.library.path)
    other.begin(1)
    until(lambda: other._is_ready)
    video = VIDEOS[0]
    at = {
        note.slug: Whereabouts(f"{video.channel}/{note.slug}.md", ())
        for note in run.library.notes(video=video)
    }
    other.ask((video.channel, video.id), at)
    until(lambda: other._drafted)
    assert other._drafted == {(video.channel, video.id): None}
    other.end()
    run.begin(templates=templates)
    with pytest.raises(TemplateError, match="nothing_of_this_name"):
        renewed(run, video)


def test_for_few_videos_no_process_is_started(run: Run):
    publisher = run.begin()
    renewed(run, VIDEOS[0])
    publisher.foresee(VIDEOS[1].channel, VIDEOS[1].id, ahead.WORTH - 1)
    assert publisher._ahead._process is None
    publisher.foresee(VIDEOS[1].channel, VIDEOS[1].id, ahead.WORTH)
    assert publisher._ahead._process is not None


def test_it_ends_with_the_other_process_and_is_told_no_key(run: Run, monkeypatch):
    publisher = foreseen(run, monkeypatch, api_key="sk-secret", engine="openai")
    assert "sk-secret" not in repr(publisher._ahead._begin_with)
    process = publisher._ahead._process
    process.stdin.close()  # as when the other one is killed
    assert process.wait(timeout=60) == 0
    again = foreseen(run, monkeypatch)._ahead
    process = again._process
    again.end()
    assert process.poll() is not None
