"""The files of a zip, each with a path that can be trusted and sizes within the caps."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from bot.clips.vault.kept import opened
from bot.studio.archive.directory import extra_kinds, raw_name, read_directory
from bot.studio.archive.ending import read_ending
from bot.studio.archive.entry import Entry
from bot.studio.archive.limits import FREE_OF_RATIO, MAX_RATIO, MAX_RATIO_OF_ALL, MAX_UPLOAD_BYTES
from bot.studio.archive.path import read_path, refuse_twins
from bot.studio.archive.refusal import AGAIN, refusal, shown
from bot.studio.archive.span import read_starts

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_PATCH = 0x20
_ZIP64 = 0x0001
_REPARSE_POINT = 0x400
_NESTED = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".jar")
_SLACK = 1024
"""Bytes that an entry may take beyond twice what it unpacks to: whatever takes more is there to cost time."""


def read_archive(content: Path | bytes, upload: str) -> tuple[Entry, ...]:
    """The files in a zip, in its order, none unpacked; `upload` names it in errors. Raises `StoryError`, `OSError`."""
    with opened(content) as file:
        size = file.seek(0, 2)
        if size > MAX_UPLOAD_BYTES:
            raise _too_large(upload)
        ending = read_ending(file, size, upload)
        infos = read_directory(file, ending, upload)
        paths = _paths(infos, upload)
        _refuse_bombs(infos, upload)
        starts = read_starts(file, infos, ending.start, upload)
    return tuple(
        Entry(upload, content, path, one.compress_type, start, one.compress_size, one.file_size, one.CRC)
        for one, path, start in zip(infos, paths, starts, strict=True)
        if not path.endswith("/")
    )


def _paths(infos: list[ZipInfo], upload: str) -> list[str]:
    """The path of each entry, once it is known to be a plain file or folder that is packed as stories are."""
    paths = [read_path(raw_name(info), upload) for info in infos]
    for info, path in zip(infos, paths, strict=True):
        for code, fault in _faults(info, path):
            raise refusal(upload, code, f'the entry "{shown(path)}" {fault}')
    refuse_twins(paths, upload)
    return paths


def _faults(info: ZipInfo, path: str) -> Iterator[tuple[str, str]]:
    """What is wrong with an entry: a code, and a sentence with what to do."""
    yield from _faults_of_kind(info, path)
    yield from _faults_of_packing(info)
    yield from _faults_of_size(info)


def _faults_of_kind(info: ZipInfo, path: str) -> Iterator[tuple[str, str]]:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or info.external_attr & _REPARSE_POINT:
        yield "STORY098", "is a link or a device; put the file itself in its place"
    if path.lower().endswith(_NESTED):
        yield "STORY098", "is an archive in the archive; leave it out, or unpack it first"
    is_folder = path.endswith("/")
    if (kind and is_folder is not (kind == stat.S_IFDIR)) or (is_folder and info.file_size):
        yield "STORY095", f"is a file and a folder at once; {AGAIN}"


def _faults_of_packing(info: ZipInfo) -> Iterator[tuple[str, str]]:
    if info.flag_bits & _ENCRYPTED:
        yield "STORY099", f"is encrypted; {AGAIN} without a password"
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & _PATCH:
        yield "STORY099", f"is packed in a way that is not known here; {AGAIN} as an ordinary zip"
    if info.volume or _ZIP64 in extra_kinds(info):
        yield "STORY099", f"needs zip64 or several parts, which stories do without; {AGAIN} as an ordinary zip"


def _faults_of_size(info: ZipInfo) -> Iterator[tuple[str, str]]:
    if info.file_size > FREE_OF_RATIO and info.file_size > MAX_RATIO * info.compress_size:
        yield "STORY094", f"unpacks to more than {MAX_RATIO} times what it takes in the zip; leave it out"
    if info.compress_type == ZIP_STORED and info.compress_size != info.file_size:
        yield "STORY095", f"is not packed and has two sizes; {AGAIN}"
    if info.compress_size > 2 * info.file_size + _SLACK:
        yield "STORY095", f"takes far more in the zip than it unpacks to; {AGAIN}"


def _refuse_bombs(infos: list[ZipInfo], upload: str) -> None:
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > MAX_UPLOAD_BYTES:
        raise _too_large(upload)
    if unpacked > FREE_OF_RATIO and unpacked > MAX_RATIO_OF_ALL * packed:
        message = f"unpacks to more than {MAX_RATIO_OF_ALL} times its size; leave out what is no part of the story"
        raise refusal(upload, "STORY094", message)


def _too_large(upload: str) -> Exception:
    most = MAX_UPLOAD_BYTES // 1024 // 1024
    return refusal(upload, "STORY094", f"is over {most} MiB, as sent or unpacked; make the clips smaller, or link them")
