"""A validation report as one HTML page that stands by itself: no script, nothing from elsewhere."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, StrictUndefined, Template

from reformgraph.namespaces import compact
from reformgraph.validation import Report

_PAGE = """<!doctype html>
<html lang="{{ 'zh-Hans' if language == 'zh' else 'en' }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ summary }}</title>
<style>
body { font-family: system-ui, sans-serif; line-height: 1.5; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #bbb; padding: .4rem .6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>{{ summary }}</h1>
{% if report.results %}
<table>
<thead><tr>{% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>
{% for result in report.results %}
<tr><td>{{ result.severity }}</td><td>{{ result.messages[language] }}</td>
<td><a href="{{ result.shape }}">{{ result.shape | compact }}</a></td></tr>
{% endfor %}
</tbody>
</table>
{% endif %}
</body>
</html>
"""
_HEADS = {"zh": ("严重程度", "问题与改法", "规则"), "en": ("Severity", "What is wrong, and how to mend it", "Rule")}


def page(report: Report, language: str, summary: str) -> str:
    """The page in a language, headed by the summary."""
    return _template().render(report=report, language=language, summary=summary, heads=_HEADS[language])


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["compact"] = compact
    return environment.from_string(_PAGE)
