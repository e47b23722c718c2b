/* The players of the IFrame API: an iframe, and JSON messages to and from it. */
(() => {
  const YT = window.YT;
  let number = 0;
  YT.PlayerState = { UNSTARTED: -1, ENDED: 0, PLAYING: 1, PAUSED: 2, BUFFERING: 3, CUED: 5 };

  YT.Player = class {
    constructor(place, options = {}) {
      const element = typeof place === "string" ? document.getElementById(place) : place;
      if (!element) throw new Error("YouTube player element ID required.");
      this.id = ++number;
      this.options = options;
      this.info = { currentTime: 0, playerState: YT.PlayerState.UNSTARTED, duration: 0 };
      this.listeners = new Map(Object.entries(options.events ?? {}).map(([n, f]) => [n, [f]]));
      this.iframe = element.tagName === "IFRAME" ? element : this.made(element);
      this.origin = new URL(this.iframe.src).origin;
      this.hear = (event) => {
        if (event.source !== this.iframe.contentWindow || event.origin !== this.origin) return;
        this.take(JSON.parse(event.data));
      };
      window.addEventListener("message", this.hear);
      // Said until the frame answers: a frame that was there before may have come, or not yet.
      const greet = () => {
        this.greeting = setInterval(() => this.post({ event: "listening" }), 50);
      };
      if (this.iframe === element) greet();
      else this.iframe.addEventListener("load", greet, { once: true });
    }

    made(element) {
      const { host = "https://www.youtube.com", videoId, playerVars = {} } = this.options;
      const query = new URLSearchParams({ ...playerVars, enablejsapi: 1, widgetid: this.id });
      const iframe = document.createElement("iframe");
      iframe.id = element.id;
      iframe.className = element.className;
      iframe.title = "YouTube video player";
      iframe.allow = "accelerometer; autoplay; clipboard-write; encrypted-media; picture-in-picture";
      iframe.referrerPolicy = "strict-origin-when-cross-origin";
      iframe.width = this.options.width ?? 640;
      iframe.height = this.options.height ?? 360;
      iframe.src = `${host}/embed/${encodeURIComponent(videoId)}?${query}`;
      element.replaceWith(iframe);
      return iframe;
    }

    take(message) {
      clearInterval(this.greeting);
      if (message.event === "onReady") {
        if (this.ready) return;
        this.ready = true;
        // Its methods are there when it is ready, and not before, as in the original.
        for (const name of ["seekTo", "playVideo", "pauseVideo", "stopVideo", "mute", "unMute"]) {
          this[name] = (...args) => this.post({ event: "command", func: name, args });
        }
        this.getCurrentTime = () => this.info.currentTime;
        this.getDuration = () => this.info.duration;
        this.getPlayerState = () => this.info.playerState;
      }
      if (message.info && typeof message.info === "object") Object.assign(this.info, message.info);
      if (message.event === "onStateChange") this.info.playerState = message.info;
      for (const listener of this.listeners.get(message.event) ?? []) {
        listener({ target: this, data: message.info ?? null });
      }
    }

    post(message) {
      const whole = JSON.stringify({ ...message, id: this.id, channel: "widget" });
      this.iframe.contentWindow?.postMessage(whole, this.origin);
    }

    addEventListener(name, listener) {
      this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    }

    getIframe() {
      return this.iframe;
    }

    destroy() {
      clearInterval(this.greeting);
      window.removeEventListener("message", this.hear);
      this.iframe.remove();
    }
  };

  YT.loaded = 1;
  window.onYouTubeIframeAPIReady?.();
})();
