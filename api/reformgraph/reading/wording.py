"""The wording of Chinese figures: tables of words and the one regular expression that is assembled from them.

To teach the reader a word, add it to its table. `部:门队` guards a word: the characters behind the colon must
not follow it, because they make another word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

# Full-width forms to ASCII, one character for one, so that offsets stay.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Unit:
    """Admissible units (local names of unit: or rgu:), the kind that the word alone shows, a factor.

    `moves`: whether a verb of rise or fall makes the figure a change.
    """

    names: tuple[str, ...]
    kind: str | None = None
    scale: Decimal | int = 1
    moves: bool = False


def _words(text: str) -> list[str]:
    return text.split()


def _guarded(text: str) -> dict[str, str]:
    """`部:门队 个` to word -> characters that must not follow."""
    rows = (row.partition(":") for row in text.split())
    return {word: guard for word, _, guard in rows}


def _bounds(table: dict[str, str]) -> dict[str, str]:
    """Bound -> words, turned to word -> bound."""
    return {word: bound for bound, words in table.items() for word in words.split()}


COUNT = Unit(("NUM",))
RANK = Unit(("rank",), kind="rank")
PERCENT = Unit(("PERCENT",), moves=True)
SHARE = Unit(("PERCENT",), kind="share")

UNITS = {
    "%": PERCENT,
    "‰": Unit(("PERCENT",), scale=Decimal("0.1"), moves=True),
    "百分点": Unit(("percentage-point",), kind="change-pp", moves=True),
    "元": Unit(("CCY_CNY",), kind="money"),
    "G": Unit(("GigaBYTE", "GigaBIT-PER-SEC")),
    "GB": Unit(("GigaBYTE",)),
    "Gbps": Unit(("GigaBIT-PER-SEC",)),
    "T": Unit(("TeraBYTE",)),
    "TB": Unit(("TeraBYTE",)),
    "M": Unit(("MegaBIT-PER-SEC",)),
    "Mbps": Unit(("MegaBIT-PER-SEC",)),
    "兆": Unit(("MegaBIT-PER-SEC", "MegaHZ")),
    "兆赫": Unit(("MegaHZ",)),
    "亩": Unit(("mu",)),
    "平米": Unit(("M2",)),
    "平方米": Unit(("M2",)),
    "㎡": Unit(("M2",)),
    "平方公里": Unit(("KiloM2",)),
    "平方千米": Unit(("KiloM2",)),
    "米": Unit(("M",)),
    "公里": Unit(("KiloM",)),
    "千米": Unit(("KiloM",)),
    "克": Unit(("GM",)),
    "公斤": Unit(("KiloGM",)),
    "千克": Unit(("KiloGM",)),
    "岁": Unit(("YR",)),
    "年": Unit(("YR",), kind="duration"),
    "月": Unit(("MO",), kind="duration"),
    "星期": Unit(("WK",), kind="duration"),
    "周": Unit(("WK",), kind="duration"),
    "天": Unit(("DAY",), kind="duration"),
    "日": Unit(("DAY",), kind="duration"),
    "工作日": Unit(("DAY",), kind="duration"),
    "小时": Unit(("HR",), kind="duration"),
    "分钟": Unit(("MIN",), kind="duration"),
    "秒": Unit(("SEC",), kind="duration"),
    "倍": COUNT,
}
TIMES = _words("年 月 星期 周 天 小时 分钟")
COUNTED = _words("百分点 工作日 小时 星期 月 GB TB G T M")  # may stand behind 个
UNIT_GUARDS = _guarded(
    "G:A-Za-z T:A-Za-z M:A-Za-z GB:A-Za-z TB:A-Za-z 元:素旦件 米:易 克:服 年:度龄级轻代 天:网眼津气 "
    "日:常报益夜 周:边围密 小时:候"
)
MEASURES = _guarded(
    "个 人次 件次 车次 台次 户次 场次 班次 架次 批次 人份 台套 件 份 辆 套 枚 张 篇 册 座 栋 幢 间 层 颗 "
    "瓶 箱 袋 吨 艘 公顷 届 株 粒 笔 组 伙 站 章 集体 省市 国 乡 番 车 字 课 季度 种 厅 盏 顶 匹 桶 只 头 "
    "户 门 省 镇 村 台:账站阶 名:列字称单义额优牌录 人:大民口员才均工身为力数质 "
    "起:来草点诉步源伏因到飞码止至 条:件例约款 项:目 家:庭属长园居 期:间限待望末 处:理置罚分长室境突警 "
    "支:队部持付出撑行援线局柱 次:数序要日年性 所:有以需属在谓得长为辖示述领 部:门队分级委署 "
    "本:市省区县次局地年报身 幅:度员面 批:评准示复 场:所地 轮:流 位:置于 包:括含 架:构 宗:旨 例:如外行 "
    "款:物 群:众 班:子 类:似型别 案:件情 分:之局别析类布工支队为成公校院管项部配散级流区享明数比制 级:别 "
    "市:场民政级委直局长 县:级委局长 区:域级别分间 旗:级县帜"
)

# Bounds: directly behind the numeral, behind the unit, before the number.
TAILS = {"余": "over", "多": "over", "几": "over", "来": "approx"}
AFTER = _bounds(
    {
        "at-least": "以上 及以上 之上",
        "up-to": "以下 及以下 以内 之内",
        "approx": "左右 上下",
        "over": "有余",
        "under": "不到 不足",
    }
)
BEFORE = _bounds(
    {
        "under": "近 将近 接近 不到 不足 未达 低于 少于",
        "over": "超过 超 逾 突破 高于 多于 大于",
        "approx": "约 大约 大概",
        "at-least": "至少 最少 起码 不低于 不少于 不下",
        "up-to": "至多 最多 不超过 不高于 不多于",
    }
)
BEFORE_PLACE = {"上": "at-least"}  # 上百起, but not before a digit
STEPPED = _words("余 多 几 有余 近 将近 接近")  # the truth is less than one step away

FALL = _words("下降 减少 压缩 缩短 降低 下滑 下跌 回落 缩减 压减 锐减 降幅 减幅")
RISE = _words("上升 增长 提高 增加 提升 上涨 升高 攀升 增幅 涨幅")

# Figures without a numeral: value, unit, and the bound with its word where the word itself sets one.
WORDS: dict[str, tuple[int | None, Unit, tuple[str, str | None] | None]] = {
    **dict.fromkeys(_words("全部 所有 全员 百分百"), (100, SHARE, None)),
    **dict.fromkeys(_words("一半 半数"), (50, PERCENT, None)),
    **dict.fromkeys(_words("过半 过半数"), (50, PERCENT, ("over", "过"))),
    "近半": (50, PERCENT, ("under", "近")),
    **dict.fromkeys(_words("唯一 首家 首个 首次 首位 榜首 率先"), (1, RANK, ("exact", None))),
    **dict.fromkeys(_words("最好 最大 最高 最优 最佳 最强"), (1, RANK, ("exact", None))),
    **dict.fromkeys(_words("前列 名列前茅 前茅"), (None, RANK, ("top-n", "前"))),
    "千兆": (1, Unit(("GigaBIT-PER-SEC",)), None),
}
WORD_GUARDS = _guarded("所有:制权者 全员:额 一半:个径 最大:限 最高:人法检限")
WORD_MEASURES = {"首家": "家", "首个": "个", "首次": "次", "首位": "位", "千兆": "千兆"}

# Words with a numeral in them that count nothing.
IDIOMS = _words(
    "进一步 统一 同一 单一 专一 不一 之一 万一 一定 一些 一般 一致 一样 一切 一体 一直 一旦 一律 一线 "
    "一方面 一系列 一贯 一度 一流 一时 一向 一共 一站式 一把手 第一线 第一时间 第一手 第三方 十分重 "
    "十分注 十足 千方百计 千家万户 老百姓 百姓 三角 四川 五金 八一"
)


def any_of(words: Iterable[str], guards: Mapping[str, str] | None = None) -> str:
    """A regular expression for any of the words, longest first, each guarded by what must not follow."""
    guards = guards or {}
    rows = (re.escape(word) + (f"(?![{guards[word]}])" if guards.get(word) else "") for word in _longest(words))
    return f"(?:{'|'.join(rows)})"


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


_PLACE = "[十百千万亿]"
_DIGIT = "[零〇一二三四五六七八九]"
_TAIL = "(?:[余多几]|来(?=[个名人次家件起条项岁年天]))"
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
# 1亿2000万, 3万5000; but in 500万2012年 a year begins.
_COMPOUND = rf"{_ARABIC}(?:{_PLACE}+(?:{_ARABIC}(?={_TAIL}?{_PLACE})|[0-9]{{3,4}}(?![0-9.年])))*"
_CHINESE = f"[零〇一二三四五六七八九十百千万亿两]+(?:点{_DIGIT}+)?"
# Atomic: a numeral is taken whole or not at all.
_AMOUNT = f"(?>(?:{_COMPOUND}|{_CHINESE}){_TAIL}?{_PLACE}*{_TAIL}?)"

_MONTH_DAY = "(?:(?:1[0-2]|0?[1-9])月(?:[0-9]{1,2}[日号])?)"
_DATE = (
    f"(?:19|20)[0-9]{{2}}年(?:度|{_MONTH_DAY}|[上下]半年|[初末底])?|{_MONTH_DAY}"
    "|(?:1[0-2]|0[1-9])(?:0[1-9]|[12][0-9]|3[01])日"  # a lost 月: 1031日
    "|(?:19|20)[0-9]{2}(?P<dash>[-/.])[0-9]{1,2}(?P=dash)[0-9]{1,2}(?![0-9])"
    "|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
    f"|{_DIGIT}{{4}}年|[上下]半年|十[一二三四]五|(?:十[一二]?|[一二三四五六七八九])月(?:[一二三四五六七八九十]+[日号])?"
)
_VAGUE = f"(?:几|(?<![总人件户次指参])数){_PLACE}+|几(?:{any_of(TIMES)}|[个名项次家起])|倒数第{_AMOUNT}"
_ONE_OF = "[^,;。、]{0,6}之一"  # 最好时期之一 is not the first place
_CORE = (
    f"(?P<word>{any_of(WORDS, WORD_GUARDS)})(?!{_ONE_OF})"
    f"|(?P<whole>{_AMOUNT})分之(?P<part>{_AMOUNT})"
    f"|(?P<tenths>(?>{_ARABIC}|[一二三四五六七八九十两]))成(?P<fifth>[一二三四五六七八九半])?"
    "(?![立为员果功本长就熟绩效都品型交分不])"
    f"|(?P<half>(?<![上下])半)(?=个?{any_of(TIMES)})"
    f"|(?<![目之以日年月此当先提生面跟])前(?P<top>{_AMOUNT})(?!个?(?:{any_of(TIMES)}|日|季|期|次|届|%))"
    f"|(?P<strong>{_AMOUNT})强(?![化力制调大势])"
    f"|第(?P<ordinal>{_AMOUNT})"
    f"|(?P<number>{_AMOUNT})"
)
_UNIT = (
    f"(?:(?P<counter>个)(?P<inner>[多余半])?(?={any_of(COUNTED)}))?(?P<special>{any_of(UNITS, UNIT_GUARDS)})"
    "(?P<more>[多余半](?![次种样个项部方数处名家地层警功媒]))?"
    f"|(?P<measure>{any_of(MEASURES, MEASURES)}(?:\\({any_of(MEASURES)}\\))?)"
)
_LEAD = f"(?P<verb>{any_of([*FALL, *RISE])}(?:了|幅度)?(?:达到|达)?|连续)?"
_NEAR = (
    f"(?P<before>(?:(?<![最附邻靠节预签条合契违制特]){any_of(BEFORE)}[了为达有]?"
    f"|(?<![以网之马]){any_of(BEFORE_PLACE)}(?={_PLACE})){{1,3}})?"
)


@cache  # 50 ms to compile, and the service reads no text
def phrase() -> re.Pattern[str]:
    """One figure phrase with the words that bound it, or one of the things that look like it."""
    return re.compile(
        f"(?P<date>{_DATE})|(?P<idiom>{any_of(IDIOMS)})|(?P<vague>{_VAGUE})"
        f"|{_LEAD}{_NEAR}(?P<core>{_CORE})(?(word)|(?:[ \u00a0]?(?P<unit>{_UNIT}))?)(?P<after>{any_of(AFTER)})?"
    )
