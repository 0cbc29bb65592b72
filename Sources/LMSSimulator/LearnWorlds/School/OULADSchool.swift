import NIOPosix

/// Builds a school from the Open University Learning Analytics Dataset (Kuzilek, Hlosta, Zdrahal, 2017; CC BY 4.0).
///
/// One course a module presentation, one learner a student, one membership a registration. A registration without a day
/// counts from the start of the presentation. Progress lists the units a learner has submitted and no others: naming all
/// 300 units of a course for all 32,593 memberships would make nine million rows that say nothing.
package struct OULADSchool {
    /// How much of an event log the data set gets; it has none of its own.
    package enum EventDetail: String, Sendable, CaseIterable {
        /// No events at all.
        case none
        /// `complete_course` and `award_certificate` for every certificate: 30,770 rows.
        case compact
        /// `register` and enrollments as well: about 92,000 rows.
        case full
    }

    private var school = School()
    private var courseByKey: [String: Int32] = [:]
    private var lengths: [Int] = []
    private var starts: [Instant] = []
    private var learnerByStudent: [Int: Int32] = [:]
    private var membershipByPair: [UInt64: Int32] = [:]
    private var results: [String?] = []
    private let directory: String
    private let presentations: Int
    private let events: EventDetail

    private init(directory: String, presentations: Int, events: EventDetail) {
        self.directory = directory
        self.presentations = presentations
        self.events = events
    }

    /// Reads the six files of `directory`.
    ///
    /// The work blocks for about a second and is done on a thread of its own.
    ///
    /// - Parameter presentations: So many module presentations at most, the first of the data set, with who registered for them.
    package static func load(
        directory: String,
        presentations: Int = .max,
        events: EventDetail = .compact
    ) async throws -> School {
        try await NIOThreadPool.singleton.runIfActive {
            var builder = OULADSchool(directory: directory, presentations: presentations, events: events)
            return try builder.build()
        }
    }

    private mutating func build() throws -> School {
        try readCourses()
        let assessments = try readUnits()
        try readRegistrations()
        try readPeople()
        try readSubmissions(assessments)
        finish()
        school.sortLists()
        school.nextNumber = 10_000_000
        return school
    }

    /// 1 February for presentations `B`, 1 October for `J`.
    private static func start(of presentation: String) -> Instant {
        let year = Int(presentation.prefix(4)) ?? 2013
        let newYear = [2013: 1_356_998_400, 2014: 1_388_534_400][year] ?? 1_356_998_400
        let days = presentation.hasSuffix("B") ? 31 : 273
        return Instant(seconds: Int64(newYear + days * 86_400))
    }

    private static func key(_ row: OULADFile.Row) -> String {
        (row.text("code_module") ?? "") + "-" + (row.text("code_presentation") ?? "")
    }

    private static func pair(_ learner: Int32, _ course: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: learner)) << 32 | UInt64(UInt32(bitPattern: course))
    }

    private mutating func readCourses() throws {
        try OULADFile(named: "courses", in: directory).forEachRow { row in
            guard courseByKey.count < presentations else { return }
            let key = Self.key(row)
            let presentation = row.text("code_presentation") ?? ""
            let module = row.text("code_module") ?? ""
            let start = Self.start(of: presentation)
            let length = row.integer("module_presentation_length") ?? 0
            var course = Course(
                slug: key,
                code: key.lowercased(),
                title: "Module \(module), presentation \(presentation)",
                label: presentation,
                categories: ["module \(module)"],
                access: .paid,
                createdAt: start.adding(seconds: -400 * 86_400),
                modifiedAt: start
            )
            course.description = "\(length) days"
            course.sections = [
                CourseSection(id: key + "_materials", title: "Materials", access: "paid"),
                CourseSection(id: key + "_assessments", title: "Assessments", access: "paid"),
            ]
            courseByKey[key] = school.add(course)
            lengths.append(length)
            starts.append(start)
        }
    }

    private mutating func readUnits() throws -> [Int: School.UnitAddress] {
        var places: [Int32: [Int]] = [:]
        func append(_ unit: CourseUnit, to course: Int32, of school: inout School) -> Int32 {
            var unit = unit
            places[course, default: [0, 0]][unit.section] += 1
            unit.place = places[course, default: [0, 0]][unit.section]
            let index = Int32(school.courses[Int(course)].units.count)
            school.courses[Int(course)].units.append(unit)
            if let id = unit.id { school.unitByID[id] = School.UnitAddress(course: course, unit: index) }
            return index
        }
        try OULADFile(named: "vle", in: directory).forEachRow { row in
            let key = Self.key(row)
            guard let course = courseByKey[key], let site = row.text("id_site") else { return }
            let type = row.text("activity_type") ?? "resource"
            let unit = CourseUnit(id: key + "_" + site, type: type, title: "\(type) \(site)", section: 0, place: 0)
            _ = append(unit, to: course, of: &school)
        }
        var addresses: [Int: School.UnitAddress] = [:]
        try OULADFile(named: "assessments", in: directory).forEachRow { row in
            guard let course = courseByKey[Self.key(row)], let number = row.integer("id_assessment") else { return }
            let unit = CourseUnit(
                id: ObjectID.text(.unit, UInt64(number)),
                type: CourseUnit.assessmentType,
                title: "\(row.text("assessment_type") ?? "Exam") \(number)",
                section: 1,
                place: 0
            )
            addresses[number] = School.UnitAddress(course: course, unit: append(unit, to: course, of: &school))
        }
        return addresses
    }

    private mutating func readRegistrations() throws {
        try OULADFile(named: "studentRegistration", in: directory).forEachRow { row in
            guard let course = courseByKey[Self.key(row)], let student = row.integer("id_student") else { return }
            let start = starts[Int(course)]
            // The data set knows days; the time of day is made up from the student's number, so that rows differ.
            let clock = Int64(RandomSource.mix(UInt64(student)) % 86_399_000_000)
            let day = Int64(row.integer("date_registration") ?? 0)
            let enrolled = start.adding(microseconds: day * Instant.day + clock)
            let learner =
                learnerByStudent[student]
                ?? school.add(
                    Learner(
                        number: UInt64(student),
                        username: "learner\(student)",
                        email: "learner\(student)@example.org",
                        firstName: "Learner",
                        lastName: "\(student)",
                        createdAt: enrolled
                    )
                )
            learnerByStudent[student] = learner
            if enrolled < school.learners[Int(learner)].createdAt { school.learners[Int(learner)].createdAt = enrolled }
            var membership = Membership(learner: learner, course: course, enrolledAt: enrolled)
            if let end = row.integer("date_unregistration") {
                membership.expiresAt = start.adding(microseconds: Int64(end) * Instant.day + Instant.day - 1)
            }
            membershipByPair[Self.pair(learner, course)] = school.add(membership)
        }
        results = Array(repeating: nil, count: school.memberships.count)
    }

    private mutating func readPeople() throws {
        try OULADFile(named: "studentInfo", in: directory).forEachRow { row in
            guard let course = courseByKey[Self.key(row)], let student = row.integer("id_student"),
                let learner = learnerByStudent[student],
                let membership = membershipByPair[Self.pair(learner, course)]
            else { return }
            results[Int(membership)] = row.text("final_result")
            guard school.learners[Int(learner)].fields.isEmpty else { return }
            func text(_ column: String) -> Learner.FieldValue { row.text(column).map { .text($0) } ?? .null }
            school.learners[Int(learner)].fields = [
                .init(key: "cf_gender", value: text("gender")),
                .init(key: "cf_region", value: text("region")),
                .init(key: "cf_highest_education", value: text("highest_education")),
                .init(key: "cf_imd_band", value: text("imd_band")),
                .init(key: "cf_age_band", value: text("age_band")),
                .init(key: "cf_disability", value: .flag(row.text("disability") == "Y")),
                .init(key: "cf_studied_credits", value: .number(row.integer("studied_credits") ?? 0)),
            ]
        }
    }

    private mutating func readSubmissions(_ assessments: [Int: School.UnitAddress]) throws {
        var number: UInt64 = 1
        try OULADFile(named: "studentAssessment", in: directory).forEachRow { row in
            guard let assessment = row.integer("id_assessment"), let unit = assessments[assessment],
                let student = row.integer("id_student"), let learner = learnerByStudent[student]
            else { return }
            let day = Int64(row.integer("date_submitted") ?? 0)
            let clock = Int64(RandomSource.mix(UInt64(student) &* 31 &+ UInt64(assessment)) % 86_399_000_000)
            let submitted = starts[Int(unit.course)].adding(microseconds: day * Instant.day + clock)
            let score = row.integer("score")
            school.add(
                Submission(
                    number: number,
                    learner: learner,
                    course: unit.course,
                    unit: unit.unit,
                    grade: score.map { Int32($0 * 100) } ?? -1,
                    createdAt: submitted.adding(seconds: -600),
                    modifiedAt: submitted.adding(seconds: 86_400),
                    submittedAt: submitted
                )
            )
            number += 1
            guard let membership = membershipByPair[Self.pair(learner, unit.course)] else { return }
            school.memberships[Int(membership)].units.append(
                UnitState(
                    unit: unit.unit,
                    seconds: 3600,
                    score: Int16(score ?? -1),
                    rate: 100,
                    status: .completed
                )
            )
        }
    }

    private mutating func finish() {
        for index in school.memberships.indices {
            var membership = school.memberships[index]
            let course = Int(membership.course)
            membership.recount(units: school.courses[course].units)
            let end = starts[course].adding(microseconds: Int64(lengths[course]) * Instant.day)
            membership.status = .notCompleted
            if results[index] == "Pass" || results[index] == "Distinction" {
                membership.status = .completed
                membership.completedUnits = membership.totalUnits
                membership.rate = 10_000
                // Not all at one instant: seconds apart, by membership.
                membership.completedAt = end.adding(seconds: Int64(index))
                school.add(
                    Certificate(
                        number: UInt64(index + 1),
                        learner: membership.learner,
                        course: membership.course,
                        title: "Certificate of \(school.courses[course].slug)",
                        issuedAt: membership.completedAt.adding(microseconds: 750_000),
                        score: results[index] == "Pass" ? "OK" : "Distinction"
                    )
                )
            }
            school.memberships[index] = membership
            let seen = max(
                membership.enrolledAt,
                membership.completedAt.isNone ? membership.enrolledAt : membership.completedAt
            )
            let learner = Int(membership.learner)
            school.learners[learner].lastLoginAt = max(
                school.learners[learner].lastLoginAt,
                seen.adding(seconds: 86_400)
            )
            addEvents(of: membership)
        }
        guard events == .full else { return }
        for index in school.learners.indices {
            school.events.append(
                Event(
                    createdAt: school.learners[index].createdAt,
                    learner: Int32(index),
                    course: -1,
                    activity: Activity.index("register")
                )
            )
        }
    }

    private mutating func addEvents(of membership: Membership) {
        func add(_ activity: String, at moment: Instant) {
            school.events.append(
                Event(
                    createdAt: moment,
                    learner: membership.learner,
                    course: membership.course,
                    activity: Activity.index(activity)
                )
            )
        }
        if events == .full { add("enrollment", at: membership.enrolledAt) }
        guard events != .none, membership.status == .completed else { return }
        add("complete_course", at: membership.completedAt)
        add("award_certificate", at: membership.completedAt.adding(microseconds: 750_000))
    }
}
