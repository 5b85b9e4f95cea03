// The web chat page: shows the talk, and sends what the person says.
//
// The one rule: what the person has said is kept here until the server says it has it, and goes out in the order
// it was said, under a key made once, so that saying it again after a lost connection has one effect.
//
// What anybody wrote is only ever put in as text, never as HTML. Old phones are common among the people this is
// for, so the newest syntax is left out (no ?. and no ??): one such character would stop the whole page there.

const KEPT = "townbell.unsent";        // the one name in this phone's storage
const SECOND = 1000;
const ANSWER_WITHIN = 30 * SECOND;     // the server holds a question for news up to 20
const UPLOAD_WITHIN = 180 * SECOND;    // a photo over a poor connection
const VOICE_SECONDS = 180;
const PHOTO_SIDE = 2048;

const $ = (id) => document.getElementById(id);
const talk = $("talk");
const writing = $("write");
const entries = new Map();             // the person's messages on screen, by key
const seen = new Set();                // the ids on screen
let unsent = [];                       // oldest first
let newest = 0;                        // the highest id the server told us of
let question = null;                   // the choices that can be tapped now
let left = false;                      // the person left; nothing more is sent, asked or kept

// ---- Words ----

let words = JSON.parse(document.body.dataset.phrases);
let wordsAskedFor = document.documentElement.lang;

const word = (key) => words[key] || key;

function say(element, key) {
  element.dataset.say = key;
  element.textContent = word(key);
}

function sayEverything() {
  document.title = word("page.title");
  for (const e of document.querySelectorAll("[data-say]")) e.textContent = word(e.dataset.say);
  for (const e of document.querySelectorAll("[data-label]")) e.setAttribute("aria-label", word(e.dataset.label));
  for (const e of document.querySelectorAll("[data-hint]")) e.placeholder = word(e.dataset.hint);
}

/** When Townbell begins to answer in another language, the page follows. */
async function follow(lang) {
  if (!lang || lang === wordsAskedFor) return;
  wordsAskedFor = lang;
  try {
    const response = await request("/chat/phrases?lang=" + encodeURIComponent(lang));
    if (!response.ok) throw new Error("no phrases");
    const answer = await response.json();
    if (wordsAskedFor !== lang) return;
    words = answer.phrases;
    document.documentElement.lang = answer.lang;
    document.documentElement.dir = answer.dir;
    sayEverything();
    grow();
  } catch (error) {
    wordsAskedFor = document.documentElement.lang; // the old words still do; the next message asks again
  }
}

/** One line above the writing row. Quiet ones are only heard, by a screen reader. */
function tell(key, quiet) {
  const notice = $("notice");
  notice.classList.toggle("unseen", Boolean(quiet));
  if (key) return say(notice, key);
  delete notice.dataset.say;
  notice.textContent = "";
}

function tellSentence(sentence) {
  tell("");
  $("notice").textContent = sentence;
}

// ---- The connection ----

const sleepers = new Set();
let listening = null;                  // what stops the question for news that is open now
let isConnected = true;

/** Waits, unless something happens that makes it worth trying at once. */
function rest(ms) {
  return new Promise((resolve) => {
    const up = () => { clearTimeout(timer); sleepers.delete(up); resolve(); };
    const timer = setTimeout(up, ms);
    sleepers.add(up);
  });
}

const patience = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** 1, 2, 4 ... 30 seconds, and not the same for everybody: a server that comes back is not run over. */
const backoff = (failures) => Math.min(30, 2 ** (failures - 1)) * SECOND * (0.6 + 0.4 * Math.random());

function wake() {
  if (listening) listening.abort();    // after sleep or a new network the old connection is often dead, silently
  sleepers.forEach((up) => up());
}

function connected(yes) {
  if (yes === isConnected) return;
  isConnected = yes;
  tell(yes ? "page.online" : "page.offline", yes);
}

async function request(path, options, within, stop) {
  const ending = stop || new AbortController();
  const timer = setTimeout(() => ending.abort(), within || ANSWER_WITHIN);
  try {
    return await fetch(path, Object.assign({ credentials: "same-origin", cache: "no-store", signal: ending.signal }, options));
  } finally {
    clearTimeout(timer);
  }
}

