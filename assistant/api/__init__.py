"""The library for other programs over HTTP: an API of its own at /api, OpenAI's at /v1, and tools
for other assistants at /mcp.

None of them knows who asks: what stands before the page (`assistant.ui.guard`,
`assistant.ui.login`) stands before these, too.
"""
