import Records

// What answers of MATRIX tell beside their rows, as far as later steps of the same run go by it.

/// The record of a class.
extension MatrixClass: ReadNote {
    var key: String { id }
}

/// How often and when somebody had logged in, for whoever has asked for the users.
extension MatrixLogin: ReadNote {
    var key: String { learner }
    static var lifetime: ReadNoteLifetime { .reading }
}

/// A class whose record differs from the stored one.
struct ChangedClass: ReadNote {
    let key: String
}

/// Who is on the roster of a class, and when those who completed it did so.
struct ClassRoster: ReadNote {
    let key: String
    let learners: Set<String>
    let completions: [String: Timestamp]

    init(course: String, _ progress: [Progress]) {
        key = course
        learners = Set(progress.map(\.learnerID))
        completions = Dictionary(progress.compactMap { row in row.completedAt.map { (row.learnerID, $0) } }) { $1 }
    }
}

/// The assignments that the list of a class names.
struct ListedAssignments: ReadNote {
    let key: String
    let ids: Set<String>

    func joined(with later: Self) -> Self { Self(key: key, ids: ids.union(later.ids)) }
}

/// Whom and what the gradebook of a class names.
struct GradebookNames: ReadNote {
    let key: String
    let hasLearners: Bool
    let assignments: Set<String>
}

/// A completion that an answer about its class names, whatever was awarded for it: class and learner.
struct NamedCompletion: ReadNote {
    let key: [String]
}

/// Learners whose completion of a class the warehouse does not have.
struct UnknownCompletions: ReadNote {
    let key: String
    let learners: Set<String>

    func joined(with later: Self) -> Self { Self(key: key, learners: learners.union(later.learners)) }
}

/// A roster shows completions of a class that were not there before: the oldest of them.
struct NewCompletion: ReadNote {
    let key: String
    let oldest: Timestamp

    func joined(with later: Self) -> Self { Self(key: key, oldest: min(oldest, later.oldest)) }
}

/// Awards of a class that wait for its roster to tell when they were issued, by learner.
struct AwaitedAwards: ReadNote {
    let key: String
    let awards: [String: [MatrixAward]]

    func joined(with later: Self) -> Self { Self(key: key, awards: awards.merging(later.awards) { $1 }) }

    /// The awards of those whose completion a roster tells that the one before it, if there was one, did not.
    ///
    /// - Parameter now: Decides which of them have run out.
    func issued(by roster: ClassRoster, before: ClassRoster?, now: Timestamp) -> [Certificate] {
        awards.sorted { $0.key < $1.key }.flatMap { learner, awards -> [Certificate] in
            guard let time = roster.completions[learner], before?.completions[learner] == nil else { return [] }
            return awards.map { $0.issued(at: time, now: now) }
        }
    }
}

/// Whether an id that the platform was asked for is there.
struct IDAnswer: ReadNote {
    struct Key: Hashable {
        let function: MatrixFunction
        let id: String
    }

    let key: Key
    let isThere: Bool

    init(_ id: String, of function: MatrixFunction, isThere: Bool) {
        key = Key(function: function, id: id)
        self.isThere = isThere
    }

    func joined(with later: Self) -> Self { isThere ? self : later }
}

/// Whether somebody's last session was open when the sessions were read.
struct SessionState: ReadNote {
    let key: String
    let isOpen: Bool
}

/// The completions on a page, until their awards are added to it.
struct CompletionsOnPage: ReadNote {
    let completions: [MatrixCompletion]
    var key: Int { 0 }
}

/// The cells on a page that hold nothing, until it is known which of them held something.
struct EmptiedCells: ReadNote {
    let cells: [Grade]
    var key: Int { 0 }
}

extension ReadLog {
    /// Names under which the log has lists of MATRIX.
    enum Matrix {
        /// All classes, archived ones with them.
        static let classes = "classes"
        static let roster = "roster"
        static let teachers = "teachers"
        static let assignments = "assignments"
    }

    /// What this run has read of a class's record.
    func classRecord(_ id: String) -> MatrixClass? { note(MatrixClass.self, id) }

    /// Those of `classes` that are there, as far as this run has read the whole list.
    func presentClasses(among classes: [String]) -> [String] {
        guard let result = result(of: Matrix.classes), result.isWhole, result.isComplete else { return classes }
        return classes.filter { classRecord($0) != nil }
    }

    /// Whether the platform was asked for the id and has nothing of it.
    func isGone(_ id: String, by function: MatrixFunction) -> Bool {
        note(IDAnswer.self, IDAnswer.Key(function: function, id: id)).map { !$0.isThere } ?? false
    }

    /// Whether the platform was asked for the id and has it.
    func isThere(_ id: String, by function: MatrixFunction) -> Bool {
        note(IDAnswer.self, IDAnswer.Key(function: function, id: id))?.isThere ?? false
    }

    /// When a roster of this run says that the learner completed the class.
    func completedAt(_ course: String, _ learner: String) -> Timestamp? {
        note(ClassRoster.self, course)?.completions[learner]
    }

    /// The assignments that the gradebook of a class names and neither `known` nor its own list does.
    func unknownAssignments(of course: String, known: Set<String>) -> Set<String> {
        (note(GradebookNames.self, course)?.assignments ?? [])
            .subtracting(known).subtracting(note(ListedAssignments.self, course)?.ids ?? [])
    }
}
