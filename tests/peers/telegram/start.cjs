// telegram-test-api, mended until a strict client is content with it: node start.cjs HOST PORT
//
// The library keeps the messages; what it leaves out, or answers in a shape the Bot API does not have, is answered here.
// Beyond that this speaks what the library cannot: offsets and long polling, any kind of update, files, webhooks with a
// secret that are repeated until they are accepted, refusals on demand, and a list of every call the bot made.
"use strict";

const TelegramServer = require("telegram-test-api");

const [host, port] = [process.argv[2] || process.env.HOST || "127.0.0.1", Number(process.argv[3] || process.env.PORT || 9000)];
const telegram = new TelegramServer({ host, port, storeTimeout: 24 * 3600 });

const REPEAT_MS = 200; // Telegram waits longer before it repeats a webhook; tests are impatient
const calls = []; // { token, method, parameters }: all that bots asked of us
const refusals = []; // { token, method, status, body }: what the next such call gets instead of an answer
const files = new Map(); // file id -> bytes
const doors = new Map(); // token -> where the bot's public https address really leads

// --- the library, where its own answers are kept ---

const addBotMessage = telegram.addBotMessage.bind(telegram);
telegram.addBotMessage = (raw, token) => {
  const message = addBotMessage(raw, token);
  return { ...message, date: Math.floor(message.date / 1000), from: me(token) }; // the library says milliseconds
};

function me(token) {
  return { id: Number(token.split(":")[0]), is_bot: true, first_name: "Townbell", username: "townbell_test_bot" };
}

function botMessage(chatId, messageId) {
  return telegram.storage.botMessages.find(
    (kept) => String(kept.messageId) === String(messageId) && String(kept.message.chat_id) === String(chatId),
  );
}

function asMessage(kept) {
  const { text, caption, reply_markup, chat_id } = kept.message;
  return {
    message_id: kept.messageId, date: Math.floor(kept.time / 1000), from: me(kept.botToken),
    chat: { id: Number(chat_id), type: "private", first_name: "Test" }, text, caption, reply_markup,
  };
}

// --- updates: kept until an offset confirms them, or posted to the webhook until it accepts ---

const pending = new Map(); // token -> [update]

function addUpdate(token, update) {
  const message = update.message;
  if (message) message.message_id ??= telegram.messageId++;
  const full = { update_id: telegram.updateId++, ...update };
  telegram.storage.userMessages.push({ time: Date.now(), botToken: token, updateId: full.update_id, isRead: true, ...update });
  if (telegram.webhooks[token]) deliver(token, full);
  else pending.set(token, [...(pending.get(token) ?? []), full]);
  telegram.emit("update");
  return { update_id: full.update_id, message_id: message?.message_id };
}

async function deliver(token, update) {
  while (telegram.webhooks[token]) {
    const { url, secret_token } = telegram.webhooks[token];
    const headers = { "content-type": "application/json" };
    if (secret_token) headers["x-telegram-bot-api-secret-token"] = secret_token;
    const door = doors.has(token) ? doors.get(token) + new URL(url).pathname : url;
    const answer = await fetch(door, { method: "POST", headers, body: JSON.stringify(update) }).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, REPEAT_MS));
  }
}

async function getUpdates(token, { offset, limit, timeout }) {
  const from = Number(offset ?? 0);
  const waiting = () => (pending.get(token) ?? []).filter((update) => update.update_id >= from);
  const until = Date.now() + Number(timeout ?? 0) * 1000;
  while (waiting().length === 0 && Date.now() < until) {
    await new Promise((resolve) => {
      const done = () => { clearTimeout(timer); telegram.off("update", done); resolve(); };
      const timer = setTimeout(done, until - Date.now());
      telegram.on("update", done);
    });
  }
  pending.set(token, waiting()); // what lies before the offset is confirmed and gone
  return waiting().slice(0, Number(limit ?? 100));
}

// --- what a bot may ask, beside the library's sendMessage ---

const file = (id) => ({ file_id: id, file_unique_id: id, file_size: files.get(id)?.length ?? 0 });

// The file a bot sends: bytes of its own, or the id of one we know.
function sentFile(value) {
  if (typeof value === "string") return file(value);
  const id = `sent-${files.size + 1}`;
  files.set(id, value);
  return file(id);
}

function sendMedia(kind, shape) {
  return (token, parameters) => {
    const media = shape(sentFile(parameters[kind]));
    const { text, ...message } = telegram.addBotMessage({ ...parameters, [kind]: media }, token);
    return message;
  };
}

function edit(token, parameters) {
  const kept = botMessage(parameters.chat_id, parameters.message_id);
  if (!kept) throw badRequest("message to edit not found");
  const markup = parameters.reply_markup; // JSON in a form, an object in JSON; left out, the buttons go
  kept.message = { ...kept.message, ...parameters, reply_markup: typeof markup === "string" ? JSON.parse(markup) : markup };
  return asMessage(kept);
}

const yes = () => true;

