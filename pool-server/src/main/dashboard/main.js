// Puts the page together: each message of the service becomes figures, charts, tiles and lists.

import * as actions from "./actions.js";
import * as charts from "./charts.js";
import * as feed from "./feed.js";
import { count, micros, put, span } from "./format.js";
import { follow } from "./service.js";
import * as workers from "./workers.js";

const $ = (id) => document.getElementById(id);
let last = null;
let asked = false;

function showHead(pulse) {
  const state = pulse.paused && pulse.state === "running" ? "paused" : pulse.state;
  $("state").dataset.state = state;
  put($("state"), state);
  put($("uptime"), `up ${span(pulse.uptimeMillis)}`);
  put($("routing"), pulse.routing);
  put($("version"), `version ${pulse.version}`);
  const banner = pulse.reason ?? (pulse.rolling ? "A rolling restart is under way." : "");
  $("banner").hidden = !banner;
  put($("banner"), banner);
  document.title = `${count(pulse.now.succeeded)}/s · procpool`;
}

function showFigures(pulse) {
  const { totals, queue, now } = pulse;
  const serving = pulse.workers.filter((one) => one.state === "busy" || one.state === "idle").length;
  const failed = totals.failed + totals.timedOut + totals.expired + totals.workerLost + totals.cancelled;
  put($("rate"), count(now.succeeded));
  put($("total"), count(totals.succeeded));
  put($("p50"), micros(now.run?.[0]));
  put($("p99"), micros(now.run?.[2]));
  put($("depth"), count(queue.depth));
  $("fill").value = queue.depth / Math.max(1, queue.limit);
  put($("oldest"), queue.oldestMillis >= 1 ? `oldest ${micros(queue.oldestMillis * 1000)}` : `of ${count(queue.limit)}`);
  put($("busy"), now.busy);
  put($("serving"), `busy of ${serving}`);
  put($("restarts"), `${pulse.restarts} ${pulse.restarts === 1 ? "restart" : "restarts"}`);
  put($("failed"), count(failed));
  const kinds = [["failed", totals.failed], ["lost", totals.workerLost], ["timed out", totals.timedOut],
    ["expired", totals.expired], ["cancelled", totals.cancelled], ["rejected", totals.rejected]];
  put($("failed-kinds"), kinds.filter(([, value]) => value).map(([name, value]) => `${count(value)} ${name}`).join(", ")
    || "nothing has gone wrong");
}

function showControls(pulse) {
  const ends = pulse.state === "draining" || pulse.state === "stopped" || pulse.state === "failed";
  put($("target"), pulse.workersTarget);
  put($("pause"), pulse.paused ? "Resume" : "Pause");
  for (const id of ["more", "pause", "drain"]) {
    $(id).disabled = ends;
  }
  $("fewer").disabled = ends || pulse.workersTarget <= 1;
  $("roll").disabled = ends || pulse.rolling;
}

function told(pulse) {
  last = pulse;
  showHead(pulse);
  showFigures(pulse);
  showControls(pulse);
  workers.show(pulse.workers, Date.parse(pulse.at), actions.worker);
  charts.add(pulse.seconds);
  feed.events(pulse.events);
  feed.mishaps(pulse.mishaps);
  feed.tasks(pulse.tasks);
}

async function linked(how, status) {
  $("link").dataset.link = how === "on" ? "on" : "off";
  put($("link"), how === "on" ? "live" : `${how}; trying again`);
  if ((status === 401 || status === 403) && !asked) {
    asked = true;
    await actions.askForToken("This service shows itself to holders of a token of the scope read or admin.");
    asked = false;
  }
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("procpool-theme", root.dataset.theme);
  repaint();
}

function repaint() {
  charts.draw();
  workers.redraw();
}

charts.begin();
actions.wire(() => last);
$("theme").addEventListener("click", switchTheme);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
follow(told, linked);
