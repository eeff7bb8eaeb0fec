"""When everything happens: sentences, beats, actions and clips on the frame grid."""

from pvc.compiler.plan.duration import estimate
from pvc.compiler.plan.narration import split, utterances
from pvc.compiler.plan.timeline import Planned, plan
from pvc.compiler.plan.walk import Step, walk

__all__ = ["Planned", "Step", "estimate", "plan", "split", "utterances", "walk"]
