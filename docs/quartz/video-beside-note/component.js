/* The place beside a note where its video plays; what happens there is in video.inline.js. */
import { h } from "preact"

/** A video on YouTube; recordings from elsewhere have ids that begin otherwise or are longer. */
const ON_YOUTUBE = /^(?!local-)[A-Za-z0-9_-]{11}$/

/**
 * The constructor of the component, as Quartz calls it.
 *
 * @param {string} script what runs in the reader's browser
 * @param {string} style CSS
 */
export function videoBesideNote(script, style) {
  return () => {
    /** @param {{ fileData: { frontmatter?: Record<string, unknown> }, displayClass?: string }} props */
    function VideoBesideNote({ fileData, displayClass }) {
      const id = String(fileData.frontmatter?.videoId ?? "")
      if (!ON_YOUTUBE.test(id)) return null
      return h(
        "section",
        {
          class: ["video-beside-note", displayClass].filter(Boolean).join(" "),
          "data-video-id": id,
          "data-state": "asleep",
          "aria-label": "Video",
        },
        h("div", { class: "video-stage" }),
        // Without a script they could do nothing; it shows them.
        h("button", { type: "button", class: "video-play", hidden: true }, "Play the video"),
        h("button", { type: "button", class: "video-close", hidden: true }, "Close the video"),
        h("p", { class: "video-told", role: "status" }),
        h(
          "p",
          { class: "video-elsewhere" },
          "Playing it here loads YouTube’s player. ",
          h(
            "a",
            { href: `https://www.youtube.com/watch?v=${id}`, rel: "noopener noreferrer" },
            "Watch it on YouTube",
          ),
        ),
      )
    }
    VideoBesideNote.css = style
    VideoBesideNote.afterDOMLoaded = script
    return VideoBesideNote
  }
}
