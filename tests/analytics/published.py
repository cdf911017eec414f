"""Data and figures that others published, to hold the measures against."""

from __future__ import annotations

TRIBES = """
1 2 + 1 3 - 2 3 - 1 4 - 3 4 + 1 5 - 2 5 - 1 6 - 2 6 - 3 6 + 3 7 + 5 7 + 6 7 + 3 8 + 4 8 + 6 8 +
7 8 + 2 9 - 5 9 + 6 9 - 2 10 - 9 10 + 6 11 + 7 11 + 8 11 + 9 11 - 10 11 - 1 12 - 6 12 + 7 12 +
8 12 + 11 12 + 6 13 - 7 13 + 9 13 + 10 13 + 11 13 - 5 14 + 8 14 - 12 14 - 13 14 + 1 15 + 2 15 +
5 15 - 9 15 - 10 15 - 11 15 - 12 15 - 13 15 - 1 16 + 2 16 + 5 16 - 6 16 - 11 16 - 12 16 - 13 16 -
14 16 - 15 16 +
"""
"""Alliances (+) and enmities (-) of sixteen highland tribes: Read (1954), as numbered by KONECT
(ucidata-gama)."""

TRIBES_BALANCED = 0.8676471
"""Share of balanced triangles that R's signnet prints for them (`balance_score`, triangles)."""

FOUR_OBSERVERS = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
FOUR_OBSERVERS_ALPHA = 0.743
"""Krippendorff (2011), section C: nominal data, four observers, twelve units, missing values."""

THREE_CODERS = {
    "A": ". . . . . 3 4 1 2 1 1 3 3 . 3",
    "B": "1 . 2 1 3 3 4 3 . . . . . . .",
    "C": ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
}
THREE_CODERS_ALPHA = 0.691
"""The computational example of the encyclopedia article on Krippendorff's alpha, nominal."""

COINCIDENCE_2019 = {"IL": 96, "AD": 47, "AU": 66, "AT": 49, "BE": 55, "CA": 66, "DK": 56, "FI": 51}
"""Percent coincidence with the United States' votes in the General Assembly in 2019, from the State
Department's table, reprinted by the Jewish Virtual Library; an abstention counts half."""
