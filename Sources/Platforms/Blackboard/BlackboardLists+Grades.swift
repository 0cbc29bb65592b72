import Extractor
import JSON
import Records
import Transformer

extension BlackboardLists {
    private static let disabledMemberships = "includeDisabledMemberships"
    /// Under this name the connector's state holds whether the account may see the grades of disabled memberships.
    private static let seesDisabled = "sees_disabled_memberships"

    /// Under this name the connector's state holds that lists of a column leave out the grades of disabled memberships
    /// all the same.
    private static let disabledUnlisted = "disabled_grades_unlisted"

    /// Whether the grades of disabled memberships are in the lists, so that their absence means something.
    var showsDisabledGrades: Bool {
        connectorState[Self.seesDisabled] == "yes" && connectorState[Self.disabledUnlisted] == nil
    }

    /// The grades of one column: all, or those that changed after the column's index.
    ///
    /// A calculated column has no index, and is always read in whole.
    func grades(
        _ walk: BlackboardMapping.GradeWalk,
        column: GradebookColumn,
        since mark: ColumnMark,
        isFull: Bool,
        withDisabled: Bool = true,
        notesCells: Bool = false
    ) -> ListRead {
        let course = walk.roster.course
        var walk = walk
        walk.column = column
        var filters: [(String, String)] = []
        let asksDisabled = withDisabled && connectorState[Self.seesDisabled] != "no"
        if asksDisabled { filters.append((Self.disabledMemberships, "true")) }
        let index = isFull || column.kind == .calculated ? nil : mark.index
        if let index { filters.append(("changeIndex", String(index))) }
        let known = walk
        var read = list(
            "grades",
            stream: "grades",
            partition: BlackboardFollowUps.partition(course: course, assessment: column.assessmentID),
            path: "/v2/courses/{courseId}/gradebook/columns/{columnId}/users",
            [course, column.id],
            filters: filters,
            shape: .grades,
            completion: { [connectorState] outcome in
                if asksDisabled, outcome.items > 0 { connectorState[Self.seesDisabled] = "yes" }
                guard outcome.isComplete else { return [] }
                let position = mark.after(outcome, isFull: index == nil, course: course)
                return [
                    .watermark(
                        stream: "grades",
                        partition: column.assessmentID,
                        position: position,
                        asOf: outcome.asOf
                    )
                ]
            },
            makeReader: { [mapping, preview] in
                GradeReader(mapping: mapping, walk: known, preview: preview, notesCells: notesCells)
            }
        )
        if index == nil { read.cost = .pages(ofRows: pageSize("grades")) }
        guard asksDisabled, connectorState[Self.seesDisabled] == nil else { return read }
        // The account may lack the privilege for these rows alone, or be refused the whole column: only the answer to
        // the plain request tells which.
        let other = read.alternative
        read.alternative = { error in
            guard error.status == 403 else { return other(error) }
            var plain = grades(
                known,
                column: column,
                since: mark,
                isFull: isFull,
                withDisabled: false,
                notesCells: notesCells
            )
            let completion = plain.completion
            plain.completion = { [connectorState] outcome in
                connectorState[Self.seesDisabled] = "no"
                return completion(outcome)
            }
            return plain
        }
        return read
    }

    /// The same where the index is not relied on: the newest change first, and the whole column if it is newer than the
    /// mark says.
    ///
    /// - Parameter log: What the run has read; the first of the two lists leaves a note there for the second.
    func probedGrades(
        _ walk: BlackboardMapping.GradeWalk,
        column: GradebookColumn,
        since mark: ColumnMark,
        log: ReadLog
    ) -> [ListRead] {
        let course = walk.roster.course
        let hasChanged: @Sendable () -> Bool = {
            let newest = log.note(NewestChange.self, column.assessmentID)?.index
            return newest.map { $0 > mark.index ?? 0 } ?? false
        }
        var probe = single(
            "last_changed",
            stream: "grades",
            partition: BlackboardFollowUps.partition(course: course, assessment: column.assessmentID),
            path: "/v2/courses/{courseId}/gradebook/columns/{columnId}/users/lastChanged",
            [course, column.id],
            shape: .verification
        ) { root in
            // Nothing yet has three spellings: an empty answer, 204 and 404.
            let newest = NewestChange(key: column.assessmentID, index: root?["changeIndex"]?.int64)
            return ParsedPage(notes: ReadNotes([newest]))
        }
        probe.completion = { outcome in
            guard !hasChanged() else { return [] }
            return [
                .watermark(
                    stream: "grades",
                    partition: column.assessmentID,
                    position: mark.afterProbe(at: outcome.asOf, course: course),
                    asOf: outcome.asOf
                )
            ]
        }
        var read = grades(walk, column: column, since: mark, isFull: true)
        read.isNeeded = hasChanged
        return [probe, read]
    }

    /// Under this name the connector's state holds that lists of one learner's grades lack columns which their own
    /// lists show.
    static let byLearnerLacks = "by_learner_lacks_columns"

