// The web chat page: shows the talk, and sends what the person says.
//
// The one rule: what the person has said is kept here until the server says it has it, and goes out in the order
// it was said, under a key made once, so that saying it again after a lost connection has one effect.
//
// Old phones are common among the people this is for, so the newest syntax is left out, here and in the files this
// one takes in (no ?. and no ??): one such character would stop the whole page there.

import * as more from "/chat/more.js";
import * as talk from "/chat/talk.js";
import { aloud, changeLanguage, say, sayEverything, tell, word } from "/chat/words.js";

const KEPT = "townbell.unsent";        // the one name in this phone's storage
const SECOND = 1000;
const ANSWER_WITHIN = 30 * SECOND;     // the server holds a question for news up to 20
const UPLOAD_WITHIN = 180 * SECOND;    // a photo, over a poor connection

const $ = (id) => document.getElementById(id);
const writing = $("write");
let unsent = [];                       // oldest first
let newest = 0;                        // the highest id of what the server has
let numberedSince = 0;                 // since when the server counts these ids
let left = false;                      // the person left; nothing more is sent, asked or kept

let wordsAskedFor = document.documentElement.lang;

/** When the talk goes on in another language, the page follows. The server says which language that is, and none
    while it is unsure and asks in two: the language of a single answer would turn the page for nothing. */
async function follow(lang) {
  if (!lang || lang === wordsAskedFor) return;
  wordsAskedFor = lang;
  try {
    const response = await request("/chat/phrases?lang=" + encodeURIComponent(lang));
    if (!response.ok) throw new Error("no phrases");
    const answer = await response.json();
    if (wordsAskedFor !== lang) return;
    changeLanguage(answer);
    grow();
  } catch (error) {
    wordsAskedFor = document.documentElement.lang; // the old words still do; the next message asks again
  }
}

// ---- The connection ----

const sleepers = new Set();
let listening = null;                  // what stops the question for news that is open now
let isConnected = true;

/** Waits; unless we were told how long, what makes it worth trying at once ends it early. */
const rest = (ms, told) => new Promise((resolve) => {
  const up = () => { clearTimeout(timer); sleepers.delete(up); resolve(); };
  const timer = setTimeout(up, ms);
  if (!told) sleepers.add(up);
});

/** 1, 2, 4 ... 30 seconds, and not the same for everybody: a server that comes back is not run over. */
const backoff = (failures) => Math.min(30, 2 ** (failures - 1)) * SECOND * (0.6 + 0.4 * Math.random());

function wake() {
  if (listening) listening.abort();    // after sleep or a new network the old connection is often dead, silently
  sleepers.forEach((up) => up());
}

function connected(yes) {
  if (yes === isConnected) return;
  isConnected = yes;
  if (!yes) return tell("page.offline");
  if ($("notice").dataset.say === "page.offline") tell("");
  aloud("page.online");
}

async function request(path, options, within, stop) {
  const ending = stop || new AbortController();
  const timer = setTimeout(() => ending.abort(), within || ANSWER_WITHIN);
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", signal: ending.signal, ...options });
  } finally {
    clearTimeout(timer);
  }
}

// ---- Hearing ----

async function keepListening() {
  let failures = 0;
  while (!left) {
    if (document.hidden) { await rest(3600 * SECOND); continue; } // saves the battery; coming back wakes it
    const began = Date.now();
    const lasted = () => Date.now() - began;
    const ending = listening = new AbortController();
    const onScreen = talk.ids();         // before we ask: what comes on while we wait is no news to the server
    try {
      const response = await request("/chat/messages?after=" + newest, {}, ANSWER_WITHIN, ending);
      if (response.status === 401) return closed();
      if (!response.ok) throw new Error("status " + response.status);
      const answer = await response.json();
      if (left) return;
      failures = 0;
      connected(true);
      if (numberedSince && answer.began && numberedSince !== answer.began) answer.ids = answer.messages = []; // of a new talk
      numberedSince = answer.began;
      const before = newest;
      erased(onScreen, answer.ids);
      heard(answer.messages);
      follow(answer.lang);
      if (newest === before && lasted() < SECOND) await rest(SECOND); // a server that does not wait is not hammered
    } catch (error) {
      if (ending.signal.aborted && lasted() < ANSWER_WITHIN) continue; // woken
      failures += 1;
      if (failures > 1) connected(false);
      await rest(backoff(failures));
    }
  }
}

