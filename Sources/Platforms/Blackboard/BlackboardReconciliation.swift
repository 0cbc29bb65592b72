import Records
import Transformer

/// Holds a site against the warehouse: Sources/Platforms/Blackboard/README.md §6, last paragraph.
///
/// The API gives no totals, so lists are walked: terms, courses, users, memberships and columns; grades, progress and attempts
/// only of courses that are named, or with `isFull`. A walk costs the same requests whatever fields it asks for: all are asked
/// for, so that rows are compared by their columns too.
struct BlackboardReconciliation<Run: ReconcileContext> {
    let context: BlackboardContext<Run>

    private var run: Run { context.run }
    private static var chunk: Int { 100 }

    func read() async throws {
        context.recallNames()
        let preview = try await context.facts.previewUsers()
        let terms = try await context.facts.terms()
        // First, because its answer carries the platform's clock, by which records are judged.
        let early = context.lists(terms: terms, preview: preview)
        if context.asksTerms {
            try await run.read([ReadGroup([early.allTerms()], covers: [Cover(Term.table)])])
        } else {
            try await run.read([ReadGroup([early.version()])])
        }
        let lists = context.lists(terms: terms, preview: preview)
        try await verifyTerms(lists)
        let catalogue = try await context.facts.catalogue()
        let gone = try await readCourses(lists, catalogue)
        try await readLearners(lists)
        let named = Set(run.extent.courses.map(catalogue.asked))
        let asked = catalogue.all.map(\.id).filter { id in
            catalogue.asked(for: id) == id && !gone.contains(id) && (named.isEmpty || named.contains(id))
        }
        func cycle() -> BlackboardIncrementalRun<Run> {
            BlackboardIncrementalRun(context: context, lists: lists, catalogue: catalogue, lastCycle: nil)
        }
        for chunk in asked.chunks(of: Self.chunk) {
            try await BlackboardCourseReconciliation(cycle: cycle(), courses: chunk, run: run).read()
        }
        if run.compares("enrollments") { try await cycle().verifyMembershipsOfMissingAccounts() }
    }

    // MARK: Terms, courses, users

    private func verifyTerms(_ lists: BlackboardLists) async throws {
        let ids = await run.absentRows(of: Term.table).map { $0[\Term.termID] }.sorted()
        try await run.read(
            ids.map { id in
                ReadGroup([
                    lists.verified("terms", stream: "terms", path: "/v1/terms/{termId}", [id]) {
                        ParsedPage(changes: [.gone(GoneRows(Term.table, "term_id", [id]))])
                    }
                ])
            }
        )
    }

    /// - Returns: The courses that are gone.
    private func readCourses(_ lists: BlackboardLists, _ catalogue: CourseCatalogue) async throws -> Set<String> {
        var ids = run.extent.courses
        if ids.isEmpty {
            try await context.readCourses(
                ReadGroup([lists.courses(noting: catalogue)], publishesByPage: true, covers: [Cover(Course.table)]),
                lists
            )
            ids = await run.absentRows(of: Course.table).map { $0[\Course.courseID] }.sorted()
        }
        let slice = try await run.read(
            ids.map { id in
                var course = lists.course(id) { [.gone(GoneRows(Course.table, "course_id", [id]))] }
                course.refine = { parsed in
                    let records = parsed.batches.compactMap { $0 as? Batch<Course> }.flatMap(\.records)
                    catalogue.note(records)
                    var parsed = parsed
                    if parsed.batches.isEmpty { parsed.notes.add(GoneCourse(key: id)) }
                    return parsed
                }
                return ReadGroup([course])
            }
        )
        return Set(slice.notes.all(GoneCourse.self).keys)
    }

    private func readLearners(_ lists: BlackboardLists) async throws {
        guard run.compares("learners"), run.extent.courses.isEmpty else { return }
        guard run.connectorState[BlackboardRules.usersRefused] == nil else { return }
        let list = lists.learners(.all) { _ in MarkPosition() }.refined(context.facts.checkingIdentities())
        try await run.read([ReadGroup([list], publishesByPage: true, covers: [Cover(Learner.table)])])
        let ids = await run.absentRows(of: Learner.table).map { $0[\Learner.learnerID] }.sorted()
        try await run.read(
            ids.map { id in
                ReadGroup([
                    lists.verified(BlackboardLists.users, stream: "learners", path: "/v1/users/{userId}", [id]) {
                        .missingAccount(id)
                    }
                ])
            }
        )
    }
}

/// A course that the platform has said it does not have.
private struct GoneCourse: ReadNote {
    let key: String
    static var lifetime: ReadNoteLifetime { .reading }
}

extension BlackboardLists {
    /// One object, asked for to learn whether it is still there.
    fileprivate func verified(
        _ name: String,
        stream: String,
        path: String,
        _ arguments: [String],
        ifMissing: @escaping @Sendable () -> ParsedPage
    ) -> ListRead {
        single(
            name,
            stream: stream,
            partition: arguments.joined(separator: "/"),
            path: path,
            arguments,
            fields: ["id"],
            shape: .verification
        ) { root in root == nil ? ifMissing() : ParsedPage() }
    }
}
