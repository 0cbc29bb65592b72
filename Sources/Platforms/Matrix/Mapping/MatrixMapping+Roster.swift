import JSON
import Records
import Transformer

/// A class's roster: who learns in it, and how far they are.
struct MatrixRoster: Sendable {
    var enrollments = Batch<Enrollment>(stream: "enrollments")
    var progress = Batch<Progress>(stream: "progress")
}

extension MatrixMapping {
    private static let rosterShape = RecordShape(
        key: [.member("id")],
        rejectPayload: ["id", "enroll_type", "enrolled_at", "unenrolled", "deactivated", "completed_at"]
    )

    /// Reads the learners of a class: user fields, and those of the enrollment; `id` is the user.
    ///
    /// Somebody who stands in it twice has enrolled anew: the last `enrolled_at` wins, and nothing is rejected.
    func roster(_ items: JSONValue, course: String) -> MatrixRoster {
        var roster = MatrixRoster()
        var users = EmbeddedUsers(mapping: self)
        var places: [String: Int] = [:]
        for item in items.elements {
            guard let (enrollment, progress) = student(item, course: course, into: &roster.enrollments) else {
                continue
            }
            users.note(item, in: &roster.enrollments.driftLog)
            let learner = enrollment.learnerID
            guard let place = places[learner] else {
                places[learner] = roster.progress.records.count
                roster.enrollments.records.append(enrollment)
                roster.progress.records.append(progress)
                continue
            }
            let known = roster.enrollments.records[place].enrolledAt
            guard enrollment.enrolledAt.map({ time in known.map { time >= $0 } ?? true }) ?? (known == nil) else {
                continue
            }
            roster.enrollments.records[place] = enrollment
            roster.progress.records[place] = progress
        }
        return roster
    }

    private func student(
        _ item: JSONValue,
        course: String,
        into batch: inout Batch<Enrollment>
    ) -> (Enrollment, Progress)? {
        let shape = Self.rosterShape
        guard
            var reader = batch.reader(
                of: item,
                shape: shape,
                context: context,
                walk: course,
                firstOfDuplicates: true
            )
        else { return nil }
        let learner = reader.integerKey("id")
        if let failure = reader.failure {
            batch.reject(
                item,
                shape: shape,
                context: context,
                walk: course,
                cause: failure.cause,
                field: failure.field
            )
            return nil
        }
        batch.noteArrival(of: item, shape: shape, context: context, walk: course)
        var enrollment = Enrollment(courseID: course, learnerID: learner, role: "learner")
        enrollment.method = reader.text("enroll_type", emptyIsNull: true)
        enrollment.enrolledAt = time(&reader, "enrolled_at")
        enrollment.startedAt = time(&reader, "started_at")
        enrollment.lastAccessedAt = time(&reader, "last_visited_at")
        let seconds = reader.integer("time_spent")
        let completedAt = time(&reader, "completed_at")
        let hasLeft = reader.boolean("unenrolled") == true
        enrollment.endedAt = time(&reader, "unenrolled_at")
        let isDeactivated = reader.boolean("deactivated") == true
        let (off, on) = (time(&reader, "deactivated_at"), time(&reader, "reactivated_at"))
        let isBack = on.map { on in off.map { on > $0 } ?? true } ?? false
        enrollment.status = hasLeft ? "ended" : isDeactivated && !isBack ? "suspended" : "active"
        enrollment.suspendedAt = enrollment.status == "suspended" ? off : nil

        var progress = Progress(courseID: course, learnerID: learner)
        let hasBegun = enrollment.startedAt != nil || enrollment.lastAccessedAt != nil
        progress.status = completedAt != nil ? "completed" : hasBegun ? "in_progress" : "not_started"
        progress.progressRate = completedAt == nil ? nil : Numeric(100)
        // The roster's percent is that of the completion, frozen then; what stands now is a grade.
        progress.averageScoreRate = completedAt == nil ? nil : reader.lenientNumber("percent").number
        let letter = reader.text("grade", emptyIsNull: true, acceptsNumber: true)
        progress.finalLetter = completedAt == nil ? nil : letter
        progress.timeOnCourseSeconds = seconds
        progress.startedAt = enrollment.startedAt
        progress.lastAccessedAt = enrollment.lastAccessedAt
        progress.completedAt = completedAt
        markAbsent(&enrollment, &progress, &reader)
        reader.visitUnread { _, _ in }
        reader.note(in: &batch.driftLog, shape: shape)
        return (enrollment, progress)
    }

