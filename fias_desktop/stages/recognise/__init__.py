"""From windows to class probabilities, with what an explanation needs."""

from fias_desktop.stages.recognise.clips import PictureRing, clip_of
from fias_desktop.stages.recognise.network import NetworkRecogniser, Recogniser, load_recogniser
from fias_desktop.stages.recognise.runners import OnnxRunner, RawAnswer, Runner, TorchRunner
from fias_desktop.stages.recognise.scores import rejection_scores, sigmoid, softmax

__all__ = [
    "NetworkRecogniser",
    "OnnxRunner",
    "PictureRing",
    "RawAnswer",
    "Recogniser",
    "Runner",
    "TorchRunner",
    "clip_of",
    "load_recogniser",
    "rejection_scores",
    "sigmoid",
    "softmax",
]
