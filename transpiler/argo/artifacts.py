"""Where Argo keeps artifacts (Argo's docs/fields.md)."""

from __future__ import annotations

from typing import Final

LOCATIONS: Final = ("s3", "gcs", "azure", "oss", "hdfs", "http", "git", "raw", "artifactory", "plugin")
"""Fields of an artifact, each of which says where its file is."""
