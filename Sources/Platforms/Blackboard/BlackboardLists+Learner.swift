import Extractor
import JSON
import Records
import Transformer

extension BlackboardLists {
    /// One account.
    ///
    /// - Parameter ifMissing: Told where the platform has none.
    func learner(_ id: String, ifMissing: @escaping @Sendable () -> Void) -> ListRead {
        single(
            "user",
            stream: "learners",
            partition: id,
            path: "/v1/users/{userId}",
            [id],
            fields: Self.userFields,
            shape: .verification
        ) { [mapping, preview] root in
            var batch = Batch<Learner>(stream: "learners")
            guard let root else {
                ifMissing()
                return ParsedPage()
            }
            if let id = mapping.learner(root, into: &batch) { preview.note([id]) }
            return ParsedPage([batch])
        }
    }

    /// One learner's memberships in all courses.
    ///
    /// A membership in a merged course is one of its parent: where the list names both, the child says where the learner
    /// sits.
    func memberships(learner: String, _ catalogue: CourseCatalogue) -> ListRead {
        list(
            "user_memberships",
            stream: "enrollments",
            partition: learner,
            path: "/v1/users/{userId}/courses",
            [learner],
            fields: Self.membershipFields,
            shape: .grades,
            makeReader: { [mapping, preview] in
                LearnerMembershipReader(learner: learner, mapping: mapping, preview: preview, catalogue: catalogue)
            }
        )
    }
}

/// In which courses a learner has turned out to be: those that are asked for the learner's rows.
struct LearnerPlaces: ReadNote {
    /// The learner.
    let key: String
    let courses: Set<String>
    static var lifetime: ReadNoteLifetime { .reading }
}

/// Reads one learner's memberships; only the whole list says which of its courses are merged.
private struct LearnerMembershipReader: ListReader {
    let learner: String
    let mapping: BlackboardMapping
    let preview: PreviewUsers
    let catalogue: CourseCatalogue
    private var tally = KeyTally()
    private var held: [Enrollment] = []

    init(learner: String, mapping: BlackboardMapping, preview: PreviewUsers, catalogue: CourseCatalogue) {
        (self.learner, self.mapping, self.preview, self.catalogue) = (learner, mapping, preview, catalogue)
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        try page.document.withRoot { root in
            guard let results = root["results"] else { return ParsedPage() }
            tally.note(page: results.elements.compactMap { $0["courseId"]?.identifierText })
            try CollectionReader.checkProgress(tally, page)
            var batch = Batch<Enrollment>(stream: "enrollments")
            mapping.enrollments(results, into: &batch, leavingOut: preview.contains)
            held += batch.records
            batch.records = []
            return ParsedPage([batch])
        }
    }

    mutating func finish() throws -> ParsedPage {
        var batch = Batch<Enrollment>(stream: "enrollments")
        batch.records = Self.placed(held, catalogue)
        let courses = Set(batch.records.map { $0.parentCourseID ?? $0.courseID })
        return ParsedPage([batch], notes: ReadNotes([LearnerPlaces(key: learner, courses: courses)]))
    }

    var items: Int { tally.items }
    var isComplete: Bool { !tally.hasRepeats }

    /// The memberships in courses that the source reads, each where the learner sits.
    private static func placed(_ records: [Enrollment], _ catalogue: CourseCatalogue) -> [Enrollment] {
        let known = records.compactMap { record -> Enrollment? in
            guard let course = catalogue[record.courseID] else { return nil }
            var record = record
            if record.parentCourseID == nil { record.parentCourseID = course.parent }
            return record
        }
        let merged = Set(known.compactMap(\.parentCourseID))
        return known.filter { $0.parentCourseID != nil || !merged.contains($0.courseID) }
    }
}
