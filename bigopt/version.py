"""The version, which stands here alone: ``setup.cfg`` reads it (the installed metadata would cost an e-mail parser)."""

VERSION = "0.1.0"
