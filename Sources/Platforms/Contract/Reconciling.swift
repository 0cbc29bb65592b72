package import Records

/// What a comparison of a source with its platform is asked to look at.
package struct ReconcileExtent: Sendable, Equatable {
    /// Whether every list is read whole; otherwise lists that count as many rows as the warehouse are left at their first page,
    /// and lists that only a whole reading tells anything of are not asked for.
    package var isFull: Bool
    /// The streams named; empty for all that the run has selected.
    package var streams: Set<String>
    /// The courses named, with all their lists; empty for the whole site.
    package var courses: [String]

    package init(isFull: Bool = false, streams: Set<String> = [], courses: [String] = []) {
        self.isFull = isFull
        self.streams = streams
        self.courses = courses
    }

    /// Whether differences of the stream are wanted: streams that others only depend on are not.
    package func names(_ stream: String) -> Bool { streams.isEmpty || streams.contains(stream) }
}

/// A run that compares: what its platform reads is held against the warehouse, row by row.
///
/// Watermarks and queue entries come to nothing; what ``RunContext/apply(_:)`` marks as gone is a difference.
package protocol ReconcileContext: RunContext {
    /// What is to be compared.
    var extent: ReconcileExtent { get }

    /// The live rows of a table, by the value of a text column; rows without one are left out.
    ///
    /// - Parameters:
    ///   - matching: Only rows whose columns have one of the values given.
    ///   - lasting: A time column and an instant: rows whose time is before it are left out, those without one count.
    func liveCounts(
        of table: Table,
        by column: String,
        matching: [String: [String]],
        lasting: (column: String, until: Timestamp)?
    ) async throws -> [String: Int]

    /// All live rows of a table.
    func liveCount(of table: Table) async throws -> Int

    /// The distinct values of a text column of the live rows in which another column is not null.
    func liveValues(_ column: String, of table: Table, having present: String) async throws -> Set<String>
}

extension ReconcileContext {
    /// Whether the stream is read by this run and its differences are wanted.
    package func compares(_ stream: String) -> Bool { isSelected(stream) && extent.names(stream) }

    /// Whether any of the streams is compared.
    package func compares(anyOf streams: String...) -> Bool { streams.contains { compares($0) } }

    package func liveCounts(of table: Table, by column: String) async throws -> [String: Int] {
        try await liveCounts(of: table, by: column, matching: [:], lasting: nil)
    }
}
