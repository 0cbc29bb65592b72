import Platforms
package import Records
private import Synchronization
package import Transformer

/// The typed streams of one run, one for each record type, and the loader's end of them.
///
/// `receive` is called by the transforming tasks, `drain` runs once in a task of its own.
package final class RecordStreams: BatchReceiver {
    /// Takes one batch into the commit unit being built.
    package protocol Store: Sendable {
        func store<R: Record>(_ batch: Batch<R>) async throws
    }

    private let lanes: [ObjectIdentifier: any Lane]
    private let flow = Flow()

    package init() {
        var lanes: [ObjectIdentifier: any Lane] = [:]
        func add<R: Record>(_ type: R.Type) {
            lanes[ObjectIdentifier(type)] = TypedLane<R>()
        }
        for type in AllRecords.types { add(type) }
        self.lanes = lanes
    }

    package func receive<R: Record>(_ batch: Batch<R>) async throws {
        guard let lane = lanes[ObjectIdentifier(R.self)] as? TypedLane<R> else {
            throw SyncError(.internalFault, "no stream for records of \(R.table.name)")
        }
        flow.sent()
        do {
            try await lane.stream.send(batch)
        } catch {
            flow.stored()  // it never left: nobody may wait for it
            throw error
        }
    }

    /// Takes batches from every stream into `store` until ``finish()``.
    package func drain(into store: some Store) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in lanes.values {
                group.addTask { [flow] in try await lane.drain(into: store, flow) }
            }
            for try await _ in group {}
        }
    }

    /// Ends all streams.
    package func finish() {
        for lane in lanes.values { lane.finish() }
    }

    /// Waits until everything received so far is stored.
    package func settle() async {
        await flow.settle()
    }
}

private protocol Lane: Sendable {
    func drain(into store: some RecordStreams.Store, _ flow: Flow) async throws
    func finish()
}

private struct TypedLane<R: Record>: Lane {
    let stream = RecordStream<R>()

    func drain(into store: some RecordStreams.Store, _ flow: Flow) async throws {
        for try await batch in stream {
            defer { flow.stored() }
            try await store.store(batch)
        }
    }

    func finish() { stream.finish() }
}

/// Counts batches on their way, so that a publisher can wait for them.
private final class Flow: Sendable {
    private struct State {
        var open = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func sent() {
        state.withLock { $0.open += 1 }
    }

    func stored() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.open -= 1
            guard state.open == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func settle() async {
        await withCheckedContinuation { continuation in
            let isSettled = state.withLock { state in
                if state.open > 0 { state.waiters.append(continuation) }
                return state.open == 0
            }
            if isSettled { continuation.resume() }
        }
    }
}
