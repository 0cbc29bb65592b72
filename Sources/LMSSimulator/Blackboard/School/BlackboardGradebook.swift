extension BlackboardSchool {
    /// A gradebook column, from `GET /v2/courses/{id}/gradebook/columns`.
    struct Column: Sendable {
        enum Kind: String, Sendable {
            case attempts = "Attempts"
            case calculated = "Calculated"
            case manual = "Manual"
        }

        /// The grading schema that grades are displayed in.
        enum Scale: String, Sendable, CaseIterable {
            case score = "Score"
            case percent = "Percent"
            case tabular = "Tabular"
            case text = "Text"
            case completeIncomplete = "CompleteIncomplete"
        }

        var course: Int32
        var name: String
        /// The id by which other systems know it.
        var externalID: String?
        /// Original courses only; Ultra uses `name`.
        var displayName: String?
        var created: Instant
        var modified: Instant
        /// `score.possible` in hundredths of a point.
        var possible: Int32
        var isAvailable = true
        var kind = Kind.attempts
        var scale = Scale.score
        var due: Instant = .none
        /// Place in the course's categories, or -1.
        var category: Int32 = -1
        /// The course's total.
        var isExternalGrade = false
        /// Graders must not see its attempts: grade calls answer 403.
        var isHidden = false
        /// Attempts come without `userId` until the grades are released.
        var isAnonymous = false
        var countsInTotal = true
        /// `scoreProviderHandle`, such as `resource/x-bb-assignment`.
        var handle: String?
        var isDeleted = false
        /// Sorted by member.
        var grades: [Grade] = []
        /// Indexes into `BlackboardSchool.attempts`.
        var attempts: [Int32] = []

        /// Where a member's grade is, or where it belongs.
        func place(of member: Int32) -> (index: Int, isThere: Bool) {
            var (low, high) = (0, grades.count)
            while low < high {
                let middle = (low + high) / 2
                if grades[middle].member < member { low = middle + 1 } else { high = middle }
            }
            return (low, low < grades.count && grades[low].member == member)
        }

        func grade(of member: Int32) -> Grade? {
            let (index, isThere) = place(of: member)
            return isThere ? grades[index] : nil
        }

        /// Stores a grade over the member's former one.
        mutating func set(_ grade: Grade) {
            let (index, isThere) = place(of: grade.member)
            if isThere { grades[index] = grade } else { grades.insert(grade, at: index) }
        }

        mutating func remove(gradeOf member: Int32) {
            let (index, isThere) = place(of: member)
            if isThere { grades.remove(at: index) }
        }
    }

    /// One cell of the gradebook.
    struct Grade: Sendable, Equatable {
        var member: Int32
        /// The displayed score in hundredths of a point, or -1.
        var score: Int32 = -1
        /// The displayed text of a text schema or a notation.
        var text: String?
        var hasNotation = false
        var overridden: Instant = .none
        var isExempt = false
        var isCorrupt = false
        /// Submitted and waiting, without any detail.
        var needsGrading = false
        /// Emptied by hand, in the list with its index moved.
        var isCleared = false
        /// When the grade came to be relevant, first and last; none on calculated columns.
        var firstRelevant: Instant = .none
        var lastRelevant: Instant = .none
        /// One rising number for the whole site; 0 on calculated columns.
        var changeIndex: Int64 = 0

        /// Whether the gradebook holds anything for this cell.
        var hasDetails: Bool {
            score >= 0 || text != nil || isExempt || isCorrupt || !overridden.isNone
        }
    }

    /// A submission, from `GET …/columns/{columnId}/attempts`.
    struct Attempt: Sendable {
        enum Status: String, Sendable {
            case inProgress = "InProgress"
            case needsGrading = "NeedsGrading"
            case completed = "Completed"
        }

        var column: Int32
        var member: Int32
        var created: Instant
        /// When it was handed in; none while in progress.
        var attemptDate: Instant
        var modified: Instant
        /// Hundredths of a point, or -1.
        var score: Int32 = -1
        var status = Status.completed
    }

    /// One entry of a course's gradebook log.
    struct LogEntry: Sendable {
        var column: Int32
        var member: Int32
        var logged: Instant
    }
}
