"""One class per cause that a user can meet: what happened, why, and what to do next.

An error's text is one to three sentences. `cause` is a stable word for programs (`--json`),
`passing` says whether the same command may succeed later without any change.
"""

from __future__ import annotations

from pathlib import Path

from generator.text import printable


class GenerateError(Exception):
    """What a user can meet. `str(error)` is what happened and why; `remedy` what to do next.

    Both are made printable here, for they name files and ids that anybody may have named.
    """

    cause = "error"
    passing = False

    def __init__(self, happened: str, remedy: str = "") -> None:
        self.happened = printable(happened)
        self.remedy = printable(remedy)
        super().__init__(self.happened)

    @property
    def message(self) -> str:
        """The whole text for a user, in one line."""
        return f"{self.happened} {self.remedy}".strip()


class UnexpectedError(GenerateError):
    """The program met something that it has no sentence for."""

    cause = "unexpected"

    def __init__(self, error: BaseException) -> None:
        super().__init__(
            f"The program failed in a way that nobody foresaw ({type(error).__name__}).",
            "Run again with --verbose to see where, and please report it.",
        )


class UsageError(GenerateError):
    """The command line or a settings file asks for something that cannot be; exit code 2."""

    cause = "usage"


class ProxyInvalid(UsageError):
    """The proxy that the user named is no address of one. The address itself is not repeated."""

    cause = "proxy"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The proxy cannot be used: {reason}.",
            "Give it as --proxy http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT.",
        )


class WebshareIncomplete(UsageError):
    """One of Webshare's two credentials is missing."""

    cause = "proxy"

    def __init__(self) -> None:
        super().__init__(
            "Webshare's proxies need both a user name and a password, and one of them is not set.",
            "Set webshare_username and webshare_password (as GENERATE_… variables or in"
            " generate.toml), or neither.",
        )


class CookiesUnreadable(UsageError):
    """The cookies that the user named cannot be had."""

    cause = "cookies"

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            f"The cookies of {shorten(where)} cannot be read: {reason}.",
            "Give a file in Netscape format with --cookies FILE, or the name of a browser on this"
            " machine (firefox, chrome, …) with --cookies-from-browser NAME.",
        )


# Videos and their transcripts


class FetchError(GenerateError):
    """A video whose transcript could not be had."""

    cause = "fetch"


class InvalidVideoId(FetchError):
    """What was given is neither a video's id nor a YouTube URL of one."""

    cause = "invalid-id"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"“{shorten(given)}” is neither a YouTube video id (11 letters, digits, - or _) nor a"
            " URL of one video.",
            "Copy the address of the video from the browser, and put it in quotes.",
        )


class VideoUnavailable(FetchError):
    """No such video, or it was removed."""

    cause = "unavailable"

    def __init__(self, video_id: str, reason: str = "") -> None:
        why = "it was removed, never existed, or is not shown in this country"
        super().__init__(
            f"Video {video_id} is not available: "
            + (f"YouTube says “{shorten(reason)}”." if reason else f"{why}."),
            f"Check https://www.youtube.com/watch?v={video_id} in a browser; if it plays there, try"
            " --proxy with an address in a country where it plays, or give your account's cookies"
            " with --cookies-from-browser or --cookies.",
        )


class VideoPrivate(FetchError):
    """The owner shares the video with named people only."""

    cause = "private"

    def __init__(self, video_id: str) -> None:
        super().__init__(
            f"Video {video_id} is private: its owner shares it with named accounts only.",
            "If yours is one of them, give its cookies with --cookies-from-browser or --cookies.",
        )


class VideoAgeRestricted(FetchError):
    """YouTube shows the video to signed-in adults only."""

    cause = "age-restricted"

    def __init__(self, video_id: str) -> None:
        super().__init__(
            f"Video {video_id} is age-restricted: YouTube shows it only to signed-in adults.",
            "Give the cookies of such an account with --cookies-from-browser or --cookies.",
        )


class VideoMembersOnly(FetchError):
    """The video is for the channel's paying members."""

    cause = "members-only"

    def __init__(self, video_id: str) -> None:
        super().__init__(
            f"Video {video_id} is for the channel's members only.",
            "If you are one, give your account's cookies with --cookies-from-browser or --cookies.",
        )


class VideoNotYetRecorded(FetchError):
    """The video is live or announced: there is no complete transcript yet."""

    cause = "live-or-upcoming"
    passing = True

    def __init__(self, video_id: str, *, upcoming: bool) -> None:
        state = "has not started yet" if upcoming else "is live right now"
        super().__init__(
            f"Video {video_id} {state}, so its transcript is not complete.",
            "Run the same command again some hours after the stream has ended.",
        )


class CaptionsDisabled(FetchError):
    """The video has no captions of any kind."""

    cause = "captions-disabled"

    def __init__(self, video_id: str) -> None:
        super().__init__(
            f"Video {video_id} has no captions: its owner switched them off, or YouTube has made"
            " none.",
            "If you have a subtitle file of it, use --transcript FILE --video-id " + video_id + ".",
        )


class NoTranscriptInLanguages(FetchError):
    """The transcript that fits best has no words, and there are others in other languages."""

    cause = "no-transcript"

    def __init__(self, video_id: str, tried: str, there: tuple[str, ...]) -> None:
        super().__init__(
            f"Video {video_id} has no words in its transcript in {tried}; others are in"
            f" {', '.join(there)}.",
            "Choose one of these with --language.",
        )


