"""The steps of one video: its transcript is fetched, its notes are written, then published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.batch.due import PassedOver
from generator.batch.outcomes import published_report
from generator.batch.regenerating import find_held
from generator.batch.work import Place, Work
from generator.errors import InBatch
from generator.models import Fetched, Stage, Track, Video, VideoState
from generator.sources import KeptSource
from generator.vault.standing import DELETED, EDITED_AND_GONE

if TYPE_CHECKING:
    from generator.batch.parts import Parts
    from generator.publishing.publisher import Published
    from generator.settings import Settings
    from generator.telling.progress import Progress
    from generator.writing import WrittenNote

Waiting = Callable[[Awaitable[None]], Awaitable[None]]


class Steps:
    """What is done with each video of a run, one after the other. All steps raise GenerateErrors.

    Between fetching and writing a transcript is in the library, so that what is held in memory does
    not grow with the number of videos.
    """

    def __init__(self, settings: Settings, parts: Parts, progress: Progress) -> None:
        self._settings = settings
        self._opened = parts.opened
        self._library = parts.library
        self._fetching = parts.fetching
        self._making = parts.making
        self._publisher = parts.publisher
        self._crew = parts.crew
        self._progress = progress
        self._seen: dict[tuple[str, str], Work] = {}

    async def fetch(self, work: Work, unless_ended: Waiting) -> None:
        """Has the transcript in the library; the wait for its turn is made with `unless_ended`."""
        if isinstance(work.source, KeptSource):
            self._find(work, work.source)
            return
        self._progress.step(f"{work.name}: fetching")
        fetched = await self._fetching.fetch(
            work.source, shown=work.shown, unless_ended=unless_ended
        )
        for notice in fetched.notices:
            self._notice(work, notice)
        video, transcript = fetched.video, fetched.transcript
        work.place = Place(video.channel, video.id, transcript.language, transcript.generated)
        key = (video.channel, video.id)
        work.first = self._seen.get(key)
        self._seen[key] = work
        if work.first:  # kept only if the other fails: until then it stands in its place
            work.loose = fetched
        else:
            self._keep(fetched)
        if work.unwanted and (reason := work.unwanted(video)):
            work.passed = PassedOver("skipped", reason)

    def _find(self, work: Work, source: KeptSource) -> None:
        """What is written anew stays in the library as it is, and is only looked up."""
        video, track, notices = find_held(source, self._settings.language, self._library)
        for notice in notices:
            self._notice(work, notice)
        work.place = Place(video.channel, video.id, track.language, track.generated)

    def _keep(self, fetched: Fetched) -> None:
        self._library.save_fetched(fetched)
        self._library.states.save(VideoState(fetched.video.id, Stage.FETCHED))

    async def write(self, work: Work) -> list[WrittenNote] | None:
        """The notes, not yet named.

        None where the library has them as they would be, and where another source's transcript was
        taken.
        """
        if work.first and work.loose:
            await work.first.attempted.wait()
            if work.first.awaits:  # what becomes of it is not known in this round
                raise InBatch("outline")
            if not work.first.error:
                self._leave_out(work, work.first)
                return None
            self._keep(work.loose)
        work.loose = None
        work.is_kept = self._making.is_kept(*self._at(work))
        if work.is_kept:
            return None  # read when its turn comes: nobody is asked for it
        return await self._written(work)

    async def _written(self, work: Work) -> list[WrittenNote]:
        from generator.writing import write_notes

        fetched = self._held(work)
        how = "generated" if fetched.transcript.generated else "hand-made"
        self._progress.step(
            f"{work.name}: writing notes from its {how} captions"
            f" ({fetched.transcript.language}) with the {self._opened.engine.name} engine"
        )

        def tell(text: str) -> None:
            self._progress.detail(f"{work.name}: {text}")

        if self._crew:
            return await self._crew.write(fetched, tell)
        return await write_notes(
            fetched,
            self._opened.engine,
            language=self._opened.language,
            verify=self._settings.verify,
            tell=tell,
        )

    async def publish(self, work: Work) -> Callable[[], None] | None:
        """Names the notes of a video, keeps them, and writes them into the vault.

        Notes that are not at hand any more are made again. Where others can be published while the
        disk is at work on these, what it returns ends it, and raises the same.
        """
        at = self._at(work)
        kept_notes = self._making.kept(at[0]) if work.is_kept else None
        notes = kept_notes.notes if kept_notes else work.notes or await self._written(work)
        video = notes[0].note.video
        self._progress.step(f"{work.name}: publishing")
        engine, plain = self._opened.engine.name, [each.note for each in notes]
        # What its owner deleted comes back where he asks for the video itself.
        bring_back = not (work.listed or isinstance(work.source, KeptSource))
        if kept_notes is None:
            published = self._publisher.publish(video, engine, plain, bring_back=bring_back)
            self._making.keep(*at, notes)
            self._published(work, notes, *published)
            return None
        made = kept_notes.made
        renewal = self._publisher.renew(video, engine, plain, bring_back=bring_back)

        def finish() -> None:
            renewed = renewal.finish()
            self._making.keep_rendered(video, made)
            self._published(work, notes, *renewed)

        return finish

    def _published(
        self,
        work: Work,
        notes: Sequence[WrittenNote],
        published: Sequence[Published],
        left: Sequence[Published],
    ) -> None:
        """Tells and keeps what became of a video's notes."""
        video = notes[0].note.video
        for each in [*published, *left]:
            if each.state == "kept":
                self._notice(work, kept(each))
        # Only now: who is killed before has the notes written again, from the replies that he has.
        again = isinstance(work.source, KeptSource) and work.known
        if not again or again.stage is not Stage.WRITTEN:
            self._library.states.save(VideoState(video.id, Stage.WRITTEN))
        work.report = published_report(work, video, notes, published, self._opened.usage)

    def foresee(self, work: Work, more: int) -> None:
        """Says that this is published soon, and so many after it."""
        if work.is_kept and work.place and not work.passed:
            self._publisher.foresee(work.place.channel, work.place.video_id, more)

    def end(self) -> None:
        """Ends what `publish` began, if nobody did."""
        self._publisher.end_renewals()

    def has_notes(self, work: Work) -> bool:
        """Whether the library's notes of a video are those that it would get."""
        return self._making.is_kept(*self._at(work))

    def _at(self, work: Work) -> tuple[Video, Track]:
        """The video as the library has it, and which of its transcripts is taken."""
        place = work.place
        assert place is not None  # noqa: S101 - it was fetched
        video = self._library.video(place.video_id, place.channel)
        assert video is not None  # noqa: S101 - it was kept
        return video, Track(place.language, "", place.generated)

    def _held(self, work: Work) -> Fetched:
        """The video and the transcript as the library has them."""
        video, track = self._at(work)
        transcript = self._library.transcript(video, track.language, track.generated)
        assert transcript is not None  # noqa: S101 - with the video
        return Fetched(video, transcript)

    def _leave_out(self, work: Work, first: Work) -> None:
        """Another source's transcript of the same video was taken."""
        place = first.place
        self._notice(work, f"skipped, another transcript of {place and place.video_id} was taken")
        work.twin = True
        first.notices.append(f"{work.name} is {work.notices[-1]}")
        if first.report:
            first.report = replace(first.report, notices=tuple(first.notices))

    def _notice(self, work: Work, text: str) -> None:
        work.notices.append(text)
        self._progress.notice(f"{work.name}: {text}")


def kept(published: Published) -> str:
    """That a file of the vault is its owner's, and how to change that."""
    if published.reason == DELETED:
        return f"{published.path} stays away: {published.reason}; --overwrite brings it back"
    done = "takes it away" if published.reason == EDITED_AND_GONE else "replaces it"
    return f"{published.path} is left as it is: {published.reason}; --overwrite {done}"
