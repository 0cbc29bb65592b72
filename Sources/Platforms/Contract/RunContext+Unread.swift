import Records

extension RunContext {
    /// Courses with a list that could not be read and that waits in no queue: each is named once an hour.
    ///
    /// Without this only their age would bring them up again, after days, or nothing at all.
    ///
    /// - Parameters:
    ///   - streams: Whose lists; those that the run does not read are left out.
    ///   - courses: Those that are there and in scope.
    func unreadCourses(_ streams: [String], among courses: some Sequence<String>) async throws -> [String] {
        var unread: Set<String> = []
        for stream in streams where isSelected(stream) {
            unread.formUnion(
                try await facts.unreadPartitions(stream).subtracting(try await facts.failedPartitions(stream))
            )
        }
        let known = unread.isEmpty ? [] : courses.filter(unread.contains)
        guard !known.isEmpty else { return [] }
        let marks = try await facts.watermarks(UnreadCourse.marks, partitions: known)
        let now = serverNow
        let due = known.filter { course in
            marks[course]?.time(UnreadCourse.triedAt).map { now.since($0) >= UnreadCourse.interval } ?? true
        }
        await apply(
            due.map { course in
                var mark = MarkPosition()
                mark.set(UnreadCourse.triedAt, now)
                return .watermark(stream: UnreadCourse.marks, partition: course, position: mark, asOf: now)
            }
        )
        return due
    }
}

private enum UnreadCourse {
    /// The name under which the tries are kept; they are no stream of their own.
    static let marks = "unread"
    static let triedAt = "tried_at"
    static let interval = Duration.seconds(3_600)
}
