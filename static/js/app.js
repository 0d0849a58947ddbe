// The behaviour of every page. Listeners are delegated from the document, so that what htmx swaps in
// works at once; nothing here is needed to use the portal, only to use it faster.
// Sentences come translated from data attributes of #program-words in layout/base.html.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = () => document.getElementById("program-words")?.dataset ?? {};
  const put = (sentence = "", values = {}) =>
    sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const store = {
    get(key) {
      try { return localStorage.getItem(key); } catch { return null; }
    },
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
        return true;
      } catch { return false; }
    },
  };
  const ready = (run) =>
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", run) : run();

  // ---- Theme: light, dark, or as the system has it ----
  const showTheme = () => {
    const theme = store.get("theme") ?? "system";
    if (theme === "system") delete document.documentElement.dataset.bsTheme;
    else document.documentElement.dataset.bsTheme = theme;
    all("input[data-theme]").forEach((input) => { input.checked = input.dataset.theme === theme; });
  };
  document.addEventListener("change", ({ target }) => {
    if (target.matches("input[data-theme]")) {
      store.set("theme", target.dataset.theme === "system" ? null : target.dataset.theme);
      showTheme();
    }
    if (target.matches("input[data-reveal]")) {
      document.getElementById(target.dataset.reveal).type = target.checked ? "text" : "password";
    }
    if (target.matches("input[data-setting='keys']")) store.set("keys", target.checked ? null : "off");
  });

  // ---- Toasts: what just happened, ten seconds, longer while one looks at them ----
  const stay = (toast) => {
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000);
      else toast.remove();
    };
    setTimeout(leave, toast.dataset.tone === "bad" ? 20000 : 10000);
  };
  const say = (text, tone = "good", undo = null) => {
    const toast = document.getElementById("toast-blank")?.content.firstElementChild?.cloneNode(true);
    if (!toast || !text) return;
    toast.dataset.tone = tone;
    toast.querySelector("[data-toast-text]").textContent = text;
    const form = toast.querySelector("form");
    if (undo) form.action = undo;
    else form.remove();
    all("[data-tone-icon]", toast).forEach((icon) => { if (icon.dataset.toneIcon !== tone) icon.remove(); });
    withToken(toast);
    document.getElementById("toasts")?.append(toast);
    stay(toast);
  };
  document.addEventListener("toast", ({ detail }) => say(detail.text, detail.tone, detail.undo));

  // ---- The forgery token: one meta, read for every request, put into forms that lack a fresh one ----
  const token = () => document.querySelector("meta[name='csrf-token']")?.content ?? "";
  const withToken = (root) =>
    all("input[name='csrf_token']", root).forEach((input) => { input.value = token(); });
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.headers["X-CSRFToken"] = token();
  });

  // ---- A form is sent once ----
  const sending = (form, on) => {
    if (on) form.dataset.sending = "";
    else delete form.dataset.sending;
  };
  const owner = (element) => element?.closest?.("form");
  document.addEventListener("submit", (event) => {
    if (!("sending" in event.target.dataset)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || event.submitter?.formTarget === "_blank") return;
    sending(form, true);
    setTimeout(() => sending(form, false), 15000);
    leaveDraft(form);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const form = owner(detail.elt);
    if (form && detail.requestConfig.verb !== "get") sending(form, true);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const form = owner(detail.elt);
    if (!form) return;
    sending(form, false);
    if (detail.successful && detail.elt === form) forgetDraft(form);
  });
  addEventListener("pageshow", () => all("form[data-sending]").forEach((form) => sending(form, false)));

  // ---- Drafts: typed words stay on this computer until they are sent ----
  const draftKey = (form) => `draft:${document.body.dataset.person ?? ""}:${form.dataset.draft}`;
  const draftFields = (form) => [...form.elements].filter((field) =>
    field.name && field.name !== "csrf_token" && !field.disabled
    && !["hidden", "password", "file", "submit", "button"].includes(field.type));
  const picked = (field) => ["radio", "checkbox"].includes(field.type);
  const clock = (time) =>
    new Date(time).toLocaleTimeString(document.documentElement.lang || [], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const draftStatus = (form, sentence, time) =>
    all("[data-draft-status]", form).forEach((place) => {
      place.textContent = put(sentence, { time: clock(time) });
    });
  const keepDraft = (form) => {
    const fields = draftFields(form).map((field) =>
      picked(field) ? [field.name, field.value, field.checked] : [field.name, field.value]);
    const at = Date.now();
    if (store.set(draftKey(form), JSON.stringify({ at, fields }))) draftStatus(form, words().draftKept, at);
  };
  const forgetDraft = (form) => {
    if (!form.matches("form[data-draft]")) return;
    store.set(draftKey(form), null);
    draftStatus(form, "", 0);
  };
  const bringDraft = (form) => {
    const kept = JSON.parse(store.get(draftKey(form)) ?? "null");
    const touched = form.querySelector("[aria-invalid='true']")
      || draftFields(form).some((field) => field.matches("input:not([type=radio], [type=checkbox]), textarea") && field.value.trim());
    if (!kept || touched) return;
    for (const field of draftFields(form)) {
      const mine = kept.fields.find(([name, value]) => name === field.name && (!picked(field) || value === field.value));
      if (!mine) continue;
      if (picked(field)) field.checked = mine[2];
      else field.value = mine[1];
    }
    draftStatus(form, words().draftBack, kept.at);
  };
  // The page a sent form leads to clears its draft, unless that page says it went wrong.
  const leaveDraft = (form) => {
    if (!form.matches("form[data-draft]")) return;
    keepDraft(form);
    const sent = { key: draftKey(form), from: location.href.split("#")[0] };
    try { sessionStorage.setItem("sent", JSON.stringify(sent)); } catch { /* the draft then stays */ }
  };
  const settleDrafts = () => {
    let sent = null;
    try {
      sent = JSON.parse(sessionStorage.getItem("sent"));
      sessionStorage.removeItem("sent");
    } catch { /* nothing to settle */ }
    const forms = all("form[data-draft]");
    const again = forms.find((form) => draftKey(form) === sent?.key);
    const arrival = performance.getEntriesByType("navigation")[0];
    const arrived = arrival?.type === "navigate" && document.referrer === sent?.from;
    const wrong = arrival?.responseStatus >= 400 || "error" in document.body.dataset || again?.querySelector("[aria-invalid='true'], .note-bad");
    if (sent && arrived && !wrong) store.set(sent.key, null);
    forms.forEach(bringDraft);
  };
  const timers = new WeakMap();
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-draft]");
    if (form) {
      clearTimeout(timers.get(form));
      timers.set(form, setTimeout(() => keepDraft(form), 400));
    }
    count(target);
  });
  document.addEventListener("click", ({ target }) => {
    const form = target.closest("[data-draft-discard]")?.closest("form");
    if (!form) return;
    forgetDraft(form);
    form.reset();
  });

  // ---- A picture that is pasted or dropped goes to the other files of its form ----
  const giveFiles = (event, files) => {
    const field = owner(event.target)?.querySelector("input[type='file'][multiple]");
    if (!field || !files?.length) return;
    event.preventDefault();
    const together = new DataTransfer();
    [...field.files, ...files].forEach((file) => together.items.add(file));
    field.files = together.files;
    const more = field.closest("details");
    if (more) more.open = true;
  };
  document.addEventListener("paste", (event) => giveFiles(event, event.clipboardData?.files));
  document.addEventListener("drop", (event) => giveFiles(event, event.dataTransfer?.files));

  // ---- A quiet timer: how many minutes are left of so many seconds; looked at, never announced ----
  const tick = () => all("[data-timer]").forEach((timer) => {
    timer.dataset.end ??= performance.now() + Number(timer.dataset.timer) * 1000;
    const left = Math.ceil((Number(timer.dataset.end) - performance.now()) / 60000);
    timer.textContent = left > 0 ? put(timer.dataset.left, { n: left }) : timer.dataset.over;
  });
  setInterval(tick, 5000);

  // ---- Counters: how much room is left ----
  const count = (field) => {
    const counter = field.id && document.querySelector(`[data-counter="${CSS.escape(field.id)}"]`);
    if (!counter) return;
    const left = Number(counter.dataset.limit) - [...field.value].length;
    counter.dataset.over = left < 0;
    counter.textContent = put(left < 0 ? counter.dataset.tooLong : counter.dataset.left, { n: Math.abs(left) });
  };
  const countAll = (root) =>
    all("[data-counter]", root).forEach((counter) => {
      const field = document.getElementById(counter.dataset.counter);
      if (field) count(field);
    });

  // ---- Dialogs, menus, pressed things ----
  const open = (dialog) => {
    dialog.returnTo = document.activeElement;
    dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      if (dialog.id === "keys") listKeys(dialog);
      open(dialog);
    }
    if (event.target.closest("[data-close]")) event.target.closest("dialog, .toast-msg")?.[event.target.closest("dialog") ? "close" : "remove"]();
    if (event.target.matches("dialog.dialog")) event.target.close();
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const printer = event.target.closest("[data-print]");
    if (printer) print();
  });
  document.addEventListener("close", ({ target }) => target.returnTo?.focus?.(), true);

  // ---- Keys: an element says which keys press it, data-key="c" or data-key="g m" ----
  const keysOff = () => store.get("keys") === "off" || "keysOff" in document.body.dataset;
  const seen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
  const keyed = () => all("[data-key]").filter(seen);
  const press = (keys) => {
    const matching = keyed().filter((element) => element.dataset.key === keys);
    const element = matching.find((one) => one.matches("input, textarea")) ?? matching[0];
    if (!element) return false;
    pressed = keys;
    if (["j", "k"].includes(keys)) followRow(true);
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
    return true;
  };
  // Going through a list by keys, the focus goes along: the next page gives it to the row that is open.
  let pressed = "";
  const followRow = (on) => {
    try {
      const was = sessionStorage.getItem("row");
      if (on) sessionStorage.setItem("row", "on");
      else sessionStorage.removeItem("row");
      return was;
    } catch { return null; }
  };
  const showRow = () => {
    const row = document.querySelector(".inbox-row[aria-current]");
    row?.scrollIntoView({ block: "nearest" });
    if (followRow(false)) row?.focus({ preventScroll: true });
  };
  const listKeys = (dialog) => {
    const list = dialog.querySelector("[data-keys-list]");
    const rows = new Map(keyed().map((element) => [element.dataset.key, element]));
    list.replaceChildren(...[...rows].flatMap(([keys, element]) => {
      const term = document.createElement("dt");
      keys.split(" ").forEach((key) => {
        term.append(Object.assign(document.createElement("kbd"), { className: "kbd", textContent: key }));
      });
      const label = document.createElement("dd");
      label.textContent = element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? ownText(element);
      return [term, label];
    }));
    all("input[data-setting='keys']").forEach((input) => { input.checked = store.get("keys") !== "off"; });
  };
  const ownText = (element) => {
    const copy = element.cloneNode(true);
    all(".kbd, .count, svg", copy).forEach((part) => part.remove());
    return copy.textContent.trim().replace(/\s+/g, " ");
  };
  let first = { key: "", at: 0 };
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = owner(target) ?? document.querySelector("main form[data-draft], main form[method='post']");
      if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[type='submit'][data-default]") ?? undefined); }
      return;
    }
    if (key === "Escape") {
      all("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
      const form = target.closest("dialog") ? null : owner(target);
      const leave = form?.querySelector("[data-escape]");
      if (leave && !event.isComposing) {
        if (form.matches("[data-draft]") && draftFields(form).some((field) => field.value)) keepDraft(form);
        leave.click();
      }
      return;
    }
    const typing = target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || keysOff()) return;
    const chord = Date.now() - first.at < 1200 ? `${first.key} ${key}` : "";
    first = { key, at: Date.now() };
    const help = document.getElementById("keys");
    if (chord && press(chord)) first = { key: "", at: 0 };
    else if (key === "?" && help) { listKeys(help); open(help); }
    else if (keyed().some((element) => element.dataset.key.startsWith(`${key} `)) || !press(key)) return;
    event.preventDefault();
  });

  // ---- What htmx could not do ----
  const sentence = (xhr) => {
    const page = new DOMParser().parseFromString(xhr.responseText ?? "", "text/html");
    return page.querySelector("#error, [data-sentence]")?.textContent.trim();
  };
  // Asked by themselves: nobody waits for the answer, and no dialog interrupts who is typing.
  const isQuiet = (element) => ["bell", "masked", "alike"].includes(element?.id);
  document.addEventListener("htmx:responseError", ({ detail: { xhr, elt } }) => {
    if (isQuiet(elt)) return;
    const door = document.getElementById("signed-out");
    if (xhr.status === 401 && door) { if (!door.open) open(door); return; }
    say(sentence(xhr) || (xhr.status === 404 ? words().missing : words().broken), "bad");
  });
  for (const event of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(event, ({ detail: { elt } }) => isQuiet(elt) || say(words().offline, "bad"));
  }
  // Signed in again in another tab: take this session's token, so that what was typed can be sent.
  const comeBack = async () => {
    const door = document.getElementById("signed-out");
    if (!door?.open) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("meta[name='csrf-token']")?.content;
      if (!answer.ok || !fresh || page.body.dataset.person !== document.body.dataset.person) return;
      document.querySelector("meta[name='csrf-token']").content = fresh;
      withToken(document);
      door.close();
      say(words().back);
    } catch { /* still no connection: the dialog stays */ }
  };
  addEventListener("focus", comeBack);
  document.addEventListener("click", ({ target }) => { if (target.closest("[data-come-back]")) comeBack(); });

  // ---- When a page or a piece of it arrives ----
  const ring = (bell) => {
    const unread = Number(bell.dataset.unread);
    all("[data-unread-count]").forEach((count) => { count.textContent = unread; count.hidden = !unread; });
    all("[data-unread-dot]").forEach((dot) => { dot.hidden = !unread; });
    all("[data-unread-words]").forEach((words) => { words.textContent = bell.dataset.words; });
  };
  document.addEventListener("htmx:load", ({ detail }) => {
    if (isQuiet(detail.elt)) ring(detail.elt);
    countAll(detail.elt);
    if (detail.elt !== document.body) {
      [detail.elt, ...all("form", detail.elt)].filter((one) => one.matches("form[data-draft]")).forEach(bringDraft);
    }
    // A step that was folded up again gives the focus back to what unfolded it.
    if (detail.elt.id === "step" && pressed) detail.elt.querySelector(`.btn[data-key="${CSS.escape(pressed)}"]`)?.focus();
    detail.elt.querySelector?.("[aria-invalid='true']")?.focus();
  });
  ready(() => {
    showTheme();
    settleDrafts();
    countAll(document);
    tick();
    showRow();
    all(".toast-msg").forEach(stay);
    document.querySelector("main [aria-invalid='true']")?.focus();
  });
})();
