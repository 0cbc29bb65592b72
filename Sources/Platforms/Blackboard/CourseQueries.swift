import Records

/// What the list of courses is asked, so that the site leaves out most of what a scope leaves out:
/// Sources/Platforms/Blackboard/README.md §3, courses.
///
/// A filter takes one value. Where a scope names several, there is one walk for each combination, and no course is in two of
/// them. What the filters let through beside the scope is left out here.
enum CourseQueries {
    /// One argument of a query.
    struct Argument: Sendable, Equatable {
        let name: String
        let value: String

        init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    /// The filters that a scope is sent by.
    static let filters = ["created", "createdCompare", "availability.available", "dataSourceId", "termId"]

    /// More walks than this cost more than they save: the condition with the most words is then filtered here.
    private static let mostWalks = 40

    /// The walks that together hold every course of a scope; one without arguments where nothing can be asked.
    ///
    /// - Parameters:
    ///   - createdAfter: The moment of the scope's `created_after`.
    ///   - terms: The ids of the terms that a word of the scope means; none where the site has no such term.
    ///   - accepts: Whether the site takes a filter, as far as is known.
    ///   - asksChanges: Whether only courses that have changed are asked for. Of those, the ones that have just left the
    ///     scope must be seen, so only what never changes is filtered.
    static func walks(
        for scope: CourseScope,
        createdAfter: Timestamp?,
        terms: (String) -> [String],
        accepts: (String) -> Bool,
        asksChanges: Bool = false
    ) -> [[Argument]] {
        var common: [Argument] = []
        if let createdAfter, accepts("created"), accepts("createdCompare") {
            common = [
                Argument("created", createdAfter.iso8601Milliseconds), Argument("createdCompare", "greaterOrEqual"),
            ]
        }
        guard !asksChanges else { return [common] }
        var choices: [(name: String, values: [String])] = [
            ("availability.available", scope.availability.flatMap(availabilities) ?? []),
            ("dataSourceId", scope.dataSource?.uniqued() ?? []),
            ("termId", scope.term.map { $0.flatMap(terms).uniqued() } ?? []),
        ].filter { !$0.values.isEmpty && accepts($0.name) }
        while choices.reduce(1, { $0 * $1.values.count }) > mostWalks {
            let most = choices.indices.max { choices[$0].values.count < choices[$1].values.count } ?? 0
            choices.remove(at: most)
        }
        return choices.reduce([common]) { walks, choice in
            walks.flatMap { walk in choice.values.map { walk + [Argument(choice.name, $0)] } }
        }
    }

    /// The values of `availability.available` among which all courses of some availabilities are; `nil` where any value
    /// may hold one.
    ///
    /// A course that follows its term is open or not as the term is. A completed course is archived whatever its value.
    static func availabilities(_ words: [String]) -> [String]? {
        var values: Set<String> = []
        for word in words {
            switch word {
            case "active", "available", "Yes", "Term": values.formUnion(["Yes", "Term"])
            case "unavailable", "No": values.formUnion(["No", "Term"])
            default: return nil
            }
        }
        return values.sorted()
    }
}
