"""Why a parameter does not fit, in Chinese: the errors say it in English, the form of a query in the reader's language.

`tests/pages/test_reasons.py` holds that every reason which a form can meet stands here.
"""

from __future__ import annotations

import re

_ONE = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""  # as Python prints a text
_WORDS = {
    "a whole number": "整数",
    "a number such as 91.4": "数（如91.4）",
    "a date such as 2009-12-31": "日期（如2009-12-31）",
    "text": "文字",
    "zh or en": "zh或en",
    "agency": "机构",
    "doc": "报告",
    "initiative": "举措",
    "metric": "指标",
    "obs": "数字",
    "place": "地方",
    "thing": "事物",
}
_REASONS = {
    r"there is no such parameter here\.": "这里没有这个参数。",
    r"is needed\.": "必须填写。",
    r"takes one value, not (\d+)\.": "只能有一个值，这里有{0}个。",
    r"is given more than once\.": "给了不止一次。",
    r"goes into the address, not into a form\.": "写在网址里，不写在表单里。",
    rf"({_ONE}) is none of the values\.": "{0}不在可选的值中。",
    rf"({_ONE}) is not one of the code list\.": "{0}不在代码表中。",
    rf"({_ONE}) is not offered here\.": "这里不提供{0}。",
    rf"({_ONE}) is no language of the graph\.": "图谱没有{0}这种语言。",
    rf"({_ONE}) is no whole number from 1 to (\d+)\.": "{0}不是1至{1}的整数。",
    r"is not one that an answer gave\.": "不是答案给出的游标。",
    r"belongs to another release; start again without it\.": "属于另一个版本；请去掉它，从头开始。",
    rf"no (\w+) is called ({_ONE})\.": "没有叫{1}的{0}。",
    rf"({_ONE}) names (\d+) things; say which\.": "{0}是{1}个事物的名称，请指明是哪一个。",
    rf"({_ONE}) is no value of the column ({_ONE})\.": "{0}不是{1}列的值。",
    rf"({_ONE}) is no JSON list\.": "{0}不是JSON列表。",
    rf"there is no column ({_ONE})\.": "没有{0}这一列。",
    rf"the column ({_ONE}) is named twice\.": "{0}列写了两次。",
    rf"({_ONE}) is not column:operator:value\.": "{0}不是“列:算符:值”的写法。",
    rf"there is no operator ({_ONE})\.": "没有{0}这个算符。",
    rf"({_ONE}) lacks a value; only eq and ne ask for an absent cell so\.": "{0}缺少值；只有eq和ne可以这样问空格。",
    rf"({_ONE}) is not (.+)\.": "{0}不是{1}。",
}
_COMPILED = [(re.compile(pattern, re.DOTALL), words) for pattern, words in _REASONS.items()]


def reason_in(reason: str, language: str) -> str:
    """The reason of an error in `zh` or `en`; one that has no Chinese yet stays English."""
    if language != "zh":
        return reason
    for pattern, words in _COMPILED:
        if found := pattern.fullmatch(reason):
            return words.format(*(_words(part) for part in found.groups()))
    return reason


def _words(part: str) -> str:
    """A text that the reader gave, in Chinese quotation marks; a word of ours in Chinese."""
    if re.fullmatch(_ONE, part, re.DOTALL):
        return f"“{part[1:-1]}”"
    return _WORDS.get(part, part)
