import Extractor
import JSON
import Records
import Synchronization
import Transformer

/// What decides whether and how a course is visited.
struct CatalogueEntry: Sendable, Equatable {
    let id: String
    var parent: String?
    var status: String?
    var termID: String?
    var startsAt: Timestamp?
    var endsAt: Timestamp?
    var createdAt: Timestamp?
    var uuid: String?

    /// Whether people may still work in the course: not archived, and not over for longer than `days`.
    func isLive(at now: Timestamp, within days: Int) -> Bool {
        guard status != "archived" else { return false }
        return endsAt.map { $0 >= now.advanced(by: .seconds(-Int64(days) * 86_400)) } ?? true
    }
}

/// The courses of the source: as stored, and as this run has read them since.
final class CourseCatalogue: Sendable {
    private let entries: Mutex<[String: CatalogueEntry]>
    /// The courses that this run has read, each with its term.
    private let read = Mutex<[String: String?]>([:])

    /// The columns of `lms.courses` that ``init(rows:)`` reads.
    static let columns = [
        "course_id", "parent_course_id", "status", "term_id", "starts_at", "ends_at", "created_at", "custom_fields",
    ]

    private let scope: CourseFilter

    /// - Parameter scope: Other courses are known, and not shown.
    init(rows: [[String: String]] = [], scope: CourseFilter = CourseFilter()) {
        self.scope = scope
        entries = Mutex(
            Dictionary(rows.compactMap(CatalogueEntry.init(row:)).map { ($0.id, $0) }) { first, _ in first }
        )
    }

    subscript(id: String) -> CatalogueEntry? { scope.contains(id) ? entries.withLock { $0[id] } : nil }

    /// Every course, in key order.
    var all: [CatalogueEntry] {
        entries.withLock { $0.values.sorted { $0.id < $1.id } }.filter { scope.contains($0.id) }
    }

    /// Whether the course is stored or was read, in scope or not.
    func isKnown(_ id: String) -> Bool { entries.withLock { $0[id] != nil } }

    /// The course whose lists hold the rows of `course`.
    func asked(for course: String) -> String { self[course]?.parent ?? course }

    func note(_ courses: [Course]) {
        entries.withLock { entries in
            for course in courses { entries[course.courseID] = CatalogueEntry(course) }
        }
        read.withLock { read in
            for course in courses { read[course.courseID] = .some(course.termID) }
        }
    }

    /// Forgets a course that is gone.
    func remove(_ id: String) { entries.withLock { $0[id] = nil } }

    /// Whether this run has read the course.
    func isRead(_ id: String) -> Bool { read.withLock { $0[id] != nil } }

    /// The terms that the courses read by this run have named.
    var termsNamed: Set<String> { read.withLock { Set($0.values.compactMap { $0 }) } }

    /// Compares the page's courses with those known by the same id.
    ///
    /// - Throws: what stops the source, when more than 1 % of them are other courses: the ids of a site change when it is
    ///   moved to another database.
    func check(_ results: JSONValue) throws {
        let others = entries.withLock { entries in
            results.elements.count { item in
                guard let id = item["id"]?.identifierText, let uuid = item["uuid"]?.string,
                    let known = entries[id]?.uuid
                else {
                    return false
                }
                return known != uuid
            }
        }
        try Identity.check(others: others, of: results.count, "courses")
    }
}

extension CatalogueEntry {
    init(_ course: Course) {
        self.init(
            id: course.courseID,
            parent: course.parentCourseID,
            status: course.status,
            termID: course.termID,
            startsAt: course.startsAt,
            endsAt: course.endsAt,
            createdAt: course.createdAt,
            uuid: course.customFields.flatMap { Identity.uuid(in: $0.text) }
        )
    }

    fileprivate init?(row: [String: String]) {
        guard let id = row["course_id"] else { return nil }
        func time(_ name: String) -> Timestamp? {
            row[name].flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:))
        }
        self.init(
            id: id,
            parent: row["parent_course_id"],
            status: row["status"],
            termID: row["term_id"],
            startsAt: time("starts_at"),
            endsAt: time("ends_at"),
            createdAt: time("created_at"),
            uuid: row["custom_fields"].flatMap(Identity.uuid)
        )
    }
}
