"""Where the checkout is, and the day on which every test runs."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TODAY = "2026-11-24"
