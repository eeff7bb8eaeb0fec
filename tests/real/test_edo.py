"""A real talk on a real paper, built from the paper's own sources, which lie outside this repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PAPERS = Path(os.environ.get("PVC_PAPERS", ROOT.parent / "shared" / "papers"))
PAPER = PAPERS / "edo"
ENVIRON = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
JUSTIFIED = {"PVC0771"}
"""Short chapters: a note about what one video site wants, not about the talk."""

pytestmark = pytest.mark.skipif(
    not (PAPER / "arxiv" / "main.tex").is_file(), reason="the paper is not here: set PVC_PAPERS to the folder of papers"
)


def pvc(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pvc.cli.main", *arguments],
        cwd=folder,
        env={**ENVIRON, "PVC_CACHE_DIR": str(folder / ".cache")},
        capture_output=True,
        text=True,
        timeout=600,
    )


def copied(folder: Path) -> Path:
    """The talk beside a link to its paper."""
    for path in (ROOT / "tests" / "real" / "edo").iterdir():
        shutil.copy(path, folder)
    (folder / "paper").symlink_to(PAPER.resolve(), target_is_directory=True)
    return folder


def printed(path: Path, width: int, height: int) -> np.ndarray:
    """A figure as another renderer draws it, in grey, on white, scaled to a size."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(path)
    drawn = document[0].render(scale=4).to_pil().convert("L")
    return np.asarray(drawn.resize((width, height), Image.Resampling.BOX), float)


def frame_at(film: Path, number: int) -> np.ndarray:
    import av

    with av.open(str(film)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index == number:
                return frame.to_ndarray(format="gray").astype(float)
    raise AssertionError(f"the film has no frame {number}")


def likeness(frame: np.ndarray, figure: Path) -> float:
    """The best correlation of the figure with any place in the frame, over sizes that it may be shown at: lines are
    thin, so both are softened
    (by two pixels of the frame, of which every second is then looked at), and sizes are tried at first coarsely."""
    import pypdfium2
    from skimage.feature import match_template
    from skimage.filters import gaussian

    page = pypdfium2.PdfDocument(figure)[0]
    ratio = page.get_height() / page.get_width()
    soft = gaussian(frame, 2)[::2, ::2]

    def at(width: int) -> float:
        height = round(width * ratio)
        if not 0 < height < soft.shape[0] or width >= soft.shape[1]:
            return 0.0
        return float(match_template(soft, gaussian(printed(figure, width, height), 1)).max())

    coarse = max(range(soft.shape[1] // 2, soft.shape[1], 8), key=at)
    return max(at(width) for width in range(coarse - 6, coarse + 7, 2))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """The folder and what the build said, at draft size: the same work with fewer pixels."""
    folder = copied(tmp_path_factory.mktemp("edo"))
    done = pvc(folder, "build", "talk.vid", "--draft", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, json.loads(done.stdout)


def test_it_is_built_without_complaint_and_keeps_its_contract(built: tuple[Path, dict[str, object]]) -> None:
    folder, said = built
    diagnostics = said["diagnostics"]
    assert isinstance(diagnostics, list)
    assert [one for one in diagnostics if one["code"] not in JUSTIFIED] == []
    verified = pvc(folder, "verify", "talk.mp4", "--json")
    assert verified.returncode == 0, verified.stdout
    frames = json.loads((folder / "talk.json").read_text())["contract"]["frames"]
    assert 120 <= frames / 30 <= 240


def test_its_claims_are_checked(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    talk = folder / "talk.vid"
    text = talk.read_text()
    assert text.count("\n  claim ") >= 7
    quote = "The method was able to reveal some known results without prior knowledge"
    harmed = text.replace(f'from edo quote "{quote}"', 'from edo quote "the method never reveals anything"')
    assert harmed != text
    talk.write_text(harmed)
    done = pvc(folder, "check", "talk.vid", "--json")
    assert done.returncode == 1
    assert "PVC0603" in {one["code"] for one in json.loads(done.stdout)["diagnostics"]}


@pytest.mark.parametrize(
    ("scene", "figure", "other"), [("result", "Fig8a.pdf", "Fig10a.pdf"), ("silhouette", "Fig10a.pdf", "Fig8a.pdf")]
)
def test_a_figure_of_the_paper_is_on_screen(
    built: tuple[Path, dict[str, object]], scene: str, figure: str, other: str
) -> None:
    folder, _ = built
    scenes = json.loads((folder / "talk.json").read_text())["scenes"]
    (found,) = (one for one in scenes if one["id"] == scene)
    middle = frame_at(folder / "talk.mp4", found["start"] + found["frames"] // 2)
    assert likeness(middle, folder / "paper" / "img" / figure) > 0.9
    assert likeness(middle, folder / "paper" / "img" / other) < 0.7, "another figure of the same kind is told apart"


@pytest.mark.slow
def test_at_full_size(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert pvc(folder, "build", "talk.vid").returncode == 0
    assert pvc(folder, "verify", "talk.mp4").returncode == 0
