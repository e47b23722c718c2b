"""One class per cause that a user can meet: what happened, why, and what to do next.

An error's text is one to three sentences. `cause` is a stable word for programs (`--json`),
`passing` says whether the same command may succeed later without any change; `fatal` that it would
be the same for everything else of the run, which therefore ends.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.text import printable


class GenerateError(Exception):
    """What a user can meet. `str(error)` is what happened and why; `remedy` what to do next.

    Both are made printable here, for they name files and ids that anybody may have named.
    """

    cause = "error"
    passing = False
    fatal = False

    def __init__(self, happened: str, remedy: str = "") -> None:
        self.happened = printable(happened)
        self.remedy = printable(remedy)
        super().__init__(self.happened)

    @property
    def message(self) -> str:
        """The whole text for a user, in one line."""
        return f"{self.happened} {self.remedy}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        # The constructors take causes, and not the sentences that they make of them.
        return _as_it_was, (type(self), self.happened, self.__dict__)


def _as_it_was(kind: type[GenerateError], happened: str, state: dict[str, Any]) -> GenerateError:
    error = kind.__new__(kind, happened)
    error.__dict__.update(state)
    return error


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


class UnknownCode(UsageError):
    """No rule of the checker has a code that begins so."""

    cause = "code"

    def __init__(self, given: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"No rule has the code “{shorten(given, 40)}”, nor a code that begins with it.",
            f"The codes are {', '.join(known)}; docs/checks.md explains them.",
        )


class NoSuchFolder(UsageError):
    """A folder that the checker is to read is not there, or is none."""

    cause = "folder"

    def __init__(self, what: str, path: Path) -> None:
        super().__init__(
            f"The {what} {path} is not a folder that can be read.",
            "Check its name and that you may read it.",
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

    def __init__(self, video_id: str, what: str = "") -> None:
        super().__init__(
            f"YouTube refused to give {what or f'video {video_id}'} to this address: it blocks"
            " addresses that ask much, and most of cloud providers.",
            "Wait some hours, or send requests through another address with --proxy URL (home"
            " connections work best; Webshare credentials can be set), or give an account's cookies"
            " with --cookies-from-browser. What was fetched is kept; a later run goes on from"
            " there.",
        )


class YouTubeNotAsked(BlockedByYouTube):
    """YouTube refused this address again and again, so that it is left alone for this run."""

    def __init__(self) -> None:
        FetchError.__init__(
            self,
            "YouTube refused this address three times in a row, so it is not asked any more.",
            "Wait some hours and run the same command again: it goes on from here, and what was"
            " fetched is kept. Or send requests through another address with --proxy URL, or give"
            " an account's cookies with --cookies-from-browser.",
        )


class Offline(FetchError):
    """Nobody on the network is to be asked, and something is needed from there."""

    cause = "offline"
    passing = True

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(
            f"{what}, and with --offline nobody on the network is asked.",
            remedy or "Run the same command once without --offline.",
        )


class NetworkDown(FetchError):
    """The network or the proxy cannot be reached."""

    cause = "network"
    passing = True

    def __init__(self, what: str, reason: str, *, unreached: bool = False) -> None:
        """`unreached` says that nothing was heard at all: it is the same for whatever is asked."""
        self.unreached = unreached
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


# Lists of videos


class ListError(GenerateError):
    """A channel or a playlist whose videos could not be had."""

    cause = "list"


class InvalidChannel(ListError):
    """What was given names no channel."""

    cause = "invalid-channel"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"“{shorten(given, 100)}” is neither a channel's @handle, its id (UC and 22 characters)"
            " nor the address of its page.",
            "Copy the address of the channel's page from the browser, and put it in quotes; a"
            " playlist is given with --playlist, a single video with --video.",
        )


class InvalidPlaylist(ListError):
    """What was given names no playlist."""

    cause = "invalid-playlist"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"“{shorten(given, 100)}” is neither a playlist's id (PL…, UU…, OLAK…) nor an address"
            " with one in it (list=…).",
            "Copy the address of the playlist's page from the browser, and put it in quotes; a"
            " channel is given with --channel, a single video with --video.",
        )


class PlaylistIsMix(ListError):
    """A mix: YouTube makes it up anew for everyone who asks, without end."""

    cause = "invalid-playlist"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"“{shorten(given, 100)}” is a mix, which YouTube makes up anew for everyone who asks,"
            " without an end.",
            "Save its videos to a playlist of your own and give that, or give them with --videos"
            " FILE.",
        )


class NoSuchList(ListError):
    """There is no such channel or playlist, or not any more."""

    cause = "no-such-list"

    def __init__(self, name: str, reason: str = "") -> None:
        why = f"YouTube says “{shorten(reason)}”" if reason else "it was removed or never existed"
        super().__init__(
            f"There is no {shorten(name, 120)} on YouTube: {why}.",
            "Check its address in a browser. A private playlist looks the same to others: if it is"
            " yours, give your account's cookies with --cookies-from-browser or --cookies.",
        )


class ListPrivate(ListError):
    """The playlist is its owner's alone."""

    cause = "private-list"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The {shorten(name, 120)} is private: YouTube shows it to its owner only.",
            "If it is yours, give your account's cookies with --cookies-from-browser or --cookies,"
            " or make it unlisted.",
        )


