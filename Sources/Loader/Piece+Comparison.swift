import Records

extension Piece {
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
    package func repairing() -> Piece {
        var piece = withoutRows()
        piece.tables = tables
        piece.state.deletions = state.deletions
        piece.state.queued = state.queued.filter { $0.value.reason == PieceState.wholeReason }
        piece.state.rejects = state.rejects
        piece.state.arrivals = state.arrivals
        piece.state.drift = state.drift
        piece.state.counts = state.counts
        return piece
    }

    /// What a comparison stores where it only looks: what it asked and read, for the ledger.
    package func looking() -> Piece {
        var piece = withoutRows()
        for rows in tables.values {
            for (stream, count) in rows.streams {
                piece.state.counts[StreamNumber.name(stream), default: RowCounts()].unchanged += count
            }
        }
        return piece
    }

    private func withoutRows() -> Piece {
        var piece = Piece(sourceID: sourceID, runID: runID)
        piece.allowsOlder = allowsOlder
        piece.state.requests = state.requests
        piece.state.counts = state.counts
        return piece
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
