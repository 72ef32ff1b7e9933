"""Ways to break the real graph, each with the rule meant for it; `test_mutations` breaks it and mends it again.

A mutation picks the first `?x` for which `where` holds, takes the triples of `delete` out of whatever graph they stand
in, and puts those of `insert` into the graph of `?x`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One way to break the graph."""

    name: str
    rule: str
    where: str
    delete: str = ""
    insert: str = ""


def replace(name: str, rule: str, where: str, predicate: str, value: str) -> Mutation:
    """Another value for a property that `?x` has."""
    return Mutation(name, rule, f"{where} ?x {predicate} ?old .", f"?x {predicate} ?old .", f"?x {predicate} {value} .")


def drop(name: str, rule: str, where: str, predicate: str) -> Mutation:
    """A property lost with all its values."""
    return Mutation(name, rule, f"{where} ?x {predicate} ?old .", f"?x {predicate} ?old .")


def add(name: str, rule: str, where: str, statements: str) -> Mutation:
    """A statement more."""
    return Mutation(name, rule, where, "", statements)


OBS = "?x a rg:Observation ; rg:metric ?m ."
LEVEL = f"{OBS} ?x rg:measureKind code:measure-level ."
SHARE = f"{OBS} ?x rg:measureKind code:measure-share ; rg:value ?v ."
CHANGE = f"{OBS} ?x rg:measureKind code:measure-change ; rg:value ?v ."
RANK = f"{OBS} ?x rg:measureKind code:measure-rank ; rg:value ?v ."
SPAN = "?x a rg:Evidence ; rg:exact ?words ."
DOC = "?x a rg:SourceDocument ; rg:charLength ?length ."
RELATION = "?x a rg:RelationClaim ; rdf:predicate ?p ."
PERIOD = "?x a rg:Period ; dcat:startDate ?start ; dcat:endDate ?end ."
PLACE = "?x a rg:Place ; skos:notation ?code ."
AGENCY = "?x a rg:Agency ; skos:prefLabel ?label ."
MEMBERSHIP = "?x a org:Membership ; org:member ?person ."