    private static let enrollmentSources: [ColumnSource<Enrollment>] = [
        ColumnSource("method", \.method, "enroll_type"), ColumnSource("enrolled_at", \.enrolledAt, "enrolled_at"),
        ColumnSource("started_at", \.startedAt, "started_at"),
        ColumnSource("last_accessed_at", \.lastAccessedAt, "last_visited_at"),
        ColumnSource("ended_at", \.endedAt, "unenrolled_at"),
    ]
    private static let progressSources: [ColumnSource<Progress>] = [
        ColumnSource("time_on_course_seconds", \.timeOnCourseSeconds, "time_spent"),
        ColumnSource("started_at", \.startedAt, "started_at"),
        ColumnSource("last_accessed_at", \.lastAccessedAt, "last_visited_at"),
    ]
    private static let score: [ColumnSource<Progress>] = [
        ColumnSource("average_score_rate", \.averageScoreRate, "percent"),
        ColumnSource("final_letter", \.finalLetter, "grade"),
    ]
    private static let enrollmentStatus = ColumnSet("status", "suspended_at", of: Enrollment.table)
    private static let suspension = ColumnSet("suspended_at", of: Enrollment.table)
    private static let ofCompletion = ColumnSet(
        "status",
        "progress_rate",
        "average_score_rate",
        "completed_at",
        "final_letter",
        of: Progress.table
    )

    /// Notes what the roster says nothing about; whether the course is completed decides four columns.
    private func markAbsent(_ enrollment: inout Enrollment, _ progress: inout Progress, _ reader: inout RecordReader) {
        enrollment.absentColumns = reader.absentColumns(of: enrollment, from: Self.enrollmentSources)
            .union(reader.absent(Self.enrollmentStatus, without: "unenrolled", "deactivated"))
        // Whoever is suspended has been since then; whoever is not has no such time, whatever the answer leaves out.
        if enrollment.status == "suspended" {
            enrollment.absentColumns.formUnion(reader.absent(Self.suspension, without: "deactivated_at"))
        }
        progress.absentColumns = reader.absentColumns(of: progress, from: Self.progressSources)
        if progress.completedAt == nil {
            progress.absentColumns.formUnion(reader.absent(Self.ofCompletion, without: "completed_at"))
        } else {
            progress.absentColumns.formUnion(reader.absentColumns(of: progress, from: Self.score))
        }
    }

    private static let teacherShape = RecordShape(key: [.member("id")], rejectPayload: ["id", "coteacher"])

    /// Reads the teachers of a class; those who learn in it too stay learners.
    func teachers(
        _ items: JSONValue,
        course: String,
        learners: Set<String>,
        into batch: inout Batch<Enrollment>
    ) {
        let shape = Self.teacherShape
        var users = EmbeddedUsers(mapping: self)
        for item in items.elements {
            guard
                var reader = batch.reader(
                    of: item,
                    shape: shape,
                    context: context,
                    walk: course,
                    firstOfDuplicates: true
                )
            else { continue }
            let teacher = reader.integerKey("id")
            let isSecond = reader.boolean("coteacher") == true
            users.note(item, in: &batch.driftLog)
            guard reader.failure != nil || !learners.contains(teacher) else { continue }
            reader.visitUnread { _, _ in }
            batch.append(
                Enrollment(
                    courseID: course,
                    learnerID: teacher,
                    role: isSecond ? "co_instructor" : "instructor",
                    status: "active"
                ),
                from: reader,
                shape: shape,
                walk: course
            )
        }
    }
}
