import Records
import Transformer

// What answers of LearnWorlds tell beside their rows, as far as later steps of the same run go by it.

/// The lists whose answers are evidence, as the run's log names them; each is read for a course, a learner or a unit.
enum LearnWorldsList: String, Sendable {
    case courses, enrollments, progress, certificates, grades, responses, roster, course, learner
    case courseOfLearner = "course of learner"
}

/// A course that the list of courses names.
struct ListedCourse: ReadNote {
    let key: String
}

/// The contents of a course, and how many units they have.
struct CourseContents: ReadNote {
    let key: String
    let units: Int
}

/// The course of a unit.
struct UnitCourse: ReadNote {
    let key: String
    let course: String
}

/// A unit that somebody has handed in, and when that was last seen.
struct HandedInUnit: ReadNote {
    let key: String
    let newest: Timestamp

    func joined(with later: Self) -> Self { Self(key: key, newest: max(newest, later.newest)) }
}

/// Who is on the roster of a course, for whoever has asked for it.
struct RosterIDs: ReadNote {
    let key: String
    let learners: [String]

    func joined(with later: Self) -> Self { Self(key: key, learners: learners + later.learners) }
    static var lifetime: ReadNoteLifetime { .reading }
}

/// Who is on the roster of a course, by the ``KeyHash``es of their ids: what the rest of the run asks.
struct RosterMembers: ReadNote {
    let key: String
    let learners: Set<UInt64>
    /// Entries whose learner cannot be read: as long as there are any, the roster proves nobody's absence.
    let hasUnreadable: Bool

    init(course: String, learners: [String], hasUnreadable: Bool) {
        self.init(key: course, learners: Set(learners.map { KeyHash(of: $0).value }), hasUnreadable: hasUnreadable)
    }

    private init(key: String, learners: Set<UInt64>, hasUnreadable: Bool) {
        (self.key, self.learners, self.hasUnreadable) = (key, learners, hasUnreadable)
    }

    func joined(with later: Self) -> Self {
        Self(
            key: key,
            learners: learners.union(later.learners),
            hasUnreadable: hasUnreadable || later.hasUnreadable
        )
    }
}

/// A unit that lists of a comparison name, with its course, or that grades or progress speak of, so that it may have responses.
struct ComparedUnit: ReadNote {
    let key: String
    var course: String?
    var isUsed = false

    func joined(with later: Self) -> Self {
        Self(key: key, course: later.course ?? course, isUsed: isUsed || later.isUsed)
    }
}

/// Somebody on the list of accounts who has ever logged in, for whoever has asked for the list.
struct ActiveAccount: ReadNote {
    let key: String
    static var lifetime: ReadNoteLifetime { .reading }
}

/// A course with a submission to an assessment that the warehouse lacks, for whoever has asked for the submissions.
struct CourseLackingAssessments: ReadNote {
    let key: String
    static var lifetime: ReadNoteLifetime { .reading }
}

/// New entries of the log that happened on a day, and are not published.
struct NewEvents: ReadNote {
    /// Midnight of the day.
    let key: Timestamp
    let count: Int

    func joined(with later: Self) -> Self { Self(key: key, count: count + later.count) }
}

/// An account that this run found to be gone.
struct GoneAccount: ReadNote {
    let key: String
}

/// Somebody without an account here or there whose own lists are empty: what stood in them is gone.
struct OrphanLists: ReadNote {
    let key: String
}

/// A grade that this run found to be gone.
struct GoneGrade: ReadNote {
    let key: AbsentRow
}

extension ReadLog {
    /// Whether this run has read all of a list.
    func hasRead(_ list: LearnWorldsList, _ partition: String) -> Bool { hasRead(list.rawValue, partition) }

    /// Whether a list was read and answered with nothing.
    func wasEmpty(_ list: LearnWorldsList, _ partition: String) -> Bool { wasEmpty(list.rawValue, partition) }

    /// Whether this run has asked for the object itself, and it was there.
    func hasMet(_ list: LearnWorldsList, _ partition: String) -> Bool {
        hasRead(list, partition) && !wasEmpty(list, partition)
    }

    /// Whether any list of the kind answered with something.
    func hasItems(_ list: LearnWorldsList) -> Bool { hasItems(list.rawValue) }

    /// Whether the contents of a course were read and had no unit.
    func hasEmptyContents(_ course: String) -> Bool { note(CourseContents.self, course)?.units == 0 }

    // MARK: Courses

    /// The courses of the list that this run has read whole; `nil` where it has not.
    var listedCourses: Set<String>? {
        guard isCourseListWhole else { return nil }
        return Set(notes(ListedCourse.self).keys)
    }

    private var isCourseListWhole: Bool {
        result(of: LearnWorldsList.courses.rawValue).map { $0.isWhole && $0.isComplete } ?? false
    }

    /// Those of `courses` that are still there; all, where the list was not read whole by this run.
    func presentCourses(among courses: some Sequence<String>) -> [String] {
        guard isCourseListWhole else { return Array(courses) }
        let listed = notes(ListedCourse.self)
        return courses.filter { listed[$0] != nil }
    }

    // MARK: Rosters

    /// Whether a learner is on the roster of a course that this run has read whole; `nil` where the roster proves nothing.
    func isOnRoster(_ learner: String, of course: String) -> Bool? {
        guard provesAbsences(rosterOf: course) else { return nil }
        return note(RosterMembers.self, course)?.learners.contains(KeyHash(of: learner).value) ?? false
    }

    /// The learners on a roster that a reading has brought; `nil` where it proves nothing.
    func roster(of course: String, in slice: ReadSlice) -> [String]? {
        guard provesAbsences(rosterOf: course) else { return nil }
        return slice.notes[RosterIDs.self, course]?.learners ?? []
    }

    private func provesAbsences(rosterOf course: String) -> Bool {
        guard result(of: LearnWorldsList.roster.rawValue, course)?.isComplete == true else { return false }
        return note(RosterMembers.self, course)?.hasUnreadable != true
    }

    // MARK: Units

    /// The course of a unit, where a list of this run has shown it.
    func course(ofUnit unit: String) -> String? { note(UnitCourse.self, unit)?.course }

    /// The units that this run has seen submissions of, at or after `since`; all of them without it.
    func unitsHandedIn(since: Timestamp?) -> [String] {
        notes(HandedInUnit.self).values.filter { unit in since.map { unit.newest >= $0 } ?? true }.map(\.key).sorted()
    }

    /// New entries of the log on whole days, while they are not published.
    func newEvents(from: Timestamp, to: Timestamp) -> Int {
        notes(NewEvents.self).values.filter { $0.key >= from && $0.key < to }.reduce(0) { $0 + $1.count }
    }
}
