"""The phone form (手机填报): one community folder served to phones on the office network, for ``checklist serve``.

::

    link.py       the random link of a folder: who has it may fill in
    app.py        routes, and what each refuses
    guard.py      headers on every answer, limits on every request
    connections.py  limits on every connection, so that idle ones lock nobody out
    desk.py       takes batches of answers, each once, and puts them into the record
    answers.py    one answer from a phone → a Reading, or why not
    received.py   which answers were already taken
    pictures.py   a photo made harmless: small, re-encoded, without its position unless asked
    board.py      what the page shows: questions in walking order, what is recorded, the score interval
    qr.py         the link as a QR code for a terminal
    static/       the page: a queue in the phone's own storage, sent when there is a network
"""