    /// One learner's grades in all columns of a course.
    ///
    /// - Parameter notesCells: Whether the list notes which cells it holds.
    func grades(
        _ walk: BlackboardMapping.GradeWalk,
        learner: String,
        notesCells: Bool = false
    ) -> ListRead {
        let course = walk.roster.course
        var walk = walk
        walk.column = nil
        walk.learner = learner
        let known = walk
        return list(
            "learner_grades",
            stream: "grades",
            partition: "\(course)/\(learner)",
            path: "/v2/courses/{courseId}/gradebook/users/{userId}",
            [course, learner],
            fields: Self.gradeFields,
            shape: .grades,
            makeReader: { [mapping, preview] in
                GradeReader(mapping: mapping, walk: known, preview: preview, notesCells: notesCells)
            }
        )
    }

    /// One cell, to see whether it was emptied; the answer notes whether there is something in it.
    func grade(_ walk: BlackboardMapping.GradeWalk, column: GradebookColumn, learner: String) -> ListRead {
        let course = walk.roster.course
        var walk = walk
        (walk.column, walk.learner) = (column, learner)
        walk.stored.insert(BlackboardMapping.Cell(assessment: column.assessmentID, learner: learner))
        let known = walk
        let isDisabled = walk.roster[learner]?.status == "ended"
        return single(
            "grades",
            stream: "grades",
            partition: "\(column.assessmentID)/\(learner)",
            path: "/v2/courses/{courseId}/gradebook/columns/{columnId}/users/{userId}",
            [course, column.id, learner],
            shape: .verification
        ) { [mapping, connectorState] root in
            var batch = Batch<Grade>(stream: "grades")
            if let root {
                _ = mapping.grade(root, walk: known, into: &batch)
                let isThere = batch.records.contains { $0.status != "not_graded" || $0.exempt == true }
                if isDisabled, isThere { connectorState[Self.disabledUnlisted] = "yes" }
            } else if !isDisabled {
                // Of a disabled membership no answer says nothing: the cell may only be hidden.
                batch.records.append(mapping.emptied(learner: learner, column: column, walk: known))
            }
            let filled = batch.records.filter { $0.status != "not_graded" || $0.exempt == true }
            var notes = ReadNotes()
            notes.add(filled.map { FilledCell(key: BlackboardMapping.Cell($0)) })
            return ParsedPage([batch], notes: notes)
        }
    }

    /// A column once more, because many stored cells were missing from it: those that are missing again were emptied.
    ///
    /// A column without a single cell says nothing of any of them.
    func cells(_ walk: BlackboardMapping.GradeWalk, column: GradebookColumn, missing: [String]) -> ListRead {
        let course = walk.roster.course
        var walk = walk
        walk.column = column
        let known = walk
        return list(
            "grades",
            stream: "grades",
            partition: column.assessmentID,
            path: "/v2/courses/{courseId}/gradebook/columns/{columnId}/users",
            [course, column.id],
            shape: .grades,
            makeReader: { [mapping, preview] in
                MissingCellReader(mapping: mapping, walk: known, preview: preview, column: column, missing: missing)
            }
        )
    }

    /// The attempts at one column: all, or those modified since the last reading, or those of one learner.
    func attempts(
        _ walk: BlackboardMapping.GradeWalk,
        column: GradebookColumn,
        since: Timestamp?,
        learner: String? = nil,
        anonymous: Set<String>,
        noting book: SubmissionBook
    ) -> ListRead {
        var filters: [(String, String)] = []
        if let since, has(.modifiedAttempts) {
            filters = Self.since("modified", since.advanced(by: .zero - overlap))
        }
        if let learner { filters.append(("userId", learner)) }
        let course = walk.roster.course
        return list(
            "attempts",
            stream: "assessment_responses",
            partition: column.assessmentID,
            path: "/v2/courses/{courseId}/gradebook/columns/{columnId}/attempts",
            [course, column.id],
            filters: filters,
            fields: Self.attemptFields,
            shape: .grades,
            completion: { outcome in
                guard outcome.isComplete, learner == nil else { return [] }
                var position = MarkPosition()
                position.set("modified_after", outcome.asOf)
                return [
                    .watermark(
                        stream: "assessment_responses",
                        partition: column.assessmentID,
                        position: position,
                        asOf: outcome.asOf
                    )
                ]
            },
            makeReader: { [mapping, preview] in
                CollectionReader(key: Self.id) { results in
                    var batch = Batch<AssessmentResponse>(stream: "assessment_responses")
                    mapping.attempts(
                        results,
                        column: column,
                        roster: walk.roster,
                        into: &batch,
                        leavingOut: preview.contains
                    )
                    book.note(batch.records)
                    // Grades were released: the attempt has a name now, and its nameless row is nobody's any more.
                    let named = batch.records.filter { !$0.learnerID.isEmpty && anonymous.contains($0.responseID) }
                    guard !named.isEmpty else { return ParsedPage([batch]) }
                    let gone = GoneRows(
                        AssessmentResponse.table,
                        columns: ["learner_id", "response_id"],
                        keys: named.map { ["", $0.responseID] },
                        isGuarded: false
                    )
                    return ParsedPage([batch], changes: [.gone(gone)])
                }
            }
        )
    }

    private static let gradeFields = [
        "userId", "columnId", "displayGrade", "overridden", "exempt", "corrupt", "gradeNotationId", "changeIndex",
        "lastRelevantDate",
    ]
    private static let attemptFields = ["id", "userId", "status", "displayGrade", "attemptDate"]
}
