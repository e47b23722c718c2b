/* For Quartz 4, whose bundler makes texts of the script and the style. */
import { QuartzComponentConstructor } from "../types"
// @ts-ignore
import { videoBesideNote } from "./component.js"
// @ts-ignore
import script from "./video.inline.js"
// @ts-ignore
import style from "./video.css"

export default videoBesideNote(script, style) as QuartzComponentConstructor
