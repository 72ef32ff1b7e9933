"""What is not there: 404 with the nearest names and 410 with successors, as a page for browsers, else as a problem."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from reformgraph.errors import NotAcceptableError, NotFoundError, ParameterError
from reformgraph.linked.addresses import Address
from reformgraph.namespaces import BASE
from reformgraph.results import FORMATS
from reformgraph.web import problems, respond
from reformgraph.web.pages import phrases, render
from reformgraph.web.site import Site
from reformgraph.web.things.representing import Link, path_of


def not_found(request: Request, site: Site, error: NotFoundError) -> Response:
    """404 with the nearest IRIs in `nearest` and their labels in `labels`."""
    near = list(error.nearest)
    labels = _labels(site, near)
    if wants_page(request):
        return _page(request, 404, kind=error.kind, name=error.name, near=near, labels=labels)
    title, detail = "Not found", f"There is no {error.kind} {error.name!r}, nor exactly one that is called so."
    return problems.problem(404, "not-found", title, detail, nearest=near or None, labels=labels or None)


def gone(request: Request, site: Site, address: Address) -> Response:
    """410 for a withdrawn thing, with what took its place."""
    successors = list(address.successors)
    labels = _labels(site, successors)
    if wants_page(request):
        kind, _, name = address.iri.removeprefix(BASE).partition("/")
        answer = _page(request, 410, kind=kind, name=name, near=successors, labels=labels)
    else:
        detail = f"{address.iri} was withdrawn" + (" and replaced." if successors else ".")
        answer = problems.problem(410, "gone", "Withdrawn", detail, successor=successors or None, labels=labels or None)
    if successors:
        links = [Link(path_of(request, iri), "successor-version") for iri in successors]
        answer.headers["Link"] = ", ".join(map(str, links))
    return answer


def wants_page(request: Request) -> bool:
    """Whether the caller asks for HTML by name: by suffix, `?format=` or Accept."""
    last = request.url.path.rpartition("/")[2]
    _, suffix = respond.split_suffix(last, list(FORMATS.values()))
    if suffix is not None:
        return suffix == "html"
    try:
        return respond.negotiate(request, ("json", "html")).suffix == "html"
    except (NotAcceptableError, ParameterError):
        return False


def _labels(site: Site, iris: list[str]) -> dict[str, dict[str, str]]:
    """Labels of things and of kinds, which are no things themselves."""
    kinds = {iri: iri.removeprefix(BASE) for iri in iris if "/" not in iri.removeprefix(BASE)}
    named = {iri: {tag: phrases.section(kind, tag) for tag in respond.LANGUAGES} for iri, kind in kinds.items()}
    return named | (site.resources.labels(iris) if iris else {})


def _page(request: Request, status: int, **values: object) -> Response:
    html = render(request, "missing.html", status=status, **values)
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", "X-Robots-Tag": "noindex"}
    return HTMLResponse(html, status, headers)
