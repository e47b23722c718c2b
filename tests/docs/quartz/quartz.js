/* What Quartz does around a component: makes its HTML, runs its script once, and goes from page to
   page without loading one anew, with `nav` when one has come and cleanups before one is left. */
import { videoBesideNote } from "./video-beside-note/component.js"

const text = async (path) => (await fetch(path)).text()
const Component = videoBesideNote(
  await text("video-beside-note/video.inline.js"),
  await text("video-beside-note/video.css"),
)()
const cleanups = new Set()
window.addCleanup = (cleanup) => cleanups.add(cleanup)

function come() {
  const frontmatter = JSON.parse(document.querySelector("#frontmatter").textContent)
  const made = Component({ fileData: { frontmatter } })
  document.querySelector("#right").replaceChildren(...(made ? [made] : []))
  window.before = document.querySelector("main").innerHTML
  document.dispatchEvent(new CustomEvent("nav", { detail: { url: location.pathname } }))
}

window.go = async (address) => {
  const page = new DOMParser().parseFromString(await text(address), "text/html")
  cleanups.forEach((cleanup) => cleanup())
  cleanups.clear()
  // Quartz makes the next page of this one's elements: what a component leaves in them would stay.
  window.leftBehind = document.querySelector("main").innerHTML
  document.querySelector("main").replaceWith(page.querySelector("main"))
  history.pushState({}, "", address)
  come()
}

const style = document.createElement("style")
style.textContent = Component.css
document.head.append(style)
const script = document.createElement("script")
script.textContent = `(function () {${Component.afterDOMLoaded}})();`
document.body.append(script)
come()
