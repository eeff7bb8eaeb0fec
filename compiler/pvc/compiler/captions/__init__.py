"""Captions: the narration as cues that people can read while they listen. Pure: from a plan with times to text."""

from pvc.compiler.captions.cues import Cue, Limits, cues
from pvc.compiler.captions.formats import srt, vtt

__all__ = ["Cue", "Limits", "cues", "srt", "vtt"]
