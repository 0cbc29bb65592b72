/// When progress without an enrollment is gone: what a comparison finds on no roster.
enum ProgressEvidence {
    enum Verdict: Sendable, Equatable {
        case gone
        case readAgain
        case unproved
    }

    /// - Parameters:
    ///   - isRosterEmpty: Whether the newest roster of the class has nobody on it; such a roster proves nothing.
    ///   - isMissingTwice: Whether a second roster lacks the learner as well; `nil` before it was read.
    static func verdict(isRosterEmpty: Bool, isMissingTwice: Bool?) -> Verdict {
        if isRosterEmpty { return .unproved }
        guard let isMissingTwice else { return .readAgain }
        return isMissingTwice ? .gone : .unproved
    }
}
