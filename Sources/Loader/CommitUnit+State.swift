package import Records

extension CommitUnit {
    // MARK: Watermarks and checkpoints

    /// Moves a watermark with this commit unit; a number in it never gets smaller, whatever is given.
    ///
    /// The position is a JSON object such as `{"created_after": 1751299200}`; members not named keep their value.
    /// `dataAsOf` says up to when the platform's changes are in; `nil` keeps what stands.
    package mutating func setWatermark(
        _ stream: String,
        _ partition: String = "",
        position: String,
        dataAsOf: Timestamp?
    ) {
        state.watermarks[StreamPartition(stream, partition)] =
            .init(position: position, dataAsOf: dataAsOf)
    }

    /// Notes up to when the platform's changes to a stream are in, whatever its position.
    package mutating func noteDataAsOf(_ stream: String, _ instant: Timestamp) {
        state.watermarks[StreamPartition(stream), default: .init(position: CommitUnitState.unmoved)].dataAsOf = instant
    }

    /// Begins the streams anew (`baseline --restart`): their watermarks, checkpoints and queue entries go, and with all
    /// of them the note that a baseline was completed.
    package mutating func restart(streams: [String]) {
        state.restarts = (state.restarts ?? []).union(streams)
    }

    /// Notes what the source's rows are loaded from, from this commit unit on, and takes from what is stored of persons
    /// what is not in the form that goes with it.
    package mutating func begin(from origin: SourceOrigin, restating restatement: LearnerRestatement?) {
        state.origin = origin
        state.restatement = restatement.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Marks everything that the source has as deleted and closes what is open about it: what is read from now on is another
    /// school's, and an id of the former one may be anybody's there.
    ///
    /// - Parameter tables: Every table with the stream that its rows are counted under.
    package mutating func leaveFormerSchool(_ tables: [(table: Table, stream: String)]) {
        state.leftTables += tables.map { CommitUnitState.LeftTable(table: $0.table, stream: $0.stream) }
    }

    /// Notes how far an interrupted baseline got in a list.
    package mutating func setCheckpoint(_ stream: String, _ partition: String = "", position: String) {
        state.checkpoints[StreamPartition(stream, partition)] = position
    }

    /// Forgets all checkpoints of the source: its baseline is complete.
    ///
    /// Those set by this commit unit stay.
    package mutating func removeAllCheckpoints() { state.clearsCheckpoints = true }

    // MARK: The queue

    /// Marks a partition for a re-pull.
    ///
    /// An entry that is there keeps the earlier due time and when it was queued, and `whole` as its reason.
    package mutating func queue(
        _ stream: String,
        _ partition: String,
        reason: String,
        dueAt: Timestamp,
        attempts: Int = 0
    ) {
        state.queue(
            StreamPartition(stream, partition),
            .init(reason: reason, dueAt: dueAt, attempts: attempts)
        )
    }

    /// Removes a queue entry that this commit unit answers, unless it was queued after `queuedUpTo`.
    ///
    /// Only entries from before this commit unit go: one queued by the commit unit itself stays.
    package mutating func unqueue(_ stream: String, _ partition: String, queuedUpTo: Timestamp? = nil) {
        let upTo = queuedUpTo ?? Timestamp(microsecondsSinceEpoch: .max)
        let key = StreamPartition(stream, partition)
        state.unqueued[key] = max(state.unqueued[key] ?? upTo, upTo)
    }

    // MARK: What was found

    /// Notes what became of a part that was to be read.
    package mutating func coverage(
        _ stream: String,
        _ partition: String = "",
        outcome: CoverageOutcome,
        expected: Int? = nil,
        read: Int? = nil,
        isComplete: Bool = false
    ) {
        state.coverage[StreamPartition(stream, partition)] =
            .init(outcome: outcome, expected: expected, read: read, isComplete: isComplete)
    }

    /// Stores a record that could not be transformed, and counts it as read and rejected.
    package mutating func reject(_ record: RejectedRecord) {
        state.rejects.append(record)
        state.counts[record.stream, default: RowCounts()].rejected += 1
    }

    /// The records that could not be transformed.
    package var rejectedRecords: [RejectedRecord] { state.rejects }

    /// The records that have arrived whole after they were rejected.
    package var arrivedRecords: [(stream: String, naturalKey: String)] {
        state.arrivals.map { ($0.stream, $0.partition) }
    }

    /// Notes that a record which was rejected before has arrived whole.
    package mutating func resolveReject(_ stream: String, naturalKey: String) {
        state.arrivals.insert(StreamPartition(stream, naturalKey))
    }

    /// Notes that rejects stand for nothing the platform still sends.
    package mutating func resolveRejects(_ ids: [Int64]) { state.resolvedRejects += ids }

    /// Notes a field of the platform that no column holds.
    package mutating func drift(_ stream: String, field: String, jsonType: String, kept: Bool) {
        state.drift[.init(stream: stream, field: field, jsonType: jsonType)] = kept
    }

    // MARK: The ledger

    /// Counts requests made for a stream.
    package mutating func addRequests(_ stream: String, _ count: Int) {
        state.requests[stream, default: 0] += count
    }

    // MARK: The source

    /// Stores until when the platform must not be asked, or that it may be.
    package mutating func setNotBefore(_ instant: Timestamp?) { state.notBefore = .some(instant) }

    /// Stores what the platform says it is, a JSON object.
    package mutating func setIdentity(_ json: String) { state.identity = json }

    /// Stores when the source's baseline was completed.
    package mutating func setBaselineCompleted(at instant: Timestamp) { state.baselineCompletedAt = instant }
}
