/// What `reconcile` found, source by source.
package struct ReconcileReport: Sendable {
    /// In the order of the configuration.
    package var sources: [SourceDifferences]
    /// What the process answers.
    package var exitCode: Int32
}

/// How one source and the warehouse differ.
package struct SourceDifferences: Sendable {
    /// The run that compared them.
    package var run: SourceReport
    /// Whether every list was read whole.
    package var isFull: Bool
    /// The differences by stream, kind and key; at most 50,000.
    package var differences: [Difference]
    /// How many there are in all; beyond a million they are not counted.
    package var total: Int
    /// Those of them that this run has mended.
    package var repaired: Int
    /// By `table.column`: rows that differ in columns alone which no run has to bring yet; they are no differences.
    package var withinBounds: [(column: String, rows: Int)]
    /// Of each kind, by stream.
    package var counts: [(stream: String, counts: DifferenceCounts)]
}

/// One row in which platform and warehouse do not agree.
package struct Difference: Sendable {
    package var stream: String
    /// The table of the row, where the stream has several.
    package var table: String
    /// The row's key in the order of its columns, `source_id` left out; times as ISO 8601.
    package var key: [(column: String, value: String)]
    /// `missing_here`, `gone_there` or `different`.
    package var kind: String
    /// The columns whose values differ; empty but for `different`.
    package var columns: [String]
    package var isRepaired: Bool
}

/// How many differences of each kind there are.
package struct DifferenceCounts: Sendable, Equatable {
    package var missingHere = 0
    package var goneThere = 0
    package var different = 0
}
