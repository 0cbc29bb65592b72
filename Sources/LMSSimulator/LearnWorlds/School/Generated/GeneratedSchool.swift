/// Builds a school of any size from a seed; the same shape and seed give the same school.
package struct GeneratedSchool {
    /// The latest moment in a generated school: everything happened before 2026-01-01T00:00:00Z.
    package static let end = Instant(seconds: 1_767_225_600)
    /// The first course is three years older.
    static let start = end.adding(seconds: -span)
    private static let span: Int64 = 1_096 * 86_400
    private var start: Instant { end.adding(seconds: -Self.span) }

    private let end: Instant
    private let shape: Shape
    private var random: RandomSource
    private var school = School()
    private var number: UInt64 = 1

    private init(_ shape: Shape, seed: UInt64, end: Instant) {
        self.end = end
        self.shape = shape
        random = RandomSource(seed: seed)
    }

    /// Makes the school.
    ///
    /// - Parameter end: Everything happened before; a school whose clock stands earlier needs an earlier one.
    package static func make(_ shape: Shape = Shape(), seed: UInt64 = 1, end: Instant = Self.end) -> School {
        var builder = GeneratedSchool(shape, seed: seed, end: end)
        builder.build()
        return builder.school
    }

    private mutating func build() {
        for index in 0..<shape.courses { makeCourse(index) }
        school.learners.reserveCapacity(shape.learners)
        for index in 0..<shape.learners { makeLearner(index) }
        school.sortLists()
        school.nextNumber = 1_000_000_000
    }

    private mutating func makeCourse(_ index: Int) {
        let subject = Vocabulary.subjects[index % Vocabulary.subjects.count]
        let created = random.instant(from: start, to: start.adding(seconds: 180 * 86_400))
        let slug = "course-\(index + 1)"
        var course = Course(
            slug: slug,
            code: index % 4 == 3 ? nil : "c-\(1000 + index)",
            title: "\(subject) \(index + 1)",
            description: index % 3 == 0 ? nil : "All about \(subject).",
            label: index % 2 == 0 ? "2025" : nil,
            categories: index % 5 == 4 ? nil : [Vocabulary.categories[index % Vocabulary.categories.count], "all"],
            access: [.paid, .isPrivate, .free, .paid, .draft, .comingSoon, .enrollmentClosed][index % 7],
            expires: index % 3 == 1 ? 12 : nil,
            expiresType: "months",
            finalPrice: index % 4 * 2550,
            createdAt: created,
            modifiedAt: index % 2 == 0 ? Instant(seconds: created.microseconds / 1_000_000) : created
        )
        course.sections = [
            CourseSection(id: slug + "_intro", title: "Intro & welcome", access: "free"),
            CourseSection(id: slug + "_main", title: "Main part", access: course.access.rawValue),
        ]
        for place in 0..<shape.unitsPerCourse {
            course.units.append(makeUnit(place, course: index, slug: slug))
        }
        if index < shape.unlistedAssessments {
            course.units.append(
                CourseUnit(
                    id: ObjectID.text(.unit, UInt64(index + 1) << 16 | 0xffff),
                    type: CourseUnit.assessmentType,
                    title: "Withdrawn test",
                    section: 1,
                    place: 0,
                    isListed: false
                )
            )
        }
        _ = school.add(course)
    }

    private func makeUnit(_ place: Int, course: Int, slug: String) -> CourseUnit {
        let isAssessment = place >= shape.unitsPerCourse - shape.assessmentsPerCourse
        let introCount = shape.unitsPerCourse / 2
        let section = place < introCount ? 0 : 1
        let type =
            isAssessment
            ? CourseUnit.assessmentType : Vocabulary.unitTypes[(course + place) % Vocabulary.unitTypes.count]
        var id: String? = ObjectID.text(.unit, UInt64(course + 1) << 16 | UInt64(place))
        if place == 1, !isAssessment { id = shape.hasNullUnitIDs ? nil : "\(slug)_\(1000 + place)" }
        return CourseUnit(
            id: id,
            type: type,
            title: isAssessment ? "Test \(place + 1)" : "Unit \(place + 1) & more",
            section: section,
            place: section == 0 ? place + 1 : place - introCount + 1
        )
    }

    private mutating func makeLearner(_ index: Int) {
        let first = Vocabulary.firstNames[random.below(Vocabulary.firstNames.count)]
        let last = Vocabulary.lastNames[random.below(Vocabulary.lastNames.count)]
        let created = random.instant(
            from: start.adding(seconds: 200 * 86_400),
            to: end.adding(seconds: -60 * 86_400)
        )
        var learner = Learner(
            number: UInt64(index + 1),
            username: "\(first) \(index + 1)",
            email: "learner\(index + 1)@example.org",
            firstName: first,
            lastName: index % 40 == 39 ? nil : last,
            createdAt: created
        )
        learner.role = index % 50 == 49 ? Learner.Role.allCases[1 + index / 50 % 4] : .user
        learner.customRole = index % 17 == 4 ? "Shift lead & safety" : nil
        learner.isSuspended = random.chance(shape.suspendedShare)
        learner.tags = index % 9 == 8 ? nil : index % 3 == 0 ? [] : [Vocabulary.tags[index % Vocabulary.tags.count]]
        learner.fields = [
            .init(key: "company", value: .text("Plant \(index % 20 + 1)")),
            .init(key: "cf_badge", value: .text("A-\(index + 1)")),
            .init(key: "cf_forklift", value: index % 6 == 5 ? .null : .flag(index % 2 == 0)),
            .init(key: "cf_grade", value: .number(index % 12)),
        ]
        let isActive = !random.chance(shape.neverActiveShare)
        if isActive { learner.lastLoginAt = random.instant(from: created, to: end) }
        let learnerIndex = school.add(learner)
        addEvent("register", at: created, learner: learnerIndex)
        // Half of those who never came were not enrolled in anything either.
        guard isActive || index % 2 == 0 else { return }
        enroll(learnerIndex, isActive: isActive, since: created)
        guard isActive else { return }
        let extra = shape.eventsPerLearner - 1
        let further = Int(extra) + (random.chance(extra - extra.rounded(.down)) ? 1 : 0)
        for place in 0..<max(further, 0) {
            let moment = random.instant(from: created, to: end)
            let memberships = school.learners[Int(learnerIndex)].memberships
            let course =
                memberships.isEmpty || place % 3 == 2
                ? -1 : school.memberships[Int(memberships[place % memberships.count])].course
            addEvent(course < 0 ? "login" : "visit_course", at: moment, learner: learnerIndex, course: course)
        }
    }

    private mutating func enroll(_ learner: Int32, isActive: Bool, since created: Instant) {
        let whole = shape.enrollmentsPerLearner.rounded(.down)
        var wanted = Int(whole) + (random.chance(shape.enrollmentsPerLearner - whole) ? 1 : 0)
        // Some have one more and some one less, so that lists differ in length.
        let drift = random.below(3) - 1
        wanted = min(max(wanted + drift, isActive ? 1 : 0), shape.courses)
        guard wanted > 0 else { return }
        let first = random.below(shape.courses)
        for step in 0..<wanted {
            let course = Int32((first + step * 7) % shape.courses)
            let isTaken = school.learners[Int(learner)].memberships.contains {
                school.memberships[Int($0)].course == course
            }
            if isTaken { continue }
            makeMembership(learner, in: course, isActive: isActive, since: created)
        }
    }

    private mutating func makeMembership(_ learner: Int32, in course: Int32, isActive: Bool, since created: Instant) {
        let enrolled = random.instant(from: created, to: end.adding(seconds: -30 * 86_400))
        var membership = Membership(learner: learner, course: course, enrolledAt: enrolled)
        if isActive {
            // The never-active keep access without an end: a baseline finds them by the roster alone.
            if random.chance(shape.expiredShare) {
                membership.expiresAt = random.instant(from: enrolled.adding(seconds: 86_400), to: end)
            } else if random.chance(0.3) {
                membership.expiresAt = end.adding(seconds: Int64(90 + random.below(400)) * 86_400)
            }
        }
        addEvent("manual_enrollment", at: enrolled, learner: learner, course: course)
        let units = school.courses[Int(course)].units
        let isCompleted = isActive && random.chance(shape.certificateShare / (1 - shape.neverActiveShare))
        for (place, unit) in units.enumerated() where unit.isListed {
            var state = UnitState(unit: Int32(place))
            if isActive, isCompleted || random.chance(0.4) {
                state.status = .completed
                state.rate = 100
                state.seconds = Int32(60 + random.below(900))
            }
            membership.units.append(state)
        }
        if isActive { makeSubmissions(for: &membership, units: units) }
        if isCompleted { membership.status = .completed }
        membership.recount(units: units)
        if isCompleted { complete(&membership) }
        school.add(membership)
    }

    private mutating func makeSubmissions(for membership: inout Membership, units: [CourseUnit]) {
        let tests = units.indices.filter { units[$0].isAssessment }
        guard !tests.isEmpty else { return }
        let whole = shape.gradesPerEnrollment.rounded(.down)
        let count = Int(whole) + (random.chance(shape.gradesPerEnrollment - whole) ? 1 : 0)
        for step in 0..<count {
            let unit = tests[step % tests.count]
            let submitted = random.instant(from: membership.enrolledAt, to: end)
            let grade = random.chance(shape.ungradedShare) ? -1 : Int32(random.below(10_001))
            school.add(
                Submission(
                    number: nextNumber(),
                    learner: membership.learner,
                    course: membership.course,
                    unit: Int32(unit),
                    grade: grade,
                    createdAt: submitted.adding(seconds: -600),
                    modifiedAt: submitted.adding(seconds: 60),
                    submittedAt: submitted
                )
            )
            guard let place = membership.units.firstIndex(where: { Int($0.unit) == unit }) else { continue }
            membership.units[place].score = grade < 0 ? -1 : Int16(grade / 100)
            membership.units[place].rate = 100
            membership.units[place].status = .completed
            membership.units[place].seconds = max(membership.units[place].seconds, Int32(120 + random.below(1800)))
        }
    }

    private mutating func complete(_ membership: inout Membership) {
        let done = random.instant(from: membership.enrolledAt, to: end)
        membership.completedAt = done
        addEvent("complete_course", at: done, learner: membership.learner, course: membership.course)
        let awarded = done.adding(microseconds: 800_000)
        school.add(
            Certificate(
                number: nextNumber(),
                learner: membership.learner,
                course: membership.course,
                title: school.courses[Int(membership.course)].title + " Certificate",
                isCompletion: membership.learner % 8 != 0,
                issuedAt: awarded,
                expiresAt: membership.course % 4 == 0 ? awarded.adding(seconds: 365 * 86_400) : .none,
                isRevoked: random.chance(0.01)
            )
        )
        addEvent("award_certificate", at: awarded, learner: membership.learner, course: membership.course)
    }

    private mutating func nextNumber() -> UInt64 {
        defer { number += 1 }
        return number
    }

    private mutating func addEvent(_ activity: String, at moment: Instant, learner: Int32, course: Int32 = -1) {
        school.events.append(
            Event(
                createdAt: moment,
                learner: learner,
                course: course,
                activity: Activity.index(activity),
                hasBareCourse: course >= 0 && learner % 16 == 7
            )
        )
    }
}
