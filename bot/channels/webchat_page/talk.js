// The talk on screen: each message once and in the order of the server, the choices that can be tapped now, and
// where it is scrolled to. What anybody wrote is only ever put in as text, never as HTML.

import { aloud, say, word } from "/chat/words.js";

const $ = (id) => document.getElementById(id);
const talk = $("talk");
const entries = new Map();             // the person's messages on screen, by key
let question = null;                   // the choices that can be tapped now: their buttons, and what they mean
let page;                              // what the page lends: what is unsent, what has arrived, how to add

export const begin = (lent) => { page = lent; };

// ---- A message ----

/** Phone numbers and references keep their order inside a line that runs from right to left. */
const TOGETHER = /(\+\p{Nd}[\p{Nd} \u00a0()/-]{5,}\p{Nd}|\b0\d{2,}[\d \u00a0/-]{2,}\d|\b[A-Z]{2,4}-[A-Z0-9]{4}\b)/u;
const ONLY_EMOJI = /^[\p{Emoji_Presentation}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\s]+$/u;

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
  const mine = from === "person";
  entry.classList.add(mine ? "mine" : "theirs");
  say(entry.querySelector(".unseen"), mine ? "page.you" : "page.we");
  const text = entry.querySelector(".text");
  text.dir = (!mine && message.dir) || "auto";
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

export function playerFor(media, blob) {
  const player = document.createElement(media === "photo" ? "img" : "audio");
  player.src = URL.createObjectURL(blob);
  player.controls = true;
  player.onload = () => follows && scrollToEnd();
  player.dataset.label = "page." + media;
  player.setAttribute("aria-label", word("page." + media));
  return player;
}

/** A photo or voice note, from the text it is kept as. */
export function blobOf(data) {
  const [, type, content] = data.match(/^data:([^;,]*)[^,]*,(.*)$/);
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: type || "application/octet-stream" });
}

function icon(name) {
  const svg = document.querySelector(".icon").cloneNode(true);
  svg.setAttribute("class", "icon");
  svg.firstElementChild.setAttribute("href", "#" + name);
  return svg;
}

export function showOwn(message, state) {
  const entry = entryFor("person", message);
  entry.dataset.key = message.key;
  entries.set(message.key, entry);
  talk.append(entry);
  mark(message, state);
  answered(message);
}

/** What became of the person's message: "sending", "waiting", "sent" or "failed". */
export function mark(message, state) {
  const entry = entries.get(message.key);
  if (!entry || entry.dataset.state === state) return; // erased meanwhile, or nothing new
  entry.dataset.state = state;
  say(entry.querySelector(".state"), "page." + state);
  aloud("page." + state);
}

export function placeOwn(message, id) {
  if (entries.has(message.key)) place(entries.get(message.key), id);
}

export const takeOff = (message) => entries.get(message.key).remove();

/** The ids of all on screen that the server has, or had; what failed stands at half an id, and is ours alone. */
export const ids = () => Array.from(talk.children, (e) => Number(e.dataset.id)).filter((id) => id && id % 1 === 0);

/** Takes off what was erased, and with it the choices that it offered. */
export function erase(id) {
  const entry = onScreen(id);
  if (!entry) return;
  if (question && entry.contains(question.buttons[0])) closeQuestion(-1);
  if (revealed && revealed.entry === entry) revealed = null;
  entries.forEach((e, key) => e === entry && entries.delete(key));
  entry.remove();
}

export const hasOwn = () => Boolean(talk.querySelector(".mine[data-id]"));

/** What we said last stays, as words that have no number: the next talk counts from one. */
export function keepGoodbye() {
  for (const id of ids()) delete onScreen(id).dataset.id;
}

/** Puts an entry where its id belongs; what has no id yet stays at the end. */
function place(entry, id) {
  entry.dataset.id = id;
  const isLater = (e) => e !== entry && (e.dataset.id ? Number(e.dataset.id) > id : e.dataset.key);
  const next = Array.from(talk.children).find(isLater) || null;
  // Moving what is already in place would make a screen reader say it again.
  if (!entry.parentNode || entry.nextElementSibling !== next) talk.insertBefore(entry, next);
}

/** Shows what the server has; at first that is the whole talk. */
export function show(messages, first) {
  const following = follows;
  const news = messages.filter((m) => showOne(m) && (first || m.from === "townbell"));
  if (first && messages.length) $("welcome").hidden = messages[0].from === "townbell"; // it has said hello itself
  if (!news.length) return;
  if (following) reveal(onScreen(first ? news.pop().id : news[0].id));
  else $("newer").hidden = false;
}

/** Shows one message of the server's; true if it is new on screen. */
function showOne(message) {
  const mine = message.from === "person" && entries.get(message.key);
  if (mine) {                          // our own, come back: so it has arrived, whatever became of the answer
    page.arrived(message.key);
    mark(message, "sent");
    place(mine, message.id);
    return false;
  }
  if (onScreen(message.id)) return false;
  const entry = entryFor(message.from, message);
  if (message.from === "person") {
    if (message.key) entries.set(message.key, entry);
    answered(message);
  } else if (message.choices && message.choices.length) {
    ask(entry, message);
  }
  place(entry, message.id);
  return true;
}

const onScreen = (id) => talk.querySelector('[data-id="' + Number(id) + '"]');

// ---- Where the talk is scrolled to ----

let follows = true;                    // the person is at the end of the talk, not reading back

talk.addEventListener("scroll", () => {
  follows = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
  if (follows) $("newer").hidden = true;
});
// When the keyboard opens or the writing row grows, the end stays in sight.
if (window.ResizeObserver) new ResizeObserver(() => follows && scrollToEnd()).observe(talk);

export function scrollToEnd() {
  talk.scrollTop = talk.scrollHeight;
  follows = true;
  revealed = null;
  $("newer").hidden = true;
}

$("newer").addEventListener("click", () => {
  scrollToEnd();
  talk.focus({ preventScroll: true });
});

const IN_ONE_BREATH = 1500;             // milliseconds: a receipt and the question after it are one answer

let revealed = null;                   // the beginning of the last answer, and when it came

/** The end of the talk, but not past the beginning of what is new: a long answer is read from its first line. */
function reveal(entry) {
  const now = performance.now();
  if (!revealed || now - revealed.at > IN_ONE_BREATH) revealed = { entry, at: now };
  talk.scrollTop = revealed.entry.offsetTop - 12;
}

// ---- Choices ----

const numberOf = (choice, n) => String(choice.number === undefined ? n + 1 : choice.number); // 9 tells more, 0 skips

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
  page.unsent().filter((m) => m.choice).forEach(answered); // tapped before a reload, not sent yet
}

function choose(choice) {
  if (!question || !question.choices.includes(choice)) return; // a second tap, or an old question
  page.add({ choice: choice.id, label: choice.label });
}

/** The question is over when it was answered: by a tap, or by writing its number or its words. */
function answered(message) {
  if (!question) return;
  const said = plainDigits((message.text || "").trim()).replace(/[.)\ufe0f\u20e3]+$/, "");
  const at = question.choices.findIndex((choice, n) => message.choice ? choice.id === message.choice
    : said === choice.label || said === numberOf(choice, n));
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
