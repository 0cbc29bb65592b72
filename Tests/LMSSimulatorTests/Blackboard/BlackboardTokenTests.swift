import Foundation
import Testing

@testable import LMSSimulator

@Suite("Blackboard credentials and quota")
struct BlackboardTokenTests {
    @Test("asking again returns the same token with what is left of its life")
    func reissue() async throws {
        try await withBlackboard { simulator, caller in
            let first = caller.mint().object
            #expect(first["access_token"] as? String == caller.token)
            #expect(first["expires_in"] as? Int == 3600)
            #expect(first["token_type"] as? String == "bearer")
            simulator.advance(seconds: 2188)
            #expect(caller.mint().object["expires_in"] as? Int == 1412)
            #expect(caller.get("v1/terms").status == 200)
            simulator.advance(seconds: 1412)
            let refused = caller.get("v1/terms")
            #expect(refused.status == 401)
            #expect(refused.object["status"] as? Int == 401)
            #expect(refused.message == "Bearer token is invalid")
            #expect(caller.mint().object["access_token"] as? String != caller.token)
            simulator.blackboardFaults.freshTokens = true
            #expect(caller.mint().object["expires_in"] as? Int == 3600)
        }
    }

    @Test("a wrong secret, a wrong body and a portal in maintenance are told apart")
    func refusals() async throws {
        try await withBlackboard { simulator, caller in
            let refused = caller.mint(secret: "wrong-secret")
            #expect(refused.status == 401)
            #expect(refused.object["error"] as? String == "invalid_client")
            #expect(caller.mint(body: "").status == 400)
            #expect(caller.mint(type: "application/json").status == 400)
            simulator.blackboardFaults.portalDown = true
            #expect(caller.mint().status == 503)
            #expect(caller.get("v1/terms").status == 200)
            simulator.blackboardFaults.portalDown = false
            simulator.blackboardFaults.tokenErrorCalls = 1
            #expect(caller.mint().status == 500)
            #expect(caller.mint().status == 200)
            simulator.blackboardFaults.refuseSecret = true
            #expect(caller.mint().status == 401)
            simulator.blackboardFaults.application = "disabled"
            #expect(caller.get("v1/terms").status == 403)
            simulator.blackboardFaults.application = "missing"
            #expect(caller.get("v1/terms").status == 404)
        }
    }

    @Test("tokens can die early")
    func deaths() async throws {
        try await withBlackboard { simulator, caller in
            simulator.blackboardFaults.revokeTokens = true
            #expect(caller.get("v1/terms").status == 401)
            let fresh = BlackboardCaller(simulator)
            simulator.blackboardFaults.tokenDiesAfterCalls = 2
            #expect([1, 2, 3].map { _ in fresh.get("v1/terms").status } == [200, 200, 401])
        }
    }

    @Test("the quota counts token calls, is told in headers, and fills 24 hours after its first call")
    func quota() async throws {
        try await withBlackboard { simulator, caller in
            #expect(caller.get("v1/terms").header("X-Rate-Limit-Limit") == nil)
            simulator.advance(seconds: 90_000)
            simulator.blackboardFaults.tokenLife = 1e6
            simulator.blackboardFaults.quotaLimit = 3
            let caller = BlackboardCaller(simulator)
            let first = caller.get("v1/terms")
            #expect(first.header("X-Rate-Limit-Limit") == "3")
            #expect(first.header("X-Rate-Limit-Remaining") == "1")
            #expect(caller.get("v1/terms").header("X-Rate-Limit-Remaining") == "0")
            simulator.advance(seconds: 3600)
            let spent = caller.get("v1/terms")
            #expect(spent.status == 429)
            #expect(spent.header("Retry-After") == "82800")
            simulator.blackboardFaults.quotaRetryAfter = "5"
            simulator.blackboardFaults.quotaHeaders = false
            let again = caller.get("v1/terms")
            #expect(again.header("Retry-After") == "5")
            #expect(again.header("X-Rate-Limit-Limit") == nil)
            simulator.advance(seconds: 82_800)
            #expect(caller.get("v1/terms").status == 200)
        }
    }

    @Test("calls are counted by route, token calls apart")
    func counts() async throws {
        try await withBlackboard { simulator, caller in
            let (course, column) = try caller.gradedColumn()
            simulator.resetRequests()
            _ = caller.mint()
            let paths = [
                "v1/system/version", "v1/terms", "v3/courses", "v1/users", "v3/courses/\(course)",
                "v1/courses/\(course)/users", "v2/courses/\(course)/gradebook/columns",
                "v1/courses/\(course)/gradebook/categories", "v2/courses/\(course)/gradebook/columns/\(column)/users",
                "v1/courses/\(course)/performance/contentReviewStatus",
                "v2/courses/\(course)/gradebook/columns/\(column)/attempts", "v1/users/_1_1", "nonsense",
            ]
            for path in paths { _ = caller.get(path) }
            let counts = simulator.requests
            #expect(counts.token == 1)
            #expect(counts.total == paths.count)
            for route in [
                "version", "terms", "courses", "users", "courses_one", "memberships", "columns", "categories", "grades",
                "review_status", "attempts", "users_one", "unknown",
            ] { #expect(counts.routes[route] == 1, "\(route)") }
        }
    }
}
