# Policies over saved plans, for conftest or OPA. They are run between plan and apply:
#
#   reconcile plan --out plan.json
#   conftest test plan.json --policy policy
#   opa eval --format pretty --data policy --input plan.json data.main.deny
#   reconcile apply plan.json
#
# Each rule is an example: keep what you want, correct its names and numbers, add your own. What a
# plan holds is described by plan.schema.json of reconcile.
package main

import rego.v1

# Fields, by id or display name, that no plan may clear.
never_cleared := {"customer_id", "Case reason"}

# How many cases one plan may close.
most_closed := 50

# Targets where every change must come from a spec whose owner is named.
owned_targets := {"prod"}

fields contains {"target": target.name, "case": change.case_id, "field": field} if {
	some target in input.targets
	some change in target.changes
	some field in change.fields
}

deny contains "the specs have edits that are not committed: commit, and plan again" if {
	input.git.dirty
}

deny contains message if {
	some one in fields
	one.field.action == "clear"
	some name in {one.field.id, one.field.name}
	name in never_cleared
	message := sprintf("case %s: %s may not be cleared", [one.case, one.field.name])
}

deny contains message if {
	closed := {[one.target, one.case] |
		some one in fields
		one.field.id == "status"
		one.field.after == "closed"
	}
	count(closed) > most_closed
	message := sprintf("%d cases would be closed, and at most %d may", [count(closed), most_closed])
}

deny contains message if {
	some one in fields
	one.target in owned_targets
	one.field.owner == ""
	message := sprintf("%s:%d: this spec names no owner", [one.field.source.file, one.field.source.line])
}

# Both the spec and somebody else changed this value: a person decides.
deny contains message if {
	some one in fields
	one.field["class"] == "conflict"
	message := sprintf("case %s: %s was changed by others too", [one.case, one.field.name])
}

# Only told, not refused: what somebody set by hand is restored.
warn contains message if {
	some one in fields
	one.field["class"] == "drift"
	message := sprintf("case %s: %s will be restored", [one.case, one.field.name])
}
