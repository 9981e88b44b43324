"""checklist: how one community stands against the national civilized-city criteria."""
