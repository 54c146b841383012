"""The language server: the only package that knows the Language Server Protocol (and pygls).

`server` starts it, `session` is one connection with one client, `documents` keeps what is open, and
`convert` is the one file that turns our values into those of the protocol and back. Importing this
package costs nothing; pygls is imported when a server starts.
"""