MUTATIONS = (
    # Figures: fields
    drop("metric lost", "Observation-metric", OBS, "rg:metric"),
    add("second metric", "Observation-metric", OBS, "?x rg:metric metric:computers-per-officer , metric:reform-made-up ."),
    replace("metric in words", "Observation-metric", OBS, "rg:metric", '"电脑数"'),
    drop("unit lost", "Observation-unit", OBS, "qudt:hasUnit"),
    replace("unit in words", "Observation-unit", OBS, "qudt:hasUnit", '"台"'),
    drop("bound lost", "Observation-bound", OBS, "rg:bound"),
    replace("unknown code as bound", "Observation-bound", OBS, "rg:bound", "code:voice-self-report"),
    drop("kind lost", "Observation-measureKind", OBS, "rg:measureKind"),
    replace("kind of another scheme", "Observation-measureKind", OBS, "rg:measureKind", "code:bound-exact"),
    drop("modality lost", "Observation-modality", OBS, "rg:modality"),
    replace("modality of another scheme", "Observation-modality", OBS, "rg:modality", "code:bound-exact"),
    drop("agency lost", "Observation-agency", OBS, "rg:agency"),
    add("second agency", "Observation-agency", f"{OBS} ?x rg:agency ?a . ?b a rg:Agency . FILTER(?a != ?b)", "?x rg:agency ?b ."),
    add("two areas", "Observation-refArea", OBS, "?x sdmx-dimension:refArea place:cn , place:cn-21 , place:cn-210200 ."),
    add("two periods", "Observation-refPeriod", f"{OBS} ?x sdmx-dimension:refPeriod ?a .", "?x sdmx-dimension:refPeriod period:y1900 ."),
    add("period in words", "Observation-refPeriod", f"{OBS} FILTER NOT EXISTS {{ ?x sdmx-dimension:refPeriod ?a }}", '?x sdmx-dimension:refPeriod "去年" .'),
    add("two baselines", "Observation-baselinePeriod", f"{OBS} ?x rg:baselinePeriod ?a .", "?x rg:baselinePeriod period:y1900 ."),
    add("two initiatives", "Observation-initiative", f"{OBS} ?x rg:initiative ?a .", "?x rg:initiative init:made-up ."),
    add("two systems", "Observation-system", OBS, "?x rg:system system:made-up , system:made-up-too ."),
    add("two data sources", "Observation-dataSource", f"{OBS} ?x rg:dataSource ?a .", "?x rg:dataSource agency:made-up ."),
    add("two ranking groups", "Observation-rankAmong", f"{OBS} ?x rg:rankAmong ?a .", "?x rg:rankAmong group:made-up ."),
    add("unit word in English", "Observation-unitText", OBS, '?x schema:unitText "pieces"@en .'),
    add("two unit words", "Observation-unitText", f"{OBS} ?x schema:unitText ?a .", '?x schema:unitText "辆子"@zh .'),
    # Figures: values
    drop("value lost", "Observation-valuePresent", LEVEL, "rg:value"),
    add("second value", "Observation-value", LEVEL, "?x rg:value 987654321 ."),
    replace("value as double", "Observation-value", LEVEL, "rg:value", "4.2e3"),
    replace("value as text", "Observation-value", LEVEL, "rg:value", '"4200余"'),
    replace("value with the wrong datatype", "Observation-value", LEVEL, "rg:value", '"2009"^^xsd:gYear'),
    replace("share 130", "Observation-shareRange", SHARE, "rg:value", "130"),
    replace("share below nothing", "Observation-shareRange", SHARE, "rg:value", "-0.1"),
    replace("fall of more than all", "Observation-changeRange", CHANGE, "rg:value", "-100.5"),
    replace("rank 0", "Observation-rankRange", RANK, "rg:value", "0"),
    replace("rank one and a half", "Observation-rankRange", RANK, "rg:value", "1.5"),
    replace("rank beyond its group", "Observation-rankRange", f"{RANK} ?x rg:rankAmong/schema:numberOfItems ?n .", "rg:value", "1000"),
    replace("ratio 0", "Observation-ratioRange", f"{OBS} ?x rg:measureKind code:measure-ratio .", "rg:value", "0"),
    replace("share in pieces", "Observation-unitFitsKind", SHARE, "qudt:hasUnit", "unit:NUM"),
    replace("count in percent", "Observation-unitFitsKind", f"{LEVEL} ?x qudt:hasUnit unit:NUM .", "qudt:hasUnit", "unit:PERCENT"),
    replace("count in yuan", "Observation-unitFitsKind", f"{LEVEL} ?x qudt:hasUnit unit:NUM .", "qudt:hasUnit", "unit:CCY_CNY"),
    replace("money in pieces", "Observation-unitFitsKind", f"{OBS} ?x rg:measureKind code:measure-money .", "qudt:hasUnit", "unit:NUM"),
    replace("rank in percent", "Observation-unitFitsKind", RANK, "qudt:hasUnit", "unit:PERCENT"),
    replace("duration in pieces", "Observation-unitFitsKind", f"{OBS} ?x rg:measureKind code:measure-duration .", "qudt:hasUnit", "unit:NUM"),
    replace("change made a change of points", "Observation-unitFitsKind", CHANGE, "rg:measureKind", "code:measure-change-pp"),
    # Claims
    drop("evidence lost", "Claim-evidence", OBS, "rg:evidence"),
    replace("evidence that is no span", "Claim-evidence", OBS, "rg:evidence", "place:cn"),
    drop("evidence of a vague claim lost", "Claim-evidence", "?x a rg:VagueClaim .", "rg:evidence"),
    drop("claimant lost", "Claim-claimant", OBS, "rg:claimant"),
    add("second claimant", "Claim-claimant", OBS, "?x rg:claimant agency:made-up ."),
    drop("voice lost", "Claim-voice", OBS, "rg:voice"),
    replace("unknown code as voice", "Claim-voice", OBS, "rg:voice", "code:rumour"),
    add("inferred field in words", "Claim-inferredField", OBS, '?x rg:inferredField "时期" .'),
    drop("subject of a relation lost", "RelationClaim-subject", RELATION, "rdf:subject"),
    drop("predicate of a relation lost", "RelationClaim-predicate", RELATION, "rdf:predicate"),
    drop("object of a relation lost", "RelationClaim-object", RELATION, "rdf:object"),
    replace("object of a relation in words", "RelationClaim-object", RELATION, "rdf:object", '"公安部"'),
    Mutation("direct triple of a relation lost", "RelationClaim-direct",
             "?x a rg:RelationClaim ; rg:modality code:modality-achieved ; rdf:subject ?s ; rdf:predicate rg:implements ; rdf:object ?o . ?s rg:implements ?o .",
             "?s rg:implements ?o ."),
    add("relation told outright", "DirectRelation", "?x a rg:Agency ; skos:prefLabel ?l . ?i a rg:Initiative .", "?x rg:implements ?i ."),
    # Spans and documents
    replace("offset plus one", "Evidence-length", f"{SPAN} ?x rg:start ?s . BIND(?s + 1 AS ?next)", "rg:start", "?next"),
    replace("quote cut short", "Evidence-length", f"{SPAN} FILTER(STRLEN(?words) > 3)", "rg:exact", '"台"'),
    Mutation("span moved beyond its text", "Evidence-inText",
             f"{SPAN} ?x rg:start ?s ; rg:end ?e . BIND(?s + 1000000 AS ?s2) BIND(?e + 1000000 AS ?e2)",
             "?x rg:start ?s ; rg:end ?e .", "?x rg:start ?s2 ; rg:end ?e2 ."),
    replace("start below nothing", "Evidence-start", SPAN, "rg:start", "-1"),
    replace("start as text", "Evidence-start", SPAN, "rg:start", '"12"'),
    drop("end lost", "Evidence-end", SPAN, "rg:end"),
    add("second end", "Evidence-end", SPAN, "?x rg:end 999999 ."),
    drop("quote lost", "Evidence-exact", SPAN, "rg:exact"),
    replace("quote of a whole sentence", "Evidence-exact", SPAN, "rg:exact", '"' + "很长的一句话" * 6 + '"'),
    replace("empty quote", "Evidence-exact", SPAN, "rg:exact", '""'),
    replace("quote with a language", "Evidence-exact", SPAN, "rg:exact", '"台"@zh'),
    drop("prefix lost", "Evidence-prefix", SPAN, "rg:prefix"),
    replace("prefix too long", "Evidence-prefix", SPAN, "rg:prefix", '"' + "前" * 13 + '"'),
    drop("suffix lost", "Evidence-suffix", SPAN, "rg:suffix"),
    replace("suffix too long", "Evidence-suffix", SPAN, "rg:suffix", '"' + "后" * 13 + '"'),
    drop("source lost", "Evidence-hasSource", SPAN, "oa:hasSource"),
    replace("source that is no document", "Evidence-hasSource", SPAN, "oa:hasSource", "place:cn"),
    replace("length of the text 0", "SourceDocument-charLength", DOC, "rg:charLength", "0"),
    drop("length of the text lost", "SourceDocument-charLength", DOC, "rg:charLength"),
    replace("hash cut short", "SourceDocument-sha256", DOC, "schema:sha256", '"826ec1811efe"'),
    replace("hash of another text", "SourceDocument-key", DOC, "schema:sha256", '"' + "0" * 64 + '"'),
    add("blank node in a document graph", "SourceDocument-noBlankNodes", DOC, "?x dcterms:relation [] ."),
    # Registry
    Mutation("dates swapped", "Period-order", f"{PERIOD} FILTER(?start < ?end)",
             "?x dcat:startDate ?start ; dcat:endDate ?end .", "?x dcat:startDate ?end ; dcat:endDate ?start ."),
    add("cycle in part-of", "Acyclic-subOrganizationOf", "?x org:subOrganizationOf ?up .", "?up org:subOrganizationOf ?x ."),
    add("place within itself", "Acyclic-sfWithin", "?x geo:sfWithin ?up .", "?x geo:sfWithin ?x ."),
    add("cycle of metrics", "Acyclic-broader", "?x a rg:Metric ; skos:broader ?up .", "?up skos:broader ?x ."),
    add("reform that follows itself", "Acyclic-follows", "?x a rg:Initiative .", "?x rg:follows ?x ."),
    replace("code of five digits", "Place-gbCode", PLACE, "skos:notation", '"21020"^^rg:gbCode'),
    replace("code without its datatype", "Place-gbCode", PLACE, "skos:notation", '"210200"'),
    drop("post without a holder", "Membership-member", MEMBERSHIP, "org:member"),
    add("post with two organizations", "Membership-organization", MEMBERSHIP, "?x org:organization agency:made-up ."),
    Mutation("English label lost", "Labelled-en", f'{AGENCY} FILTER(LANG(?label) = "en")', "?x skos:prefLabel ?label ."),
    Mutation("Chinese label lost", "Labelled-zh", f'{AGENCY} FILTER(LANG(?label) = "zh")', "?x skos:prefLabel ?label ."),
    add("second Chinese label", "Labelled-zh", AGENCY, '?x skos:prefLabel "又一个名称"@zh .'),
    add("label without language", "Labelled-tags", AGENCY, '?x skos:prefLabel "Dalian police" .'),
    add("label in French", "Labelled-tags", AGENCY, '?x skos:prefLabel "Police de Dalian"@fr .'),
    add("thing named against the policy", "Place-iri", AGENCY, "<https://w3id.org/reformgraph/place/Da%20lian> a rg:Place ."),
    add("figure named as a span", "Observation-iri", SPAN, "?x a rg:Observation ."),
    # Content
    Mutation("total raised above its parts", "Audit-parts",
             "?x rg:partitionComplete true ; rg:lower ?l ; rg:upper ?u . FILTER NOT EXISTS { ?q rg:partOfTotal ?x FILTER NOT EXISTS { ?q rg:upper ?h } } BIND(?l + 100000 AS ?l2) BIND(?u + 100000 AS ?u2)",
             "?x rg:lower ?l ; rg:upper ?u .", "?x rg:lower ?l2 ; rg:upper ?u2 ."),
    drop("change without a baseline", "Audit-baseline", CHANGE, "rg:baselinePeriod"),
    drop("figure without a period", "Audit-period", OBS, "sdmx-dimension:refPeriod"),
    replace("achieved figure of a later time than its report", "Audit-lateFigure",
            f"{OBS} ?x rg:modality code:modality-achieved ; rg:firstEvidence/oa:hasSource/dcterms:issued ?day . ?late dcat:endDate ?end . FILTER(?end > ?day)",
            "sdmx-dimension:refPeriod", "?late"),
    drop("ranking group without a size", "Audit-groupSize", "?x schema:numberOfItems ?n .", "schema:numberOfItems"),
    drop("count without a measure word", "Audit-measureWord", f"{LEVEL} ?x qudt:hasUnit unit:NUM ; rg:value ?v .", "schema:unitText"),
)  # fmt: skip
