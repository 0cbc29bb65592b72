/// Builds a MATRIX school of any size from a seed; the same shape and seed give the same school.
package struct GeneratedMatrixSchool {
    /// The latest moment in a generated school: everything happened before 2026-01-01T00:00:00Z.
    package static let end = GeneratedSchool.end
    /// The first account is three years older.
    static let start = GeneratedSchool.start

    let shape: MatrixShape
    var random: RandomSource
    var school = MatrixSchool()
    private var teachers: [Int32] = []
    private var students: [Int32] = []

    /// Makes the school.
    package static func make(_ shape: MatrixShape = MatrixShape(), seed: UInt64 = 1) -> MatrixSchool {
        var builder = GeneratedMatrixSchool(shape, seed: seed)
        builder.build()
        return builder.school
    }

    private init(_ shape: MatrixShape, seed: UInt64) {
        self.shape = shape
        random = RandomSource(seed: seed)
    }

    private mutating func build() {
        for index in 0..<shape.organizations {
            school.add(
                MatrixOrganization(
                    id: 71 + index,
                    name: "Plant \(index + 1) & offices",
                    description: index % 2 == 0 ? nil : "Site number \(index + 1)",
                    isInternal: index % 3 != 2
                )
            )
        }
        school.users.reserveCapacity(shape.users)
        for index in 0..<shape.users { makeUser(index) }
        for index in 0..<shape.classes { makeClass(index) }
        school.nextID = 900_000_000
    }

    private mutating func makeUser(_ index: Int) {
        let first = Vocabulary.firstNames[random.below(Vocabulary.firstNames.count)]
        let last = Vocabulary.lastNames[random.below(Vocabulary.lastNames.count)]
        let joined = random.instant(from: Self.start, to: Self.end.adding(seconds: -400 * 86_400))
        let isTeacher = index == 1 || random.chance(shape.teacherShare)
        var roles: MatrixUser.Roles = isTeacher ? .teacher : .student
        if index == 0 { roles = [.administrator, .teacher] }
        if index % 50 == 7 { roles.insert(.manager) }
        if index % 50 == 13 { roles.insert(.monitor) }
        if index % 50 == 21 { roles.insert(.assistant) }
        if index % 50 == 33 { roles.insert(.parent) }
        var user = MatrixUser(
            id: 900_001 + index,
            userid: "user.\(index + 1)",
            firstName: first,
            lastName: last,
            email: index % 40 == 39 ? nil : "user\(index + 1)@example.test",
            roles: roles,
            studentID: isTeacher || index % 10 == 9 ? nil : "S-\(1000 + index)",
            teacherID: isTeacher ? "T-\(1000 + index)" : nil,
            organization: shape.organizations > 0 && index % 5 != 4 ? Int32(random.below(shape.organizations)) : -1,
            joinedAt: joined
        )
        user.jobTitleID = index % 3 == 0 ? 5 + index % 7 : nil
        user.yearOfGraduation = index % 11 == 0 ? 2027 : nil
        user.fields = [MatrixField(name: "Cost centre", value: index % 4 == 0 ? nil : "CC-\(index % 30)")]
        if index < 2 || !random.chance(shape.neverActiveShare) { addLogins(to: &user) }
        if index > 1, random.chance(shape.archivedShare) {
            user.isArchived = true
            user.archivedAt = Self.end.adding(seconds: -Int64(random.below(30 * 86_400)))
        }
        let place = school.add(user)
        if isTeacher || index == 0 { teachers.append(place) } else { students.append(place) }
    }

    private mutating func addLogins(to user: inout MatrixUser) {
        user.firstLoginAt = random.instant(from: user.joinedAt, to: user.joinedAt.adding(seconds: 20 * 86_400))
        user.logins = 1 + random.below(60)
        user.lastLoginAt = random.instant(from: user.firstLoginAt, to: Self.end)
        var at = Self.end.adding(seconds: -26 * 86_400)
        for _ in 0..<random.below(2 * shape.sessionsPerUser + 1) {
            at = random.instant(from: at, to: at.adding(seconds: 4 * 86_400))
            guard at < Self.end else { break }
            user.sessions.append(
                MatrixSession(
                    loginAt: at,
                    logoutAt: random.chance(0.2) ? .none : at.adding(seconds: 600 + Int64(random.below(5400)))
                )
            )
            user.lastLoginAt = at
            user.logins += 1
        }
    }

    private mutating func makeClass(_ index: Int) {
        let subject = Vocabulary.subjects[index % Vocabulary.subjects.count]
        let active = Int((Double(shape.classes) * shape.activeShare).rounded())
        var course = MatrixClass(id: 501 + index, name: "\(subject) \(index + 1)")
        course.description = index % 4 == 1 ? nil : "What everybody should know about \(subject.lowercased())."
        course.style = [MatrixClass.selfPaced, "Instructor", "Blended"][index % 3]
        course.code = index % 6 == 5 ? nil : "C-\(index + 1)"
        course.section = index % 3 == 1 ? "S\(index % 4)" : nil
        course.semester = index % 3 == 1 ? "Autumn" : nil
        course.category = index % 5 == 4 ? nil : Vocabulary.categories[index % Vocabulary.categories.count]
        course.isInCatalog = index % 4 != 3
        course.credits = index % 4 == 0 ? 2 : nil
        course.weightsByCategory = index % 4 == 2
        course.grademap = MatrixClass.letters
        course.fields = [MatrixField(name: "Department", value: "Department \(index % 5)")]
        let opens = random.instant(from: Self.start, to: Self.end.adding(seconds: -360 * 86_400))
        if !course.isSelfPaced { (course.start, course.finish) = (opens, opens.adding(seconds: 300 * 86_400)) }
        if !course.isSelfPaced {
            course.times = [
                .init(day: "Tue", from: "15:15", to: "17:30", location: "Room \(101 + index)"),
                .init(day: "Wed", from: "16:0", to: "18:0", location: "Plant & yard"),
            ]
        }
        course.isTemplate = index < shape.templates
        course.isArchived = index >= active
        if index > shape.templates, index % 8 == 7 { course.parent = Int32(index - 1) }
        if random.chance(shape.periodsShare) {
            course.periods = [
                .init(name: "First half", percent: 40, start: opens),
                .init(name: "Second half", percent: 60, start: opens.adding(seconds: 150 * 86_400)),
            ]
        }
        addAssignments(to: &course, index: index, opens: opens)
        if random.chance(shape.certificateShare) {
            course.certificates = [
                school.add(
                    MatrixCertificate(
                        id: 31 + school.certificates.count,
                        name: "\(subject) permit",
                        description: index % 2 == 0 ? "Valid on all sites" : nil,
                        duration: [nil, "2 years", "6 months", "90 days", "2 weeks", "until revoked"][index % 6]
                    )
                )
            ]
        }
        if !course.isTemplate {
            addTeachers(to: &course)
            addLearners(to: &course, opens: opens)
        }
        school.add(course)
    }

    private mutating func addAssignments(to course: inout MatrixClass, index: Int, opens: Instant) {
        for place in 0..<shape.assignmentsPerClass {
            let number = index * shape.assignmentsPerClass + place
            var assignment = MatrixAssignment(
                id: 600_001 + number,
                name: place == 0 ? "Quiz & warm-up \(number)" : "Assignment \(number)",
                type: ["Quiz", "Freeform", "Discussion", "Offline"][place % 4],
                points: [2000, 1000, 10_000, 1250][place % 4],
                category: course.weightsByCategory ? ["Tests", "Practice"][place % 2] : nil,
                grading: place % 9 == 5
                    ? .extraCredit : place % 9 == 7 ? .ignore : place % 9 == 8 ? .notGraded : .normal,
                weight: course.weightsByCategory ? 2500 + place * 50 : nil
            )
            assignment.begin = opens.adding(seconds: Int64(place) * 7 * 86_400)
            assignment.end = assignment.begin.adding(seconds: 7 * 86_400)
            assignment.isGiven = place % 6 != 4
            assignment.lesson = place % 2 == 0 ? 7001 + number : nil
            assignment.gatewayThreshold = place % 4 == 0 ? 7000 + index % 5 * 250 : nil
            assignment.period = course.periods.isEmpty ? 0 : place % 2
            course.assignments.append(assignment)
        }
    }

    private mutating func addTeachers(to course: inout MatrixClass) {
        guard !teachers.isEmpty else { return }
        let first = random.below(teachers.count)
        for place in 0..<min(shape.teachersPerClass, teachers.count) {
            course.teachers.append(
                .init(user: teachers[(first + place) % teachers.count], isCoteacher: place > 0)
            )
        }
    }

    private mutating func addLearners(to course: inout MatrixClass, opens: Instant) {
        guard !students.isEmpty else { return }
        let spread = shape.learnersPerClass / 4
        let wanted = shape.learnersPerClass - spread + random.below(2 * spread + 1)
        let first = random.below(students.count)
        for place in 0..<min(max(wanted, 0), students.count) {
            course.enrollments.append(
                enrollment(of: students[(first + place) % students.count], in: course, opens: opens)
            )
        }
    }
}