/** What the server has no more, because the person had it erased, goes from the screen of every tab. */
function erased(onScreen, ranges) {
  const last = ranges.length ? ranges[ranges.length - 1][1] : 0;
  const isThere = (id) => ranges.some(([low, high]) => low <= id && id <= high);
  const isGone = (id) => !isThere(id) && (id < last || onScreen.indexOf(id) >= 0);
  if (last || talk.hasOwn()) talk.ids().filter(isGone).forEach(talk.erase);
  else talk.keepGoodbye();             // everything was deleted before; let them read that it was
  newest = Math.min(newest, last);
}

function heard(messages) {
  const first = newest === 0;
  for (const message of messages) newest = Math.max(newest, message.id);
  talk.show(messages, first);
}

/** The server does not know us any more: another tab has left, or the cookie is gone. */
function closed() {
  left = true;
  tell("page.closed");
}

// ---- Saying ----

// Not crypto.randomUUID: it is missing on old phones and on plain http in a local network.
const hex = (n) => n.toString(16).padStart(2, "0");
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join("");

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || [];
  } catch (error) {
    return [];                         // no storage, as in some private windows: memory has to do
  }
}

/** Reads, changes, writes: a second tab keeps its messages under the same name. */
function changeKept(change) {
  const list = change(kept());
  localStorageTakes(list) || localStorageTakes(list.filter((m) => !m.data)); // full: words first
}

function localStorageTakes(list) {
  try {
    if (list.length) localStorage.setItem(KEPT, JSON.stringify(list));
    else localStorage.removeItem(KEPT);
    return true;
  } catch (error) {
    return false;
  }
}

function add(message) {
  message.key = newKey();
  unsent.push(message);
  changeKept((list) => list.concat(message));
  showUnsent(message);
  talk.scrollToEnd();
  keepSending();
}

function showUnsent(message) {
  talk.showOwn(message, unsent[0] === message && isConnected ? "sending" : "waiting");
}

function arrived(key) {
  unsent = unsent.filter((m) => m.key !== key);
  changeKept((list) => list.filter((m) => m.key !== key));
}

let sending = false;

/** One at a time, in order; a message that meets trouble holds the ones behind it. */
async function keepSending() {
  if (sending) return;
  sending = true;
  let failures = 0;
  while (unsent.length && !left) {
    const message = unsent[0];
    if (!failures) talk.mark(message, "sending");
    const result = await deliver(message);
    if (left) break;
    if (result.id) {
      failures = 0;
      arrived(message.key);
      talk.mark(message, "sent");
      talk.placeOwn(message, result.id);
    } else if (result.refused) {
      failures = 0;
      refused(message, result.refused);
    } else if (result.closed) {
      closed();
    } else {
      failures += 1;
      unsent.forEach((m) => talk.mark(m, "waiting"));
      if (result.slow) tell("page.slow");
      if (!result.answered && failures > 1) connected(false);
      await (result.after ? rest(result.after * SECOND, true) : rest(backoff(failures)));
      if (result.slow) tell("");
    }
  }
  sending = false;
}

