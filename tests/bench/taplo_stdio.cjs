// Even Better TOML's server on stdio: the WebAssembly build of taplo (npm @taplo/lsp) behind
// Content-Length framing. The package has no executable of its own, only the extension's library.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { TaploLsp } = require("@taplo/lsp");

const host = {
  cwd: () => process.cwd(),
  envVar: (name) => process.env[name],
  envVars: () => Object.entries(process.env),
  findConfigFile: () => undefined,
  glob: () => [],
  isAbsolute: (file) => path.isAbsolute(file),
  now: () => new Date(),
  readFile: (file) => fs.promises.readFile(file),
  writeFile: (file, bytes) => fs.promises.writeFile(file, bytes),
  stderr: process.stderr,
  stdErrAtty: () => false,
  stdin: process.stdin,
  stdout: process.stdout,
  urlToFilePath: (url) => decodeURIComponent(new URL(url).pathname),
  fetch: { fetch, Headers, Request, Response },
};

function send(message) {
  const body = Buffer.from(JSON.stringify(message));
  process.stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
  process.stdout.write(body);
}

let server;
let waiting = [];
TaploLsp.initialize(host, { onMessage: send }).then((started) => {
  server = started;
  waiting.forEach((message) => server.send(message));
  waiting = [];
});

let received = Buffer.alloc(0);
process.stdin.on("data", (data) => {
  received = Buffer.concat([received, data]);
  for (;;) {
    const head = received.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(received.toString("latin1", 0, head))[1]);
    const end = head + 4 + length;
    if (received.length < end) return;
    const message = JSON.parse(received.toString("utf8", head + 4, end));
    received = received.subarray(end);
    if (message.method === "exit") process.exit(0);
    if (server) server.send(message);
    else waiting.push(message);
  }
});
process.stdin.on("end", () => process.exit(0));
process.on("unhandledRejection", (error) => {
  console.error(error);
  process.exit(3);
});
