"""Saved questions, and the answer to who says so."""
