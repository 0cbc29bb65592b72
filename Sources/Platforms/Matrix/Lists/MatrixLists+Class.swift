import Extractor
import JSON
import Records
import Transformer

/// The lists of one class and what is known before they are read.
struct MatrixClassFacts: Sendable {
    var course: String
    /// The assessments that stand for the class's grading periods.
    var periods: Set<String> = []
    /// The assignments the warehouse has.
    var assignments: Set<String> = []
    /// Who learns in the class by the warehouse.
    var learners: Set<String> = []
    /// The class's watermark.
    var mark = MarkPosition()
    /// Assignments that the gradebook named and the list of assignments did not, when it was read last.
    var unlisted: Set<String> = []
}

/// Which lists of a class are read.
struct MatrixClassLists: OptionSet, Sendable {
    let rawValue: Int
    /// Roster and gradebook.
    static let roster = MatrixClassLists(rawValue: 1)
    /// Teachers and assignments.
    static let setup = MatrixClassLists(rawValue: 2)
    /// A second reading, which only asks who and what is there.
    static let again = MatrixClassLists(rawValue: 4)
    /// The gradebook, only for whom and what it names.
    static let names = MatrixClassLists(rawValue: 8)
}

extension MatrixLists {
    /// The lists of one class as one group: nobody sees an enrollment without its learner, or a grade without its
    /// assessment.
    func group(
        _ wanted: MatrixClassLists,
        of facts: MatrixClassFacts,
        answers: [PendingEntry] = [],
        _ run: some RunContext
    ) -> ReadGroup {
        let course = facts.course
        var reads: [ListRead] = []
        var covers: [Cover] = []
        var roles: [String] = []
        if wanted.contains(.roster) {
            reads.append(roster(course, mark: facts.mark, answers: answers, run))
            roles.append("learner")
        }
        if wanted.contains(.setup), run.isSelected("enrollments") {
            reads.append(teachers(facts, run))
            roles += ["instructor", "co_instructor"]
        }
        let readsAssignments = wanted.contains(.setup) && run.isSelected("assessments")
        if readsAssignments {
            reads.append(assignments(facts, isNeeded: { true }))
            covers.append(Cover(Assessment.table, scopes: [["course_id": course, "scope": "assessment"]]))
        }
        if wanted.contains(.names) { reads.append(gradebookNames(course)) }
        if !roles.isEmpty {
            covers.append(Cover(Enrollment.table, scopes: roles.map { ["course_id": course, "role": $0] }))
        }
        if run.mode == .baseline { covers = [] }
        guard wanted.contains(.roster), !wanted.contains(.again), run.isSelected("grades") else {
            return ReadGroup(reads, answers: answers, covers: covers)
        }
        var results = [gradebook(course, periods: facts.periods, run)]
        if run.mode == .incremental, facts.learners.isEmpty { results[0].cost = .calls(0) }
        // A stale list is read at once; what it lacked before, it is not asked for again.
        if !readsAssignments {
            var stale = assignments(facts) {
                !log.unknownAssignments(of: course, known: facts.assignments).isSubset(of: facts.unlisted)
            }
            stale.cost = .calls(0)
            results.append(stale)
        }
        let (others, grades, covered) = (reads, results, covers)
        return ReadGroup(
            others + grades,
            answers: answers,
            covers: covered,
            // A gradebook that is refused or always fails keeps nobody from the roster.
            instead: { error in
                guard error.code == .platformFailed, error.stream == "grades" else { return nil }
                return [ReadGroup(others, covers: covered), ReadGroup(grades, answers: answers)]
            }
        )
    }

    // MARK: Roster and teachers

