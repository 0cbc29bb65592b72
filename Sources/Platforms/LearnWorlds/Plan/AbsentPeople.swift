import Records

/// A learner in a course.
struct Pair: Hashable, Sendable {
    let course: String
    let learner: String

    /// As the run's notes name it.
    var text: String { "\(learner)/\(course)" }

    init(course: String, learner: String) {
        (self.course, self.learner) = (course, learner)
    }

    init(_ row: AbsentRow) { self.init(course: row[\Enrollment.courseID], learner: row[\Enrollment.learnerID]) }
}

/// What the warehouse has of some learners.
struct StoredPairs {
    /// The live enrollments, each with when its access runs out.
    var enrollments: [Pair: Timestamp?] = [:]
    /// The status of the live progress.
    var progress: [Pair: String] = [:]
    /// Progress that its learner's complete list lacks.
    var absentProgress: Set<Pair> = []

    init(of learners: [String], _ facts: any WarehouseFacts) async throws {
        for chunk in learners.chunks(of: 1_000) {
            let access = try await facts.rows(
                of: Enrollment.self,
                [\.courseID, \.learnerID, \.expiresAt],
                where: [.any(\.learnerID, of: chunk)]
            )
            for row in access {
                enrollments[Pair(course: row[\.courseID], learner: row[\.learnerID])] = .some(row[\.expiresAt])
            }
            let states = try await facts.rows(
                of: Progress.self,
                [\.courseID, \.learnerID, \.status],
                where: [.any(\.learnerID, of: chunk)]
            )
            for row in states {
                progress[Pair(course: row[\.courseID], learner: row[\.learnerID])] = row[\.status] ?? ""
            }
        }
    }

    func hasExpired(_ pair: Pair, by now: Timestamp) -> Bool {
        (enrollments[pair] ?? nil).map { $0 < now } ?? false
    }
}

/// Rows of people that lists lacked.
struct AbsentPeople: Sendable {
    var enrollments: Set<AbsentRow> = []
    var progress: Set<AbsentRow> = []
    var units: Set<AbsentRow> = []

    func union(_ others: AbsentPeople) -> AbsentPeople {
        AbsentPeople(
            enrollments: enrollments.union(others.enrollments),
            progress: progress.union(others.progress),
            units: units.union(others.units)
        )
    }

    /// Learners without an enrollment or a course's progress that they had.
    var learnersWithoutSomething: [String] {
        Set(enrollments.union(progress).map { $0[\Enrollment.learnerID] }).sorted()
    }
}