class ListEmpty(ListError):
    """There is such a list, and no video in it."""

    cause = "empty-list"

    def __init__(self, name: str, also: str = "") -> None:
        super().__init__(
            f"The {shorten(name, 120)} has no videos{f' but {also}' if also else ''}.",
            "Check its address in a browser; --with-shorts takes shorts too.",
        )


class ListNotUnderstood(ListError):
    """YouTube's reply holds no list that yt-dlp or this program understands."""

    cause = "not-understood"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"YouTube's reply for the {shorten(name, 120)} was not understood: {shorten(reason)}.",
            "YouTube changes its replies now and then: upgrade with “pip install -U yt-dlp” and try"
            " again.",
        )


class ListBlocked(BlockedByYouTube):
    """YouTube refuses this address for now, when asked for a list."""

    def __init__(self, name: str) -> None:
        super().__init__("", f"the {shorten(name, 120)}")


class ListBrokeOff(ListError):
    """The first videos of a list came, and then no more."""

    cause = "list-broke-off"
    passing = True

    def __init__(self, name: str, came: int, why: GenerateError) -> None:
        super().__init__(
            f"The {shorten(name, 120)} broke off after {came} videos: {why.happened}",
            "Run the same command again later: these videos are known now, the others follow.",
        )


class ListNotKept(ListError):
    """Nobody on the network is to be asked, and the library does not know the list."""

    cause = "offline"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The {shorten(name, 120)} was never listed for this vault, and with --offline nobody"
            " is asked for it.",
            "Run once without --offline.",
        )


class InvalidVideoLine(InvalidVideoId):
    """A line of a --videos file that names no video; `number` counts from 1."""

    def __init__(self, number: int, given: str) -> None:
        super().__init__(given)
        self.number = number
        self.remedy = "Correct the line, or put # before it; the other lines are not affected."


class VideosFileUnreadable(UsageError):
    """The file of a --videos cannot be read."""

    cause = "videos-file"

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(
            f"The list of videos {shorten(file)} cannot be read: {shorten(reason)}.",
            "Give a text file of video ids or URLs, one a line, or - for the standard input.",
        )


class VideosFileEmpty(ListError):
    """The file of a --videos names no video."""

    cause = "empty-list"

    def __init__(self, file: str) -> None:
        super().__init__(
            f"There is no video in {shorten(file)}.",
            "Give ids or URLs of videos, one a line; what follows a # does not count.",
        )


class SelectionInvalid(UsageError):
    """What a list's videos are to be like cannot be meant."""

    cause = "selection"

    def __init__(self, option: str, given: str, reason: str, form: str) -> None:
        super().__init__(
            f"{option} “{shorten(given, 80)}” cannot be used: {shorten(reason, 120)}.",
            f"Give {form}.",
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


class NotInLibrary(FetchError):
    """What is to be written anew, or forgotten, was never fetched."""

    cause = "not-in-library"

    def __init__(self, given: str) -> None:
        super().__init__(
            f"The library holds nothing of {shorten(given)}.",
            "Fetch it first, without --regenerate; “generate status” tells what there is.",
        )


class NotConfirmed(GenerateError):
    """The user was asked whether to go on, and did not say yes."""

    cause = "not-confirmed"

    def __init__(self) -> None:
        super().__init__(
            "Nothing was asked or written: the run was not confirmed.",
            "--yes goes on without asking, --confirm-above N asks from more tokens on.",
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


class MostLost(EngineError):
    """More than half of a note's statements could not be grounded."""

    cause = "most-lost"

    def __init__(self, video_id: str, title: str, lost: int, kept: int) -> None:
        super().__init__(
            f"The note “{shorten(title, 80)}” of video {video_id} is not written: for {lost} of its"
            f" {lost + kept} statements there are no such words in the transcript.",
            "Use a model that keeps to the text better (--model), or --engine extractive; --verbose"
            " lists what was left out.",
        )


class PromptError(UsageError):
    """A prompt file that cannot be used, or a value that it asks for and is not given."""

    cause = "prompt"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The prompt {shorten(str(path))} cannot be used: {shorten(reason)}.",
            "Correct it, or take the option --prompts away.",
        )


# Model servers. What a server says is shown only after `scrubbed` took keys out of it.


class CompletionTooLong(EngineError):
    """A request or its reply does not fit the model; smaller work may. Not for users to meet."""

    cause = "too-long"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The model's {what} is too long for it, and the work could not be split further.",
            "Use a model with a larger context, or set --context-tokens to what it has.",
        )