    /// Enrollments and progress of a class, in one call.
    private func roster(
        _ course: String,
        mark: MarkPosition,
        answers: [PendingEntry],
        _ run: some RunContext
    ) -> ListRead {
        let storesProgress = run.isSelected("progress")
        let storesLearners = run.isSelected("learners")
        let refinement: Refinement = { try await storesLearners ? keepUnknownLearners($0, run) : $0 }
        let storesAwards = run.isSelected("certificates") && run.mode == .incremental
        let request = calls.request(.studentsForClass, [("class_id", course)], stream: "enrollments")
        var list = single(
            "enrollments",
            course,
            request,
            refine: refinement,
            completion: { outcome in
                rosterMarks(course, mark, answers, outcome, run.mode) + progressMark(course, outcome, storesProgress)
            }
        ) { items in
            let roster = mapping.roster(items, course: course)
            let noted = ClassRoster(course: course, roster.progress.records)
            var batches: [any RecordBatch] = []
            if storesLearners { batches.append(embedded(items)) }
            batches.append(roster.enrollments)
            if storesProgress { batches.append(roster.progress) }
            if storesAwards {
                var awards = Batch<Certificate>(stream: "certificates")
                let before = log.note(ClassRoster.self, course)
                let awaited = log.note(AwaitedAwards.self, course)
                awards.records = awaited?.issued(by: noted, before: before, now: mapping.context.now) ?? []
                if !awards.records.isEmpty { batches.append(awards) }
            }
            return ParsedPage(batches, notes: ReadNotes([noted]))
        }
        list.logName = ReadLog.Matrix.roster
        return list
    }

    private func rosterMarks(
        _ course: String,
        _ previous: MarkPosition,
        _ answers: [PendingEntry],
        _ outcome: WalkOutcome,
        _ mode: ReadingMode
    ) -> [StateChange] {
        var position = previous
        position.setRead(outcome.asOf)
        // The baseline's reading does not put off what the first logins after it ask for.
        if mode == .incremental { position[.pullAt] = outcome.asOf }
        var changes: [StateChange] = [
            .watermark(stream: "enrollments", partition: course, position: position, asOf: outcome.asOf)
        ]
        // A session outlives its login: once more, a while after the last one.
        if mode == .incremental, let hint = position[.hintAt] {
            let settled = hint.advanced(by: options.settleAgain)
            if settled > outcome.asOf {
                changes.append(
                    .queue(PendingEntry(stream: "enrollments", partition: course, reason: "settle", dueAt: settled))
                )
            }
        }
        return changes
    }

    private func progressMark(_ course: String, _ outcome: WalkOutcome, _ isStored: Bool) -> [StateChange] {
        isStored ? [readMark("progress", course, outcome)] : []
    }

    /// A watermark that says when a part was last read.
    func readMark(_ stream: String, _ partition: String, _ outcome: WalkOutcome) -> StateChange {
        var position = MarkPosition()
        position.setRead(outcome.asOf)
        return .watermark(stream: stream, partition: partition, position: position, asOf: outcome.asOf)
    }

    private func embedded(_ items: JSONValue) -> Batch<Learner> {
        var learners = Batch<Learner>(stream: "learners")
        learners.records = mapping.embeddedLearners(items)
        return learners
    }

    /// Of embedded users only those are kept whom the warehouse does not have: they add learners and change none.
    private func keepUnknownLearners(_ parsed: ParsedPage, _ run: some RunContext) async throws -> ParsedPage {
        var parsed = parsed
        guard let place = parsed.batches.firstIndex(where: { $0 is Batch<Learner> }),
            var learners = parsed.batches[place] as? Batch<Learner>, !learners.records.isEmpty
        else { return parsed }
        let unknown = Set(try await run.facts.unknownLearners(among: learners.records.map(\.learnerID)))
        learners.records.removeAll { !unknown.contains($0.learnerID) }
        if learners.records.isEmpty {
            parsed.batches.remove(at: place)
        } else {
            parsed.batches[place] = learners
        }
        return parsed
    }

    private func teachers(_ facts: MatrixClassFacts, _ run: some RunContext) -> ListRead {
        let course = facts.course
        let storesLearners = run.isSelected("learners")
        let refinement: Refinement = { try await storesLearners ? keepUnknownLearners($0, run) : $0 }
        let request = calls.request(.teachersForClass, [("class_id", course)], stream: "enrollments")
        var list = single(
            "enrollments",
            course,
            request,
            refine: refinement,
            completion: { outcome in [readMark(Mark.teachers, course, outcome)] }
        ) { items in
            var enrollments = Batch<Enrollment>(stream: "enrollments")
            let learners = log.note(ClassRoster.self, course)?.learners ?? facts.learners
            mapping.teachers(items, course: course, learners: learners, into: &enrollments)
            return ParsedPage(storesLearners ? [embedded(items), enrollments] : [enrollments])
        }
        list.logName = ReadLog.Matrix.teachers
        return list
    }
}

extension MarkPosition {
    /// Notes when a part was last read whole: for the ages, and for what `status` says of them.
    mutating func setRead(_ time: Timestamp) {
        self[.readAt] = time
        self[.verifiedAt] = time
    }
}
