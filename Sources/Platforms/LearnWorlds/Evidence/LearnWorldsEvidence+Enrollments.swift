/// Enrollments.
extension LearnWorldsEvidence {
    /// What was seen of an enrollment that its learner's own list lacks and the course's roster does too.
    struct AbsentEnrollment: Sendable {
        /// Whether access had run out: the roster speaks only of access that has not.
        var hasExpired = false
        /// Whether the learner's own list has nothing in it.
        var isOwnListEmpty = false
        /// Whether the roster has nobody on it.
        var isRosterEmpty = false
        /// What the learner's list of progress says of the course.
        var progress = Progress.unread
        /// Whether that list has nothing in it.
        var isProgressListEmpty = false
        /// Whether the warehouse has the progress as completed: that outlives access.
        var isCompleted = false
        /// Whether progress is read at all.
        var readsProgress = true
        /// Whether own lists of other learners have something in them.
        var hasOtherLists = false
        /// Whether rosters of other courses have somebody on them.
        var hasOtherRosters = false
    }

    /// What a learner's list of progress says of a course.
    enum Progress: Sendable, Equatable {
        /// The run has not read the list.
        case unread
        /// The list has the course.
        case there
        /// The list lacks the course, and the warehouse has it not either.
        case never
        /// The list lacks the course, and the warehouse has it.
        case lost
    }

    /// What it means that neither the learner's own list nor the roster has an enrollment.
    ///
    /// An empty list says nothing without another one that has something in it, or without the progress, which was there and is
    /// not there either.
    static func verdict(on absence: AbsentEnrollment) -> Verdict {
        absence.hasExpired ? verdict(onExpired: absence) : verdict(onOpen: absence)
    }

    private static func verdict(onExpired absence: AbsentEnrollment) -> Verdict {
        // Progress may have gone with the access: then only lists of others show that the empty one does not lie.
        guard !absence.isOwnListEmpty else {
            return absence.progress == .lost && absence.hasOtherLists ? .askByID : .unproved
        }
        // Completions outlive access; other progress goes with it.
        if absence.progress == .lost || absence.progress == .never { return .askByID }
        return absence.isCompleted || !absence.readsProgress ? .readAgain : .unproved
    }

    private static func verdict(onOpen absence: AbsentEnrollment) -> Verdict {
        if !absence.isOwnListEmpty || !absence.isRosterEmpty { return .gone }
        if absence.progress == .lost || absence.progress == .never, !absence.isProgressListEmpty { return .gone }
        if absence.progress == .lost { return .askByID }
        // Who alone had the course, and no other one: both lists are empty, and both kinds of list are not empty elsewhere.
        return absence.hasOtherLists && absence.hasOtherRosters ? .readAgain : .unproved
    }
}
