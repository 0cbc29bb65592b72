/// Progress and its units.
extension LearnWorldsEvidence {
    /// What it means that a learner's list lacks a course's progress.
    ///
    /// What was not completed goes with its enrollment; what was completed must be missing twice, from lists with something in
    /// them. Where the enrollment is still there, or the list is empty, the progress is asked for by itself.
    static func verdict(onProgressOf isEnrolled: Bool, isCompleted: Bool, isListEmpty: Bool) -> Verdict {
        if isEnrolled { return .askByID }
        guard isCompleted else { return .gone }
        return isListEmpty ? .askByID : .readAgain
    }

    /// What it means that a learner's progress in a course lacks a unit: the course lost it, or its places have shifted.
    static func verdict(onUnitOf isProgressAbsent: Bool, isListEmpty: Bool) -> Verdict {
        // What goes with the progress goes with it.
        isProgressAbsent || isListEmpty ? .unproved : .gone
    }
}
