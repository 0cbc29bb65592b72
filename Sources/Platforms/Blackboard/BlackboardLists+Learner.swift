import JSON
import Records
import Synchronization
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
    func memberships(learner: String, _ catalogue: CourseCatalogue, noting places: LearnerPlaces) -> ListRead {
        list(
            "user_memberships",
            stream: "enrollments",
            partition: learner,
            path: "/v1/users/{userId}/courses",
            [learner],
            fields: Self.membershipFields,
            shape: .grades,
            makeReader: { [mapping, preview] in
                // Only the whole list says which of its courses are merged.
                let held = Mutex<[Enrollment]>([])
                return CollectionReader(
                    key: { $0["courseId"]?.identifierText },
                    end: {
                        var batch = Batch<Enrollment>(stream: "enrollments")
                        batch.records = Self.placed(held.withLock { $0 }, catalogue)
                        for record in batch.records {
                            places.note(learner, in: record.parentCourseID ?? record.courseID)
                        }
                        return ParsedPage([batch])
                    }
                ) { results in
                    var batch = Batch<Enrollment>(stream: "enrollments")
                    mapping.enrollments(results, into: &batch, leavingOut: preview.contains)
                    let records = batch.records
                    held.withLock { $0 += records }
                    batch.records = []
                    return ParsedPage([batch])
                }
            }
        )
    }

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
