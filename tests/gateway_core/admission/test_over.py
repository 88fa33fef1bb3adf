"""What is over a call is looked up once for calls of the same kind, and is always what matching says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway_core.admission.over import MOST_KINDS, Over
from gateway_core.model.policy import Budget, Policy, Throttle
from gateway_core.rules.matching import Facts, matches

WORDS = st.sampled_from(["a", "ab", "b", ""])
MATCHES = st.dictionaries(
    st.sampled_from(["project", "user", "token", "model", "provider"]), st.sampled_from(["a", "a*", "b"])
)
FACTS = st.builds(Facts, st.dictionaries(st.sampled_from(["project", "user"]), WORDS), WORDS, WORDS, WORDS)


@given(st.lists(MATCHES, max_size=5), st.lists(FACTS, max_size=8))
def test_it_is_what_matching_says(wanted: list[dict[str, str]], calls: list[Facts]) -> None:
    budgets = tuple(Budget(str(n), match, limit_nano=1) for n, match in enumerate(wanted))
    throttles = tuple(Throttle(str(n), match, concurrent=1) for n, match in enumerate(wanted))
    over = Over(Policy(budgets=budgets, throttles=throttles))
    for facts in (*calls, *calls):
        assert over.budgets(facts) == tuple(each for each in budgets if matches(each.match, facts))
        assert over.throttles(facts) == tuple(each for each in throttles if matches(each.match, facts))


def test_many_kinds_of_calls_are_not_all_remembered() -> None:
    budget = Budget("web", {"project": "web*"}, limit_nano=1)
    over = Over(Policy(budgets=(budget,)))
    for number in range(3 * MOST_KINDS):
        assert over.budgets(Facts({"project": f"web{number}"}, "t")) == (budget,)
    assert len(over._found) <= MOST_KINDS
