"""An answer with its label (labeled-response). Rule: exactly one thing carries the label: the one message, the batch
that the answer is, a batch around several, or ACK where there is nothing.
"""

from __future__ import annotations


def labeled(lines: list[bytes], label: str, reference: str, server: str) -> bytes:
    """The lines (each with its CR LF) of an answer, under the label that its command had."""
    if not lines:
        return f"@label={label} :{server} ACK\r\n".encode()
    if len(lines) == 1 or _is_one_batch(lines):
        return tagged(lines[0], f"label={label}") + b"".join(lines[1:])
    opening = f"@label={label} :{server} BATCH +{reference} labeled-response\r\n".encode()
    closing = f":{server} BATCH -{reference}\r\n".encode()
    inside = [line if _in_batch(line) else tagged(line, f"batch={reference}") for line in lines]
    return b"".join([opening, *inside, closing])


def tagged(line: bytes, tag: str) -> bytes:
    """The line with one more tag."""
    if line[:1] == b"@":
        return b"@" + tag.encode() + b";" + line[1:]
    return b"@" + tag.encode() + b" " + line


def split_lines(data: bytes) -> list[bytes]:
    """What was rendered, line by line."""
    return data.splitlines(keepends=True)


def _in_batch(line: bytes) -> bool:
    if line[:1] != b"@":
        return False
    section = line[1:].partition(b" ")[0]
    return any(tag.startswith(b"batch=") for tag in section.split(b";"))


def _is_one_batch(lines: list[bytes]) -> bool:
    """Whether the first opens a batch and the last closes it."""
    first, last = _words(lines[0]), _words(lines[-1])
    return (
        len(first) > 2
        and first[1] == last[1] == b"BATCH"
        and first[2][:1] == b"+"
        and last[2][:1] == b"-"
        and first[2][1:] == last[2][1:]
    )


def _words(line: bytes) -> list[bytes]:
    """Source, command and parameters, without tags."""
    if line[:1] == b"@":
        line = line.partition(b" ")[2]
    return line.split()
