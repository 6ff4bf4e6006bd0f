"""Frame -> poses: where people are in a picture."""

from fias_desktop.stages.pose.estimator import NOT_FOLLOWED, MediaPipePose, PoseEstimator, make_pose_estimator
from fias_desktop.stages.pose.task import pose_task

__all__ = ["NOT_FOLLOWED", "MediaPipePose", "PoseEstimator", "make_pose_estimator", "pose_task"]
