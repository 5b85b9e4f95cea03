// ---- The "+": photo, voice, place ----

function openMore(open) {
  $("extras").hidden = !open;
  $("more").setAttribute("aria-expanded", String(open));
  if (open) $("photo").focus();
}

/** Shows one of the ways to say something: "compose", "recording" or "review". */
function showRow(name, focus) {
  openMore(false);
  for (const row of ["compose", "recording", "review"]) $(row).hidden = row !== name;
  $(focus).focus();
}

$("more").addEventListener("click", () => openMore($("extras").hidden));
$("below").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || $("extras").hidden) return;
  openMore(false);
  $("more").focus();
});
$("photo").addEventListener("click", () => $("file").click());
$("voice").addEventListener("click", record);
$("place").addEventListener("click", sendPlace);
$("file").addEventListener("change", async () => {
  const file = $("file").files[0];
  $("file").value = "";                // so that the same photo can be taken again
  if (file) review("photo", await smaller(file));
});

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

let underReview = null;

/** Nothing leaves the phone before it was seen or heard. */
function review(media, blob) {
  underReview = { media, blob };
  $("preview").replaceChildren(playerFor(media, blob));
  showRow("review", "send-media");
}

async function endReview(send) {
  const ready = underReview;
  underReview = null;
  $("preview").replaceChildren();
  showRow("compose", "more");
  if (ready && send) add({ media: ready.media, data: await dataOf(ready.blob) });
}

$("send-media").addEventListener("click", () => endReview(true));
$("discard").addEventListener("click", () => endReview(false));

// Kept as text, because that is all this phone's storage takes.
const dataOf = (blob) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.readAsDataURL(blob);
});

async function record() {
  $("voice").disabled = true;          // while the browser asks the person
  tell("");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    listenTo(stream);
  } catch (error) {
    tell(error.name === "NotAllowedError" ? "page.voice_refused" : "page.voice_absent");
  } finally {
    $("voice").disabled = false;
  }
}

function listenTo(stream) {
  const type = ["audio/webm", "audio/mp4", "audio/ogg"].find((t) => MediaRecorder.isTypeSupported(t));
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32000 });
  const began = Date.now();
  const parts = [];
  let wanted = true;
  const finish = (want) => { wanted = want; if (recorder.state !== "inactive") recorder.stop(); };
  const tick = setInterval(() => {
    const seconds = Math.floor((Date.now() - began) / SECOND);
    $("clock").textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0") + " / " + VOICE_SECONDS / 60 + ":00";
    if (seconds >= VOICE_SECONDS) { finish(true); tell("page.voice_full"); }
  }, 200);
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = () => {
    clearInterval(tick);
    stream.getTracks().forEach((track) => track.stop()); // the sign that says "recording" goes out
    const blob = new Blob(parts, { type: (recorder.mimeType || type).split(";")[0] });
    if (wanted && blob.size) review("voice", blob);
    else showRow("compose", "more");
  };
  $("stop-recording").onclick = () => finish(true);
  $("cancel").onclick = () => finish(false);
  recorder.start();
  $("clock").textContent = "0:00";
  showRow("recording", "stop-recording");
  tell("page.recording", true);
}

function sendPlace() {
  if (!navigator.geolocation) return tell("page.place_absent");
  $("place").disabled = true;
  tell("page.place_asking");
  const done = (next) => (result) => { $("place").disabled = false; if (!left) next(result); };
  navigator.geolocation.getCurrentPosition(
    done(({ coords }) => {
      // Four decimals are ten metres: enough to find a broken lamp, and no more than we need to know.
      const round = (degrees) => Math.round(degrees * 10000) / 10000;
      openMore(false);
      $("more").focus();
      tell("");
      add({ location: { lat: round(coords.latitude), lon: round(coords.longitude) } });
    }),
    done((error) => tell(error.code === error.PERMISSION_DENIED ? "page.place_refused" : "page.place_absent")),
    { enableHighAccuracy: true, timeout: 20 * SECOND, maximumAge: 60 * SECOND },
  );
}

