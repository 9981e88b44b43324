"""What can be proved of a ruleset without any community's record: pure, Ruleset (and cases) → Problems."""
