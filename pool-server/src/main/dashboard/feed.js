// What has gone wrong: workers that left, tasks that did not succeed. The newest few of each.

import { clock, count, micros, put } from "./format.js";
import { ask } from "./service.js";

const ENTRIES_MAX = 50;
/** Ends that somebody wanted. */
const WANTED = new Set(["DRAINED", "RECYCLED", "SCALED_DOWN", "RELOADED", "REPLACED"]);

function text(tag, content, name) {
  const made = document.createElement(tag);
  made.textContent = content;
  if (name) {
    made.className = name;
  }
  return made;
}

function entry(list, why, soft, title, at, detail, open) {
  const button = document.createElement("button");
  button.type = "button";
  const time = text("time", clock(at));
  time.dateTime = at;
  button.append(text("span", why, soft ? "why soft" : "why"), text("b", title), time, text("em", detail || " "));
  button.addEventListener("click", open);
  const item = document.createElement("li");
  item.append(button);
  list.querySelector(".empty")?.remove();
  list.prepend(item);
  while (list.children.length > ENTRIES_MAX) {
    list.lastElementChild.remove();
  }
}

/** Shows a long text over the page. */
export function detail(title, content) {
  document.getElementById("detail-title").textContent = title;
  document.getElementById("detail-text").textContent = content;
  const dialog = document.getElementById("detail");
  if (!dialog.open) {
    dialog.showModal();
  }
}

async function autopsy(event) {
  const title = `Autopsy of worker ${event.worker}, pid ${event.pid}`;
  try {
    const dead = await ask("GET", "/api/workers/dead");
    const found = dead.find((one) => one.pid === event.pid && one.worker === event.worker);
    detail(title, found ? found.text : `${event.detail}\n\nThe full report is not kept any more.`);
  } catch (failure) {
    detail(title, `${event.detail}\n\nThe full report cannot be had: ${failure.message}`);
  }
}

/** @param events of pool and workers, the oldest first */
export function events(news) {
  const list = document.getElementById("deaths");
  for (const event of news) {
    if (event.event === "worker-exited") {
      const how = event.exit ? ` · ${event.exit}` : "";
      entry(list, event.reason, WANTED.has(event.reason), `Worker ${event.worker}${how}`, event.at, event.detail,
        () => autopsy(event));
    }
  }
}

/** @param news tasks that did not succeed, the oldest first */
export function mishaps(news) {
  const list = document.getElementById("mishaps");
  for (const mishap of news) {
    const parts = [
      `task ${mishap.id}, worker ${mishap.worker || "none"}, attempts ${mishap.attempts}`,
      `queued ${micros(mishap.queuedMicros)}, ran ${micros(mishap.runMicros)}`,
      `${mishap.type}: ${mishap.message}`, mishap.stack, mishap.output && `printed last:\n${mishap.output}`,
    ];
    entry(list, mishap.outcome.replace("_", " "), mishap.outcome === "CANCELLED", mishap.task, mishap.at,
      mishap.message || mishap.type, () => detail(`${mishap.task}: ${mishap.outcome}`, parts.filter(Boolean).join("\n\n")));
  }
}

/** By name. */
export function tasks(rows) {
  const body = document.getElementById("tasks");
  while (body.rows.length > rows.length) {
    body.deleteRow(-1);
  }
  rows.forEach((row, i) => {
    const line = body.rows[i] ?? body.insertRow();
    const share = row.ended ? `${((100 * row.succeeded) / row.ended).toFixed(row.succeeded === row.ended ? 0 : 1)} %` : "–";
    [row.task, count(row.ended), share, micros(row.run?.[0]), micros(row.run?.[2])].forEach((value, cell) => {
      put(line.cells[cell] ?? line.insertCell(), value);
    });
  });
}
