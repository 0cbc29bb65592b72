import Records

/// What came back: courses whose members are read whole, and people of whom the course's columns are.
extension BlackboardIncrementalRun {
    /// The members of courses that are back, large ones too; their columns and grades wait in the queue as well.
    func readReturnedCourses() async throws {
        guard run.isSelected("enrollments") else { return }
        // What the lists of courses and users have shown.
        try await run.settle()
        let withUsers = run.isSelected("learners") && run.connectorState[BlackboardRules.usersRefused] != nil
        try await run.drain(["enrollments"]) { entries in
            guard hasAllowance else { return [] }
            let marks = try await run.facts.watermarks("enrollments", partitions: entries.map(\.partition))
            return affordable(entries).map { entry in
                let course = entry.partition
                // The members of a child course stand in its parent's list.
                guard let known = catalogue[course], known.parent == nil else { return ReadGroup([], answers: [entry]) }
                var group = memberships(course, marks[course], withUsers: withUsers, isWhole: true)
                group.answers = [entry]
                group.instead = insteadOfMissing(course, answers: [entry])
                context.activity.note(back: course)
                return group
            }
        }
        try await run.settle()
    }

    /// The groups that read what a course has of people who are back in it: person by person, or column by column where that is
    /// less.
    func learnerGroups(for entries: [PendingEntry]) async throws -> [ReadGroup] {
        let byCourse = Dictionary(grouping: entries) { BlackboardFollowUps.split($0.partition).course }
        let courses = byCourse.keys.sorted()
        guard !courses.isEmpty else { return [] }
        let (books, rosters) = (try await gradebooks(of: courses), try await context.facts.rosters(of: courses))
        var groups: [ReadGroup] = []
        for course in courses {
            let entries = byCourse[course] ?? []
            guard catalogue[course] != nil, let roster = rosters[course], let book = books[course] else {
                groups += entries.map { ReadGroup([], answers: [$0]) }
                continue
            }
            if entries.count > book.columns.count || run.connectorState[BlackboardLists.byLearnerLacks] != nil {
                await queueWhole(book.columns, course: course)
                groups += entries.map { ReadGroup([], answers: [$0]) }
                continue
            }
            let walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
            for entry in entries {
                guard let learner = BlackboardFollowUps.learner(of: entry.partition) else { continue }
                let attempts = try await attempts(walk, of: learner)
                groups.append(ReadGroup(attempts + [lists.grades(walk, learner: learner)], answers: [entry]))
            }
        }
        return groups
    }

    /// The attempts of one learner at all columns that take them.
    private func attempts(_ walk: BlackboardMapping.GradeWalk, of learner: String) async throws -> [ListRead] {
        guard run.isSelected("assessment_responses") else { return [] }
        let columns = walk.gradebook.columns.filter { $0.kind == .attempts && !$0.isTotal }
        let stored = try await context.facts.attempts(ofColumns: columns.map(\.assessmentID))
        return columns.map { column in
            lists.attempts(
                walk,
                column: column,
                since: nil,
                learner: learner,
                anonymous: stored.anonymous[column.assessmentID] ?? [],
                noting: stored.submissions
            )
        }
    }
}