class ModelReplyUnusable(EngineError):
    """The model's replies do not have the form that was asked for, not even when told why."""

    cause = "reply-unusable"

    def __init__(self, model: str, reason: str) -> None:
        super().__init__(
            f"The replies of {shorten(model, 80)} could not be used: {shorten(reason)}.",
            "Run the same command again, or use a model that is better at structured output.",
        )


class ModelRefused(EngineError):
    """The model, or a filter before or behind it, will not do this work."""

    cause = "refused"

    def __init__(self, model: str, said: str) -> None:
        why = f" (it says: {shorten(said)})" if said else ""
        super().__init__(
            f"{shorten(model, 80)} refuses to write about this video{why}.",
            "Use another --model, or --engine extractive for this video.",
        )


class RequestRefused(EngineError):
    """The server does not take a request, and no simpler form of it either."""

    cause = "request-refused"

    def __init__(self, server: str, status: int, said: str) -> None:
        super().__init__(
            f"The model server {shorten(server)} refuses a request (status {status}):"
            f" {shorten(said) or 'it does not say why'}.",
            "Use another --model or server; --verbose shows more.",
        )


class ServerFailing(EngineError):
    """The server still fails after all tries."""

    cause = "server"
    passing = True

    def __init__(self, server: str, tries: int, reason: str) -> None:
        super().__init__(
            f"The model server {shorten(server)} failed {tries} times in a row: {shorten(reason)}.",
            "Run the same command again later; all replies that came are kept.",
        )


class ServerFatal(EngineError):
    """What would meet every request of the run alike."""

    cause = "server"
    fatal = True


class ServerUrlInvalid(UsageError):
    """The base URL is none."""

    cause = "base-url"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The base URL of the model server cannot be used: {reason}.",
            "Give it as --base-url https://HOST/v1, or http://localhost:PORT/v1 for a local one.",
        )


class KeyInvalid(UsageError):
    """The key cannot be sent. It is not repeated."""

    cause = "key"

    def __init__(self) -> None:
        super().__init__(
            "The key of the model server has characters that no key has, such as spaces.",
            "Copy it again into OPENAI_API_KEY, without quotes or line ends.",
        )


class KeyMissing(ServerFatal):
    """The server wants a key, and there is none."""

    cause = "key"

    def __init__(self, server: str) -> None:
        super().__init__(
            f"The model server {shorten(server)} wants a key, and none is set.",
            "Set OPENAI_API_KEY, or use --base-url for a server that needs none, or --engine"
            " extractive.",
        )


class KeyRefused(ServerFatal):
    """The server does not accept the key, or not for this."""

    cause = "key"

    def __init__(self, server: str, status: int) -> None:
        super().__init__(
            f"The model server {shorten(server)} does not accept the key for this (status"
            f" {status}).",
            "Check OPENAI_API_KEY: that it is whole, is not revoked, belongs to this server, and"
            " may use the model.",
        )


class ServerForbids(ServerFatal):
    """The server answers nobody from here."""

    cause = "forbidden"

    def __init__(self, server: str, said: str) -> None:
        why = f" (it says: {shorten(said)})" if said else ""
        super().__init__(
            f"The model server {shorten(server)} forbids its use from here{why}.",
            "Check that the account may use it, and that it serves this country.",
        )


