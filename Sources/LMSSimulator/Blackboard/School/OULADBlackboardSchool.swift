import NIOPosix

/// Builds a Learn site from the Open University Learning Analytics Dataset (Kuzilek, Hlosta, Zdrahal, 2017; CC BY 4.0).
///
/// One course a module presentation with its own dates, one term a presentation, one student a student, one membership a
/// registration (disabled where it was withdrawn), one column an assessment, one attempt and one grade a submission, and a
/// calculated total for each course. A submission without a score is an attempt that waits for a grade: column grades show no
/// row for it. The site's clock stands at 2015-06-28, when the last presentations have just ended and count as live.
package struct OULADBlackboardSchool {
    private var school = BlackboardSchool()
    private var courseByKey: [String: Int32] = [:]
    private var starts: [Instant] = []
    private var ends: [Instant] = []
    private var termByCode: [String: Int32] = [:]
    private var userByStudent: [Int: Int32] = [:]
    private var memberByPair: [UInt64: Int32] = [:]
    private var columnByAssessment: [Int: Int32] = [:]
    private let directory: String
    private let presentations: Int

    private init(directory: String, presentations: Int) {
        (self.directory, self.presentations) = (directory, presentations)
    }

    /// Reads the six files of `directory`.
    ///
    /// The work blocks for about a second and is done on a thread of its own.
    ///
    /// - Parameter presentations: So many module presentations at most, the first of the data set, with who registered for them.
    package static func load(directory: String, presentations: Int = .max) async throws -> BlackboardSchool {
        try await NIOThreadPool.singleton.runIfActive {
            var builder = OULADBlackboardSchool(directory: directory, presentations: presentations)
            return try builder.build()
        }
    }

    private mutating func build() throws -> BlackboardSchool {
        try readCourses()
        try readMaterials()
        try readAssessments()
        try readRegistrations()
        try readSubmissions()
        try readResults()
        for index in school.members.indices { school.recompute(Int32(index)) }
        school.sortLists()
        school.nextNumber = 10_000_000
        school.clock = .frozen(Instant(seconds: 1_435_478_400))
        return school
    }

    /// 1 February for presentations `B`, 1 October for `J`.
    private static func start(of presentation: String) -> Instant {
        let year = Int(presentation.prefix(4)) ?? 2013
        let month = presentation.hasSuffix("B") ? 2 : 10
        let day = CivilDate(year: year, month: month, dayOfMonth: 1).day
        return Instant(microseconds: Int64(day) * Instant.day)
    }

    private static func key(_ row: OULADFile.Row) -> String {
        (row.text("code_module") ?? "") + "-" + (row.text("code_presentation") ?? "")
    }

    private static func pair(_ user: Int32, _ course: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: user)) << 32 | UInt64(UInt32(bitPattern: course))
    }

    /// The data set knows days; the time of day is made up from a key, so that rows differ.
    private static func clock(_ key: Int) -> Int64 {
        Int64(RandomSource.mix(UInt64(bitPattern: Int64(key))) % 86_399_000) * 1000
    }

    private mutating func term(_ presentation: String) -> Int32 {
        if let known = termByCode[presentation] { return known }
        let start = Self.start(of: presentation)
        let index = Int32(school.terms.count)
        school.terms.append(
            BlackboardSchool.Term(
                externalID: presentation,
                name: "Presentation \(presentation)",
                duration: .dateRange(start: start, end: start.adding(microseconds: 275 * Instant.day))
            )
        )
        termByCode[presentation] = index
        return index
    }

    private mutating func readCourses() throws {
        try OULADFile(named: "courses", in: directory).forEachRow { row in
            guard courseByKey.count < presentations else { return }
            let key = Self.key(row)
            let presentation = row.text("code_presentation") ?? ""
            let start = Self.start(of: presentation)
            let length = row.integer("module_presentation_length") ?? 0
            let created = start.adding(seconds: -400 * 86_400)
            let end = start.adding(microseconds: Int64(length) * Instant.day)
            let course = school.add(
                BlackboardSchool.Course(
                    code: key,
                    name: "Module \(row.text("code_module") ?? ""), presentation \(presentation)",
                    description: "\(length) days",
                    created: created,
                    modified: start,
                    term: term(presentation),
                    duration: .dateRange(start: start, end: end)
                )
            )
            school.addCategories(["TMA", "CMA", "Exam"], to: course)
            courseByKey[key] = course
            starts.append(start)
            ends.append(end)
        }
    }

    private mutating func readMaterials() throws {
        try OULADFile(named: "vle", in: directory).forEachRow { row in
            guard let course = courseByKey[Self.key(row)] else { return }
            school.courses[Int(course)].reviewable += 1
        }
    }

    private mutating func readAssessments() throws {
        try OULADFile(named: "assessments", in: directory).forEachRow { row in
            guard let course = courseByKey[Self.key(row)], let number = row.integer("id_assessment") else { return }
            let type = row.text("assessment_type") ?? "Exam"
            let start = starts[Int(course)]
            columnByAssessment[number] = school.add(
                BlackboardSchool.Column(
                    course: course,
                    name: "\(type) \(number)",
                    created: start.adding(seconds: -30 * 86_400),
                    modified: start.adding(seconds: -30 * 86_400),
                    possible: 10_000,
                    kind: .attempts,
                    due: row.integer("date").map {
                        start.adding(microseconds: Int64($0 + 1) * Instant.day - Instant.second)
                    } ?? .none,
                    category: type == "TMA" ? 0 : type == "CMA" ? 1 : 2,
                    handle: type == "CMA" ? "resource/x-bb-asmt-test-link" : "resource/x-bb-assignment"
                )
            )
        }
        for course in school.courses.indices {
            school.add(
                BlackboardSchool.Column(
                    course: Int32(course),
                    name: "Overall Grade",
                    created: starts[course],
                    modified: starts[course],
                    possible: 10_000,
                    kind: .calculated,
                    isExternalGrade: true,
                    countsInTotal: false
                )
            )
        }
    }

    private mutating func readRegistrations() throws {
        try OULADFile(named: "studentRegistration", in: directory).forEachRow { row in
            guard let course = courseByKey[Self.key(row)], let student = row.integer("id_student") else { return }
            let start = starts[Int(course)]
            let day = Int64(row.integer("date_registration") ?? 0)
            let enrolled = start.adding(microseconds: day * Instant.day + Self.clock(student))
            let user = userByStudent[student] ?? makeUser(student, created: enrolled)
            userByStudent[student] = user
            if enrolled < school.users[Int(user)].created {
                school.users[Int(user)].created = enrolled
                school.users[Int(user)].modified = enrolled
            }
            var member = BlackboardSchool.Member(user: user, course: course, created: enrolled, modified: enrolled)
            if let end = row.integer("date_unregistration") {
                member.availability = .disabled
                member.modified = max(enrolled, start.adding(microseconds: Int64(end) * Instant.day))
            }
            memberByPair[Self.pair(user, course)] = school.add(member)
        }
    }

    /// A made-up student: the data set has no names.
    private mutating func makeUser(_ student: Int, created: Instant) -> Int32 {
        school.add(
            BlackboardSchool.User(
                userName: "learner\(student)",
                externalID: "\(student)",
                studentID: "\(student)",
                given: "Learner",
                family: "\(student)",
                email: "learner\(student)@example.org",
                created: created,
                modified: created
            )
        )
    }

    private mutating func readSubmissions() throws {
        try OULADFile(named: "studentAssessment", in: directory).forEachRow { row in
            guard let assessment = row.integer("id_assessment"), let column = columnByAssessment[assessment],
                let student = row.integer("id_student"), let user = userByStudent[student]
            else { return }
            let course = school.columns[Int(column)].course
            guard let member = memberByPair[Self.pair(user, course)] else { return }
            let day = Int64(row.integer("date_submitted") ?? 0)
            let submitted = starts[Int(course)]
                .adding(microseconds: day * Instant.day + Self.clock(student &* 31 &+ assessment))
            let score = row.integer("score").map { Int32($0 * 100) } ?? -1
            let graded = score < 0 ? submitted : submitted.adding(seconds: 86_400)
            var grade = BlackboardSchool.Grade(member: member, score: score, needsGrading: score < 0)
            grade.changeIndex = school.nextChangeIndex()
            if score >= 0 { (grade.firstRelevant, grade.lastRelevant) = (submitted, graded) }
            school.columns[Int(column)].set(grade)
            school.add(
                BlackboardSchool.Attempt(
                    column: column,
                    member: member,
                    created: submitted.adding(seconds: -600),
                    attemptDate: submitted,
                    modified: graded,
                    score: score,
                    status: score < 0 ? .needsGrading : .completed
                )
            )
            school.members[Int(member)].reviewed += 1
            if submitted > school.members[Int(member)].lastAccessed {
                school.members[Int(member)].lastAccessed = submitted
                if submitted > school.users[Int(user)].lastLogin { school.users[Int(user)].lastLogin = submitted }
            }
        }
    }

    /// Who passed has reviewed everything by the end, whoever did not has something left.
    private mutating func readResults() throws {
        try OULADFile(named: "studentInfo", in: directory).forEachRow { row in
            guard let course = courseByKey[Self.key(row)], let student = row.integer("id_student"),
                let user = userByStudent[student], let member = memberByPair[Self.pair(user, course)]
            else { return }
            let reviewable = school.courses[Int(course)].reviewable
            let hasPassed = ["Pass", "Distinction"].contains(row.text("final_result"))
            let reviewed = school.members[Int(member)].reviewed
            school.members[Int(member)].reviewed = hasPassed ? reviewable : min(reviewed, max(reviewable - 1, 0))
        }
    }
}
