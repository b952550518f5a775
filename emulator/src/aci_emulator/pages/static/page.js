// Copyright (c) 2026, the azure_containers.aci contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Conveniences; everything also works without this script. Text from the emulator is inserted only as text, never as
// markup, except for whole pages, in which it is already escaped.
"use strict";

// Refreshes the page without losing the user's place: open details stay open, the focus stays where it is, and nothing
// moves while text is selected or a form is being filled in. Without script, a meta element reloads the page instead.
const refresh = () => {
  const seconds = Number(document.documentElement.dataset.refresh);
  if (!seconds || document.querySelector("[data-follow]")) return;
  const status = document.getElementById("refresh-status");
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const changed = (field) => field.type === "hidden" ? false
    : field.tagName === "SELECT" ? ![...field.options].every((each) => each.selected === each.defaultSelected)
      && field.selectedIndex !== 0 : field.value !== field.defaultValue;

  const busy = () => {
    const active = document.activeElement;
    const selected = document.getSelection();
    return document.hidden || (selected && !selected.isCollapsed)
      || (active && ["INPUT", "SELECT", "TEXTAREA"].includes(active.tagName))
      || [...document.querySelectorAll("main :is(input, select, textarea)")].some(changed);
  };

  const places = (root) => [...root.querySelectorAll("details[id], [id][tabindex]")];

  const replace = (fresh) => {
    const main = document.getElementById("content");
    const kept = new Map(places(main).map((each) => [each.id, [each.open, each.scrollTop, each.scrollLeft]]));
    const active = document.activeElement;
    const inside = main.contains(active) && active !== main;
    const focused = inside && (active.id || active.closest("details")?.id);
    const summary = inside && active.tagName === "SUMMARY";
    const target = inside && active.getAttribute("href");
    const form = inside && active.closest("form")?.getAttribute("action");
    main.replaceChildren(...fresh.childNodes);
    prepare(main);
    for (const each of places(main)) {
      const [open, top, left] = kept.get(each.id) ?? [];
      if (open) each.open = true;
      if (top || left) each.scrollTo(left, top);
    }
    if (!inside) return;
    const again = (focused && document.getElementById(focused))
      || (target && main.querySelector(`a[href="${CSS.escape(target)}"]`))
      || (form && main.querySelector(`form[action="${CSS.escape(form)}"] button`)) || main;
    (summary ? again.querySelector("summary") ?? again : again).focus({ preventScroll: true });
  };

  const read = async () => {
    if (!busy()) {
      try {
        const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("content");
        if (!fresh) {
          location.reload();
          return;
        }
        if (!busy()) {
          replace(fresh);
          document.title = page.title;
        }
        say(`Refreshed every ${seconds} s.`);
      } catch {
        say("The emulator does not answer.");
      }
    }
    setTimeout(read, seconds * 1000);
  };
  setTimeout(read, seconds * 1000);
};

// Appends new lines to a log, so that a screen reader reads only those.
const follow = () => {
  const log = document.querySelector("[data-follow]");
  if (!log) return;
  const text = log.querySelector("pre");
  const button = document.getElementById("follow-switch");
  const status = document.getElementById("follow-status");
  let on = true;
  button.hidden = false;
  button.addEventListener("click", () => {
    on = !on;
    button.setAttribute("aria-pressed", String(on));
    status.textContent = on ? "" : "Paused.";
  });
  const say = (words) => { if (on && status.textContent !== words) status.textContent = words; };
  const show = (fresh) => {
    const old = text.textContent;
    if (fresh === old) return;
    document.getElementById("no-log")?.remove();
    const end = old.slice(-2000);
    const at = end ? fresh.lastIndexOf(end) : -1;
    if (at < 0) text.textContent = fresh;
    else text.append(fresh.slice(at + end.length));
  };
  const read = async () => {
    if (on && !document.hidden && document.getSelection()?.isCollapsed !== false) {
      try {
        const answer = await fetch(log.dataset.follow, { cache: "no-store", credentials: "same-origin" });
        if (answer.ok) show(await answer.text());
        say(answer.ok ? "" : "The log no longer exists.");
      } catch {
        say("The emulator does not answer.");
      }
    }
    setTimeout(read, 1000);
  };
  setTimeout(read, 1000);
};

// Copy buttons, and a fault's fields, of which only those of its kind are shown.
const prepare = (root) => {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = "Copied";
      } catch {
        document.getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
        button.textContent = "Selected";
      }
    });
  }
  const kind = root.querySelector("#kind");
  if (!kind) return;
  const choose = () => {
    const details = kind.selectedOptions[0].dataset.details.split(" ");
    let some = false;
    for (const field of root.querySelectorAll("[data-kinds]")) {
      field.hidden = !details.includes(field.dataset.kinds);
      field.querySelector("input, select, textarea").disabled = field.hidden;
      some ||= !field.hidden;
      if (!field.hidden) field.closest("fieldset").hidden = false;
    }
    if (!some) root.querySelector("[data-kinds]").closest("fieldset").hidden = true;
  };
  kind.addEventListener("change", choose);
  choose();
};

prepare(document);
refresh();
follow();
// Lets screen readers read out the outcome of a form, unless the URL's fragment already sets the focus.
if (!location.hash) document.getElementById("notice")?.focus();
