// emulate's Twilio, on one address only and with what it lacks: node start.cjs HOST PORT SEED, where SEED is JSON
//
// The library keeps accounts, numbers and messages, and posts what comes in and how messages fare, signed. Below /lab/
// this speaks what the library cannot: signatures of twilio's own package for whatever is to be posted besides, refusals
// on demand, answers that never arrive, files behind a password, and a list of every call that was made.
"use strict";

const net = require("net");
const path = require("path");
const { pathToFileURL } = require("url");
const { getExpectedBodyHash, getExpectedTwilioSignature } = require("twilio/lib/webhooks/webhooks");

const [host, port, seed] = [process.argv[2], Number(process.argv[3]), JSON.parse(process.argv[4])];
const calls = []; // { method, path, form }: all that was asked of us
const refusals = []; // { method, path, status, body, headers }: what the next such call gets instead of an answer
const lost = []; // { method, path, wait }: such a call is done, and its answer never arrives, or late
const files = new Map(); // path -> { type, content }

// The library would listen on every address of the machine.
const listen = net.Server.prototype.listen;
let server = null;
net.Server.prototype.listen = function (where, ...rest) {
  server = this;
  return listen.call(this, where, host, ...rest.filter((each) => typeof each === "function"));
};

// NODE_PATH is for require; an import wants the file.
const library = pathToFileURL(path.join(process.env.NODE_PATH, "emulate", "dist", "api.js"));

import(library)
  .then(({ createEmulator }) => createEmulator({ service: "twilio", port, seed: { twilio: seed } }))
  .then(() => {
    const [answered] = server.listeners("request");
    server.removeAllListeners("request");
    server.on("request", (request, response) => take(request, response, answered));
    const ready = () => console.log(`ready ${port}`);
    if (server.listening) ready();
    else server.once("listening", ready);
  });

function take(request, response, answered) {
  const where = request.url.split("?")[0];
  if (where.startsWith("/lab/")) return void readAll(request).then((body) => lab(where.slice(5), body, response));
  if (files.has(where)) return void file(where, request, response);
  const call = { method: request.method, path: where, form: {} };
  calls.push(call);
  const refusal = next(refusals, call);
  if (refusal) {
    return void readAll(request).then(() => {
      response.writeHead(refusal.status, { "content-type": "application/json", ...refusal.headers });
      response.end(typeof refusal.body === "string" ? refusal.body : JSON.stringify(refusal.body));
    });
  }
  const away = next(lost, call);
  if (away) lose(away, request, response);
  listenIn(request, call);
  answered(request, response);
}

function next(list, call) {
  const found = list.findIndex((each) => each.method === call.method && call.path.endsWith(each.path));
  return found < 0 ? null : list.splice(found, 1)[0];
}

function lose({ wait }, request, response) {
  const end = response.end.bind(response);
  response.write = () => true;
  response.end = (...all) => {
    if (wait) setTimeout(() => request.socket.destroyed || end(), wait * 1000);
    else request.socket.destroy();
    return response;
  };
}

function listenIn(request, call) {
  const pieces = [];
  const push = request.push.bind(request);
  request.push = (piece, ...rest) => {
    if (piece) pieces.push(piece);
    else for (const [name, value] of new URLSearchParams(Buffer.concat(pieces).toString())) (call.form[name] ??= []).push(value);
    return push(piece, ...rest);
  };
}

function file(where, request, response) {
  const { type, content } = files.get(where);
  const asked = Buffer.from((request.headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString();
  const known = asked === `${seed.account.sid}:${seed.account.auth_token}`;
  response.writeHead(known ? 200 : 401, { "content-type": known ? type : "text/plain" });
  response.end(known ? content : "");
}

async function readAll(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const LAB = {
  sign: ({ token, url, params }) => getExpectedTwilioSignature(token, url, params),
  hash: ({ body }) => getExpectedBodyHash(body),
  refuse: (refusal) => refusals.push(refusal),
  lose: (one) => lost.push(one),
  calls: () => calls,
  file: ({ path: where, type, content }) => void files.set(where, { type, content: Buffer.from(content, "base64") }),
};

function lab(name, body, response) {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ result: LAB[name](JSON.parse(body)) ?? null }));
}
