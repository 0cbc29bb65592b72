/// When an award that no completion shows any more is gone: Sources/Platforms/Matrix/README.md §6 and §8, trap 6.
///
/// Completions tell nothing of one that was taken back, so rosters decide.
enum AwardEvidence {
    enum Verdict: Sendable, Equatable {
        case gone
        case unproved
    }

    /// - Parameters:
    ///   - isCompleted: Whether the learner completed the class, by this run's roster of it, else by the warehouse.
    ///   - isCompletionNamed: Whether the answer that lacks the award names the completion: it stands there without the award.
    static func verdict(isCompleted: Bool, isCompletionNamed: Bool) -> Verdict {
        // An answer that lacks a completion which the roster has proves nothing.
        isCompleted && !isCompletionNamed ? .unproved : .gone
    }

    /// Whether an award that a reading of all completions lacked is asked for by itself.
    ///
    /// One whose learner or class is gone goes with them.
    static func isAskedFor(isLearnerGone: Bool, isClassGone: Bool) -> Bool { !isLearnerGone && !isClassGone }
}
