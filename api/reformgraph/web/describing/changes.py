"""The changelog between two releases as JSON, as an Atom feed (RFC 4287), and as what its page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reformgraph import results
from reformgraph.namespaces import BASE, compact
from reformgraph.publishing import changelog, keptreleases
from reformgraph.publishing.changelog import Changes, Claim, Correction, Pair
from reformgraph.publishing.publication import SHORT
from reformgraph.release import Release, open_release

_TITLES = {
    "added": ("新增", "Added"),
    "corrected": ("更正", "Corrected"),
    "withdrawn": ("撤回", "Withdrawn"),
}


@dataclass(frozen=True)
class Step:
    """The way from one release to another; `before` is None where none is kept."""

    before: Release | None
    after: Release
    changes: Changes

    @property
    def updated(self) -> str:
        """When the later release was built here (RFC 3339)."""
        return datetime.fromtimestamp(int(keptreleases.built(self.after)), UTC).isoformat().replace("+00:00", "Z")


def step_between(before: Release | None, after: Release) -> Step:
    """The step from one release to another; from none, without changes."""
    return Step(before, after, _changes(before.path, after.path) if before else Changes())


@lru_cache(maxsize=8)
def _changes(before: Path, after: Path) -> Changes:
    """What lies between two releases, neither of which ever changes."""
    with open_release(before).engine() as old, open_release(after).engine() as new:
        return changelog.changes(old, new)


def as_json(step: Step) -> bytes:
    """`from`, `to`, and the three lists with what is said of each claim."""
    found = step.changes
    body = {
        "from": step.before.id if step.before else None,
        "to": step.after.id,
        "counts": {"added": len(found.added), "corrected": len(found.corrected), "withdrawn": len(found.withdrawn)},
        "added": [_claim(claim) for claim in found.added],
        "corrected": [
            {**_claim(one.after), "gone": _pairs(one.gone), "new": _pairs(one.new)} for one in found.corrected
        ],
        "withdrawn": [{**_claim(claim), "successors": list(claim.successors)} for claim in found.withdrawn],
    }
    return results.json_bytes(body)


def _claim(claim: Claim) -> dict[str, Any]:
    told = {"claim": claim.iri, "document": claim.document, "exact": claim.exact}
    labels = {f"metric{tag.capitalize()}": text for tag, text in claim.labels}
    return told | labels


def _pairs(pairs: Iterable[Pair]) -> list[dict[str, str]]:
    return [{"property": name, "value": value} for name, value in pairs]


def shown(pair: Pair) -> tuple[str, str]:
    """Property and value of a pair in short: CURIEs, literals without their datatype."""
    name, value = pair
    if value.startswith("<"):
        return compact(name), compact(value[1:-1])
    return compact(name), value.rpartition('"')[0][1:] or value


def as_atom(step: Step, address: str, feed: str) -> bytes:
    """One entry for each claim, its identifier that of the claim in the later release; `feed` the feed's own address.

    Every entry has the time at which the later release was built here: the graph knows no time of its own.
    """
    after = step.after.id[:SHORT]
    entries = [_entry(step, "added", claim, claim.exact) for claim in step.changes.added]
    entries += [_entry(step, "corrected", one.after, _difference(one)) for one in step.changes.corrected]
    entries += [_entry(step, "withdrawn", claim, claim.exact) for claim in step.changes.withdrawn]
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>reformgraph: claims changed in release {after}</title>\n<id>{BASE}changelog?release={after}</id>\n"
        f"<updated>{step.updated}</updated>\n<author><name>The reformgraph contributors</name></author>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(feed)}/>\n'
        f'<link rel="alternate" type="text/html" href={quoteattr(address)}/>\n'
    )
    return (head + "".join(entries) + "</feed>\n").encode()


def _entry(step: Step, change: str, claim: Claim, text: str) -> str:
    zh, en = _TITLES[change]
    what = claim.label("en") or claim.iri.removeprefix(BASE)
    title = f"{en} / {zh}: {what} {claim.exact}".strip()
    link = f"{claim.iri}?release={(step.before if change == 'withdrawn' and step.before else step.after).id[:SHORT]}"
    return (
        f"<entry><title>{escape(title)}</title><id>{escape(claim.iri)}?release={step.after.id[:SHORT]}</id>"
        f'<updated>{step.updated}</updated><category term="{change}"/><link href={quoteattr(link)}/>'
        f'<content type="text">{escape(text)}</content></entry>\n'
    )


def _difference(correction: Correction) -> str:
    gone = [f"- {' '.join(shown(pair))}" for pair in correction.gone]
    return "\n".join(gone + [f"+ {' '.join(shown(pair))}" for pair in correction.new])
