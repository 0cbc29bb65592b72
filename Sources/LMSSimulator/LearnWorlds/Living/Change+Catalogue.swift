extension Change {
    mutating func courseCreated() -> ChangeRecord? {
        let number = nextNumber()
        let slug = "course-\(number)"
        var course = Course(
            slug: slug,
            code: nil,
            title: "New course \(number) & more",
            label: "new",
            categories: ["new"],
            access: .free,
            createdAt: moment,
            modifiedAt: moment
        )
        course.sections = [CourseSection(id: slug + "_main", title: "Main part", access: "free")]
        course.units = [
            CourseUnit(id: ObjectID.text(.unit, number << 16), type: "ivideo", title: "Welcome", section: 0, place: 1),
            CourseUnit(
                id: ObjectID.text(.unit, number << 16 | 1),
                type: CourseUnit.assessmentType,
                title: "Final test",
                section: 0,
                place: 2
            ),
        ]
        let index = school.add(course)
        school.courseOrder.append(index)
        return record(.courseCreated, course: index)
    }

    mutating func courseEdited() -> ChangeRecord? {
        guard let course = pickCourse() else { return nil }
        switch random.below(3) {
        case 0: school.courses[course].title = "Edited title \(random.below(100_000)) & more"
        case 1: school.courses[course].label = "label \(random.below(100_000))"
        default: school.courses[course].access = Course.Access.allCases[random.below(Course.Access.allCases.count)]
        }
        school.courses[course].modifiedAt = moment
        return record(.courseEdited, course: Int32(course))
    }

    mutating func contentsChanged() -> ChangeRecord? {
        guard let course = pickCourse(), let section = school.courses[course].sections.indices.last else { return nil }
        let number = nextNumber()
        let id = ObjectID.text(.unit, number << 16)
        let isAssessment = random.below(2) == 0
        let unit = CourseUnit(
            id: id,
            type: isAssessment ? CourseUnit.assessmentType : "pdf",
            title: "Added unit \(number)",
            section: section,
            place: school.courses[course].units.count { $0.section == section && $0.isListed } + 1
        )
        school.courses[course].units.append(unit)
        let place = school.courses[course].units.count - 1
        school.unitByID[id] = School.UnitAddress(course: Int32(course), unit: Int32(place))
        school.courses[course].modifiedAt = moment
        return record(.contentsChanged, course: Int32(course), unit: place)
    }

    mutating func unitRetitled() -> ChangeRecord? {
        guard let course = pickCourse() else { return nil }
        let units = school.courses[course].units
        let found = pick(below: units.count) { units[$1].isListed }
        guard let unit = found else { return nil }
        school.courses[course].units[unit].title = "Retitled unit \(random.below(100_000))"
        return record(.unitRetitled, course: Int32(course), unit: unit)
    }

    mutating func courseDeleted() -> ChangeRecord? {
        guard school.courseOrder.count > 1, let course = pickCourse() else { return nil }
        school.courses[course].isDeleted = true
        school.courseOrder.removeAll { $0 == Int32(course) }
        return record(.courseDeleted, course: Int32(course))
    }

    mutating func courseRestored() -> ChangeRecord? {
        guard let course = pick(below: school.courses.count, where: { $0.courses[$1].isDeleted }) else { return nil }
        school.courses[course].isDeleted = false
        let courses = school.courses
        school.courseOrder.append(Int32(course))
        school.courseOrder.sort { (courses[Int($0)].createdAt, $0) < (courses[Int($1)].createdAt, $1) }
        return record(.courseRestored, course: Int32(course))
    }
}
