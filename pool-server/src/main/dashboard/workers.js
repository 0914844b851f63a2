// One tile a worker.

import { bytes, count, micros, put, span } from "./format.js";

const STRIP_POINTS = 48;
const tiles = new Map();

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function create(id, act) {
  const parts = {
    state: element("span", { class: "pill" }), pid: element("small", {}), task: element("b", {}),
    ran: element("span", {}), cancel: element("button", { type: "button" }, "Cancel"),
    strip: element("canvas", { role: "img", "aria-label": `Activity of worker ${id}` }),
    done: element("dd", {}), flight: element("dd", {}), memory: element("dd", {}), restarts: element("dd", {}),
    dump: element("button", { type: "button", class: "quiet", "aria-label": `Thread dump of worker ${id}` }, "Thread dump"),
    replace: element("button", { type: "button", class: "quiet", "aria-label": `Replace worker ${id}` }, "Replace"),
  };
  const root = element("article", { class: "card tile", role: "listitem", "aria-label": `Worker ${id}` },
    element("header", {}, element("h3", {}, `Worker ${id}`), parts.state, parts.pid),
    element("div", { class: "now" }, parts.task, parts.ran, parts.cancel),
    parts.strip,
    element("dl", {},
      element("dt", {}, "done"), parts.done, element("dt", {}, "in flight"), parts.flight,
      element("dt", {}, "memory"), parts.memory, element("dt", {}, "restarts"), parts.restarts),
    element("footer", {}, parts.dump, parts.replace));
  const tile = { root, parts, rates: [], completed: null, at: 0, worker: null };
  parts.cancel.addEventListener("click", () => act.cancel(tile.worker));
  parts.dump.addEventListener("click", () => act.dump(tile.worker));
  parts.replace.addEventListener("click", () => act.replace(tile.worker));
  return tile;
}

function update(tile, worker, nowMillis) {
  const { root, parts } = tile;
  tile.worker = worker;
  root.dataset.state = worker.state;
  parts.state.dataset.state = worker.state;
  put(parts.state, worker.state);
  put(parts.pid, worker.pid ? `pid ${worker.pid}` : "no process");
  put(parts.task, worker.task ?? (worker.state === "spare" ? "stands by" : "–"));
  put(parts.ran, worker.task && worker.runMillis >= 100 ? span2(worker.runMillis) : "");
  parts.cancel.hidden = !(worker.taskId && worker.runMillis >= 500);
  parts.cancel.setAttribute("aria-label", `Cancel the task of worker ${worker.id}`);
  put(parts.done, count(worker.completed));
  put(parts.flight, worker.inFlight);
  put(parts.memory, worker.rssBytes ? bytes(worker.rssBytes) : "–");
  put(parts.restarts, worker.restarts);
  parts.dump.disabled = !worker.pid;
  if (nowMillis - tile.at >= 900) {
    const same = tile.completed !== null && worker.completed >= tile.completed;
    tile.rates.push(same ? (worker.completed - tile.completed) / ((nowMillis - tile.at) / 1000) : 0);
    tile.rates.splice(0, tile.rates.length - STRIP_POINTS);
    tile.completed = worker.completed;
    tile.at = nowMillis;
    draw(tile);
  }
}

function span2(millis) {
  return millis < 60000 ? micros(millis * 1000) : span(millis);
}

function draw(tile) {
  const canvas = tile.parts.strip;
  const scale = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const style = getComputedStyle(document.documentElement);
  const step = width / STRIP_POINTS;
  const most = Math.max(1, ...tile.rates);
  for (let i = 0; i < STRIP_POINTS; i++) {
    const rate = tile.rates[tile.rates.length - STRIP_POINTS + i] ?? 0;
    const tall = Math.max(2, (rate / most) * height);
    pen.fillStyle = style.getPropertyValue(rate > 0 ? "--accent" : "--line");
    pen.globalAlpha = rate > 0 ? 0.35 + 0.65 * (i / STRIP_POINTS) : 1;
    pen.beginPath();
    pen.roundRect(i * step, height - tall, Math.max(1, step - 2), tall, 1.5);
    pen.fill();
  }
}

/** Shows the workers as they are now. */
export function show(workers, nowMillis, act) {
  const place = document.getElementById("workers");
  const there = new Set(workers.map((worker) => worker.id));
  for (const [id, tile] of tiles) {
    if (!there.has(id)) {
      tile.root.remove();
      tiles.delete(id);
    }
  }
  for (const worker of workers) {
    let tile = tiles.get(worker.id);
    if (!tile) {
      tile = create(worker.id, act);
      tiles.set(worker.id, tile);
      place.append(tile.root);
    }
    update(tile, worker, nowMillis);
  }
}

/** Anew, with the colours of the present theme. */
export function redraw() {
  tiles.forEach(draw);
}
