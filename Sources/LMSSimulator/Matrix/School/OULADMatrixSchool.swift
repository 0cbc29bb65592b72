import NIOPosix

/// Builds a MATRIX school from the Open University Learning Analytics Dataset (Kuzilek, Hlosta, Zdrahal, 2017; CC BY 4.0).
///
/// One class a module presentation, one student account a student, one roster row a registration. A registration without a
/// day counts from the start of the presentation, an unregistration is an unenrollment. Pass and Distinction are
/// completions with a certificate at the presentation's end.
package struct OULADMatrixSchool {
    private var school = MatrixSchool()
    private var classByKey: [String: Int32] = [:]
    private var starts: [Instant] = []
    private var userByStudent: [Int: Int32] = [:]
    /// Places in a class's roster by class and student.
    private var places: [[Int: Int]] = []
    private var assignments: [Int: (course: Int32, place: Int32)] = [:]
    private let directory: String
    private let presentations: Int

    private init(directory: String, presentations: Int) {
        (self.directory, self.presentations) = (directory, presentations)
    }

    /// Reads the files of `directory`.
    ///
    /// The work blocks for about a second and is done on a thread of its own.
    ///
    /// - Parameter presentations: So many module presentations at most, the first of the data set, with who registered for them.
    package static func load(directory: String, presentations: Int = .max) async throws -> MatrixSchool {
        try await NIOThreadPool.singleton.runIfActive {
            var builder = OULADMatrixSchool(directory: directory, presentations: presentations)
            return try builder.build()
        }
    }

    private mutating func build() throws -> MatrixSchool {
        try readCourses()
        try readAssessments()
        try readRegistrations()
        try readSubmissions()
        try readResults()
        school.nextID = 10_000_000
        return school
    }

    private static func key(_ row: OULADFile.Row) -> String {
        (row.text("code_module") ?? "") + "-" + (row.text("code_presentation") ?? "")
    }

    /// 1 February for presentations `B`, 1 October for `J`.
    private static func start(of presentation: String) -> Instant {
        let month = presentation.hasSuffix("B") ? 2 : 10
        return CivilTime(year: Int(presentation.prefix(4)) ?? 2013, month: month, day: 1).instant(offsetMinutes: 0)
    }

    /// The data set knows days; the time of day is made up from numbers, so that rows differ.
    private static func moment(_ start: Instant, day: Int, _ numbers: Int...) -> Instant {
        let mixed = numbers.reduce(UInt64(17)) { RandomSource.mix($0 &* 31 &+ UInt64($1)) }
        return start.adding(microseconds: Int64(day) * Instant.day + Int64(mixed % 86_399) * Instant.second)
    }

    private mutating func readCourses() throws {
        try OULADFile(named: "courses", in: directory).forEachRow { row in
            guard classByKey.count < presentations else { return }
            let (key, presentation) = (Self.key(row), row.text("code_presentation") ?? "")
            let module = row.text("code_module") ?? ""
            let start = Self.start(of: presentation)
            let days = row.integer("module_presentation_length") ?? 0
            var course = MatrixClass(
                id: 501 + classByKey.count,
                name: "Module \(module), presentation \(presentation)",
                description: "\(days) days",
                style: "Instructor",
                code: key
            )
            (course.start, course.finish) = (start, start.adding(seconds: Int64(days) * 86_400))
            course.semester = presentation
            course.category = "module \(module)"
            course.weightsByCategory = true
            course.grademap = MatrixClass.letters
            course.certificates = [
                school.add(MatrixCertificate(id: 31 + classByKey.count, name: "Certificate of \(key)", duration: nil))
            ]
            classByKey[key] = school.add(course)
            starts.append(start)
            places.append([:])
        }
    }

    private mutating func readAssessments() throws {
        try OULADFile(named: "assessments", in: directory).forEachRow { row in
            guard let course = classByKey[Self.key(row)], let number = row.integer("id_assessment") else { return }
            let type = row.text("assessment_type") ?? "Exam"
            let start = starts[Int(course)]
            var assignment = MatrixAssignment(
                id: number,
                name: "\(type) \(number)",
                type: ["TMA": "Freeform", "CMA": "Quiz"][type] ?? "Offline",
                points: 10_000,
                category: type,
                weight: (row.text("weight").flatMap { Double($0) }).map { Int($0 * 100) }
            )
            assignment.begin = start
            assignment.end =
                row.integer("date").map { start.adding(seconds: Int64($0) * 86_400) }
                ?? school.classes[Int(course)].finish
            assignments[number] = (course, Int32(school.classes[Int(course)].assignments.count))
            school.classes[Int(course)].assignments.append(assignment)
        }
    }

    private mutating func readRegistrations() throws {
        try OULADFile(named: "studentRegistration", in: directory).forEachRow { row in
            guard let course = classByKey[Self.key(row)], let student = row.integer("id_student") else { return }
            let start = starts[Int(course)]
            let enrolled = Self.moment(start, day: row.integer("date_registration") ?? 0, student)
            let user = user(student, joinedAt: enrolled)
            var enrollment = MatrixEnrollment(user: user, method: .sis, enrolledAt: enrolled)
            if let day = row.integer("date_unregistration") {
                enrollment.isUnenrolled = true
                enrollment.unenrolledAt = Self.moment(start, day: day, student, 2)
            } else {
                enrollment.startedAt = max(enrolled, start)
                enrollment.lastVisitedAt = enrollment.startedAt
            }
            places[Int(course)][student] = school.classes[Int(course)].enrollments.count
            school.classes[Int(course)].enrollments.append(enrollment)
        }
    }

    private mutating func user(_ student: Int, joinedAt: Instant) -> Int32 {
        if let known = userByStudent[student] {
            let index = Int(known)
            school.users[index].joinedAt = min(school.users[index].joinedAt, joinedAt)
            school.users[index].firstLoginAt = school.users[index].joinedAt
            school.users[index].lastLoginAt = max(school.users[index].lastLoginAt, joinedAt)
            school.users[index].logins += 1
            return known
        }
        var user = MatrixUser(
            id: student,
            userid: "learner\(student)",
            firstName: "Learner",
            lastName: "\(student)",
            email: "learner\(student)@example.org",
            roles: .student,
            studentID: "OU-\(student)",
            joinedAt: joinedAt
        )
        (user.firstLoginAt, user.lastLoginAt, user.logins) = (joinedAt, joinedAt, 1)
        let index = school.add(user)
        userByStudent[student] = index
        return index
    }

    private mutating func readSubmissions() throws {
        try OULADFile(named: "studentAssessment", in: directory).forEachRow { row in
            guard let number = row.integer("id_assessment"), let assignment = assignments[number],
                let student = row.integer("id_student"), let place = places[Int(assignment.course)][student]
            else { return }
            let submitted = Self.moment(
                starts[Int(assignment.course)],
                day: row.integer("date_submitted") ?? 0,
                student,
                number
            )
            let score = row.integer("score").map { Int32($0 * 100) } ?? -1
            school.classes[Int(assignment.course)].enrollments[place].cells.append(
                MatrixCell(assignment: assignment.place, score: score, submittedAt: submitted)
            )
            let visited = school.classes[Int(assignment.course)].enrollments[place].lastVisitedAt
            school.classes[Int(assignment.course)].enrollments[place].lastVisitedAt = max(visited, submitted)
            school.classes[Int(assignment.course)].enrollments[place].timeSpent += 3600
        }
    }

    private mutating func readResults() throws {
        try OULADFile(named: "studentInfo", in: directory).forEachRow { row in
            guard let course = classByKey[Self.key(row)], let student = row.integer("id_student"),
                let place = places[Int(course)][student],
                ["Pass", "Distinction"].contains(row.text("final_result"))
            else { return }
            let index = Int(course)
            var enrollment = school.classes[index].enrollments[place]
            // Not all at one instant: seconds apart, by place in the roster.
            enrollment.completedAt = school.classes[index].finish.adding(seconds: Int64(place))
            enrollment.completion = school.classes[index].mark(of: enrollment)
            school.classes[index].enrollments[place] = enrollment
        }
    }
}
