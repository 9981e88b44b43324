"""The smallest ruleset that is whole: what ``rules new`` writes for whoever begins with an empty page.

One module, two criteria of the commonest kinds, everything that they name, and a case for each level and threshold.
"""

from __future__ import annotations

from typing import Final

BLANK: Final = {
    "ruleset.yaml": """\
id: {id}
title: 写上这套测评体系的名称
edition: 写上哪一年、哪份文件
disclaimer: 自查用，不是官方得分。
total_points: 10                      # 各模块加起来要正好一样多
not_applicable: leaves_both_sides     # 不适用的标准从得分和总分两边同时扣除
levels: {A: 100%, B: 66%, C: 33%}     # 从最好的一档往下写；一档都不到不得分
bands:
  - {name: 好, at_least: 80}
  - {name: 一般, at_least: 0}
modules:                              # 一个模块一个文件，分值和文件里各条加起来一样多
  - {id: ENV, title: 环境卫生, points: 10}
places: {road: 小区道路, office: 办公室资料}
costs:
  C0: {label: 不花钱, yuan: [0, 0]}
  C1: {label: 五千元以内, yuan: [0, 5000]}
""",
    "facts.yaml": """\
# 实测项：到现场量什么、问什么
dirty_spots:
  label: 卫生死角
  type: count
  unit: 处
  better: lower
  ask: 沿小区走一圈，有几处卫生死角？
  method: field_inspection
  place: road
  minutes: 20
  valid_for_days: 30
rota_posted:
  label: 保洁排班表上墙
  type: bool
  better: true
  ask: 保洁排班表贴出来了吗？
  method: materials_review
  place: office
  minutes: 5
  valid_for_days: 90
rota_signed:
  label: 排班表每天有人签字
  type: bool
  better: true
  ask: 排班表每天都有人签字吗？
  method: materials_review
  place: office
  minutes: 5
  valid_for_days: 90
""",
    "ENV.yaml": """\
- id: ENV-01
  title: 卫生死角
  requirement: 没有卫生死角
  methods: [field_inspection]
  points: 6
  measure: {fact: dirty_spots}
  at_most: {A: 0, B: 1, C: 3}
  owner: [物业]
  actions: [clear_dirty_spots]
  sources: [{id: X01, says: number, confidence: low}]
  phrases: {met: 没有卫生死角, unmet: "卫生死角 {dirty_spots} 处"}   # 汇报里怎么说

- id: ENV-02
  title: 保洁制度
  requirement: 保洁有排班，每天有人签字
  methods: [materials_review]
  points: 4
  met:                                # 全做到 A，差一条 B
    - {fact: rota_posted}
    - {fact: rota_signed}
  owner: [物业, 社区]
  actions: [keep_rota]
  sources: [{id: X01, says: existence, confidence: low}]
  phrases:
    met: 保洁有排班，每天签字
    unmet: [{rota_posted: 保洁排班表没有上墙}, {rota_signed: 排班表没有每天签字}]
""",
    "actions.yaml": """\
# 整改措施：做完以后实测项变成什么
clear_dirty_spots:
  {label: 清理卫生死角, sets: {dirty_spots: 0}, effort_days: 1, cost: C1, lead_days: 3, owner: [物业]}
keep_rota:
  label: 排班表上墙，每天签字
  sets: {rota_posted: true, rota_signed: true}
  effort_days: 0.5
  cost: C0
  lead_days: 1
  owner: [物业, 社区]
""",
    "sources.yaml": """\
X01: {title: 写上依据的文件, tag: L, trust: low}
""",
    "cases/ENV.yaml": """\
# 用例：给定实测值，应该评成什么。每一档一个，每条线的两边各一个，什么都没查的一个
- name: 没有死角
  given: {dirty_spots: 0}
  expect: {ENV-01: {level: A, points: 6}}
- name: 一处
  given: {dirty_spots: 1}
  expect: {ENV-01: {level: B, points: 3.96}}
- name: 两处
  given: {dirty_spots: 2}
  expect: {ENV-01: {level: C, points: 1.98}}
- name: 三处
  given: {dirty_spots: 3}
  expect: {ENV-01: {level: C}}
- name: 四处
  given: {dirty_spots: 4}
  expect: {ENV-01: {level: none}}
- name: 上墙，有签字
  given: {rota_posted: true, rota_signed: true}
  expect: {ENV-02: {level: A, points: 4}}
- name: 没有签字
  given: {rota_posted: true, rota_signed: false}
  expect: {ENV-02: {level: B, points: 2.64}}
- name: 没有上墙
  given: {rota_posted: false, rota_signed: true}
  expect: {ENV-02: {level: B}}
- name: 两样都没有
  given: {rota_posted: false, rota_signed: false}
  expect: {ENV-02: {level: none}}
- name: 什么都没查
  given: {}
  expect: {ENV-01: {outcome: unknown, points: [0, 6]}, ENV-02: {outcome: unknown, points: [0, 4]}}
""",
}
"""File → what stands in it, with ``{id}`` for the new id."""
