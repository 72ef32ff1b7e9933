// The SPARQL editor of /sparql: YASGUI over this service alone, with its prefixes, terms, names and canned queries.
// The page works without it: the form that it takes the place of does the same job.
"use strict";

(function () {
  const place = document.getElementById("editor");
  const form = document.getElementById("plain");
  if (!place || !form || typeof window.Yasgui !== "function") return;
  const field = form.querySelector("textarea");
  const chinese = document.documentElement.lang.startsWith("zh");
  const words = (zh, en) => (chinese ? zh : en);

  // Completion: by the start of the IRI first, then by any part of the local name or of a label, Chinese or English.
  function matching(terms, typed, limit = 60) {
    const text = typed.toLowerCase();
    const cut = Math.max(text.lastIndexOf("/"), text.lastIndexOf("#")) + 1;
    const [space, rest] = [text.slice(0, cut), text.slice(cut)];
    const begins = terms.filter(([iri]) => iri.toLowerCase().startsWith(text));
    const holds = terms.filter(
      ([iri, zh, en]) =>
        rest && iri.toLowerCase().startsWith(space) && !iri.toLowerCase().startsWith(text) &&
        [iri.slice(cut), zh, en].some((name) => name.toLowerCase().includes(rest)),
    );
    return begins.concat(holds).slice(0, limit).map(([iri]) => iri);
  }

  function completer(name, built, terms, isHere) {
    const labels = new Map(terms.map(([iri, zh, en]) => [iri, [zh, en].filter(Boolean).join(" · ")]));
    window.Yasgui.Yasqe.registerAutocompleter({
      name,
      bulk: false,
      autoShow: true,
      isValidCompletionPosition: isHere,
      get: (_, token) => (token && token.autocompletionString ? matching(terms, token.autocompletionString) : []),
      preProcessToken: built.preProcessToken,
      postProcessSuggestion: function (yasqe, token, iri) {
        const text = built.postProcessSuggestion(yasqe, token, iri);
        this.shown = (this.shown || new Map()).set(text, labels.get(iri));
        return text;
      },
      postprocessHints: function (_, hints) {
        const shown = this.shown || new Map();
        return hints.map((hint) => ({
          ...hint,
          displayText: shown.get(hint.text) ? `${hint.text}  ${shown.get(hint.text)}` : hint.text,
        }));
      },
    }, false);
  }

  function completers(known) {
    const built = window.Yasgui.Yasqe.Autocompleters;
    const table = Object.entries(known.prefixes).map(([prefix, space]) => `${prefix}: <${space}>`).sort();
    window.Yasgui.Yasqe.forkAutocompleter("prefixes", { name: "our-prefixes", persistenceId: null, get: () => table }, false);
    completer("our-properties", built.property, known.properties, built.property.isValidCompletionPosition);
    completer("our-classes", built.class, known.classes, built.class.isValidCompletionPosition);
    completer("our-things", built.class, known.things, (yasqe) => {
      const token = yasqe.getCompleteToken();
      const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, token);
      const isOther = built.property.isValidCompletionPosition(yasqe) || built.class.isValidCompletionPosition(yasqe);
      return !isOther && /^[\w-]*:|^<h/.test(token.string) && (!before || before.string.toUpperCase() !== "PREFIX");
    });
    return ["our-prefixes", "variables", "our-classes", "our-properties", "our-things"];
  }

  // A mistake in a query comes as RFC 9457 problem JSON: its words are shown, not the JSON.
  function problem(error) {
    let told;
    try {
      told = JSON.parse(error.text);
    } catch {
      return Promise.resolve(undefined);
    }
    const shown = document.createElement("p");
    shown.className = "problem";
    shown.setAttribute("role", "alert");
    shown.textContent = told.detail || told.title;
    return Promise.resolve(told.title ? shown : undefined);
  }

  // An IRI of ours answers here at the same path; what YASGUI leaves without a name gets one.
  function tend(root, known) {
    const tended = () => {
      for (const link of root.querySelectorAll(`a[href^="${known.base}"]`)) {
        link.href = known.home + link.getAttribute("href").slice(known.base.length);
      }
      label(root);
    };
    new MutationObserver(tended).observe(root, { childList: true, subtree: true });
    tended();
  }

  function label(root) {
    for (const size of root.querySelectorAll("select.tableSizer:not([aria-label])")) {
      size.setAttribute("aria-label", words("每页行数", "Rows on a page"));
    }
    for (const head of [...root.querySelectorAll(".yasr thead th")].filter((head) => !head.textContent.trim())) {
      const name = document.createElement("span");
      [name.className, name.textContent] = ["hidden", words("行", "Row")];
      head.append(name);
    }
    for (const area of root.querySelectorAll(".CodeMirror textarea")) {
      area.setAttribute("aria-label", words("SPARQL 查询；按 Esc 离开编辑器", "SPARQL query; press Esc to leave the editor"));
    }
    for (const button of root.querySelectorAll(".yasqe_queryButton")) {
      button.setAttribute("aria-label", words("运行", "Run"));
      button.title = words("运行（Ctrl+Enter）", "Run (Ctrl+Enter)");
    }
  }

  function start(known) {
    window.Yasgui.Yasr.defaults.errorRenderers = [problem];
    const yasgui = new window.Yasgui(place, {
      autofocus: false,
      copyEndpointOnNewTab: false,
      populateFromUrl: false,
      persistenceId: "reformgraph",
      tabName: words("查询", "Query"),
      requestConfig: { endpoint: known.endpoint, method: "POST" },
      endpointCatalogueOptions: { getData: () => [{ endpoint: known.endpoint }], keys: [] },
      yasqe: {
        value: field.defaultValue,
        collapsePrefixesOnLoad: true,
        autocompleters: completers(known),
        editorHeight: "340px",
        createShareableLink: (yasqe) => `${known.endpoint}?${new URLSearchParams({ query: yasqe.getValue() })}`,
      },
      yasr: { prefixes: known.prefixes },
    });
    const open = (text) => {
      const tabs = Object.values(yasgui._tabs);
      const same = tabs.find((tab) => tab.getPersistedJson().yasqe.value === text);
      const tab = same || yasgui.addTab(true, { ...window.Yasgui.Tab.getDefaults(yasgui), yasqe: { value: text } });
      yasgui.selectTabId(tab.getId());
    };
    if (place.dataset.given === "true") open(field.defaultValue);
    yasgui.on("query", () => document.getElementById("answer")?.remove());
    const fresh = document.createElement("button");
    [fresh.type, fresh.className, fresh.textContent] = ["button", "button quiet fresh", words("新标签页", "New tab")];
    fresh.addEventListener("click", () => yasgui.addTab(true));
    place.prepend(fresh);
    tend(place, known);
    document.getElementById("examples")?.addEventListener("click", async (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const page = new DOMParser().parseFromString(await (await fetch(link.href, { headers: { Accept: "text/html" } })).text(), "text/html");
      open(page.querySelector("#plain textarea").defaultValue);
      place.scrollIntoView();
      place.querySelector(".tabPanel.active .CodeMirror textarea")?.focus();
    });
    form.hidden = true;
  }

  fetch(place.dataset.known)
    .then((answer) => answer.json())
    .then(start)
    .catch((error) => {
      place.replaceChildren();
      form.hidden = false;
      console.warn(error);
    });
})();