class NoQuota(ServerFatal):
    """The account has nothing left to spend."""

    cause = "quota"

    def __init__(self, server: str) -> None:
        super().__init__(
            f"The account at the model server {shorten(server)} has no quota or credit left.",
            "Add credit or raise its limit, then run the same command again; all replies that came"
            " are kept.",
        )


class ModelUnknown(ServerFatal):
    """The server does not have the model."""

    cause = "model"

    def __init__(self, server: str, model: str) -> None:
        super().__init__(
            f"The model server {shorten(server)} has no model “{shorten(model, 80)}”, or not for"
            " this key.",
            "Name one that it has with --model; a local server must have loaded it first.",
        )


class ServerUrlWrong(ServerFatal):
    """Something answers at the base URL, but no model server."""

    cause = "base-url"

    def __init__(self, server: str, reason: str, try_instead: str = "") -> None:
        instead = f"Try --base-url {try_instead}. " if try_instead else ""
        super().__init__(
            f"No model server answers at {shorten(server)}: {shorten(reason)}.",
            f"{instead}The base URL is the part before /chat/completions; for most servers it ends"
            " with /v1.",
        )


class ServerUnreachable(ServerFatal):
    """No connection to the server."""

    cause = "server-unreachable"
    passing = True

    def __init__(self, server: str, reason: str) -> None:
        super().__init__(
            f"The model server {shorten(server)} cannot be reached: {shorten(reason)}.",
            "Check --base-url and the network, and that a local server is running.",
        )


class RateLimited(ServerFatal):
    """The server asks for more patience than a run has."""

    cause = "rate-limit"
    passing = True

    def __init__(self, server: str, seconds: float) -> None:
        super().__init__(
            f"The model server {shorten(server)} wants {seconds:.0f} seconds of waiting before the"
            " next request.",
            "Run the same command again later; all replies that came are kept.",
        )


class BudgetSpent(ServerFatal):
    """The next request could take more tokens than the run may use."""

    cause = "budget"

    def __init__(self, spent: int, limit: int) -> None:
        super().__init__(
            f"The run has used {spent:,} tokens, and the next request could exceed the limit of"
            f" {limit:,}.",
            "Raise --max-tokens-total and run the same command again; all replies that came are"
            " kept.",
        )


class RunStopped(ServerFatal):
    """The user stopped the run: nothing new is asked."""

    cause = "stopped"
    passing = True

    def __init__(self) -> None:
        super().__init__(
            "The run was stopped before this was done.",
            "Run the same command again; all that came is kept.",
        )


# Batches of requests


class BatchesNotOffered(ServerFatal):
    """The server has no batch service."""

    cause = "no-batches"

    def __init__(self, server: str, reason: str) -> None:
        super().__init__(
            f"The model server {shorten(server)} offers no batches ({shorten(reason)}); nothing was"
            " uploaded.",
            "Run the same command without --batch, or give the --base-url of a server that has"
            " them.",
        )


class InBatch(EngineError):
    """A reply is needed that a batch is to bring."""

    cause = "in-batch"
    passing = True

    def __init__(self, prompt: str) -> None:
        super().__init__(
            f"A request for it ({shorten(prompt, 40)}) is in a batch, or goes into the next one.",
            "Run the same command again later; “generate batch status” tells how far it is, and"
            " --finish-live asks at once.",
        )


class InBatchElsewhere(InBatch):
    """A reply is needed that a batch is to bring for which this run cannot ask."""

    def __init__(self, prompt: str, where: str) -> None:
        EngineError.__init__(
            self,
            f"A request for it ({shorten(prompt, 40)}) is in a batch {shorten(where)}: this run"
            " cannot ask for it.",
            "Run the same command with the --base-url and the key with which it was submitted:"
            " “generate batch list” tells which server that is. A batch that nobody can ask for any"
            " more is given up with “generate batch forget”.",
        )


class BehindBatch(EngineError):
    """Notes are ready, and those of a video before them wait for a batch."""

    cause = "in-batch"
    passing = True

    def __init__(self) -> None:
        super().__init__(
            "Its notes can be written, and wait for those of a video before it, whose requests are"
            " in a batch: notes are named in the order of the videos.",
            "Run the same command again later; “generate batch status” tells how far it is.",
        )


class BatchGivenUp(EngineError):
    """Batch after batch ended without a reply to a request."""

    cause = "batch-unanswered"
    passing = True

    def __init__(self, tries: int, reason: str) -> None:
        super().__init__(
            f"A request was in {tries} batches, and none brought a reply ({shorten(reason)}).",
            "Run the same command again, or with --finish-live, which asks it at once; all replies"
            " that came are kept.",
        )


