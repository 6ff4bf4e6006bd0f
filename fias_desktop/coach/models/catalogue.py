"""The catalogue of language models to download, ours and a person's own. No entry without its size and hash."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from fias_desktop import resources

FILE_NAME = "catalogue.toml"
MAX_FILE_BYTES = 1 << 20


class CatalogueEntry(BaseModel):
    """One file to download. `memory_bytes` is an estimate for a context of 2048 tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")
    name: str = Field(min_length=1, max_length=120)
    # A plain file name: nothing that could lead out of the folder of models.
    file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.gguf$")
    url: str
    size_bytes: int = Field(ge=1, le=1 << 40)
    memory_bytes: int = Field(ge=1, le=1 << 41)
    licence: str = Field(min_length=1, max_length=120)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    languages: tuple[str, ...] = ()
    note: str = Field(default="", max_length=400)
    origin: Literal["bundled", "own"] = "bundled"

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
            raise ValueError("must be an https address without a name or password in it")
        return url

    @property
    def host(self) -> str:
        """Where it comes from."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True)
class Catalogue:
    """The entries, and what was wrong with others, in words."""

    entries: tuple[CatalogueEntry, ...] = ()
    problems: tuple[str, ...] = ()


def bundled_file() -> Path:
    """The catalogue that comes with the program."""
    return resources.coach_model().with_name(FILE_NAME)


def read(folder: Path) -> Catalogue:
    """Our catalogue and, where there is one, the person's own `catalogue.toml` in the folder of models.

    A damaged file or entry is left out and named in `problems`; an entry of ours cannot be replaced by another.
    """
    entries: dict[str, CatalogueEntry] = {}
    problems: list[str] = []
    for path, origin in ((bundled_file(), "bundled"), (folder / FILE_NAME, "own")):
        for number, row in enumerate(_rows(path, problems), start=1):
            try:
                entry = CatalogueEntry.model_validate({**row, "origin": origin})
            except ValidationError as error:
                problems.append(f"{path.name}, entry {number}: {_words(error)}.")
                continue
            if _taken(entry, entries):
                problems.append(f"{path.name}, entry {number}: {entry.id} or its file is there already.")
            else:
                entries[entry.id] = entry
    return Catalogue(tuple(entries.values()), tuple(problems))


def _taken(entry: CatalogueEntry, entries: dict[str, CatalogueEntry]) -> bool:
    # File systems of two of the three platforms do not tell capital letters from small ones.
    return entry.id in entries or entry.file.lower() in {other.file.lower() for other in entries.values()}


def _rows(path: Path, problems: list[str]) -> list[dict[str, Any]]:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            problems.append(f"{path.name} is too large.")
            return []
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("model", [])
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        problems.append(f"{path.name} cannot be read: {error}.")
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append(f"{path.name} has no [[model]] entries.")
        return []
    return rows


def _words(error: ValidationError) -> str:
    """The first fault of an entry: the field and what is wrong with it."""
    fault = error.errors()[0]
    field = ".".join(str(part) for part in fault["loc"]) or "entry"
    return f"{field}: {fault['msg']}"
