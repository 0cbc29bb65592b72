import Sync

/// Shows nothing.
struct SilentProgress: ProgressReporting {
    func report(_ event: ProgressEvent) {}
}
