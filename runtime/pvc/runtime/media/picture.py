"""The picture's format as the media part sees it, and the one x264 setting that every segment shares.

Invariant: whatever changes the bytes of a segment besides its frames is in `Picture`, in the constants here, or in
`coder_identity`; segments made under equal values of these can be joined by copying their packets.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from pvc.runtime.errors import MediaError

PRESET = "veryfast"
COMMON = (
    # One closed GOP: a key frame first and never again; every other frame refers to frames before it only, so that a
    # segment may be cut after any of its frames. On the motion of slides B-frames save 0-20 % of the bytes, cost a
    # fifth of the speed and would forbid exactly that.
    "open-gop=0:keyint=infinite:scenecut=0:bframes=0",
    # The same parameter sets whatever the content; no time stamps of x264's own; NAL units with lengths, as MP4 wants.
    "stitchable=1:force-cfr=1:annexb=0:repeat-headers=0",
    # No prediction weights in slice headers: a skipped frame's slice then fits behind any frame.
    "weightp=0",
    # A diamond search and subme 1: a quarter faster on drawn motion for 0-10 % of the bytes.
    "me=dia:subme=1",
    # Slides are flat and often dark: bits go to dark flats and to chroma, or their tints shift from piece to piece. A
    # quarter more bytes for 3 dB in letters and flats and half the difference where a still follows a moving segment.
    "aq-mode=3:aq-strength=0.7:chroma-qp-offset=-6",
    # Small differences count in slow fades of flats: 1.5 dB for 4 % of the bytes, and no blotches are left behind.
    "no-dct-decimate=1:deadzone-inter=11",
    "threads=1:lookahead-threads=1:sliced-threads=0",
    # Without looking ahead: with it, 42 of 2,500 segments came out a byte longer or shorter from the same pictures
    # (they decode alike), depending on what the process had in memory before; without it none of 11,500 did. Equal
    # pictures must give equal bytes.
    "mbtree=0:rc-lookahead=0",
)
CRF_MOVING = 22
"""Without looking ahead, 22 gives a little more than 19 gave with it: 46 dB in letters, 39 in the worst picture of the
example talks, for 16 % more bytes and a tenth less time."""
CRF_STILL = 14
"""A lone key frame has nothing before it to lean on; these steps bring it to the quality that the last frames of moving
segments have (within 4 dB), so that nothing pops where one follows the other."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels and pace of a video: even ``width`` and ``height`` in pixels, ``fps`` exact. Raises MediaError."""

    width: int
    height: int
    fps: Fraction

    def __post_init__(self) -> None:
        if self.width % 2 or self.height % 2 or not (16 <= self.width <= 8192 and 16 <= self.height <= 8192):
            raise MediaError(
                "PVC0850",
                f"a video cannot be {self.width}x{self.height} pixels",
                "width and height are even numbers from 16 to 8192",
            )
        if not Fraction(1) <= self.fps <= Fraction(240):
            raise MediaError("PVC0850", f"a video cannot have {self.fps} frames per second", "use 24 to 60")


def x264_parameters(still: bool) -> str:
    """The encoder's settings for a lone picture or for motion; only the quality differs, never a header."""
    return ":".join((*COMMON, f"crf={CRF_STILL if still else CRF_MOVING}"))


@cache
def arithmetic() -> tuple[str, str]:
    """Which library does the transforms behind every sound: another one may round other last bits."""
    from importlib.metadata import version

    return ("numpy", version("numpy"))


@cache
def coder_identity() -> tuple[tuple[str, str], ...]:
    """What of the installed codecs changes encoded bytes: PyAV's version and the digest of its list of installed files,
    which holds a hash of every bundled library (x264, FFmpeg). Read from its metadata: PyAV itself is not imported.
    Raises MediaError where PyAV is not installed."""
    from importlib.metadata import PackageNotFoundError, distribution

    from pvc.compiler.digest import digest_bytes

    try:
        installed = distribution("av")
    except PackageNotFoundError:
        raise MediaError("PVC0857", "PyAV (the package `av`) is not installed", "run: pip install av") from None
    record = installed.read_text("RECORD") or ""
    libraries = sorted(line for line in record.splitlines() if not line.startswith(("../", "av/")) or ".so" in line)
    return (
        ("av", installed.version),
        ("av libraries", digest_bytes("\n".join(libraries).encode())),
        ("x264", f"{PRESET} {x264_parameters(False)} still crf={CRF_STILL}"),
    )
