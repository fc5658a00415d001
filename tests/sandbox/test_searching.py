"""SearchCases: filters, terms, sorts, pages, counts."""

import pytest


@pytest.fixture
def five(care):
    """Five cases of one template, apart from all seeded ones by their tag."""
    template = care.client.create_template(domainId=care.domain, name="Search")["templateId"]
    care.templates["Search"] = template
    values = [
        {"title": "Alpha", "Score": 1, "VIP": True, "Follow up on": "2026-12-01T09:00:00Z"},
        {"title": "beta", "Score": 2, "VIP": False, "Follow up on": "2026-12-01T11:00:00+02:00"},
        {"title": "Gamma ray", "Score": 2, "Priority": "high"},
        {"title": "DELTA", "Score": -3.5, "Note": "Größe 012"},
        {"title": "epsilon"},
    ]
    return [
        care.create(one, template="Search", tags={"set": "five", "n": str(number)})
        for number, one in enumerate(values)
    ]


@pytest.fixture
def found(care, five):
    """Which of the five a filter finds, by their numbers."""

    def found(part, **more):
        only = {"tag": {"equalTo": {"key": "set", "value": "five"}}}
        cases = care.search(filter={"andAll": [only, part]}, maxResults=100, **more)
        return [five.index(case) for case in cases]

    return found


@pytest.mark.parametrize(
    ("operator", "name", "value", "expected"),
    [
        ("equalTo", "title", "Alpha", [0]),
        ("equalTo", "title", "alpha", []),
        ("equalTo", "Score", 2, [1, 2]),
        ("equalTo", "VIP", False, [1]),
        ("equalTo", "Priority", "high", [2]),
        ("equalTo", "Follow up on", "2026-12-01T10:00:00+01:00", [0, 1]),
        ("equalTo", "Note", None, [0, 1, 2, 4]),
        ("contains", "title", "a", [0, 1, 2, 3]),
        ("contains", "title", "MMA R", [2]),
        ("contains", "Note", "größe", [3]),
        ("greaterThan", "Score", 1, [1, 2]),
        ("greaterThanOrEqualTo", "Score", 1, [0, 1, 2]),
        ("lessThan", "Score", 1, [3]),
        ("lessThanOrEqualTo", "Score", 1, [0, 3]),
        ("greaterThan", "Follow up on", "2026-12-01T08:59:59Z", [0, 1]),
        ("lessThan", "Follow up on", "2026-12-01T09:00:00Z", []),
    ],
)
def test_an_operator_finds_what_it_says(care, found, operator, name, value, expected):
    assert found(care.where(operator, name, value)) == expected


def test_filters_can_be_nested(care, found):
    high_score = care.where("greaterThan", "Score", 1)
    vip = care.where("equalTo", "VIP", True)
    assert found({"orAll": [vip, high_score]}) == [0, 1, 2]
    assert found({"not": {"orAll": [vip, high_score]}}) == [3, 4]
    assert found({"andAll": [high_score, {"not": care.where("equalTo", "title", "beta")}]}) == [2]
    deep = vip
    for _ in range(40):
        deep = {"not": deep}
    assert found(deep) == [0]


def test_empty_lists_of_alternatives_leave_nothing_out(found):
    assert found({"orAll": []}) == [0, 1, 2, 3, 4]
    assert found({"andAll": []}) == [0, 1, 2, 3, 4]


def test_tags_can_be_filtered_on(found):
    assert found({"tag": {"equalTo": {"key": "n", "value": "3"}}}) == [3]
    assert found({"tag": {"equalTo": {"key": "n"}}}) == [0, 1, 2, 3, 4]
    assert found({"tag": {"equalTo": {"key": "other", "value": "3"}}}) == []


def test_a_hundred_case_ids_can_be_asked_for_at_once(care):
    cases = [care.create({"Score": number}) for number in range(100)]
    leaves = [care.where("equalTo", "case_id", case) for case in cases]
    groups = [{"orAll": leaves[start : start + 10]} for start in range(0, 100, 10)]
    assert care.search(filter={"orAll": groups}, maxResults=100) == cases


