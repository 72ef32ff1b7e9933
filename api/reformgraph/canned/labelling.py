"""A canned query as a store with labels at hand runs it: each label is called for instead of matched.

    ?figure rg:metric ?metric .
    OPTIONAL {
      ?metric skos:prefLabel ?metricLabel . FILTER (LANG(?metricLabel) = "zh")
    }
    BIND (STR(?metricLabel) AS ?metricZh)       becomes       BIND (<urn:reformgraph:label>(?metric, "zh") AS ?metricZh)

The solutions are the same where the thing is bound before, in the same group, and has one label in a language, which
`engines.labels` sees to. What is published stays as it is written: any endpoint runs it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from reformgraph.canned.binding import bound_before
from reformgraph.engines.labels import LABEL
from reformgraph.tokens import tokenize

_OPTIONAL = re.compile(
    r"OPTIONAL \{\s+\?(?P<thing>\w+) skos:prefLabel \?(?P<label>\w+) \."
    r'\s+FILTER \(LANG\(\?(?P=label)\) = (?P<tag>"[\w-]+")\)\s+\}\s+'
)
_MENTIONS = 3  # of its variable: matched, filtered, bound


@lru_cache(256)
def with_labels_called(text: str) -> str:
    """The query with a call in place of each OPTIONAL that does nothing but fetch a label; without one, as it is."""
    if any(token.text.upper() == "GRAPH" for token in tokenize(text)):
        return text  # a label may be in another graph
    called = text
    for found in reversed(list(_OPTIONAL.finditer(text))):
        if found["thing"] in bound_before(text, found.start()):
            called = _called(called, found)
    return called


def _called(text: str, found: re.Match[str]) -> str:
    used = f"STR(?{found['label']})"
    between, bind, after = text[found.end() :].partition(f"BIND ({used} AS ")
    mentions = len(re.findall(rf"[?$]{found['label']}\b", text))
    if not bind or mentions != _MENTIONS or not _in_one_group(between):
        return text
    call = f"<{LABEL}>(?{found['thing']}, {found['tag']})"
    return text[: found.start()] + between + bind.replace(used, call) + after


def _in_one_group(text: str) -> bool:
    """Whether what begins before the text and what follows it stand in one group of patterns."""
    depth = 0
    for token in tokenize(text):
        depth += (token.text == "{") - (token.text == "}")
        if depth < 0:
            return False
    return depth == 0
