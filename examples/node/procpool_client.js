// A client of the procpool service, written from docs/protocol.md alone. Node 18+, nothing but its own modules.
//
// As a command:  node procpool_client.js HOST:PORT TASK < payload    prints the result; exit code by outcome
//                PROCPOOL_TOKEN_FILE, PROCPOOL_TLS_CA, PROCPOOL_TLS_CERT and PROCPOOL_TLS_KEY are files, as for procpool
// As a module:   const client = await connect("127.0.0.1:7420"); (await client.submit("echo", Buffer.from("hi"))).payload
"use strict";
const fs = require("fs");
const net = require("net");
const tls = require("tls");

const OUTCOMES = "UNKNOWN SUCCEEDED FAILED TIMED_OUT EXPIRED WORKER_LOST CANCELLED REJECTED".split(" ");
const EXIT_CODES = [7, 0, 1, 3, 3, 4, 5, 5]; // by number of the outcome

// ---- frames; numbers are BigInts, since task ids have more than 53 bits

function varint(value) {
  const bytes = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const data = (field, value) => Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
function readVarint(bytes, at) { // [value, where it ends], or null if more bytes are needed
  for (let value = 0n, shift = 0n; at < bytes.length; shift += 7n) {
    const byte = bytes[at++];
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return [value, at];
  }
  return null;
}
function fields(message) { // as {number: value}; of a field that comes twice the last counts
  const found = {};
  for (let at = 0; at < message.length; ) {
    const [tag, start] = readVarint(message, at);
    const type = Number(tag & 7n);
    let [value, end] = type === 0 || type === 2 ? readVarint(message, start) : [type === 1 ? 8n : 4n, start];
    if (type !== 0) [value, end] = [message.subarray(end, end + Number(value)), end + Number(value)];
    found[Number(tag >> 3n)] = value;
    at = end;
  }
  return found;
}
function frame(kind, body) {
  const message = data(kind, body);
  return Buffer.concat([varint(message.length), message]);
}
function onFrames(socket, take) { // calls take(kind, message) for each frame that comes
  let [parts, held, wanted] = [[], 0, 1];
  socket.on("data", (bytes) => {
    parts.push(bytes);
    held += bytes.length;
    if (held < wanted) return;
    let all = Buffer.concat(parts, held);
    for (let head = readVarint(all, 0); ; head = readVarint(all, 0)) {
      wanted = head ? head[1] + Number(head[0]) : all.length + 1;
      if (all.length < wanted) break;
      const [[kind, body]] = Object.entries(fields(all.subarray(head[1], wanted)));
      all = all.subarray(wanted);
      take(Number(kind), fields(body));
    }
    [parts, held] = [[all], all.length];
  });
}

// ---- the client

function connect(address, { token = "", ca, cert, key } = {}) { // a promise of {submit, cancel, close}; PEM, not files
  const [, host, port] = address.match(/^\[?(.*?)\]?:(\d+)$/);
  const socket = ca ? tls.connect({ host, port: Number(port), ca, cert, key }) : net.connect(Number(port), host);
  const tasks = new Map();
  let last = 0n;
  const end = (task, outcome, message) => {
    const error = fields(message[9] || Buffer.alloc(0));
    task.resolve({
      outcome: OUTCOMES[outcome], code: EXIT_CODES[outcome], payload: message[15] || Buffer.alloc(0),
      error: [error[1], error[2]].filter(Boolean).join(": "), autopsy: String(error[5] || ""),
    });
  };
  const client = {
    submit(task, payload, options = {}) {
      const { runTimeoutMillis = 0, maxAttempts = 1, retryOnFailure = 1, retryBackoffMillis = 0, key = "" } = options;
      const limits = [[5, runTimeoutMillis], [6, maxAttempts], [10, retryOnFailure], [11, retryBackoffMillis]];
      const how = Buffer.concat([number(3, 4), ...limits.map((limit) => number(...limit)), data(8, Buffer.from(key))]);
      socket.write(frame(2, Buffer.concat([number(1, ++last), data(2, Buffer.from(task)), how, data(15, payload)])));
      return new Promise((resolve) => tasks.set(last, { resolve, onAccepted: options.onAccepted || (() => {}) }));
    },
    cancel: (taskId) => socket.write(frame(3, Buffer.concat([number(1, 1n << 63n), number(2, taskId)]))),
    close: () => socket.end(),
  };
  return new Promise((resolve, reject) => {
    let why = new Error("the service closed the connection");
    const hello = Buffer.concat([Buffer.from("\x0dPPL1"), number(2, 1), data(3, Buffer.from(token))]);
    socket.on(ca ? "secureConnect" : "connect", () => socket.write(frame(1, hello)));
    socket.on("error", (error) => (why = error));
    socket.on("close", () => {
      reject(why);
      for (const task of tasks.values()) end(task, 0, { 9: data(2, Buffer.from(`connection lost: ${why.message}`)) });
    });
    onFrames(socket, (kind, message) => {
      if (kind === 1) resolve(client);
      else if (kind === 8) why = new Error(`${message[1]}: ${message[2]}`);
      else if (kind === 2) {
        for (let i = 0n; i <= (message[3] || 0n); i++) tasks.get(message[1] + i).onAccepted(message[2] + i);
      } else if (kind === 3) {
        end(tasks.get(message[1]), Number(message[3] || 0n), message);
        tasks.delete(message[1]);
      }
    });
  });
}

async function main([address, task]) {
  if (!address || !task) {
    console.error("usage: node procpool_client.js HOST:PORT TASK < payload");
    return 2;
  }
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  const file = (name) => process.env[name] && fs.readFileSync(process.env[name], "utf8");
  try {
    const client = await connect(address, {
      token: (file("PROCPOOL_TOKEN_FILE") || "").trim(),
      ca: file("PROCPOOL_TLS_CA"), cert: file("PROCPOOL_TLS_CERT"), key: file("PROCPOOL_TLS_KEY"),
    });
    const result = await client.submit(task, Buffer.concat(parts));
    client.close();
    if (result.error) console.error(result.outcome, result.error);
    await new Promise((written) => process.stdout.write(result.payload, written));
    return result.code;
  } catch (error) {
    console.error(`no procpool service at ${address}: ${error.message}`);
    return 6;
  }
}

module.exports = { connect, data, fields, frame, number, onFrames };
if (require.main === module) main(process.argv.slice(2)).then((code) => (process.exitCode = code));
