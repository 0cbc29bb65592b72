import Records

/// The tables whose changed rows decide what else is read.
enum MatrixFollowed {
    static let tables: [FollowedTable] = [
        FollowedTable(Course.table, columns: ["course_id"]),
        FollowedTable(Progress.table, columns: ["course_id", "learner_id", "completed_at"]),
        FollowedTable(Learner.table, columns: ["learner_id"]),
        FollowedTable(Assessment.table, columns: ["assessment_id", "course_id"]),
        FollowedTable(Grade.table, columns: ["assessment_id"]),
    ]
}

/// What changed rows mean for the next reads: the table of Sources/Platforms/Matrix/README.md §5.
struct MatrixFollowUps<Run: RunContext> {
    /// Why a class is read whose record has changed.
    static var changed: String { "class_changed" }

    let run: Run

    func decide(_ changes: [String: [ChangedRow]]) async throws -> [StateChange] {
        var queue = try await MatrixReturns(run: run).decide(changes)
        for row in changes[Course.table.name] ?? [] {
            guard let course = row[\Course.courseID] else { continue }
            run.log.add(ChangedClass(key: course))
            let reason = row.isReturned ? PendingEntry.whole : Self.changed
            for stream in ["enrollments", "assessments"] where run.isSelected(stream) {
                queue.append(PendingEntry(stream: stream, partition: course, reason: reason, dueAt: run.serverNow))
            }
        }
        if run.isSelected("certificates") {
            queue += try await decideCompletions(changes[Progress.table.name] ?? [])
        }
        return queue.map(StateChange.queue)
    }

    /// New completions make the awards due; one that was taken back makes the pair's awards doubtful.
    private func decideCompletions(_ rows: [ChangedRow]) async throws -> [PendingEntry] {
        let pairs = rows.compactMap { row -> (course: String, learner: String, row: ChangedRow)? in
            guard let course = row[\Progress.courseID], let learner = row[\Progress.learnerID] else { return nil }
            return (course, learner, row)
        }
        guard !pairs.isEmpty else { return [] }
        let stored = try await run.facts.rows(
            of: Progress.self,
            [\.courseID, \.learnerID, \.completedAt],
            where: [
                .any(\.courseID, of: Set(pairs.map(\.course))), .any(\.learnerID, of: Set(pairs.map(\.learner))),
                .any(\.status, of: ["completed"]),
            ]
        )
        let times: [[String]: Timestamp?] = Dictionary(
            stored.map { ([$0[\.courseID], $0[\.learnerID]], $0[\.completedAt]) }
        ) { first, _ in first }
        var undone: [(course: String, learner: String)] = []
        for (course, learner, row) in pairs {
            let before = times[[course, learner]]
            if let time = row[\Progress.completedAt] {
                if before != .some(time) { run.log.add(NewCompletion(key: course, oldest: time)) }
            } else if before != nil {
                undone.append((course, learner))
            }
        }
        guard !undone.isEmpty else { return [] }
        let awards = try await run.facts.rows(
            of: Certificate.self,
            [\.courseID, \.learnerID],
            where: [.any(\.courseID, of: Set(undone.map(\.course))), .any(\.learnerID, of: Set(undone.map(\.learner)))]
        )
        let awarded = Set(awards.map { [$0[\.courseID] ?? "", $0[\.learnerID]] })
        return undone.filter { awarded.contains([$0.course, $0.learner]) }.map { course, learner in
            PendingEntry(
                stream: "certificates",
                partition: AwardPartition(course: course, learner: learner).text,
                reason: "completion_undone",
                dueAt: run.serverNow
            )
        }
    }
}

/// The queue's partition for awards that are asked for again: those of a class, or of one learner in it.
struct AwardPartition: Hashable, Sendable {
    var course: String
    var learner: String?

    init(course: String, learner: String?) {
        (self.course, self.learner) = (course, learner)
    }

    /// Reads `501` or `501:900101`; ids of this platform are whole numbers.
    init(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        self.init(course: parts.first ?? "", learner: parts.count > 1 ? parts[1] : nil)
    }

    var text: String { learner.map { "\(course):\($0)" } ?? course }
}
