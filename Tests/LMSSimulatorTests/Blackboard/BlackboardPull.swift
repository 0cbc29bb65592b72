import Foundation

@testable import LMSSimulator

/// Reads a site through the API and brings it into the shape of the truth: by key a line of a few values each.
///
/// A third reading of the tables of Sources/Platforms/Blackboard/README.md §3, beside the simulator's truth and the
/// connector. ``increment()`` reads what one incremental sync with default options reads
/// (Sources/Platforms/Blackboard/README.md §5), so that each kind of change is as visible as declared.
final class BlackboardPull {
    let caller: BlackboardCaller
    private(set) var tables: [String: [String: String]] = [:]
    private var now: Double

    /// Ids of courses that are read for memberships and grades, with what decides whether they are live.
    private var courses: [String: [String: Any]] = [:]
    private var terms: [String: [String: Any]] = [:]
    private var previews: Set<String> = []
    /// Members of a course: user id to membership.
    private var rosters: [String: [String: [String: Any]]] = [:]
    private var columns: [String: [String: [String: Any]]] = [:]
    private var categories: [String: [String: String]] = [:]
    private var indexes: [String: Int] = [:]

    static let columns: [String: [String]] = [
        "terms": ["term_id", "title", "status"],
        "courses": ["course_id", "title", "category", "modified_at", "parent_course_id"],
        "learners": ["learner_id", "email", "last_name", "status", "last_login_at"],
        "enrollments": ["course_id", "learner_id", "role", "status", "last_accessed_at", "parent_course_id"],
        "progress": ["course_id", "learner_id", "status", "completed_units", "last_accessed_at"],
        "assessments": ["assessment_id", "title", "category", "grading", "due_at", "available"],
        "grades": ["course_id", "learner_id", "assessment_id", "score", "letter", "status", "exempt", "change_index"],
    ]

    init(_ caller: BlackboardCaller) {
        self.caller = caller
        now = caller.simulator.now.seconds
        for term in caller.walk("v1/terms") {
            terms[text(term["id"])] = term
            set("terms", [term["id"]], [term["id"], term["name"], yes(term) ? "active" : "unavailable"])
        }
        readCourses("v3/courses?organization=false&sort=created")
        readUsers("v1/users?sort=created")
        for id in courses.keys {
            _ = readRoster(id)
            readGradebook(id, columns: { _ in true }, fromIndex: false)
        }
    }

    /// The truth's rows in the same form.
    static func lines(of rows: [[String: Any]], table: String) -> [String] {
        let columns = columns[table] ?? []
        return rows.map { row in columns.map { text(row[$0]) }.joined(separator: "|") }.sorted()
    }

    func lines(_ table: String) -> [String] {
        (tables[table] ?? [:]).values.sorted()
    }

    // MARK: an increment

    /// One incremental sync.
    func increment() {
        let since = BlackboardPull.iso(now - 900)
        now = caller.simulator.now.seconds
        readCourses("v3/courses?organization=false&sort=created&modified=\(since)")
        readUsers("v1/users?sort=created&modified=\(since)")
        readUsers("v1/users?sort=created&lastLogin=\(since)")
        for id in courses.keys.sorted() where isLive(id) {
            let totals = totals(of: id)
            guard readRoster(id) else { continue }
            var explained: Set<String> = []
            let before = tables["grades"] ?? [:]
            readGradebook(id, columns: { isHot($0) || kind($0) == "Calculated" }, fromIndex: true)
            for (key, line) in tables["grades"] ?? [:] where before[key] != line && !isCalculated(key) {
                explained.insert(key.split(separator: "|").map(String.init)[1])
            }
            let moved = self.totals(of: id).filter { totals[$0.key] != $0.value }.keys
            if moved.contains(where: { !explained.contains($0) }) {
                readGradebook(id, columns: { !isHot($0) && kind($0) != "Calculated" }, fromIndex: true)
            }
        }
    }

    private func isLive(_ id: String) -> Bool {
        guard let course = courses[id], course["closedComplete"] as? Bool != true,
            available(course) != "Disabled"
        else { return false }
        var duration = (course["availability"] as? [String: Any])?["duration"] as? [String: Any]
        if duration?["type"] as? String == "UseTerm" {
            let term = terms[text(course["termId"])]
            duration = (term?["availability"] as? [String: Any])?["duration"] as? [String: Any]
        }
        guard let end = seconds(duration?["end"]) else { return true }
        return end + 30 * 86_400 >= now
    }

