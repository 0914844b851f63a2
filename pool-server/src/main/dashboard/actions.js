// What people do to the pool. Everything asks for the admin token when the service does.

import { detail } from "./feed.js";
import { ask, setToken, token } from "./service.js";

let toastTimer = 0;

export function toast(message) {
  const place = document.getElementById("toast");
  place.textContent = message;
  place.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => place.classList.remove("shown"), 4000);
}

/** Asks the person; the answer is true or false, or with a secret the text, null if there is none. */
function question(title, content, yes, secret) {
  const dialog = document.getElementById("ask");
  const input = document.getElementById("ask-value");
  document.getElementById("ask-title").textContent = title;
  document.getElementById("ask-text").textContent = content;
  document.getElementById("ask-yes").textContent = yes;
  input.hidden = !secret;
  input.value = "";
  return new Promise((resolve) => {
    let answer = secret ? null : false;
    const agree = () => {
      answer = secret ? input.value.trim() : true;
      dialog.close();
    };
    document.getElementById("ask-yes").onclick = agree;
    document.getElementById("ask-no").onclick = () => dialog.close();
    input.onkeydown = (key) => {
      if (key.key === "Enter") {
        agree();
      }
    };
    dialog.onclose = () => resolve(answer);
    dialog.showModal();
  });
}

/** True if there is one now. */
export async function askForToken(why) {
  const given = await question("Token", why, "Use it", true);
  if (given === null) {
    return false;
  }
  setToken(given);
  toast(given ? "This tab uses the token from now on." : "This tab has no token any more.");
  return given !== "";
}

const WHERE = "Steering needs the admin token. It lies in admin-PORT.token in the service's run directory, or is one of "
  + "the scope admin in the tokens file. It stays in this tab only.";

async function act(method, path, done) {
  try {
    const answer = await ask(method, path);
    if (done) {
      toast(done);
    }
    return answer;
  } catch (failure) {
    if ((failure.status === 401 || failure.status === 403) && (await askForToken(token() ? failure.message : WHERE))) {
      return act(method, path, done);
    }
    if (failure.status !== 401) {
      toast(failure.message);
    }
    return null;
  }
}

/** As act(), but for what needs the admin token whatever the service asks for elsewhere. */
async function steer(path, done) {
  return token() || (await askForToken(WHERE)) ? act("POST", path, done) : null;
}

/** @param now the last message of the service */
export function wire(now) {
  const on = (id, work) => document.getElementById(id).addEventListener("click", work);
  on("more", () => steer(`/api/scale?workers=${now().workersTarget + 1}`, "One worker more is on its way."));
  on("fewer", () => steer(`/api/scale?workers=${now().workersTarget - 1}`, "One worker leaves after its task."));
  on("pause", () => (now().paused
    ? steer("/api/resume", "Tasks are started again.")
    : steer("/api/pause", "Nothing more is started.")));
  on("roll", async () => {
    if (await question("Restart all workers?", "One by one, each when its successor is ready. No task is lost.",
      "Restart them")) {
      toast("Workers are being replaced.");
      await steer("/api/restart", "All workers are replaced.");
    }
  });
  on("drain", async () => {
    if (await question("Drain the service?", "It takes no more tasks, finishes those it has, and ends. This page goes"
      + " with it.", "Drain it")) {
      await steer("/api/drain", "The service is draining.");
    }
  });
  on("token", () => askForToken(WHERE));
}

/** What can be done to one worker. */
export const worker = {
  cancel: (one) => act("DELETE", `/api/tasks/${one.taskId}`, `${one.task} is being cancelled.`),
  replace: (one) => steer(`/api/restart?worker=${one.id}`, `Worker ${one.id} is being replaced.`),
  dump: async (one) => {
    const answer = await steer(`/api/dump?worker=${one.id}`);
    if (answer) {
      detail(`Threads of worker ${one.id}, pid ${one.pid}`, answer.threads);
    }
  },
};
