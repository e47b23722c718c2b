// Moments in addresses: `#t=437` marks what is said there and offers to play it, a timestamp that
// is clicked plays and is written into the address, and links to moments can be copied.
import { announce } from "./announce.js";
import { clock, secondOf } from "./times.js";

/** The citations of one second, in the order of the text. */
function citationsAt(second) {
  return [...document.querySelectorAll(`.cite[data-t="${second}"]`)];
}

function mark(citations) {
  for (const old of document.querySelectorAll(".cite.said, .statement.marked")) {
    old.classList.remove("said", "marked");
  }
  for (const citation of citations) {
    citation.classList.add("said");
    citation.closest(".statement")?.classList.add("marked");
  }
}

function addressOf(second) {
  const address = new URL(location.href);
  address.hash = `t=${second}`;
  return address.href;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not allowed here, or not a secure page
  }
}

export function startAddress(player) {
  function arrive() {
    const second = secondOf(location.hash);
    if (second === null) return mark([]);
    const citations = citationsAt(second);
    mark(citations);
    (citations[0]?.closest(".statement") ?? citations[0])?.scrollIntoView({ block: "center" });
    player?.offer(second);
    return undefined;
  }

  document.addEventListener("click", (event) => {
    const citation = event.target.closest?.(".cite");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!citation || !plain || !player) return;
    event.preventDefault();
    const second = Number(citation.dataset.t);
    if (secondOf(location.hash) !== second) history.pushState(null, "", addressOf(second));
    mark([citation]);
    player.play(second);
    citation.scrollIntoView({ block: "nearest" });
  });

  document.querySelector("[data-copy]")?.addEventListener("click", async () => {
    const second = Math.floor(player.time);
    const address = addressOf(second);
    if (await copy(address)) {
      announce(`A link to ${clock(second)} is copied`);
    } else {
      history.replaceState(null, "", address);
      announce(`The address of this page names ${clock(second)} now: copy it from there`);
    }
  });

  window.addEventListener("hashchange", arrive);
  arrive();
}
