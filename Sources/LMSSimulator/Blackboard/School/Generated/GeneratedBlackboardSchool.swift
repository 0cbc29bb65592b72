/// Builds a Learn site of any size from a seed; the same shape and seed give the same site.
///
/// Everything happened before the clock's start, 2026-01-05: half of the terms are long over, the others run, so that some
/// courses are live (Sources/Platforms/Blackboard/README.md §5) and some are not, and some columns are due about now.
package struct GeneratedBlackboardSchool {
    static let now = Instant(seconds: 1_767_600_000)

    let shape: Shape
    var random: RandomSource
    var school = BlackboardSchool()
    private var teachers: [Int32] = []
    private var students: [Int32] = []

    private init(_ shape: Shape, seed: UInt64) {
        self.shape = shape
        random = RandomSource(seed: seed)
    }

    /// Makes the site.
    package static func make(_ shape: Shape = Shape(), seed: UInt64 = 1) -> BlackboardSchool {
        var builder = GeneratedBlackboardSchool(shape, seed: seed)
        builder.build()
        return builder.school
    }

    private mutating func build() {
        makeTerms()
        for index in 0..<max(shape.courses / 2, 2) { teachers.append(makeTeacher(index)) }
        for index in 0..<shape.learners { students.append(makeStudent(index)) }
        let (preview, admin) = makeGuests()
        for index in 0..<shape.courses { makeCourse(index, preview: preview, admin: admin) }
        for index in 0..<shape.organizations { makeOrganization(index) }
        for index in 0..<shape.archivedCourses { archiveCourse(index) }
        for index in school.members.indices { school.recompute(Int32(index)) }
        school.sortLists()
        school.nextNumber = 100_000
    }

    /// So many days before now, at a random time of the day.
    mutating func moment(daysAgo days: Int) -> Instant {
        Self.now.adding(microseconds: -Int64(days) * Instant.day - Int64(random.below(80_000_000)) * 1000)
    }

    // MARK: terms

    private mutating func makeTerms() {
        for index in 0..<shape.terms {
            // Half-years backwards from the running one; the last term has no end.
            let age = shape.terms / 2 - index
            let start = Self.now.adding(microseconds: -Int64(age * 182 + 100) * Instant.day)
            let midnight = Instant(microseconds: start.microseconds / Instant.day * Instant.day)
            school.terms.append(
                BlackboardSchool.Term(
                    externalID: "TERM-\(index + 1)",
                    name: "Term \(index + 1) & exams",
                    isAvailable: index % 5 != 4,
                    duration: index == shape.terms - 1
                        ? .continuous
                        : .dateRange(
                            start: midnight,
                            end: midnight.adding(microseconds: 182 * Instant.day - Instant.second)
                        )
                )
            )
        }
    }

    // MARK: people

    private mutating func makeTeacher(_ index: Int) -> Int32 {
        let created = moment(daysAgo: 900 + random.below(100))
        return school.add(
            BlackboardSchool.User(
                userName: "teacher\(index + 1)",
                externalID: "F\(20_000 + index)",
                given: Vocabulary.firstNames[random.below(Vocabulary.firstNames.count)],
                family: Vocabulary.lastNames[random.below(Vocabulary.lastNames.count)],
                email: "teacher\(index + 1)@example.org",
                roles: index % 3 == 0 ? ["FACULTY", "STAFF"] : ["FACULTY"],
                department: "Department \(index % 4 + 1)",
                jobTitle: "Lecturer",
                company: nil,
                created: created,
                modified: created,
                lastLogin: moment(daysAgo: 1 + random.below(20))
            )
        )
    }

    private mutating func makeStudent(_ index: Int) -> Int32 {
        let created = moment(daysAgo: 200 + random.below(600))
        var user = BlackboardSchool.User(
            userName: "student\(index + 1)",
            externalID: "E\(10_000 + index)",
            studentID: index % 4 == 3 ? nil : "E\(10_000 + index)",
            given: Vocabulary.firstNames[random.below(Vocabulary.firstNames.count)],
            family: Vocabulary.lastNames[random.below(Vocabulary.lastNames.count)],
            created: created,
            modified: random.chance(0.5) ? created : moment(daysAgo: 20 + random.below(150))
        )
        let address = "student\(index + 1)@example.org"
        if index % 7 == 6 { user.institutionEmail = address } else { user.email = address }
        if index % 25 == 24 { user.roles = ["ALUMNI"] }
        if index % 9 == 8 { user.roles.append("LIBRARY") }
        if index % 11 == 10 { user.company = "Plant \(index % 5 + 1)" }
        user.availability = index % 30 == 29 ? .no : index % 41 == 40 ? .disabled : .yes
        if !random.chance(0.1) { user.lastLogin = moment(daysAgo: 1 + random.below(60)) }
        return school.add(user)
    }

    private mutating func makeGuests() -> (preview: Int32, admin: Int32) {
        let created = moment(daysAgo: 400)
        var preview = BlackboardSchool.User(
            userName: "teacher1_previewuser",
            externalID: "teacher1_previewuser",
            given: "Preview",
            family: "User",
            created: created,
            modified: created
        )
        preview.lastLogin = moment(daysAgo: 30)
        let admin = BlackboardSchool.User(
            userName: "administrator",
            externalID: "administrator",
            given: "Site",
            family: "Administrator",
            created: created,
            modified: created,
            isSystemAdmin: true
        )
        return (school.add(preview), school.add(admin))
    }

    // MARK: courses

    private mutating func makeCourse(_ index: Int, preview: Int32, admin: Int32) {
        let term = shape.terms == 0 ? -1 : Int32(index % shape.terms)
        let created = moment(daysAgo: 150 + random.below(40))
        let subject = Vocabulary.subjects[index % Vocabulary.subjects.count]
        var course = BlackboardSchool.Course(
            code: "COURSE-\(100 + index)",
            name: "\(subject) \(index + 1)",
            description: index % 3 == 0 ? nil : "All about \(subject).",
            created: created,
            modified: random.chance(0.5) ? created : moment(daysAgo: 20 + random.below(100)),
            isUltra: index % 4 != 3,
            isClosed: index % 17 == 16,
            term: term
        )
        course.reviewable = [4, 5, 8, 10, 16, 20, 25, 0][index % 8]
        switch index % 6 {
        case 0, 3: (course.availability, course.duration) = (.term, .useTerm)
        case 1: (course.availability, course.duration) = (.yes, .continuous)
        case 2:
            let start = Instant(microseconds: created.microseconds / Instant.day * Instant.day)
            course.duration = .dateRange(start: start, end: start.adding(microseconds: 400 * Instant.day))
        case 4: course.duration = .fixedDays(90)
        default: course.availability = index % 12 == 5 ? .no : .yes
        }
        if index % 13 == 12 { course.availability = .disabled }
        let parent = school.add(course)
        school.addCategories(["Test", "Assignment", "Discussion"], to: parent)
        let children = random.chance(shape.mergedShare) ? (0..<2).map { makeChild($0, of: parent, course) } : []
        makeColumns(of: parent, hasHidden: index < shape.hiddenColumns, hasAnonymous: index < shape.anonymousColumns)
        makeRoster(of: parent, number: index, children: children)
        if index < shape.coursesWithGuests {
            add(preview, to: parent, role: .student)
            add(admin, to: parent, role: .instructor)
        }
    }

    private mutating func makeChild(
        _ place: Int,
        of parent: Int32,
        _ course: BlackboardSchool.Course
    ) -> Int32 {
        var child = course
        child.code += "-S\(place + 1)"
        child.name += ", section \(place + 1)"
        child.parent = parent
        child.reviewable = 0
        if shape.mergedElsewhere { child.dataSource = BlackboardSite.archive }
        return school.add(child)
    }

    private mutating func archiveCourse(_ index: Int) {
        let created = moment(daysAgo: 3_600 + index % 1_000)
        var course = BlackboardSchool.Course(
            code: "OLD-\(index + 1)",
            name: "Old course \(index + 1)",
            created: created,
            modified: created,
            term: shape.terms == 0 ? -1 : 0
        )
        course.availability = .disabled
        course.dataSource = BlackboardSite.archive
        _ = school.add(course)
    }

    private mutating func makeOrganization(_ index: Int) {
        let created = moment(daysAgo: 500)
        let organization = school.add(
            BlackboardSchool.Course(
                code: "ORG-\(index + 1)",
                name: "Chess club \(index + 1)",
                created: created,
                modified: created,
                isOrganization: true
            )
        )
        if let student = students.first { add(student, to: organization, role: .student) }
    }

    private mutating func makeRoster(of course: Int32, number: Int, children: [Int32]) {
        add(teachers[number % teachers.count], to: course, role: .instructor)
        if number % 3 == 1 { add(teachers[(number + 1) % teachers.count], to: course, role: .assistant) }
        if number % 3 == 2 { add(teachers[(number + 1) % teachers.count], to: course, role: .builder) }
        let count = min(shape.membersPerCourse, students.count)
        for place in 0..<count {
            let student = students[(number * shape.membersPerCourse + place) % students.count]
            // A third of a merged course's learners sits in the parent itself.
            let child = children.isEmpty || place % 3 == 0 ? -1 : children[place % children.count]
            let member = add(student, to: course, role: .student, child: child)
            makeGrades(of: member)
        }
    }

    @discardableResult
    private mutating func add(
        _ user: Int32,
        to course: Int32,
        role: BlackboardSchool.Member.Role,
        child: Int32 = -1
    ) -> Int32 {
        let created = moment(daysAgo: 60 + random.below(60))
        var member = BlackboardSchool.Member(
            user: user,
            course: course,
            child: child,
            role: role,
            created: created,
            modified: random.chance(0.7) ? created : moment(daysAgo: 15 + random.below(40))
        )
        if role == .student, random.chance(shape.disabledShare) {
            member.availability = .disabled
        } else if role == .student, random.chance(0.02) {
            member.availability = .no
        }
        if random.chance(0.85) {
            member.lastAccessed = moment(daysAgo: 1 + random.below(50))
            let reviewable = Int(school.courses[Int(course)].reviewable)
            member.reviewed = Int32(random.chance(0.15) ? reviewable : random.below(reviewable + 1))
        }
        return school.add(member)
    }
}
