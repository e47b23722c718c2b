"""Replies of workers, and what they use and need: all of it is kept and counted here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.cluster.leases import Leases
from generator.cluster.messages import Kept, Returns, Spent, Told, Used, Wants
from generator.errors import LibraryError

if TYPE_CHECKING:
    from generator.cluster.member import Member
    from generator.library import Library
    from generator.models import Completion
    from generator.summarizer.completions.limits import Limits
    from generator.summarizer.completions.usage import UsageBook
    from generator.telling.progress import Progress

ToBooks = Kept | Used | Wants | Returns | Spent | Told


class Books:
    """Keeps every reply as it comes, and counts for all workers together.

    `asked` are the keys of the replies that came in this run. `failed` is called with why one
    cannot be kept.
    """

    def __init__(
        self,
        library: Library,
        usage: UsageBook | None,
        limits: Limits,
        progress: Progress,
        failed: Callable[[LibraryError], None],
    ) -> None:
        self.asked: set[str] = set()
        self._library, self._usage, self._limits = library, usage, limits
        self._leases = Leases(limits)
        self._progress = progress
        self._failed = failed

    def heard(self, member: Member, message: ToBooks) -> None:
        """What a worker says of anything but its jobs."""
        if isinstance(message, Kept):
            self._keep(message.completion)
        elif isinstance(message, Used):
            if self._usage is not None:
                self._usage.add(message.video_id, message.usage)
        elif isinstance(message, Wants):
            self._leases.wanted(message, member)
        elif isinstance(message, Returns):
            self._leases.returned(message, member)
        elif isinstance(message, Spent):
            self._limits.spent(message.tokens, message.reserved)
        else:
            carried = member.in_hand.get(message.job) if message.job is not None else None
            (carried.tell if carried else self._progress.detail)(message.text)

    def kept(self, video_id: str) -> tuple[Completion, ...]:
        """The replies that are kept for a video."""
        return tuple(self._library.completions(video_id))

    def lost(self, member: Member) -> None:
        """What a lost worker had is free."""
        self._leases.lost(member)

    def _keep(self, completion: Completion) -> None:
        self.asked.add(completion.key)
        try:
            self._library.save_completion(completion)
        except LibraryError as error:
            self._failed(error)
