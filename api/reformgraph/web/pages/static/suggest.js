// Suggestions under the box of /search (ARIA combobox with a list); without this the form works as it is.
"use strict";

(function () {
  const form = document.querySelector("form[data-suggest]");
  const field = form && form.querySelector("input[name=q]");
  if (!field) return;
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.getAttribute("aria-label"));
  form.append(list);
  for (const [name, value] of [
    ["role", "combobox"], ["autocomplete", "off"], ["aria-autocomplete", "list"],
    ["aria-controls", list.id], ["aria-expanded", "false"],
  ]) field.setAttribute(name, value);
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  let [chosen, waiting, asked] = [-1, 0, 0];

  function show(names, about, addresses) {
    list.replaceChildren(...names.map((name, place) => {
      const item = document.createElement("li");
      item.id = `suggestion-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.address = addresses[place];
      const [title, more] = [document.createElement("span"), document.createElement("span")];
      [title.textContent, more.textContent, more.className] = [name, about[place], "note"];
      item.append(title, " ", more);
      return item;
    }));
    choose(-1);
    open(names.length > 0);
  }

  function open(is) {
    list.hidden = !is;
    field.setAttribute("aria-expanded", String(is));
  }

  function choose(place) {
    chosen = place;
    [...list.children].forEach((item, other) => item.setAttribute("aria-selected", String(other === place)));
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `suggestion-${place}`);
  }

  async function suggest() {
    const mine = ++asked;
    const text = field.value.trim();
    if (!text) return show([], [], []);
    const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: text, lang: language })}`);
    if (!answer.ok) return;
    const [, names, about, addresses] = await answer.json();
    if (mine === asked && document.activeElement === field) show(names, about, addresses);
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest().catch(() => open(false)), 120);
  });
  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen < last ? chosen + 1 : 0);
    else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : last);
    else if (event.key === "Escape") open(false);
    else if (event.key === "Enter" && chosen >= 0) location.assign(list.children[chosen].dataset.address);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    event.preventDefault();
    if (item) location.assign(item.dataset.address);
  });
  field.addEventListener("blur", () => open(false));
})();
