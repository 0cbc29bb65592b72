/// What happened to the rows of one stream, or of one table.
package struct RowCounts: Sendable, Hashable {
    package var inserted = 0
    package var updated = 0
    package var unchanged = 0
    package var duplicate = 0
    package var suppressed = 0
    package var deleted = 0
    package var rejected = 0

    package init() {}

    /// Every record counted once: what `rows_read` is.
    package var read: Int { inserted + updated + unchanged + duplicate + suppressed + rejected }
    /// Row versions written.
    package var written: Int { inserted + updated }

    package static func += (lhs: inout RowCounts, rhs: RowCounts) {
        lhs.inserted += rhs.inserted
        lhs.updated += rhs.updated
        lhs.unchanged += rhs.unchanged
        lhs.duplicate += rhs.duplicate
        lhs.suppressed += rhs.suppressed
        lhs.deleted += rhs.deleted
        lhs.rejected += rhs.rejected
    }

    package static func -= (lhs: inout RowCounts, rhs: RowCounts) {
        lhs.inserted -= rhs.inserted
        lhs.updated -= rhs.updated
        lhs.unchanged -= rhs.unchanged
        lhs.duplicate -= rhs.duplicate
        lhs.suppressed -= rhs.suppressed
        lhs.deleted -= rhs.deleted
        lhs.rejected -= rhs.rejected
    }
}

/// What a commit unit moved.
package struct PublishCounts: Sendable, Equatable {
    /// By table name.
    package var tables: [String: RowCounts] = [:]
    /// By stream, as it goes into `sync.run_streams`.
    package var streams: [String: RowCounts] = [:]

    package init() {}

    /// Everything together.
    package var total: RowCounts { streams.values.reduce(into: RowCounts()) { $0 += $1 } }

    package static func += (lhs: inout PublishCounts, rhs: PublishCounts) {
        for (name, counts) in rhs.tables { lhs.tables[name, default: RowCounts()] += counts }
        for (name, counts) in rhs.streams { lhs.streams[name, default: RowCounts()] += counts }
    }
}
