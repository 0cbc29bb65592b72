import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import LMSSimulator

@Suite("Webhooks over the control paths", .timeLimit(.minutes(1)))
struct WebhookControlTests {
    /// Calls a control path over HTTP.
    private func control(_ simulator: Simulator, _ method: String, body: String = "") async throws -> [String: Any] {
        let text = try await HTTPCall(port: simulator.port).send(method, "/_control/webhooks", body: body)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        try #require(parts.count == 2 && text.hasPrefix("HTTP/1.1 200"), "\(text)")
        return try #require(JSONSerialization.jsonObject(with: Data(parts[1].utf8)) as? [String: Any])
    }

    /// The reports once every delivery is done.
    private func reports(_ simulator: Simulator) async throws -> [[String: Any]] {
        while true {
            let found = try await control(simulator, "GET")["deliveries"] as? [[String: Any]] ?? []
            if !found.isEmpty, found.allSatisfy({ $0["is_done"] as? Bool == true }) { return found }
        }
    }

    @Test("a POST brings the receiver bodies and headers, and a GET its statuses")
    func delivery() async throws {
        let receiver = try await WebhookTestReceiver.start(statuses: [204, 503])
        let simulator = try await Simulator.start(GeneratedSchool.make(.init(courses: 1, learners: 2), seed: 1))
        let answer = try await control(
            simulator,
            "POST",
            body: """
                {"url":"\(receiver.url)","secret":"obvious-fake","learner_id":"65f0aa00bb11cc22dd33ee44",\
                "signature":"static","types":["courseCompleted","userUpdated"]}
                """
        )
        #expect(answer["deliveries"] as? Int == 2)
        #expect(answer["numbers"] as? [Int] == [1, 2])
        let reports = try await reports(simulator)
        #expect(reports.map { $0["label"] as? String } == ["courseCompleted", "userUpdated"])
        #expect(reports.map { $0["statuses"] as? [Int] } == [[204], [503]])
        #expect(reports.allSatisfy { $0["failure"] == nil })
        let received = receiver.deliveries
        try #require(received.count == 2)
        #expect(received.allSatisfy { $0.signatures == ["v1=obvious-fake"] && $0.contentType == "application/json" })
        #expect(received[0].path == "/hooks/fake-path")
        #expect(received[0].text.contains(#""type":"courseCompleted""#))
        #expect(received[1].text.contains(#""type":"userUpdated""#))
        try await simulator.stop()
        try await receiver.stop()
    }

    @Test("a receiver that is not there is reported, not swallowed; one elsewhere is refused at once")
    func failure() async throws {
        let receiver = try await WebhookTestReceiver.start()
        let url = receiver.url
        try await receiver.stop()
        let simulator = try await Simulator.start(GeneratedSchool.make(.init(courses: 1, learners: 2), seed: 1))
        _ = try await control(
            simulator,
            "POST",
            body: #"{"url":"\#(url)","secret":"obvious-fake","learner_id":"65f0aa00bb11cc22dd33ee44"}"#
        )
        let reports = try await reports(simulator)
        #expect(reports.map { $0["statuses"] as? [Int] } == [[0]])
        #expect((reports.first?["failure"] as? String)?.isEmpty == false)
        let elsewhere = #"{"url":"http://203.0.113.7:80/","secret":"fake","learner_id":"x"}"#
        let refused = Caller(simulator).call("POST", "/_control/webhooks", body: elsewhere)
        #expect(refused.status == 400)
        #expect(simulator.webhookReports.count == 1)
        try await simulator.stop()
    }

    @Test("a rule of a MATRIX site is posted as a form, and repeated until it is taken")
    func rule() async throws {
        let receiver = try await WebhookTestReceiver.start(statuses: [500, 404])
        let simulator = try await Simulator.start(
            GeneratedMatrixSchool.make(MatrixShape(users: 5, classes: 1), seed: 1)
        )
        let body = #"{"url":"\#(receiver.url)","variables":[["class_id","501"],["user_id","900001"]]}"#
        _ = try await control(simulator, "POST", body: body)
        let reports = try await reports(simulator)
        #expect(reports.map { $0["statuses"] as? [Int] } == [[500, 404, 204]])
        #expect(receiver.deliveries.count == 3)
        #expect(receiver.deliveries.allSatisfy { $0.text == "class_id=501&user_id=900001" && $0.signatures == [] })
        #expect(receiver.deliveries.first?.contentType == "application/x-www-form-urlencoded")
        try await simulator.stop()
        try await receiver.stop()
    }
}

/// One HTTP call over a connection of its own; the answer with its head as text.
struct HTTPCall {
    let port: Int

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private var bytes: [UInt8] = []
        private let closed: EventLoopPromise<[UInt8]>

        init(_ closed: EventLoopPromise<[UInt8]>) {
            self.closed = closed
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        }

        func channelInactive(context: ChannelHandlerContext) {
            closed.succeed(bytes)
        }
    }

    func send(_ method: String, _ path: String, body: String = "") async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let closed = loop.makePromise(of: [UInt8].self)
        let connecting = ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Collector(closed))
            }
        }.connect(host: "127.0.0.1", port: port)
        connecting.whenFailure { closed.fail($0) }
        let request =
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
        connecting.whenSuccess { $0.writeAndFlush(ByteBuffer(string: request), promise: nil) }
        return String(decoding: try await closed.futureResult.get(), as: UTF8.self)
    }
}
