"""SearchCases: which cases match, in which order, one page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox import case_rows
from reconciler.sandbox.call import Call, Json, digest
from reconciler.sandbox.case import Case
from reconciler.sandbox.catalog import Domain
from reconciler.sandbox.errors import validation
from reconciler.sandbox.presenting import fields_of, with_nulls
from reconciler.sandbox.search import rows
from reconciler.sandbox.search.candidates import lookups
from reconciler.sandbox.search.filters import Test, compile_filter, compile_term
from reconciler.sandbox.search.ordering import Order, order_of
from reconciler.sandbox.search.results import Key, Results
from reconciler.sandbox.tokens import make_token, read_token

MOST_FIELDS = 25


@dataclass(frozen=True, kw_only=True)
class _Query:
    """A search without the page that is asked for; the digest is its name."""

    domain: Domain
    tests: list[Test]
    filter: Json | None
    order: Order
    digest: str

    @property
    def is_plain(self) -> bool:
        """Whether it simply lists all cases as they are stored."""
        return not self.tests and not self.order.sorts


@dataclass(frozen=True, kw_only=True)
class _Page:
    """Found cases, one more than asked for where there are more, and how many match in all."""

    cases: list[Case]
    total: int


def search_cases(call: Call, params: Json) -> Json:
    """One page of the cases that match."""
    query = _query(call, params)
    size = params.get("maxResults", 25)
    limit = max(1, size - 1) if call.settings.sparse_nulls else size
    last, seen = read_token(params.get("nextToken"), query.digest) or (None, 0)
    window = call.settings.search_window
    if window and seen >= window:
        raise validation(f"Only the first {window} results of a search can be paged through.")
    limit = min(limit, window - seen) if window else limit
    case_rows.settle(call.store, call.now.timestamp())
    find = _plain_page if query.is_plain else _sorted_page
    page = find(call, query, last, limit + 1)
    cases = page.cases[:limit]
    wanted = [item["id"] for item in params.get("fields", [])]
    items = [_item(call, query, case, wanted) for case in cases]
    reply: Json = {"cases": with_nulls(items, call.settings, size), "totalCount": page.total}
    if len(page.cases) > limit:
        place = [query.order.raw_key(cases[-1]), seen + limit]
        reply["nextToken"] = make_token(query.digest, place)
    return reply


def _query(call: Call, params: Json) -> _Query:
    domain = call.domain(params["domainId"])
    tests = []
    if params.get("filter"):
        tests.append(compile_filter(domain, call.settings, params["filter"]))
    if params.get("searchTerm"):
        tests.append(compile_term(params["searchTerm"]))
    page_only = ("nextToken", "maxResults", "fields")
    rest = {name: value for name, value in params.items() if name not in page_only}
    return _Query(
        domain=domain,
        tests=tests,
        filter=params.get("filter"),
        order=order_of(domain, params.get("sorts", [])),
        digest=digest(rest),
    )


def _plain_page(call: Call, query: _Query, last: list[Any] | None, limit: int) -> _Page:
    connection = call.store.connection
    key = query.domain.key
    cases = rows.after(connection, key, last[-1] if last else 0, limit)
    version = call.store.version()
    total = call.results.count(key, version, lambda: rows.count(connection, key))
    return _Page(cases=cases, total=total)


def _sorted_page(call: Call, query: _Query, last: list[Any] | None, limit: int) -> _Page:
    name = digest([query.digest, repr(call.settings)])
    results = call.results.results(name, call.store.version(), lambda: _search(call, query))
    place = query.order.key(last) if last else None
    keys = results.after(place, limit)
    if results.cases is None:
        cases = rows.with_keys(call.store.connection, keys)
    else:
        cases = [results.cases[key] for key in keys]
    return _Page(cases=cases, total=len(results.keys))


def _search(call: Call, query: _Query) -> Results:
    connection, domain = call.store.connection, query.domain.key
    wanted = lookups(query.filter) if query.filter else None
    if wanted is None:
        found = _matches(query, rows.every(connection, domain))
        return Results(tuple(sorted(_key(query, case) for case in found)))
    cases = {case.key: case for case in _matches(query, rows.matching(connection, domain, wanted))}
    return Results(tuple(sorted(_key(query, case) for case in cases.values())), cases)


def _matches(query: _Query, cases: Iterator[Case]) -> Iterator[Case]:
    return (case for case in cases if all(test(case) for test in query.tests))


def _key(query: _Query, case: Case) -> Key:
    return query.order.key(query.order.raw_key(case))


def _item(call: Call, query: _Query, case: Case, wanted: list[str]) -> Json:
    return {
        "caseId": case.case_id,
        "templateId": case.template_id,
        "fields": with_nulls(
            fields_of(call, query.domain, case, wanted), call.settings, MOST_FIELDS
        ),
        "tags": case.tags,
    }
