"""Words that the comparison of questions knows: which mean the same, which the opposite, which nothing."""

from __future__ import annotations

_SAME = """
buy purchase; make earn create; begin start; film movie; repair fix; remove delete;
phone cellphone smartphone;
photo picture pic; use utilize utilise; quick fast; big large; kid child children; vs versus;
car auto; improve enhance; best greatest top; color colour; km kilometer kilometre;
kg kilogram kilo; hour hr; mile mi; pound lb; usa america; world globe; error mistake;
all every each; which what; reply respond answer; help assist; show display; choose select pick;
need require; app application; program programme; doc document; info information;
fav favorite favourite; whose who; whom who
"""
SAME = {word: group.split()[0] for group in _SAME.split(";") for word in group.split()}
"""Words that stand for each other, once their endings are off."""

EMPTY = frozenset(
    """
a an the of in on at for with about as and or so that this these those it its is are am was were be
been being do does did done has have had having can could would will shall may might should must if
then else there here to i we you one me my our your us mine yours myself yourself some any such very
really actually just exactly currently basically simply please ever also too kind sort way what
which how why who where when whose whom people person someone somebody anyone anybody get got gets
getting
""".split()
)
"""Words without weight: what they say is looked at elsewhere, or nothing."""

NEGATIONS = frozenset(
    "not no never none nobody nothing nowhere neither nor without cannot hardly barely non".split()
)
PAST = frozenset("was were did had been".split())
FUTURE = frozenset("will shall".split())
_PERSONS = "i me my mine we us our myself; you your yours yourself; he him his; she her hers; they them their"
PERSONS = {word: group.split()[0] for group in _PERSONS.split(";") for word in group.split()}
RELATIONS = frozenset(
    """
from into onto than before after over under above below between against by until till since during
except per instead rather unless although despite beyond behind toward towards through across
""".split()
)
"""Small words by which two things change their parts."""

_CONTRASTS = """
more greater larger higher bigger longer | less fewer smaller lower shorter;
most maximum max highest largest biggest longest | least minimum min lowest smallest shortest;
before earlier prior | after later following;
increase raise grow gain | decrease reduce lower shrink lose; buy purchase | sell;
open | close shut; first | last final; up | down; in inside | out outside;
on enable activate start begin | off disable deactivate stop end quit; left | right; win | lose;
add install insert | remove delete uninstall; send | receive; import | export; upload | download;
encrypt encode | decrypt decode; ascending | descending; good best better | bad worst worse;
cheap cheapest | expensive dearest; hot warm | cold cool; old oldest | new newest young youngest;
fast quick fastest | slow slowest; easy easiest | hard difficult hardest;
male man men boy | female woman women girl; north | south; east | west; push | pull;
input | output; love | hate; legal | illegal; possible | impossible; allow | forbid prevent;
public | private; day | night; always | never; all every | some none; true | false;
positive | negative; single | double multiple; advantage pro benefit | disadvantage con drawback;
safe | dangerous unsafe; husband | wife; lend | borrow; accept | refuse reject;
connect | disconnect; lock | unlock; show | hide; include | exclude; above over | below under;
with | without; horizontal | vertical; even | odd; row | column
"""
CONTRASTS = {
    word: (number, side)
    for number, pair in enumerate(_CONTRASTS.split(";"))
    for side, words in zip("+-", pair.split("|"), strict=True)
    for word in words.split()
}
"""Words that turn a question round: the number of their pair, and their side in it."""

_COUNTED = (
    "zero", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
NUMBERS = {word: str(count) for count, word in enumerate(_COUNTED) if word} | {
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80",
    "ninety": "90", "hundred": "x100", "thousand": "x1000", "million": "x1000000", "billion": "x1000000000",
    "dozen": "12", "half": "1/2", "quarter": "1/4", "first": "1st", "second": "2nd", "third": "3rd",
    "fourth": "4th", "fifth": "5th", "once": "x1", "twice": "x2", "thrice": "x3", "single": "1",
    "double": "x2", "triple": "x3",
}  # fmt: skip
"""Numbers in words. One is left out: it is a person as often."""
