"""The options of the command line: their types, names and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def _value(metavar: str, text: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, metavar=metavar, help=text, **more)


def _flag(text: str, *names: str) -> Any:
    return typer.Option(*names, help=text)


# What to write notes of

Video = Annotated[
    list[str] | None, _value("ID", "A YouTube video: id or any URL. Repeatable.", "--video")
]
Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="The videos: ids or URLs.")]
Channel = Annotated[
    list[str] | None,
    _value("NAME", "A channel: @handle, id or URL. Repeatable.", "--channel"),
]
Playlist = Annotated[
    list[str] | None, _value("ID", "A playlist: id or URL. Repeatable.", "--playlist")
]
Videos = Annotated[
    list[Path] | None,
    _value(
        "FILE",
        "A file of ids or URLs, one a line; - is stdin.",
        "--videos",
        readable=False,
        allow_dash=True,
    ),
]
Transcript = Annotated[
    list[Path] | None,
    # One that cannot be read is that file's failure: it stops no other.
    _value(
        "FILE",
        "A subtitle file: .vtt, .srt, .json. Repeatable.",
        "--transcript",
        readable=False,
    ),
]
VideoId = Annotated[str | None, _value("ID", "The video that --transcript is of.")]
Title = Annotated[str | None, _value("TEXT", "The title of that video.")]
ChannelName = Annotated[str | None, _value("NAME", "The channel of that video.")]

# What of a channel or playlist

Limit = Annotated[int | None, _value("N", "The most videos to take of a list.", min=1)]
Since = Annotated[str | None, _value("DATE", "Only videos from this day on (2024-01-31).")]
Until = Annotated[str | None, _value("DATE", "Only videos up to this day.")]
Sort = Annotated[str | None, _value("ORDER", "date or views: which come first [date].")]
MinDuration = Annotated[str | None, _value("TIME", "Only videos so long at least (5m, 90s).")]
MaxDuration = Annotated[str | None, _value("TIME", "Only videos so long at most (4h).")]
Match = Annotated[str | None, _value("REGEX", "Only videos whose title holds this.")]
WithShorts = Annotated[bool, _flag("Take shorts too.", "--with-shorts/--skip-shorts")]
Exclude = Annotated[
    list[str] | None,
    _value("ID", "A video not wanted, now or later; its notes go. Repeatable."),
]

# How often

Regenerate = Annotated[
    bool, _flag("Write anew what the library holds, with today's prompts.", "--regenerate")
]
RetryFailed = Annotated[bool, _flag("Try again what failed for good.", "--retry-failed")]
DryRun = Annotated[bool, _flag("Tell what would be done, and send and write nothing.", "--dry-run")]
Force = Annotated[bool, _flag("Ask the model again though its reply is kept.", "--force")]
Prompt = Annotated[
    list[str] | None,
    _value("NAME", "With --force: only this prompt (outline, note). Repeatable."),
]
Diff = Annotated[bool, _flag("Show what would change in files edited by hand.", "--diff")]
Yes = Annotated[bool, _flag("Do not ask before a costly run.", "--yes", "-y")]

# Where to and how

Output = Annotated[Path | None, _value("DIR", "The vault [output].", "--output", "-o")]
Library = Annotated[Path | None, _value("FILE", "The library [VAULT/.generator/library.db].")]
Templates = Annotated[Path | None, _value("DIR", "A folder of your own templates.")]
Engine = Annotated[
    str | None,
    _value("NAME", "auto, extractive or openai; auto is openai when a key or base URL is set."),
]
Language = Annotated[
    str | None,
    _value("LIST", "Transcript languages, preferred first (ru,en) [the video's own]."),
]
Model = Annotated[str | None, _value("NAME", "The model that openai asks.")]
BaseUrl = Annotated[str | None, _value("URL", "The model server (http://localhost:11434/v1).")]
Topics = Annotated[int | None, _value("N", "The most notes a video gets [5].")]
NoteLanguage = Annotated[str | None, _value("TAG", "Language of notes [en]; same: the talk's own.")]
Prompts = Annotated[Path | None, _value("DIR", "A folder of your own prompts.")]
Verify = Annotated[
    bool | None,
    _flag("Have the model check each statement against its lines.", "--verify"),
]
Jobs = Annotated[int | None, _value("N", "Requests to the model at once [4].")]
RequestsPerMinute = Annotated[int | None, _value("N", "The most requests to the model a minute.")]
TokensPerMinute = Annotated[int | None, _value("N", "The most tokens of such a minute.")]
Dask = Annotated[
    str | None,
    _value("ADDRESS", "Let a Dask cluster work: tcp://HOST:PORT, or local:N processes here."),
]
ContextTokens = Annotated[int | None, _value("N", "Tokens that the model takes in all [32000].")]
MaxTokensTotal = Annotated[int | None, _value("N", "Tokens after which a run asks no more.")]
ConfirmAbove = Annotated[
    int | None, _value("N", "Tokens above which a run asks you first [1000000].")
]
PriceIn = Annotated[float | None, _value("X", "Price of a million tokens shown, for --dry-run.")]
PriceOut = Annotated[float | None, _value("X", "Price of a million tokens written.")]
Batch = Annotated[
    bool | None,
    _flag("Have the server answer later, in batches, at half the price.", "--batch"),
]
Wait = Annotated[bool | None, _flag("With --batch: stay until all replies are there.", "--wait")]
FinishLive = Annotated[
    bool | None, _flag("Ask at once for what batches did not answer.", "--finish-live")
]
FrontMatter = Annotated[
    str | None, _value("LIST", "Also write these: url,channel,published,aliases,tags.")
]
TimestampLinks = Annotated[
    bool | None,
    _flag("Make each timestamp a link to the video.", "--timestamp-links/--no-timestamp-links"),
]
Math = Annotated[bool | None, _flag("Take $…$ as a formula.", "--math/--no-math")]
Overwrite = Annotated[bool | None, _flag("Replace notes edited by hand.", "--overwrite")]
Refetch = Annotated[bool | None, _flag("Ask YouTube again for what is kept.", "--refetch")]
Offline = Annotated[bool | None, _flag("Ask nobody on the network.", "--offline")]
FetchInterval = Annotated[
    float | None, _value("SECONDS", "Average time between fetched videos [2].")
]
Cassette = Annotated[
    Path | None, _value("FILE", "Replay all HTTP from this file; record it if new.")
]
Proxy = Annotated[str | None, _value("URL", "Proxy for YouTube: URL.")]
Cookies = Annotated[Path | None, _value("FILE", "cookies.txt of a YouTube account.")]
CookiesFromBrowser = Annotated[str | None, _value("NAME", "Browser to read such cookies from.")]

# What to print

Json = Annotated[bool, _flag("Print one JSON object, nothing else.", "--json")]
Quiet = Annotated[bool, _flag("Only errors.", "--quiet", "-q")]
Verbose = Annotated[bool, _flag("Every detail.", "--verbose", "-v")]
ShowSettings = Annotated[bool, _flag("Print each setting and its source.", "--show-settings")]
