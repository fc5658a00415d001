"""What customers and agents write: titles, notes, causes and next steps, spelling and all."""

TITLES = {
    "outage": (
        "No internet since {day}",
        "Fibre down in whole street — 3rd call",
        'Router shows "WAN error", LED red',
        "TV freezes every evening around 20:00",
        "Mobile: no signal in Tromsø",
        "Outage #1 of 2 at {city} office",
        "Landline dead, elderly customer alone at home",
        "Störung seit {day}, bitte Rückruf",
    ),
    "billing": (
        "Charged twice for {month}",
        "Invoice {invoice} not understood",
        "Refund for cancelled order still missing",
        "Direct debit returned (reason: 'account closed')",
        "Wants paper invoices again",
        "Roaming charges after trip to Zürich",
        "VAT number missing on invoice {invoice}",
        "Facture {month} : montant erroné",
    ),
    "delivery": (
        "Parcel marked delivered, not received",
        "Wrong router delivered",
        "Delivery to neighbour @ no. 14, nobody knows him",
        "Handset arrived with cracked display 😠",
        "Order {invoice} stuck at customs",
        "Address change after dispatch",
        "Paket beschädigt, 2. Lieferung nötig",
        "Pick-up code does not work",
    ),
    "complaint": (
        "Complaint about technician visit on {day}",
        "Promised call back 3x, never called",
        "Unhappy w/ chat agent, wants written apology",
        'Says: "I will cancel on Monday"',
        "Complaint to regulator announced",
        "Café owner, 2 days without card terminal",
    ),
    "access": (
        "Locked out of account",
        "Password reset mail never arrives",
        "2FA phone lost abroad",
        "Login e-mail has a typo (gmial.com)",
        "Cannot change user name: error #403",
        "Account of late father, access for daughter",
        "App logs out after every update 📱",
    ),
}

NOTES = (
    "Called back, mailbox. Try again after 5pm.",
    "Cust. says router was replaced last month. S/N 00417-A.\nRemote test: no sync.",
    'Customer insists on "immediate" refund, explained 5-7 working days.',
    "spoke to wife, he is back on the 3rd",
    "Ticket #1 with network team, waiting.\n- line test ok\n- ONT swapped\n- still drops",
    "Sent form by e-mail to m.garcía@example.com, not returned yet.",
    "Kunde sehr freundlich, hat Zeit bis Freitag.",
    "NO REPLY to 2 SMS.",
    "Customer will send photo 📷 of the damage.",
    "see note of yesterday",
    "Verified: DOB + last 4 digits. Address is c/o Müller, 2nd floor.",
    'Escalated; supervisor said: "ok if < 50 EUR, else form 012".',
    "Client rappelé, problème résolu. Merci à l'équipe 👍",
    "Discount of 10% promised by shop, no record of it.\n\nAsked shop to confirm in writing.",
)

SUMMARIES = (
    "Customer reported the problem on {day}; first checks done, cause not yet known.",
    "Resolved after second contact. Customer confirmed that all works.",
    "Customer asks for compensation. Waiting for decision of the back office.",
    "Parcel found at depot, new delivery planned for {day}.",
    "Amount corrected, credit note sent by post.\nCustomer informed by e-mail.",
    "Identity checked, access restored, advised to set up 2FA again.",
    "Known disturbance in {city}; customer will get a text message when it is over.",
)

CAUSES = (
    "Cable damaged by construction work",
    "Firmware 2.1.0 bug",
    "Typo in address",
    "Double booking in billing run",
    "Carrier lost the parcel",
    "Wrong tariff set at sale",
    "Power supply defective",
    "Customer error",
    "n/a",
    "SIM not activated",
)

NEXT_STEPS = (
    "Call back",
    "Wait for carrier (max. 5 days)",
    "Send technician",
    "Ask customer for photo",
    "Credit note, then close",
    "1. check line\n2. swap router\n3. call customer",
    "Escalate to L2",
    "none",
)

COUNTRIES = ("NO", "DE", "US", "GB", "FR", "SE", "CH", "ES", "AT", "IE")

CITIES = ("Tromsø", "Köln", "Málaga", "Leeds", "Genève", "Austin", "Malmö", "Cork")

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MONTHS = ("July", "August", "September", "October", "November")
