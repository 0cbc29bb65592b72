import Foundation
import Testing

@testable import LMSSimulator

@Suite("MATRIX: wire")
struct MatrixWireTests {
    /// The example of each list in Sources/Platforms/Matrix/README.md §3, shortened to its members.
    private static let examples: [(function: String, query: String, members: [String])] = [
        (
            "get_all_users", "page=1",
            [
                "id", "userid", "first_name", "last_name", "email", "student", "teacher", "assistant", "administrator",
                "monitor", "manager", "student_id", "teacher_id", "organization_id", "joined_at", "first_login_at",
                "last_login_at", "logins", "archived", "archived_at", "job_title_id", "Cost centre",
            ]
        ),
        (
            "get_all_classes", "page=1",
            [
                "id", "name", "style", "course_code", "section_code", "semester", "start", "finish", "weighting_style",
                "weight_using_categories", "display_in_catalog", "archived", "catalog_category", "grademap",
                "grading_periods", "time_zone",
            ]
        ),
        (
            "get_students_for_class", "class_id=502",
            [
                "id", "first_name", "last_name", "enroll_type", "enrolled_at", "enrolled_by_id", "started_at",
                "last_visited_at", "time_spent", "completed_at", "unenrolled", "unenrolled_at", "unenrolled_by_id",
                "deactivated", "deactivated_at", "reactivated_at", "percent", "grade", "notes",
            ]
        ),
        ("get_teachers_for_class", "class_id=502", ["id", "first_name", "last_name", "coteacher"]),
        (
            "get_assignments_for_class", "class_id=502",
            ["id", "name", "type", "points", "category", "grading", "begin", "end", "given", "gateway", "lesson"]
        ),
        ("get_grades_for_class", "class_id=502", ["user_id", "percent", "grade", "grading_periods"]),
        ("get_all_class_completions", "", ["class", "student"]),
        ("get_all_organizations", "page=1", ["id", "name", "description", "internal"]),
        ("get_session_details", "user_ids[]=900001", ["id", "count", "sessions"]),
    ]

    @Test("each list is a bare array whose records have the members of the guide's example")
    func members() async throws {
        try await withMatrix { _, caller in
            for (function, query, members) in Self.examples {
                let answer = caller.get(function, query)
                #expect(answer.status == 200)
                #expect(answer.contentType == "application/json; charset=utf-8")
                let row = try #require(answer.rows.first, "\(function)")
                #expect(Set(members).subtracting(row.keys) == [], "\(function)")
            }
            #expect(caller.get("get_version").text == #"{"version":1}"#)
        }
    }

    @Test("values have the documented forms: minutes and offset, percent as text, points as a float")
    func forms() async throws {
        try await withMatrix { _, caller in
            let user = try #require(caller.get("get_all_users").rows.first)
            #expect((user["joined_at"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d\+02:00/) != nil)
            let assignments = caller.get("get_assignments_for_class", "class_id=502").text
            #expect(assignments.contains(#""points":20.0,"#))
            #expect(assignments.contains(#""points":12.5,"#))
            #expect(!caller.get("get_assignments_for_class", "class_id=501").text.contains("given"))
            let lines = caller.get("get_grades_for_class", "class_id=502").rows
            let cells = lines.flatMap { MatrixPull.cells($0) }
            #expect(cells.contains { $0["percent"] is String && $0["score"] is String && $0["grade"] is String })
            #expect(cells.contains { $0["percent"] is NSNull && $0["submitted_at"] is NSNull })
            let codes = Set(cells.compactMap { $0["grade"] as? String }).intersection(["X", "M", "I", "AB"])
            #expect(!codes.isEmpty)
            let grademap = caller.get("get_all_classes").rows.first?["grademap"] as? [[String: Any]]
            #expect(grademap?.first?["minimum_percent"] as? String == "90.0")
        }
    }

    @Test("assignments hang under one default period where the class has none, under its own where it has")
    func periods() async throws {
        try await withMatrix { _, caller in
            for course in caller.walk("get_all_classes") {
                let names = (course["grading_periods"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
                let lines = caller.get("get_grades_for_class", "class_id=\(try #require(course["id"] as? Int))").rows
                for line in lines {
                    let shown = (line["grading_periods"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
                    #expect(shown == (names.isEmpty ? ["Default"] : names))
                    #expect(MatrixPull.cells(line).count == 4)
                }
            }
        }
    }

    @Test("a completion has class, student and the awards of the class; the link holds the key")
    func completion() async throws {
        try await withMatrix { _, caller in
            let rows = caller.get("get_all_class_completions").rows
            let awarded = try #require(rows.first { $0["certificates"] != nil })
            let award = try #require((awarded["certificates"] as? [[String: Any]])?.first)
            #expect(
                Set(award.keys) == ["id", "name", "description", "printable", "duration", "certificate_file_url"]
            )
            #expect((award["certificate_file_url"] as? String)?.hasSuffix("&api_key=fake-key") == true)
            let student = try #require(awarded["student"] as? [String: Any])
            #expect(student["completed_at"] is String)
            #expect(student["email"] != nil)
            #expect((awarded["class"] as? [String: Any])?["name"] is String)
        }
    }

    @Test("errors are a message: 401 for the key, 400 for everything else")
    func errors() async throws {
        try await withMatrix { simulator, caller in
            let refused = caller.get("get_version", key: "wrong")
            #expect(refused.status == 401)
            #expect(refused.message == "Invalid API key")
            for (function, query) in [
                ("get_students_for_class", ""), ("get_students_for_class", "class_id=1"),
                ("get_grades_for_class", "class_id=x"), ("get_all_users", "page=0"), ("get_all_users", "page=one"),
                ("get_users_with_ids", ""), ("get_users_with_ids", "user_ids=900001"),
                ("get_all_classes", "archived=maybe"), ("get_all_class_completions", "completed_after=soon"),
            ] {
                let answer = caller.get(function, query)
                #expect(answer.status == 400, "\(function) \(query)")
                #expect(answer.message?.isEmpty == false)
            }
            #expect(caller.call("POST", "/api/get_version?api_key=fake-key").status == 400)
            simulator.matrixFaults.acceptsForm = true
            let form = caller.call("POST", "/api/get_version", body: "api_key=fake-key&api_version=1")
            #expect(form.text == #"{"version":1}"#)
        }
    }

    @Test("calls are counted by function; any other function is counted as forbidden, and does nothing")
    func counting() async throws {
        try await withMatrix { simulator, caller in
            simulator.resetRequests(recent: 1)
            _ = caller.get("get_version")
            _ = caller.get("get_all_users", "page=1")
            let before = simulator.truth("learners")
            #expect(caller.get("delete_users", "user_ids[]=900003").status == 400)
            #expect(simulator.truth("learners") == before)
            #expect(caller.call("GET", "/index.html").status == 404)
            #expect(
                simulator.requests.routes == ["get_version": 1, "get_all_users": 1, "forbidden": 1, "unknown": 1]
            )
            #expect(simulator.requests.recent.allSatisfy { !$0.contains("fake-key") })
        }
    }

    @Test("without api_version the newest version answers, in its own shape")
    func version() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.newestVersion = 3
            #expect(caller.get("get_version", version: nil).text == #"{"version":3}"#)
            #expect(caller.get("get_all_users", version: nil).object["data"] != nil)
            #expect(!caller.get("get_all_users").rows.isEmpty)
        }
    }
}
