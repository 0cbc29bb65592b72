extension MatrixChange {
    mutating func courseCreated() -> ChangeRecord? {
        let id = school.newID()
        var course = MatrixClass(id: id, name: "New class \(id) & more", code: "N-\(id)")
        course.grademap = MatrixClass.letters
        course.assignments = [
            MatrixAssignment(id: school.newID(), name: "Final test", type: "Quiz", points: 2000)
        ]
        if let teacher = pickUser(where: { $0.roles.contains(.teacher) && !$0.isArchived }) {
            course.teachers = [.init(user: Int32(teacher))]
        }
        if let learner = pickUser(where: { $0.roles == .student && !$0.isArchived }) {
            course.enrollments = [MatrixEnrollment(user: Int32(learner), method: .direct, enrolledAt: moment)]
        }
        course.isNewcomer = true
        let index = school.add(course)
        return record(.courseCreated, course: Int(index))
    }

    /// The record of the class changes, which brings all of it forward.
    mutating func courseEdited() -> ChangeRecord? {
        guard let course = pickClass() else { return nil }
        switch random.below(4) {
        case 0: school.classes[course].name = "Edited class \(random.below(100_000)) & more"
        case 1: school.classes[course].category = "category \(random.below(100_000))"
        case 2: school.classes[course].fields = [MatrixField(name: "Department", value: "D-\(random.below(100_000))")]
        default: school.classes[course].isInCatalog.toggle()
        }
        return record(.courseEdited, course: course)
    }

    mutating func detailsCleared() -> ChangeRecord? {
        guard let user = pickUser(where: { $0.organization >= 0 }),
            let course = pickClass(where: { course in
                course.category != nil && !course.isSelfPaced
                    && course.assignments.contains { !$0.isDeleted && !$0.end.isNone }
            }),
            let place = school.classes[course].assignments.firstIndex(where: { !$0.isDeleted && !$0.end.isNone })
        else { return nil }
        school.users[user].organization = -1
        school.classes[course].category = nil
        school.classes[course].code = nil
        school.classes[course].assignments[place].end = .none
        return record(.detailsCleared, user: Int32(user), course: course, assignment: place)
    }

    /// A class leaves the list of active ones, or comes back to it.
    mutating func archive(_ kind: ChangeKind) -> ChangeRecord? {
        let isArchived = kind == .courseArchived
        let found = pick(below: school.classOrder.count) { school, place in
            let course = school.classes[Int(school.classOrder[place])]
            // One that no walk of active classes has shown yet would stay unseen till the daily full list
            // (Sources/Platforms/Matrix/README.md §5).
            return course.isArchived != isArchived && !course.isTemplate && !course.isNewcomer
        }
        guard let course = found.map({ Int(school.classOrder[$0]) }) else { return nil }
        school.classes[course].isArchived = isArchived
        return record(kind, course: course)
    }

    mutating func courseDeleted() -> ChangeRecord? {
        guard school.classOrder.count > 1, let course = pickClass() else { return nil }
        school.classes[course].isDeleted = true
        school.classOrder.removeAll { $0 == Int32(course) }
        return record(.courseDeleted, course: course)
    }

    mutating func courseUndeleted() -> ChangeRecord? {
        let found = pick(below: school.classes.count) { school, index in
            school.classes[index].isDeleted && !school.classes[index].isArchived
        }
        guard let course = found else { return nil }
        school.classes[course].isDeleted = false
        school.classOrder.append(Int32(course))
        return record(.courseUndeleted, course: course)
    }

    // MARK: assignments

    mutating func assignmentCreated() -> ChangeRecord? {
        let (users, moment) = (school.users, moment)
        func mayWork(_ user: Int32) -> Bool { !users[Int(user)].isDeleted && !users[Int(user)].isArchived }
        // The gradebook is what names the new assignment: somebody must be in it.
        let found = pickClass { course in
            course.teachers.contains { mayWork($0.user) }
                && course.enrollments.contains { !$0.isUnenrolled && !users[Int($0.user)].isDeleted }
        }
        guard let course = found,
            let teacher = school.classes[course].teachers.first(where: { mayWork($0.user) })
        else { return nil }
        let id = school.newID()
        var assignment = MatrixAssignment(id: id, name: "Added assignment \(id)", type: "Freeform", points: 1500)
        (assignment.begin, assignment.end) = (moment, moment.adding(seconds: 7 * 86_400))
        school.classes[course].assignments.append(assignment)
        signIn(teacher.user)
        return record(
            .assignmentCreated,
            user: teacher.user,
            course: course,
            assignment: school.classes[course].assignments.count - 1
        )
    }

    mutating func assignmentEdited() -> ChangeRecord? {
        guard let (course, place) = pickLiveAssignment() else { return nil }
        school.classes[course].assignments[place].name = "Renamed assignment \(random.below(100_000))"
        return record(.assignmentEdited, course: course, assignment: place)
    }

    mutating func assignmentDeleted() -> ChangeRecord? {
        guard let (course, place) = pickLiveAssignment() else { return nil }
        school.classes[course].assignments[place].isDeleted = true
        return record(.assignmentDeleted, course: course, assignment: place)
    }

    private mutating func pickLiveAssignment() -> (Int, Int)? {
        guard let course = pickClass(where: { $0.assignments.contains { !$0.isDeleted } }) else { return nil }
        let place = pick(below: school.classes[course].assignments.count) { school, place in
            !school.classes[course].assignments[place].isDeleted
        }
        return place.map { (course, $0) }
    }
}
