import Extractor
import InMemoryLogging
import Logging
import Synchronization

/// Everything around one client under test.
struct Rig {
    let client: APIClient
    let limiter: RateLimiter
    let logs: InMemoryLogHandler
    let events: EventLog
}

/// The request events of a client.
final class EventLog: Sendable {
    private let events = Mutex<[RequestEvent]>([])

    func add(_ event: RequestEvent) {
        events.withLock { $0.append(event) }
    }

    var data: [RequestEvent] { events.withLock { $0.filter { $0.kind == .data } } }
    var tokens: [RequestEvent] { events.withLock { $0.filter { $0.kind == .token } } }
}

/// Makes a client over `transport`, unlimited unless limits are given.
func makeRig(
    _ transport: any HTTPTransport,
    time: any TimeSource = JumpingClock(),
    limits: RateLimits = RateLimits(perSecond: 1_000_000, burst: 1_000, inFlight: 64),
    policy: RetryPolicy = RetryPolicy(),
    origin: String = "https://school.example.com",
    secrets: [Secret] = [],
    quotaHeaders: QuotaHeaders? = nil,
    probe: HostProbe? = nil,
    random: any RandomSource = SeededRandom(seed: 1)
) throws -> Rig {
    let logs = InMemoryLogHandler()
    var logger = Logger(label: "test") { _ in logs }
    logger.logLevel = .trace
    let limiter = RateLimiter(limits, time: time)
    let events = EventLog()
    let client = APIClient(
        origin: try APIOrigin(parsing: origin),
        root: "/admin/api",
        commonHeaders: [("Lw-Client", "client-1")],
        transport: transport,
        limiter: limiter,
        policy: policy,
        time: time,
        random: random,
        secrets: secrets,
        quotaHeaders: quotaHeaders,
        probe: probe,
        counter: { events.add($0) },
        logger: logger
    )
    return Rig(client: client, limiter: limiter, logs: logs, events: events)
}

/// Runs `body` and returns the extractor's error it must throw.
func extractorError(_ body: () async throws -> Void) async -> ExtractorError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? ExtractorError
    }
}
