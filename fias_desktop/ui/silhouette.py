"""The "stand here" outline shown before the first set, with what is still missing."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from fias_desktop.engine.view import BodyCheck

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
    path.addPath(right)
    path.addPath(QTransform.fromScale(-1, 1).map(right))
    return path


def paint(painter: QPainter, picture: QRectF, ok: bool) -> None:
    """Draw the outline into the middle of the picture, dashed while waiting, green when the body is inside."""
    height = picture.height() * 0.84
    place = QTransform().translate(picture.center().x(), picture.top() + picture.height() * 0.09).scale(height, height)
    path = place.map(outline())
    colour = QColor(_GOOD if ok else _WAITING)
    fill = QColor(colour)
    fill.setAlpha(22)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.fillPath(path, fill)
    colour.setAlpha(220 if ok else 170)
    width = max(picture.height() / 220, 1.5)
    painter.setPen(QPen(QColor(0, 0, 0, 120), width * 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPath(path)
    style = Qt.PenStyle.SolidLine if ok else Qt.PenStyle.DashLine
    painter.setPen(QPen(colour, width, style, Qt.PenCapStyle.RoundCap))
    painter.drawPath(path)


def hint(body: BodyCheck) -> str:
    """What to do, in words: what is missing and how to mend it."""
    if body.ok:
        return QCoreApplication.translate("silhouette", "Your whole body is in the picture. Start when you like.")
    if body.missing:
        missing = ", ".join(QCoreApplication.translate("names", part) for part in body.missing)
        seen = QCoreApplication.translate("silhouette", "Not in the picture: {0}.").format(missing)
    else:
        seen = QCoreApplication.translate("silhouette", "Stand here, two to four metres from the camera.")
    return f"{seen} {QCoreApplication.translate('silhouette', body.advice)}".strip()
