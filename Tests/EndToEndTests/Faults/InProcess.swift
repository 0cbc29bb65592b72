import Extractor
import Glibc
import Logging
import Platforms
import RegistrarTesting
import Settings
import Sync
import Synchronization

/// Keeps every log record of a run as one line.
final class RecordedLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }
    var text: String { lines.joined(separator: "\n") }

    /// A logger that keeps everything, down to trace.
    var logger: Logger {
        Logger(label: "recorded") { [self] _ in Handler(log: self) }
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { $1 }
            let error = event.error.map { " \($0)" } ?? ""
            log.kept.withLock { $0.append("\(event.level) \(event.message) \(fields)\(error)") }
        }
    }
}

/// A clock whose sleepers jump and are remembered.
final class LeapingTime: TimeSource {
    private let base = SystemTime()
    private let state = Mutex((leapt: Duration.zero, longest: Duration.zero, wall: Duration.zero))

    var monotonic: Duration { base.monotonic + state.withLock { $0.leapt } }
    var wallMicroseconds: Int64 { base.wallMicroseconds + state.withLock { $0.wall.microseconds } }
    /// The longest sleep so far.
    var longest: Duration { state.withLock { $0.longest } }

    /// Lets time pass, on the wall too.
    func leap(by duration: Duration) {
        state.withLock { state in
            state.leapt += duration
            state.wall += duration
        }
    }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.leapt += max(duration, .zero)
            state.longest = max(state.longest, duration)
        }
        await Task.yield()
    }
}

/// Changes what a transport answers, call by call.
struct AlteringTransport: HTTPTransport {
    typealias Change = @Sendable (TransportRequest, TransportResponse) -> TransportResponse

    let base: any HTTPTransport
    let change: Change

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        change(request, try await base.send(request))
    }
}

extension SchoolHarness {
    /// The same with answers changed on their way.
    func altering(_ change: @escaping AlteringTransport.Change) -> SchoolHarness {
        var copy = self
        let make = parts.makeTransport
        copy.parts.makeTransport = { origin, connections in
            let (transport, end) = make(origin, connections)
            return (AlteringTransport(base: transport, change: change), end)
        }
        return copy
    }

    /// The same with a transport that is impatient.
    func impatient(silence: Duration) -> SchoolHarness {
        var copy = self
        copy.parts.makeTransport = { origin, connections in
            var limits = AsyncHTTPTransport.Limits()
            limits.silence = silence
            limits.connections = max(connections, limits.connections)
            let transport = AsyncHTTPTransport(origin: origin, limits: limits)
            return (transport, { try? await transport.shutdown() })
        }
        return copy
    }
}

/// A port of another origin that tells whether anybody came.
final class ForeignListener: Sendable {
    private let descriptor: Int32
    let port: Int

    struct CannotListen: Error {}

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw CannotListen() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(fd, address, length) == 0 && listen(fd, 8) == 0 && getsockname(fd, address, &length) == 0
            }
        }
        guard isBound else { throw CannotListen() }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    /// Whether a connection is waiting.
    var wasVisited: Bool {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return false }
        close(connection)
        return true
    }
}

extension RunReport {
    /// What the sources say of themselves, for the words of a failure.
    var story: String {
        sources.map { "\($0.mode) \($0.status) \($0.exitCode) \($0.message ?? "")" }.joined(separator: "; ")
    }
}

extension Duration {
    /// Whole microseconds.
    fileprivate var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
