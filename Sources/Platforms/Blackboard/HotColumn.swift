import Records

/// Which columns of an active course are asked for changed grades: Sources/Platforms/Blackboard/README.md §5, point 3.
enum HotColumn {
    /// How long after its making, its change or its last grade a column is hot.
    private static let recently = Duration.seconds(14 * 86_400)

    /// Whether a column's grades are likely to move: new, due, graded lately, or never read.
    ///
    /// - Parameters:
    ///   - before: How far before now its due date may lie: `options.hot_before`.
    ///   - after: How far after now: `options.hot_after`.
    static func isHot(
        _ column: GradebookColumn,
        _ mark: ColumnMark,
        at now: Timestamp,
        before: Duration,
        after: Duration
    ) -> Bool {
        if mark.fullAt == nil { return true }
        let since = now.advanced(by: .zero - recently)
        let recent = [column.createdAt, column.modifiedAt, mark.changedAt].compactMap { $0 }
        if recent.contains(where: { $0 >= since }) { return true }
        guard let due = column.dueAt else { return false }
        return due >= now.advanced(by: .zero - before) && due <= now.advanced(by: after)
    }
}
