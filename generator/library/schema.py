"""The library's tables, as the steps from each format of the file to the next one.

Format 8 holds, readable with any SQLite tool:

| table | a row is |
| --- | --- |
| `videos` | a video under a channel; `chapters` (`[{"start", "title"}]`) and `tags` are JSON, `position` counts the videos in the order in which they came |
| `tracks` | a transcript that the video's source offers |
| `transcripts` | a transcript that was fetched; `cues` is JSON: `[{"start", "duration", "text", "words", "speaker"}]`, in seconds; `words` is `[[offset in the text, second], …]`; it is left out where the source does not time words, and `speaker` where it names none (both new in format 8) |
| `notes` | a note; `language` and `generated` name the transcript it cites; `content` is JSON: `lead` (blocks) and `sections`, with statements, evidence, citations and mentions, and no links; `path` is where its file was last, relative to the vault; `former` are titles that it had before (JSON) |
| `written` | a digest of what a note's file said when the program wrote it, and the front-matter keys (JSON) that it wrote |
| `completions` | a model's reply to one request; `key` hashes all that could change it, `request` is JSON without any address or key, `ended` is `stop`, `length`, `refused` or `too-long`, `position` counts them as they came; new in format 2 |
| `lists` | a channel's or playlist's list of videos, by its address; new in format 3, as all below |
| `entries` | a video of such a list, in its order; `barred` says why it cannot be taken |
| `files` | a Markdown file of the vault, as it was when links were last made: `changed` (ns), `size` and `inode` tell whether it is the same still; `title`, `video_id`, `aliases` (one a line) and `published` are its front matter's; `channel`, `names` and `dated` what links went by, NULL for what is no note |
| `indexed` | a note whose words are in `words`; `digest` is of them; `links` are those that its file has (JSON: the statement's index, where they stand and lead to), empty where its owner edited it; `sidecar` is a digest of what its sidecar says, but for what its file said, empty where that is to be found out anew; new in format 4 |
| `words` | the words of a note's text and mentions (FTS5, by the `id` in `indexed`): they find the notes that a new or changed name can concern |
| `vocabulary` | a word that is among them, and how many notes have it (fts5vocab) |
| `names` | of a note among `files` its `path`, and what its title and aliases are found by: numbers (`entry`) of their beginnings; new in format 6 |
| `due` | what is still to be done of what the library holds: a note to be written, a file of a note that is gone to be removed (`path`), or, with an empty `slug`, a channel's page to be written |
| `marks` | what the last look at the vault went by: `linked`, a digest of the code that makes links |
| `states` | how far a video has come; for a failed one why, whether trying again can help, and with what it was tried |
| `made` | what a video's notes were made of, by name (`ingredients`, JSON of digests and values), of how many `replies`, and what was to be told of each (`told`, JSON) |
| `batches` | a batch of requests that a server's batch service was given, or was about to be (`status` is `begun`); `submission` is our name of it, `batch_id` the service's; `account` tells apart the keys with which they were submitted, and nothing of these (new in format 7); new in format 5, as all below |
| `batched` | a request that is in such a batch (`submission`), is `wanted` in the next one, or had no reply in one: after so many `tries`, the last with this `status` and these words (`said`) |
| `discounted` | a reply that came by batch, and what it took |
| `came` | the requests that batches have brought replies to since any was open or any video waited |
| `awaiting` | a video that waits for replies of batches; `since` counts the runs in which some began to |
| `servers` | how a model server takes requests for a model (`dialect`, JSON), and how many tokens its batch service takes at once (`enqueued`), as far as it has refused more |

Times are in seconds, dates are ISO 8601, `generated` is 1 where a machine wrote the captions.
"""  # noqa: E501

from __future__ import annotations

from generator.library import batches, index, lists, made, states

