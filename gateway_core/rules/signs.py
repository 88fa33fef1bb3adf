"""What a prompt shows of itself: its kind, and counts that a person can repeat."""

from __future__ import annotations

from enum import StrEnum

from gateway_core.model.value import value

SEEN = 8_192
"""Characters that are looked at, at the beginning and at the end of a text each."""

_SPACES = bytes(code if code >= 128 or chr(code).isalnum() else 32 for code in range(256))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEGATIONS = _words(
    "not never no none except neither nor without false incorrect least unless cannot isn doesn don didn "
    "won wouldn aren wasn"
)
_CONDITIONS = _words(
    "if then unless otherwise assume suppose given when let while until whether must should only exactly "
    "such ensure require required requires"
)
_PROPORTIONS = _words(
    "half third quarter fifth twice thrice times double triple percent percentage ratio fraction multiple "
    "dozen"
)
_REASONING = _words(
    "why explain prove derive analyze analyse compare evaluate design optimize optimise debug refactor plan "
    "steps tradeoff tradeoffs algorithm complexity strategy infer deduce justify architecture cause"
)
_PEOPLE = _words("i my me he she his her they their him them we us our myself")
_STATEMENTS = _words(
    "statement statements scenario scenarios premise premises argument arguments conclusion follows valid "
    "hypothesis"
)
_ASKING = _words("who whom whose where when which what")
_PROGRAMS = _words(
    "python function javascript typescript java rust sql html css code program regex class method bash "
    "script api"
)
_MATHS = _words(
    "integer integers polynomial quadratic cubic coefficient equation equations divisible divisor divisors "
    "factorial prime factors triangle triangles isosceles hypotenuse circle circles radius diameter angle "
    "angles vertex vertices midpoint parallel perpendicular rectangle rectangular hexagon trapezoid cylinder "
    "cone sphere perimeter area volume coordinates parabola arithmetic geometric remainder digit digits "
    "roots squares matrix logarithm derivative median probability distinct fraction simplify compute "
    "consecutive"
)
_WRITING = _words(
    "write create generate compose draft story poem essay email blog list suggest recommend summarize "
    "summarise rewrite translate ideas letter song slogan tweet article recipe headline describe tell please "
    "can could give provide make help edit act pretend imagine i you"
)
_BUILDING = _words("write implement create build fix refactor debug")
_TYPESET = ("\\frac", "\\sqrt", "\\text", "[asy]")
"""Marks of formulae and figures as LaTeX writes them."""
_AMOUNTS = ("how many", "how much", "how long", "how far", "how old")
_OPTIONS = tuple(
    tuple(form.format(letter) for letter in "ABCDEFGHIJ") for form in ("\n{}.", "\n({})", "\n{})")
)
_CODE_MARKS = (("`", "```"), (";", ";\n"), ("{", "{\n"), ("=", "=="), (">", "->"), ("(", "()"))


class Kind(StrEnum):
    """What sort of thing is asked for; its value is its name for a person."""

    CHOICE = "choice among options"
    CODE = "program"
    MATHS = "mathematics"
    NUMBERS = "word problem"
    WRITING = "writing"
    QUESTION = "question"


@value
class Signs:
    """Counts of one prompt. Word classes count each of their words once, however often it stands there."""

    kind: Kind
    words: int
    sentences: int
    clauses: int
    numbers: int
    negations: int
    conditions: int
    proportions: int
    reasoning: int
    people: int
    statements: int
    asking: int
    questions: int
    marks: int
    brackets: int
    lines: int
    code: int
    options: int
    word_length: float


def shortened(text: str) -> str:
    """The parts of a text that are looked at."""
    return text if len(text) <= 2 * SEEN else text[:SEEN] + text[-SEEN:]


def byte_words(lowered: str) -> list[bytes]:
    """The words of a text in small letters, without their punctuation, in UTF-8."""
    return _without_punctuation(lowered).split()


def _without_punctuation(lowered: str) -> bytes:
    # By bytes: one letter outside ASCII makes str.translate a hundred times slower.
    return lowered.encode("utf-8", "surrogatepass").translate(_SPACES)


def read(text: str) -> Signs:
    """The signs of a text. Of a choice among options, length and sentences are those of its question."""
    text = shortened(text)
    lowered = text.lower()
    words = _without_punctuation(lowered).decode("utf-8", "surrogatepass").split()
    known = frozenset(words)
    options = _options(text)
    asked = text[: _first_option(text)] if options else text
    numbers = sum(map(str.isdigit, words))
    code = _code(text, known)
    return Signs(
        kind=_kind(words, known, lowered, numbers, code, text.count("\\"), options),
        # What is written without spaces is counted by its characters.
        words=max(len(words) if not options else asked.count(" ") + 1, len(asked) // 12),
        sentences=_ends(asked),
        clauses=asked.count(","),
        numbers=numbers,
        negations=len(known & _NEGATIONS),
        conditions=len(known & _CONDITIONS),
        proportions=len(known & _PROPORTIONS),
        reasoning=len(known & _REASONING),
        people=len(known & _PEOPLE),
        statements=len(known & _STATEMENTS),
        asking=len(known & _ASKING),
        questions=text.count("?"),
        marks=sum(map(text.count, "=+^*<>/")),
        brackets=text.count("("),
        lines=asked.count("\n"),
        code=code,
        options=options,
        word_length=(len(text) - text.count(" ")) / max(1, len(words)),
    )


def _kind(
    words: list[str], known: frozenset[str], lowered: str, numbers: int, code: int, slashes: int, options: int
) -> Kind:
    first = words[0] if words else ""
    programs = len(known & _PROGRAMS)
    if options:
        return Kind.CHOICE
    if any(mark in lowered for mark in _TYPESET):
        return Kind.MATHS
    if code or programs >= 2 or (programs and first in _BUILDING):
        return Kind.CODE
    if len(known & _MATHS) + slashes >= 2:
        return Kind.MATHS
    if numbers >= 2 or any(amount in lowered for amount in _AMOUNTS):
        return Kind.NUMBERS
    return Kind.WRITING if first in _WRITING else Kind.QUESTION


def _ends(text: str) -> int:
    """Sentences that end before another begins."""
    count = text.count(". ")
    if "?" in text:
        count += text.count("? ") + text.count("?\n")
    if "!" in text:
        count += text.count("! ")
    return count + (text.count(".\n") if "\n" in text else 0)


def _code(text: str, known: frozenset[str]) -> int:
    """Marks that programs have and prose has not. Each is sought only where its rarest character is."""
    count = 0
    if "def" in known:
        count += text.count("def ")
    if "return" in known:
        count += text.count("  return ")
    if "import" in known:
        count += text.count("\nimport ") + text.startswith("import ")
    return count + sum(text.count(mark) for rare, mark in _CODE_MARKS if rare in text)


def _first_option(text: str) -> int:
    return max(text.find("\nA."), text.find("\n(A)"), text.find("\nA)"), text.find("\n- "))


def _options(text: str) -> int:
    """Lines "A. …", "(A) …" or "A) …" from A on, else lines "- …" under "Options:"; none below two."""
    if "\n" not in text:
        return 0
    for form in _OPTIONS:
        count = next((at for at, mark in enumerate(form) if mark not in text), len(form))
        if count >= 2:
            return count
    dashes = text.count("\n- ") if "Options:" in text else 0
    return dashes if dashes >= 2 else 0
