"""Turns of phrase that mean the same, and the kinds of questions."""

from __future__ import annotations

import re

_GOOD = "( best| good| right| proper| correct)?"
_AUXILIARY = "do|can|could|should|would|might|must|to|did|does|am|are"
_WHOEVER = "i|we|you|one|someone|somebody|a person|people"
_WAYS = "(ways?|methods?|steps?|tips?)( to| of| for)"
PHRASES = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"[’‘]", "'"),
        (r"\bcan'?t\b|\bcannot\b", "can not"),
        (r"\bwon'?t\b", "will not"),
        (r"\b(do|does|did|is|are|was|were|has|have|had|should|would|could|must|need)n'?t\b", r"\1 not"),
        (r"\b(what|who|where|when|how|why|that|there|it|he|she)'?s\b(?! name)", r"\1 is"),
        (r"\b(i|you|we|they)'(re|m)\b", r"\1 are"),
        (r"\b(i|you|we|they)'ve\b", r"\1 have"),
        (r"\b(i|you|we|they|he|she|it)'ll\b", r"\1 will"),
        (
            r"\b(can|could|would|will) you (please |kindly )?(tell|explain to|show|let)( me| us)?( know)?\b",
            " ",
        ),
        (r"\b(please|kindly)\b", " "),
        (r"\b(tell me|let me know|do you know|does anyone know|i (want|need|would like) to know)\b", " "),
        (r"\bi'?d like to know\b|\bi was wondering\b|\bi wonder\b", " "),
        (r"\b(hi|hello|hey)( there| all| everyone)?[,!. ]", " "),
        (
            rf"\bwhat( is| are| were)?( the| some| a few| a| your)*{_GOOD} {_WAYS}\b",
            "how",
        ),
        (r"\bwhat (should|can|could|must|do|would) (i|we|you|one|someone) do (to|in order to)\b", "how"),
        (r"\b(is there|are there) (a|any|some) (ways?|methods?) (to|of)\b", "how"),
        (r"\bin (what|which) ways?\b", "how"),
        (r"\b(what|which) is the reason (why|for|that|behind)\b|\bfor what reason\b|\bhow come\b", "why"),
        (r"\bwhat (makes|made)\b", "why"),
        (r"\bwhat( is| are)?( the)? (meanings?|definitions?) of\b|\bdefine\b", "meaning"),
        (r"\bwhat (?:does|do) (.{1,80}?) (?:mean|stand for)s?\b", r"meaning \1"),
        (r"\bhow (?:much time|long) (?:does|do|will|would|did) it take\b", "how long"),
        (r"\b(at|in|on) (what|which) (time|date|moment)\b|\bwhat time\b", "when"),
        (r"\b(at|in) (what|which) place\b|\bwhat place\b", "where"),
        (
            rf"\bhow ({_AUXILIARY})\s*({_WHOEVER})?\b",
            "how",
        ),
        (r"\bhow (i|we|you|one) (can|could|should|would|do|may)\b", "how"),
        (r"\bin order to\b", "to"),
        (r"\bget rid of\b", "remove"),
        (r"\b(united states of america|united states|u\.s\.a\.|u\.s\.)(?=\W|$)", "usa"),
        (r"\b(united kingdom|u\.k\.)(?=\W|$)", "uk"),
        (r"\b(artificial intelligence)\b", "ai"),
    )
)
"""Applied one after the other to the text in small letters."""

QUESTIONS = (
    (re.compile(r"\bhow (many|much|long|often|old|far|tall|big|high|deep|fast|large|heavy|wide)\b"), None),
    (re.compile(r"\b(why|who|whom|whose|where|when|how|meaning|which|what)\b"), None),
    (re.compile(r"^\W*(is|are|am|was|were|do|does|did|has|have|had)\b"), "whether"),
    (re.compile(r"^\W*(can|could|should|must|will|would|may|might|shall)\b"), None),
)
"""What kind of a question it is: the first that fits; None: by its own words."""
