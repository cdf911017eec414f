"""Which words of FollowTheMoney become which of ours."""

from __future__ import annotations

from collections.abc import Mapping

THINGS = {
    "Person": "Person", "Organization": "Organization", "Company": "Organization",
    "LegalEntity": "Organization", "Asset": "Organization", "PublicBody": "Agency",
    "Vessel": "Vessel", "Airplane": "Aircraft", "Sanction": "Sanction",
}  # fmt: skip
"""Schema → node kind. A schema that is neither here nor below is reported, with a count."""

WIDER = {
    "LegalEntity": ("Person", "Organization", "Company", "PublicBody"),
    "Organization": ("Company", "PublicBody"),
    "Asset": ("Company", "Vessel", "Airplane"),
}
"""Schema → those that are special cases of it: parts of one entity may differ so far."""

SUPPORT = frozenset(("Position", "Address", "Identification", "Passport"))
"""Read for what others say of them, or left out: no nodes of their own."""

PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "": {"alias": "alias", "weakAlias": "alias", "previousName": "alias", "abbreviation": "alias",
         "sourceUrl": "url", "website": "url", "notes": "description", "summary": "description",
         "description": "description"},
    "Person": {"birthDate": "born", "deathDate": "died", "birthPlace": "birthplace",
               "nationality": "nationality", "citizenship": "nationality", "gender": "gender",
               "position": "position"},
    "Organization": {"country": "country", "jurisdiction": "country", "mainCountry": "country",
                     "status": "status"},
    "Agency": {"country": "country", "jurisdiction": "country", "mainCountry": "country"},
    "Vessel": {"imoNumber": "imo", "mmsi": "mmsi", "callSign": "call_sign", "flag": "flag",
               "pastFlags": "former_flag", "type": "vessel_type",
               "grossRegisteredTonnage": "gross_tonnage", "deadweightTonnage": "tonnage"},
    "Aircraft": {"registrationNumber": "registration", "serialNumber": "serial_number",
                 "model": "model", "buildDate": "manufactured"},
    "Sanction": {"program": "programme", "programId": "programme", "reason": "description",
                 "status": "status", "startDate": "occurred", "listingDate": "listed"},
}  # fmt: skip
"""Node kind (all kinds: ``""``) → FollowTheMoney property → ours. A reason is a story, no law."""

NAMES = frozenset(("name", "alias", "weakAlias", "previousName", "abbreviation"))
COUNTRIES = frozenset((
    "country", "nationality", "citizenship", "jurisdiction", "mainCountry", "flag", "pastFlags",
))  # fmt: skip
"""Properties whose type in FollowTheMoney is a name, or a country."""

LINKS = {
    "Ownership": ("asset", "OWNED_BY", "owner"),
    "Directorship": ("director", "MEMBER_OF", "organization"),
    "Membership": ("member", "MEMBER_OF", "organization"),
    "Employment": ("employee", "MEMBER_OF", "employer"),
    "UnknownLink": ("subject", "LINKED_TO", "object"),
    "Associate": ("person", "LINKED_TO", "associate"),
    "Family": ("person", "LINKED_TO", "relative"),
    "Representation": ("agent", "LINKED_TO", "client"),
}
"""Schema of an edge → property with its start, our edge kind, property with its end."""

BACK = {
    "sanctions": "entity",
    "ownershipOwner": "owner", "ownershipAsset": "asset",
    "directorshipDirector": "director", "directorshipOrganization": "organization",
    "membershipMember": "member", "membershipOrganization": "organization",
    "employees": "employer", "employers": "employee",
    "unknownLinkTo": "subject", "unknownLinkFrom": "object",
    "associates": "person", "associations": "associate",
    "familyPerson": "person", "familyRelative": "relative",
    "agencyClient": "agent", "agentRepresentation": "client",
    "positionOccupancies": "holder", "occupancies": "post",
}  # fmt: skip
"""Where an export nests what points at an entity → the property with which that points at it."""

QUALIFIER = {"MEMBER_OF": "position", "LINKED_TO": "link"}
WORDS = ("role", "relationship", "status", "description")
"""Properties of an edge that say what it is, the first that is there."""

DAYS = ("startDate", "endDate")

REPRESENTING = frozenset(("gov.head", "gov.national", "role.diplo"))
"""Topics of a Position whose holder speaks for the state."""

READ = {"": ("name",), "Sanction": ("entity", "authority", "country", "endDate")}
"""What is read of a thing and is no value of its own, by node kind (all kinds: ``""``)."""

LEFT_OUT = frozenset((
    "topics", "country", "entity", "authority", "holder", "post", "keywords", "modifiedAt",
    "retrievedAt", "publisher", "publisherUrl", "address", "addressEntity", "email", "phone",
    "passportNumber", "idNumber", "taxNumber", "registrationNumber", "innCode", "ogrnCode",
    "socialSecurityNumber", "firstName", "lastName", "middleName", "secondName", "fatherName",
    "motherName", "title", "startDate", "endDate", "date", "recordId", "wikidataId", "programUrl",
    "authorityId", "unscId", "duration", "provisions", "sourceUrl", "proof", "programId",
    "createdAt", "birthCountry", "incorporationDate", "dissolutionDate", "legalForm", "leiCode",
    "kppCode", "okpoCode", "vatCode", "swiftBic", "permId", "uniqueEntityId", "sharesCount",
))  # fmt: skip
"""Understood and not loaded, which the summary counts; any other is reported."""
