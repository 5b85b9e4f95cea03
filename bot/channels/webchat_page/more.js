// What the "+" opens: a photo, a voice note, a place.
//
// Nothing leaves the phone before the person has seen or heard it, and the browser is asked for camera, microphone
// or place only when they tap for it.

import { playerFor } from "/chat/talk.js";
import { aloud, tell } from "/chat/words.js";

const SECOND = 1000;
const VOICE_SECONDS = 180;
const PHOTO_SIDE = 2048;

const $ = (id) => document.getElementById(id);
let page;                              // what the page lends: how to add

export function begin(lent) {
  page = lent;
  $("more").addEventListener("click", () => open($("extras").hidden));
  $("below").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !$("extras").hidden) closeToPlus();
  });
  $("photo").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", photoChosen);
  $("voice").addEventListener("click", record);
  $("place").addEventListener("click", sendPlace);
  $("send-media").addEventListener("click", () => endReview(true));
  $("discard").addEventListener("click", () => endReview(false));
}

function open(yes) {
  $("extras").hidden = !yes;
  $("more").setAttribute("aria-expanded", String(yes));
  if (yes) $("photo").focus();
}

function closeToPlus() {
  open(false);
  $("more").focus();
}

/** Shows one of the ways to say something: "compose", "recording" or "review". */
function showRow(name, focus) {
  open(false);
  for (const row of ["compose", "recording", "review"]) $(row).hidden = row !== name;
  $(focus).focus();
}

// ---- Photo ----

async function photoChosen() {
  const file = $("file").files[0];
  if (file) review("photo", await smaller(file));
  $("file").value = "";                // so that the same photo can be taken again
}

/** Draws the photo anew: smaller, and without the place and device that cameras write into it. */
async function smaller(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => { image.onload = resolve; image.onerror = reject; });
    const scale = Math.min(1, PHOTO_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";          // where it is see-through, jpeg would make it black
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(image, 0, 0, canvas.width, canvas.height);
    return (await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85))) || file;
  } catch (error) {
    return file;                       // a kind this browser cannot draw; the server looks at it, and cleans it too
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

// ---- Looking and listening before it is sent ----

let underReview = null;

function review(media, blob) {
  underReview = { media, blob };
  $("preview").textContent = "";
  $("preview").append(playerFor(media, blob));
  showRow("review", "send-media");
}

async function endReview(send) {
  const ready = underReview;
  underReview = null;
  $("preview").textContent = "";
  showRow("compose", "more");
  if (ready && send) page.add({ media: ready.media, data: await dataOf(ready.blob) });
}

// Kept as text, because that is all this phone's storage takes.
const dataOf = (blob) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.readAsDataURL(blob);
});

// ---- Voice ----

async function record() {
  $("voice").disabled = true;          // while the browser asks the person
  tell("");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    listenTo(stream);
  } catch (error) {
    if (stream) silence(stream);       // it was given, and this browser cannot record
    tell(error.name === "NotAllowedError" ? "page.voice_refused" : "page.voice_absent");
  } finally {
    $("voice").disabled = false;
  }
}

/** Gives the microphone back, so that the phone's sign for it goes out. */
const silence = (stream) => stream.getTracks().forEach((track) => track.stop());

const clock = (seconds) => Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");

function listenTo(stream) {
  const type = ["audio/webm", "audio/mp4", "audio/ogg"].find((t) => MediaRecorder.isTypeSupported(t));
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32000 });
  const began = Date.now();
  const parts = [];
  let wanted = true;
  const finish = (want) => { wanted = want; if (recorder.state !== "inactive") recorder.stop(); };
  const tick = setInterval(() => {
    const seconds = Math.floor((Date.now() - began) / SECOND);
    $("clock").textContent = clock(seconds) + " / " + clock(VOICE_SECONDS);
    if (seconds < VOICE_SECONDS || !wanted) return;
    finish(true);
    tell("page.voice_full");
  }, 200);
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = () => {
    clearInterval(tick);
    silence(stream);
    const blob = new Blob(parts, { type: (recorder.mimeType || type).split(";")[0] });
    if (wanted && blob.size) review("voice", blob);
    else showRow("compose", "more");
  };
  $("stop-recording").onclick = () => finish(true);
  $("cancel").onclick = () => finish(false);
  recorder.start();
  $("clock").textContent = clock(0);
  showRow("recording", "stop-recording");
  aloud("page.recording");
}

// ---- Place ----

function sendPlace() {
  if (!navigator.geolocation) return tell("page.place_absent");
  $("place").disabled = true;
  tell("page.place_asking");
  const done = (next) => (result) => { $("place").disabled = false; next(result); };
  navigator.geolocation.getCurrentPosition(
    done(({ coords }) => {
      // Four decimals are ten metres: enough to find a broken lamp, and no more than we need to know.
      const round = (degrees) => Math.round(degrees * 10000) / 10000;
      closeToPlus();
      tell("");
      page.add({ location: { lat: round(coords.latitude), lon: round(coords.longitude) } });
    }),
    done((error) => tell(error.code === error.PERMISSION_DENIED ? "page.place_refused" : "page.place_absent")),
    { enableHighAccuracy: true, timeout: 20 * SECOND, maximumAge: 60 * SECOND },
  );
}
