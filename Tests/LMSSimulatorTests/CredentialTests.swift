import Testing

@testable import LMSSimulator

@Suite("Tokens and the two products' names")
struct CredentialTests {
    @Test("each product has its header, event path, success and error code", arguments: LearnWorldsProduct.allCases)
    func products(kind: LearnWorldsProduct) async throws {
        try await withSimulator(kind: kind) { _, caller in
            #expect(caller.get("courses").object["success"] as? Bool == (kind == .grow ? true : nil))
            #expect(caller.get(kind == .grow ? "eventlogs" : "event-logs").status == 200)
            #expect(caller.get(kind == .grow ? "event-logs" : "eventlogs").status == 404)
            let unknown = caller.get("users/nobody")
            #expect(unknown.status == 404)
            let code = (unknown.object["errors"] as? [[String: Any]])?.first?["code"]
            #expect((code is String) == (kind == .learnworlds))
            let other = caller.call("GET", "/admin/api/v2/courses", headers: [("X-Client", "fake-client")])
            #expect(other.status == 400)
            #expect(other.context == "client_id")
        }
    }

    @Test("three kinds of token body work, and each can be switched off")
    func bodies() async throws {
        try await withSimulator { simulator, caller in
            let json =
                "{\"client_id\":\"fake-client\",\"client_secret\":\"fake-secret\",\"grant_type\":\"client_credentials\"}"
            let form = "client_id=fake-client&client_secret=fake-secret&grant_type=client_credentials"
            #expect(caller.mint().status == 200)
            #expect(caller.mint(body: form).status == 200)
            #expect(caller.mint(body: json, type: "application/json").status == 200)
            simulator.faults.tokenBodies = ["form"]
            #expect(caller.mint().status == 400)
            #expect(caller.mint().context == "invalid_request")
            #expect(caller.mint(body: form).status == 200)
            #expect(caller.mint(body: json, type: "application/json").status == 400)
        }
    }

    @Test("a wrong secret, a dead token and a revoked one are access_denied with 400")
    func refusals() async throws {
        try await withSimulator(kind: .learnworlds) { simulator, caller in
            #expect(caller.mint(secret: "wrong").context == "access_denied")
            #expect(caller.get("courses").status == 200)
            simulator.advance(seconds: 8001)
            #expect(caller.get("courses").status == 400)
            #expect(caller.get("courses").context == "access_denied")
            let fresh = Caller(simulator, .learnworlds)
            #expect(fresh.get("courses").status == 200)
            simulator.faults.revokeTokens = true
            #expect(fresh.get("courses").context == "access_denied")
            simulator.faults.refuseSecret = true
            #expect(fresh.mint().context == "access_denied")
        }
    }

    @Test("tokens may die early, be the same again, or be pinned")
    func tokenSwitches() async throws {
        try await withSimulator { simulator, caller in
            simulator.faults.tokenDiesAfterCalls = 2
            #expect(
                [caller.get("courses").status, caller.get("courses").status, caller.get("courses").status] == [
                    200, 200, 400,
                ]
            )
            simulator.faults.tokenDiesAfterCalls = 0
            simulator.faults.sameToken = true
            let first = Caller(simulator)
            simulator.advance(seconds: 1000)
            let again = first.mint().object["tokenData"] as? [String: Any]
            #expect(again?["access_token"] as? String == first.token)
            #expect(again?["expires_in"] as? Int == 31_535_000)
            simulator.faults.staticToken = "pinned"
            var pinned = caller
            pinned.token = "pinned"
            #expect(pinned.get("courses").status == 200)
        }
    }

    @Test("the bare v2 path is 404, and certificates without a filter are an error")
    func wrongPaths() async throws {
        try await withSimulator { simulator, caller in
            #expect(caller.call("GET", "/v2/courses").status == 404)
            #expect(caller.get("certificates").status == 422)
            #expect(caller.get("users/65f0aa000000000000000001/enrollments").status == 404)
            simulator.faults.badIdIs401 = true
            #expect(caller.get("users/nobody").status == 401)
        }
    }
}
