"""The pages of the rules: all of them by number, and one for each with its meaning, its remedy and its example."""

from __future__ import annotations

from starlette.requests import Request

from reformgraph.shacl.rulebook import Rule
from reformgraph.web.pages import render
from reformgraph.web.site import Site


def rules(request: Request, site: Site) -> str:
    """The list of all rules, and of the shapes that only hold them together; every hash IRI has its anchor."""
    return render(request, "explained/rules.html", book=site.rulebook)


def rule(request: Request, site: Site, found: Rule) -> str:
    """The page of one rule."""
    example = found.example
    halves = [("fails", example.failing_lines()), ("passes", example.passing_lines())] if example else []
    return render(
        request,
        "explained/rule.html",
        rule=found,
        halves=halves,
        rest=example.rest() if example else "",
        failing=example.turtle(example.failing) if example else "",
        siblings=[other for other in site.rulebook.by_number[found.number] if other is not found],
        names=site.resources.figures.names,
    )
