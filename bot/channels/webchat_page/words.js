// The words of the page: phrases in the language of the talk, put in as text wherever an element asks for one.

const notice = document.getElementById("notice");
let words = JSON.parse(document.body.dataset.phrases);

export const word = (key) => words[key] || key;

export function say(element, key) {
  element.dataset.say = key;
  element.textContent = word(key);
}

export function sayEverything() {
  document.title = word("page.title");
  for (const e of document.querySelectorAll("[data-say]")) e.textContent = word(e.dataset.say);
  for (const e of document.querySelectorAll("[data-label]")) e.setAttribute("aria-label", word(e.dataset.label));
  for (const e of document.querySelectorAll("[data-hint]")) e.placeholder = word(e.dataset.hint);
}

export function changeLanguage(answer) {
  words = answer.phrases;
  document.documentElement.lang = answer.lang;
  document.documentElement.dir = answer.dir;
  sayEverything();
}

/** The line above the writing row; no key clears it. */
export function tell(key, sentence) {
  delete notice.dataset.say;
  notice.textContent = sentence || "";
  if (key) say(notice, key);
}

/** What is seen elsewhere on the page, for those who listen to it. */
export const aloud = (key) => say(document.getElementById("heard"), key);
