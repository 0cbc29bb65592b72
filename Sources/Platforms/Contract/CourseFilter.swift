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
        /// What is judged again when a name of the scope is learnt; kept only where the scope has such names.
        var traits: Traits?
    }

    /// What of a course the conditions ask.
    private struct Traits {
        let id: String
        var status: String?
        var terms: [String?]
        var createdAt: Timestamp?
        var customFields: String?
    }

    private struct State {
        var courses: [String: Facts] = [:]
        /// Courses that were out of scope when they were last looked at.
        var leftOut: Set<String> = []
        /// Courses whose newest record is the first to be out of scope: it is stored, so that the row says so from now on.
        var leaving: Set<String> = []
        /// Ids by the names that another system has for them.
        var ids: [ExternalName: String] = [:]
    }

    /// A condition whose words may be names of another system.
    package enum NamedCondition: String, Sendable {
        case term
        case dataSource = "data_source"
    }

    /// A word of the scope that the platform alone can tell the meaning of.
    package struct ExternalName: Sendable, Hashable {
        package let condition: NamedCondition
        /// With ``prefix``.
        package let word: String

        /// What such words begin with.
        package static let prefix = "externalId:"

        package init(_ condition: NamedCondition, _ word: String) {
            (self.condition, self.word) = (condition, word)
        }
    }

    package let scope: CourseScope
    private let vocabulary: CourseVocabulary
    /// The moment of `created_after`.
    package let createdAfter: Timestamp?
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
        note(
            courses.map { course in
                let traits = Traits(
                    id: course.courseID,
                    status: course.status,
                    terms: [course.termID, vocabulary.namesTermAsCategory ? course.category : nil],
                    createdAt: course.createdAt,
                    customFields: course.customFields?.text
                )
                return (traits, course.parentCourseID)
            }
        )
    }

    package func note(rows: [[String: String]]) {
        note(
            rows.compactMap { row in
                guard let id = row["course_id"] else { return nil }
                let traits = Traits(
                    id: id,
                    status: row["status"],
                    terms: [row["term_id"], vocabulary.namesTermAsCategory ? row["category"] : nil],
                    createdAt: row["created_at"].flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:)),
                    customFields: row["custom_fields"]
                )
                return (traits, row["parent_course_id"])
            }
        )
    }

    private func note(_ courses: [(traits: Traits, parent: String?)]) {
        let keepsTraits = !externalNames.isEmpty
        let ids = state.withLock { $0.ids }
        let facts = courses.map { course in
            Facts(
                parent: course.parent,
                isMet: isMet(course.traits, ids),
                traits: keepsTraits ? course.traits : nil
            )
        }
        state.withLock { state in
            for (course, facts) in zip(courses, facts) {
                let id = course.traits.id
                if state.courses[id]?.isMet == true, !facts.isMet { state.leaving.insert(id) }
                state.courses[id] = facts
            }
        }
    }

    private func isMet(_ traits: Traits, _ ids: [ExternalName: String]) -> Bool {
        let (id, status, createdAt) = (traits.id, traits.status, traits.createdAt)
        func words(_ condition: NamedCondition, _ given: [String]) -> [String] {
            given + given.compactMap { ids[ExternalName(condition, $0)] }
        }
        if let include = scope.include, !include.contains(id) { return false }
        if let exclude = scope.exclude, exclude.contains(id) { return false }
        if let createdAfter, createdAt.map({ $0 < createdAfter }) ?? true { return false }
        if let given = scope.term {
            let wanted = words(.term, given)
            guard traits.terms.contains(where: { term in term.map(wanted.contains) ?? false }) else { return false }
        }
        guard scope.availability != nil || scope.dataSource != nil else { return true }
        let fields = traits.customFields.map(Self.texts) ?? [:]
        if let wanted = scope.availability {
            let own = vocabulary.availabilityField.flatMap { fields[$0] }
            let isWanted = wanted.contains { word in
                word == status || word == own || vocabulary.statusByWord[word] == status && status != nil
            }
            guard isWanted else { return false }
        }
        guard let given = scope.dataSource else { return true }
        let wanted = words(.dataSource, given)
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

    // MARK: Names of another system

    /// The words of the scope that the platform alone can tell the meaning of.
    package var externalNames: [ExternalName] {
        let words =
            (scope.term ?? []).map { ExternalName(.term, $0) }
            + (scope.dataSource ?? []).map { ExternalName(.dataSource, $0) }
        return words.filter { $0.word.hasPrefix(ExternalName.prefix) }
    }

    /// What a name stands for, as far as the platform has shown it.
    package func id(of name: ExternalName) -> String? { state.withLock { $0.ids[name] } }

    /// Learns what a name stands for; courses that were met before are judged anew.
    package func learn(_ name: ExternalName, is id: String) {
        let ids = state.withLock { state -> [ExternalName: String]? in
            guard state.ids.updateValue(id, forKey: name) != id else { return nil }
            return state.ids
        }
        guard let ids else { return }
        let traits = state.withLock { $0.courses.values.compactMap(\.traits) }
        let met = traits.map { isMet($0, ids) }
        state.withLock { state in
            for (traits, isMet) in zip(traits, met) { state.courses[traits.id]?.isMet = isMet }
        }
    }

    // MARK: Decisions

    /// Whether a course, and so whether it is in scope, is known yet.
    package func hasMet(_ id: String) -> Bool { state.withLock { $0.courses[id] != nil } }

    /// Whether a course is read through its parent.
    package var followsParent: Bool { vocabulary.followsParent }

    /// Whether a course, or a row that belongs to it, is read.
    ///
    /// A course that nobody has met is judged by its id alone.
    package func contains(_ id: String) -> Bool {
        isEverything || state.withLock { contains(id, $0) }
    }

    /// Whether a row is kept that belongs to a course, and to its parent where that is read in its place.
    package func keeps(_ record: some CourseBound) -> Bool {
        guard let course = record.boundCourse else { return true }
        if contains(course) || record is Course && state.withLock({ $0.leaving.contains(course) }) { return true }
        // A merged course that nobody has met yet: its parent's lists hold the row.
        return vocabulary.followsParent && record.boundParent.map(contains) ?? false
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
