/// Shows the progress of a run; called from any thread, and must not block.
package protocol ProgressReporting: Sendable {
    func report(_ event: ProgressEvent)
}
