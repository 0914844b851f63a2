// The last ten minutes, one point a second, in a ring of fixed size.

import { count, micros } from "./format.js";

const POINTS_MAX = 600;
/** Where nothing was told for longer, no line is drawn: nobody knows what was there. */
const GAP_SECONDS = 5;
const times = [];
const columns = { rate: [], failed: [], p50: [], p90: [], p99: [], queued: [] };
const charts = [];

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A round number of a scale needs no digits that say so: 10 k, not 10.0 k. */
function round(text) {
  return text.replace(/^[\d.]+/, (digits) => String(Number(digits)));
}

function axis(values, size) {
  return {
    stroke: () => color("--dim"), grid: { stroke: () => color("--line"), width: 1 }, ticks: { show: false },
    size, font: "11px system-ui", values: values ? (chart, splits) => splits.map(values) : undefined, gap: 6,
  };
}

function line(stroke, fill) {
  return {
    stroke: () => color(stroke), width: 2, points: { show: false }, spanGaps: false,
    fill: fill ? () => `${color(stroke)}26` : undefined,
  };
}

function clockTime(seconds) {
  const short = times[times.length - 1] - times[0] < 240 ? { second: "2-digit" } : {};
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", ...short });
}

/** To the right there is room for half a time of day, whose middle may be at the edge. */
function make(id, names, series, values, log) {
  const place = document.getElementById(id);
  const options = {
    width: place.clientWidth, height: place.clientHeight, series: [{}, ...series],
    cursor: { show: false }, legend: { show: false }, padding: [8, 28, 0, 0],
    axes: [{ ...axis(clockTime, 26), space: 90 }, { ...axis((value) => round(values(value)), 58), space: 36 }],
    scales: {
      x: { time: false },
      y: log
        ? { distr: 3, range: (chart, low, high) => [10 ** Math.floor(Math.log10(Math.max(low ?? 1, 0.1))),
            10 ** Math.ceil(Math.log10(Math.max(high ?? 10, 1)) + 1e-9)] }
        : { range: (chart, low, high) => [0, Math.max(4, (high ?? 0) * 1.12)] },
    },
  };
  if (log) {
    options.axes[1].filter = (chart, splits) => splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));
    options.axes[1].grid.filter = options.axes[1].filter;
    options.axes[1].values = (chart, splits) => splits.map((value) => (value === null ? "" : round(micros(value))));
  }
  const chart = new uPlot(options, [times, ...names.map((name) => columns[name])], place);
  charts.push({ chart, place, names });
}

/** Draws them; once. */
export function begin() {
  make("chart-rate", ["rate", "failed"], [line("--accent", true), line("--bad", true)], count, false);
  make("chart-run", ["p50", "p90", "p99"], [line("--accent"), line("--second"), line("--third")], micros, true);
  make("chart-queue", ["queued"], [line("--accent", true)], count, false);
  new ResizeObserver(() => {
    for (const { chart, place } of charts) {
      chart.setSize({ width: place.clientWidth, height: place.clientHeight });
    }
  }).observe(document.querySelector(".charts"));
}

/** Adds seconds that have passed. */
export function add(seconds) {
  for (const second of seconds) {
    const at = Math.round(second.atMillis / 1000);
    if (times.length && at <= times[times.length - 1]) {
      continue;
    }
    if (times.length && at - times[times.length - 1] > GAP_SECONDS) {
      times.push(times[times.length - 1] + 1);
      Object.values(columns).forEach((column) => column.push(null));
    }
    times.push(at);
    columns.rate.push(second.succeeded);
    columns.failed.push(second.failed);
    columns.queued.push(second.queued);
    columns.p50.push(second.run ? Math.max(second.run[0], 0.1) : null);
    columns.p90.push(second.run ? Math.max(second.run[1], 0.1) : null);
    columns.p99.push(second.run ? Math.max(second.run[2], 0.1) : null);
    while (times.length > POINTS_MAX) {
      times.shift();
      Object.values(columns).forEach((column) => column.shift());
    }
  }
  if (seconds.length) {
    draw();
  }
}

/** Anew, with the colours of the present theme. */
export function draw() {
  for (const { chart, names } of charts) {
    chart.setData([times, ...names.map((name) => columns[name])]);
  }
}
