// A worker of the procpool service, written from docs/protocol.md alone. Node 18+, nothing but its own modules.
//
// As a command:  procpool serve --worker-command 'node examples/node/procpool_worker.js'    echo, reverse, sleep
// As a module:   serve({ name: async (payload, signal) => … })    buffers in, buffers out; a rejection is a failed task
"use strict";
const fs = require("fs");
const net = require("net");
const { Worker, isMainThread, parentPort, workerData } = require("worker_threads");
const { data, fields, frame, number, onFrames } = require("./procpool_client.js");

function open(settings, role, names) { // a socket that has said Hello
  const socket = net.connect(settings.socket);
  const hello = [number(1, 1), number(2, process.pid), data(3, Buffer.from(settings.token, "hex")), number(4, role)];
  socket.write(frame(1, Buffer.concat([...hello, ...names.map((name) => data(5, Buffer.from(name)))])));
  return socket;
}

// The control socket has a thread of its own, so that it is heard while a handler computes.
function listen(settings) {
  const socket = open(settings, 1, []);
  onFrames(socket, (kind, message) => {
    if (kind === 3) parentPort.postMessage(message[1]);
    else if (kind === 4) socket.write(frame(5, number(1, message[1] || 0n)));
    else if (kind === 6) socket.write(frame(7, data(1, Buffer.from("Node tells no stack of another thread"))));
  });
  const leave = () => process.kill(process.pid, "SIGKILL"); // the supervisor is gone
  socket.on("error", leave).on("close", leave);
}

function serve(handlers) { // until the supervisor has had enough of this process
  const lines = fs.readFileSync(0, "utf8").split("\n").filter((line) => line.includes("="));
  const settings = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  if (process.ppid !== Number(settings.parentPid)) process.exit(4);
  const socket = open(settings, 0, Object.keys(handlers));
  let [running, payloadBytesMax, turn] = [null, 0, Promise.resolve()];
  new Worker(__filename, { workerData: settings }).on("message", (dispatch) => {
    if (running && running.dispatch === dispatch) running.controller.abort(new Error("the task was told to stop"));
  });
  onFrames(socket, (kind, message) => {
    if (kind === 1) {
      payloadBytesMax = Number(message[2]);
      socket.write(frame(2, Buffer.alloc(0)));
    } else if (kind === 2) turn = turn.then(() => run(message));
    else if (kind === 5) turn.then(() => process.exit(0));
  });
  socket.on("error", () => process.exit(4)).on("close", () => process.exit(4));

  async function run(message) {
    running = { dispatch: message[1], controller: new AbortController() };
    socket.write(frame(8, number(1, running.dispatch)));
    const start = process.hrtime.bigint();
    let answer;
    try {
      const handler = handlers[String(message[4])];
      const payload = await handler(message[15] || Buffer.alloc(0), running.controller.signal);
      if (payload.length > payloadBytesMax) throw new Error(`the result has ${payload.length} bytes, too many`);
      answer = [data(15, payload)];
    } catch (e) {
      const texts = [e.name, e.message, e.stack].map((text) => Buffer.from(String(text).slice(0, 4000)));
      answer = [number(2, 1), ...texts.map((text, i) => data(5 + i, text))];
    }
    running = null;
    const took = number(3, process.hrtime.bigint() - start);
    socket.write(frame(3, Buffer.concat([number(1, message[1]), took, ...answer])));
  }
}

function sleep(payload, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(payload), 1000 * Number(payload));
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

module.exports = { serve };
if (!isMainThread) listen(workerData);
else if (require.main === module) {
  serve({ echo: async (payload) => payload, reverse: async (payload) => Buffer.from(payload).reverse(), sleep });
}
