package import LMSSimulator

/// What a baseline costs by the formula of Sources/Platforms/LearnWorlds/README.md §4, computed from the school's own
/// numbers; token calls apart.
package struct RequestFormula: Sendable {
    /// Calls by stream.
    package private(set) var byStream: [String: Int] = [:]

    /// Calls in all.
    package var total: Int { byStream.values.reduce(0, +) }

    /// Reads the numbers of a school whose lists have the page sizes of Sources/Platforms/LearnWorlds/README.md §2.
    ///
    /// - Parameter sizes: Other page sizes, by the simulator's list names.
    package init(baselineOf simulator: Simulator, sizes: [String: Int] = [:]) {
        let table = { (name: String) in TruthRows(simulator, name) }
        func pages(_ items: Int, _ list: String, _ size: Int) -> Int {
            let size = sizes[list] ?? size
            return max(1, (items + size - 1) / size)
        }
        let courses = table("courses").rows.compactMap { $0["course_id"] }
        let learners = table("learners").rows
        let enrollments = table("enrollments")
        let progress = table("progress").counts(by: "learner_id")
        let onRoster = enrollments.rows.filter { $0["status"] == "active" }
        let rosters = TruthRows(onRoster).counts(by: "course_id")
        let enrolled = enrollments.counts(by: "learner_id")
        let submissions = table("assessment_responses")
        let (byCourse, byUnit) = (submissions.counts(by: "course_id"), submissions.counts(by: "assessment_id"))
        let certificates = table("certificates").counts(by: "course_id")

        let active = Set(learners.filter { $0["last_login_at"] != nil }.compactMap { $0["learner_id"] })
            .union(onRoster.compactMap { $0["learner_id"] })
        let touched = table("unit_progress").rows.filter { row in
            row["unit_type"] == "assessmentV2"
                && (row["status"] != "not_started" || (row["time_on_unit_seconds"].flatMap { Int($0) } ?? 0) > 0
                    || row["score_rate"] != nil)
        }
        let units = Set(byUnit.keys).union(touched.compactMap { $0["unit_id"] })

        byStream["courses"] = pages(courses.count, "courses", 100)
        byStream["assessments"] = courses.count
        byStream["learners"] = pages(learners.count, "users", 200)
        byStream["enrollments"] =
            courses.reduce(0) { $0 + pages(rosters[$1] ?? 0, "roster", 200) }
            + active.reduce(0) { $0 + pages(enrolled[$1] ?? 0, "enrollments", 50) }
        byStream["progress"] = active.reduce(0) { $0 + pages(progress[$1] ?? 0, "progress", 200) }
        byStream["grades"] = courses.reduce(0) { $0 + pages(byCourse[$1] ?? 0, "grades", 200) }
        byStream["certificates"] = courses.reduce(0) { $0 + pages(certificates[$1] ?? 0, "certificates", 100) }
        byStream["assessment_responses"] = units.reduce(0) { $0 + pages(byUnit[$1] ?? 0, "responses", 200) }
        byStream["events"] = pages(table("events").rows.count, "events", 50)
        byStream = byStream.filter { $0.value > 0 }
    }
}

extension TruthRows {
    fileprivate init(_ rows: [[String: String]]) { self.rows = rows }
}