// ---- Hearing ----

async function keepListening() {
  let failures = 0;
  while (!left) {
    if (document.hidden) { await rest(3600 * SECOND); continue; } // saves the battery; coming back wakes it
    listening = new AbortController();
    const woken = listening.signal;
    const began = Date.now();
    try {
      const response = await request("/chat/messages?after=" + newest, {}, ANSWER_WITHIN, listening);
      if (response.status === 401) return closed();
      if (!response.ok) throw new Error("status " + response.status);
      const { messages } = await response.json();
      if (left) return;
      failures = 0;
      connected(true);
      show(messages);
      if (!messages.length && Date.now() - began < SECOND) await rest(SECOND); // a server that does not wait is not hammered
    } catch (error) {
      if (woken.aborted && Date.now() - began < ANSWER_WITHIN) continue;
      failures += 1;
      if (failures > 1) connected(false);
      await rest(backoff(failures));
    }
  }
}

/** The server does not know us any more: another tab has left, or the cookie is gone. */
function closed() {
  left = true;
  tell("page.closed");
}

// ---- Saying ----

// Not crypto.randomUUID: it is missing on old phones and on plain http in a local network.
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");

function kept() {
  try {
    const list = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(list) ? list : [];
  } catch (error) {
    return [];                         // no storage, as in some private windows: memory has to do
  }
}

/** Reads, changes, writes: a second tab keeps its messages under the same name. */
function changeKept(change) {
  const list = change(kept());
  try {
    if (list.length) localStorage.setItem(KEPT, JSON.stringify(list));
    else localStorage.removeItem(KEPT);
  } catch (error) {
    // Full. Words first: recordings and photos then live only as long as the page.
    try { localStorage.setItem(KEPT, JSON.stringify(list.filter((m) => !m.data))); } catch (again) { /* memory has to do */ }
  }
}

function add(message) {
  message.key = newKey();
  unsent.push(message);
  changeKept((list) => list.concat(message));
  showUnsent(message);
  scrollToEnd();
  keepSending();
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
    if (!failures) mark(message, "sending");
    const result = await deliver(message);
    if (left) break;
    if (result.id) {
      failures = 0;
      arrived(message.key);
      mark(message, "sent");
      place(entries.get(message.key), result.id);
    } else if (result.refused) {
      failures = 0;
      refused(message, result.refused);
    } else if (result.closed) {
      closed();
    } else {
      failures += 1;
      unsent.forEach((m) => mark(m, "waiting"));
      if (result.slow) tell("page.slow");
      if (!result.answered && failures > 1) connected(false);
      await (result.after ? patience(result.after * SECOND) : rest(backoff(failures)));
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
  const { key, text, choice, location } = message;
  if (message.data) {
    const blob = blobOf(message.data);
    const headers = { "Content-Type": blob.type };
    return request("/chat/media?key=" + key, { method: "POST", headers, body: blob }, UPLOAD_WITHIN);
  }
  const headers = { "Content-Type": "application/json" };
  return request("/chat/messages", { method: "POST", headers, body: JSON.stringify({ key, text, choice, location }) });
}

/** Refused for good. Words go back to the writing row, so that they can be mended and are not lost. */
function refused(message, sentence) {
  arrived(message.key);
  if (message.text) {
    entries.get(message.key).remove();
    writing.value = writing.value ? message.text + "\n" + writing.value : message.text;
    grow();
  } else {
    mark(message, "failed");
  }
  tellSentence(sentence);
}

// ---- The talk on screen ----

/** Phone numbers and references keep their order inside a line that runs from right to left. */
const TOGETHER = /(\+\p{Nd}[\p{Nd} \u00a0\u202f()/-]{5,}\p{Nd}|\b0\d{2,}[\d \u00a0\u202f/-]{2,}\d|\b[A-Z]{2,4}-[A-Z0-9]{4}\b)/u;
const ONLY_EMOJI = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\s]+$/u;

function putText(element, text) {
  element.classList.toggle("emoji", ONLY_EMOJI.test(text));
  text.split(TOGETHER).forEach((part, n) => element.append(n % 2 ? apart(part) : part));
}

