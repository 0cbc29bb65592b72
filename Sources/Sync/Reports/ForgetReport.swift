/// What `forget` removed, or would remove.
package struct ForgetReport: Sendable, Equatable {
    package var sourceID: String
    package var isDryRun: Bool
    /// Rows by table, in the order in which they go; tables without any are left out.
    package var tables: [(table: String, rows: Int)]

    package init(sourceID: String, isDryRun: Bool, tables: [(table: String, rows: Int)]) {
        self.sourceID = sourceID
        self.isDryRun = isDryRun
        self.tables = tables
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.sourceID == right.sourceID && left.isDryRun == right.isDryRun
            && left.tables.elementsEqual(right.tables) { $0 == $1 }
    }
}
