import LMSSimulator
import RegistrarTesting

/// What an increment costs by the formula of Sources/Platforms/LearnWorlds/README.md §5, computed from what changed in
/// the school; token calls apart.
///
/// Holds for schools whose lists for one learner, course or unit fit on one page each.
struct IncrementCost {
    private let simulator: Simulator
    private let before: [String: Set<[String: String]>]
    private let eventsBefore: [[String: String]: Int]

    /// Notes how the school is now, which is how the warehouse has it.
    init(before simulator: Simulator) {
        self.simulator = simulator
        before = Self.rows(simulator)
        eventsBefore = Self.events(simulator)
    }

    /// Calls by stream of a sync now.
    func byStream() -> [String: Int] {
        let now = Self.rows(simulator)
        func changed(_ table: String) -> [[String: String]] {
            Array((now[table] ?? []).subtracting(before[table] ?? []))
        }
        var fresh = Self.events(simulator)
        for (event, count) in eventsBefore { fresh[event, default: 0] -= count }
        var progress: Set<String> = []
        var enrollments: Set<String> = []
        var awards: Set<String> = []
        for event in fresh.filter({ $0.value > 0 }).keys {
            guard let learner = event["learner_id"], let activity = event["activity"] else { continue }
            switch activity {
            case "register", "login": continue
            case "visit_course", "session_started", "complete_course": progress.insert(learner)
            case "award_certificate":
                progress.insert(learner)
                awards.insert(event["course_id"] ?? learner)
            default:
                progress.insert(learner)
                enrollments.insert(learner)
            }
        }
        let tests = changed("unit_progress").filter { $0["unit_type"] == "assessmentV2" }
        let gradeCourses = Set(tests.compactMap { $0["course_id"] })
        let units = Set(tests.compactMap { $0["unit_id"] })
            .union(changed("grades").compactMap { $0["assessment_id"] })
        let cost = [
            "courses": pages((now["courses"] ?? []).count, 100),
            "assessments": changed("courses").count,
            "learners": 1,
            "enrollments": enrollments.count,
            "progress": progress.count,
            "certificates": awards.count,
            "grades": gradeCourses.count,
            "assessment_responses": units.count,
            "events": 0,
        ]
        return cost.filter { $0.value > 0 }
    }

    /// Calls by stream of a sync now, with those for the `rows` of the log's window.
    func byStream(logRows rows: Int) -> [String: Int] {
        var cost = byStream()
        cost["events"] = pages(rows, 50)
        return cost
    }

    private func pages(_ items: Int, _ size: Int) -> Int { max(1, (items + size - 1) / size) }

    private static func rows(_ simulator: Simulator) -> [String: Set<[String: String]>] {
        var rows: [String: Set<[String: String]>] = [:]
        for table in ["courses", "unit_progress", "grades"] { rows[table] = Set(TruthRows(simulator, table).rows) }
        return rows
    }

    private static func events(_ simulator: Simulator) -> [[String: String]: Int] {
        TruthRows(simulator, "events").rows.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}