const methods = {
  getMe: me,
  getUpdates,
  editMessageText: edit,
  editMessageCaption: edit,
  editMessageReplyMarkup: edit,
  sendPhoto: sendMedia("photo", (sent) => [{ ...sent, width: 90, height: 90 }]),
  sendDocument: sendMedia("document", (sent) => sent),
  sendVoice: sendMedia("voice", (sent) => ({ ...sent, duration: 1 })),
  sendAudio: sendMedia("audio", (sent) => ({ ...sent, duration: 1 })),
  sendChatAction: yes,
  answerCallbackQuery: yes,
  setMyCommands: yes,
  deleteMyCommands: yes,
  setMyDescription: yes,
  setMyShortDescription: yes,
  deleteMessage(token, { chat_id, message_id }) {
    const kept = botMessage(chat_id, message_id);
    telegram.storage.botMessages = telegram.storage.botMessages.filter((each) => each !== kept);
    return true;
  },
  deleteMessages(token, { chat_id, message_ids }) {
    const ids = typeof message_ids === "string" ? JSON.parse(message_ids) : message_ids;
    ids.forEach((message_id) => methods.deleteMessage(token, { chat_id, message_id }));
    return true;
  },
  getFile(token, { file_id }) {
    if (!files.has(file_id)) throw badRequest("wrong file_id or the file is temporarily unavailable");
    return { ...file(file_id), file_path: `files/${file_id}` };
  },
  setWebhook(token, parameters) {
    if (!parameters.url) return methods.deleteWebhook(token);
    telegram.setWebhook(parameters, token);
    const held = pending.get(token) ?? [];
    pending.delete(token);
    held.forEach((update) => deliver(token, update));
    return true;
  },
  deleteWebhook(token) {
    telegram.deleteWebhook(token);
    return true;
  },
  getWebhookInfo: (token) => ({
    url: telegram.webhooks[token]?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: (pending.get(token) ?? []).length,
  }),
};

function badRequest(description) {
  return Object.assign(new Error(description), { refusal: { ok: false, error_code: 400, description: `Bad Request: ${description}` } });
}

// --- the routes ---

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

// A form with a file in it; other bodies were already read by the library.
async function parametersOf(request) {
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/")) return { ...request.query, ...request.body };
  const form = await new Response(await read(request), { headers: { "content-type": type } }).formData();
  const parameters = {};
  for (const [name, value] of form) parameters[name] = typeof value === "string" ? value : Buffer.from(await value.arrayBuffer());
  // A file may be named from a field: photo = "attach://upload".
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === "string" && value.startsWith("attach://")) parameters[name] = parameters[value.slice(9)];
  }
  return parameters;
}

function routes(app) {
  app.all("/bot:token/:method", async (request, response, next) => {
    const { token, method } = request.params;
    try {
      const parameters = await parametersOf(request);
      calls.push({ token, method, parameters });
      const refusal = refusals.findIndex((each) => each.token === token && each.method === method);
      if (refusal >= 0) {
        const [{ status, body }] = refusals.splice(refusal, 1);
        return response.status(status).json(body);
      }
      if (!Object.hasOwn(methods, method)) return next(); // the library's own: sendMessage, or its plain refusal
      response.json({ ok: true, result: await methods[method](token, parameters) });
    } catch (error) {
      if (!error.refusal) return next(error);
      response.status(400).json(error.refusal);
    }
  });
  app.get("/file/bot:token/files/:id", (request, response) => {
    const bytes = files.get(request.params.id);
    if (bytes) response.type("application/octet-stream").send(bytes);
    else response.status(404).json({ ok: false, error_code: 404, description: "Not Found" });
  });

  // For the tests, beside the library's own /getUpdates and /getUpdatesHistory.
  app.post("/sendUpdate", (request, response) => response.json({ ok: true, result: addUpdate(request.body.token, request.body.update) }));
  // At once: a bot that polls gets them in one answer.
  app.post("/sendUpdates", (request, response) => {
    response.json({ ok: true, result: request.body.updates.map((update) => addUpdate(request.body.token, update)) });
  });
  app.post("/door", (request, response) => {
    doors.set(request.body.token, request.body.origin);
    response.json({ ok: true, result: true });
  });
  app.put("/files/:id", async (request, response) => {
    files.set(request.params.id, await read(request));
    response.json({ ok: true, result: true });
  });
  app.post("/refuse", (request, response) => {
    refusals.push(request.body);
    response.json({ ok: true, result: true });
  });
  app.post("/calls", (request, response) => {
    response.json({ ok: true, result: calls.filter((call) => call.token === request.body.token) });
  });
}

// Ours come before the library's routes, and after its readers of bodies.
const { stack } = telegram.webServer._router;
const added = stack.length;
routes(telegram.webServer);
const ours = stack.splice(added);
stack.splice(stack.findIndex((layer) => layer.route), 0, ...ours);

telegram.start().then(() => console.log(`ready on http://${host}:${port}`));
