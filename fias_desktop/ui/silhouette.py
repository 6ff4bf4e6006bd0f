"""The "stand here" outline shown before the first set, with what is still missing."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from fias_desktop.engine.view import BodyCheck, LiveView
from fias_desktop.ui import names
from fias_desktop.ui.translation import QT_TRANSLATE_NOOP

_GOOD, _WAITING = QColor("#45d19a"), QColor("#f4f7fb")


def _limb(path: QPainterPath, points: list[tuple[float, float]]) -> None:
    path.moveTo(*points[0])
    for a, b, c in zip(points[1::3], points[2::3], points[3::3], strict=True):
        path.cubicTo(QPointF(*a), QPointF(*b), QPointF(*c))


def outline() -> QPainterPath:
    """A standing person, 1 high, centred on x = 0, the crown at y = 0 and the soles at y = 1."""
    path = QPainterPath()
    path.addEllipse(QPointF(0.0, 0.068), 0.052, 0.068)
    half = [
        (0.028, 0.150), (0.045, 0.172), (0.105, 0.170), (0.128, 0.205),
        (0.150, 0.245), (0.162, 0.380), (0.172, 0.480), (0.176, 0.520), (0.140, 0.522), (0.138, 0.485),
        (0.130, 0.400), (0.120, 0.330), (0.104, 0.285), (0.100, 0.350), (0.100, 0.420), (0.106, 0.500),
        (0.116, 0.640), (0.112, 0.800), (0.104, 0.940), (0.106, 0.965), (0.128, 0.975), (0.128, 0.990),
        (0.128, 1.000), (0.050, 1.000), (0.050, 0.990), (0.048, 0.860), (0.040, 0.720), (0.014, 0.545),
        (0.008, 0.538), (0.004, 0.536), (0.000, 0.536),
    ]  # fmt: skip
    right = QPainterPath()
    _limb(right, half)
    left = QTransform.fromScale(-1, 1).map(right).toReversed()
    right.connectPath(left)
    right.closeSubpath()
    path.addPath(right)
    return path


def paint(painter: QPainter, picture: QRectF, ok: bool) -> None:
    """Draw the outline into the middle of the picture, dashed while waiting, green when the body is inside."""
    height = picture.height() * 0.77
    place = QTransform().translate(picture.center().x(), picture.top() + picture.height() * 0.06).scale(height, height)
    path = place.map(outline())
    colour = QColor(_GOOD if ok else _WAITING)
    fill = QColor(colour)
    fill.setAlpha(26)
    painter.fillPath(path, fill)
    colour.setAlpha(235)
    width = max(picture.height() / 200, 2.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(5, 8, 13, 70), width * 2.0))
    painter.drawPath(path)
    style = Qt.PenStyle.SolidLine if ok else Qt.PenStyle.DashLine
    painter.setPen(QPen(colour, width, style, Qt.PenCapStyle.RoundCap))
    painter.drawPath(path)


_KNOWN_ADVICE = (
    QT_TRANSLATE_NOOP("silhouette", "Stand in front of the camera."),
    QT_TRANSLATE_NOOP("silhouette", "Come closer to the camera."),
    QT_TRANSLATE_NOOP("silhouette", "Move to the middle of the picture."),
    QT_TRANSLATE_NOOP("silhouette", "Tilt the camera up a little or step back."),
    QT_TRANSLATE_NOOP("silhouette", "Tilt the camera down a little or step back."),
    QT_TRANSLATE_NOOP("silhouette", "Step back until the whole body is in the picture."),
    QT_TRANSLATE_NOOP("silhouette", "Make sure that nothing hides your body and that there is enough light."),
)
_PARTS = {
    "head": QT_TRANSLATE_NOOP("silhouette", "head"),
    "arms": QT_TRANSLATE_NOOP("silhouette", "arms"),
    "hips": QT_TRANSLATE_NOOP("silhouette", "hips"),
    "knees": QT_TRANSLATE_NOOP("silhouette", "knees"),
    "feet": QT_TRANSLATE_NOOP("silhouette", "feet"),
    "body": QT_TRANSLATE_NOOP("silhouette", "body"),
}


def hint(body: BodyCheck) -> str:
    """What to do, in words: what is missing and how to mend it."""
    if body.ok:
        return QCoreApplication.translate("silhouette", "Your whole body is in the picture. Start when you like.")
    advice = QCoreApplication.translate("silhouette", body.advice) if body.advice else ""
    if not body.missing or body.missing == ("body",):
        return advice or QCoreApplication.translate("silhouette", "Stand here, two to four metres from the camera.")
    parts = names.listed(*(QCoreApplication.translate("silhouette", _PARTS.get(part, part)) for part in body.missing))
    seen = QCoreApplication.translate("silhouette", "Not in the picture: {0}.").format(parts)
    return names.paragraph(seen, advice)


class StandHere:
    """When the outline is shown: before the first repetition, until the whole body was seen for `ENOUGH_S`."""

    ENOUGH_S = 3.0

    def __init__(self) -> None:
        self.offered = False
        self._good_since_s: float | None = None

    def begin(self, offered: bool) -> None:
        """Another source; `offered` where somebody stands before it now."""
        self.offered, self._good_since_s = offered, None

    def wanted(self, view: LiveView) -> bool:
        """Whether to show the outline and its hint on this picture."""
        if not self.offered or view.counted or view.last_repetition is not None:
            self.offered = False
            return False
        if not view.body.ok:
            self._good_since_s = None
            return True
        if self._good_since_s is None:
            self._good_since_s = view.frame.time_s
        return view.frame.time_s - self._good_since_s < self.ENOUGH_S