function apart(text) {
  const bdi = document.createElement("bdi");
  bdi.dir = "ltr";
  bdi.textContent = text;
  return bdi;
}

function entryFor(from, message) {
  const entry = $("entry").content.firstElementChild.cloneNode(true);
  entry.classList.add(from === "person" ? "mine" : "theirs");
  say(entry.querySelector(".unseen"), from === "person" ? "page.you" : "page.we");
  const text = entry.querySelector(".text");
  text.dir = (from === "townbell" && message.dir) || "auto";
  if (message.lang) text.lang = message.lang;
  if (message.media || message.location) putThing(text, message);
  if (message.text || message.label) putText(text, message.text || message.label);
  return entry;
}

/** A photo, a voice note or a place: the thing itself while we have it, its sign and word after a reload. */
function putThing(element, message) {
  const { media, data, location } = message;
  element.classList.add("thing");
  if (data) {
    element.classList.add("picture");
    return element.append(playerFor(media, blobOf(data)));
  }
  const name = document.createElement("span");
  say(name, "page." + (media || "place"));
  element.dir = document.documentElement.dir;
  element.append(icon({ photo: "camera", voice: "microphone" }[media] || "pin"), name);
  if (location) element.append(apart(location.lat + ", " + location.lon));
}

function playerFor(media, blob) {
  const player = document.createElement(media === "photo" ? "img" : "audio");
  player.src = URL.createObjectURL(blob);
  player.controls = true;
  player.onload = () => follows && scrollToEnd();
  player.dataset.label = "page." + media;
  player[media === "photo" ? "alt" : "ariaLabel"] = word("page." + media);
  return player;
}

function blobOf(data) {
  const [, type, content] = data.match(/^data:([^;,]*)[^,]*,(.*)$/);
  return new Blob([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], { type: type || "application/octet-stream" });
}

function icon(name) {
  const svg = document.querySelector(".icon").cloneNode(true);
  svg.setAttribute("class", "icon");
  svg.firstElementChild.setAttribute("href", "#" + name);
  return svg;
}

function showUnsent(message) {
  const entry = entryFor("person", message);
  entries.set(message.key, entry);
  talk.append(entry);
  mark(message, unsent[0] === message && isConnected ? "sending" : "waiting");
  answered(message);
}

function mark(message, state) {
  const entry = entries.get(message.key);
  if (entry.dataset.state === state) return;
  entry.dataset.state = state;
  say(entry.querySelector(".state"), "page." + state);
  if (isConnected || state === "sent") tell("page." + state, true);
}

/** Puts an entry where its id belongs; what has no id yet stays at the end. */
function place(entry, id) {
  seen.add(id);
  entry.dataset.id = id;
  let before = talk.lastElementChild;
  while (before && (before === entry || !(Number(before.dataset.id || (before.id ? -1 : Infinity)) < id))) before = before.previousElementSibling;
  // Moving what is already in place would make a screen reader say it again.
  if (entry.previousElementSibling !== before || !entry.parentNode) talk.insertBefore(entry, before ? before.nextSibling : talk.firstChild);
}

function show(messages) {
  const first = newest === 0;
  const following = follows;
  let news = null;
  for (const message of messages) {
    newest = Math.max(newest, message.id);
    const entry = showOne(message);
    if (entry && message.from === "townbell") news = first ? entry : news || entry;
  }
  const spoken = messages.filter((m) => m.from === "townbell").pop();
  if (spoken) follow(spoken.lang);
  if (first && messages.length) $("welcome").hidden = messages[0].from === "townbell"; // it has said hello itself
  if (news && following) reveal(news);
  else if (news) $("newer").hidden = false;
}

/** Shows one message of the server's, and returns its entry if it is new on screen. */
function showOne(message) {
  const mine = message.from === "person" && entries.get(message.key);
  if (mine) {                          // our own, come back: so it has arrived, whatever became of the answer
    arrived(message.key);
    mark(message, "sent");
    place(mine, message.id);
    return null;
  }
  if (seen.has(message.id)) return null;
  const entry = entryFor(message.from, message);
  if (message.from === "person") {
    if (message.key) entries.set(message.key, entry);
    answered(message);
  } else if (message.choices && message.choices.length) {
    ask(entry, message);
  }
  place(entry, message.id);
  return entry;
}

