"""yt-dlp's reader of channels and playlists, made to keep what YouTube shows beside each title."""

from __future__ import annotations

from functools import cache
from typing import Any

from generator.fetcher.http import Connection
from generator.fetcher.outages import passing_error


def tab_extractor(ydl: Any, connection: Connection) -> Any:
    """The extractor, as part of `ydl`.

    Its entries have YouTube's own words under `shown`, and those of its badges under `badges`.
    After each address, `tabs` are the names of the tabs that the channel has, and `metadata` is
    what the page says of the channel.
    """
    extractor = _extractor_class()()
    extractor.patience = connection
    ydl.add_info_extractor(extractor)
    return extractor


@cache
def _extractor_class() -> Any:
    from yt_dlp.extractor.youtube import YoutubeTabIE
    from yt_dlp.utils import ExtractorError, traverse_obj

    class ListedTabIE(YoutubeTabIE):  # type: ignore[misc]
        """Adds to yt-dlp's entries what it leaves out: dates as shown, and views of most lists."""

        patience: Connection
        tabs: tuple[str, ...] = ()
        metadata: dict[str, Any]
        searched: tuple[Any, Any] = (None, None)

        def _extract_lockup_view_model(self, view_model: Any) -> Any:
            entry = super()._extract_lockup_view_model(view_model)
            if not entry:
                return entry
            texts = (
                *("metadata", "lockupMetadataViewModel", "metadata"),
                *("contentMetadataViewModel", "metadataRows", ...),
            )
            overlays = ("contentImage", "thumbnailViewModel", "overlays", ..., ...)
            badges = (*overlays, ("badges", "thumbnailBadges"), ..., "thumbnailBadgeViewModel")
            shown = traverse_obj(
                view_model, (*texts, "metadataParts", ..., "text", "content", {str})
            )
            marks = [
                *traverse_obj(view_model, (*badges, "text", {str})),
                *traverse_obj(
                    view_model, (*texts, "badges", ..., "badgeViewModel", "badgeText", {str})
                ),
            ]
            tap = ("rendererContext", "commandContext", "onTap", "innertubeCommand")
            leads_to = traverse_obj(
                view_model, (*tap, "commandMetadata", "webCommandMetadata", "url", {str})
            )
            is_short = (
                traverse_obj(view_model, (*tap, "reelWatchEndpoint", {dict}))
                or (leads_to or "").startswith("/shorts/")
                or "SHORTS" in marks
            )
            marked = {"url": f"https://www.youtube.com/shorts/{entry['id']}"} if is_short else {}
            return {**entry, "shown": shown, "badges": marks, **marked}

        def _extract_video(self, renderer: Any) -> Any:
            names = ("publishedTimeText", "videoInfo", "viewCountText", "upcomingEventData")
            texts = [self._get_text(renderer, name) for name in names]
            return {**super()._extract_video(renderer), "shown": [text for text in texts if text]}

        def _extract_continuation(self, renderer: Any) -> Any:
            """The way to the next page, which yt-dlp looks for anew for each video of a page."""
            if renderer is not self.searched[0]:
                self.searched = (renderer, super()._extract_continuation(renderer))
            return self.searched[1]

        def _extract_data(self, *args: Any, **options: Any) -> Any:
            data, settings = super()._extract_data(*args, **options)
            renderers = self._extract_tab_renderers(data)
            self.tabs = tuple(self._extract_tab_id_and_name(each)[0] for each in renderers)
            self.metadata = self._extract_metadata_from_tabs("", data) if renderers else {}
            return data, settings

        def _reload_with_unavailable_videos(self, *args: Any, **options: Any) -> Any:
            try:
                return super()._reload_with_unavailable_videos(*args, **options)
            except ExtractorError:  # the page that is there already does without them
                return None

        def _extract_response(self, *args: Any, **options: Any) -> Any:
            """Tries again what comes without its content, as YouTube's replies do at times."""
            for tried in range(self.patience.retries + 1):
                try:
                    return super()._extract_response(*args, **options)
                except ExtractorError as error:
                    incomplete = "Incomplete data" in str(error.orig_msg) or passing_error(error)
                    if not incomplete or tried == self.patience.retries:
                        raise
                    self.patience.sleep(2.0**tried)
            raise AssertionError

    return ListedTabIE
