import Extractor
import JSON
import Records
import Transformer

extension BlackboardLists {
    // MARK: Memberships

    /// Which of a course's memberships a list is asked for.
    enum MembershipFilter: Sendable {
        case all
        case modified(since: Timestamp)
        case accessed(since: Timestamp)
        /// The disabled ones alone, which some sites leave out of the list of all.
        case disabled
    }

    /// What the run's log calls the list of all members of a course.
    static let roster = "roster"

    /// The memberships of a course, those of its child courses among them.
    ///
    /// - Parameters:
    ///   - isChecked: Whether the list notes whom it shows, for a ``RosterCheck``.
    ///   - completion: What is true when they are stored.
    func memberships(
        course: String,
        _ filter: MembershipFilter = .all,
        withUsers: Bool,
        isChecked: Bool = false,
        completion: @escaping @Sendable (WalkOutcome) -> [StateChange]
    ) -> ListRead {
        let isApart = if case .disabled = filter { true } else { false }
        var filters = [("sort", "created")]
        switch filter {
        case .all: break
        case .modified(let since): filters += Self.since("modified", since.advanced(by: .zero - overlap))
        case .accessed(let since): filters += Self.since("lastAccessed", since.advanced(by: .zero - overlap))
        case .disabled: filters.append(("availability.available", "Disabled"))
        }
        if withUsers { filters.append(("expand", "user")) }
        let read = list(
            "memberships",
            stream: "enrollments",
            partition: course,
            path: "/v1/courses/{courseId}/users",
            [course],
            filters: filters,
            fields: Self.membershipFields + (withUsers ? Self.userFields.map { "user.\($0)" } : []),
            completion: completion,
            makeReader: { [mapping, preview] in
                CollectionReader(key: { $0["userId"]?.identifierText }) { results in
                    var batches: [any RecordBatch] = []
                    if withUsers {
                        var learners = Batch<Learner>(stream: "learners")
                        for item in results.elements {
                            guard let user = item["user"] else { continue }
                            if let id = mapping.learner(user, into: &learners) { preview.note([id]) }
                        }
                        batches.append(learners)
                    }
                    var notes = ReadNotes()
                    if isChecked {
                        let people = results.elements.compactMap { $0["userId"]?.identifierText }
                        notes.add(RosterCheck(course: course, people, apart: isApart))
                    }
                    var enrollments = Batch<Enrollment>(stream: "enrollments")
                    mapping.enrollments(results, into: &enrollments, leavingOut: preview.contains)
                    return ParsedPage(batches + [enrollments], notes: notes)
                }
            }
        )
        guard case .all = filter else { return read }
        return read.logged(as: Self.roster)
    }

    /// One membership, to see whether it is still there.
    func membership(
        course: String,
        learner: String,
        ifMissing: @escaping @Sendable () -> [StateChange]
    ) -> ListRead {
        single(
            "memberships",
            stream: "enrollments",
            partition: "\(course)/\(learner)",
            path: "/v1/courses/{courseId}/users/{userId}",
            [course, learner],
            fields: Self.membershipFields,
            shape: .verification
        ) { [mapping] root in
            guard let root else { return ParsedPage(changes: ifMissing()) }
            var batch = Batch<Enrollment>(stream: "enrollments")
            mapping.enrollment(root, into: &batch)
            return ParsedPage([batch])
        }
    }

    // MARK: Gradebook columns

    static let categories = "categories"

    /// The categories of a course's gradebook, which are no table of their own.
    func categories(course: String, noting book: GradebookCache) -> ListRead {
        list(
            Self.categories,
            stream: "assessments",
            partition: course,
            path: "/v1/courses/{courseId}/gradebook/categories",
            [course],
            makeReader: { [mapping] in
                CollectionReader(
                    key: Self.id,
                    end: { ParsedPage([book.takeUncategorised(course)], changes: book.categoryMark(course)) }
                ) { results in
                    // No table of their own: what is new in them is told under the stream that asks.
                    var batch = Batch<Assessment>(stream: "assessments")
                    book.note(categories: mapping.categories(results, drift: &batch.driftLog), of: course)
                    return batch.driftLog.isEmpty ? ParsedPage() : ParsedPage([batch])
                }
            }
        )
    }

