"""What an editor asks about a document: one short function a request.

`asked` does what all of them need: nothing for documents that are not ours, threads for long ones.
All are generators (see `handlers`), called through `features`, which imports a module of these when
the first request comes that it answers.
"""