    private func isHot(_ column: [String: Any]) -> Bool {
        let since = now - 14 * 86_400
        let due = seconds((column["grading"] as? [String: Any])?["due"])
        return [column["created"], column["modified"]].contains { seconds($0) ?? 0 >= since }
            || (due.map { $0 >= since && $0 <= now + 7 * 86_400 } ?? false)
    }

    private func kind(_ column: [String: Any]) -> String {
        text((column["grading"] as? [String: Any])?["type"])
    }

    private func isCalculated(_ key: String) -> Bool {
        let parts = key.split(separator: "|").map(String.init)
        return kind(columns[parts[0]]?[parts[2]] ?? [:]) == "Calculated"
    }

    private func totals(of course: String) -> [String: String] {
        guard let total = columns[course]?.first(where: { $0.value["externalGrade"] as? Bool == true })?.key else {
            return [:]
        }
        var found: [String: String] = [:]
        for (key, line) in tables["grades"] ?? [:] where key.hasPrefix(course + "|") && key.hasSuffix("|" + total) {
            found[key.split(separator: "|").map(String.init)[1]] = line
        }
        return found
    }

    // MARK: lists

    private func readCourses(_ path: String) {
        for course in caller.walk(path) {
            let id = text(course["id"])
            if course["parentId"] == nil { courses[id] = course }
            let term = terms[text(course["termId"])]
            set(
                "courses",
                [id],
                [id, course["name"], term?["name"], time(course["modified"]), course["parentId"]]
            )
        }
    }

    private func readUsers(_ path: String) {
        for user in caller.walk(path) {
            let id = text(user["id"])
            if text(user["userName"]).hasSuffix("_previewuser") {
                previews.insert(id)
                continue
            }
            let contact = user["contact"] as? [String: Any]
            let states = ["Yes": "active", "No": "suspended", "Disabled": "archived"]
            set(
                "learners",
                [id],
                [
                    id, contact?["email"] ?? contact?["institutionEmail"], (user["name"] as? [String: Any])?["family"],
                    states[available(user)], time(user["lastLogin"]),
                ]
            )
        }
    }

    /// Whether anything changed.
    private func readRoster(_ course: String) -> Bool {
        let former = rosters[course] ?? [:]
        var roster: [String: [String: Any]] = [:]
        for member in caller.walk("v1/courses/\(course)/users?sort=created") {
            let user = text(member["userId"])
            if !previews.contains(user) { roster[user] = member }
        }
        rosters[course] = roster
        for user in former.keys where roster[user] == nil { forget(user, in: course) }
        for (user, member) in roster {
            let roles = ["Student": "learner", "Instructor": "instructor", "TeachingAssistant": "assistant"]
            let role = text(member["courseRoleId"])
            let states = ["Yes": "active", "No": "suspended", "Disabled": "ended"]
            set(
                "enrollments",
                [course, user],
                [
                    member["childCourseId"] ?? course, user, roles[role] ?? role.lowercased(),
                    states[available(member)],
                    time(member["lastAccessed"]), member["childCourseId"] == nil ? nil : course,
                ]
            )
        }
        return (former as NSDictionary) != (roster as NSDictionary)
    }

    private func forget(_ user: String, in course: String) {
        for table in ["enrollments", "progress", "grades"] {
            for key in (tables[table] ?? [:]).keys
            where key == "\(course)|\(user)" || key.hasPrefix("\(course)|\(user)|") {
                tables[table]?[key] = nil
            }
        }
    }

    private func readGradebook(
        _ course: String,
        columns isRead: ([String: Any]) -> Bool,
        fromIndex: Bool
    ) {
        var found: [String: [String: Any]] = [:]
        for column in caller.walk("v2/courses/\(course)/gradebook/columns") { found[text(column["id"])] = column }
        for gone in (columns[course] ?? [:]).keys where found[gone] == nil {
            tables["assessments"]?[gone] = nil
            for key in (tables["grades"] ?? [:]).keys where key.hasSuffix("|" + gone) { tables["grades"]?[key] = nil }
        }
        columns[course] = found
        if categories[course] == nil {
            categories[course] = [:]
            for category in caller.walk("v1/courses/\(course)/gradebook/categories") {
                categories[course]?[text(category["id"])] = text(category["title"])
            }
        }
        for (id, column) in found {
            set(
                "assessments",
                [id],
                [
                    assessment(id, column, course), column["displayName"] ?? column["name"],
                    categories[course]?[text(column["gradebookCategoryId"])],
                    ["Attempts": "attempt", "Calculated": "calculated", "Manual": "manual"][kind(column)],
                    time((column["grading"] as? [String: Any])?["due"]), yes(column),
                ]
            )
            if isRead(column) || !isKnown(id) { readGrades(id, column, course, fromIndex: fromIndex) }
        }
        readReviewStatus(course)
        rekey(course)
    }

