import Testing

@testable import LMSSimulator

@Suite("MATRIX: webhook rules", .timeLimit(.minutes(1)))
struct MatrixWebhookTests {
    @Test("repeats wait 5 seconds and then twice as long each time, 85 minutes in all")
    func waits() throws {
        var rule = MatrixWebhookRule(url: "http://127.0.0.1:1/", variables: [])
        let batch = try rule.batch()
        #expect(batch.waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560])
        #expect(batch.waits.reduce(0, +) / 60 == 85.25)
        #expect(batch.answerSeconds == 10)
        #expect(!batch.followsSchoolClock)
        rule.url = "http://127.0.0.1:1/" + String(repeating: "x", count: 256)
        #expect(throws: SimulatorError.self) { try rule.batch() }
    }

    @Test("the form is encoded, names may repeat, and what control leaves out is as usual")
    func form() throws {
        let rule = try MatrixWebhookRule(control: [
            "url": "http://127.0.0.1:1/", "waits": "school", "times": 2,
            "variables": [["class_id", "501"], ["user_id", "1"], ["user_id", "2"], ["name", "Ana & Zoë=1"]],
        ])
        let text = String(decoding: rule.body, as: UTF8.self)
        #expect(text == "class_id=501&user_id=1&user_id=2&name=Ana+%26+Zo%C3%AB%3D1")
        #expect(rule.repeats == 10)
        #expect(try rule.batch().followsSchoolClock)
        #expect(try rule.batch().deliveries.count == 2)
        let named = try MatrixWebhookRule(control: ["url": "u", "variables": ["user_id": 2, "class_id": "1"]])
        #expect(String(decoding: named.body, as: UTF8.self) == "class_id=1&user_id=2")
        #expect(throws: SimulatorError.self) { try MatrixWebhookRule(control: ["url": "u"]) }
        #expect(throws: SimulatorError.self) {
            try MatrixWebhookRule(control: ["url": "u", "variables": ["a": 1], "waits": "soon"])
        }
    }

    @Test("a repeat comes when the school's clock has come so far, and not before")
    func schoolClock() async throws {
        let receiver = try await WebhookTestReceiver.start(statuses: [500, 500])
        try await withMatrix(MatrixShape(users: 5, classes: 1)) { simulator, _ in
            var rule = MatrixWebhookRule(url: receiver.url, variables: [("class_id", "501")])
            rule.waits = .school
            let sent = rule
            async let statuses = simulator.send(sent)
            func attempts(_ count: Int) async {
                while receiver.deliveries.count < count || simulator.webhookReports.first?.statuses.count != count {
                    await Task.yield()
                }
            }
            await attempts(1)
            simulator.advance(seconds: 4)
            #expect(receiver.deliveries.count == 1)
            simulator.advance(seconds: 1)
            await attempts(2)
            simulator.advance(seconds: 10)
            let all = try await statuses
            #expect(all == [500, 500, 204])
        }
        try await receiver.stop()
    }

    @Test("after the last repeat the delivery is given up; a Grow school has no rules")
    func givenUp() async throws {
        let receiver = try await WebhookTestReceiver.start(statuses: Array(repeating: 500, count: 20))
        let rule = MatrixWebhookRule(url: receiver.url, variables: [("user_id", "900001")])
        try await withMatrix(MatrixShape(users: 5, classes: 1)) { simulator, _ in
            let statuses = try await simulator.send(rule)
            #expect(statuses == Array(repeating: 500, count: 11))
            #expect(simulator.webhookReports.map(\.isDone) == [true])
        }
        try await withSimulator { simulator, _ in
            await #expect(throws: SimulatorError.self) { _ = try await simulator.send(rule) }
        }
        try await receiver.stop()
    }
}
