import Extractor
import Synchronization

/// Sees a call before it is sent: its number in this run, from 1 and token calls included, and its path and query.
package typealias RequestWatch = @Sendable (_ number: Int, _ target: String) async -> Void

/// A transport that tells of every call.
struct WatchedTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let watch: RequestWatch
    private let counter = Counter()

    init(_ base: any HTTPTransport, _ watch: @escaping RequestWatch) {
        (self.base, self.watch) = (base, watch)
    }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        await watch(counter.next(), request.target)
        return try await base.send(request)
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
