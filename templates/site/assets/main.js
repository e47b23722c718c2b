// What a page does when scripts run: each part is a module of its own, and this one puts them
// together.
import { startAddress } from "./address.js";
import { startContents } from "./contents.js";
import { startEvidence } from "./evidence.js";
import { startGraphs } from "./graphs.js";
import { startKeys } from "./keyboard.js";
import { Player } from "./player.js";
import { startSearch } from "./searching.js";
import { startTabs } from "./tabs.js";
import { startThemeButton } from "./themebutton.js";
import { startTranscript } from "./transcript.js";

document.documentElement.classList.add("js");

const section = document.getElementById("video");
const player = section ? new Player(section) : null;

const openSearch = startSearch();
startThemeButton();
startContents();
startTabs();
startGraphs();
startEvidence();
startTranscript(player);
startAddress(player);
startKeys({ player, openSearch });
