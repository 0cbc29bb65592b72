import Foundation
import Testing

@testable import LMSSimulator

@Suite("Faults")
struct FaultTests {
    @Test("bursts last as many calls as asked for")
    func bursts() async throws {
        try await withSimulator { simulator, caller in
            simulator.faults.serverErrorCalls = 2
            #expect([1, 2, 3].map { _ in caller.get("courses").status } == [500, 500, 200])
            simulator.faults.successFalseCalls = 1
            let refused = caller.get("courses")
            #expect(refused.status == 200)
            #expect(refused.object["success"] as? Bool == false)
            #expect(caller.get("courses").object["success"] as? Bool == true)
            simulator.faults.htmlCalls = 1
            #expect(caller.get("courses").bytes.starts(with: Array("<!DOCTYPE".utf8)))
            simulator.faults.redirectCalls = 1
            let redirect = caller.get("courses")
            #expect(redirect.status == 302)
            #expect(redirect.headers.contains { $0.name == "Location" })
            simulator.faults.onlyPaths = "/users"
            simulator.faults.serverErrorCalls = 1
            #expect(caller.get("courses").status == 200)
            #expect(caller.get("users").status == 500)
        }
    }

    @Test("the call after the limit is 429, with Retry-After if wanted")
    func rateLimit() async throws {
        try await withSimulator { simulator, caller in
            simulator.resetRequests()
            simulator.faults.rateLimit = 30
            simulator.faults.rateWindow = 3600
            for _ in 0..<30 { #expect(caller.get("courses").status == 200) }
            let refused = caller.get("courses")
            #expect(refused.status == 429)
            #expect(refused.headers.isEmpty)
            #expect(refused.object["error"] as? String == "Too many requests")
            simulator.faults.retryAfter = "7"
            #expect(caller.get("courses").headers.first?.value == "7")
        }
    }

    @Test("every key of the switches can be set, an unknown one is named")
    func json() throws {
        let faults = try Faults().merging(
            json: Array(#"{"rate_limit":30,"page_size_caps":{"users":5},"error_body":"error"}"#.utf8)
        )
        #expect(faults.rateLimit == 30)
        #expect(faults.pageSizeCaps == ["users": 5])
        #expect(faults.errorBody == "error")
        #expect(try Faults().merging(json: faults.json) == faults)
        let error = #expect(throws: SimulatorError.self) {
            try Faults().merging(json: Array(#"{"rat_limit":1}"#.utf8))
        }
        #expect(error?.description.contains("rat_limit") == true)
    }

    @Test("titles can be escaped once and twice, and the truth stays plain")
    func escaping() async throws {
        try await withSimulator { simulator, caller in
            let plain = caller.get("courses/course-1").object["title"] as? String
            #expect(plain == "Fire Safety & You 1")
            simulator.faults.escapeTitles = 2
            #expect(caller.get("courses/course-1").object["title"] as? String == "Fire Safety &amp;amp; You 1")
            let truth = try caller.truth("courses")
            #expect(truth.contains { $0["title"] as? String == plain })
        }
    }

    @Test(
        "a hostile record is on its page and counted; the truth has it only where it must be stored",
        arguments: HostileRecord.Kind.allCases
    )
    func hostile(kind: HostileRecord.Kind) async throws {
        try await withSimulator { simulator, caller in
            let before = try caller.truth("learners").count
            simulator.faults.hostile = [HostileRecord(list: "users", kind: kind)]
            let answer = caller.get("users?include_suspended=true&items_per_page=200")
            #expect(try caller.truth("learners").count == before + (kind.isRejected ? 0 : 1))
            let text = String(decoding: answer.bytes, as: UTF8.self)
            #expect(text.contains("hostile@example.org"))
            #expect(text.contains("\"totalItems\":\(before + 1),"))
            if kind == .oversizeString { #expect(answer.bytes.count > 1 << 20) }
        }
    }

    @Test(
        "hostile records of nested lists bind themselves to the first list read",
        arguments: ["grades", "certificates", "enrollments", "progress", "responses", "events", "courses"]
    )
    func hostileLists(list: String) async throws {
        try await withSimulator { simulator, caller in
            let table = list == "responses" ? "assessment_responses" : list
            let before = try caller.truth(table).count
            simulator.faults.hostile = [HostileRecord(list: list, kind: .nulInText)]
            let grade = try #require(try caller.truth("grades").first)
            let learner = try #require(grade["learner_id"] as? String)
            let course = try #require(grade["course_id"] as? String)
            let unit = try #require(grade["assessment_id"] as? String)
            let paths = [
                "grades": "courses/\(course)/grades", "certificates": "certificates?course_id=\(course)",
                "enrollments": "users/\(learner)/courses", "progress": "users/\(learner)/progress",
                "responses": "assessments/\(unit)/responses", "events": "eventlogs", "courses": "courses",
            ]
            let answer = caller.get(try #require(paths[list]))
            #expect(answer.status == 200)
            #expect(String(decoding: answer.bytes, as: UTF8.self).contains("Nul \\u0000 inside"))
            #expect(!answer.rows.isEmpty)
            #expect(try caller.truth(table).count == before + 1)
        }
    }

    @Test("planted secrets are served, listed, and never in the truth")
    func secrets() async throws {
        try await withSimulator { simulator, caller in
            simulator.faults.plantSecrets = true
            let served = ["users?items_per_page=200", "eventlogs", "courses"].map {
                String(decoding: caller.get($0).bytes, as: UTF8.self)
            }.joined()
            for secret in [
                "PLANTED-password", "PLANTED-ssn", "PLANTED-event-token", "PLANTED-agent-ip", "PLANTED-phone",
            ] {
                #expect(served.contains(secret))
                #expect(simulator.secrets.contains(secret))
            }
            #expect(simulator.secrets.contains(caller.token))
            for table in simulator.truthTables {
                #expect(
                    !String(decoding: simulator.truth(table), as: UTF8.self).contains(PlantedSecrets.marker),
                    "\(table)"
                )
            }
        }
    }
}
