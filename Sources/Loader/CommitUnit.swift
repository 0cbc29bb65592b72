package import Records
private import Synchronization

/// Rows and state that become visible together, in one transaction.
///
/// A commit unit stays in memory until it is committed, so a lost connection costs no request. Records are encoded as
/// they are appended: what a commit unit holds is the bytes that will be sent.
package struct CommitUnit: Sendable {
    /// The source every row belongs to.
    package let sourceID: String
    /// The run that changes the rows.
    package let runID: Int64
    /// Whether a row may replace a stored one that is newer by the source's own version.
    package var allowsOlder = false

    var tables: [String: StagedRows] = [:]
    var state = CommitUnitState()

    package init(sourceID: String, runID: Int64) {
        (self.sourceID, self.runID) = (sourceID, runID)
    }

    /// Adds records and counts them under `stream`.
    ///
    /// Of two with one key the newer version wins, then the later to arrive.
    package mutating func append<R: Record>(_ records: [R], stream: String) {
        guard !records.isEmpty else { return }
        let number = StreamNumber.of(stream)
        state.touch(stream)
        var start = records.startIndex
        while start < records.endIndex {
            let end = min(start + ArrivalOrdinal.chunkSize, records.endIndex)
            let chunk = start == records.startIndex && end == records.endIndex ? records : Array(records[start..<end])
            tables[R.table.name, default: StagedRows(table: R.table)].append(chunk, stream: number)
            start = end
        }
    }

    /// Adds everything `other` holds, as if it had been added here, in the order it arrived.
    ///
    /// What is built apart (all lists of one learner, say) joins its commit unit only once it is whole.
    package mutating func append(_ other: CommitUnit) {
        precondition(other.sourceID == sourceID && other.runID == runID, "a commit unit holds one run of one source")
        for (name, rows) in other.tables {
            tables[name, default: StagedRows(table: rows.table)].append(contentsOf: rows)
        }
        state.merge(other.state)
        allowsOlder = allowsOlder || other.allowsOlder
    }

    /// Size of the rows, in bytes as they will be sent.
    package var byteCount: Int { tables.values.reduce(0) { $0 + $1.byteCount } }
    /// How many rows wait.
    package var rowCount: Int { tables.values.reduce(0) { $0 + $1.buffer.rows } }
    /// Whether there is nothing to commit, neither rows nor state.
    package var isEmpty: Bool { tables.allSatisfy { $0.value.buffer.isEmpty } && state.isEmpty }
    /// Rows waiting for one table.
    package func rowCount(of table: Table) -> Int { tables[table.name]?.buffer.rows ?? 0 }
}

/// The rows of one table, on their way.
struct StagedRows: Sendable {
    let table: Table
    var buffer = CopyBuffer()
    /// How many rows each stream brought, by the stream's number.
    var streams: [Int64: Int] = [:]
    /// The rows that have nothing to say about some columns.
    var absences: [Absence] = []

    /// The columns that a row, found by its ordinal, has nothing to say about.
    struct Absence: Sendable {
        let ordinal: Int64
        let columns: ColumnSet
    }

    init(table: Table) { self.table = table }

    var byteCount: Int { buffer.byteCount + absences.count * MemoryLayout<Absence>.stride }

    mutating func append<R: Record>(_ records: [R], stream: Int64) {
        let first = ArrivalOrdinal.next(stream: stream)
        R.encode(records, into: &buffer, firstOrdinal: first)
        streams[stream, default: 0] += records.count
        for index in records.indices {
            let columns = records[index].absentColumns
            guard !columns.isEmpty else { continue }
            absences.append(Absence(ordinal: first + Int64(index - records.startIndex), columns: columns))
        }
    }

    mutating func append(contentsOf other: StagedRows) {
        buffer.append(contentsOf: other.buffer)
        absences += other.absences
        streams.merge(other.streams, uniquingKeysWith: +)
    }
}

/// A row's place in the order of arrival, with its stream: chunk (35 bits), stream (8), row of the chunk (20).
///
/// Chunks are numbered for the whole process, so that commit units can be joined without touching their rows.
enum ArrivalOrdinal {
    static let chunkSize = 1 << 20
    static let streamShift = 20
    static let streamMask = 0xFF
    private static let chunks = Atomic<Int64>(0)

    static func next(stream: Int64) -> Int64 {
        let chunk = chunks.wrappingAdd(1, ordering: .relaxed).newValue
        return chunk << 28 | stream << 20
    }
}

/// Streams by number, as they stand in ordinals; there are a dozen in all.
enum StreamNumber {
    private static let names = Mutex<[String]>([])

    static func of(_ stream: String) -> Int64 {
        names.withLock { names in
            if let index = names.firstIndex(of: stream) { return Int64(index) }
            precondition(names.count <= ArrivalOrdinal.streamMask, "too many streams")
            names.append(stream)
            return Int64(names.count - 1)
        }
    }

    static func name(_ number: Int64) -> String {
        names.withLock { names in names.indices.contains(Int(number)) ? names[Int(number)] : "" }
    }
}
