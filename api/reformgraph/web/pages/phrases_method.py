"""Words of the method page: what a comparison looks at, and figures that are written without a numeral."""

from __future__ import annotations

_CODES = {
    "value": ("数值", "Value"),
    "metric": ("指标", "Metric"),
    "kind": ("性质", "Kind"),
    "unit": ("单位", "Unit"),
    "denominator": ("分母", "Denominator"),
    "modality": ("状态", "State"),
    "baseline": ("基期", "Baseline"),
    "scope": ("范围", "Scope"),
    "period": ("时期", "Period"),
    "bound": ("界限", "Bound"),
    "voice": ("声音", "Voice"),
    "area": ("地方", "Place"),
}


def code(word: str, language: str) -> str:
    """What a reason of comparability looks at: `baseline` -> 基期 or "Baseline"."""
    return _CODES[word][language == "en"]


def wordless(value: int | None, kind: str, bound: str) -> dict[str, str]:
    """How a figure without a numeral is read, by language: 全部 -> 100 %, 首家 -> rank 1, 前列 -> no number."""
    if value is None:
        return {"zh": "名次靠前，没有数字", "en": "a high rank without a number"}
    if kind == "rank":
        return {"zh": f"第 {value} 名", "en": f"rank {value}"}
    sign = {"over": "> ", "under": "< "}.get(bound, "")
    unit = {"PERCENT": "%", "GigaBIT-PER-SEC": " Gbit/s"}.get(kind, "")
    return {"zh": f"{sign}{value}{unit}", "en": f"{sign}{value}{unit}"}
