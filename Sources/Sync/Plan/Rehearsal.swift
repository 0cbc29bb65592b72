import Extractor
import Loader
import Logging
import Platforms
import Records
import Synchronization
import Transformer

/// A run that is planned, not made: the platform's own plan is gone through, and its lists are counted.
///
/// So what decides what a run reads is the code of the run itself. Lists of the whole school are read as far as they tell what
/// they cost, and of the lists that decide what else is read some; everything else is taken to have been read. Nothing is
/// stored, and no lease is taken.
final class Rehearsal: RunContext, UnpublishedMarks {
    let settings: SourceSettings
    let mode: ReadingMode
    let memory: ConnectionMemory
    let streams: Set<String>
    let platform: any Platform
    let client: APIClient
    let clock: ServerClock
    let tally: RequestTally
    let reader: WarehouseReader
    let comparer: PieceWriter
    let assembler: PieceAssembler
    let logger: Logger
    let state: Mutex<State>

    /// What a rehearsal has come to.
    struct State: Sendable {
        var forecast = Forecast()
        var queue = RehearsalQueue()
        var marks: [StreamPartition: MarkPosition] = [:]
        var counted: Set<ListKey> = []
        var began: Timestamp?
        var hasStored = false
        /// What the entries that are worked on stand for.
        var weight = 1.0
        /// By table: how many rows each row read since the last settling stands for.
        var rowWeights: [String: Double] = [:]
        /// The partitions read as samples since then.
        var sampled: Set<String> = []
        var coverage: [String: [String: Int]] = [:]
    }

    /// One list of a run; asked twice it is counted once.
    struct ListKey: Hashable, Sendable {
        let stream: String
        let partition: String
        let request: Int
    }

    init(
        settings: SourceSettings,
        mode: ReadingMode,
        streams: Set<String>,
        platform: any Platform,
        client: APIClient,
        tally: RequestTally,
        memory: ConnectionMemory,
        warehouse: Warehouse,
        parts: ServiceParts,
        logger: Logger
    ) {
        self.settings = settings
        self.mode = mode
        self.streams = streams
        self.platform = platform
        self.client = client
        self.tally = tally
        self.memory = memory
        clock = ServerClock(time: parts.time)
        reader = warehouse.reader
        comparer = warehouse.comparer(settings.id)
        assembler = PieceAssembler(sourceID: settings.id, runID: 0)
        self.logger = logger
        state = Mutex(State())
    }

    /// Goes through the platform's plan.
    ///
    /// - Returns: What the run will cost.
    func rehearse() async throws -> Forecast {
        switch mode {
        case .baseline: return try await platform.planBaseline(self)
        case .incremental:
            try await platform.incremental(self)
            return state.withLock { $0.forecast }
        }
    }

    // MARK: What a platform asks of its run

    var facts: any WarehouseFacts { RunFacts(run: self, reader: reader) }
    var serverNow: Timestamp { clock.now }
    var requestsMade: Int { tally.total }
    /// A plan says what the whole run costs; what of it a quota allows today is told apart.
    var allowance: Int? { nil }

    var startedAt: Timestamp {
        let now = clock.now
        return state.withLock { state in
            if let began = state.began { return began }
            if clock.hasReading { state.began = now }
            return now
        }
    }

    func isSelected(_ stream: String) -> Bool { streams.contains(stream) }

    func positionSet(_ stream: String, _ partition: String) -> MarkPosition? {
        state.withLock { $0.marks[StreamPartition(stream, partition)] }
    }

    func positionsSet(_ stream: String) -> [String: MarkPosition] {
        state.withLock { state in
            var positions: [String: MarkPosition] = [:]
            for (key, position) in state.marks where key.stream == stream { positions[key.partition] = position }
            return positions
        }
    }

    func hasMet(learner id: String) -> Bool { assembler.hasMet(learner: id) }

    func apply(_ changes: [StateChange]) async { apply(changes, weight: state.withLock { $0.weight }) }

