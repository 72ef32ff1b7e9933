"""The page of rules in the docs is written from the shapes: `--approve` writes it anew."""

from __future__ import annotations

from textwrap import fill

from reformgraph.content import content_root
from reformgraph.namespaces import compact
from reformgraph.shacl.rulebook import Rule, Rulebook
from reformgraph.validation import read_shapes

PAGE = content_root() / "docs" / "reference" / "rules.md"
BEGIN = "<!-- From the shapes: pytest tests/shapes/test_rules_page.py --approve writes this part. -->\n\n"
END = "<!-- The end of what is written from the shapes. -->\n"
# What the rules of a number have in common, where they are too many to be named in a heading.
TITLES = {
    "S1": "Fields of a figure",
    "S2": "Evidence, claimant and voice; parts of a relation",
    "S3": "Parts of a span and of a document",
    "S11": "No cycles",
    "S13": "IRIs and codes",
    "S14": "Labels",
}


def title(number: str, rules: list[Rule]) -> str:
    return TITLES.get(number) or "; ".join(rule.label["en"] for rule in rules)


def entry(rule: Rule) -> str:
    innocent = f" *Innocent readings*: {rule.innocent['en']}" if rule.innocent else ""
    text = f"**{rule.label['en']}** ([`{compact(rule.iri)}`]({rule.iri}), {rule.severity}): {rule.meaning['en']}"
    text += f"{innocent} *To mend*: {rule.mending['en']}"
    return fill(text, 120, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def written(book: Rulebook) -> str:
    """A section for each number with its rules."""
    sections = (
        f"## {number} {title(number, rules)}\n\n" + "\n".join(map(entry, rules)) + "\n\n"
        for number, rules in book.by_number.items()
    )
    return "".join(sections)


def test_the_page_of_rules_is_that_of_the_shapes(approve: bool) -> None:
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    told, end, tail = rest.partition(END)
    expected = written(Rulebook.read(read_shapes(content_root()), content_root() / "shapes" / "examples"))
    if approve:
        PAGE.write_text(head + BEGIN + expected + END + tail, "utf-8")
    assert end, "the marks between which the page is written are gone"
    assert approve or told == expected


def test_every_number_has_its_section_but_that_of_the_verifier() -> None:
    sections = [line.split()[1] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("## S")]
    assert sections == [f"S{n}" for n in range(1, 40) if n != 5]
