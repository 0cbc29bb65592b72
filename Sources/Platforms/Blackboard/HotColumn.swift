import Records

/// Which columns of an active course are asked for changed grades: the connector guide, section 5, point 3.
enum HotColumn {
    /// Days after its making, its due date or its last grade in which a column is hot.
    private static let days: Int64 = 14
    /// Days ahead of its due date from which it is.
    private static let daysAhead: Int64 = 7

    /// Whether a column's grades are likely to move: new, due, graded lately, or never read.
    static func isHot(_ column: GradebookColumn, _ mark: ColumnMark, at now: Timestamp) -> Bool {
        if mark.fullAt == nil { return true }
        let since = now.advanced(by: .seconds(-days * 86_400))
        let recent = [column.createdAt, column.modifiedAt, mark.changedAt].compactMap { $0 }
        if recent.contains(where: { $0 >= since }) { return true }
        guard let due = column.dueAt else { return false }
        return due >= since && due <= now.advanced(by: .seconds(daysAhead * 86_400))
    }
}