class BatchRefused(ServerFatal):
    """The service does not take a batch as a whole."""

    cause = "batch-refused"

    def __init__(self, server: str, said: str) -> None:
        super().__init__(
            f"The model server {shorten(server)} refuses a batch:"
            f" {shorten(said) or 'it does not say why'}.",
            "Run the same command without --batch, or with another --model; all replies that came"
            " are kept.",
        )


class BatchCancelled(ServerFatal):
    """A batch was cancelled while a run waited for it."""

    cause = "batch-cancelled"
    passing = True

    def __init__(self, batch_id: str) -> None:
        super().__init__(
            f"The batch {shorten(batch_id, 80)} was cancelled while it was waited for.",
            "Run the same command again to submit anew what it did not answer, or with"
            " --finish-live to ask it at once; all replies that came are kept.",
        )


class NoSuchBatch(UsageError):
    """What was given names no batch of this vault that could be meant."""

    cause = "no-such-batch"

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(
            f"The batch {shorten(given, 80)} cannot be meant: {shorten(reason)}.",
            "“generate batch list” tells which there are.",
        )


# The vault and the library


# A cluster


class DaskMissing(UsageError):
    """A cluster is asked for, and what speaks to one is not installed."""

    cause = "dask"

    def __init__(self) -> None:
        super().__init__(
            "--dask needs Dask, which is not installed here.",
            "Install it with: pip install 'youtube-wiki-notes[dask]'.",
        )


class DaskAddressInvalid(UsageError):
    """What `--dask` says is no cluster."""

    cause = "dask"

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(
            f"“{shorten(given)}” is no Dask cluster: {reason}.",
            "Give --dask tcp://HOST:8786, the address of a scheduler, or --dask local:4 for four"
            " processes on this machine.",
        )


class ClusterCannot(UsageError):
    """A setting that cannot hold on a cluster."""

    cause = "dask"

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"This cannot be done with --dask: {reason}.", remedy)


class ClusterError(ServerFatal):
    """What keeps a cluster from carrying out any video."""

    cause = "cluster"


class ClusterUnreachable(ClusterError):
    """Nobody answers where the scheduler should be, or the processes do not start."""

    passing = True

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"The Dask cluster {shorten(address)} cannot be reached: {shorten(reason)}.",
            "Check that its scheduler runs, and the address that it names when it starts.",
        )


class SchedulerLost(ClusterError):
    """The scheduler was there, and is not any more."""

    passing = True

    def __init__(self, address: str, seconds: float) -> None:
        super().__init__(
            f"The connection to the Dask scheduler {shorten(address)} was lost, and it did not come"
            f" back within {seconds:g} seconds.",
            "Start it again, and run the same command again; all replies that came are kept.",
        )


class NoWorkers(ClusterError):
    """The scheduler has nobody who works."""

    passing = True

    def __init__(self, address: str, seconds: float) -> None:
        super().__init__(
            f"The Dask cluster {shorten(address)} had no worker for {seconds:g} seconds.",
            "Start workers, and run the same command again; all replies that came are kept.",
        )


class WorkerOfOtherVersion(ClusterError):
    """A worker has another version of the program, or of what decides on the notes, or none."""

    cause = "worker-version"

    def __init__(self, worker: str, theirs: str, ours: str) -> None:
        super().__init__(
            f"The worker {shorten(worker, 80)} is not used: it has {shorten(theirs)}, and this"
            f" process {shorten(ours)}.",
            "Install the same version on both.",
        )


class WorkerWithoutKey(ClusterError):
    """A worker has no key for the model server."""

    cause = "key"

    def __init__(self, worker: str, server: str) -> None:
        super().__init__(
            f"The worker {shorten(worker, 80)} is not used: it has no key for the model server"
            f" {shorten(server)}.",
            "Set OPENAI_API_KEY in the worker's own environment; keys are not sent there.",
        )


class WorkerUnusable(ClusterError):
    """A worker that cannot begin, for a reason that it tells."""

    def __init__(self, worker: str, reason: str) -> None:
        super().__init__(
            f"The worker {shorten(worker, 80)} is not used: {shorten(reason)}.",
            "Look into its log; the run goes on with the others.",
        )


