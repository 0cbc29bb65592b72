/// Units of contents, submissions, responses, certificates and assessments: what stands in lists of a course or a unit.
extension LearnWorldsEvidence {
    /// What it means that a list of a course or a unit lacks a row: an empty list proves nothing.
    static func verdict(onRowOf isListEmpty: Bool) -> Verdict { isListEmpty ? .unproved : .readAgain }

    /// What it means that two readings of a course's certificates lack one.
    ///
    /// Of an empty list, or of a course that nobody knows, the holder's own list decides.
    static func verdict(onCertificateMissingTwice isListEmpty: Bool) -> Verdict { isListEmpty ? .readAgain : .gone }

    /// What it means that the contents of a course lack an assessment.
    ///
    /// - Parameters:
    ///   - isNamed: Whether a grade names it: assessments that no contents have are known by their grades.
    ///   - isCourseThere: Whether its course is there; what goes with the course goes with it.
    ///   - isListEmpty: Whether the contents have nothing in them.
    static func verdict(onAssessmentNamed isNamed: Bool, isCourseThere: Bool, isListEmpty: Bool) -> Verdict {
        isNamed || !isCourseThere || isListEmpty ? .unproved : .readAgain
    }

    /// What it means that the list of courses or accounts lacks one.
    ///
    /// - Parameters:
    ///   - isPathProven: Whether the path of single ones has ever answered with one: until then its 404 proves nothing.
    ///   - isMissing: Whether it was asked for and is not there; `nil` before that.
    static func verdict(onObjectOf isPathProven: Bool, isMissing: Bool?) -> Verdict {
        guard isPathProven, let isMissing else { return isPathProven ? .askByID : .unproved }
        return isMissing ? .gone : .unproved
    }
}
