"""Every error says what to do next, and what it names cannot reach a terminal as it is."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path

import pytest

from generator import errors
from generator.errors import GenerateError, UsageError, shorten

BAD = "a\x1b[31m\r\nb\u202e\udcff"
FILE = Path(BAD)

ERRORS: list[GenerateError] = [
    UsageError(BAD, BAD),
    errors.ProxyInvalid(BAD),
    errors.WebshareIncomplete(),
    errors.CookiesUnreadable(BAD, BAD),
    errors.UnknownCode(BAD, (BAD,)),
    errors.NoSuchFolder(BAD, FILE),
    errors.InvalidVideoId(BAD),
    errors.VideoUnavailable(BAD),
    errors.VideoUnavailable(BAD, BAD),
    errors.VideoPrivate(BAD),
    errors.VideoAgeRestricted(BAD),
    errors.VideoMembersOnly(BAD),
    errors.VideoNotYetRecorded(BAD, upcoming=True),
    errors.VideoNotYetRecorded(BAD, upcoming=False),
    errors.CaptionsDisabled(BAD),
    errors.NoTranscriptInLanguages(BAD, BAD, (BAD,)),
    errors.BlockedByYouTube(BAD),
    errors.YouTubeNotAsked(),
    errors.Offline(BAD),
    errors.NetworkDown(BAD, BAD),
    errors.ReplyNotUnderstood(BAD, BAD),
    errors.NotInCassette(FILE, BAD),
    errors.CassetteUnreadable(FILE, BAD),
    errors.CassetteUnwritable(FILE, BAD),
    errors.InvalidChannel(BAD),
    errors.InvalidPlaylist(BAD),
    errors.PlaylistIsMix(BAD),
    errors.NoSuchList(BAD),
    errors.NoSuchList(BAD, BAD),
    errors.ListPrivate(BAD),
    errors.ListEmpty(BAD, BAD),
    errors.ListNotUnderstood(BAD, BAD),
    errors.ListBlocked(BAD),
    errors.ListBrokeOff(BAD, 30, errors.BlockedByYouTube(BAD)),
    errors.ListNotKept(BAD),
    errors.InvalidVideoLine(3, BAD),
    errors.VideosFileEmpty(BAD),
    errors.VideosFileUnreadable(BAD, BAD),
    errors.SelectionInvalid("--match", BAD, BAD, "a regular expression"),
    errors.SubtitleUnreadable(FILE, BAD),
    errors.SubtitleRefused(FILE, BAD, BAD),
    errors.NotInLibrary(BAD),
    errors.NotConfirmed(),
    errors.EmptyTranscript(BAD),
    errors.NothingToWrite(BAD, BAD),
    errors.MostLost(BAD, BAD, 3, 2),
    errors.PromptError(FILE, BAD),
    errors.CompletionTooLong(BAD),
    errors.ModelReplyUnusable(BAD, BAD),
    errors.ModelRefused(BAD, BAD),
    errors.RequestRefused(BAD, 400, BAD),
    errors.ServerFailing(BAD, 3, BAD),
    errors.ServerUrlInvalid(BAD),
    errors.KeyInvalid(),
    errors.KeyMissing(BAD),
    errors.KeyRefused(BAD, 401),
    errors.ServerForbids(BAD, BAD),
    errors.NoQuota(BAD),
    errors.ModelUnknown(BAD, BAD),
    errors.ServerUrlWrong(BAD, BAD, BAD),
    errors.ServerUnreachable(BAD, BAD),
    errors.RateLimited(BAD, 600.0),
    errors.BudgetSpent(1, 2),
    errors.RunStopped(),
    errors.BatchesNotOffered(BAD, BAD),
    errors.InBatch(BAD),
    errors.InBatchElsewhere(BAD, BAD),
    errors.BehindBatch(),
    errors.BatchGivenUp(3, BAD),
    errors.BatchRefused(BAD, BAD),
    errors.BatchCancelled(BAD),
    errors.NoSuchBatch(BAD, BAD),
    errors.DaskMissing(),
    errors.DaskAddressInvalid(BAD, BAD),
    errors.ClusterCannot(BAD, BAD),
    errors.ClusterUnreachable(BAD, BAD),
    errors.SchedulerLost(BAD, 120.0),
    errors.NoWorkers(BAD, 300.0),
    errors.WorkerOfOtherVersion(BAD, BAD, BAD),
    errors.WorkerWithoutKey(BAD, BAD),
    errors.WorkerUnusable(BAD, BAD),
    errors.WorkersLost(BAD, 3),
    errors.SiteFolderRefused(FILE, BAD),
    errors.SiteUnwritable(FILE, BAD),
    errors.SiteInUse(FILE),
    errors.SiteStateUnusable(FILE, BAD),
    errors.BaseUrlInvalid(BAD, "it has no host"),
    errors.PortUnusable(80, BAD),
    errors.VaultUnwritable(FILE, BAD),
    errors.VaultInUse(FILE, BAD, BAD),
    errors.OutsideVault(FILE, FILE),
    errors.NoLibraryYet(FILE),
    errors.NothingToRegenerate(FILE),
    errors.LibraryUnusable(FILE, BAD),
    errors.LibraryCorrupt(FILE, BAD),
    errors.LibraryTooNew(FILE, 2, 1),
    errors.TemplateError(BAD, BAD),
    errors.UnexpectedError(ValueError(BAD)),
    errors.SearchProgramMissing(),
    errors.SearchIndexFailed(BAD),
]
KINDS = {
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, GenerateError)
}
FAMILIES = {kind for kind in KINDS if any(kind in other.__bases__ for other in KINDS)}


def test_all_are_here() -> None:
    assert {type(error) for error in ERRORS} >= KINDS - FAMILIES


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_is_told_is_one_printable_line_with_a_remedy(error: GenerateError) -> None:
    assert error.message.isprintable()
    assert str(error) == error.happened
    assert error.remedy
    assert error.message == f"{error.happened} {error.remedy}".strip()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_in_another_process(error: GenerateError) -> None:
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is type(error)
    assert (there.happened, there.remedy, str(there)) == (error.happened, error.remedy, str(error))
    assert vars(there) == vars(error)


def test_a_reason_that_youtube_gives_is_told_instead_of_guesses() -> None:
    told = errors.VideoUnavailable("aaaaaaaaaa1", "This video requires payment to watch.")
    assert str(told) == (
        "Video aaaaaaaaaa1 is not available: YouTube says “This video requires payment to watch”."
    )
    assert str(errors.VideoUnavailable("aaaaaaaaaa1")) == (
        "Video aaaaaaaaaa1 is not available: it was removed, never existed, or is not shown in this"
        " country."
    )


def test_shorten() -> None:
    assert shorten("two\n lines\x07.") == "two lines"
    assert shorten("x" * 300) == "x" * 199 + "…"
    assert shorten("a b", 3) == "a b"
