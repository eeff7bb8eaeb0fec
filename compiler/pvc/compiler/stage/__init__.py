"""From a scene and its time plan to placed chunks: where visuals stand, how they move, where the time line is cut."""

from pvc.compiler.stage.chunks import identity
from pvc.compiler.stage.scene import Staged, lint_scene, settled, stage, still

__all__ = ["Staged", "identity", "lint_scene", "settled", "stage", "still"]
