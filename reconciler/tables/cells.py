"""Cells as spreadsheets leave them: armour against formulas, and what stands for no value at all.

An apostrophe in front says, as in a spreadsheet, that the rest is text. Writing puts one before
whatever a spreadsheet would run, or that reading would refuse; reading takes exactly that one off.
"""

import re

from reconciler.model.argument import argument
from reconciler.model.diagnostic import quoted
from reconciler.model.value import NUMBER
from reconciler.yaml.marks import Flaw

# What a formula leaves that could not be worked out, in the languages of spreadsheets.
_ERRORS = (
    "#N/A", "#NA", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!",
    "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!", "#PYTHON!",
    "#EXTERNAL!", "#GETTING_DATA", "#DATA!", "#ERROR!", "#TIMEOUT!", "#MACRO!", "#BEZUG!", "#NV",
    "#WERT!", "#ZAHL!", "#ÜBERLAUF!", "#KALK!", "#FELD!", "#N/D", "#N/D!", "#VALEUR!", "#NOM?",
    "#NOMBRE!", "#NUL!", "#CALCUL!", "#PROPAGATION!", "#¡REF!", "#¡VALOR!", "#¿NOMBRE?", "#¡NUM!",
    "#¡DIV/0!", "#¡NULO!", "#¡CALC!", "#¡DESBORDAMIENTO!", "#VALOR!", "#NOME?", "#NÚM!", "#NULO!",
    "#DESPEJAR!", "#RIF!", "#VALORE!", "#NUMERO!", "#NULLO!", "#ESPANSIONE!", "#N/B", "#VERW!",
    "#WAARDE!", "#NAAM?", "#GETAL!", "#DEEL/0!", "#LEEG!", "#ADR!", "#ARG!", "#LICZBA!",
    "#DZIEL/0!", "#NAZWA?", "#ZERO!", "#SAKNAS!", "#REFERENS!", "#VÄRDEFEL!", "#NAMN?",
    "#DIVISION/0!", "#OGILTIGT!", "#SKÄRNING!", "#I/T", "#VÆRDI!", "#REFERENCE!", "#NAVN?",
    "#VERDI!", "#PUUTTUU!", "#VIITTAUS!", "#ARVO!", "#JAKO/0!", "#NIMI?", "#LUKU!", "#TYHJÄ!",
    "#Н/Д", "#ЗНАЧ!", "#ССЫЛКА!", "#ИМЯ?", "#ДЕЛ/0!", "#ЧИСЛО!", "#ПУСТО!", "#YOK", "#DEĞER!",
    "#BAŞV!", "#AD?", "#SAYI/0!", "#SAYI!", "#BOŞ!", "#HODNOTA!", "#NÁZEV?", "#ČÍSLO!", "#ODKAZ!",
    "#HIÁNYZIK", "#ÉRTÉK!", "#HIV!", "#NÉV?", "#ZÉRÓOSZTÓ!", "#SZÁM!", "#NULLA!", "-1.#IND",
    "1.#IND", "-1.#QNAN", "1.#QNAN",
)  # fmt: skip
# What databases, R and pandas write for no value.
_NOTHINGS = (
    "NULL", "null", "None", "NaN", "nan", "-nan", "-NaN", "NaT", "NA", "<NA>", "N/A", "n/a",
    "(null)", "[NULL]", r"\N", "undefined",
)  # fmt: skip
_WORDS = frozenset((*_ERRORS, *_NOTHINGS))
_SHAPES = re.compile(r'#{2,}|Err:[0-9]{3}|="[^"]*"|[+-]?[0-9]([.,][0-9]+)?E[+-][0-9]{2,}')
_AFFIXED_ZERO = re.compile(r"[0-9]{4,}[.,]0")

# What spreadsheets take for the beginning of a formula; a plain number, such as -5, is none.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_DIGITS = re.compile(r"'+[0-9.,]+")


def armoured(cell: str) -> str:
    """The cell as it is safe to open in a spreadsheet, and read back as it is."""
    risky = _FORMULA.match(cell) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if risky or _is_text_in_armour(cell) else cell


def without_apostrophe(cell: str) -> str:
    """The cell that was meant: one apostrophe in front is off where it only guarded the rest."""
    if not cell.startswith("'"):
        return cell
    rest = cell[1:]
    digits = _DIGITS.fullmatch(cell) is not None
    return rest if _FORMULA.match(rest) or digits or _is_text_in_armour(rest) else cell


def _is_text_in_armour(cell: str) -> bool:
    inside = cell.lstrip("'")
    shown = inside.isspace() or _stands_for_nothing(inside)
    return shown or _DIGITS.fullmatch(cell) is not None


def _stands_for_nothing(cell: str) -> bool:
    text = cell.strip()
    return text in _WORDS or _SHAPES.fullmatch(text) is not None


def left_behind(cell: str, *, is_key: bool = False) -> Flaw | None:
    """Why a cell, as it stands in the file, is not a value that somebody meant."""
    text = cell.strip()
    if _stands_for_nothing(cell):
        return Flaw(
            "spreadsheet-leftover",
            f"found {quoted(text)}, which a spreadsheet or program left in place of a value",
            "correct the cell, or empty it to leave the field alone; to clear a field write "
            f"{argument('null')} {text!r}; if it is the text itself, put an apostrophe in "
            "front of it",
        )
    if is_key and _AFFIXED_ZERO.fullmatch(text):
        return Flaw(
            "spreadsheet-leftover",
            f"found {quoted(text)}, a number that another program gave a fraction, expected a case",
            "format the column as text before the table is saved",
        )
    return None
