"""A model's reply as a row of the library, for all that keep one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.library import rows

if TYPE_CHECKING:
    from generator.models import Completion


def save_reply(run: Callable[..., sqlite3.Cursor], completion: Completion) -> None:
    """Within a transaction: a reply takes the place of an earlier one to the same request."""
    run("DELETE FROM completions WHERE key = ?", (completion.key,))
    run(
        "INSERT INTO completions (key, position, prompt, video_id, model, answered_by,"
        " request, reply, ended, input_tokens, cached_tokens, output_tokens) VALUES (:key,"
        " (SELECT coalesce(max(position), 0) + 1 FROM completions), :prompt, :video_id,"
        " :model, :answered_by, :request, :reply, :ended, :input_tokens, :cached_tokens,"
        " :output_tokens)",
        rows.completion_values(completion),
    )
