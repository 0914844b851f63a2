// All that goes over the network. The token stays in this tab.

const KEY = "procpool-token";
const RETRY_MILLIS_MIN = 500;
const RETRY_MILLIS_MAX = 8000;
/** Without a word for so long the connection is taken for dead. */
const SILENCE_MILLIS = 5000;

export function token() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function setToken(value) {
  if (value) {
    sessionStorage.setItem(KEY, value);
  } else {
    sessionStorage.removeItem(KEY);
  }
}

function headers() {
  return token() ? { Authorization: `Bearer ${token()}` } : {};
}

/** The answer, or an Error with the service's sentence and the status. */
export async function ask(method, path) {
  const response = await fetch(path, { method, headers: headers(), cache: "no-store" });
  const text = await response.text();
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    body = { error: text };
  }
  if (!response.ok) {
    throw Object.assign(new Error(body.error ?? `HTTP ${response.status}`), { status: response.status });
  }
  return body;
}

/**
 * Follows what happens, for ever: EventSource cannot send a token, so the stream is read by hand.
 *
 * @param told is given each message
 * @param link is told "on", or why not, and the status
 */
export async function follow(told, link) {
  let lastId = "";
  let wait = RETRY_MILLIS_MIN;
  for (;;) {
    const stop = new AbortController();
    let watchdog = setTimeout(() => stop.abort(), SILENCE_MILLIS);
    try {
      const extra = lastId ? { "Last-Event-ID": lastId } : {};
      const response = await fetch("/api/events", {
        headers: { ...headers(), ...extra }, signal: stop.signal, cache: "no-store",
      });
      if (!response.ok) {
        throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => stop.abort(), SILENCE_MILLIS);
        const messages = (rest + part.value).split("\n\n");
        rest = messages.pop();
        for (const message of messages) {
          lastId = field(message, "id: ");
          told(JSON.parse(field(message, "data: ")));
        }
        wait = RETRY_MILLIS_MIN;
        link("on", 200);
      }
      link("the service has ended the connection", 0);
    } catch (failure) {
      link(failure.status ? failure.message : "the service cannot be reached", failure.status ?? 0);
    } finally {
      clearTimeout(watchdog);
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, RETRY_MILLIS_MAX);
  }
}

function field(message, name) {
  return message.split("\n").find((line) => line.startsWith(name))?.slice(name.length) ?? "";
}