    private func isKnown(_ column: String) -> Bool { indexes[column] != nil }

    private func assessment(_ id: String, _ column: [String: Any], _ course: String) -> String {
        column["externalGrade"] as? Bool == true ? "course:" + course : id
    }

    private func readGrades(_ id: String, _ column: [String: Any], _ course: String, fromIndex: Bool) {
        var path = "v2/courses/\(course)/gradebook/columns/\(id)/users?includeDisabledMemberships=true"
        if fromIndex, kind(column) != "Calculated", let index = indexes[id] { path += "&changeIndex=\(index)" }
        for row in caller.walk(path) {
            let user = text(row["userId"])
            let index = row["changeIndex"] as? Int ?? 0
            indexes[id] = max(indexes[id] ?? 0, index)
            let shown = row["displayGrade"] as? [String: Any]
            let isEmpty = shown == nil && row["exempt"] as? Bool != true
            if previews.contains(user) || isEmpty { continue }
            let hasLetter =
                ["Tabular", "Text"].contains(text(shown?["scaleType"])) || row["gradeNotationId"] != nil
            let isGraded = shown?["score"] != nil || shown?["text"] != nil
            let values: [Any?] = [
                home(of: user, in: course), user, assessment(id, column, course), shown?["score"],
                hasLetter ? shown?["text"] : nil, isGraded ? "graded" : "not_graded", row["exempt"] as? Bool ?? false,
                index,
            ]
            set("grades", [course, user, id], values)
        }
        indexes[id] = indexes[id] ?? 0
    }

    private func readReviewStatus(_ course: String) {
        for row in caller.walk("v1/courses/\(course)/performance/contentReviewStatus") {
            let user = text(row["userId"])
            if previews.contains(user) { continue }
            let (done, total) = (row["reviewedCount"] as? Int ?? 0, row["reviewableCount"] as? Int ?? 0)
            let access = time(rosters[course]?[user]?["lastAccessed"])
            let status =
                total > 0 && done == total ? "completed" : done == 0 && access == nil ? "not_started" : "in_progress"
            set("progress", [course, user], [home(of: user, in: course), user, status, done, access])
        }
    }

    /// Grades and progress follow their member to another merged course without a request.
    private func rekey(_ course: String) {
        for table in ["grades", "progress"] {
            for (key, line) in tables[table] ?? [:] where key.hasPrefix(course + "|") {
                let user = key.split(separator: "|").map(String.init)[1]
                let rest = line.drop { $0 != "|" }
                let moved = home(of: user, in: course) + rest
                tables[table]?[key] = moved
            }
        }
    }

    private func home(of user: String, in course: String) -> String {
        rosters[course]?[user]?["childCourseId"] as? String ?? course
    }

    // MARK: values

    private func set(_ table: String, _ key: [Any?], _ values: [Any?]) {
        let key = key.map { Self.text($0) }.joined(separator: "|")
        tables[table, default: [:]][key] = values.map { Self.text($0) }.joined(separator: "|")
    }

    private func available(_ row: [String: Any]) -> String {
        text((row["availability"] as? [String: Any])?["available"])
    }

    private func yes(_ row: [String: Any]) -> Bool { available(row) == "Yes" }

    private func text(_ value: Any?) -> String { Self.text(value) }

    /// Numbers by value, nulls empty.
    static func text(_ value: Any?) -> String {
        switch value {
        case let text as String: text
        case let number as NSNumber: "\(number.doubleValue)"
        default: ""
        }
    }

    private func seconds(_ value: Any?) -> Double? {
        (value as? String).flatMap { Instant(iso: $0) }?.seconds
    }

    private func time(_ value: Any?) -> Int64? {
        (value as? String).flatMap { Instant(iso: $0) }?.microseconds
    }

    private static func iso(_ seconds: Double) -> String {
        let writer = ByteWriter(capacity: 32)
        writer.isoTime(Instant(microseconds: Int64(seconds * 1000) * 1000))
        return writer.text.replacingOccurrences(of: "\"", with: "")
    }
}
