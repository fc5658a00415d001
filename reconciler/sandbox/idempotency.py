"""Client tokens: the same request sent twice is carried out once."""

import json
from collections.abc import Callable

from reconciler.sandbox.call import Call, Json, digest
from reconciler.sandbox.errors import conflict


def once(call: Call, params: Json, carry_out: Callable[[], Json]) -> Json:
    """Inside `write`: the first answer to this client token, carrying the request out if needed."""
    token = params.get("clientToken")
    if not token:
        return carry_out()
    scope = f"{call.operation} {params['domainId']}"
    print_of = digest({name: value for name, value in params.items() if name != "clientToken"})
    row = call.store.connection.execute(
        "SELECT digest, response FROM idempotency WHERE scope = ? AND token = ?", (scope, token)
    ).fetchone()
    if row is None:
        response = carry_out()
        call.store.connection.execute(
            "INSERT INTO idempotency VALUES (?, ?, ?, ?)",
            (scope, token, print_of, json.dumps(response)),
        )
        return response
    if row[0] != print_of:
        raise conflict("The clientToken was used before, with other parameters.")
    replay: Json = json.loads(row[1])
    return replay
