// How numbers are shown to people.

const units = [[1e9, "G"], [1e6, "M"], [1e3, "k"]];

/** 1234567 as 1.23 M; small ones in full. */
export function count(value) {
  for (const [size, name] of units) {
    if (value >= size * (size === 1e3 ? 10 : 1)) {
      const scaled = value / size;
      return `${scaled >= 100 ? scaled.toFixed(0) : scaled >= 10 ? scaled.toFixed(1) : scaled.toFixed(2)} ${name}`;
    }
  }
  return value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString("en") : value.toFixed(1);
}

/** Microseconds in the unit that fits. */
export function micros(value) {
  if (value === null || value === undefined) {
    return "–";
  }
  if (value < 1000) {
    return `${value < 10 ? value.toFixed(1) : Math.round(value)} µs`;
  }
  return value < 1e6 ? `${trim(value / 1e3)} ms` : `${trim(value / 1e6)} s`;
}

function trim(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Milliseconds as 3 h 12 min. */
export function span(millis) {
  const seconds = Math.floor(millis / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${seconds % 60} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function bytes(value) {
  return value >= 1 << 30 ? `${(value / (1 << 30)).toFixed(1)} GB` : `${Math.round(value / (1 << 20))} MB`;
}

export function clock(text) {
  return new Date(text).toLocaleTimeString("en-GB");
}

/** Writes a text only if it changed, so that nothing is laid out anew without need. */
export function put(element, text) {
  const value = String(text);
  if (element.textContent !== value) {
    element.textContent = value;
  }
}
