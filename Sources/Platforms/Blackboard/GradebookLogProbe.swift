import Extractor
import JSON
import Records

/// The gradebook log as the reason to ask columns: `options.grade_gate: logs` of Sources/Platforms/Blackboard/README.md
/// §5.
///
/// The log's body is undocumented. So it is used only once it has proved to name every column of some courses in which
/// a grade changed, and its column is found by what looks like one.
struct GradebookLogProbe<Run: RunContext> {
    let context: BlackboardContext<Run>
    let lists: BlackboardLists
    let cache: GradebookCache
    private var run: Run { context.run }

    /// Under this name the connector's state holds what the check has found: `proved`, or why not.
    static var stateName: String { "gradebook_log" }
    private static var proved: String { "proved" }
    private static var refused: String { "is refused: it needs three entitlements" }
    /// The log is asked again this far back: entries may be written late.
    private static var overlap: Duration { .seconds(-300) }
    /// Under this stream the log's watermarks are kept, by course.
    private static var stream: String { "gradebook_log" }
    /// How far back the check looks for changed grades.
    private static var window: Duration { .seconds(60 * 86_400) }
    /// Courses that the check looks at, those with the newest grades first.
    private static var courses: Int { 3 }

    init(context: BlackboardContext<Run>, lists: BlackboardLists, cache: GradebookCache) {
        (self.context, self.lists, self.cache) = (context, lists, cache)
    }

    /// Whether the log takes the place of the columns that are likely to move.
    var isOpen: Bool { context.options.gradeGate == .logs && run.connectorState[Self.stateName] == Self.proved }

    /// Finds out whether the log may be used; without proof somebody's access stays the reason, and the run says so.
    func prepare() async throws {
        guard context.options.gradeGate == .logs, run.isSelected("grades") else { return }
        if run.connectorState[Self.stateName] == nil || context.sweepAge != nil { try await check() }
        guard !isOpen else { return }
        run.say(
            "options.grade_gate: logs is not used, access is: the gradebook log "
                + (run.connectorState[Self.stateName] ?? "could not be compared with a changed grade yet")
        )
    }

    // MARK: The proof

    /// Compares the log of a few courses with the grades that are known to have changed.
    func check() async throws {
        let since = run.serverNow.advanced(by: .zero - Self.window)
        let candidates = try await changedColumns(since: since)
        var compared = 0
        for (course, changed) in candidates.prefix(Self.courses) {
            let list = log(of: course, since: since, known: try await columnIDs(of: course))
            let slice = try await run.read([list])
            guard slice.isComplete else {
                run.connectorState[Self.stateName] = "cannot be read"
                return
            }
            guard isAnswered(course) else {
                run.connectorState[Self.stateName] = Self.refused
                return
            }
            guard changed.isSubset(of: slice.notes[NamedColumns.self, course]?.assessments ?? []) else {
                run.connectorState[Self.stateName] = "does not name every changed column"
                return
            }
            compared += 1
        }
        if compared > 0 { run.connectorState[Self.stateName] = Self.proved }
    }

    /// The columns with grades that changed since then, by course, most columns first.
    private func changedColumns(since: Timestamp) async throws -> [(course: String, assessments: Set<String>)] {
        let marks = try await run.facts.watermarks("grades")
        var changed: [String: Set<String>] = [:]
        for (assessment, position) in marks {
            let mark = ColumnMark(position)
            guard let course = mark.course, let time = mark.changedAt, time >= since else { continue }
            changed[course, default: []].insert(assessment)
        }
        let books = try await context.facts.gradebooks(of: changed.keys.sorted())
        // What the platform computes is nobody's entry in a log.
        let columns = changed.compactMap { course, ids -> (course: String, assessments: Set<String>)? in
            let computed = Set((books[course]?.columns ?? []).filter { $0.kind == .calculated }.map(\.assessmentID))
            let rest = ids.subtracting(computed)
            return rest.isEmpty ? nil : (course, rest)
        }
        return columns.sorted { ($0.assessments.count, $1.course) > ($1.assessments.count, $0.course) }
    }

    // MARK: Its use

