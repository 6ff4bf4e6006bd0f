"""Frame -> poses: where people are in a picture."""

from fias_desktop.stages.pose.estimator import NOT_FOLLOWED, MediaPipePose, PoseEstimator, make_pose_estimator

__all__ = ["NOT_FOLLOWED", "MediaPipePose", "PoseEstimator", "make_pose_estimator"]
