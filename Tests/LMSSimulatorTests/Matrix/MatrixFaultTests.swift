import Foundation
import Testing

@testable import LMSSimulator

@Suite("MATRIX: switches")
struct MatrixFaultTests {
    @Test("every key can be set, an unknown one is named, and reset turns all off")
    func json() async throws {
        try await withMatrix { simulator, _ in
            try simulator.setFaults(json: Array(#"{"time_form":"seconds","truncated_calls":2}"#.utf8))
            #expect(simulator.matrixFaults.timeForm == "seconds")
            #expect(simulator.matrixFaults.truncatedCalls == 2)
            #expect(try MatrixFaults().merging(json: simulator.matrixFaults.json) == simulator.matrixFaults)
            let error = #expect(throws: SimulatorError.self) {
                try simulator.setFaults(json: Array(#"{"time_from":"seconds"}"#.utf8))
            }
            #expect(error?.description.contains("time_from") == true)
            simulator.resetFaults()
            #expect(simulator.matrixFaults == MatrixFaults())
        }
    }

    @Test(
        "times come with or without seconds, in each spelling of the offset, and the truth keeps what was sent",
        arguments: [
            ("minutes", "colon", "2026-01-05T10:02+02:00", 1_767_600_120_000_000),
            ("seconds", "compact", "2026-01-05T10:02:03+0200", 1_767_600_123_000_000),
            ("fractions", "zulu", "2026-01-05T08:02:03.500Z", 1_767_600_123_500_000),
        ]
    )
    func times(form: String, offset: String, text: String, stored: Int) async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.timeForm = form
            simulator.matrixFaults.offsetForm = offset
            let wish = ChangeRequest(seed: 1, count: 1, kinds: [.newLearner], secondsBetween: 123.5)
            let id = try #require(simulator.change(wish).first?.learnerId)
            #expect(caller.get("get_users_with_ids", "user_ids[]=\(id)").rows.first?["joined_at"] as? String == text)
            let truth = try caller.truth("learners").first { $0["learner_id"] as? String == id }
            #expect(truth?["created_at"] as? Int == stored)
            simulator.matrixFaults.siteOffsetMinutes = -210
            let shifted = caller.get("get_users_with_ids", "user_ids[]=\(id)").rows.first?["joined_at"] as? String
            #expect(shifted?.contains(offset == "zulu" ? "T08:02" : "T04:32") == true)
        }
    }

    @Test("percentages come as text, number, with a sign, empty or as the code, and the truth stays")
    func percents() async throws {
        try await withMatrix { simulator, caller in
            let truth = ["grades", "progress", "certificates"].map { simulator.truth($0) }
            func cells() -> [[String: Any]] {
                caller.get("get_grades_for_class", "class_id=502").rows.flatMap { MatrixPull.cells($0) }
            }
            #expect(cells().contains { $0["percent"] is String })
            simulator.matrixFaults.percentForm = "number"
            #expect(cells().allSatisfy { !($0["percent"] is String) && !($0["score"] is String) })
            simulator.matrixFaults.percentForm = "percent_sign"
            #expect(cells().contains { ($0["percent"] as? String)?.hasSuffix("%") == true })
            #expect(cells().allSatisfy { ($0["score"] as? String)?.hasSuffix("%") != true })
            simulator.matrixFaults.percentForm = "empty"
            #expect(cells().contains { $0["percent"] as? String == "" })
            #expect(cells().allSatisfy { !($0["percent"] is NSNull) })
            simulator.matrixFaults.percentForm = "code"
            #expect(cells().contains { $0["percent"] is String && $0["percent"] as? String == $0["grade"] as? String })
            #expect(["grades", "progress", "certificates"].map { simulator.truth($0) } == truth)
        }
    }

    @Test("null members can be absent, except states of an enrollment; families add members; other spellings exist")
    func members() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.absentNulls = true
            #expect(
                caller.get("get_all_users").rows.allSatisfy {
                    !$0.keys.contains("job_title_id") || $0["job_title_id"] is Int
                }
            )
            #expect(
                caller.get("get_students_for_class", "class_id=502").rows.allSatisfy {
                    $0.keys.contains("completed_at")
                }
            )
            simulator.matrixFaults.families = true
            #expect(caller.get("get_all_users").rows.contains { $0["parent"] as? Bool == true })
            simulator.matrixFaults.otherSpellings = true
            let course = try #require(caller.get("get_all_classes").rows.first { $0["start_at"] != nil })
            #expect(course["weighting_using_categories"] is Bool)
            #expect(course["categories"] is [Any])
            #expect(course["weight_using_categories"] == nil)
            #expect(course["catalog_category"] == nil)
            simulator.matrixFaults.shadowField = "state"
            let text = caller.get("get_all_users").text
            #expect(text.contains(#""state":"PLANTED-state""#))
            #expect(text.contains(#""state":"School value"}"#))
            #expect(caller.get("get_all_classes").text.contains(#""state":"School value"}"#))
        }
    }

    @Test("answers can be messages, pages, redirects, slow or spoiled; a message hits only what it should")
    func answers() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.messageCalls = 1
            let message = caller.get("get_all_users")
            #expect(message.status == 200)
            #expect(message.message == "Something went wrong")
            simulator.matrixFaults.badRequestCalls = 1
            simulator.matrixFaults.onlyPaths = "get_grades"
            #expect(caller.get("get_all_users").status == 200)
            #expect(caller.get("get_grades_for_class", "class_id=502").status == 400)
            simulator.matrixFaults.onlyPaths = ""
            simulator.matrixFaults.htmlCalls = 1
            #expect(caller.get("get_all_users").contentType.hasPrefix("text/html"))
            simulator.matrixFaults.redirectCalls = 1
            #expect(caller.get("get_all_users").status == 302)
            simulator.matrixFaults.serverErrorCalls = 1
            let broken = caller.get("get_all_users")
            #expect(broken.status == 500)
            #expect(broken.message != nil)
            simulator.matrixFaults.statusForPath = ["/get_all_organizations": 403]
            #expect(caller.get("get_all_organizations").status == 403)
            simulator.matrixFaults.trailingBytesCalls = 1
            #expect(caller.get("get_all_users").json == nil)
            #expect(!caller.get("get_all_users").rows.isEmpty)
        }
    }

    @Test("pages can be ignored, repeated, short, or shift while they are read")
    func pages() async throws {
        try await withMatrix(MatrixShape(users: 250, classes: 2)) { simulator, caller in
            func page(_ number: Int) -> [Int] { caller.get("get_all_users", "page=\(number)").ids }
            let pages = (1...3).map(page)
            simulator.matrixFaults.ignorePage = ["users"]
            #expect(page(7) == pages[0])
            simulator.resetFaults()
            simulator.matrixFaults.repeatedPage = ["users": 2]
            #expect(page(2) == pages[0])
            #expect(page(3) == pages[2])
            simulator.resetFaults()
            simulator.matrixFaults.shortPage = ["users": 2]
            #expect((1...4).map { page($0).count } == [100, 50, 100, 0])
            #expect((1...3).flatMap(page) == Array((pages[0] + pages[1] + pages[2]).prefix(250)))
            simulator.resetFaults()
            simulator.matrixFaults.shifts = [ListShift(list: "users", afterPage: 1)]
            #expect(page(1) == pages[0])
            #expect(page(2).first == pages[0].last)
            #expect(simulator.matrixFaults.shifts[0].times == 0)
        }
    }

    @Test("people can be hidden, dropped or doubled, and the truth follows what a full pull sees")
    func people() async throws {
        let shape = MatrixShape(users: 80, classes: 8, learnersPerClass: 20, archivedShare: 0.3, unenrolledShare: 0.3)
        try await withMatrix(shape) { simulator, caller in
            func rows(_ table: String) -> Int { simulator.truthCount(table) }
            let before = simulator.truthTables.map(rows)
            simulator.matrixFaults.walkHidesArchived = true
            #expect(caller.walk("get_all_users").allSatisfy { $0["archived"] as? Bool == false })
            // Archived people of a roster are embedded users that the walk did not have.
            #expect(rows("learners") > caller.walk("get_all_users").count)
            simulator.resetFaults()
            simulator.matrixFaults.rosterHidesUnenrolled = true
            #expect(
                caller.get("get_students_for_class", "class_id=502").rows.allSatisfy {
                    $0["unenrolled"] as? Bool == false
                }
            )
            #expect(rows("enrollments") < before[2])
            simulator.resetFaults()
            simulator.matrixFaults.gradebookHidesUnenrolled = true
            #expect(rows("grades") < before[6])
            simulator.resetFaults()
            simulator.matrixFaults.dropsHistory = true
            #expect(rows("certificates") < before[4])
            #expect(rows("certificates") > 0)
            simulator.resetFaults()
            simulator.matrixFaults.rosterTwins = true
            let ids = caller.get("get_students_for_class", "class_id=502").ids
            #expect(Set(ids).count == ids.count - 1)
            #expect(simulator.truthTables.map(rows) == before)
        }
    }

    @Test("completions may lack their time, comments may be huge, sessions may be short-lived")
    func sizes() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.completionsLackTime = true
            let row = try #require(caller.get("get_all_class_completions").rows.first)
            #expect((row["student"] as? [String: Any])?["completed_at"] == nil)
            let small = caller.get("get_grades_for_class", "class_id=502").bytes.count
            simulator.matrixFaults.gradebookCommentBytes = 2000
            #expect(caller.get("get_grades_for_class", "class_id=502").bytes.count > small + 50_000)
            let sessions = simulator.truthCount("events")
            simulator.matrixFaults.sessionHorizonDays = 14
            #expect(simulator.truthCount("events") < sessions)
        }
    }
}
