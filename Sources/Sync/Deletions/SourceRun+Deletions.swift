import Extractor
import Loader
import Platforms
import Records

extension SourceRun {
    /// Absent rows of one comparison that are taken up at once; the others wait for the next sweep.
    static let absenceLimit = 200_000

    /// Notes what whole lists have shown to be there; it is compared with the warehouse for many lists at once.
    func note(_ presence: Presence) async throws {
        for shown in seenKeys.add(presence) { try await compare(shown) }
    }

    /// Compares what was not compared yet.
    func compareRest() async throws {
        for shown in seenKeys.take() { try await compare(shown) }
    }

    private func compare(_ shown: SeenKeys.Shown) async throws {
        let name = shown.table.name
        let found = try await store.absentRows(
            of: shown.table,
            scopes: shown.scopes,
            seen: shown.seen,
            limit: Self.absenceLimit
        )
        // A record that could not be read is there all the same.
        let keys = found.keys.filter { key in !key.values.contains(where: shown.rejected.contains) }
        try await noteAbsences(
            keys.map { AbsentRow(table: name, key: $0) },
            of: shown.table,
            absent: found.absent - (found.keys.count - keys.count),
            isConfirmedOneByOne: shown.isConfirmedOneByOne
        )
    }

    func noteAbsent(_ rows: [AbsentRow], of table: Table, isConfirmedOneByOne: Bool) async throws {
        try await noteAbsences(rows, of: table, absent: rows.count, isConfirmedOneByOne: isConfirmedOneByOne)
    }

    private func noteAbsences(
        _ rows: [AbsentRow],
        of table: Table,
        absent: Int,
        isConfirmedOneByOne: Bool
    ) async throws {
        // Of what is not read, nothing says that it is gone.
        let read = scope.isEverything ? rows : rows.filter { $0.key["course_id"].map(scope.contains) ?? true }
        let absent = absent - (rows.count - read.count)
        guard absent > 0 else { return }
        absences.add(read, of: table.name, absent: absent, isConfirmedOneByOne: isConfirmedOneByOne)
        guard absences.needsCount(of: table.name) else { return }
        absences.note(live: try await store.reader.liveRowCount(settings.id, of: table), of: table.name)
    }

    /// Makes the deletions found part of the next commit unit, unless they are more than is believed.
    ///
    /// The bound is `deletions.max_fraction` of the source's live rows in a table; what passes it stays as it is with all
    /// that follows from it, and the run says so.
    func decideDeletions() async throws {
        var refused = Set(absences.refused.map(\.table))
        for (table, absent, live) in absences.refused { refuse(table, marked: absent, live: live) }
        let (missed, following) = deletions.take()
        for rows in missed {
            let table = rows[0].table.name
            let (marked, live) = try await store.reader.deletionCounts(settings.id, rows)
            guard !refused.contains(table), Double(marked) <= settings.maxDeletionFraction * Double(live) else {
                if refused.insert(table).inserted { refuse(table, marked: marked, live: live) }
                if let comparison = plan.comparison { try await store.name(rows, for: comparison) }
                continue
            }
            assembler.change { unit in
                for part in rows { unit.delete(part) }
            }
        }
        if let comparison = plan.comparison {
            let left = following.filter { refused.contains($0.parent ?? "") }.map(\.rows)
            try await store.name(left, for: comparison)
        }
        assembler.change { [refused] unit in
            for found in following where !refused.contains(found.parent ?? "") { unit.delete(found.rows) }
        }
    }

    private func refuse(_ table: String, marked: Int, live: Int) {
        let message =
            "\(marked) of \(live) live rows would be marked as deleted, more than deletions.max_fraction"
            + " (\(settings.maxDeletionFraction)); none was: see whether the platform answers whole, or raise the setting once"
        _ = stats.fail(stream: table, message: message, error: nil, stops: false)
    }
}