// ---- Where the talk is scrolled to ----

let follows = true;                    // the person is at the end of the talk, not reading back

talk.addEventListener("scroll", () => {
  follows = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  if (follows) $("newer").hidden = true;
});
if (window.ResizeObserver) new ResizeObserver(() => follows && scrollToEnd()).observe(talk); // the keyboard opens, the row grows

function scrollToEnd() {
  talk.scrollTop = talk.scrollHeight;
  follows = true;
  $("newer").hidden = true;
}

/** The end of the talk, but never past the beginning of what is new: a long answer is read from its first line. */
function reveal(entry) {
  talk.scrollTop = entry.offsetTop - 12;
}

// ---- Choices ----

const numberOf = (choice, n) => String(choice.number || n + 1);

function ask(entry, message) {
  closeQuestion(-1);
  const group = document.createElement("div");
  group.className = "choices";
  group.setAttribute("role", "group");
  group.dataset.label = "page.choices";
  group.setAttribute("aria-label", word("page.choices"));
  const buttons = message.choices.map((choice, n) => {
    const button = $("choice").content.firstElementChild.cloneNode(true);
    button.querySelector(".number").textContent = numberOf(choice, n);
    button.querySelector("span").textContent = choice.label;
    button.lang = message.lang;
    button.dir = message.dir || "auto";
    button.addEventListener("click", () => choose(choice));
    return button;
  });
  group.append(...buttons);
  entry.append(group);
  question = { buttons, choices: message.choices };
  unsent.filter((m) => m.choice).forEach(answered); // tapped before a reload, not sent yet
}

function choose(choice) {
  if (!question || !question.choices.includes(choice)) return; // a second tap, or an old question
  tell("");
  add({ choice: choice.id, label: choice.label });
}

/** The question is over when it was answered: by a tap, or by writing its number or its words. */
function answered(message) {
  if (!question) return;
  const said = plainDigits((message.text || "").trim()).replace(/[.)\ufe0f\u20e3]+$/, "");
  const is = (choice, n) => (message.choice ? choice.id === message.choice : said === choice.label || said === numberOf(choice, n));
  const at = question.choices.findIndex(is);
  if (at >= 0) closeQuestion(at);
}

function closeQuestion(chosen) {
  if (!question) return;
  const hadFocus = question.buttons.includes(document.activeElement);
  question.buttons.forEach((button, n) => {
    button.disabled = true;
    if (n === chosen) button.setAttribute("aria-pressed", "true");
  });
  question = null;
  if (hadFocus) talk.focus({ preventScroll: true }); // else the keyboard's place in the page is lost
}

/** Digits of any script as 0-9; in Unicode every script's ten stand in one row. */
function plainDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0);
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((code - zero) % 10);
  });
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
  if (isConnected) tell("");
  add({ text });
}

function grow() {
  writing.dir = writing.value ? "auto" : document.documentElement.dir; // an empty "auto" would put the hint on the wrong side
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
$("newer").addEventListener("click", () => { scrollToEnd(); talk.focus({ preventScroll: true }); });

// ---- Leaving, on a shared phone ----

const tabs = window.BroadcastChannel ? new BroadcastChannel("townbell") : null;
if (tabs) tabs.onmessage = () => location.reload(); // another tab has left

$("leave").addEventListener("click", () => $("leave-dialog").showModal());
$("stay").addEventListener("click", () => $("leave-dialog").close());
$("leave-dialog").addEventListener("close", () => left && location.reload()); // emptied but not closed: show what is there
$("leave-now").addEventListener("click", leave);

/** The screen and this phone's storage first, at once; then the server forgets the cookie, which only it can. */
async function leave() {
  left = true;
  wake();
  unsent = [];
  changeKept(() => []);
  writing.value = "";
  talk.replaceChildren();
  $("preview").replaceChildren();
  try {
    const response = await request("/chat/leave", { method: "POST" });
    if (!response.ok) throw new Error("status " + response.status);
    if (tabs) tabs.postMessage("left");
    location.replace("/chat");         // so that "back" does not bring the talk back
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
unsent = kept();
unsent.forEach(showUnsent);
keepSending();
keepListening();