    /// Asks the logs of some courses and queues the columns they name; a course whose log says nothing costs one call.
    func queueNamed(_ courses: [String]) async throws {
        let marks = try await run.facts.watermarks(Self.stream, partitions: courses)
        var groups: [ReadGroup] = []
        for course in courses {
            // Before the first look the columns are as fresh as their own readings.
            let since = marks[course]?.time("read_at") ?? run.serverNow.advanced(by: .seconds(-86_400))
            let known = try await columnIDs(of: course)
            groups.append(
                log(of: course, since: since.advanced(by: Self.overlap - run.clockDoubt), known: known)
            )
        }
        let slice = try await run.read(groups)
        if slice.isComplete, !courses.allSatisfy(isAnswered) { run.connectorState[Self.stateName] = Self.refused }
        let named = slice.notes.all(NamedColumns.self)
        let now = run.serverNow
        var changes: [StateChange] = []
        for course in courses {
            guard let named = named[course] else { continue }
            if named.hasUnknown { changes.append(.queue(entry("assessments", course, now))) }
            guard !named.assessments.isEmpty else { continue }
            // Totals follow from the columns, and no log names them.
            changes.append(.queue(entry("grades", course, now)))
            changes += named.assessments.sorted().map { assessment in
                let partition = BlackboardFollowUps.partition(course: course, assessment: assessment)
                return .queue(entry("grades", partition, now))
            }
        }
        await run.apply(changes)
    }

    private func entry(_ stream: String, _ partition: String, _ now: Timestamp) -> PendingEntry {
        PendingEntry(stream: stream, partition: partition, reason: BlackboardFollowUps.active, dueAt: now)
    }

    /// The platform's column ids of a course with the assessments they are stored under.
    private func columnIDs(of course: String) async throws -> [String: String] {
        var book = cache.gradebook(course)
        if book == nil { book = try await context.facts.gradebooks(of: [course])[course] }
        return Dictionary((book?.columns ?? []).map { ($0.id, $0.assessmentID) }) { first, _ in first }
    }

    /// Whether the log of the course was read to its end: one that is refused is no failure, and not on the run's log.
    private func isAnswered(_ course: String) -> Bool {
        run.log.result(of: BlackboardLists.gradebookLog, course) != nil
    }

    private func log(of course: String, since: Timestamp, known: [String: String]) -> ReadGroup {
        let list = lists.gradebookLog(course: course, since: since) { results in
            ParsedPage(notes: ReadNotes([NamedColumns(course: course, results, known: known)]))
        } completion: { outcome in
            var position = MarkPosition()
            position.set("read_at", outcome.asOf)
            return [.watermark(stream: Self.stream, partition: course, position: position, asOf: outcome.asOf)]
        }
        return ReadGroup(
            [list],
            instead: { error in
                // Without the entitlements, or in an older release, there is no log: access is the reason again.
                [400, 403, 404].contains(error.status ?? 0) ? [] : nil
            }
        )
    }
}

/// The columns that the log of a course has named.
struct NamedColumns: ReadNote {
    /// The course.
    let key: String
    var assessments: Set<String> = []
    /// Whether the log named a column that nobody knows.
    var hasUnknown = false

    static var lifetime: ReadNoteLifetime { .reading }

    /// What a page names: an entry's column is the value that is a known column's id, or that a member named like a column has.
    ///
    /// - Parameter known: The assessments of the columns, by the platform's id.
    init(course: String, _ results: JSONValue, known: [String: String]) {
        key = course
        for entry in results.elements {
            let (ids, unknown) = Self.columns(in: entry, known: known, isColumn: false)
            assessments.formUnion(ids)
            if ids.isEmpty, !unknown.isEmpty { hasUnknown = true }
        }
    }

    func joined(with later: NamedColumns) -> NamedColumns {
        var both = self
        both.assessments.formUnion(later.assessments)
        both.hasUnknown = both.hasUnknown || later.hasUnknown
        return both
    }

    /// - Parameter isColumn: Whether the member that holds the value is named like a column.
    private static func columns(
        in value: JSONValue,
        known: [String: String],
        isColumn: Bool
    ) -> (known: Set<String>, unknown: Set<String>) {
        switch value.kind {
        case .string:
            guard let text = value.string else { return ([], []) }
            if let assessment = known[text] { return ([assessment], []) }
            return isColumn && text.hasPrefix("_") ? ([], [text]) : ([], [])
        case .array, .object:
            var found: (known: Set<String>, unknown: Set<String>) = ([], [])
            func add(_ inner: JSONValue, _ isColumn: Bool) {
                let more = columns(in: inner, known: known, isColumn: isColumn)
                found.known.formUnion(more.known)
                found.unknown.formUnion(more.unknown)
            }
            if value.kind == .array {
                for element in value.elements { add(element, isColumn) }
            } else {
                for (key, member) in value.members {
                    add(member, isColumn || key.string.lowercased().contains("column"))
                }
            }
            return found
        default: return ([], [])
        }
    }
}