@pytest.mark.parametrize("name", ["case_id", "reference_number", "reference_id"])
def test_a_case_is_found_by_each_of_its_names(care, five, name):
    value = care.read(five[2], name)[name]
    assert care.search(filter=care.where("equalTo", name, value)) == [five[2]]
    both = {"andAll": [care.where("equalTo", name, value), care.where("equalTo", "Score", 2)]}
    assert care.search(filter=both) == [five[2]]
    neither = {"andAll": [care.where("equalTo", name, value), care.where("equalTo", "Score", 1)]}
    assert care.search(filter=neither) == []


@pytest.mark.parametrize(
    ("term", "expected"),
    [("gamma", [2]), ("GRÖSSE", [3]), ("-3.5", [3]), ("y 012", []), ("e 012", [3])],
)
def test_a_term_is_looked_for_in_all_values(found, term, expected):
    assert found({"andAll": []}, searchTerm=term) == expected


@pytest.mark.parametrize(
    ("sorts", "expected"),
    [
        ([("title", "Asc")], [0, 3, 2, 1, 4]),
        ([("title", "Desc")], [4, 1, 2, 3, 0]),
        ([("Score", "Asc"), ("title", "Desc")], [3, 0, 1, 2, 4]),
        ([("Score", "Desc"), ("title", "Asc")], [2, 1, 0, 3, 4]),
        ([("VIP", "Asc")], [1, 0, 2, 3, 4]),
    ],
)
def test_sorts_put_cases_without_a_value_last(care, found, sorts, expected):
    given = [{"fieldId": care.id(name), "sortOrder": order} for name, order in sorts]
    assert found({"andAll": []}, sorts=given) == expected


def page_through(care, size, **query):
    pages, token = [], {}
    while True:
        reply = care.client.search_cases(domainId=care.domain, maxResults=size, **query, **token)
        pages.append(reply)
        if "nextToken" not in reply:
            return pages
        token = {"nextToken": reply["nextToken"]}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"filter": {"andAll": []}},
        {"sorts": [{"fieldId": "created_datetime", "sortOrder": "Desc"}]},
        {"searchTerm": "e"},
        {"filter": {"not": {"field": {"equalTo": {"id": "title", "value": {"stringValue": ""}}}}}},
    ],
    ids=["plain", "filtered", "sorted", "term", "not"],
)
@pytest.mark.parametrize("size", [7, 10, 100])
def test_pages_have_every_case_once(care, query, size):
    pages = page_through(care, size, **query)
    cases = [case["caseId"] for page in pages for case in page["cases"]]
    assert len(cases) == len(set(cases)) == 30
    assert {page["totalCount"] for page in pages} == {30}
    assert all(len(page["cases"]) == size for page in pages[:-1])
    assert pages[-1]["cases"]


def test_a_page_has_25_cases_unless_told_otherwise(care):
    assert len(care.search()) == 25


def test_cases_made_while_paging_do_not_shift_the_pages(care):
    first = care.client.search_cases(domainId=care.domain, maxResults=10)
    care.client.delete_case(domainId=care.domain, caseId=first["cases"][3]["caseId"])
    made = care.create()
    rest = care.search(maxResults=100, nextToken=first["nextToken"])
    assert len(rest) == 21
    assert rest[-1] == made
    assert not {case["caseId"] for case in first["cases"]} & set(rest)


def test_sorted_pages_go_on_from_the_same_place_after_a_write(care):
    sorts = [{"fieldId": "title", "sortOrder": "Asc"}]
    first = care.client.search_cases(domainId=care.domain, maxResults=10, sorts=sorts)
    seen = [case["caseId"] for case in first["cases"]]
    care.client.delete_case(domainId=care.domain, caseId=seen[-1])
    rest = care.search(maxResults=100, sorts=sorts, nextToken=first["nextToken"])
    assert len(rest) == 20
    assert not set(seen) & set(rest)


