"""An assessment as JUnit XML for pipelines: a suite for each module, a test case for each criterion.

Met passes; partly and unmet fail (an open flag is an error); unknown and not applicable are skipped, each saying so.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from checklist.model.numbers import exact_points
from checklist.model.results.assessment import Assessment, Finding, ModuleResult
from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_lists import facts_text
from checklist.reports.document.document import one_line
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.labels import FLAG, OUTCOME
from checklist.reports.language.phrases import levels_text


def report(dossier: Dossier) -> bytes:
    assessment = dossier.assessment
    root = ET.Element("testsuites", name=one_line(community_name(assessment)))
    for module in assessment.modules:
        _suite(root, assessment, module)
    _totals(root, list(root))
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _suite(root: ET.Element, assessment: Assessment, result: ModuleResult) -> None:
    module = result.module
    suite = ET.SubElement(
        root,
        "testsuite",
        name=one_line(f"{module.id} {module.title}"),
        timestamp=f"{assessment.as_of.isoformat()}T00:00:00",
    )
    for finding in assessment.findings:
        if finding.criterion.module == module.id:
            _case(suite, assessment, finding)
    tags = [child.tag for case in suite for child in case]
    suite.set("tests", str(len(suite)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(tags.count(tag)))


def _case(suite: ET.Element, assessment: Assessment, finding: Finding) -> None:
    criterion = finding.criterion
    name = one_line(f"{criterion.id} {criterion.title}")
    classname = f"{assessment.ruleset.id}.{assessment.state.community.id}.{criterion.module}"
    case = ET.SubElement(suite, "testcase", name=name, classname=one_line(classname), time="0")
    said = OUTCOME[finding.outcome]
    if finding.outcome == "not_applicable":
        ET.SubElement(case, "skipped", message=one_line(f"{said}：{finding.reason or '实测项表明不适用'}"))
        return
    points = f"{exact_points(finding.low)}–{exact_points(finding.high)}/{exact_points(criterion.points)}"
    message = one_line(f"{said}，{levels_text(finding.worst, finding.best)}，{points}")
    if criterion.flag and finding.flag == "open":
        child = ET.SubElement(
            case, "error", type=criterion.flag.kind, message=f"{FLAG[criterion.flag.kind]}，{message}"
        )
    elif finding.outcome == "unknown":
        child = ET.SubElement(case, "skipped", message=message)
    elif finding.outcome == "met":
        return
    else:
        child = ET.SubElement(case, "failure", type=finding.outcome, message=message)
    child.text = one_line(f"{criterion.requirement}。{facts_text(assessment, finding)}")


def _totals(root: ET.Element, suites: Sequence[ET.Element]) -> None:
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
