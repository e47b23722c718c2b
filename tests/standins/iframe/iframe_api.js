/* What https://www.youtube.com/iframe_api does, as far as pages can see: it names YT, then brings
   the script that makes players, which calls window.onYouTubeIframeAPIReady. */
if (!window.YT) window.YT = { loading: 0, loaded: 0 };
if (!window.YT.loading) {
  window.YT.loading = 1;
  const script = document.createElement("script");
  script.id = "www-widgetapi-script";
  script.src = "https://www.youtube.com/s/player/standin/www-widgetapi.vflset/www-widgetapi.js";
  script.async = true;
  const first = document.getElementsByTagName("script")[0];
  first.parentNode.insertBefore(script, first);
}
