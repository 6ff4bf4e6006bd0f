"""Puts the newest picture together: the frame with its own pose, the newest heat, the counters and the speeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fias_desktop.engine.board import Board, TimedFrame
from fias_desktop.engine.ledger import Ledger
from fias_desktop.engine.meter import MedianMeter, RateMeter
from fias_desktop.engine.pipeline import Perceived, Reasoned
from fias_desktop.engine.view import BodyCheck, Devices, LiveView, Rates
from fias_desktop.stages.measure import view_advice


class Picture:
    """Builds `LiveView`s and measures how fast they come. One thread owns it."""

    def __init__(self, board: Board, devices: Callable[[], Devices]) -> None:
        self._board = board
        self._devices = devices
        self._seen = RateMeter()
        self._pose_ms = MedianMeter()
        self._network_ms = MedianMeter()
        self._lag_ms = MedianMeter()

    def note(self, reasoned: Reasoned) -> None:
        """Take the network's time of one window."""
        if reasoned.recognition is not None:
            self._network_ms.add(reasoned.network_ms)

    def publish(self, timed: TimedFrame, seen: Perceived, ledger: Ledger, newest: Reasoned | None) -> None:
        """Make the picture of this frame the newest view."""
        now_s = self._board.clock.now_s()
        self._seen.tick(now_s)
        self._pose_ms.add(seen.pose_ms)
        self._lag_ms.add((now_s - timed.available_s) * 1000)
        # The heat belongs to a person: none is drawn where nobody is seen.
        shown = newest if seen.pose is not None else None
        self._board.publish(
            LiveView(
                frame=seen.frame,
                pose=seen.pose,
                others=seen.others,
                measurement=seen.measurement,
                recognition=shown.recognition if shown else None,
                saliency=shown.saliency if shown else None,
                joint_heat=shown.joint_heat if shown else (),
                sample=shown.sample if shown else None,
                body=self._advised(seen, ledger),
                exercise=ledger.exercise,
                counted=ledger.counted,
                last_repetition=ledger.last_repetition,
                devices=self._devices(),
                rates=self._rates(seen, shown),
                available_s=timed.available_s,
                playing=self._board.playing,
            )
        )

    def _advised(self, seen: Perceived, ledger: Ledger) -> BodyCheck:
        """The body check; when all is well, how to turn so that more of the exercise's rules can be judged."""
        rule = ledger.rule
        if not seen.body.ok or seen.body.advice or rule is None or seen.measurement is None:
            return seen.body
        return replace(seen.body, advice=view_advice(rule, seen.measurement.view_deg))

    def _rates(self, seen: Perceived, newest: Reasoned | None) -> Rates:
        age_s = seen.frame.time_s - newest.sample.time_s if newest is not None else 0.0
        return Rates(
            source_fps=self._board.captured.per_s,
            pose_fps=self._seen.per_s,
            pose_ms=self._pose_ms.value,
            network_ms=self._network_ms.value,
            lag_ms=self._lag_ms.value,
            heat_age_ms=max(age_s, 0.0) * 1000,
        )
