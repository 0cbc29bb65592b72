import Extractor
import NIOCore
import Synchronization

/// Answers from a closure and remembers every request.
final class FakeTransport: HTTPTransport {
    typealias Handler = @Sendable (_ request: TransportRequest, _ number: Int) async throws -> TransportResponse

    private let handler: Handler
    private let state = Mutex((requests: [TransportRequest](), inFlight: 0, mostInFlight: 0))

    init(_ handler: @escaping Handler) {
        self.handler = handler
    }

    var requests: [TransportRequest] { state.withLock { $0.requests } }
    var targets: [String] { requests.map(\.target) }
    var mostInFlight: Int { state.withLock { $0.mostInFlight } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        let number = state.withLock { state in
            state.requests.append(request)
            state.inFlight += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight)
            return state.requests.count
        }
        defer { state.withLock { $0.inFlight -= 1 } }
        return try await handler(request, number)
    }
}

extension TransportResponse {
    /// An answer with a text body.
    static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> TransportResponse {
        TransportResponse(
            status: status,
            headers: ResponseHeaders([("Content-Type", "application/json")] + headers),
            body: ByteBuffer(string: text)
        )
    }
}

extension TransportRequest {
    /// The value of a header, in the form it is sent.
    func header(_ name: String) -> String? {
        headers.first { $0.0.lowercased() == name.lowercased() }?.1
    }

    /// The body as text.
    var bodyText: String { body.map { String(buffer: $0) } ?? "" }

    /// The value of a query argument, still encoded.
    func argument(_ name: String) -> String? {
        target.split(separator: "?").last?.split(separator: "&").first { $0.hasPrefix(name + "=") }.map {
            String($0.dropFirst(name.count + 1))
        }
    }
}
