package import Records
package import Transformer

/// What one page yielded: typed batches, what becomes true with them, and what later steps go by.
package struct ParsedPage: Sendable {
    package var batches: [any RecordBatch]
    package var changes: [StateChange]
    /// What the page tells beside its rows.
    package var notes: ReadNotes

    package init(_ batches: [any RecordBatch] = [], changes: [StateChange] = [], notes: ReadNotes = ReadNotes()) {
        self.batches = batches
        self.changes = changes
        self.notes = notes
    }
}

/// A batch of some one record type, on its way to that type's stream.
package protocol RecordBatch: Sendable {
    /// Hands the batch, with its type, to `receiver`, as part of a group of lists or by itself.
    func deliver(to receiver: some BatchReceiver, group: Int?) async throws

    /// The stream the records are counted under.
    var stream: String { get }
    /// Records the batch was read from, whatever became of them.
    var readCount: Int { get }
    /// Records that could not be transformed.
    var rejectCount: Int { get }
    /// The table of its records.
    var table: Table { get }
    /// The ``KeyHash``es of its records.
    var keyHashes: [UInt64] { get }
    /// The ids of the records that could not be transformed, where they have one.
    var rejectedKeys: [String] { get }
    /// The batch without what belongs to courses that are not read.
    func restricted(to filter: CourseFilter) -> any RecordBatch
}

/// The transformer's outlet: takes batches of every record type, each into a stream of its own.
package protocol BatchReceiver: Sendable {
    /// Takes `batch`, waiting while the stream of its type is full.
    func receive<R: Record>(_ batch: Batch<R>) async throws
}

extension Batch: RecordBatch {
    package func deliver(to receiver: some BatchReceiver, group: Int?) async throws {
        var batch = self
        batch.group = group
        try await receiver.receive(batch)
    }

    package func restricted(to filter: CourseFilter) -> any RecordBatch {
        guard Content.self is any CourseBound.Type else { return self }
        var batch = self
        batch.records.removeAll { record in
            (record as? any CourseBound).map { !filter.keeps($0) } ?? false
        }
        return batch
    }

    package var rejectCount: Int { rejects.count }
    package var table: Table { Content.table }
    package var keyHashes: [UInt64] { Content.keyHashes(of: records) }
    package var rejectedKeys: [String] { rejects.compactMap(\.naturalKey) }
}
