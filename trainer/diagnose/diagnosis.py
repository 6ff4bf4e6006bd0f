"""All that a diagnosis finds out about a finished run, on its validation windows: test windows are never looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fias_desktop.domain.errors import FiasError
from fias_desktop.domain.model_card import ModelSpec
from fias_desktop.domain.skeleton import Skeleton, skeleton
from fias_desktop.domain.types import Int64
from fias_desktop.models.res_tcn import ResTCN
from trainer.diagnose.confusions import ClassRecall, Pair, confused_pairs, recalls
from trainer.diagnose.joints import PAIRS, JointEvidence, evidence_of, propose
from trainer.diagnose.views import Likeness, likeness, same_moments
from trainer.judge.evaluate import load_model, look
from trainer.recipe import Recipe, read_recipe
from trainer.run import CACHE
from trainer.simulate.dataset import WindowSet, make_dataset
from trainer.train import RECIPE


@dataclass(frozen=True, eq=False)
class Subject:
    """A finished run to be diagnosed: its recipe, its card and its network."""

    run: Path
    recipe: Recipe
    spec: ModelSpec
    network: ResTCN

    @property
    def topology(self) -> Skeleton:
        """The joints of its windows."""
        return skeleton(self.spec.skeleton)

    def explained(self) -> ResTCN:
        """The network with what explains its answers, which costs a backward pass for each class."""
        network = ResTCN(replace(self.network.config, explained=True)).eval()
        network.load_state_dict(self.network.state_dict())
        return network


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What was found: `windows` of the validation split and what each was named (`predicted`, int64 (N,)), classes from
    the weakest on, pairs from the most confused on, the first pairs at every joint, the joints `proposed` for an
    attention stream, and how alike decoded sequences are from several sides."""

    subject: Subject
    windows: WindowSet
    predicted: Int64
    recalls: list[ClassRecall]
    pairs: list[Pair]
    evidence: list[JointEvidence]
    proposed: tuple[str, ...]
    likeness: list[Likeness]


def read_subject(run: Path) -> Subject:
    """The run in this folder; FiasError when it is not finished or not one Res-TCN that sees the joints themselves."""
    recipe = read_recipe(run / RECIPE)
    spec, network = load_model(run)
    if not isinstance(network, ResTCN):
        raise FiasError(
            f"The run in {run} is of {spec.network} with the streams {', '.join(spec.streams)}.",
            'Give a run of a recipe with network = "res_tcn" and the one stream "joint".',
        )
    return Subject(run, recipe, spec, network)


def diagnose(subject: Subject, windows: int | None, repetitions: int, cache: Path = CACHE) -> Diagnosis:
    """Look at the run's validation windows (or at another number of that split) and at some repetitions from all sides.

    FiasError when fewer than two classes of exercises come up.
    """
    spec, recipe, network = subject.spec, subject.recipe, subject.network
    held_out = make_dataset(windows or recipe.data.validation, recipe.data.seed, "validation", spec, cache)
    predicted = np.asarray(look(network, held_out.joints).logits.argmax(axis=1), np.int64)
    pairs = confused_pairs(spec.labels, held_out.label, predicted)
    if not pairs:
        raise FiasError("The validation windows show fewer than two classes.", "Ask for more with --windows.")
    evidence = evidence_of(subject.explained(), held_out, spec, pairs[:PAIRS])
    return Diagnosis(
        subject=subject,
        windows=held_out,
        predicted=predicted,
        recalls=recalls(spec.labels, held_out.label, predicted),
        pairs=pairs,
        evidence=evidence,
        proposed=propose(evidence, subject.topology),
        likeness=likeness(network, same_moments(spec, repetitions, recipe.data.seed), spec.coordinates),
    )
