"""Every method of every model on the same windows, window by window."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from fias_desktop.domain.athlete import JOINTS_AT_FAULT
from fias_desktop.domain.exercises import LABELS, form_of, group_of
from fias_desktop.domain.skeleton import COCO17_FEET
from fias_desktop.domain.types import Bool, Float32, Float64, Int64, Window
from fias_desktop.stages.explain import without
from trainer.explain import figures
from trainer.explain.gradients import with_noise
from trainer.explain.maps import stream_heat
from trainer.explain.methods import AS_BUILT, Method, methods_of, plain
from trainer.explain.model import Model, load
from trainer.simulate.dataset import WindowSet

RANDOM_ORDERS = 5
NOISE = 0.01  # torso lengths
FAULTY_SAMPLES = 3
CHUNK, TIMED, TIMED_SLOW = 25, 5, 2


@dataclass(frozen=True, eq=False)
class Scores:
    """One method's figures, each float64 (n,) of n windows, NaN where it was not computed: pointing game and energy
    inside over joints and over places, pointing at joints of the class's `own` error alone, areas of `deletion`,
    `insertion` and of `random` orders, `stability` under noise and `agreement` of the streams."""

    point: Float64
    point_place: Float64
    own: Float64
    energy: Float64
    energy_place: Float64
    deletion: Float64
    insertion: Float64
    random: Float64
    stability: Float64
    agreement: Float64

    def of(self, rows: Bool) -> Scores:
        """The figures of these windows."""
        return Scores(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class Cases:
    """Windows to explain: `joints` (n, T, V, C), the class `target` (n,), `fault` and `own` bool (n, T, V), what is at
    fault and what of it by the class's own error; `checked` bool (n,): with deletion, insertion and stability;
    `costly` bool (n,): with the slow methods as well."""

    joints: Float32
    target: Int64
    fault: Bool
    own: Bool
    checked: Bool
    costly: Bool

    def of(self, rows: Int64 | Bool) -> Cases:
        """Some of the windows."""
        return Cases(*(getattr(self, field.name)[rows] for field in fields(self)))

    @property
    def known(self) -> Bool:
        """Which places are known, (n, T, V)."""
        return np.asarray(self.joints.any(axis=-1))


@dataclass(frozen=True)
class Entry:
    """A model that takes part, by its folder; `bar`: only with the plain Grad-CAM that others are held against."""

    folder: Path
    bar: bool = False

    def methods(self, model: Model) -> tuple[Method, ...]:
        """The methods that are judged on it."""
        return plain(model) if self.bar else methods_of(model)


def at_fault(windows: WindowSet) -> Bool:
    """Windows of an error class with joints at fault in at least `FAULTY_SAMPLES` samples, bool (N,)."""
    wrong = np.array([form_of(label) not in ("correct", "unknown") for label in LABELS])
    return np.asarray(wrong[windows.label] & (windows.fault.any(axis=2).sum(axis=1) >= FAULTY_SAMPLES))


def own_fault(windows: WindowSet) -> Bool:
    """The joints at fault (N, T, V) without those of a second error in the same repetition."""
    own = np.zeros((len(LABELS), COCO17_FEET.num_joints), np.bool_)
    for k, label in enumerate(LABELS):
        names = JOINTS_AT_FAULT.get((group_of(label), form_of(label)), ())
        own[k, COCO17_FEET.indices(*names)] = True
    return np.asarray(windows.fault & own[windows.label][:, None])


def judge(entry: Entry, cases: Cases, workers: int = 1) -> list[Scores]:
    """The figures of all methods of a model on n windows, in the order of its methods."""
    rows = np.array_split(np.arange(len(cases.target)), -(-len(cases.target) // CHUNK))
    jobs = [(entry, cases.of(part)) for part in rows]
    if workers <= 1:
        parts = [_run(job) for job in jobs]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_run, jobs))
    return [_joined(each) for each in zip(*parts, strict=True)]


def milliseconds(model: Model, methods: Sequence[Method], cases: Cases) -> list[float]:
    """The median time of one window's map for each method, from joints to heat, of one thread: processor time, so that
    other programs on the machine count less."""
    found = []
    for method in methods:
        times = []
        for i in range(min(TIMED_SLOW if method.costly else TIMED, len(cases.target))):
            started = time.process_time()
            method.heat(model, cases.joints[i : i + 1], cases.target[i : i + 1])
            times.append(1000 * (time.process_time() - started))
        found.append(float(np.median(times)))
    return found


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> Model:
    torch.set_num_threads(1)
    return load(folder)


def _run(job: tuple[Entry, Cases]) -> list[Scores]:
    entry, cases = job
    model = _loaded(entry.folder)
    return scores_of(model, entry.methods(model), cases)


def _joined(parts: Sequence[Scores]) -> Scores:
    return Scores(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Scores)))


def scores_of(model: Model, methods: Sequence[Method], cases: Cases) -> list[Scores]:
    """The figures of some methods on windows, in one go."""
    heats = [_heat(model, method, cases, cases.joints) for method in methods]
    deletion, insertion, random = checks(model, cases, heats)
    # The same noise for every method.
    shaken = with_noise(model, cases.joints, NOISE, np.random.default_rng(0))
    streams = np.full(len(cases.target), np.nan)
    if len(model.spec.streams) > 1:
        streams = figures.agreement(stream_heat(model, cases.joints, cases.target), cases.known)
    found = []
    for i, (method, heat) in enumerate(zip(methods, heats, strict=True)):
        run = cases.costly | (not method.costly)
        nan = np.where(run, 0.0, np.nan)
        found.append(
            Scores(
                point=figures.point_joints(heat, cases.fault) + nan,
                point_place=figures.point_places(heat, cases.fault) + nan,
                own=figures.point_joints(heat, cases.own) + nan,
                energy=figures.energy_joints(heat, cases.fault) + nan,
                energy_place=figures.energy_places(heat, cases.fault) + nan,
                deletion=deletion[i],
                insertion=insertion[i],
                random=random,
                stability=_stability(model, method, cases, heat, shaken),
                agreement=streams if method.name == AS_BUILT else np.full(len(streams), np.nan),
            )
        )
    return found


def _heat(model: Model, method: Method, cases: Cases, joints: Float32) -> Float32:
    """The heat (n, T, V) of the windows the method is run on, 0 on the others."""
    heat = np.zeros(joints.shape[:3], np.float32)
    rows = np.flatnonzero(cases.costly | (not method.costly))
    if len(rows):
        heat[rows] = method.heat(model, joints[rows], cases.target[rows])
    return heat


def _stability(model: Model, method: Method, cases: Cases, heat: Float32, shaken: Float32) -> Float64:
    found, rows = np.full(len(cases.target), np.nan), np.flatnonzero(cases.checked)
    if len(rows):
        other = method.heat(model, shaken[rows], cases.target[rows])
        found[rows] = figures.similarity(heat[rows], other, cases.known[rows])
    return found


def checks(model: Model, cases: Cases, heats: Sequence[Float32]) -> tuple[Float64, Float64, Float64]:
    """Areas of deletion and insertion (M, n) for M methods' heat, and of random orders (n,); NaN where not checked.

    Hiding joints in a random order and showing them in one is the same on average, so the control is the mean of both
    over `RANDOM_ORDERS` orders.
    """
    count = len(cases.target)
    deletion, insertion = (np.full((len(heats), count), np.nan) for _ in range(2))
    random = np.full(count, np.nan)
    for i in np.flatnonzero(cases.checked):
        known, rng = cases.known[i], np.random.default_rng(abs(int(1e6 * float(cases.joints[i].sum(dtype=np.float64)))))
        joints = np.flatnonzero(known.any(axis=0))
        orders = [figures.hottest_first(heat[i], known) for heat in heats]
        orders += [rng.permutation(joints) for _ in range(RANDOM_ORDERS)]
        hide = _Hiding(model, cases.joints[i], known, int(cases.target[i]))
        below, shown = figures.areas(hide, np.stack(orders), known.shape[1])
        deletion[:, i], insertion[:, i] = below[: len(heats)], shown[: len(heats)]
        random[i] = np.concatenate([below[len(heats) :], shown[len(heats) :]]).mean()
    return deletion, insertion, random


class _Hiding:
    """The probability of a class when joints are hidden as the program hides them."""

    def __init__(self, model: Model, joints: Float32, known: Bool, target: int) -> None:
        times = np.arange(len(joints)) / model.spec.rate_hz
        self._model, self._target = model, target
        self._window = Window(joints, known, times, np.arange(len(joints)))

    def __call__(self, hidden: Bool) -> Float64:
        """(R, V) -> (R,)."""
        windows = [without(self._window, np.flatnonzero(row)) for row in hidden]
        return np.asarray(self._model.probs(windows)[:, self._target], np.float64)
