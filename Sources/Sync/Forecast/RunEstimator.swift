import Extractor
import Loader
import Logging
import Platforms
import Records
import Synchronization

/// A run that is planned, not made: the platform's own plan is gone through, and its lists are counted.
///
/// So what decides what a run reads is the code of the run itself. Lists of the whole school are read as far as they tell what
/// they cost, and of the lists that decide what else is read some; everything else is taken to have been read. Nothing is
/// stored, and no lease is taken.
final class RunEstimator: RunContext, UnpublishedMarks {
    let settings: SourceSettings
    let mode: ReadingMode
    let connectorState: ConnectorState
    let scope: CourseFilter
    let streams: Set<String>
    let platform: any Platform
    let client: APIClient
    let clock: ServerClock
    let tally: RequestTally
    let reader: WarehouseReader
    let store: RunStore
    let absences: AbsentRows
    let assembler: CommitUnitAssembler
    let log = ReadLog()
    let logger: Logger
    let state: Mutex<State>

    /// What an estimate has come to.
    struct State: Sendable {
        var forecast = Forecast()
        var queue = RunEstimatorQueue()
        var marks: [StreamPartition: MarkPosition] = [:]
        var counted: Set<ListKey> = []
        var began: Timestamp?
        var hasStored = false
        /// Whether any call was answered with what it asked for, and else why the first was not.
        var hasAnswer = false
        var firstFailure: ExtractorError?
        /// What the entries that are worked on stand for.
        var weight = 1.0
        /// What was read of lists that were not read whole, until it is settled.
        var samples: [Sample] = []
        /// By reason of queue entries: how many times more rows would have shown such, were the list read whole.
        var hints: [String: Double] = [:]
        /// By what a list would be called that asks for an absent row: how many such rows it stands for.
        var absent: [String: Double] = [:]
        /// By stream and partition: the rows of the last whole reading.
        var rowsLastRead: [String: [String: Int]] = [:]
        /// What the answers of the reading that is counted noted for it.
        var notes = ReadNotes()
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
        scope: CourseFilter,
        platform: any Platform,
        client: APIClient,
        tally: RequestTally,
        connectorState: ConnectorState,
        warehouse: Warehouse,
        parts: ServiceParts,
        logger: Logger
    ) {
        self.settings = settings
        self.mode = mode
        self.streams = streams
        self.scope = scope
        self.platform = platform
        self.client = client
        self.tally = tally
        self.connectorState = connectorState
        clock = ServerClock(time: parts.time, connectorState: connectorState)
        reader = warehouse.reader
        store = RunStore(
            sourceID: settings.id,
            runID: 0,
            reader: warehouse.reader,
            writer: warehouse.comparer(settings.id),
            isDryRun: true
        )
        absences = AbsentRows(maxFraction: settings.maxDeletionFraction)
        assembler = CommitUnitAssembler(sourceID: settings.id, runID: 0)
        self.logger = logger
        state = Mutex(State())
    }

    /// Goes through the platform's plan.
    ///
    /// - Returns: What the run will cost.
    /// - Throws: Why nothing could be read, where nothing could: such a plan would be invented.
    func estimate() async throws -> Forecast {
        let forecast: Forecast
        switch mode {
        case .baseline: forecast = try await platform.planBaseline(self)
        case .incremental:
            try await platform.incremental(self)
            forecast = state.withLock { $0.forecast }
        }
        if let failure = state.withLock({ $0.hasAnswer ? nil : $0.firstFailure }) { throw failure }
        return forecast
    }

    // MARK: What a platform asks of its run

    var facts: any WarehouseFacts { RunFacts(run: self, reader: reader) }
    var serverNow: Timestamp { clock.now }
    var clockDoubt: Duration { clock.doubt }
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
    func isSwept(_ stream: String) -> Bool { isSelected(stream) }

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

    func apply(_ changes: [StateChange]) async {
        let (weight, hints) = state.withLock { ($0.weight, $0.hints) }
        guard !hints.isEmpty else { return apply(changes, weight: weight) }
        var hinted: [String: [StateChange]] = [:]
        for change in changes {
            guard case .queue(let entry) = change, hints[entry.reason] != nil, entry.dueAt <= serverNow else {
                apply([change], weight: weight)
                continue
            }
            hinted[entry.reason, default: []].append(change)
        }
        for (reason, changes) in hinted {
            guard case .queue(let first)? = changes.first, let factor = hints[reason] else { continue }
            let kinds = (try? await reader.allWatermarks(settings.id, first.stream).count) ?? changes.count
            let all = Sampling.distinct(seen: changes.count, of: kinds, factor: factor)
            apply(changes, weight: all / Double(changes.count))
        }
    }

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

    func publish() async throws { try await settle() }

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
