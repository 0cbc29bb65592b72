import Foundation
import Hashing
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import LMSSimulator

@Suite("Webhooks")
struct WebhookTests {
    private struct Delivery: Equatable {
        var signature: String?
        var body: [UInt8]
    }

    /// Sends `request` to a receiver of its own.
    private func deliver(
        _ product: LearnWorldsProduct,
        _ change: (inout WebhookRequest) -> Void
    ) async throws -> (statuses: [Int], deliveries: [Delivery]) {
        let received = Mutex<[Delivery]>([])
        let header = product == .grow ? "Pl-Webhook-Signature" : "Learnworlds-Webhook-Signature"
        let server = try await SimulatorServer(host: "127.0.0.1", port: 0) { request in
            received.withLock {
                $0.append(Delivery(signature: request.headers.first(name: header), body: request.body))
            }
            return SimulatedAnswer(status: 204, body: ByteBuffer())
        }
        let simulator = try await Simulator.start(
            GeneratedSchool.make(.init(courses: 1, learners: 2), seed: 1),
            .init(kind: product)
        )
        var request = WebhookRequest(
            url: "http://127.0.0.1:\(server.port)/hooks",
            secret: "obvious-fake",
            learnerId: "65f0aa00bb11cc22dd33ee44"
        )
        change(&request)
        let statuses = try await simulator.send(request)
        try await simulator.stop()
        try await server.stop()
        return (statuses, received.withLock { $0 })
    }

    @Test("are signed over the raw body", .timeLimit(.minutes(1)))
    func hmac() async throws {
        let (statuses, deliveries) = try await deliver(.grow) { $0.types = ["courseCompleted", "userUpdated"] }
        #expect(statuses == [204, 204])
        try #require(deliveries.count == 2)
        for delivery in deliveries {
            let code = HMACSHA256.code(for: delivery.body, key: Array("obvious-fake".utf8))
            #expect(delivery.signature == code.hexadecimal)
        }
        let object = try JSONSerialization.jsonObject(with: Data(deliveries[1].body)) as? [String: Any]
        #expect(object?["type"] as? String == "userUpdated")
        #expect(object?["version"] as? Int == 2)
        let data = object?["data"] as? [String: Any]
        #expect((data?["user"] as? [String: Any])?["id"] as? String == "65f0aa00bb11cc22dd33ee44")
    }

    @Test("carry a shared value, repeat byte for byte, and come in older and other envelopes", .timeLimit(.minutes(1)))
    func variants() async throws {
        let (_, repeated) = try await deliver(.learnworlds) {
            ($0.signature, $0.duplicates, $0.version) = (.shared, 2, 1)
        }
        try #require(repeated.count == 3)
        #expect(repeated.allSatisfy { $0 == repeated[0] && $0.signature == "v1=obvious-fake" })
        #expect(String(decoding: repeated[0].body, as: UTF8.self).contains(#""version":1"#))
        let (_, automation) = try await deliver(.grow) { $0.envelope = .automation }
        let body = try JSONSerialization.jsonObject(with: Data(try #require(automation.first).body)) as? [String: Any]
        #expect(Set((body ?? [:]).keys) == ["user", "automation_name", "school"])
    }

    @Test("are read from the control path, with what it leaves out as usual")
    func control() throws {
        let request = try WebhookRequest(control: [
            "url": "http://127.0.0.1:1/", "secret": "s", "learner_id": "l", "signature": "static", "duplicates": 1,
        ])
        #expect(request.signature == .shared)
        #expect(request.duplicates == 1)
        #expect(request.version == 2)
        #expect(throws: SimulatorError.self) { try WebhookRequest(control: ["url": "http://127.0.0.1:1/"]) }
    }

    @Test("go to this machine only")
    func loopback() async throws {
        await #expect(throws: SimulatorError.self) {
            _ = try await deliver(.grow) { $0.url = "http://203.0.113.7:80/hooks" }
        }
    }
}
