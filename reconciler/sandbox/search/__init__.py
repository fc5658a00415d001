"""Finding cases: filters, order and pages, as SearchCases offers them."""