    /// The columns of a course's gradebook.
    func columns(course: String, noting book: GradebookCache) -> ListRead {
        list(
            "columns",
            stream: "assessments",
            partition: course,
            path: "/v2/courses/{courseId}/gradebook/columns",
            [course],
            fields: Self.columnFields,
            completion: { outcome in
                book.end(course, isComplete: outcome.isComplete, at: outcome.asOf)
                return outcome.isComplete ? book.columnMark(course) : []
            },
            makeReader: { [mapping] in
                book.begin(course)
                return CollectionReader(key: Self.id) { results in
                    var batch = Batch<Assessment>(stream: "assessments")
                    let columns = mapping.columns(
                        results,
                        course: course,
                        categories: book.categories(of: course),
                        into: &batch
                    )
                    book.note(columns, batch.records, of: course)
                    return ParsedPage([batch])
                }
            }
        )
    }

    /// One column, to see whether it is still there.
    func column(
        _ column: GradebookColumn,
        course: String,
        noting book: GradebookCache,
        ifMissing: @escaping @Sendable () -> [StateChange]
    ) -> ListRead {
        single(
            "columns",
            stream: "assessments",
            partition: "\(course)/\(column.id)",
            path: "/v2/courses/{courseId}/gradebook/columns/{columnId}",
            [course, column.id],
            fields: Self.columnFields,
            shape: .verification
        ) { [mapping] root in
            guard let root else { return ParsedPage(changes: ifMissing()) }
            var batch = Batch<Assessment>(stream: "assessments")
            let found = mapping.column(root, course: course, categories: book.categories(of: course), into: &batch)
            // The same column may have become the course's total, or stopped being it: its old row is then nobody's.
            let changes = found.map { $0.assessmentID == column.assessmentID } ?? true ? [] : ifMissing()
            return ParsedPage([batch], changes: changes)
        }
    }

    /// What the run's log calls the gradebook log of a course.
    static let gradebookLog = "gradebook_log"

    /// The entries of a course's gradebook log; its body is undocumented, so `read` decides what a page says.
    func gradebookLog(
        course: String,
        since: Timestamp,
        read: @escaping @Sendable (JSONValue) -> ParsedPage,
        completion: @escaping @Sendable (WalkOutcome) -> [StateChange]
    ) -> ListRead {
        list(
            "logs",
            stream: "grades",
            partition: course,
            path: "/v1/courses/{courseId}/gradebook/logs",
            [course],
            filters: [("since", since.iso8601Milliseconds)],
            completion: completion,
            makeReader: { CollectionReader(key: Self.id) { read($0) } }
        ).logged(as: Self.gradebookLog)
    }

    // MARK: Progress

    /// How many of the course's items each learner has reviewed, or one of them.
    func reviewStatus(roster: Roster, learner: String? = nil) -> ListRead {
        let course = roster.course
        var read = list(
            "progress",
            stream: "progress",
            partition: learner.map { "\(course)/\($0)" } ?? course,
            path: "/v1/courses/{courseId}/performance/contentReviewStatus",
            [course],
            filters: learner.map { [("userId", $0)] } ?? [],
            fields: ["courseId", "userId", "reviewedCount", "reviewableCount"],
            completion: { outcome in
                outcome.isComplete && learner == nil ? [Self.readAt("progress", course, outcome)] : []
            },
            makeReader: { [mapping, preview] in
                CollectionReader(key: { $0["userId"]?.identifierText }) { results in
                    var batch = Batch<Progress>(stream: "progress")
                    mapping.progress(results, roster: roster, into: &batch, leavingOut: preview.contains)
                    return ParsedPage([batch])
                }
            }
        )
        read.cost = .pages(ofRows: pageSize("progress"))
        return read
    }

    private static let columnFields = [
        "id", "externalId", "name", "displayName", "externalGrade", "created", "modified", "score.possible",
        "availability.available",
        "grading.type", "grading.due", "gradebookCategoryId", "scoreProviderHandle",
    ]
}
