import Extractor
import JSON
import Records
import Transformer

extension MatrixLists {
    /// The completions of a window, with their awards; halved where a call for them fails.
    func completions(in window: CompletionWindow, _ run: some RunContext) -> ReadGroup {
        var list = completions(window.arguments, partition: window.name, run)
        // An increment asks for what was completed lately, and for no window of the past.
        list.isWholeStream = true
        return ReadGroup(
            [list],
            publishesByPage: true,
            instead: { error in
                guard Self.isTooMuch(error),
                    let halves = window.halves(now: mapping.context.now, overlap: options.completedOverlap)
                else { return nil }
                return Replacement(halves.map { completions(in: $0, run) })
            }
        )
    }

    /// All completions: what none of the windows has is absent. Where a window fails, each is read by itself, and nothing
    /// is.
    func completions(inAll windows: [CompletionWindow], _ run: some RunContext) -> ReadGroup {
        ReadGroup(
            windows.map { completions($0.arguments, partition: $0.name, run) },
            publishesByPage: true,
            covers: [Cover(Certificate.table)],
            instead: { error in
                Self.isTooMuch(error) ? Replacement(windows.map { completions(in: $0, run) }) : nil
            }
        )
    }

    /// Whether the site could not build or send the answer, so that a smaller one may do.
    private static func isTooMuch(_ error: ExtractorError) -> Bool {
        switch error.code {
        case .timedOut, .connectionLost, .badAnswer, .tooLarge: true
        case .platformFailed: (error.status ?? 0) >= 500
        default: false
        }
    }

    /// The completions after a date: what an increment asks for.
    func completions(after date: Timestamp, mark: MarkPosition, _ run: some RunContext) -> ReadGroup {
        let start = run.startedAt
        let list = completions([("completed_after", date.dateText)], partition: "", run) { outcome in
            var position = mark
            let next = [
                start.advanced(by: .zero - options.completedOverlap).dateText, date.dateText,
                mark[.completedAfter],
            ].compactMap { $0 }.max()
            position[.completedAfter] = next
            position[.readAt] = outcome.asOf
            return [.watermark(stream: "certificates", partition: "", position: position, asOf: outcome.asOf)]
        }
        return ReadGroup([list], publishesByPage: true)
    }

    /// The completions of one class, or of one learner in it; the awards that are not there are absent.
    ///
    /// - Parameter coversClass: Whether that counts for a whole class too.
    func completions(
        course: String,
        learner: String?,
        answers: [PendingEntry],
        coversClass: Bool = false,
        _ run: some RunContext
    ) -> ReadGroup {
        var arguments = [("class_id", course)]
        var scope = ["course_id": course]
        if let learner {
            arguments.append(("user_id", learner))
            scope["learner_id"] = learner
        }
        let partition = AwardPartition(course: course, learner: learner).text
        var list = completions(arguments, partition: partition, notesNames: true, run)
        list.isQueueable = true
        let covers = learner != nil || coversClass ? [Cover(Certificate.table, scopes: [scope])] : []
        return ReadGroup([list], answers: answers, covers: covers)
    }

    /// The completions of one learner in all classes.
    func completions(learner: String, _ run: some RunContext) -> ReadGroup {
        ReadGroup([completions([("user_id", learner)], partition: "learner:\(learner)", run)])
    }

    private func completions(
        _ arguments: [(String, String)],
        partition: String,
        notesNames: Bool = false,
        _ run: some RunContext,
        completion: @escaping @Sendable (WalkOutcome) -> [StateChange] = { _ in [] }
    ) -> ListRead {
        let request = calls.request(.classCompletions, arguments, stream: "certificates")
        return single(
            "certificates",
            partition,
            request,
            refine: { try await addAwards(to: $0, run) },
            completion: completion
        ) { items in
            var rejects = Batch<Certificate>(stream: "certificates")
            let completions = mapping.completions(items, into: &rejects)
            var notes = ReadNotes([CompletionsOnPage(completions: completions)])
            if notesNames { notes.add(completions.map { NamedCompletion(key: [$0.course, $0.learner]) }) }
            return ParsedPage([rejects], notes: notes)
        }
    }

    /// Adds the awards of completions, each with the time the answer, this run's rosters or the warehouse know.
    private func addAwards(
        to page: ParsedPage,
        _ run: some RunContext
    ) async throws -> ParsedPage {
        var parsed = page
        let completions = parsed.notes.take(CompletionsOnPage.self)[0]?.completions ?? []
        let now = mapping.context.now
        for part in completions.chunks(of: Self.lookup) {
            let stored = try await storedCompletions(part, run)
            var awards = Batch<Certificate>(stream: "certificates")
            for completion in part {
                let (course, learner) = (completion.course, completion.learner)
                let known = log.completedAt(course, learner) ?? stored[[course, learner]]
                let time = completion.completedAt ?? known
                awards.records += completion.awards.map { $0.issued(at: time, now: now) }
                guard run.mode == .incremental, known == nil else { continue }
                parsed.notes.add(UnknownCompletions(key: course, learners: [learner]))
                guard time == nil, !completion.awards.isEmpty else { continue }
                parsed.notes.add(AwaitedAwards(key: course, awards: [learner: completion.awards]))
            }
            let learners = try await unknownLearners(part, run)
            if !learners.records.isEmpty { parsed.batches.append(learners) }
            if !awards.records.isEmpty { parsed.batches.append(awards) }
        }
        return parsed
    }

    /// Completions looked up at once.
    private static let lookup = 2_000

    /// The embedded users whom the warehouse does not have.
    private func unknownLearners(
        _ completions: [MatrixCompletion],
        _ run: some RunContext
    ) async throws -> Batch<Learner> {
        var learners = Batch<Learner>(stream: "learners")
        guard run.isSelected("learners") else { return learners }
        let ids = Array(Set(completions.compactMap { $0.user?.learnerID }))
        var unknown = Set(try await run.facts.unknownLearners(among: ids))
        for user in completions.compactMap(\.user) where unknown.remove(user.learnerID) != nil {
            learners.records.append(user)
        }
        return learners
    }

    private func storedCompletions(
        _ completions: [MatrixCompletion],
        _ run: some RunContext
    ) async throws -> [[String]: Timestamp] {
        let rows = try await run.facts.rows(
            of: Progress.self,
            [\.courseID, \.learnerID, \.completedAt],
            where: [
                .any(\.courseID, of: Set(completions.map(\.course))),
                .any(\.learnerID, of: Set(completions.map(\.learner))),
                .any(\.status, of: ["completed"]),
            ]
        )
        let times = rows.compactMap { row in
            row[\.completedAt].map { ([row[\.courseID], row[\.learnerID]], $0) }
        }
        return Dictionary(times) { first, _ in first }
    }
}
