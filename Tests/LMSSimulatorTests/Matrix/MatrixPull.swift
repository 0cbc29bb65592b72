import Foundation

@testable import LMSSimulator

/// What a client holds of a MATRIX school: each answer as it came, by partition.
///
/// `init` reads everything, `increment` what Sources/Platforms/Matrix/README.md §5 reads in a school of at most 900
/// users some hours after the last run: where the two differ, a change is silent.
struct MatrixPull {
    private(set) var users: [Int: [String: Any]] = [:]
    private(set) var classes: [Int: [String: Any]] = [:]
    private(set) var rosters: [Int: [[String: Any]]] = [:]
    private(set) var teachers: [Int: [[String: Any]]] = [:]
    private(set) var assignments: [Int: [[String: Any]]] = [:]
    private(set) var gradebooks: [Int: [[String: Any]]] = [:]
    private(set) var organizations: [[String: Any]] = []
    /// By class and user.
    private(set) var completions: [String: [String: Any]] = [:]

    init(_ caller: MatrixCaller) {
        users = Self.byID(caller.walk("get_all_users"))
        classes = Self.byID(caller.walk("get_all_classes"))
        organizations = caller.walk("get_all_organizations")
        for id in classes.keys { read(class: id, caller, assignmentsToo: true) }
        for row in caller.get("get_all_class_completions").rows { completions[Self.pair(row)] = row }
    }

    mutating func increment(_ caller: MatrixCaller) {
        let former = (users: users, classes: classes)
        for (id, user) in Self.byID(caller.walk("get_all_users")) { users[id] = user }
        let active = Self.byID(caller.walk("get_all_classes", "archived=false"))
        for (id, course) in active { classes[id] = course }
        let left = former.classes.filter { $0.value["archived"] as? Bool == false && active[$0.key] == nil }.keys
        if !left.isEmpty {
            let query = left.map { "class_ids[]=\($0)" }.joined(separator: "&")
            for (id, course) in Self.byID(caller.get("get_classes_with_ids", query).rows) { classes[id] = course }
        }
        let moved = Set(users.filter { Self.login($0.value) != Self.login(former.users[$0.key]) }.keys)
        var changed = Set(classes.filter { Self.text($0.value) != Self.text(former.classes[$0.key] ?? [:]) }.keys)
        for id in changed { read(class: id, caller, assignmentsToo: true) }
        for (id, course) in classes where !changed.contains(id) && course["archived"] as? Bool == false {
            let people = (rosters[id] ?? []) + (teachers[id] ?? [])
            if people.contains(where: { moved.contains($0["id"] as? Int ?? 0) }) {
                changed.insert(id)
                read(class: id, caller, assignmentsToo: false)
            }
        }
        for row in caller.get("get_all_class_completions").rows {
            let (course, user) = Self.ids(row)
            let known = rosters[course]?.first { $0["id"] as? Int == user }
            if known?["completed_at"] as? String == nil { read(class: course, caller, assignmentsToo: false) }
            completions[Self.pair(row)] = row
        }
    }

    private mutating func read(class id: Int, _ caller: MatrixCaller, assignmentsToo: Bool) {
        rosters[id] = caller.get("get_students_for_class", "class_id=\(id)").rows
        gradebooks[id] = caller.get("get_grades_for_class", "class_id=\(id)").rows
        let known = Set((assignments[id] ?? []).compactMap { $0["id"] as? Int })
        let named = Set(
            (gradebooks[id] ?? []).flatMap { Self.cells($0).compactMap { $0["id"] as? Int } }
        )
        guard assignmentsToo || !named.isSubset(of: known) else { return }
        assignments[id] = caller.get("get_assignments_for_class", "class_id=\(id)").rows
        teachers[id] = caller.get("get_teachers_for_class", "class_id=\(id)").rows
    }

    // MARK: reading answers

    static func cells(_ line: [String: Any]) -> [[String: Any]] {
        (line["grading_periods"] as? [[String: Any]] ?? []).flatMap { $0["assignments"] as? [[String: Any]] ?? [] }
    }

    static func ids(_ completion: [String: Any]) -> (course: Int, user: Int) {
        let course = (completion["class"] as? [String: Any])?["id"] as? Int ?? 0
        return (course, (completion["student"] as? [String: Any])?["id"] as? Int ?? 0)
    }

    private static func pair(_ completion: [String: Any]) -> String {
        let (course, user) = ids(completion)
        return "\(course)/\(user)"
    }

    private static func byID(_ rows: [[String: Any]]) -> [Int: [String: Any]] {
        Dictionary(rows.map { ($0["id"] as? Int ?? 0, $0) }) { first, _ in first }
    }

    private static func login(_ user: [String: Any]?) -> String {
        "\(user?["logins"] as? Int ?? -1)|\(user?["last_login_at"] as? String ?? "")"
    }

    private static func text(_ value: Any) -> String {
        let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    /// Everything held as text, without what lists only repeat of users and classes.
    var fingerprint: [String] {
        func own(_ row: [String: Any]) -> [String: Any] {
            let keys: Set = [
                "id", "enroll_type", "enrolled_at", "started_at", "last_visited_at", "time_spent", "completed_at",
                "unenrolled", "unenrolled_at", "deactivated", "deactivated_at", "reactivated_at", "percent", "grade",
                "coteacher",
            ]
            return row.filter { keys.contains($0.key) }
        }
        var lines = users.values.map { "user " + Self.text($0) } + classes.values.map { "class " + Self.text($0) }
        lines += organizations.map { "organization " + Self.text($0) }
        for (id, rows) in rosters { lines += rows.map { "roster \(id) " + Self.text(own($0)) } }
        for (id, rows) in teachers { lines += rows.map { "teacher \(id) " + Self.text(own($0)) } }
        for (id, rows) in assignments { lines += rows.map { "assignment \(id) " + Self.text($0) } }
        for (id, rows) in gradebooks { lines += rows.map { "grades \(id) " + Self.text($0) } }
        for (pair, row) in completions {
            lines.append("completion \(pair) " + Self.text(own(row["student"] as? [String: Any] ?? [:])))
        }
        return lines.sorted()
    }
}
