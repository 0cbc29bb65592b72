/// Lets many deliveries in at once, or one publisher alone.
///
/// A publisher that waits goes before later deliveries. Every holder must leave, also on an error: then nobody waits
/// for ever, and waiting needs no cancellation of its own.
actor AsyncReadWriteLock {
    private var deliveries = 0
    private var isPublishing = false
    private var waitingDeliveries: [CheckedContinuation<Void, Never>] = []
    private var waitingPublishers: [CheckedContinuation<Void, Never>] = []

    func enterDelivery() async {
        if !isPublishing, waitingPublishers.isEmpty {
            deliveries += 1
            return
        }
        await withCheckedContinuation { waitingDeliveries.append($0) }
    }

    func leaveDelivery() {
        deliveries -= 1
        letIn()
    }

    func enterPublishing() async {
        if !isPublishing, deliveries == 0, waitingPublishers.isEmpty {
            isPublishing = true
            return
        }
        await withCheckedContinuation { waitingPublishers.append($0) }
    }

    func leavePublishing() {
        isPublishing = false
        letIn()
    }

    /// Runs `body` among other deliveries.
    nonisolated func deliver<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        await enterDelivery()
        do {
            let value = try await body()
            await leaveDelivery()
            return value
        } catch {
            await leaveDelivery()
            throw error
        }
    }

    /// Runs `body` while no delivery is under way.
    nonisolated func publish<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        await enterPublishing()
        do {
            let value = try await body()
            await leavePublishing()
            return value
        } catch {
            await leavePublishing()
            throw error
        }
    }

    private func letIn() {
        guard !isPublishing else { return }
        if !waitingPublishers.isEmpty {
            guard deliveries == 0 else { return }
            isPublishing = true
            waitingPublishers.removeFirst().resume()
            return
        }
        deliveries += waitingDeliveries.count
        let entering = waitingDeliveries
        waitingDeliveries = []
        for continuation in entering { continuation.resume() }
    }
}
