import Records

/// A learner in a course.
struct Pair: Hashable, Sendable {
    let course: String
    let learner: String

    /// As the run's notes name it.
    var text: String { "\(learner)/\(course)" }

    init(_ row: AbsentRow) { self.init(row.key) }

    init(_ row: [String: String]) {
        course = row["course_id"] ?? ""
        learner = row["learner_id"] ?? ""
    }
}

/// What the warehouse has of some learners.
struct StoredPairs {
    /// The live enrollments.
    var enrollments: [Pair: [String: String]] = [:]
    /// The status of the live progress.
    var progress: [Pair: String] = [:]
    /// Progress that its learner's complete list lacks.
    var absentProgress: Set<Pair> = []

    init(of learners: [String], _ facts: any WarehouseFacts) async throws {
        let keys = ["course_id", "learner_id"]
        for chunk in learners.chunks(of: 1_000) {
            let matching = ["learner_id": chunk]
            let access = try await facts.rows(of: Enrollment.table, columns: keys + ["expires_at"], matching: matching)
            for row in access { enrollments[Pair(row)] = row }
            let states = try await facts.rows(of: Progress.table, columns: keys + ["status"], matching: matching)
            for row in states { progress[Pair(row)] = row["status"] ?? "" }
        }
    }

    func hasExpired(_ pair: Pair, by now: Timestamp) -> Bool {
        enrollments[pair]?["expires_at"].flatMap(Int64.init).map { $0 < now.microseconds } ?? false
    }
}

/// Rows of people that are missing, until all their lists have been read.
struct AbsentPeople: Sendable {
    private var enrollments: Set<AbsentRow> = []
    private var progress: Set<AbsentRow> = []
    private var units: Set<AbsentRow> = []

    mutating func add(enrollments: Set<AbsentRow>, progress: Set<AbsentRow>, units: Set<AbsentRow>) {
        self.enrollments.formUnion(enrollments)
        self.progress.formUnion(progress)
        self.units.formUnion(units)
    }

    /// Learners without an enrollment or a course's progress that they had.
    var learnersWithoutSomething: [String] {
        Set(enrollments.union(progress).compactMap { $0.key["learner_id"] }).sorted()
    }

    mutating func take() -> (Set<AbsentRow>, Set<AbsentRow>, Set<AbsentRow>) {
        defer { self = AbsentPeople() }
        return (enrollments, progress, units)
    }
}
