/// Changes of who is in a class: administrators, SIS and catalogue make them, and none moves a login of somebody whom the
/// class is known to have.
extension MatrixChange {
    mutating func enrollment() -> ChangeRecord? {
        guard let course = pickClass() else { return nil }
        let known = Set(school.classes[course].enrollments.map(\.user))
        guard let user = pickUser(where: { $0.roles.contains(.student) && !$0.isArchived }).map(Int32.init),
            !known.contains(user)
        else { return nil }
        let methods: [MatrixEnrollment.Method] = [.direct, .sis, .api, .catalog]
        school.classes[course].enrollments.append(
            MatrixEnrollment(user: user, method: methods[random.below(methods.count)], enrolledAt: moment)
        )
        return record(.enrollment, user: user, course: course)
    }

    mutating func reenrollment() -> ChangeRecord? {
        for _ in 0..<20 {
            guard let course = pickClass(where: { $0.enrollments.contains { $0.isUnenrolled } }) else { return nil }
            let found = pick(below: school.classes[course].enrollments.count) { school, place in
                let enrollment = school.classes[course].enrollments[place]
                return enrollment.isUnenrolled && !school.users[Int(enrollment.user)].isDeleted
            }
            guard let place = found else { continue }
            let user = school.classes[course].enrollments[place].user
            school.classes[course].enrollments[place].isUnenrolled = false
            school.classes[course].enrollments[place].unenrolledAt = .none
            school.classes[course].enrollments[place].unenrolledBy = -1
            school.classes[course].enrollments[place].enrolledAt = moment
            return record(.reenrollment, user: user, course: course)
        }
        return nil
    }

    mutating func unenrollment() -> ChangeRecord? {
        guard let (course, place) = pickEnrollment() else { return nil }
        school.classes[course].enrollments[place].isUnenrolled = true
        school.classes[course].enrollments[place].unenrolledAt = moment
        return record(.unenrollment, user: school.classes[course].enrollments[place].user, course: course)
    }

    mutating func deactivation() -> ChangeRecord? {
        guard let course = pickClass(where: { !$0.enrollments.isEmpty }) else { return nil }
        let found = pick(below: school.classes[course].enrollments.count) { school, place in
            let enrollment = school.classes[course].enrollments[place]
            return !enrollment.isUnenrolled && !school.users[Int(enrollment.user)].isDeleted
        }
        guard let place = found else { return nil }
        let enrollment = school.classes[course].enrollments[place]
        if enrollment.isDeactivated, enrollment.reactivatedAt.isNone {
            school.classes[course].enrollments[place].isDeactivated = false
            school.classes[course].enrollments[place].reactivatedAt = moment
        } else {
            school.classes[course].enrollments[place].isDeactivated = true
            school.classes[course].enrollments[place].deactivatedAt = moment
            school.classes[course].enrollments[place].reactivatedAt = .none
        }
        return record(.deactivation, user: enrollment.user, course: course)
    }

    mutating func teacherAssigned() -> ChangeRecord? {
        guard let course = pickClass(), let index = pickUser(where: { $0.roles.contains(.teacher) && !$0.isArchived })
        else { return nil }
        let user = Int32(index)
        guard !school.classes[course].teachers.contains(where: { $0.user == user }),
            !school.classes[course].enrollments.contains(where: { $0.user == user })
        else { return nil }
        school.classes[course].teachers.append(
            .init(user: user, isCoteacher: !school.classes[course].teachers.isEmpty)
        )
        return record(.teacherAssigned, user: user, course: course)
    }

    mutating func teacherRemoved() -> ChangeRecord? {
        guard let course = pickClass(where: { !$0.teachers.isEmpty }) else { return nil }
        let place = random.below(school.classes[course].teachers.count)
        let user = school.classes[course].teachers.remove(at: place).user
        return record(.teacherRemoved, user: user, course: course)
    }

    mutating func archivedUnenrollment() -> ChangeRecord? {
        guard let (course, place) = pickArchivedEnrollment() else { return nil }
        school.classes[course].enrollments[place].isUnenrolled = true
        school.classes[course].enrollments[place].unenrolledAt = moment
        let user = school.classes[course].enrollments[place].user
        return record(.archivedUnenrollment, user: user, course: course)
    }

    /// A learner's place in the roster of an archived class.
    mutating func pickArchivedEnrollment() -> (course: Int, place: Int)? {
        let found = pick(below: school.classOrder.count) { school, place in
            let course = school.classes[Int(school.classOrder[place])]
            return course.isArchived && !course.isNewcomer && !course.enrollments.isEmpty
        }
        guard let course = found.map({ Int(school.classOrder[$0]) }) else { return nil }
        return pick(below: school.classes[course].enrollments.count) { school, place in
            let enrollment = school.classes[course].enrollments[place]
            return !enrollment.isUnenrolled && !school.users[Int(enrollment.user)].isDeleted
        }.map { (course, $0) }
    }
}
