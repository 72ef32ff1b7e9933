"""How to cite a figure, and where to challenge its reading.

A citation names who claims what, the words and where they stand, and the release that was looked at: the release is the
digest of all triples, so the cited state is fixed without a day of access. CSL JSON follows the Citation Style Language
1.0.2 data schema (https://docs.citationstyles.org/en/stable/specification.html), BibTeX the biblatex type `@dataset`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from reformgraph import __version__

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_TITLES = {"zh": "reformgraph：公安改革报告中的主张", "en": "reformgraph: claims in reports of police reform"}
_BIBTEX = str.maketrans({mark: "\\" + mark for mark in "&%$#_{}"} | {"\\": "", "~": " ", "^": " "})


@dataclass(frozen=True)
class Citation:
    """One figure to be cited: `says` is the figure in words, such as "Computers: more than 13,000".

    `claimant` and `report` are names, `start` and `end` offsets in code points, `issued` the day of the report (ISO
    8601) where it tells one.
    """

    iri: str
    release: str
    says: str
    exact: str
    claimant: str
    report: str
    start: int
    end: int
    language: str
    issued: str | None = None

    @property
    def pinned(self) -> str:
        """The lasting address with the release that was looked at."""
        return f"{self.iri}?{urlencode({'release': self.release})}"

    @property
    def key(self) -> str:
        """The citation key: `reformgraph-826ec1811efe-1157-1164`."""
        return "reformgraph-" + self.iri.rpartition("/")[2]

    def text(self) -> str:
        """One sentence for a footnote."""
        if self.language == "zh":
            return (
                f"{self.claimant}：{self.says}。原文“{self.exact}”，见《{self.report}》第{self.start}–{self.end}字符。"
                f"载 reformgraph，版本 {self.release[:12]}，{self.pinned}。"
            )
        return (
            f"{self.claimant}: {self.says}. In the words “{self.exact}”, {self.report}, characters "
            f"{self.start}–{self.end}. In: reformgraph, release {self.release[:12]}, {self.pinned}."
        )

    def bibtex(self) -> str:
        """A biblatex entry, in UTF-8."""
        fields = {
            "author": f"{{{self._tex(self.claimant)}}}",
            "title": self._tex(f"{self.says} (“{self.exact}”)"),
            "booktitle": self._tex(_TITLES[self.language]),
            "date": self.issued,
            "version": f"{__version__}, release {self.release[:12]}",
            "url": self.pinned,
            "note": self._tex(f"{self.report}, {self.start}–{self.end}"),
            "langid": "chinese" if self.language == "zh" else "english",
        }
        lines = [f"  {name:<9} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@dataset{{{self.key},", *lines, "}"])

    def csl(self) -> str:
        """A list of one CSL item, as reference managers read it."""
        item: dict[str, Any] = {
            "id": self.key,
            "type": "dataset",
            "title": f"{self.says} (“{self.exact}”)",
            "author": [{"literal": self.claimant}],
            "container-title": _TITLES[self.language],
            "version": f"{__version__}, release {self.release[:12]}",
            "URL": self.pinned,
            "language": "zh-Hans" if self.language == "zh" else "en",
            "note": f"{self.report}, {self.start}–{self.end}",
            "license": LICENSE,
        }
        if self.issued:
            item["issued"] = {"date-parts": [[int(part) for part in self.issued.split("-")]]}
        return json.dumps([item], ensure_ascii=False, indent=2)

    def _tex(self, text: str) -> str:
        return text.translate(_BIBTEX)


def challenge(contact: str | None, iri: str, release: str, says: str, language: str) -> str | None:
    """Where a reading is challenged, with IRI and release filled in; None without a contact.

    A `mailto:` address (RFC 6068) gets subject and body; a web address its `{iri}` and `{release}`, or else two
    parameters of these names.
    """
    if not contact:
        return None
    if contact.startswith("mailto:"):
        subject, body = (text.format(iri=iri, release=release, says=says) for text in _LETTER[language])
        mark = "&" if "?" in contact else "?"
        return f"{contact}{mark}{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"
    if "{iri}" in contact or "{release}" in contact:
        return contact.replace("{iri}", quote(iri, safe="")).replace("{release}", quote(release, safe=""))
    mark = "&" if "?" in contact else "?"
    return f"{contact}{mark}{urlencode({'iri': iri, 'release': release})}"


_LETTER: Mapping[str, tuple[str, str]] = {
    "zh": (
        "对读法的质疑：{says}",
        "网址：{iri}\n版本：{release}\n现在读作：{says}\n\n应当读作：\n理由（原文的哪些字）：\n",
    ),
    "en": (
        "Challenge: {says}",
        "IRI: {iri}\nRelease: {release}\nRead as: {says}\n\nShould be read as:\nBecause of these words:\n",
    ),
}
