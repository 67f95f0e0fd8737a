"""The version, which `make release` writes."""

__version__ = "0.1.0"
