import AsyncAlgorithms
import Extractor
import Loader
import Logging
import Platforms
import Records
import Synchronization

/// One run of one source: executes what its platform plans.
///
/// Reading, transforming, assembling and publishing overlap. The platform's plan calls ``read(_:)``; workers fetch and
/// transform; typed streams carry the batches to the assembler; the publisher commits one commit unit while the next
/// grows.
final class SourceRun: RunContext, UnpublishedMarks {
    let settings: SourceSettings
    let connectorState: ConnectorState
    let plan: RunSpec
    let policy: RunPolicy
    let store: RunStore
    let client: APIClient
    let clock: ServerClock
    let tally: RequestTally
    let stats = StreamStats()
    let assembler: CommitUnitAssembler
    let streams = RecordStreams()
    let lock = AsyncReadWriteLock()
    let queueOfRun = WorkQueue()
    let queueOfBaseline = OpenQueue()
    let orders = AsyncChannel<CommitRequest>()
    let pace: CommitPolicy
    let progress: RunProgress
    let platform: any Platform
    let time: any TimeSource
    let logger: Logger
    private let overlay = Mutex<[StreamPartition: MarkPosition]>([:])
    private let began = Mutex<Timestamp?>(nil)
    private let leftovers = Mutex<[CommitUnit]>([])
    let seenKeys = SeenKeys()
    private let said = Mutex<Set<String>>([])
    /// By table: whether some of its rows were marked as deleted when this run first asked.
    let withDeleted = Mutex<[String: Bool]>([:])
    private let stale = Mutex<Set<String>>([])
    let absences: AbsentRows
    let deletions = PendingDeletions()
    let log = ReadLog()
    let unknown: NamedRecords
    let scope: CourseFilter
    /// What goes with rows that are gone.
    private let cascade: Cascade

    init(
        plan: RunSpec,
        store: RunStore,
        platform: any Platform,
        client: APIClient,
        clock: ServerClock,
        tally: RequestTally,
        connectorState: ConnectorState,
        unknown: NamedRecords,
        scope: CourseFilter,
        pace: CommitPolicy,
        progress: RunProgress,
        time: any TimeSource,
        logger: Logger
    ) {
        settings = plan.settings
        cascade = Cascade(PlatformRegistry.kinds.first { $0.kind == plan.settings.kind }?.data ?? DataDeclaration())
        self.connectorState = connectorState
        self.unknown = unknown
        self.scope = scope
        self.plan = plan
        policy = RunPolicy(plan)
        self.store = store
        self.client = client
        self.clock = clock
        self.tally = tally
        self.pace = pace
        self.progress = progress
        self.platform = platform
        self.time = time
        self.logger = logger
        assembler = CommitUnitAssembler(sourceID: plan.settings.id, runID: store.runID)
        absences = AbsentRows(maxFraction: plan.settings.maxDeletionFraction)
    }

    var mode: ReadingMode { plan.mode }
    var isBaseline: Bool { policy.isBaseline }

    var serverNow: Timestamp { clock.now }
    var clockDoubt: Duration { clock.doubt }

    var startedAt: Timestamp {
        if let resumed = plan.resumedStart { return resumed }
        let now = clock.now
        return began.withLock { began in
            if let began { return began }
            if clock.hasReading { began = now }
            return now
        }
    }

    var allowance: Int? { policy.keepsToAllowance ? client.allowance : nil }

    /// The run will make so many calls, as far as is known.
    func expect(_ requests: Int) {
        pace.risk.expect(requests)
        progress.expect(requests)
    }

    func noteUnknown(_ record: NamedRecord) { unknown.note(record) }

    func absentRows(of table: Table) async -> [AbsentRow] { absences.take(table.name) }

    var facts: any WarehouseFacts { RunFacts(run: self, reader: store.reader) }

    func hasMet(learner id: String) -> Bool { assembler.hasMet(learner: id) }

    func say(_ message: String) {
        guard said.withLock({ $0.insert(message).inserted }) else { return }
        logger.warning("\(message)")
    }

    func noteStale(_ streams: [String]) { stale.withLock { $0.formUnion(streams) } }

    /// Streams of which this run cannot tell whether they are current.
    var staleStreams: Set<String> { stale.withLock { $0 } }

    func isSelected(_ stream: String) -> Bool { plan.streams.contains(stream) }
    func isSwept(_ stream: String) -> Bool { isSelected(stream) && !plan.followed.contains(stream) }

    /// The watermarks this run has set, published or not.
    func positionSet(_ stream: String, _ partition: String) -> MarkPosition? {
        overlay.withLock { $0[StreamPartition(stream, partition)] }
    }

    /// The watermarks of a stream that this run has set, by partition.
    func positionsSet(_ stream: String) -> [String: MarkPosition] {
        overlay.withLock { overlay in
            var positions: [String: MarkPosition] = [:]
            for (key, position) in overlay where key.stream == stream { positions[key.partition] = position }
            return positions
        }
    }

    /// Whether users know the stream: it is one of those the kind offers.
    private func isOffered(_ stream: String) -> Bool {
        PlatformRegistry.kinds.first { $0.kind == settings.kind }?.streams.contains(stream) ?? false
    }

    // MARK: State

