/* Plays the note's video beside it, from where a citation says: YouTube's IFrame API, on the host that
   sets no cookies before it plays. Nothing is asked of YouTube before the reader asks to play. */
const API = "https://www.youtube.com/iframe_api"
const HOST = "https://www.youtube-nocookie.com"

let asked = null

/** YouTube's API, which is fetched the first time. Rejects where it cannot be had. */
function playerApi() {
  asked ??= new Promise((resolve, reject) => {
    if (window.YT?.Player) {
      resolve(window.YT)
      return
    }
    const others = window.onYouTubeIframeAPIReady
    window.onYouTubeIframeAPIReady = () => {
      others?.()
      resolve(window.YT)
    }
    const script = document.createElement("script")
    script.src = API
    // Quartz empties the head when it goes to another page.
    script.setAttribute("spa-preserve", "")
    script.onerror = () => {
      script.remove()
      asked = null
      reject(new Error(`${API} cannot be had`))
    }
    document.head.append(script)
  })
  return asked
}

/** The seconds of `HH:MM:SS`, or null if it is anything else. */
function secondsOf(stamp) {
  const parts = /^(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(stamp ?? "")
  return parts && (Number(parts[1]) * 60 + Number(parts[2])) * 60 + Number(parts[3])
}

/** 197 as 3:17, 3797 as 1:03:17. */
function clock(seconds) {
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const rest = String(seconds % 60).padStart(2, "0")
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`
}

/** The second that the page's address asks for (`#t=437`), or null. */
function addressed() {
  const found = /^#t=(\d{1,6})$/.exec(location.hash)
  return found && Number(found[1])
}

/** The note's own citations and their seconds: what previews and embedded notes cite is another video. */
function citations() {
  return [...document.querySelectorAll("a.yt-timestamp[data-t]")]
    .filter((anchor) => !anchor.closest(".popover, .transclude"))
    .map((anchor) => ({ anchor, second: secondsOf(anchor.dataset.t) }))
    .filter(({ second }) => second !== null)
}

/** One page's video, from when the page has come until the reader leaves it. */
class Video {
  constructor(place) {
    this.place = place
    this.id = place.dataset.videoId
    this.stage = place.querySelector(".video-stage")
    this.button = place.querySelector(".video-play")
    this.closing = place.querySelector(".video-close")
    this.told = place.querySelector(".video-told")
    this.undo = []
    this.player = null
    this.wanted = 0
    this.attempt = 0
    this.cited = citations()

    this.cited.forEach((citation) => this.open(citation))
    this.listen(this.button, "click", () => this.play(addressed() ?? 0))
    this.listen(this.closing, "click", () => {
      this.sleep()
      this.button.focus()
    })
    this.listen(window, "hashchange", () => this.offer())
    this.sleep()
    this.offer()
  }

  listen(target, type, listener) {
    target.addEventListener(type, listener)
    this.undo.push(() => target.removeEventListener(type, listener))
  }

  /** Lets a click and the Enter key on a citation play from there; with Ctrl it opens YouTube. */
  open({ anchor, second }) {
    if (!anchor.hasAttribute("href")) {
      anchor.href = `https://www.youtube.com/watch?v=${this.id}&t=${second}s`
      anchor.rel = "noopener noreferrer"
      this.undo.push(() => {
        anchor.removeAttribute("href")
        anchor.removeAttribute("rel")
      })
    }
    this.listen(anchor, "click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      history.replaceState(history.state, "", `#t=${second}`)
      this.point(second)
      this.play(second)
    })
  }

  /** Offers a second (null: the beginning), marks what is cited there, and returns the first of it. */
  point(second) {
    this.button.textContent = second ? `Play from ${clock(second)}` : "Play the video"
    this.cited.forEach((citation) => {
      if (citation.second === second) citation.anchor.setAttribute("aria-current", "true")
      else citation.anchor.removeAttribute("aria-current")
    })
    return this.cited.find((citation) => citation.second === second)?.anchor
  }

  /** Shows what the address asks for; it plays only when the reader says so. */
  offer() {
    this.point(addressed())?.scrollIntoView({ block: "center" })
  }

  become(state, text = "") {
    this.place.dataset.state = state
    this.told.textContent = text
    this.button.hidden = state === "loading" || state === "playing"
    this.closing.hidden = !this.button.hidden
  }

  async play(second) {
    this.wanted = second
    if (this.place.dataset.state === "loading") return
    if (this.player) {
      this.player.seekTo(second, true)
      this.player.playVideo()
      return
    }
    const hadFocus = document.activeElement === this.button
    this.become("loading", "Loading YouTube’s player …")
    if (hadFocus) this.closing.focus()
    const attempt = ++this.attempt
    try {
      const YT = await playerApi()
      if (attempt === this.attempt) this.load(YT, attempt)
    } catch {
      if (attempt === this.attempt) this.fail("YouTube’s player cannot be loaded.")
    }
  }

  load(YT, attempt) {
    const frame = document.createElement("div")
    this.stage.replaceChildren(frame)
    const began = this.wanted
    this.coming = new YT.Player(frame, {
      host: HOST,
      videoId: this.id,
      playerVars: { autoplay: 1, playsinline: 1, rel: 0, start: began, origin: location.origin },
      events: {
        onReady: ({ target }) => {
          if (attempt !== this.attempt) return
          this.player = target
          this.become("playing")
          if (this.wanted !== began) target.seekTo(this.wanted, true)
          target.playVideo()
        },
        onError: () => {
          if (attempt === this.attempt) this.fail("YouTube does not play this video here.")
        },
      },
    })
  }

  fail(text) {
    this.sleep()
    this.become("failed", text)
  }

  /** Takes the player away, whether it plays, loads or failed. */
  sleep() {
    this.attempt += 1
    this.coming?.destroy?.()
    this.coming = this.player = null
    this.stage.replaceChildren()
    this.become("asleep")
  }

  leave() {
    this.sleep()
    this.point(null)
    this.button.hidden = true
    this.undo.forEach((undo) => undo())
    this.undo = []
  }
}

let video = null

function leave() {
  video?.leave()
  video = null
}

// Quartz says `nav` when a page has come, the first one too, and calls cleanups before it leaves one.
document.addEventListener("nav", () => {
  leave()
  const place = document.querySelector(".video-beside-note")
  if (!place) return
  video = new Video(place)
  window.addCleanup(leave)
})
