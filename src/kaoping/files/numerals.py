"""Numbers as a text program writes them before a paragraph: 一、 （一） 第一条 1. A. ① 甲."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DIGITS = "〇一二三四五六七八九"
_FORMAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_TRADITIONAL_FORMAL_DIGITS = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CIRCLED_FROM_21 = "㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_PARENTHESISED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_CIRCLED_NUMERALS = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_LARGEST = 9999
"""A larger number is written in plain digits, whatever the style."""
_LARGEST_COUNTED = 99
"""Up to here 二十一; beyond, the style without thousands lists digits: 一〇一."""


def numeral(number: int, style: str) -> str:
    """A number in a style by the name the open XML formats have for it; plain digits otherwise."""
    if not 0 <= number <= _LARGEST:
        return str(number)
    return _STYLES.get(style, str)(number)


def circled(number: int) -> str:
    """①…㊿; plain digits where there is no such sign."""
    return _one_of(_CIRCLED + _CIRCLED_FROM_21)(number)


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 1 <= number <= len(signs) else str(number)


def _listed(number: int) -> str:
    """Digit by digit: 二〇二四."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _counted(number: int) -> str:
    return _spoken(number) if number <= _LARGEST_COUNTED else _listed(number)


def _spoken(number: int) -> str:
    """As spoken: 十一, 二十, 一百〇一, 一百一十."""
    text = _with_units(number, _DIGITS, "十百千")
    return text.removeprefix("一") if text.startswith("一十") else text


def _formal(number: int) -> str:
    return _with_units(number, _FORMAL_DIGITS, "拾佰仟")


def _traditional_formal(number: int) -> str:
    return _with_units(number, _TRADITIONAL_FORMAL_DIGITS, "拾佰仟")


def _with_units(number: int, digits: str, units: str) -> str:
    if number == 0:
        return digits[0]
    text, zeros = "", False
    written = str(number)
    for power, digit in zip(range(len(written) - 1, -1, -1), written, strict=True):
        if digit == "0":
            zeros = True
            continue
        text += (digits[0] if zeros else "") + digits[int(digit)]
        text += units[power - 1] if power else ""
        zeros = False
    return text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        text += letters * times
    return text


def _letters(number: int) -> str:
    """A…Z, then AA, BB as text programs count; 0 has no letter."""
    if number == 0:
        return ""
    times, rest = divmod(number - 1, 26)
    return chr(ord("A") + rest) * (times + 1)


_STYLES: Mapping[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "numberInDash": lambda number: f"- {number} -",
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedFullstop": _one_of(_DOTTED),
    "decimalEnclosedParen": _one_of(_PARENTHESISED),
    "chineseCounting": _counted,
    "chineseCountingThousand": _spoken,
    "taiwaneseCounting": _counted,
    "taiwaneseCountingThousand": _spoken,
    "japaneseCounting": _spoken,
    "ideographDigital": _listed,
    "japaneseDigitalTenThousand": _listed,
    "taiwaneseDigital": _listed,
    "koreanDigital2": _listed,
    "chineseLegalSimplified": _formal,
    "ideographLegalTraditional": _traditional_formal,
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographEnclosedCircle": _one_of(_CIRCLED_NUMERALS),
}