    func apply(_ changes: [StateChange]) async {
        for change in changes {
            // Due work of an incremental run is kept aside: most of it is answered before it would ever be stored.
            if case .queue(let entry) = change, policy.queueing(of: entry, now: serverNow) == .keptForThisRun {
                queueOfRun.add([entry])
            } else {
                assembler.change { self.write(change, to: &$0) }
            }
        }
    }

    func write(_ change: StateChange, to unit: inout CommitUnit) {
        switch change {
        case .watermark(let stream, let partition, let position, let asOf):
            let fate = policy.watermark(ofPartition: partition)
            if case .stored = fate {
                // A connector's own marks tell nothing of how fresh any data is.
                unit.setWatermark(stream, partition, position: position.json, dataAsOf: isOffered(stream) ? asOf : nil)
            }
            if fate == .remembered || fate == .stored(isRemembered: true) {
                overlay.withLock { $0[StreamPartition(stream, partition)] = position }
            }
        case .queue(let entry):
            guard policy.queueing(of: entry, now: serverNow) != .dropped else { return }
            if isBaseline {
                guard let open = queueOfBaseline.add(entry) else { return }
                if entry.dueAt <= serverNow { progress.queued(entry.stream) }
                expect(tally.total + open)
            }
            unit.queue(entry)
        case .gone(let rows):
            for part in [rows] + cascade.rows(with: rows) { mark(part, in: &unit) }
        case .moved(let rows):
            unit.rekey(
                RekeyedRows(rows.table, stream: AllRecords.stream(of: rows.table), from: rows.from, to: rows.to)
            )
        }
    }

    private func mark(_ rows: GoneRows, in unit: inout CommitUnit) {
        let deleted = DeletedRows(
            rows.table,
            stream: AllRecords.stream(of: rows.table),
            columns: rows.columns,
            keys: rows.keys,
            unset: rows.unset,
            through: rows.through,
            accessEnded: rows.table.name == Enrollment.table.name ? serverNow : nil
        )
        switch policy.deletion(of: rows) {
        case .heldBack: deletions.add(deleted, following: rows.parent)
        case .marked: unit.delete(deleted)
        case .dropped: break
        }
    }

    // MARK: Settling

    func settle() async throws {
        guard policy.followsChanges else { return }
        try await lock.publish { try await self.settleAlone() }
    }

    /// Compares what is new in the commit unit with the warehouse; the caller holds the lock.
    private func settleAlone() async throws {
        await streams.settle()
        guard policy.followsChanges else { return try await settleReturns() }
        let fresh = assembler.takeFresh()
        guard !fresh.isEmpty else { return }
        var changes: [String: [ChangedRow]] = [:]
        for followed in platform.followedTables where fresh.rowCount(of: followed.table) > 0 {
            changes[followed.table.name] = try await store.differences(of: followed, in: fresh)
        }
        guard !changes.isEmpty else { return }
        await apply(try await platform.followUps(of: changes, self))
    }

    // MARK: Publishing

    func publish() async throws {
        try await lock.publish {
            try await self.settleAlone()
            await self.streams.settle()
            try await self.send(waits: true)
        }
    }

    func publishIfDue() async throws {
        guard pace.isDue(bytes: assembler.byteCount) else { return }
        try await lock.publish {
            guard self.pace.isDue(bytes: self.assembler.byteCount) else { return }
            try await self.settleAlone()
            await self.streams.settle()
            try await self.send(waits: false)
        }
    }

    /// Begins the next commit unit because the calls of this one keep others from being made.
    func publishAtRisk() async throws {
        try await lock.publish {
            guard self.pace.risk.hasGathered else { return }
            try await self.settleAlone()
            await self.streams.settle()
            try await self.send(waits: false)
        }
    }

    /// The commit unit as it stands, with what the ledger and the queue have to know.
    func takeUnit() -> CommitUnit {
        var unit = assembler.takeAll()
        for (stream, count) in tally.takeUnreported() { unit.addRequests(stream, count) }
        if policy.keepsMarks, let changed = connectorState.takeChanges() {
            unit.setWatermark(ConnectorState.stream, position: changed.json, dataAsOf: nil)
        }
        for entry in queueOfRun.open {
            unit.queue(entry)
        }
        if isBaseline, clock.hasReading {
            unit.setCheckpoint(ResumePoint.startStream, position: ResumePoint.start(startedAt))
        }
        pace.notePublished()
        return unit
    }

    private func send(waits: Bool) async throws {
        // What the plan waits for it may look up next, in what a crash of the server must not take back then.
        let order = CommitRequest(unit: takeUnit(), waitsForDisk: waits || policy.waitsForDisk, calls: pace.risk.take())
        await orders.send(order)
        // What no publisher has taken is kept for the closing commit.
        if Task.isCancelled, order.claim() { leftovers.withLock { $0.append(order.unit) } }
        try Task.checkCancellation()
        if waits { try await order.done.wait() }
    }

    /// Everything complete that no publisher has taken: for the closing commit of a run that was stopped.
    func takeLeftovers() -> [CommitUnit] {
        leftovers.withLock { units in
            defer { units = [] }
            return units
        }
    }

    /// Settles and takes what a stopped run has complete.
    func closingUnits() async throws -> [CommitUnit] {
        try await settleAlone()
        return takeLeftovers() + [takeUnit()]
    }
}

extension ConnectorState {
    /// The name under which a connector's state is kept among the watermarks.
    static let stream = "connection"
}