class BlockedByYouTube(FetchError):
    """YouTube refuses this address for now."""

    cause = "blocked"
    passing = True

    def __init__(self, video_id: str) -> None:
        super().__init__(
            f"YouTube refused to give video {video_id} to this address: it blocks addresses that"
            " ask much, and most of cloud providers.",
            "Wait some hours, or send requests through another address with --proxy URL (home"
            " connections work best; Webshare credentials can be set), or give an account's cookies"
            " with --cookies-from-browser. What was fetched is kept; a later run goes on from"
            " there.",
        )


class NetworkDown(FetchError):
    """The network or the proxy cannot be reached."""

    cause = "network"
    passing = True

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(
            f"{what} could not be reached: {shorten(reason)}.",
            "Check the network and the proxy, then run the same command again; what was fetched"
            " is kept.",
        )


class ReplyNotUnderstood(FetchError):
    """YouTube answered with something that no library here understands."""

    cause = "not-understood"

    def __init__(self, video_id: str, reason: str) -> None:
        super().__init__(
            f"YouTube's reply for video {video_id} was not understood: {shorten(reason)}.",
            "YouTube changes its replies now and then: upgrade with “pip install -U"
            " youtube-transcript-api yt-dlp” and try again.",
        )


class NotInCassette(FetchError):
    """A replayed recording has no answer to a request."""

    cause = "not-in-cassette"

    def __init__(self, cassette: Path, url: str) -> None:
        super().__init__(
            f"The cassette {cassette} holds no reply for {shorten(url)}, and while one is replayed"
            " nothing is asked of the network.",
            "Use --cassette with a new file name to record this run.",
        )


class CassetteUnreadable(UsageError):
    """A file given as cassette is none."""

    cause = "cassette"

    def __init__(self, cassette: Path, reason: str) -> None:
        super().__init__(
            f"The cassette {cassette} cannot be read: {shorten(reason)}.",
            "Delete it to record it anew, or give another file.",
        )


class CassetteUnwritable(UsageError):
    """A cassette that cannot be recorded to the file named."""

    cause = "cassette"

    def __init__(self, cassette: Path, reason: str) -> None:
        super().__init__(
            f"The cassette {cassette} cannot be written: {shorten(reason)}.",
            "Free space or give write permission, or give another file.",
        )


# Local files


class SubtitleError(FetchError):
    """A local subtitle file that gives no transcript."""

    cause = "subtitle-file"


class SubtitleUnreadable(SubtitleError):
    """The file is missing, is not text, or is in none of the known formats."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The transcript file {path} cannot be read: {shorten(reason)}.",
            "Give a WebVTT (.vtt), SubRip (.srt) or JSON (.json) file with cues.",
        )


class SubtitleRefused(SubtitleError):
    """The file's cues cannot be right: `which` cue, and why."""

    def __init__(self, path: Path, which: str, reason: str) -> None:
        super().__init__(
            f"The transcript file {path} is refused: {which} {reason}.",
            "Correct the times in the file, or export it again from its source.",
        )


class EmptyTranscript(FetchError):
    """There are cues, but no words in them."""

    cause = "empty-transcript"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The transcript of {what} has no words: it is empty, or holds only sounds such as"
            " [Music].",
            "There is nothing to write notes from; give a transcript of what is said.",
        )


# Engines


class EngineError(GenerateError):
    """An engine that could not write notes."""

    cause = "engine"


class NothingToWrite(EngineError):
    """No statement of a note could be grounded."""

    cause = "nothing-to-write"

    def __init__(self, video_id: str, reason: str) -> None:
        super().__init__(
            f"No note was written for video {video_id}: {reason}.",
            "Run with --verbose to see what was left out.",
        )


# The vault and the library


class VaultError(GenerateError):
    """The folder of Markdown cannot be read or written."""

    cause = "vault"


class VaultUnwritable(VaultError):
    """A file in the vault could not be written; what was there before is whole."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} could not be written: {shorten(reason)}. What stood there is unchanged.",
            "Free space or give write permission, or choose another folder with --output, and run"
            " the same command again.",
        )


class OutsideVault(VaultError):
    """A path in the vault leads out of it."""

    def __init__(self, path: Path, vault: Path) -> None:
        super().__init__(
            f"{path} leads outside the vault {vault} (by a link in the file system), so nothing is"
            " written there.",
            "Replace the link by a real folder, or give the folder it leads to as --output.",
        )


class LibraryError(GenerateError):
    """The library cannot be used."""

    cause = "library"


class LibraryUnusable(LibraryError):
    """The library cannot be opened or written: no permission, no space, or in use."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The library {path} cannot be opened or written: {shorten(reason)}.",
            "Free space or give write permission, or put it elsewhere with --library FILE.",
        )


class LibraryCorrupt(LibraryError):
    """The file is not a library, or is damaged."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The library {path} is damaged or is not a library: {shorten(reason)}.",
            "Move it away (your notes are safe in the vault) and run again to start a new one, or"
            " restore it from a backup.",
        )


class LibraryTooNew(LibraryError):
    """A later version of the program wrote the library."""

    def __init__(self, path: Path, theirs: int, ours: int) -> None:
        super().__init__(
            f"The library {path} was written by a later version of this program (format {theirs};"
            f" this one knows up to {ours}).",
            "Upgrade with “pip install -U youtube-wiki-notes”, or use another --library.",
        )


class TemplateError(GenerateError):
    """A template that cannot be filled."""

    cause = "template"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"The template {name} cannot be used: {shorten(reason)}.",
            "Correct it, or take the options away that name it.",
        )


def shorten(text: str, limit: int = 200) -> str:
    """Other people's words made fit for one line of a message: printable, at most `limit` long."""
    line = " ".join(printable(text[: 4 * limit]).split()).rstrip(". ")
    return line if len(line) <= limit else line[: limit - 1] + "…"
