import Extractor
import Records

extension BlackboardLists {
    /// Courses: all of the scope, or those modified since the last reading.
    ///
    /// - Parameters:
    ///   - mark: When they were last read; `nil` for all of them.
    ///   - verified: When all of them were last read.
    ///   - only: One of ``courseQueries(asksChanges:)`` in place of all.
    func courses(
        since mark: Timestamp? = nil,
        verified: Timestamp? = nil,
        only: [CourseQueries.Argument]? = nil,
        noting catalogue: CourseCatalogue
    ) -> ListRead {
        var filters: [(String, String)] = options.includesOrganizations ? [] : [("organization", "false")]
        filters.append(("sort", "created"))
        let isWhole = mark == nil || !has(.modifiedCourses)
        if let mark, has(.modifiedCourses) {
            filters += Self.since("modified", mark.advanced(by: .zero - overlap))
        }
        let common = filters
        return read(
            "courses",
            "",
            rules(.list, "courses"),
            isResumable: true,
            make: {
                (only.map { [$0] } ?? courseQueries(asksChanges: !isWhole)).map { arguments in
                    request(
                        "courses",
                        stream: "courses",
                        path: "/v3/courses",
                        filters: common + arguments.map { ($0.name, $0.value) },
                        fields: Self.courseFields
                    )
                }
            },
            completion: { [connectorState, scope] outcome in
                guard outcome.isComplete else { return [] }
                let scopeText = scope.scope.text
                if mark == nil { connectorState[Self.scopeRead] = scopeText.isEmpty ? nil : scopeText }
                var position = MarkPosition()
                position.set("modified_after", outcome.asOf)
                position.set(Self.verifiedAt, isWhole ? outcome.asOf : verified)
                return [.watermark(stream: "courses", partition: "", position: position, asOf: outcome.asOf)]
            },
            makeReader: { [mapping, terms, connectorState, scope] walks in
                CourseReader(
                    mapping: mapping,
                    terms: terms,
                    connectorState: connectorState,
                    catalogue: catalogue,
                    scope: scope,
                    walks: walks
                )
            }
        )
    }

    /// What the list of courses is asked: one query for each walk.
    ///
    /// - Parameter asksChanges: Whether only courses that have changed are asked for.
    func courseQueries(asksChanges: Bool) -> [[CourseQueries.Argument]] {
        CourseQueries.walks(
            for: scope.scope,
            createdAfter: scope.createdAfter,
            terms: { terms.ids(of: $0) },
            accepts: { accepts($0, of: "courses") },
            asksChanges: asksChanges
        )
    }

    /// Filters of the scope that the site is known to refuse.
    var refusedScopeFilters: [String] { CourseQueries.filters.filter { !accepts($0, of: "courses") } }

    /// Where the connector's state holds what a name of another system means.
    static func stateName(of name: CourseFilter.ExternalName) -> String {
        "\(name.condition.rawValue).\(name.word)"
    }
}

extension BlackboardContext {
    /// Tells the scope what earlier runs have learnt of the names of other systems in it.
    func recallNames() {
        for name in run.scope.externalNames {
            if let id = run.connectorState[BlackboardLists.stateName(of: name)] { run.scope.learn(name, is: id) }
        }
    }

    /// Reads a list of courses; a filter that the site refuses is told of once.
    @discardableResult
    func readCourses(_ group: ReadGroup, _ lists: BlackboardLists) async throws -> Bool {
        let known = lists.refusedScopeFilters
        let isRead = try await run.read([group]).isComplete
        let refused = lists.refusedScopeFilters.filter { !known.contains($0) }
        if !refused.isEmpty {
            run.say(
                "the site refuses to filter its courses by \(refused.joined(separator: ", ")): "
                    + "they are all listed, and the scope is applied here"
            )
        }
        return isRead
    }

    /// Asks for merged courses that a filter has left out and whose parents are in scope; their members name them.
    func readChildren(
        of courses: some Sequence<(asked: String, course: String)>,
        _ lists: BlackboardLists,
        _ catalogue: CourseCatalogue
    ) async throws {
        guard !run.scope.isEverything else { return }
        let unknown = courses.filter { $0.course != $0.asked && !catalogue.isKnown($0.course) }.map(\.course).uniqued()
        try await run.read(
            unknown.sorted().map { id in ReadGroup([lists.course(id, noting: catalogue) { [] }]) }
        )
    }
}
