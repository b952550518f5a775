// Copyright (c) 2026, the azure_containers.aci contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Reads the page again without losing one's place: what is open stays open, what has the focus keeps it, and nothing
// moves while text is selected or a form is filled in. Without script a meta element reloads the page instead.
"use strict";
(() => {
  const seconds = Number(document.documentElement.dataset.refresh);
  if (!seconds) return;
  const status = document.getElementById("refresh-status");
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };

  const busy = () => {
    const active = document.activeElement;
    const selected = document.getSelection();
    return document.hidden || (selected && !selected.isCollapsed)
      || (active && ["INPUT", "SELECT"].includes(active.tagName));
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
    main.replaceChildren(...fresh.childNodes);
    for (const each of places(main)) {
      const [open, top, left] = kept.get(each.id) ?? [];
      if (open) each.open = true;
      if (top || left) each.scrollTo(left, top);
    }
    if (!inside) return;
    const again = (focused && document.getElementById(focused))
      || (target && main.querySelector(`a[href="${CSS.escape(target)}"]`)) || main;
    (summary ? again.querySelector("summary") ?? again : again).focus({ preventScroll: true });
  };

  const read = async () => {
    if (!busy()) {
      try {
        const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
        const text = await answer.text();
        if (!busy()) replace(new DOMParser().parseFromString(text, "text/html").getElementById("content"));
        say(`Refreshed every ${seconds} s.`);
      } catch {
        say("The emulator does not answer.");
      }
    }
    setTimeout(read, seconds * 1000);
  };
  setTimeout(read, seconds * 1000);
})();
