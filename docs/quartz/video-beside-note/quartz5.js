/* For Quartz 5, which loads the folder as it is. */
import { readFileSync } from "node:fs"
import { videoBesideNote } from "./component.js"

/** @param {string} name a file of this folder */
const text = (name) => readFileSync(new URL(name, import.meta.url), "utf8")

export const VideoBesideNote = videoBesideNote(text("video.inline.js"), text("video.css"))
