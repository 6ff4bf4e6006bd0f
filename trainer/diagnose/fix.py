"""`python -m trainer fix RUN --joints left_knee,right_knee`: train the refined network and compare it with the run.

MS-Res-TCN with these joints in its attention stream is trained with the run's data, budget and seed, in a folder of its
own beside the run, and both are judged on the run's test windows.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from fias_desktop.domain.errors import FiasError
from fias_desktop.models.registry import build
from fias_desktop.resources import read_card
from fias_desktop.stages.recognise import softmax
from trainer.diagnose.compare import COLUMNS, comparison
from trainer.diagnose.diagnosis import Subject, read_subject
from trainer.diagnose.refined_recipe import refined_recipe
from trainer.finish import PREDICTIONS, finish
from trainer.judge.evaluate import look
from trainer.learn.fit import CURVES, fit
from trainer.recipe import read_recipe
from trainer.run import CACHE, SPLITS, examples_of
from trainer.simulate.dataset import WindowSet, make_dataset
from trainer.tables.report import Report, write
from trainer.train import RECIPE, task_of

TABLE = "comparison"
_NOTES = (
    "Shares of windows (or repetitions) named right; intervals are 95 % bootstrap intervals over people, paired for the"
    " difference. Each network was trained once, with one seed: what another seed would give is not in the intervals.",
    "The refined network has about twice the weights. To see what its joints do and what its size, train it with other"
    " joints as well.",
)


def main(argv: Sequence[str]) -> int:
    """Train the refined network beside the run and write the comparison into its folder."""
    parser = argparse.ArgumentParser(prog="python -m trainer fix", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run of Res-TCN")
    parser.add_argument("--joints", required=True, help="for the attention stream: names with commas between them")
    parser.add_argument("--minutes", type=float, help="time limit instead of the run's own")
    parser.add_argument("--out", type=Path, help="the new run's folder (default: beside the run)")
    parser.add_argument("--resume", action="store_true", help="go on with the new run after an interruption")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where windows are kept")
    given = parser.parse_args(list(argv))
    joints = [name.strip() for name in given.joints.split(",") if name.strip()]
    print(f"The comparison is in {fix(given.run, joints, given.minutes, given.out, given.resume, given.cache)}")
    return 0


def fix(
    run: Path,
    joints: Sequence[str],
    minutes: float | None = None,
    out: Path | None = None,
    resume: bool = False,
    cache: Path = CACHE,
) -> Path:
    """Train, calibrate and judge the refined network in `out`; gives the path of the comparison (Markdown, with a CSV
    beside it). FiasError for a joint that the skeleton lacks, and rather than overwrite another run."""
    subject = read_subject(run)
    out = out or run.with_name(f"{run.name}-fix-{'-'.join(joints)}")
    if not resume:
        _new(out, refined_recipe(run, joints, minutes), subject, joints)
    recipe = read_recipe(out / RECIPE)
    data, seed = recipe.data, recipe.data.seed
    counts = (data.train, data.validation, data.validation)
    train, validation, test = (
        make_dataset(count, seed, split, recipe.spec, cache) for count, split in zip(counts, SPLITS, strict=True)
    )
    torch.manual_seed(recipe.optimisation.seed)
    examples = examples_of(train), examples_of(validation)
    network = fit(build(recipe.spec), *examples, task_of(recipe), recipe.optimisation, out, resume)
    finish(out, recipe, network, train, validation, test)
    command = f"python -m trainer fix {run} --joints {','.join(joints)}"
    return compare(subject, network, test, out, command + (f" --minutes {minutes:g}" if minutes is not None else ""))


def _new(out: Path, recipe: str, subject: Subject, joints: Sequence[str]) -> None:
    """A new run's folder with its recipe; nothing is made when a joint is not known."""
    known = subject.topology.joints
    unknown = [joint for joint in joints if joint not in known]
    if unknown or not joints:
        said = f"There is no joint {unknown[0]!r}." if unknown else "No joint was named."
        raise FiasError(said, f"Joints of this skeleton: {', '.join(known)}.")
    if out.exists():
        raise FiasError(f"The folder {out} is already there.", "Choose another --out, or --resume to go on with it.")
    out.mkdir(parents=True)
    (out / RECIPE).write_text(recipe, encoding="utf-8")


def compare(subject: Subject, network: nn.Module, test: WindowSet, out: Path, command: str) -> Path:
    """Write how the run and the refined network name the same test windows."""
    before, after = (
        softmax(look(each, test.joints).logits, spec.temperature)
        for each, spec in ((subject.network, subject.spec), (network, read_card(out)))
    )
    rows = comparison(subject.spec.labels, test, before, after)
    notes = (
        *_NOTES,
        *_of_other_windows(subject.run, test),
        _facts("Run", subject.run, subject.network),
        _facts("Refined", out, network),
    )
    title = f"{subject.spec.title}: the run and its refinement on {len(test)} test windows"
    write(Report(TABLE, title, command, notes, COLUMNS, rows), out)
    return out / f"{TABLE}.md"


def _of_other_windows(run: Path, test: WindowSet) -> tuple[str, ...]:
    """A note where the run kept answers to other test windows: its training windows were then others as well."""
    path = run / PREDICTIONS
    if not path.is_file():
        return ()
    with np.load(path, allow_pickle=False) as kept:
        same = all(np.array_equal(kept[name], getattr(test, name)) for name in ("label", "azimuth_deg"))
    return () if same else ("The run was trained on windows of another simulator or other data: train it again first.",)


def _facts(name: str, run: Path, network: nn.Module) -> str:
    """Size and budget of a run, in words."""
    weights = sum(values.numel() for values in network.parameters())
    with (run / CURVES).open(newline="", encoding="utf-8") as file:
        last = list(csv.DictReader(file))[-1]
    return f"{name}: {run}, {weights} weights, {last['epoch']} epochs in {float(last['minutes']):.1f} minutes."
