import Foundation

@testable import LMSSimulator

/// Reads a whole school through the API and brings it into the shape of the truth, key columns and a few values each.
///
/// A third reading of the tables of Sources/Platforms/LearnWorlds/README.md §3, beside the simulator's truth and the
/// connector: it keeps the two ends of the simulator honest with each other.
struct FullPull {
    /// Rows of one table as sorted lines.
    private(set) var tables: [String: [String]] = [:]

    static let columns: [String: [String]] = [
        "courses": ["course_id", "modified_at"],
        "learners": ["learner_id", "status", "last_login_at", "created_at"],
        "course_units": ["course_id", "unit_id"],
        "enrollments": ["course_id", "learner_id", "enrolled_at", "expires_at"],
        "progress": ["course_id", "learner_id", "status", "progress_rate", "time_on_course_seconds", "completed_at"],
        "unit_progress": ["course_id", "learner_id", "unit_id", "score_rate", "time_on_unit_seconds"],
        "grades": ["course_id", "learner_id", "assessment_id", "percent", "status", "submitted_at", "graded_at"],
        "certificates": ["learner_id", "certificate_id", "issued_at"],
        "assessment_responses": ["learner_id", "response_id", "percent", "submitted_at"],
        "events": ["occurred_at", "activity", "learner_id", "course_id"],
    ]

    init(_ caller: Caller) {
        let courses = caller.walk("courses?items_per_page=100")
        for course in courses { readCourse(course, caller) }
        for user in caller.walk("users?include_suspended=true&items_per_page=200") { readLearner(user, caller) }
        for event in caller.walk("eventlogs?sort=asc") {
            let info = event["additional_info"] as? [String: Any]
            let course = (info?["course"] as? [String: Any])?["id"] ?? info?["course"]
            add("events", time(event["created"]), event["activity"], (event["user"] as? [String: Any])?["id"], course)
        }
        for table in Self.columns.keys { tables[table, default: []].sort() }
    }

    /// The truth's rows in the same form.
    static func lines(of rows: [[String: Any]], table: String) -> [String] {
        let columns = columns[table] ?? []
        return rows.map { row in columns.map { text(row[$0]) }.joined(separator: "|") }.sorted()
    }

    private mutating func readCourse(_ course: [String: Any], _ caller: Caller) {
        let id = course["id"] as? String ?? ""
        add("courses", id, time(course["modified"]))
        let contents = caller.get("courses/\(id)/contents").object
        for section in contents["sections"] as? [[String: Any]] ?? [] {
            for (place, unit) in (section["learningUnits"] as? [[String: Any]] ?? []).enumerated() {
                let unitID = unit["id"] as? String ?? "s:\(section["id"] as? String ?? ""):\(place + 1)"
                add("course_units", id, unitID)
                guard unit["type"] as? String == "assessmentV2" else { continue }
                for response in caller.walk("assessments/\(unitID)/responses?items_per_page=200") {
                    add(
                        "assessment_responses",
                        response["user_id"],
                        response["id"],
                        response["grade"],
                        time(response["submittedTimestamp"])
                    )
                }
            }
        }
        readGrades(of: id, caller)
        for certificate in caller.walk("certificates?course_id=\(id)&items_per_page=100") {
            let user = certificate["user"] as? [String: Any]
            add("certificates", user?["id"], certificate["id"], time(certificate["issued"]))
        }
    }

    /// The newest submission of a learner in a unit: by submission time, then modification, then id.
    private mutating func readGrades(of course: String, _ caller: Caller) {
        var newest: [String: (order: (Double, Double, String), row: [String: Any])] = [:]
        for row in caller.walk("courses/\(course)/grades?sort=submittedTimestamp&order=desc&items_per_page=200") {
            let unit = (row["learningUnit"] as? [String: Any])?["id"] as? String ?? ""
            let order = (
                row["submittedTimestamp"] as? Double ?? .infinity, row["modified"] as? Double ?? 0,
                row["id"] as? String ?? ""
            )
            let key = unit + (row["user_id"] as? String ?? "")
            if let known = newest[key], known.order > order { continue }
            newest[key] = (order, row)
        }
        for (_, row) in newest.values {
            add(
                "grades",
                course,
                row["user_id"],
                (row["learningUnit"] as? [String: Any])?["id"],
                row["grade"],
                row["grade"] is NSNull ? "submitted" : "graded",
                time(row["submittedTimestamp"]),
                time(row["modified"])
            )
        }
    }

    private mutating func readLearner(_ user: [String: Any], _ caller: Caller) {
        let id = user["id"] as? String ?? ""
        let login = (user["last_login"] as? Double).flatMap { $0 == 0 ? nil : $0 }
        let status = user["is_suspended"] as? Bool == true ? "suspended" : "active"
        add("learners", id, status, time(login), time(user["created"]))
        for enrollment in caller.walk("users/\(id)/courses") {
            let course = enrollment["course"] as? [String: Any]
            add("enrollments", course?["id"], id, time(enrollment["created"]), time(enrollment["expires"]))
        }
        for progress in caller.walk("users/\(id)/progress?items_per_page=200") {
            let course = progress["course_id"]
            add(
                "progress",
                course,
                id,
                progress["status"],
                progress["progress_rate"],
                progress["time_on_course"],
                time(progress["completed_at"])
            )
            for section in progress["progress_per_section_unit"] as? [[String: Any]] ?? [] {
                for unit in section["units"] as? [[String: Any]] ?? [] {
                    add("unit_progress", course, id, unit["unit_id"], unit["score_on_unit"], unit["time_on_unit"])
                }
            }
        }
    }

    private mutating func add(_ table: String, _ values: Any?...) {
        tables[table, default: []].append(values.map(Self.text).joined(separator: "|"))
    }

    private func time(_ value: Any?) -> Any? {
        (value as? Double).map { Int(($0 * 1_000_000).rounded()) }
    }

    private static func text(_ value: Any?) -> String {
        switch value {
        case let text as String: text
        case let number as NSNumber: number.stringValue
        case let number as Int: String(number)
        default: "-"
        }
    }
}
