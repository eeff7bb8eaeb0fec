"""Formulas: TeX to elements with addressable parts."""