/** Hands one message over: an id, a sentence why it is refused for good, or nothing (try again). */
async function deliver(message) {
  try {
    const response = await post(message);
    const after = Math.min(600, Number(response.headers.get("Retry-After")) || 0);
    switch (response.status) {
      case 202: return await response.json();
      case 400: return { refused: (await response.json()).error || word("page.failed") };
      case 401: return { closed: true };
      case 413: return { refused: word(message.data ? "page.too_large" : "page.too_long") };
      case 415: return { refused: word("page.not_media") };
      case 429: return { answered: true, slow: true, after: after || 5 };
      default: return { answered: true, after };
    }
  } catch (error) {
    return {};
  }
}

function post(message) {
  const { key, text, choice, location, data } = message;
  const body = data ? talk.blobOf(data) : JSON.stringify({ key, text, choice, location });
  const headers = { "Content-Type": data ? body.type : "application/json" };
  const path = data ? "/chat/media?key=" + key : "/chat/messages";
  return request(path, { method: "POST", headers, body }, data ? UPLOAD_WITHIN : ANSWER_WITHIN);
}

/** Refused for good. Words go back to the writing row, so that they can be mended and are not lost. */
function refused(message, sentence) {
  arrived(message.key);
  if (message.text) {
    talk.takeOff(message);
    writing.value = writing.value ? message.text + "\n" + writing.value : message.text;
    grow();
  } else {
    talk.mark(message, "failed");
    talk.placeOwn(message, newest + 0.5); // it stays where it was said; the talk goes on below
  }
  tell("", sentence);
}

// ---- Writing ----

// On a touch keyboard Enter is the only way to a new line; there the send button sends.
const touch = matchMedia("(hover: none) and (pointer: coarse)").matches;

function sendText() {
  const text = writing.value.trim();
  writing.focus();
  if (!text) return;
  writing.value = "";
  grow();
  if (isConnected) tell("");           // what it said before is over
  add({ text });
}

function grow() {
  writing.dir = writing.value ? "auto" : document.documentElement.dir; // "auto" puts the hint on the wrong side
  writing.style.height = "auto";
  writing.style.height = writing.scrollHeight + 3 + "px"; // 3: the two edges
}

writing.enterKeyHint = touch ? "enter" : "send";
writing.addEventListener("input", grow);
writing.addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229; // Enter picks a word in some keyboards
  if (event.key !== "Enter" || event.shiftKey || touch || composing) return;
  event.preventDefault();
  sendText();
});
$("send").addEventListener("click", sendText);

// ---- Leaving, on a shared phone ----

const tabs = window.BroadcastChannel ? new BroadcastChannel("townbell") : null;
if (tabs) tabs.onmessage = () => location.reload(); // another tab has left

$("leave").addEventListener("click", () => {
  if ($("leave-dialog").showModal) $("leave-dialog").showModal();
  else if (confirm(word("page.leave_question") + "\n" + word("page.leave_why"))) leave(); // an old phone
});
$("stay").addEventListener("click", () => $("leave-dialog").close());
$("leave-dialog").addEventListener("close", () => left && location.reload()); // emptied, not closed
$("leave-now").addEventListener("click", leave);

/** The screen and this phone's storage first, at once; then the server forgets the cookie, which only it can. */
async function leave() {
  left = true;
  wake();
  unsent = [];
  changeKept(() => []);
  writing.value = $("talk").textContent = $("preview").textContent = "";
  try {
    const response = await request("/chat/leave", { method: "POST" });
    if (!response.ok) throw new Error("status " + response.status);
    if (tabs) tabs.postMessage("left");
    location.replace("/chat" + location.search); // so that "back" does not bring the talk back
  } catch (error) {
    say($("leave-trouble"), "page.leave_failed");
  }
}

// ---- Begin ----

window.addEventListener("online", wake);
window.addEventListener("offline", () => connected(false));
document.addEventListener("visibilitychange", () => document.hidden || wake());

sayEverything();
for (const id of ["below", "leave"]) $(id).hidden = false;
grow();
talk.begin({ add, arrived, unsent: () => unsent });
unsent = kept();
unsent.forEach(showUnsent);
keepSending();
keepListening();
more.begin({ add });
