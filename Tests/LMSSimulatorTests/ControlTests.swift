import Testing

@testable import LMSSimulator

@Suite("Control endpoint")
struct ControlTests {
    @Test("calls are counted by route, token calls apart, control calls never")
    func counts() async throws {
        try await withSimulator { simulator, caller in
            simulator.resetRequests(recent: 2)
            _ = caller.get("courses")
            _ = caller.get("courses/course-1/contents")
            _ = caller.get("users?page=1")
            _ = caller.mint()
            _ = caller.call("GET", "/_control/state")
            let counts = simulator.requests
            #expect(counts.total == 3)
            #expect(counts.token == 1)
            #expect(counts.routes == ["courses": 1, "contents": 1, "users": 1])
            #expect(counts.busiest["60"] == 3)
            #expect(counts.recent == ["GET /admin/api/v2/courses/course-1/contents", "GET /admin/api/v2/users?page=1"])
            simulator.resetRequests()
            #expect(simulator.requests.total == 0)
        }
    }

    @Test("changes, clock, faults and truth work over the control paths")
    func control() async throws {
        try await withSimulator { simulator, caller in
            let body = #"{"seed":4,"count":3,"kinds":["completion"],"moves_last_login":false}"#
            let changed = caller.call("POST", "/_control/change", body: body)
            #expect((changed.object["changes"] as? [[String: Any]])?.count == 3)
            let before = simulator.now.seconds
            #expect(caller.call("POST", "/_control/clock", body: #"{"advance":90}"#).status == 200)
            #expect(simulator.now.seconds == before + 90)
            #expect(caller.call("POST", "/_control/faults", body: #"{"bad_id_is401":true}"#).status == 200)
            #expect(simulator.faults.badIdIs401)
            #expect(caller.call("POST", "/_control/faults", body: #"{"nonsense":true}"#).status == 400)
            #expect(caller.call("POST", "/_control/faults/reset").status == 200)
            #expect(!simulator.faults.badIdIs401)
            let truth = caller.call("GET", "/_control/truth/courses")
            #expect(truth.bytes.count { $0 == 0x0A } == 12)
            #expect(caller.call("GET", "/_control/truth/nothing").status == 400)
            #expect(caller.call("GET", "/_control/nothing").status == 404)
        }
    }
}
