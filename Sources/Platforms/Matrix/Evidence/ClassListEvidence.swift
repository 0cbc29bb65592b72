/// A list of a class whose gaps are looked into.
enum MatrixClassList: Hashable, Sendable, CaseIterable {
    case roster
    case teachers
    case assignments

    /// What the run's log calls the list.
    var logName: String {
        switch self {
        case .roster: ReadLog.Matrix.roster
        case .teachers: ReadLog.Matrix.teachers
        case .assignments: ReadLog.Matrix.assignments
        }
    }
}

/// When a row that a list of a class lacks is gone: Sources/Platforms/Matrix/README.md §6.
///
/// A list that lacks a row is read once more, while its class is still there by id; an assignment that the gradebook names
/// is there whatever its list says. An empty list is not believed by itself: some function answers with nothing where it
/// fails.
enum ClassListEvidence {
    /// What was seen of a row that a list lacked.
    struct Absence: Sendable {
        var list: MatrixClassList
        /// Whether the second reading lacks the row as well.
        var isMissingTwice: Bool
        /// Whether the second reading of the list has nothing in it at all.
        var isListEmpty: Bool
        /// Whether the gradebook of the class names anybody; `nil` where it was not read.
        var gradebookHasLearners: Bool?
        /// Whether the gradebook names this assignment.
        var isNamedByGradebook = false
        /// Whether the run looks for deletions and takes its time: only then an empty roster may be true.
        var isSweep: Bool
    }

    enum Verdict: Sendable, Equatable {
        case gone
        /// Gone, if the function answers with something for another class.
        case goneIfFunctionAnswers
        case unproved
    }

    static func verdict(on absence: Absence) -> Verdict {
        guard absence.isMissingTwice, !absence.isNamedByGradebook else { return .unproved }
        guard absence.isListEmpty else { return .gone }
        // A class that lost everybody has an empty gradebook too.
        if absence.list == .roster, !absence.isSweep || absence.gradebookHasLearners != false { return .unproved }
        return .goneIfFunctionAnswers
    }

    /// Which lists of the class are read again for a row that one of them lacked; `nil` where no answer would be believed.
    ///
    /// - Parameters:
    ///   - isListEmpty: Whether the first reading of the list had nothing in it.
    ///   - isGradebookRead: Whether the run knows what the gradebook names.
    static func secondReading(
        of list: MatrixClassList,
        isListEmpty: Bool,
        isGradebookRead: Bool,
        isSweep: Bool
    ) -> MatrixClassLists? {
        switch list {
        case .roster: isListEmpty ? (isSweep ? [.again, .roster, .names] : nil) : [.again, .roster]
        case .teachers: [.again, .setup]
        case .assignments: isGradebookRead ? [.again, .setup] : [.again, .setup, .names]
        }
    }
}
