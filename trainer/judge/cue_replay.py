"""The program on a watched workout, picture by picture in the stream's own time: which cues it gives and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fias_desktop.domain.exercises import ERROR_LABELS, LABELS, ExerciseRule
from fias_desktop.domain.types import Prediction, Recognition
from fias_desktop.engine.ledger import Ledger
from fias_desktop.engine.pipeline import Reasoned, timeline_sample
from fias_desktop.engine.view import Cue, Event
from fias_desktop.stages.decide import Decider
from fias_desktop.stages.recognise import rejection_scores
from trainer.judge.cue_streams import Watched

# From a picture to its pose on a processor (docs/results/bench.json); a window is answered by the next picture.
POSE_S = 0.045


@dataclass(frozen=True)
class Given:
    """One cue: `shown_s` when it is on the screen, its error `code` (`correct`: praise), its text and whether the
    network alone saw the error."""

    shown_s: float
    code: str
    text: str
    network: bool


def replay(watched: Watched, rules: tuple[ExerciseRule, ...], threshold: float, network: bool = True) -> list[Given]:
    """Every cue of a workout. `threshold` is the model's for unknown movement; without `network` the body's movement
    alone is judged."""
    return [
        Given(shown_s, each.advice.code, each.advice.text, each.advice.evidence[0].rule_id.startswith("recognised"))
        for shown_s, each in events(watched, rules, threshold, network)
        if isinstance(each, Cue)
    ]


def events(
    watched: Watched, rules: tuple[ExerciseRule, ...], threshold: float, network: bool = True
) -> Iterator[tuple[float, Event]]:
    """Every event of the ledger with the time at which it is shown: the newest picture is looked at whenever the pose
    of the one before is done, and what a window says is known with the picture after it."""
    ledger, measurements = Ledger(rules), watched.measurements()
    said = _said(watched, threshold) if network else []
    asked = done_s = 0
    i, shown_s = 0, 0.0
    while i < len(measurements):
        now_s = measurements[i].time_s
        shown_s = max(shown_s, now_s) + POSE_S
        for reasoned in said[int(done_s) : asked]:
            yield from ((shown_s, event) for event in ledger.reasoned(reasoned))
        done_s = asked
        yield from ((shown_s, event) for event in ledger.measured(measurements[i]))
        while asked < len(said) and said[asked].sample.time_s <= now_s + 1e-6:
            asked += 1
        newest = int(np.searchsorted(watched.time_s, shown_s, side="right")) - 1
        i = max(i + 1, newest)
    yield from ((shown_s, event) for event in ledger.finish())


def _said(watched: Watched, threshold: float) -> list[Reasoned]:
    """What the reasoner would have said of every window, without its explanation."""
    decider, found = Decider(LABELS), []
    scores = rejection_scores(LABELS, watched.probs)
    nothing = np.zeros((len(LABELS), 0), np.float32)
    for i, time_s in enumerate(watched.ask_s.tolist()):
        if not watched.seen[i]:
            found.append(Reasoned(timeline_sample(decider.missed(time_s), None, time_s)))
            continue
        known = bool(scores[i] <= threshold)
        prediction = Prediction(
            "", LABELS, watched.probs[i], (time_s, time_s), known, float(scores[i]), watched.errors[i],
            error_labels=ERROR_LABELS,
        )  # fmt: skip
        recognition = Recognition(prediction, (), nothing)
        decided = decider.update(time_s, watched.probs[i], known)
        found.append(Reasoned(timeline_sample(decided, recognition, time_s), recognition=recognition))
    return found
