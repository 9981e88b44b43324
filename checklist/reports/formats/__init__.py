"""One module for each format that a report can take."""
