"""The page in the browser: Gradio Blocks, served on this machine alone."""
