"""Keeping a community's facts: the one way that answers get into files, whoever asks for it (Excel, phone, survey).

A community folder::

    桃李社区/
        community.yaml      who it is, which ruleset and tier          folder.py
        2026-11-20.yaml     a dated state (现状记录); the newest counts
        2026-11-24.yaml
        journal.jsonl       every answer ever saved, hash-chained      chain.py
        evidence/           佐证材料 by content, with its own ledger    evidence.py
        .history/           what undo restores                         history.py
        .lock               keeps two writers apart                    lock.py

A record's text is written in ``records/``; ``site_register`` adds, renames and closes the sites in it.

A ledger that a whole office shares lies anywhere, and is kept the same way (``ledgers.py``): a lock, a journal and a
history beside it.

The whole of saving an answer::

    folder = open_folder(Path("桃李社区"))
    saved = save(folder, [Reading("potholes", 3, on=today, by="张三", note="南门内")], day=today, at=now, what="手机填报")
    saved.of("conflict")        # answers that were not written, each with the record it disagrees with

``save`` returns only when the answers are on disk. Saving the same answer twice is harmless (it is ``same``).
"""
