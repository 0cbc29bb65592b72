import Records

extension CommitUnit {
    /// Leaves out the rows that a comparison is not about.
    mutating func keepRows(in scope: ComparisonScope) {
        for (name, rows) in tables {
            guard scope.covers(rows.table) else {
                tables[name] = nil
                continue
            }
            let columns = scope.courseColumns(of: rows.table)
            let indices = rows.table.columns.indices.filter { columns.contains(rows.table.columns[$0].name) }
            guard let courses = scope.courses, !indices.isEmpty else { continue }
            tables[name] = rows.filtered { row in
                indices.contains { row.text($0).map(courses.contains) ?? false }
            }
        }
    }

    /// What a comparison stores where it repairs: rows, deletions, rejects and the ledger; no mark moves, and of the queue only
    /// what hangs on a parent that is back.
    package func repairing() -> CommitUnit {
        var unit = withoutRows()
        unit.tables = tables
        unit.state.deletions = state.deletions
        unit.state.queued = state.queued.filter { $0.value.reason == CommitUnitState.wholeReason }
        unit.state.rejects = state.rejects
        unit.state.arrivals = state.arrivals
        unit.state.drift = state.drift
        unit.state.counts = state.counts
        return unit
    }

    /// What a comparison stores where it only looks: what it asked and read, for the ledger.
    package func looking() -> CommitUnit {
        var unit = withoutRows()
        for rows in tables.values {
            for (stream, count) in rows.streams {
                unit.state.counts[StreamNumber.name(stream), default: RowCounts()].unchanged += count
            }
        }
        return unit
    }

    private func withoutRows() -> CommitUnit {
        var unit = CommitUnit(sourceID: sourceID, runID: runID)
        unit.allowsOlder = allowsOlder
        unit.state.requests = state.requests
        unit.state.counts = state.counts
        return unit
    }
}

extension StagedRows {
    /// The rows that `isIncluded` says yes to.
    fileprivate func filtered(_ isIncluded: (CopyRow) -> Bool) -> StagedRows {
        var left = StagedRows(table: table)
        left.absences = absences
        var (index, start) = (0, 0)
        func take(upTo end: Int) {
            if end > start { left.buffer.append(contentsOf: buffer.rows(in: start..<end)) }
        }
        CopyRow.forEach(in: buffer) { row in
            if isIncluded(row) {
                left.streams[row.stream, default: 0] += 1
            } else {
                take(upTo: index)
                start = index + 1
            }
            index += 1
        }
        take(upTo: index)
        return left
    }
}
