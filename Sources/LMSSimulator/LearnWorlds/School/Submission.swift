/// One submission of an assessment: a row of the grade list and of the response list alike.
struct Submission: Sendable {
    var number: UInt64
    var learner: Int32
    var course: Int32
    /// Index into the course's units.
    var unit: Int32
    /// Percent in hundredths, or -1 while nobody has graded it.
    var grade: Int32
    var createdAt: Instant
    var modifiedAt: Instant
    var submittedAt: Instant

    /// Passed from 50 percent; nil while ungraded.
    var passed: Bool? { grade < 0 ? nil : grade >= 5000 }

    /// The order in which the warehouse picks the newest submission of a unit.
    func isNewer(than other: Submission) -> Bool {
        if submittedOrder != other.submittedOrder { return submittedOrder > other.submittedOrder }
        if modifiedAt != other.modifiedAt { return modifiedAt > other.modifiedAt }
        return number > other.number
    }

    /// A row without a submission time sorts as newest.
    var submittedOrder: Instant { submittedAt.isNone ? Instant(microseconds: .max) : submittedAt }
}

/// A certificate that was awarded.
struct Certificate: Sendable {
    var number: UInt64
    var learner: Int32
    var course: Int32
    var title: String
    /// `completion` or `certificate`.
    var isCompletion = true
    var issuedAt: Instant
    var expiresAt: Instant = .none
    var isRevoked = false
    /// Deleted altogether: no list shows it any more.
    var isGone = false
    var score: String? = "OK"
}
