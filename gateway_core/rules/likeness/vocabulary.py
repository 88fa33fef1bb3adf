"""Words that the comparison of questions knows: phrases that mean the same, and pairs that do not."""

from __future__ import annotations

import re

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
        (r"\b(can|could|would|will) you (please |kindly )?(tell|explain to|show|let)( me| us)?( know)?\b", " "),
        (r"\b(please|kindly)\b", " "),
        (r"\b(tell me|let me know|do you know|does anyone know|i (want|need|would like) to know)\b", " "),
        (r"\bi'?d like to know\b|\bi was wondering\b|\bi wonder\b", " "),
        (r"\b(hi|hello|hey)( there| all| everyone)?[,!. ]", " "),
        (
            r"\bwhat( is| are| were|'s)?( the| some| a few| a| your)*( best| good| right| proper| correct)?"
            r" (ways?|methods?|steps?|tips?)( to| of| for)\b",
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
            r"\bhow (do|can|could|should|would|might|must|to|did|does|am|are)\s*"
            r"(i|we|you|one|someone|somebody|a person|people)?\b",
            "how",
        ),
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

SAME = {
    each: words[0]
    for words in (
        ("buy", "purchase"), ("begin", "start"), ("film", "movie"), ("repair", "fix"), ("remove", "delete"),
        ("phone", "cellphone", "smartphone"), ("photo", "picture", "pic"), ("use", "utilize", "utilise"),
        ("quick", "fast"), ("big", "large"), ("kid", "child", "children"), ("vs", "versus"), ("car", "auto"),
        ("improve", "enhance"), ("best", "greatest", "top"), ("create", "make"), ("color", "colour"),
        ("km", "kilometer", "kilometre"), ("kg", "kilogram", "kilo"), ("hour", "hr"), ("minute", "min"),
        ("mile", "mi"), ("pound", "lb"), ("usa", "america"), ("world", "globe"), ("error", "mistake"),
        ("all", "every", "each"), ("which", "what"), ("reply", "respond", "answer"), ("help", "assist"),
        ("show", "display"), ("choose", "select", "pick"), ("need", "require"), ("near", "close to"),
        ("app", "application"), ("program", "programme"), ("doc", "document"), ("info", "information"),
        ("fav", "favorite", "favourite"), ("whose", "who"), ("whom", "who"),
    )
    for each in words
}  # fmt: skip
"""Words that stand for each other, once their endings are off."""

EMPTY = frozenset(
    "a an the of in on at for with about as and or so that this these those it its is are am was were be been "
    "being do does did done has have had having can could would will shall may might should must if then else "
    "there here to i we you one me my our your us mine yours myself yourself some any such very really actually "
    "just exactly currently basically simply please ever also too kind sort way what which how why who "
    "where when whose whom people person someone somebody anyone anybody get got gets getting".split()
)
"""Words without weight: what they say is looked at elsewhere, or nothing."""

NEGATIONS = frozenset(
    "not no never none nobody nothing nowhere neither nor without cannot hardly barely non n't".split()
)
PAST = frozenset("was were did had been".split())
FUTURE = frozenset("will shall".split())
PERSONS = {
    **dict.fromkeys(("i", "me", "my", "mine", "we", "us", "our", "myself"), "i"),
    **dict.fromkeys(("you", "your", "yours", "yourself"), "you"),
    **dict.fromkeys(("he", "him", "his"), "he"),
    **dict.fromkeys(("she", "her", "hers"), "she"),
    **dict.fromkeys(("they", "them", "their"), "they"),
}
RELATIONS = frozenset(
    "from into onto than before after over under above below between against by until till since during "
    "except per instead rather unless although despite beyond behind toward towards through across".split()
)
"""Small words by which two things change their parts."""

CONTRASTS = {
    word: f"{number}{side}"
    for number, pair in enumerate(
        (
            ("more greater larger higher bigger longer", "less fewer smaller lower shorter"),
            ("most maximum max highest largest biggest longest", "least minimum lowest smallest shortest"),
            ("before earlier prior", "after later following"), ("increase raise grow gain", "decrease reduce lower shrink lose"),
            ("buy purchase", "sell"), ("open", "close shut"), ("first", "last final"), ("up", "down"), ("in inside", "out outside"),
            ("on enable activate start begin", "off disable deactivate stop end quit"), ("left", "right"), ("win", "lose"),
            ("add install insert", "remove delete uninstall"), ("send", "receive"), ("import", "export"),
            ("upload", "download"), ("encrypt encode", "decrypt decode"), ("ascending", "descending"), ("good best better", "bad worst worse"),
            ("cheap cheapest", "expensive dearest"), ("hot warm", "cold cool"), ("old oldest", "new newest young youngest"),
            ("fast quick fastest", "slow slowest"), ("easy easiest", "hard difficult hardest"), ("male man men boy", "female woman women girl"),
            ("north", "south"), ("east", "west"), ("push", "pull"), ("input", "output"), ("love", "hate"), ("legal", "illegal"),
            ("possible", "impossible"), ("allow", "forbid prevent"), ("public", "private"), ("day", "night"), ("always", "never"),
            ("all every", "some none"), ("true", "false"), ("positive", "negative"), ("single", "double multiple"),
            ("advantage pro benefit", "disadvantage con drawback"), ("safe", "dangerous unsafe"), ("husband", "wife"), ("lend", "borrow"),
            ("accept", "refuse reject"), ("connect", "disconnect"), ("lock", "unlock"), ("show", "hide"), ("include", "exclude"),
            ("above over", "below under"), ("with", "without"), ("horizontal", "vertical"), ("even", "odd"), ("row", "column"),
        )
    )
    for side, words in zip("+-", pair, strict=True)
    for word in words.split()
}  # fmt: skip
"""Words that turn a question round. The same pair stands under one number, its sides under + and -."""

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
NUMBERS = {word: str(value) for value, word in enumerate(_UNITS.split()) if word != "one"} | {
    "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40",
    "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "x100",
    "thousand": "x1000", "million": "x1000000", "billion": "x1000000000", "dozen": "12", "half": "1/2",
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "twice": "x2",
    "thrice": "x3", "once": "x1", "quarter": "1/4", "single": "1", "double": "x2", "triple": "x3",
}  # fmt: skip
