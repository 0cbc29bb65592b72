import Foundation

@testable import LMSSimulator

/// The pull in the shape of the truth, key columns and a few values each: a third reading of the tables of
/// Sources/Platforms/Matrix/README.md §3, beside the truth and the connector.
extension MatrixPull {
    static let columns: [String: [String]] = [
        "courses": ["course_id", "title", "status", "category", "parent_course_id", "starts_at"],
        "learners": ["learner_id", "username", "external_id", "role", "status", "organization_id", "last_login_at"],
        "enrollments": ["course_id", "learner_id", "role", "status", "enrolled_at", "ended_at"],
        "progress": ["course_id", "learner_id", "status", "average_score_rate", "completed_at"],
        "certificates": ["learner_id", "course_id", "title", "issued_at", "score"],
        "assessments": ["assessment_id", "course_id", "title", "points_possible", "available", "due_at"],
        "grades": ["course_id", "learner_id", "assessment_id", "percent", "letter", "status", "submitted_at"],
        "organizations": ["organization_id", "name", "internal"],
    ]

    /// The truth's rows in the same form.
    static func lines(of rows: [[String: Any]], table: String) -> [String] {
        rows.map { row in (columns[table] ?? []).map { text(row[$0]) }.joined(separator: "|") }.sorted()
    }

    func lines(of table: String) -> [String] {
        let rows: [[Any?]] =
            switch table {
            case "courses": classes.map { Self.course($0.key, $0.value) }
            case "learners": users.values.map(Self.learner)
            case "enrollments": enrollments
            case "progress": rosters.flatMap { id, rows in rows.map { Self.progress(id, $0) } }
            case "certificates": completions.values.flatMap(Self.certificates)
            case "assessments": assessments
            case "grades": gradebooks.flatMap { id, rows in rows.flatMap { grades(id, $0) } }
            case "organizations": organizations.map { [$0["id"], $0["name"], $0["internal"]] }
            default: []
            }
        return rows.map { $0.map(Self.text).joined(separator: "|") }.sorted()
    }

    private static func text(_ value: Any?) -> String {
        switch value {
        case nil, is NSNull: "null"
        case let text as String: text
        case let number as Int: "\(number)"
        case let number as Double: number == number.rounded() ? "\(Int(number))" : "\(number)"
        case let flag as Bool: flag ? "1" : "0"
        case let other?: "\(other)"
        }
    }

    /// Microseconds of a time without seconds.
    private static func time(_ value: Any?) -> Int? {
        guard let text = value as? String else { return nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mmXXXXX"
        return formatter.date(from: text).map { Int($0.timeIntervalSince1970 * 1_000_000) }
    }

    private static func number(_ value: Any?) -> Double? {
        (value as? String).flatMap { Double($0) }
    }

    private static func flag(_ value: Any?) -> Bool { value as? Bool ?? false }

    private static func course(_ id: Int, _ row: [String: Any]) -> [Any?] {
        let status = flag(row["archived"]) ? "archived" : flag(row["template"]) ? "draft" : "active"
        return [id, row["name"], status, row["catalog_category"], row["parent"], time(row["start"])]
    }

    private static func learner(_ row: [String: Any]) -> [Any?] {
        let order = [
            ("administrator", "admin"), ("manager", "manager"), ("teacher", "instructor"), ("assistant", "assistant"),
            ("monitor", "monitor"), ("student", "learner"),
        ]
        return [
            row["id"], row["userid"], row["student_id"] as? String ?? row["teacher_id"],
            order.first { flag(row[$0.0]) }?.1, flag(row["archived"]) ? "archived" : "active", row["organization_id"],
            time(row["last_login_at"]),
        ]
    }

    private var enrollments: [[Any?]] {
        rosters.flatMap { id, rows in
            let students = rows.map { row -> [Any?] in
                let isBack = (Self.time(row["reactivated_at"]) ?? 0) > (Self.time(row["deactivated_at"]) ?? 0)
                let status =
                    Self.flag(row["unenrolled"])
                    ? "ended" : Self.flag(row["deactivated"]) && !isBack ? "suspended" : "active"
                return [
                    id, row["id"], "learner", status, Self.time(row["enrolled_at"]), Self.time(row["unenrolled_at"]),
                ]
            }
            let known = Set(rows.compactMap { $0["id"] as? Int })
            let others = (teachers[id] ?? []).filter { !known.contains($0["id"] as? Int ?? 0) }
            return students
                + others.map {
                    [id, $0["id"], Self.flag($0["coteacher"]) ? "co_instructor" : "instructor", "active", nil, nil]
                }
        }
    }

    private static func progress(_ id: Int, _ row: [String: Any]) -> [Any?] {
        let completed = time(row["completed_at"])
        let hasBegun = row["started_at"] is String || row["last_visited_at"] is String
        let status = completed != nil ? "completed" : hasBegun ? "in_progress" : "not_started"
        return [id, row["id"], status, completed == nil ? nil : number(row["percent"]), completed]
    }

    private static func certificates(_ row: [String: Any]) -> [[Any?]] {
        let (course, user) = ids(row)
        let student = row["student"] as? [String: Any]
        return (row["certificates"] as? [[String: Any]] ?? []).map {
            [user, course, $0["name"], time(student?["completed_at"]), student?["percent"]]
        }
    }

    private var assessments: [[Any?]] {
        classes.flatMap { id, course in
            var rows: [[Any?]] = (assignments[id] ?? []).map {
                [$0["id"], id, $0["name"], $0["points"], $0["given"] as? Bool ?? true, Self.time($0["end"])]
            }
            rows.append(["course:\(id)", id, course["name"], nil, nil, nil])
            for period in course["grading_periods"] as? [[String: Any]] ?? [] {
                let name = Self.text(period["name"])
                rows.append(["period:\(id):\(name)", id, name, nil, nil, nil])
            }
            return rows
        }
    }

    private func grades(_ id: Int, _ row: [String: Any]) -> [[Any?]] {
        var found: [[Any?]] = []
        func total(_ assessment: String, _ mark: [String: Any]) {
            guard let percent = Self.number(mark["percent"]) else { return }
            found.append([id, row["user_id"], assessment, percent, mark["grade"], "graded", nil])
        }
        total("course:\(id)", row)
        if !(classes[id]?["grading_periods"] as? [Any] ?? []).isEmpty {
            for period in row["grading_periods"] as? [[String: Any]] ?? [] {
                total("period:\(id):\(Self.text(period["name"]))", period)
            }
        }
        let codes = ["X": "excused", "M": "missing", "I": "incomplete", "AB": "absent"]
        for cell in Self.cells(row) {
            let code = (cell["grade"] as? String).flatMap { codes[$0] }
            let percent = Self.number(cell["percent"])
            let submitted = Self.time(cell["submitted_at"])
            guard let status = code ?? (percent != nil ? "graded" : submitted != nil ? "submitted" : nil) else {
                continue
            }
            found.append([
                id, row["user_id"], cell["id"], percent, code == nil ? cell["grade"] : nil, status, submitted,
            ])
        }
        return found
    }
}
