"""The report as one page to click through: filters, sorting, every criterion explained. Everything is escaped by Jinja,
and the page has the frame and the policy of every other page."""

from __future__ import annotations

import base64

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.web_charts import charts, score_ruler
from checklist.reports.assessment.web_view import page_view
from checklist.reports.formats.html_page import FOLDER, html_page


def report(dossier: Dossier) -> bytes:
    environment = Environment(
        loader=FileSystemLoader(FOLDER, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode("ascii")
    view = page_view(dossier)
    pictures = [
        {"title": title, "caption": caption, "svg": Markup(svg)}
        for title, caption, svg in charts(dossier.assessment, dossier.earlier)
    ]
    ruler = Markup(score_ruler(dossier.assessment))
    body = environment.get_template("report.html").render(**view, charts=pictures, ruler=ruler)
    return html_page(f"{view['title']} {view['day']}", body, script="page.js")
