import Extractor
import Records

/// What the plans of a run share: settings, facts, and the lists with what the run has learnt so far.
struct BlackboardDesk<Run: RunContext>: Sendable {
    let settings: SourceSettings
    let options: BlackboardOptions
    let origin: APIOrigin
    let activity: CourseActivity
    let run: Run

    var facts: BlackboardFacts<Run> { BlackboardFacts(run: run, activity: activity) }

    /// The lists, whose records are judged by the platform's clock as it stands now.
    func lists(terms: TermBook, preview: PreviewUsers) -> BlackboardLists {
        BlackboardLists(
            options: options,
            mapping: BlackboardMapping(settings: settings, options: options, now: run.serverNow),
            memory: run.memory,
            origin: origin,
            terms: terms,
            preview: preview
        )
    }

    /// Reads the site's release, once a day.
    func readVersion(_ lists: BlackboardLists) async throws {
        let readAt = run.memory[Self.versionReadAt].flatMap { Timestamp(decimalSeconds: $0) }
        if let readAt, run.mode == .incremental, run.serverNow.since(readAt) < .seconds(86_400) { return }
        if try await run.read([ReadGroup([lists.version()])]) {
            run.memory[Self.versionReadAt] = run.serverNow.decimalSeconds
        }
    }

    private static var versionReadAt: String { "version_read_at" }

    /// Keeps the ids of preview users that this run was the first to meet.
    func keepPreviewUsers(_ preview: PreviewUsers) async {
        guard let ids = preview.takeChanges() else { return }
        var position = MarkPosition()
        position.set("ids", list: ids)
        await run.apply([
            .watermark(
                stream: "learners",
                partition: PreviewUsers.partition,
                position: position,
                asOf: run.serverNow
            )
        ])
    }

    /// The groups that read grades of one course by column, each column by itself: a refused one keeps no other back.
    func columnGroups(
        _ lists: BlackboardLists,
        _ walk: BlackboardMapping.GradeWalk,
        _ columns: [GradebookColumn],
        marks: [String: MarkPosition],
        answers: [String: [PendingEntry]] = [:]
    ) -> [ReadGroup] {
        columns.map { column in
            let mark = ColumnMark(marks[column.assessmentID])
            let isFull = run.mode == .baseline || column.kind == .calculated || mark.isFullDue
            activity.note(polled: column)
            var group = ReadGroup(
                [lists.grades(walk, column: column, since: mark, isFull: isFull)],
                answers: answers[column.assessmentID] ?? [],
                covers: isFull && run.mode == .incremental
                    ? [Cover(Grade.table, scopes: [["assessment_id": column.assessmentID]])] : []
            )
            // A total that no other column explains has all columns of its course read.
            group.isTelling = true
            return group
        }
    }
}
