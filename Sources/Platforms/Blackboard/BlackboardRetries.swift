import Records
import Transformer

/// Which lists of a site hold rejected records.
struct BlackboardRetries<Run: ReconcileContext> {
    let context: BlackboardContext<Run>

    private var run: Run { context.run }

    func reads(of rejects: [RejectedKey]) async throws -> [RetryRead] {
        context.recallNames()
        let preview = try await context.facts.previewUsers()
        let terms = try await context.facts.terms()
        // Its answer carries the platform's clock, by which records are judged; and courses need their terms.
        let early = context.lists(terms: terms, preview: preview)
        try await run.read([ReadGroup([context.asksTerms ? early.allTerms() : early.version()])])
        let lists = context.lists(terms: terms, preview: preview)
        let catalogue = try await context.facts.catalogue()
        let cycle = BlackboardIncrementalRun(context: context, lists: lists, catalogue: catalogue, lastCycle: nil)
        let courses = ReadGroup([lists.courses(noting: catalogue)], publishesByPage: true)
        let users = ReadGroup([lists.learners(.all) { _ in MarkPosition() }], publishesByPage: true)
        let own =
            [RetryRead(ReadGroup([lists.allTerms()]), for: rejects.filter { $0.stream == "terms" })]
            .filter { !$0.rejects.isEmpty }
            + rejects.reads(of: "courses", otherwise: courses) { ReadGroup([lists.course($0) { [] }]) }
            + rejects.reads(of: "learners", otherwise: users) { ReadGroup([lists.record(ofUser: $0)]) }
            + rejects.reads(of: "enrollments") {
                ReadGroup([lists.memberships(course: catalogue.asked(for: $0), withUsers: false) { _ in [] }])
            }
            + rejects.reads(of: "assessments") { ReadGroup([lists.columns(course: $0, noting: cycle.cache)]) }
        return own + (try await cells(rejects, cycle))
    }

    /// Cells and progress need to know who is in the course.
    private func cells(_ rejects: [RejectedKey], _ cycle: BlackboardIncrementalRun<Run>) async throws -> [RetryRead] {
        let named = rejects.filter { ["grades", "progress"].contains($0.stream) }
        let courses = named.map(\.first).uniqued()
        guard !courses.isEmpty else { return [] }
        let rosters = try await context.facts.rosters(of: courses)
        let books = try await cycle.gradebooks(of: courses)
        var reads = rejects.reads(of: "progress") { course in
            rosters[course].map { ReadGroup([cycle.lists.reviewStatus(roster: $0)]) }
        }
        let byColumn = Dictionary(grouping: named.filter { $0.stream == "grades" && $0.parts.count == 3 }) {
            $0.parts[2]
        }
        for (id, rejects) in byColumn.sorted(by: { $0.key < $1.key }) {
            let course = rejects[0].first
            guard let roster = rosters[course], let book = books[course],
                let column = book.columns.first(where: { $0.id == id || $0.assessmentID == id }) ?? book.total
            else { continue }
            var walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
            walk.stored = try await context.facts.cells(ofColumns: [column.assessmentID])
            reads += context.columnGroups(cycle.lists, walk, [column], marks: [:]).map { RetryRead($0, for: rejects) }
        }
        return reads
    }
}

extension BlackboardLists {
    /// One user, asked for with everything a list of users says.
    fileprivate func record(ofUser id: String) -> ListRead {
        single(
            Self.users,
            stream: "learners",
            partition: id,
            path: "/v1/users/{userId}",
            [id],
            fields: Self.userFields,
            shape: .verification
        ) { [mapping] root in
            var batch = Batch<Learner>(stream: "learners")
            if let root { _ = mapping.learner(root, into: &batch) }
            return ParsedPage([batch])
        }
    }
}
