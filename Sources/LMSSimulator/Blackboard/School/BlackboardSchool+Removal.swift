/// What vanishes from a school, and how it comes back.
extension BlackboardSchool {
    /// A membership that vanished with its user, and the grades that went with it.
    struct RemovedMember: Sendable {
        var member: Int32
        var grades: [(column: Int32, grade: Grade)]
    }

    /// What vanished with a course.
    struct RemovedCourse: Sendable {
        var members: [Int32]
        var columns: [Int32]
    }

    /// Takes a membership and its grades away.
    mutating func remove(member: Int32) {
        members[Int(member)].isRemoved = true
        let course = Int(members[Int(member)].course)
        courses[course].members.removeAll { $0 == member }
        for column in courses[course].columns { columns[Int(column)].remove(gradeOf: member) }
    }

    // MARK: users

    /// Takes a user away with all memberships.
    mutating func delete(user: Int32) {
        users[Int(user)].isDeleted = true
        userOrder.removeAll { $0 == user }
        var removed: [RemovedMember] = []
        for member in users[Int(user)].members where !members[Int(member)].isRemoved {
            let grades = courses[Int(members[Int(member)].course)].columns.compactMap { column in
                columns[Int(column)].grade(of: member).map { (column: column, grade: $0) }
            }
            removed.append(RemovedMember(member: member, grades: grades))
            remove(member: member)
        }
        removedUsers[user] = removed
    }

    /// Brings a user back, with the memberships of courses that are still there and their grades as they were.
    mutating func restore(user: Int32) {
        users[Int(user)].isDeleted = false
        userOrder.append(user)
        let users = users
        userOrder.sort { (users[Int($0)].created, $0) < (users[Int($1)].created, $1) }
        for removed in removedUsers.removeValue(forKey: user) ?? [] {
            let member = removed.member
            let course = Int(members[Int(member)].course)
            guard !courses[course].isDeleted else { continue }
            members[Int(member)].isRemoved = false
            courses[course].members.append(member)
            let members = members
            courses[course].members.sort { (members[Int($0)].created, $0) < (members[Int($1)].created, $1) }
            for (column, grade) in removed.grades where !columns[Int(column)].isDeleted {
                columns[Int(column)].set(grade)
            }
            recompute(member)
        }
    }

    // MARK: courses

    /// Takes a course away with everything in it.
    mutating func delete(course: Int32) {
        courses[Int(course)].isDeleted = true
        courseOrder.removeAll { $0 == course }
        let gone = RemovedCourse(members: courses[Int(course)].members, columns: courses[Int(course)].columns)
        for member in gone.members { members[Int(member)].isRemoved = true }
        for column in gone.columns { columns[Int(column)].isDeleted = true }
        removedCourses[course] = gone
    }

    /// Brings a course back with everything in it, but for users who have vanished meanwhile.
    mutating func restore(course: Int32) {
        courses[Int(course)].isDeleted = false
        courseOrder.append(course)
        let courses = courses
        courseOrder.sort { (courses[Int($0)].created, $0) < (courses[Int($1)].created, $1) }
        guard let back = removedCourses.removeValue(forKey: course) else { return }
        for column in back.columns { columns[Int(column)].isDeleted = false }
        for member in back.members {
            if users[Int(members[Int(member)].user)].isDeleted {
                remove(member: member)
            } else {
                members[Int(member)].isRemoved = false
            }
        }
    }
}