    func apply(_ changes: [StateChange], weight: Double) {
        let now = serverNow
        state.withLock { state in
            for change in changes {
                switch change {
                case .watermark(let stream, let partition, let position, _):
                    state.marks[StreamPartition(stream, partition)] = position
                case .queue(let entry):
                    // What is due later is another run's.
                    if entry.dueAt <= now { state.queue.add(entry, weight: weight) }
                case .gone, .moved: break
                }
            }
        }
    }

    func takeAbsent() async -> [AbsentRow] { [] }
    func noteAbsent(_ rows: [AbsentRow], of table: Table) async throws {}
    func publish() async throws { try await settle() }

    // MARK: Following up

    /// Compares what was read with the warehouse; what follows from the differences is queued for as many as it stands for.
    func settle() async throws {
        let fresh = assembler.takeFresh()
        _ = assembler.takeAll()
        let (weights, sampled) = state.withLock { state in
            defer { (state.rowWeights, state.sampled) = ([:], []) }
            return (state.rowWeights, state.sampled)
        }
        guard !fresh.isEmpty else { return }
        var changes: [Double: [String: [ChangedRow]]] = [:]
        for followed in platform.followedTables where fresh.rowCount(of: followed.table) > 0 {
            let rows = try await comparer.differences(in: followed.table, of: fresh, returning: followed.columns)
            changes[weights[followed.table.name] ?? 1, default: [:]][followed.table.name] = rows.map {
                ChangedRow(isNew: $0.isNew, values: $0.values)
            }
        }
        // What is known goes first: what only a sample shows adds to it.
        for (weight, tables) in changes.sorted(by: { $0.key < $1.key }) {
            try await follow(tables, weight: weight, sampled: sampled)
        }
    }

    private func follow(_ tables: [String: [ChangedRow]], weight: Double, sampled: Set<String>) async throws {
        let decided = try await platform.followUps(of: tables, self)
        guard weight > 1 else {
            apply(decided, weight: 1)
            return
        }
        var byStream: [String: [StateChange]] = [:]
        for change in decided {
            guard case .queue(let entry) = change else {
                apply([change], weight: 1)
                continue
            }
            guard entry.dueAt <= serverNow, state.withLock({ $0.queue.isNew(entry) }) else { continue }
            byStream[entry.stream, default: []].append(change)
        }
        for (stream, entries) in byStream {
            apply(entries, weight: try await self.weight(of: entries, stream, weight, sampled))
        }
    }

    /// How many entries each of those that a sample brought stands for.
    private func weight(
        of changes: [StateChange],
        _ stream: String,
        _ weight: Double,
        _ sampled: Set<String>
    ) async throws -> Double {
        let partitions = changes.compactMap { change in
            if case .queue(let entry) = change { entry.partition } else { nil }
        }
        // A part of the sample itself stands for the parts that were left out.
        let isOwn = partitions.allSatisfy { part in
            sampled.contains(part) || sampled.contains { $0.hasPrefix("\(part)/") }
        }
        if isOwn { return weight }
        let kinds = try await reader.allWatermarks(settings.id, stream).count
        return Sampling.distinct(seen: partitions.count, of: max(kinds, partitions.count), factor: weight)
            / Double(max(partitions.count, 1))
    }

    // MARK: The queue

    func drain(
        _ names: [String],
        _ makeGroups: @Sendable ([PendingEntry]) async throws -> [ReadGroup]
    ) async throws {
        if state.withLock({ state in
            defer { state.hasStored = true }
            return !state.hasStored
        }) {
            let due = try await reader.pending(settings.id, streams: streams.sorted(), dueBy: serverNow, limit: 100_000)
            state.withLock { state in for entry in due { state.queue.add(PendingEntry(entry), weight: 1) } }
        }
        while true {
            let (entries, weight) = state.withLock { state in
                let taken = state.queue.take(names, limit: 500)
                state.weight = taken.weight
                return taken
            }
            defer { state.withLock { $0.weight = 1 } }
            guard !entries.isEmpty else { return }
            try await count(try await makeGroups(entries), weight: weight)
        }
    }
}