APPLICATION_ID = 0x6E6F7465
"""What `PRAGMA application_id` says of every library: "note" in ASCII."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        f"PRAGMA application_id = {APPLICATION_ID}",
        """
        CREATE TABLE videos (
            channel TEXT NOT NULL,
            id TEXT NOT NULL,
            position INTEGER NOT NULL UNIQUE,
            title TEXT NOT NULL,
            channel_id TEXT,
            url TEXT NOT NULL,
            duration REAL,
            published TEXT,
            description TEXT NOT NULL,
            chapters TEXT NOT NULL,
            tags TEXT NOT NULL,
            PRIMARY KEY (channel, id)
        ) STRICT
        """,
        "CREATE INDEX videos_by_id ON videos (id)",
        """
        CREATE TABLE tracks (
            channel TEXT NOT NULL,
            video_id TEXT NOT NULL,
            position INTEGER NOT NULL,
            language TEXT NOT NULL,
            name TEXT NOT NULL,
            generated INTEGER NOT NULL CHECK (generated IN (0, 1)),
            PRIMARY KEY (channel, video_id, position),
            FOREIGN KEY (channel, video_id) REFERENCES videos (channel, id) ON DELETE CASCADE
        ) STRICT
        """,
        """
        CREATE TABLE transcripts (
            channel TEXT NOT NULL,
            video_id TEXT NOT NULL,
            language TEXT NOT NULL,
            generated INTEGER NOT NULL CHECK (generated IN (0, 1)),
            position INTEGER NOT NULL,
            cues TEXT NOT NULL,
            PRIMARY KEY (channel, video_id, language, generated),
            FOREIGN KEY (channel, video_id) REFERENCES videos (channel, id) ON DELETE CASCADE
        ) STRICT
        """,
        """
        CREATE TABLE notes (
            channel TEXT NOT NULL,
            slug TEXT NOT NULL,
            video_id TEXT NOT NULL,
            position INTEGER NOT NULL,
            title TEXT NOT NULL,
            aliases TEXT NOT NULL,
            engine TEXT NOT NULL,
            language TEXT NOT NULL,
            generated INTEGER NOT NULL CHECK (generated IN (0, 1)),
            content TEXT NOT NULL,
            path TEXT,
            PRIMARY KEY (channel, slug),
            FOREIGN KEY (channel, video_id) REFERENCES videos (channel, id) ON DELETE CASCADE
        ) STRICT
        """,
        "CREATE INDEX notes_by_video ON notes (channel, video_id, position)",
        """
        CREATE TABLE written (
            channel TEXT NOT NULL,
            slug TEXT NOT NULL,
            digest TEXT NOT NULL,
            front_matter TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (channel, slug, digest, front_matter)
        ) STRICT
        """,
    ),
    (
        """
        CREATE TABLE completions (
            key TEXT NOT NULL PRIMARY KEY,
            position INTEGER NOT NULL UNIQUE,
            prompt TEXT NOT NULL,
            video_id TEXT NOT NULL,
            model TEXT NOT NULL,
            answered_by TEXT NOT NULL,
            request TEXT NOT NULL,
            reply TEXT NOT NULL,
            ended TEXT NOT NULL,
            input_tokens INTEGER NOT NULL,
            cached_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX completions_by_video ON completions (video_id)",
    ),
    (
        *lists.TABLES,
        *states.TABLES,
        *index.TABLES,
        *made.TABLES,
        # Sums are read from these alone: the table itself is as large as all prompts and replies.
        """
        CREATE INDEX completions_by_use
            ON completions (model, prompt, input_tokens, cached_tokens, output_tokens)
        """,
        "DROP INDEX completions_by_video",
        """
        CREATE INDEX completions_by_video
            ON completions (video_id, position, model, prompt, input_tokens, output_tokens)
        """,
    ),
    index.SIDECARS,
    batches.TABLES,
    index.NAMES,
    batches.ACCOUNTS,
    (),  # Cues may have words and a speaker, which earlier programs would drop.
)
"""The statements that bring a library of format 0 (an empty file), 1, … to the next format."""
