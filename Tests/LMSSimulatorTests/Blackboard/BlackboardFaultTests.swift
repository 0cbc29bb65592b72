import Foundation
import Testing

@testable import LMSSimulator

@Suite("Blackboard faults")
struct BlackboardFaultTests {
    @Test("keys of the wire and of the platform lie side by side, an unknown one is named")
    func json() throws {
        let json =
            #"{"rate_limit":30,"page_size_caps":{"review_status":5},"quota_limit":9,"#
            + #""changes_between_pages":[{"list":"users","after_page":2,"kind":"new_learner"}]}"#
        let faults = try BlackboardFaults().merging(json: Array(json.utf8))
        #expect(faults.rateLimit == 30)
        #expect(faults.pageSizeCaps == ["review_status": 5])
        #expect(faults.quotaLimit == 9)
        #expect(faults.changesBetweenPages == [ChangeBetweenPages(list: "users", afterPage: 2, kind: .newLearner)])
        #expect(try BlackboardFaults().merging(json: faults.json) == faults)
        let error = #expect(throws: SimulatorError.self) {
            try BlackboardFaults().merging(json: Array(#"{"quota_limt":1}"#.utf8))
        }
        #expect(error?.description.contains("quota_limt") == true)
    }

    @Test("bursts of the wire last as many calls as asked for, in the platform's shape of errors")
    func bursts() async throws {
        try await withBlackboard { simulator, caller in
            simulator.blackboardFaults.serverErrorCalls = 1
            let failed = caller.get("v1/terms")
            #expect(failed.object["status"] as? Int == 500)
            #expect(caller.get("v1/terms").status == 200)
            simulator.blackboardFaults.tooManyRequestsCalls = 1
            simulator.blackboardFaults.retryAfter = "50000"
            #expect(caller.get("v1/terms").header("Retry-After") == "50000")
            simulator.blackboardFaults.statusForPath = ["/v1/users": 403]
            #expect(caller.get("v1/users").status == 403)
            simulator.blackboardFaults.statusAsString = true
            #expect(caller.get("v1/users").object["status"] as? String == "403")
        }
    }

    @Test("an older version lacks filters, fields and endpoints, and refuses or ignores what it does not know")
    func versions() async throws {
        try await withBlackboard { simulator, caller in
            let (course, column) = try caller.gradedColumn()
            let login = "v1/users?lastLogin=2030-01-01T00:00:00.000Z"
            #expect(caller.get(login).results.isEmpty)
            simulator.blackboardFaults.version = "3800.8.0"
            #expect(caller.get(login).message == "Unknown query parameter: lastLogin")
            #expect(caller.get("v1/courses/\(course)/users?modified=2030-01-01T00:00:00.000Z").status == 400)
            #expect(caller.get("v1/courses/\(course)/gradebook/logs").status == 404)
            let grades = "v2/courses/\(course)/gradebook/columns/\(column)/users"
            #expect(!caller.get(grades).text.contains("lastRelevantDate"))
            #expect(try caller.truth("grades").allSatisfy { $0["graded_at"] is NSNull })
            simulator.blackboardFaults.unknownFilters = "ignore"
            #expect(!caller.get(login).results.isEmpty)
            simulator.blackboardFaults.version = "3700.14.0"
            #expect(caller.get("v1/courses/\(course)/performance/contentReviewStatus").status == 404)
            let learn = caller.get("v1/system/version").object["learn"] as? [String: Any]
            #expect(learn?["minor"] as? Int == 14)
        }
    }

    @Test("nulls and false come and go, fields can be missing on every row")
    func fields() async throws {
        try await withBlackboard { simulator, caller in
            let (course, column) = try caller.gradedColumn()
            let grades = "v2/courses/\(course)/gradebook/columns/\(column)/users"
            #expect(caller.get(grades).text.contains("\"exempt\":false"))
            simulator.blackboardFaults.omitFalse = true
            #expect(!caller.get(grades).text.contains(":false"))
            #expect(!caller.get("v3/courses").text.contains("null"))
            simulator.blackboardFaults.nulls = "explicit"
            #expect(caller.get("v3/courses").text.contains("\"parentId\":null"))
            simulator.blackboardFaults.hiddenFields = ["users.contact.email", "courses.externalId"]
            #expect(!caller.get("v1/users").text.contains("\"email\""))
            #expect(caller.get("v1/users").text.contains("institutionEmail"))
            #expect(!caller.get("v3/courses").text.contains("externalId"))
            simulator.blackboardFaults.externalGradeAbsent = true
            #expect(!caller.get("v2/courses/\(course)/gradebook/columns").text.contains("externalGrade"))
            #expect(try caller.truth("assessments").allSatisfy { $0["scope"] as? String == "assessment" })
            simulator.blackboardFaults.attemptsWithoutUser = true
            #expect(!caller.get("v2/courses/\(course)/gradebook/columns/\(column)/attempts").text.contains("userId"))
            #expect(try caller.truth("assessment_responses").allSatisfy { $0["learner_id"] as? String == "" })
        }
    }

    @Test("after a migration an id belongs to another record, and the uuid tells")
    func migration() async throws {
        try await withBlackboard { simulator, caller in
            let before = caller.walk("v1/users?fields=id,uuid")
            simulator.blackboardFaults.idShift = 1
            let after = caller.walk("v1/users?fields=id,uuid")
            #expect(Set(before.compactMap { $0["uuid"] as? String }) == Set(after.compactMap { $0["uuid"] as? String }))
            let id = try #require(after.first?["id"] as? String)
            let old = before.first { $0["id"] as? String == id }?["uuid"] as? String
            #expect(old != after.first?["uuid"] as? String)
            #expect(caller.get("v1/users/\(id)").object["uuid"] as? String == after.first?["uuid"] as? String)
        }
    }

    @Test("the gradebook's habits: hidden and anonymous columns, waiting and cleared cells, late access, bare logs")
    func gradebook() async throws {
        try await withBlackboard(.init(ungradedShare: 0.5, hiddenColumns: 1, anonymousColumns: 1)) {
            simulator,
            caller in
            let course = try #require(caller.walk("v3/courses?courseId=COURSE-100").first?["id"] as? String)
            let columns = caller.walk("v2/courses/\(course)/gradebook/columns")
            let statuses = columns.map {
                caller.get("v2/courses/\(course)/gradebook/columns/\($0["id"] as? String ?? "")/users").status
            }
            #expect(statuses.contains(403))
            #expect(statuses.contains(404))
            let anonymous = try #require(columns.first { $0["name"] as? String == "Anonymous test" }?["id"] as? String)
            let attempts = caller.walk("v2/courses/\(course)/gradebook/columns/\(anonymous)/attempts")
            #expect(!attempts.isEmpty && attempts.allSatisfy { $0["userId"] == nil })

            let rows = simulator.truthCount("grades")
            let (other, column) = try caller.gradedColumn()
            let path = "v2/courses/\(other)/gradebook/columns/\(column)/users"
            let graded = caller.walk(path).count
            simulator.blackboardFaults.needsGradingRows = true
            #expect(caller.walk(path).count > graded)
            #expect(simulator.truthCount("grades") == rows)

            simulator.blackboardFaults.clearMovesIndex = true
            let cleared = try #require(simulator.change(ChangeRequest(count: 1, kinds: [.gradeCleared])).first)
            let cell = caller.get(
                "v2/courses/\(cleared.courseId ?? "")/gradebook/columns/\(cleared.unitId ?? "")/users/lastChanged"
            ).object
            #expect(cell["userId"] as? String == cleared.learnerId)
            #expect(cell["displayGrade"] == nil)
            #expect(simulator.truthCount("grades") < rows)

            simulator.blackboardFaults.lastAccessedDelay = 300
            let visit = try #require(simulator.change(ChangeRequest(count: 1, kinds: [.visit])).first)
            let member = "v1/courses/\(visit.courseId ?? "")/users/\(visit.learnerId ?? "")"
            let early = caller.get(member).object["lastAccessed"] as? String
            simulator.advance(seconds: 300)
            #expect(caller.get(member).object["lastAccessed"] as? String != early)

            let grade = try #require(simulator.change(ChangeRequest(count: 1, kinds: [.apiGrade])).first)
            let log = "v1/courses/\(grade.courseId ?? "")/gradebook/logs"
            #expect(caller.get(log).text.contains("gradebookColumnId"))
            simulator.blackboardFaults.logsWithoutColumn = true
            #expect(!caller.get(log).text.contains("gradebookColumnId"))

            let listed = simulator.truthCount("progress")
            simulator.blackboardFaults.reviewStatusHidesDisabled = true
            #expect(simulator.truthCount("progress") < listed)
        }
    }

    @Test(
        "a hostile record is on its page; the truth has it only where it must be stored",
        arguments: HostileRecord.Kind.allCases
    )
    func hostile(kind: HostileRecord.Kind) async throws {
        try await withBlackboard { simulator, caller in
            let (course, column) = try caller.gradedColumn()
            let gradebook = "v2/courses/\(course)/gradebook/columns"
            let lists: [(list: String, path: String, table: String?)] = [
                ("courses", "v3/courses", "courses"), ("terms", "v1/terms", "terms"), ("users", "v1/users", "learners"),
                ("memberships", "v1/courses/\(course)/users", "enrollments"), ("columns", gradebook, "assessments"),
                ("categories", "v1/courses/\(course)/gradebook/categories", nil),
                ("grades", gradebook + "/\(column)/users", "grades"),
                ("review_status", "v1/courses/\(course)/performance/contentReviewStatus", "progress"),
                ("attempts", gradebook + "/\(column)/attempts", "assessment_responses"),
            ]
            for (list, path, table) in lists {
                simulator.resetFaults()
                let before = simulator.truthTables.map { simulator.truthCount($0) }
                let served = caller.get(path).bytes.count
                simulator.blackboardFaults.hostile = [HostileRecord(list: list, kind: kind)]
                #expect(caller.get(path).bytes.count > served, "\(list)")
                let after = simulator.truthTables.map { simulator.truthCount($0) }
                let grown = simulator.truthTables.indices.filter { after[$0] > before[$0] }.map {
                    simulator.truthTables[$0]
                }
                #expect(grown == (kind.isRejected ? [] : [table].compactMap { $0 }), "\(list)")
            }
        }
    }

    @Test("planted secrets are served, listed, and never in the truth")
    func secrets() async throws {
        try await withBlackboard { simulator, caller in
            simulator.blackboardFaults.plantSecrets = true
            let (course, column) = try caller.gradedColumn()
            _ = simulator.change(ChangeRequest(seed: 3, count: 5, kinds: [.regrade, .apiGrade]))
            let manual = caller.walk("v2/courses/\(course)/gradebook/columns").first {
                ($0["grading"] as? [String: Any])?["type"] as? String == "Manual"
            }
            let gradebook = "v2/courses/\(course)/gradebook/columns"
            var paths = [
                "v3/courses", "v1/terms", "v1/users", "v1/courses/\(course)/users", gradebook,
                gradebook + "/\(column)/users", gradebook + "/\(manual?["id"] as? String ?? "")/users",
                gradebook + "/\(column)/attempts", "v1/courses/\(course)/performance/contentReviewStatus",
            ]
            paths += caller.walk("v3/courses").map { "v1/courses/\($0["id"] as? String ?? "")/gradebook/logs" }
            let served = paths.map { caller.get($0).text }.joined()
            for secret in BlackboardSecrets.all {
                #expect(served.contains(secret), "\(secret)")
                #expect(simulator.secrets.contains(secret))
            }
            #expect(simulator.secrets.contains(caller.token))
            for table in simulator.truthTables {
                let truth = String(decoding: simulator.truth(table), as: UTF8.self)
                #expect(!truth.contains(PlantedSecrets.marker), "\(table)")
            }
        }
    }
}