class WorkersLost(EngineError):
    """One worker after the other was lost while it had this video."""

    cause = "workers-lost"
    passing = True

    def __init__(self, video_id: str, times: int) -> None:
        super().__init__(
            f"Video {shorten(video_id)} is left: {times} workers that had it were lost, one after"
            " the other.",
            "Give the workers more memory, or run the same command without --dask; all replies that"
            " came are kept.",
        )


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


class VaultInUse(VaultError):
    """Another run writes into the vault. `who` and `command` say which."""

    cause = "in-use"
    passing = True

    def __init__(self, vault: Path, who: str, command: str = "") -> None:
        running = f" ({shorten(command)})" if command else ""
        super().__init__(
            f"Another run is writing into the vault {vault}: {shorten(who)}{running}. Nothing was"
            " touched.",
            "Wait until it has ended, or end it (what it did so far is kept), or choose another"
            " folder with --output.",
        )


class LibraryError(GenerateError):
    """The library cannot be used."""

    cause = "library"


class NoLibraryYet(LibraryError):
    """There is no library where one is to be read."""

    cause = "no-library"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no library at {path}: nothing was written into this vault yet, or its"
            " library is elsewhere.",
            "Name the vault with --output DIR, or the library itself with --library FILE.",
        )


class NothingToRegenerate(NoLibraryYet):
    """There is no library from which anything could be written anew."""

    def __init__(self, path: Path) -> None:
        LibraryError.__init__(
            self,
            f"There is nothing to regenerate: there is no library at {path}.",
            "Name the vault with --output DIR, or the library itself with --library FILE; without"
            " --regenerate, videos are fetched and a library is begun.",
        )


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


class SearchError(GenerateError):
    """The search index of a site was not made."""

    cause = "search"


class SearchProgramMissing(SearchError):
    """Pagefind's program does not come for this computer, or was not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Pagefind, the program that makes the search index, is not installed.",
            "Install it with “pip install 'pagefind[bin]'”, or name its program in"
            " PAGEFIND_BINARY_PATH.",
        )


class SearchIndexFailed(SearchError):
    """Pagefind broke off."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Pagefind, the program that makes the search index, failed: {shorten(reason)}.",
            "Free some memory and space on the disk, and run again.",
        )


def shorten(text: str, limit: int = 200) -> str:
    """Other people's words made fit for one line of a message: printable, at most `limit` long."""
    line = " ".join(printable(text[: 4 * limit]).split()).rstrip(". ")
    return line if len(line) <= limit else line[: limit - 1] + "…"


# The site


class SiteError(GenerateError):
    """The site cannot be made."""

    cause = "site"


class SiteFolderRefused(SiteError, UsageError):
    """The folder that the site is to go into holds something else, or cannot be one."""

    cause = "site-folder"

    def __init__(self, out: Path, reason: str) -> None:
        super().__init__(
            f"The site cannot be written into {out}: {shorten(reason)}. Nothing was touched.",
            "Name an empty or new folder with --out DIR.",
        )


class SiteUnwritable(SiteError):
    """A file of the site cannot be written or removed."""

    cause = "site-unwritable"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The site's file {path} cannot be written: {shorten(reason)}. What was written so far"
            " is kept.",
            "Free space or give write permission and run again: it goes on from there.",
        )


class SiteInUse(SiteError):
    """Another run is writing into the site's folder."""

    cause = "in-use"
    passing = True

    def __init__(self, out: Path) -> None:
        super().__init__(
            f"Another run is building the site in {out}.",
            "Wait until it has ended, or end it, or choose another folder with --out DIR.",
        )


class SiteStateUnusable(SiteError):
    """What is kept of the last build cannot be used."""

    cause = "site-state"

    def __init__(self, out: Path, reason: str) -> None:
        super().__init__(
            f"What was kept of the last build of {out} cannot be used: {shorten(reason)}.",
            "Free space if there is none; else delete that folder (the vault is elsewhere and is"
            " not touched) and build again.",
        )


class BaseUrlInvalid(UsageError):
    """The address at which the site is to be found is none."""

    cause = "base-url"

    def __init__(self, given: str, reason: str) -> None:
        super().__init__(
            f"--base-url {shorten(given, 80)} cannot be used: {reason}.",
            "Give the address of the site's start page, as https://example.org/notes/.",
        )


class PortUnusable(SiteError):
    """The site cannot be served at the port that was asked for."""

    cause = "port"

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(
            f"The site cannot be served at port {port}: {shorten(reason)}.",
            "Choose another one with --port N; 0 takes any that is free.",
        )
