import JSON
package import Records
private import Synchronization

/// Tells the courses of a source's scope from the others, by their records as they are stored and as a run reads them.
///
/// Which courses were left out is marked, so that a course that comes into scope later is loaded whole.
package final class CourseFilter: Sendable {
    /// What of a course decides whether it is read.
    private struct Facts {
        var parent: String?
        var isMet: Bool
    }

    private struct State {
        var courses: [String: Facts] = [:]
        /// Courses that were out of scope when they were last looked at.
        var leftOut: Set<String> = []
    }

    package let scope: CourseScope
    private let vocabulary: CourseVocabulary
    private let createdAfter: Timestamp?
    private let state = Mutex(State())

    /// The name under which the marks are kept; they are no stream of their own.
    package static let marks = "scope"

    /// - Parameters:
    ///   - leftOut: The courses marked as left out.
    package init(
        _ scope: CourseScope = CourseScope(),
        _ vocabulary: CourseVocabulary = CourseVocabulary(),
        timeZone: String = "UTC",
        leftOut: Set<String> = []
    ) {
        self.scope = scope
        self.vocabulary = vocabulary
        createdAfter = scope.createdAfter.flatMap { EventWindow.time($0, timeZone) }
        state.withLock { $0.leftOut = leftOut }
    }

    /// Whether every course is read.
    package var isEverything: Bool { scope.isEverything }

    /// Whether courses have to be noted at all.
    package var isNeeded: Bool { !isEverything || state.withLock { !$0.leftOut.isEmpty } }

    // MARK: Courses

    /// The columns of `lms.courses` that ``note(rows:)`` reads.
    package static let columns = [
        "course_id", "parent_course_id", "status", "category", "term_id", "created_at", "custom_fields",
    ]

    package func note(_ courses: [Course]) {
        let facts = courses.map { course in
            (
                course.courseID,
                Facts(
                    parent: course.parentCourseID,
                    isMet: isMet(
                        course.courseID,
                        status: course.status,
                        terms: [course.termID, vocabulary.namesTermAsCategory ? course.category : nil],
                        createdAt: course.createdAt,
                        customFields: course.customFields?.text
                    )
                )
            )
        }
        note(facts)
    }

    package func note(rows: [[String: String]]) {
        note(
            rows.compactMap { row in
                guard let id = row["course_id"] else { return nil }
                let isMet = isMet(
                    id,
                    status: row["status"],
                    terms: [row["term_id"], vocabulary.namesTermAsCategory ? row["category"] : nil],
                    createdAt: row["created_at"].flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:)),
                    customFields: row["custom_fields"]
                )
                return (id, Facts(parent: row["parent_course_id"], isMet: isMet))
            }
        )
    }

    private func note(_ facts: [(String, Facts)]) {
        state.withLock { state in
            for (id, facts) in facts { state.courses[id] = facts }
        }
    }

    private func isMet(
        _ id: String,
        status: String?,
        terms: [String?],
        createdAt: Timestamp?,
        customFields: String?
    ) -> Bool {
        if let include = scope.include, !include.contains(id) { return false }
        if let exclude = scope.exclude, exclude.contains(id) { return false }
        if let createdAfter, createdAt.map({ $0 < createdAfter }) ?? true { return false }
        if let wanted = scope.term, !terms.contains(where: { term in term.map(wanted.contains) ?? false }) {
            return false
        }
        guard scope.availability != nil || scope.dataSource != nil else { return true }
        let fields = customFields.map(Self.texts) ?? [:]
        if let wanted = scope.availability {
            let own = vocabulary.availabilityField.flatMap { fields[$0] }
            let isWanted = wanted.contains { word in
                word == status || word == own || vocabulary.statusByWord[word] == status && status != nil
            }
            guard isWanted else { return false }
        }
        guard let wanted = scope.dataSource else { return true }
        return vocabulary.dataSourceField.flatMap { fields[$0] }.map(wanted.contains) ?? false
    }

    private static func texts(in json: String) -> [String: String] {
        guard let document = try? JSONDocument(parsing: Array(json.utf8)) else { return [:] }
        return document.withRoot { root in
            var texts: [String: String] = [:]
            for (key, value) in root.members { texts[key.string] = value.string }
            return texts
        }
    }

    // MARK: Decisions

    /// Whether a course, or a row that belongs to it, is read.
    ///
    /// A course that nobody has met is judged by its id alone.
    package func contains(_ id: String) -> Bool {
        isEverything || state.withLock { contains(id, $0) }
    }

    private func contains(_ id: String, _ state: State) -> Bool {
        guard let course = state.courses[id] else {
            if scope.exclude?.contains(id) == true { return false }
            return scope.include.map { $0.contains(id) } ?? (scope.members == ["exclude"])
        }
        guard vocabulary.followsParent, let parent = course.parent else { return course.isMet }
        // A parent that is not read yet may be in scope: its child's record is kept until it is known.
        return state.courses[parent]?.isMet ?? true
    }

    // MARK: What the scope asks for in vain

    /// What a scope names that is not there, in words; empty where it is well, or where no course was looked at.
    ///
    /// - Parameter isWhole: Whether all courses of the platform were looked at, or have been stored.
    package func findings(isWhole: Bool) -> [String] {
        guard !isEverything else { return [] }
        return state.withLock { state in
            let known = Set(state.courses.keys).union(state.leftOut)
            guard isWhole || !known.isEmpty else { return [] }
            let place = isWhole ? "that the platform lacks" : "not among the \(known.count) courses looked at"
            var findings: [String] = []
            let missing = (scope.include ?? []).filter { !known.contains($0) }.sorted()
            if !missing.isEmpty {
                let shown = missing.prefix(10).joined(separator: ", ") + (missing.count > 10 ? ", …" : "")
                let count = missing.count == 1 ? "1 id" : "\(missing.count) ids"
                findings.append("scope.include names \(count) \(place): \(shown)")
            }
            if !state.courses.keys.contains(where: { contains($0, state) }) {
                findings.append(
                    isWhole ? "scope leaves no course" : "scope leaves none of the \(known.count) courses looked at"
                )
            }
            return findings
        }
    }

    // MARK: Marks

    /// Courses that are there and in scope now, and were left out before.
    package var entering: [String] {
        state.withLock { state in
            state.leftOut.filter { state.courses[$0] != nil && (isEverything || contains($0, state)) }.sorted()
        }
    }

    /// The marks of courses that have been loaded.
    package func entered(_ courses: [String], at time: Timestamp) -> [StateChange] {
        state.withLock { $0.leftOut.subtract(courses) }
        return courses.map { Self.mark($0, Self.enteredAt, time) }
    }

    /// The marks of courses that are left out from now on.
    package func leaving(at time: Timestamp) -> [StateChange] {
        guard !isEverything else { return [] }
        return state.withLock { state in
            let left = state.courses.keys.filter { !state.leftOut.contains($0) && !contains($0, state) }.sorted()
            state.leftOut.formUnion(left)
            return left.map { Self.mark($0, Self.leftAt, time) }
        }
    }

    private static let enteredAt = "entered_at"
    private static let leftAt = "left_at"

    /// Whether a mark says that its course was left out.
    package static func isLeftOut(_ mark: MarkPosition) -> Bool { mark.time(leftAt) != nil }

    private static func mark(_ course: String, _ member: String, _ time: Timestamp) -> StateChange {
        var position = MarkPosition()
        position.set(member, time)
        return .watermark(stream: marks, partition: course, position: position, asOf: time)
    }
}
