import Extractor
import Loader
import Platforms
import Records

extension SourceRun {
    /// Notes what the lists of a group have shown to be there.
    struct Presence {
        private let covers: [Cover]
        private var seen: [String: Set<UInt64>] = [:]
        private var rejected: Set<String> = []

        init(_ covers: [Cover]) {
            self.covers = covers
        }

        mutating func note(_ batch: any RecordBatch) {
            guard covers.contains(where: { $0.table.name == batch.table.name }) else { return }
            seen[batch.table.name, default: []].formUnion(batch.keyHashes)
            for key in batch.rejectedKeys {
                rejected.insert(key)
                rejected.formUnion(key.split(separator: "/").map(String.init))
            }
        }

        /// What the warehouse has and the lists did not.
        func absences(in store: RunStore) async throws -> [(cover: Cover, rows: [AbsentRow], absent: Int)] {
            var found: [(cover: Cover, rows: [AbsentRow], absent: Int)] = []
            for cover in covers {
                let name = cover.table.name
                let absent = try await store.absentRows(
                    under: cover,
                    seen: seen[name] ?? [],
                    limit: SourceRun.absenceLimit
                )
                // A record that could not be read is there all the same.
                let keys = absent.keys.filter { key in !key.values.contains(where: rejected.contains) }
                let rows = keys.map { AbsentRow(table: name, key: $0) }
                found.append((cover, rows, absent.absent - (absent.keys.count - keys.count)))
            }
            return found
        }
    }

    /// Absent rows of one list that are taken up at once; the others wait for the next sweep.
    static let absenceLimit = 200_000

    /// Notes the absences that whole lists have shown.
    func noteAbsences(_ presence: Presence) async throws {
        for found in try await presence.absences(in: store) {
            try await noteAbsences(
                found.rows,
                of: found.cover.table,
                absent: found.absent,
                isConfirmedOneByOne: found.cover.isConfirmedOneByOne
            )
        }
    }

    func noteAbsent(_ rows: [AbsentRow], of table: Table) async throws {
        try await noteAbsences(rows, of: table, absent: rows.count)
    }

    private func noteAbsences(
        _ rows: [AbsentRow],
        of table: Table,
        absent: Int,
        isConfirmedOneByOne: Bool = false
    ) async throws {
        // Of what is not read, nothing says that it is gone.
        let read = scope.isEverything ? rows : rows.filter { $0.key["course_id"].map(scope.contains) ?? true }
        let absent = absent - (rows.count - read.count)
        guard absent > 0 else { return }
        absences.add(read, of: table.name, absent: absent, isConfirmedOneByOne: isConfirmedOneByOne)
        guard absences.needsCount(of: table.name) else { return }
        absences.note(live: try await store.reader.liveRowCount(settings.id, of: table), of: table.name)
    }

    /// Makes the deletions found part of the next piece, unless they are more than is believed.
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
                continue
            }
            assembler.change { piece in
                for part in rows { piece.delete(part) }
            }
        }
        assembler.change { piece in
            for found in following where !refused.contains(found.parent ?? "") { piece.delete(found.rows) }
        }
    }

    private func refuse(_ table: String, marked: Int, live: Int) {
        let message =
            "\(marked) of \(live) live rows would be marked as deleted, more than deletions.max_fraction"
            + " (\(settings.maxDeletionFraction)); none was: see whether the platform answers whole, or raise the setting once"
        _ = book.fail(stream: table, message: message, error: nil, stops: false)
    }
}
