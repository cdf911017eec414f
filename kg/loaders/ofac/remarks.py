"""The remarks of an OFAC listing: `DOB 10 Dec 1948; a.k.a. 'BNC'; Linked To: HIZBALLAH.`"""

from __future__ import annotations

import re
from dataclasses import dataclass

FIELDS = {
    "a.k.a.": "weak_alias",
    "f.k.a.": "former_name",
    "n.k.a.": "current_name",
    "Linked To:": "linked_to",
    "DOB": "birth_date",
    "POB": "birth_place",
    "nationality": "nationality",
    "citizen": "nationality",
    "Gender": "gender",
    "Website": "website",
    "Website:": "website",
    "Organization Established Date": "founded",
    "Target Type": "target_type",
    "Vessel Registration Identification IMO": "imo",
    "MMSI": "mmsi",
    "Former Vessel Flag": "former_flag",
    "Other Vessel Flag": "former_flag",
    "Other Vessel Type": "vessel_type",
    "Other Vessel Call Sign": "call_sign",
    "Aircraft Model": "model",
    "Aircraft Operator": "operator",
    "Aircraft Manufacture Date": "manufactured",
    "Aircraft Manufacturer's Serial Number (MSN)": "serial_number",
    "Aircraft Serial Identification": "serial_number",
    "Aircraft Construction Number (also called L/N or S/N or F/N)": "construction_number",
    "Aircraft Mode S Transponder Code": "transponder_code",
    "Aircraft Tail Number": "tail_number",
    "Nationality of Registration": "flag",
}
"""What a segment begins with → what it says. `alt. ` in front means one more of the same."""

LEFT_OUT = {
    "papers and registry numbers": re.compile(
        r"^[A-Z][\w.,'&/ -]*?\b(?:No|Numbers?|IDs?|Code|Cedula|Certificate|Document|Card"
        r"|Registration)\b.*\d|^(?:[\w.]+ )?(?:Passport|NIT|RUC|RIF|RFC|RTN|SSN|BIK|C\.?[UIR]\."
        r"|D\.N\.I\.|I\.F\.E|R\.F\.C|V\.A\.T|N\.I\.E|SWIFT|D-U-N-S|US FEIN|License|Pasaporte"
        r"|VisaNumber|Residency|Credencial|Numero|Cartilla|SRE Permit|Matricula|Folio).*\d"
    ),
    "addresses of mail, telephone and money": re.compile(
        r"^(?:E-?mail|Phone|Telephone|Telex|Fax|Alt\. Fax|Digital Currency Address)\b", re.I
    ),
    "legal consequences for third parties": re.compile(
        r"^(?:Secondary sanctions risk|Additional Sanctions Information|Transactions Prohibited"
        r"|Executive Order \d+ Directive|IFCA Determination|For more information on directives)\b"
    ),
    "kind of business": re.compile(r"^Organization Type:"),
}
"""What is understood and not loaded, by what it is. It is counted in the load's summary.

Papers, telephones and the like identify private people and answer no question that this project
asks; anybody who needs them has the list itself.
"""

_ORDER = re.compile(r"^(?:Executive Order (\d+) information|CAATSA (Section \d+) Information):")
_FIELD = re.compile(
    "^("
    + "|".join(re.escape(name) for name in sorted(FIELDS, key=len, reverse=True))
    + r")\s+(.+)$"
)


@dataclass(frozen=True)
class Said:
    """One segment: what it says (a value of `FIELDS`, `legal_basis`, `""` if no rule fits)."""

    what: str
    value: str
    left_out: str = ""


def segments(remarks: str) -> list[Said]:
    """The segments of one listing's remarks, in order.

    The full stop that closes the remarks is no part of the last one.
    """
    parts = re.split(r";\s+", remarks.strip().removesuffix("."))
    return [_said(part.strip()) for part in parts if part.strip()]


def _said(segment: str) -> Said:
    text = re.sub(r"^alt\.\s+", "", segment, flags=re.I)
    if found := _FIELD.match(text):
        what = FIELDS[found.group(1)]
        value = found.group(2).strip()
        if what.endswith(("name", "alias")) and re.search(r"[\"'], ", value[1:]):
            return Said("", segment)  # words go on after the name
        return Said(what, _unquoted(value) if what.endswith(("name", "alias")) else value)
    if found := _ORDER.match(text):
        order = f"E.O. {found.group(1)}" if found.group(1) else f"CAATSA {found.group(2)}"
        return Said("legal_basis", order)
    for what, pattern in LEFT_OUT.items():
        if pattern.match(text):
            return Said("", text, left_out=what)
    return Said("", segment)


def _unquoted(value: str) -> str:
    return value.strip("'\"").strip()
