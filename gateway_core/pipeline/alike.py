"""The semantic cache on the way of a request: it serves once it has proved right, and watches till then."""

from __future__ import annotations

import asyncio
from array import array

from gateway_core.formats.said import words_of
from gateway_core.model.call import Ask
from gateway_core.model.rows import CacheUse
from gateway_core.pipeline.answers import Recipe, said_in
from gateway_core.pipeline.aside import Serve
from gateway_core.pipeline.embedding import embedded
from gateway_core.pipeline.likenesses import Answered, Question
from gateway_core.pipeline.parts import Parts
from gateway_core.pipeline.passage import Passage
from gateway_core.pipeline.replaying import give
from gateway_core.rules.agreement import agree
from gateway_core.rules.likeness.vector import embed
from gateway_core.store.cache import CachedAnswer

PATIENCE = 2.0
"""Seconds that a call waits for the embedding of its question before it goes without."""


def question_of(call: Passage, ask: Ask, recipe: Recipe) -> Question | None:
    """What the call asks, where a rule of the semantic cache is about it."""
    rules = call.parts.policy.semantic_cache
    if not rules:
        return None
    rule = call.parts.alike.rule(rules, call.facts(recipe.target))
    if rule is None:
        return None
    tags = dict(call.record.identity.tags)
    return call.parts.alike.question(rule, ask, call.request, recipe, tags)


async def served_alike(call: Passage, question: Question, recipe: Recipe, serve: Serve) -> bool:
    """Answers with what a question alike was answered, if its rule serves and nothing stands against it.

    A share of the hits is asked for all the same: the question then knows what it would have been given.
    """
    parts, alike = call.parts, call.parts.alike
    state = alike.standing(question.rule)
    if not state.open:
        return False
    try:
        async with asyncio.timeout(PATIENCE):
            vector = await vector_of(parts, question, serve)
    except TimeoutError:
        return False
    if vector is None:
        return False
    match = alike.find(question, vector, state.threshold, recipe.ttl_seconds)
    if match is None:
        return False
    if alike.sampled(question.rule, call.record.id):
        return False
    alike.served(question, match, call.record.id)
    call.record.likeness = match.likeness
    await give(call, match.key, match.answer, recipe.pace, CacheUse.SEMANTIC)
    return True


async def vector_of(parts: Parts, question: Question, serve: Serve) -> array[float] | None:
    """The vector of a question: known, made here, or asked for."""
    known = parts.alike.vector(question)
    if known is not None:
        return known
    endpoint = question.rule.endpoint
    if endpoint:
        found = await embedded(parts, serve, endpoint, question.text, question.request, question.tags)
    else:
        found = embed(question.text)
    if found is not None:
        parts.alike.learn(question, found)
    return found


async def look(parts: Parts, serve: Serve) -> None:
    """Takes the questions one by one whose answers are known, for ever: holds each answer against what would
    have been given, and remembers the question for those to come."""
    while True:
        await _look_at(parts, await parts.alike.waiting.get(), serve)


async def _look_at(parts: Parts, one: Answered, serve: Serve) -> None:
    alike, question = parts.alike, one.question
    vector = await vector_of(parts, question, serve)
    words = _words(one, one.answer)
    if vector is None or not words:
        return
    ttl = parts.policy.exact_cache.ttl_seconds
    match = alike.find(question, vector, question.rule.threshold, ttl)
    if match is not None and match.key != one.key:
        said = agree(_words(one, match.answer), words)
        alike.compared(one, match, same=said.same, by=said.by)
    alike.vectors.add(one.key, question.context, vector, question.marks)


def _words(one: Answered, answer: CachedAnswer) -> str:
    """The text of an answer; empty where it has none."""
    said = said_in(one.ask, answer)
    return words_of(said) if said is not None else ""
