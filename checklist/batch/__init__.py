"""Ruleset → column program over tables: the single engine's meaning, one array operation for thousands of rows."""