def test_a_token_stays_short_however_long_the_sorted_texts(care):
    for last in "cab":
        care.create({"Note": "😀" * 4099 + last, "Next step": "é" * 4100})
    sorts = [{"fieldId": care.id(name), "sortOrder": "Desc"} for name in ("Note", "Next step")]
    first = care.client.search_cases(domainId=care.domain, maxResults=1, sorts=sorts)
    second = care.client.search_cases(
        domainId=care.domain, maxResults=1, sorts=sorts, nextToken=first["nextToken"]
    )
    assert first["cases"] != second["cases"]


def test_a_token_belongs_to_its_query(care, refused):
    token = care.client.search_cases(domainId=care.domain, maxResults=1)["nextToken"]
    for other in ({"searchTerm": "e"}, {"filter": {"andAll": []}}):
        with refused("ValidationException"):
            care.search(nextToken=token, **other)
    for broken in ("x", token[:-2], "💥"):
        with refused("ValidationException"):
            care.search(nextToken=broken)


def test_items_carry_the_fields_asked_for_the_template_and_tags(care, five):
    (item,) = care.client.search_cases(
        domainId=care.domain,
        filter=care.where("equalTo", "case_id", five[0]),
        fields=[{"id": "title"}, {"id": care.id("Note")}, {"id": care.id("Score")}],
    )["cases"]
    assert item["templateId"] == care.templates["Search"]
    assert item["tags"] == {"set": "five", "n": "0"}
    assert item["fields"] == [
        {"id": "title", "value": {"stringValue": "Alpha"}},
        {"id": care.id("Score"), "value": {"doubleValue": 1.0}},
    ]


def eleven(part):
    return {"orAll": [part] * 11}


@pytest.mark.parametrize(
    "query",
    [
        {"fields": [{"id": "title"}] * 26},
        {"maxResults": 101},
        {"maxResults": 0},
        {"searchTerm": "x" * 256},
        {"sorts": [{"fieldId": "title", "sortOrder": "Asc"}] * 3},
        {"sorts": [{"fieldId": "title", "sortOrder": "Up"}]},
        {"sorts": [{"fieldId": "nothing", "sortOrder": "Asc"}]},
        {"fields": [{"id": "nothing"}]},
        {"nextToken": "x" * 9001},
        {"filter": {}},
        {"filter": {"andAll": [], "orAll": []}},
        {"filter": {"tag": {"equalTo": {"value": "x"}}}},
        {"filter": {"orAll": [{"andAll": []}] * 11}},
        {"filter": {"field": {"equalTo": {"id": "nothing", "value": {"stringValue": "x"}}}}},
        {"filter": {"field": {"equalTo": {"id": "title", "value": {"doubleValue": 1}}}}},
        {"filter": {"field": {"contains": {"id": "title", "value": {"emptyValue": {}}}}}},
    ],
)
def test_a_query_outside_the_limits_is_refused(care, refused, query):
    with refused("ValidationException"):
        care.search(**query)


def test_a_boolean_is_only_equal_or_not(care, refused):
    for operator in ("greaterThan", "contains"):
        with refused("ValidationException"):
            care.search(filter=care.where(operator, "VIP", True))


def test_a_filter_nested_beyond_reason_is_refused(care, send):
    deep = {"andAll": []}
    for _ in range(300):
        deep = {"not": deep}
    status, _, body = send("POST", f"/domains/{care.domain}/cases-search", {"filter": deep})
    assert (status, b"totalCount" in body) == (200, True)
    text = b'{"filter":' + b'{"not":' * 5000 + b"{}" + b"}" * 5001
    status, headers, _ = send("POST", f"/domains/{care.domain}/cases-search", text)
    assert (status, headers["x-amzn-ErrorType"]) in [
        (400, "ValidationException"),
        (400, "SerializationException"),
    ]
