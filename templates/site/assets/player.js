// YouTube's player, by its IFrame API. Nothing is loaded before the reader asks for it.
import { clock, onYouTube } from "./times.js";

const API = "https://www.youtube.com/iframe_api";
const HOST = "https://www.youtube-nocookie.com";
const PATIENCE = 15000; // milliseconds until the reader is told that nothing has come
const PLAYING = 1;

const FAILURES = {
  2: "YouTube does not know this video.",
  5: "The player cannot play this video here.",
  100: "This video was taken away, or is private.",
  101: "Its owner does not let this video play on other sites.",
  150: "Its owner does not let this video play on other sites.",
  153: "YouTube’s player was not told which page it is on, and does not play then.",
};

let api = null;

/** YouTube's API; rejects where it cannot be had, and can be asked again then. */
function loadApi() {
  api ??= new Promise((resolve, reject) => {
    window.onYouTubeIframeAPIReady = () => resolve(window.YT);
    const script = document.createElement("script");
    script.src = API;
    script.addEventListener("error", () => {
      script.remove();
      api = null;
      reject(new Error("the player cannot be had"));
    });
    document.head.append(script);
  });
  return api;
}

/**
 * The video of a page: `play(second)`, `toggle()`, `stop()`, `time`.
 *
 * Tells of itself by the events `play` (its `detail` is the second asked for), `time` (several
 * times a second while it plays) and `stop`.
 */
export class Player extends EventTarget {
  #section;
  #screen;
  #poster;
  #frame = null; // YouTube's player
  #ready = false;
  #wanted = 0; // where to play from as soon as it can be
  #asked = 0; // counts how often a player was asked for: late answers to an earlier one are nothing
  #ticking = null;

  constructor(section) {
    super();
    this.#section = section;
    this.#screen = section.querySelector(".screen");
    this.#poster = section.querySelector(".poster");
    section.querySelector("[data-play]").addEventListener("click", () => this.play(this.#wanted));
    section.querySelector("[data-stop]").addEventListener("click", () => this.stop());
  }

  /** The second that plays, or that would: whole or not. */
  get time() {
    return this.#ready ? this.#frame.getCurrentTime() : this.#wanted;
  }

  /** Whether the player is there, or on its way. */
  get on() {
    return this.#section.classList.contains("on");
  }

  get playing() {
    return this.#ready && this.#frame.getPlayerState() === PLAYING;
  }

  /** Names a second from which the reader may want to play; asks YouTube for nothing. */
  offer(second) {
    if (this.on) return;
    this.#wanted = second;
    this.#label(second ? `Play from ${clock(second)}` : "Play the video");
    this.#section.querySelector("[data-copy]").hidden = second === 0;
  }

  /** Plays from a second on. What is asked for while the player comes replaces what was before. */
  play(second) {
    this.#wanted = second;
    this.#tell(`Playing from ${clock(second)}`);
    this.dispatchEvent(new CustomEvent("play", { detail: second }));
    if (this.#ready) this.#seek();
    else if (!this.on) this.#start();
  }

  /** Pauses, or plays on. */
  toggle() {
    if (!this.#ready) {
      this.play(this.#wanted);
    } else if (this.playing) {
      this.#frame.pauseVideo();
      this.#tell("Paused");
    } else {
      this.#frame.playVideo();
      this.#tell("Playing");
    }
  }

  /** Takes the player away; what was last played is offered again. */
  stop() {
    if (!this.on) return;
    const at = Math.floor(this.time);
    const focused = this.#section.contains(document.activeElement);
    this.#takeAway();
    this.#screen.replaceChildren(this.#poster);
    this.#tell("");
    this.offer(at);
    // The reader stays at the text: on a small screen the poster is far above it.
    if (focused) this.#section.querySelector("[data-play]").focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("stop"));
  }

  async #start() {
    const asked = ++this.#asked;
    const place = document.createElement("div");
    this.#screen.replaceChildren(place);
    this.#show(true);
    const waiting = setTimeout(() => this.#late(asked), PATIENCE);
    try {
      const YT = await loadApi();
      if (asked !== this.#asked) return;
      this.#frame = this.#made(YT, place, asked, waiting);
      const iframe = this.#frame.getIframe?.();
      if (iframe) iframe.title = this.#section.dataset.title;
    } catch {
      clearTimeout(waiting);
      if (asked === this.#asked) this.#fail("YouTube’s player cannot be loaded: it is blocked here, or there is no network.");
    }
  }

  #made(YT, place, asked, waiting) {
    const current = (done) => (event) => {
      clearTimeout(waiting);
      if (asked === this.#asked) done(event);
    };
    return new YT.Player(place, {
      host: HOST,
      videoId: this.#section.dataset.video,
      playerVars: {
        autoplay: 1,
        start: Math.floor(this.#wanted),
        playsinline: 1,
        rel: 0,
        origin: location.origin,
      },
      events: {
        onReady: current(() => {
          this.#ready = true;
          this.#seek();
          this.#ticking = setInterval(() => this.#tick(), 250);
        }),
        onError: current((event) => this.#fail(FAILURES[event.data] ?? "YouTube’s player failed.")),
      },
    });
  }

  #seek() {
    this.#frame.seekTo(this.#wanted, true);
    this.#frame.playVideo();
  }

  #tick() {
    if (this.playing) this.dispatchEvent(new CustomEvent("time", { detail: this.time }));
  }

  /** It may still come: what is there is left, and the way to YouTube is told. */
  #late(asked) {
    if (asked !== this.#asked || this.#ready) return;
    this.#tell("YouTube’s player does not answer yet. ", this.#link());
  }

  /** Tells why nothing plays, and where it does; the next try begins anew. */
  #fail(reason) {
    const told = document.createElement("p");
    told.className = "failure";
    told.append(`${reason} `, this.#link(), ".");
    this.#takeAway();
    this.#screen.replaceChildren(this.#poster);
    this.#poster.querySelector(".consent, .failure").replaceWith(told);
    this.#label("Try again");
    this.#tell(reason);
  }

  #takeAway() {
    this.#asked += 1;
    clearInterval(this.#ticking);
    this.#frame?.destroy?.();
    this.#frame = null;
    this.#ready = false;
    this.#show(false);
  }

  #show(on) {
    // What was read stays where it was: on a small screen the player takes its place on top.
    const text = document.getElementById("text");
    const before = text.getBoundingClientRect().top;
    this.#section.classList.toggle("on", on);
    document.documentElement.classList.toggle("playing", on);
    for (const name of ["[data-stop]", "[data-copy]"]) {
      this.#section.querySelector(name).hidden = !on;
    }
    const top = text.getBoundingClientRect().top - before;
    if (top) window.scrollBy({ top, behavior: "instant" });
  }

  #link() {
    const link = document.createElement("a");
    link.href = onYouTube(this.#section.dataset.url, this.#wanted);
    link.rel = "noopener noreferrer";
    const from = this.#wanted ? ` from ${clock(this.#wanted)}` : "";
    link.textContent = `Watch it on YouTube${from}`;
    return link;
  }

  #label(text) {
    this.#poster.querySelector("[data-play-label]").textContent = text;
  }

  #tell(...parts) {
    this.#section.querySelector("[data-now]").replaceChildren(...parts);
  }
}
