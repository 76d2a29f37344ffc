"""From a file or a pasted text to a clean Article.

`files` is the door; `decoding` turns bytes into text, `html` and `markdown` take a form apart, and
`clean` makes every text alike: `noise` tells what goes, `credits` and `dates` what lines say of it.
"""
