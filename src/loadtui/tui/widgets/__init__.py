"""Widgets that draw lines of text from values they are given."""
