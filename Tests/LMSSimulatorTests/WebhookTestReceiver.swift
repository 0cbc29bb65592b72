import NIOCore
import Synchronization

@testable import LMSSimulator

/// A receiver of webhooks that keeps what it gets and answers as it is told.
final class WebhookTestReceiver: Sendable {
    struct Delivery: Sendable, Equatable {
        var path: String
        var contentType: String?
        /// The signature headers of both products.
        var signatures: [String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let received = Mutex<[Delivery]>([])
    private let statuses: Mutex<[Int]>
    private let server: Mutex<SimulatorServer?> = Mutex(nil)
    private let boundPort = Mutex(0)

    /// Answers with these statuses in turn, then with 204.
    static func start(statuses: [Int] = []) async throws -> WebhookTestReceiver {
        let receiver = WebhookTestReceiver(statuses: statuses)
        let server = try await SimulatorServer(host: "127.0.0.1", port: 0) { receiver.answer($0) }
        receiver.server.withLock { $0 = server }
        receiver.boundPort.withLock { $0 = server.port }
        return receiver
    }

    private init(statuses: [Int]) {
        self.statuses = Mutex(statuses)
    }

    var url: String { "http://127.0.0.1:\(boundPort.withLock { $0 })/hooks/fake-path" }
    var deliveries: [Delivery] { received.withLock { $0 } }

    func stop() async throws {
        let server = server.withLock { $0 }
        try await server?.stop()
    }

    private func answer(_ request: SimulatedRequest) -> SimulatedAnswer {
        received.withLock {
            $0.append(
                Delivery(
                    path: request.path,
                    contentType: request.header("Content-Type"),
                    signatures: ["Pl-Webhook-Signature", "Learnworlds-Webhook-Signature"].compactMap(request.header),
                    body: request.body
                )
            )
        }
        let status = statuses.withLock { $0.isEmpty ? 204 : $0.removeFirst() }
        return SimulatedAnswer(status: status, body: ByteBuffer())
    }
}
