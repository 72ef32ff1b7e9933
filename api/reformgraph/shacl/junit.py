"""Validation reports as JUnit XML, which CI systems show: a case for each result, and for each rule that found none.

There is no standard; this keeps to what Jenkins' and GitLab's readers share (testsuites, testsuite, testcase, failure).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.etree import ElementTree

from reformgraph.namespaces import compact
from reformgraph.validation import Report, Result

# Characters that XML 1.0 cannot hold (section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report, language: str, rules: Sequence[str], counts: Callable[[Result], bool]) -> bytes:
    """The report as XML; a result that does not count is a case that passes, with its message as output."""
    suite = ElementTree.Element("testsuite", name="SHACL")
    for result in report.results:
        _case(suite, result, result.messages[language], counts(result))
    fired = {result.shape for result in report.results}
    for rule in rules:
        if rule not in fired:
            ElementTree.SubElement(suite, "testcase", classname="reformgraph", name=compact(rule))
    failures = sum(counts(result) for result in report.results)
    numbers = {"tests": str(len(suite)), "failures": str(failures), "errors": "0"}
    suite.attrib.update(numbers)
    suites = ElementTree.Element("testsuites", numbers)
    suites.append(suite)
    ElementTree.indent(suites)
    xml: bytes = ElementTree.tostring(suites, "utf-8", xml_declaration=True)
    return xml + b"\n"


def _case(suite: ElementTree.Element, result: Result, message: str, failed: bool) -> None:
    name = _clean(f"{compact(result.shape)} {compact(result.focus)}")
    case = ElementTree.SubElement(suite, "testcase", classname="reformgraph", name=name)
    message = _clean(message)
    if failed:
        failure = ElementTree.SubElement(case, "failure", type=result.severity, message=message)
        failure.text = _clean(f"{message}\n{result.shape}")
    else:
        ElementTree.SubElement(case, "system-out").text = _clean(f"{result.severity}: {message}\n{result.shape}")


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
