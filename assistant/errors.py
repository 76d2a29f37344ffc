"""Every error that a person can meet. Each message says what happened and what to do next.

    AssistantError          exit code 1
    ├── UsageError          exit code 2   the request itself cannot be carried out
    │   ├── QuestionError                 empty or too long
    │   └── SettingsError                 unknown key, value out of range
    ├── SourceError                       one file, address or text cannot be read as an article
    ├── ModelFileError                    a model file is missing, damaged or cannot be fetched
    ├── EngineError                       a model failed while it was at work
    ├── BusyError                         too many questions wait, or one has waited too long
    ├── StoreError                        the library's folder cannot be opened, read or written
    └── ServeError                        the page cannot be served (port in use)

    Stopped                               not an error: the person stopped what was running

Foreign errors are translated where they enter; the command line prints the message on one line.
"""

from __future__ import annotations


class AssistantError(Exception):
    exit_code = 1


class UsageError(AssistantError):
    exit_code = 2


class QuestionError(UsageError):
    pass


class SettingsError(UsageError):
    pass


class SourceError(AssistantError):
    pass


class ModelFileError(AssistantError):
    pass


class EngineError(AssistantError):
    pass


class BusyError(AssistantError):
    pass


class StoreError(AssistantError):
    pass


class ServeError(AssistantError):
    pass


class Stopped(Exception):
    """Raised inside long work after its stop event was set."""
