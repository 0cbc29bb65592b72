package import JSON
package import Records

/// The typed records of one page, what could not be transformed, and what looked different from what is known.
package struct Batch<Content: Record>: Sendable {
    /// The stream the page belongs to.
    package var stream: String
    /// The records, in the order the platform sent them.
    package var records: [Content] = []
    /// The records that could not be transformed.
    package var rejects: [Reject] = []
    /// Natural keys of awaited records that have arrived whole: rejects of theirs are resolved.
    package var arrivals: [String] = []
    /// Unknown, normalised and voided fields.
    package var driftLog = DriftLog()
    /// Which group of lists the batch belongs to, where its rows are published only with the whole group.
    package var group: Int?

    /// Makes an empty batch.
    package init(stream: String) {
        self.stream = stream
    }

    /// How many records were read, whatever became of them.
    package var readCount: Int { records.count + rejects.count }

    /// What looked different from what is known, each field once.
    package var drift: Set<DriftNote> { driftLog.notes(for: stream) }

    /// Opens a record for reading, or rejects it.
    ///
    /// It is rejected where it is no object, or damaged so that nobody can tell what its fields are. `walk` is the part
    /// of its key that not the record holds, but the walk that found it. With `firstOfDuplicates` a name that comes twice
    /// is no damage: the first one is read.
    package mutating func reader(
        of item: JSONValue,
        shape: RecordShape,
        context: ReadingContext,
        walk: String? = nil,
        firstOfDuplicates: Bool = false
    ) -> RecordReader? {
        guard item.kind == .object else {
            reject(item, shape: shape, context: context, walk: walk, cause: .notAnObject)
            return nil
        }
        if let cause = RejectCause(faultsOf: item, leavingOut: firstOfDuplicates ? .duplicateKey : []) {
            reject(item, shape: shape, context: context, walk: walk, cause: cause)
            return nil
        }
        return RecordReader(item, context: context)
    }

    /// Stores the record that `reader` was read into, or rejects it where a key could not be read.
    package mutating func append(
        _ record: consuming Content,
        from reader: RecordReader,
        shape: RecordShape,
        walk: String? = nil
    ) {
        reader.note(in: &driftLog, shape: shape)
        if let failure = reader.failure {
            reject(
                reader.object,
                shape: shape,
                context: reader.context,
                walk: walk,
                cause: failure.cause,
                field: failure.field
            )
        } else {
            noteArrival(of: reader.object, shape: shape, context: reader.context, walk: walk)
            records.append(record)
        }
    }

    /// Notes that a record was read whole, where one of its key was rejected before.
    package mutating func noteArrival(
        of item: JSONValue,
        shape: RecordShape,
        context: ReadingContext,
        walk: String? = nil
    ) {
        guard !context.awaited.isEmpty, let keys = context.awaited[stream],
            let key = shape.naturalKey(of: item, walk: walk, screen: context.screen), keys.contains(key)
        else { return }
        arrivals.append(key)
    }

    /// Rejects a record.
    package mutating func reject(
        _ item: JSONValue,
        shape: RecordShape,
        context: ReadingContext,
        walk: String? = nil,
        cause: RejectCause,
        field: String = ""
    ) {
        rejects.append(
            Reject(
                stream: stream,
                naturalKey: shape.naturalKey(of: item, walk: walk, screen: context.screen),
                cause: cause,
                field: field,
                payload: shape.payload(of: item, screen: context.screen)
            )
        )
    }
}

extension RejectCause {
    /// The reason to reject a record for how it is written, or `nil` where it can be read.
    package init?(faultsOf item: JSONValue, leavingOut tolerated: JSONFaults = []) {
        let faults = item.faults.subtracting(tolerated)
        if faults.isEmpty && item.height <= Self.deepestRecord { return nil }
        if faults.contains(.duplicateKey) {
            self = .duplicateKey
        } else if faults.contains(.invalidValue) {
            self = .invalidValue
        } else if faults.contains(.replacementInKey) {
            self = .damagedName
        } else if faults.contains(.oversizeString) {
            self = .textTooLong
        } else if faults.contains(.tooDeep) || item.height > Self.deepestRecord {
            self = .tooDeep
        } else {
            return nil
        }
    }

    /// A record deeper than this is rejected.
    private static let deepestRecord = 64
}
