// Seconds of a video as people read them, and as addresses have them.

/** `1:20`, `1:02:03`: a second as the page's timestamps say it. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** The second that `#t=437`, `#t=437s` or `#t=1h2m3s` names, or null. */
export function secondOf(hash) {
  const found = /^#t=(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s?)?$/.exec(hash);
  if (!found || hash === "#t=") return null;
  const [hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}

/** The address of a video on YouTube from a second on. */
export function onYouTube(url, seconds) {
  const address = new URL(url);
  if (seconds > 0) address.searchParams.set("t", `${Math.floor(seconds)}s`);
  return address.href;
}
