/// Everything a simulated Learn site knows, kept compactly: rows refer to each other by index.
///
/// Nothing is ever removed from the arrays, so that the index of a record makes its id; lists hold what exists. Times have
/// whole milliseconds, which is all that the platform shows.
package struct BlackboardSchool: Sendable {
    var terms: [Term] = []
    var courses: [Course] = []
    var users: [User] = []
    var members: [Member] = []
    var columns: [Column] = []
    var attempts: [Attempt] = []
    var log: [LogEntry] = []
    /// What vanished with users and courses that are gone, by their index.
    var removedUsers: [Int32: [RemovedMember]] = [:]
    var removedCourses: [Int32: RemovedCourse] = [:]

    /// Courses that exist, oldest first.
    var courseOrder: [Int32] = []
    /// Users who exist, oldest first; hidden administrators included.
    var userOrder: [Int32] = []
    /// The last change index given out.
    var changeIndex: Int64 = 7_900_000
    /// The next number for anything made while the school lives.
    var nextNumber = 1
    /// The number of the next category.
    var nextCategory = 44
    /// The moment at which the school's data ends, where its clock starts by default.
    package internal(set) var clock = ClockStart.standard

    /// An empty school.
    package init() {}

    /// How many records of each kind exist now.
    package var counts: [String: Int] {
        [
            "terms": terms.count { !$0.isDeleted }, "courses": courseOrder.count, "learners": userOrder.count,
            "memberships": members.count { !$0.isRemoved }, "columns": columns.count { !$0.isDeleted },
            "grades": columns.reduce(0) { $0 + ($1.isDeleted ? 0 : $1.grades.count) }, "attempts": attempts.count,
        ]
    }

    // MARK: adding

    mutating func add(_ course: Course) -> Int32 {
        let index = Int32(courses.count)
        courses.append(course)
        if course.parent >= 0 { courses[Int(course.parent)].children.append(index) }
        courseOrder.append(index)
        return index
    }

    mutating func add(_ user: User) -> Int32 {
        let index = Int32(users.count)
        users.append(user)
        userOrder.append(index)
        return index
    }

    @discardableResult
    mutating func add(_ member: Member) -> Int32 {
        let index = Int32(members.count)
        members.append(member)
        courses[Int(member.course)].members.append(index)
        users[Int(member.user)].members.append(index)
        return index
    }

    @discardableResult
    mutating func add(_ column: Column) -> Int32 {
        let index = Int32(columns.count)
        columns.append(column)
        courses[Int(column.course)].columns.append(index)
        return index
    }

    @discardableResult
    mutating func add(_ attempt: Attempt) -> Int32 {
        let index = Int32(attempts.count)
        attempts.append(attempt)
        columns[Int(attempt.column)].attempts.append(index)
        return index
    }

    mutating func addCategories(_ titles: [String], to course: Int32) {
        for title in titles {
            courses[Int(course)].categories.append(Category(number: nextCategory, title: title))
            nextCategory += 1
        }
    }

    mutating func nextChangeIndex() -> Int64 {
        changeIndex += 17
        return changeIndex
    }

    /// Puts every list in the order of creation; called once after a school was built.
    mutating func sortLists() {
        let (courses, users, members) = (courses, users, members)
        courseOrder.sort { (courses[Int($0)].created, $0) < (courses[Int($1)].created, $1) }
        userOrder.sort { (users[Int($0)].created, $0) < (users[Int($1)].created, $1) }
        for index in courses.indices {
            self.courses[index].members.sort { (members[Int($0)].created, $0) < (members[Int($1)].created, $1) }
        }
    }

    // MARK: totals

    /// Computes a member's calculated columns anew: the mean of the percentages of all graded cells that count.
    ///
    /// Their index stays 0 (Sources/Platforms/Blackboard/README.md §8, trap 8). A total that was computed once and is
    /// corrupt keeps its former score.
    mutating func recompute(_ member: Int32) {
        let course = Int(members[Int(member)].course)
        for index in courses[course].columns where columns[Int(index)].kind == .calculated {
            let score = mean(of: member, attemptsOnly: !columns[Int(index)].isExternalGrade)
            guard score >= 0 else {
                columns[Int(index)].remove(gradeOf: member)
                continue
            }
            var grade = columns[Int(index)].grade(of: member) ?? Grade(member: member)
            grade.score = score
            columns[Int(index)].set(grade)
        }
    }

    /// The mean percentage in hundredths, or -1 where nothing is graded.
    private func mean(of member: Int32, attemptsOnly: Bool) -> Int32 {
        var (sum, count) = (0, 0)
        for index in courses[Int(members[Int(member)].course)].columns {
            let column = columns[Int(index)]
            guard column.kind != .calculated, column.countsInTotal, column.possible > 0,
                !attemptsOnly || column.kind == .attempts, let grade = column.grade(of: member),
                grade.score >= 0, !grade.isExempt
            else { continue }
            sum += Int(grade.score) * 10_000 / Int(column.possible)
            count += 1
        }
        return count == 0 ? -1 : Int32(sum / count)
    }

    /// The member's course total, or nil.
    func total(of member: Int32) -> Grade? {
        courses[Int(members[Int(member)].course)].columns.first { columns[Int($0)].isExternalGrade }
            .flatMap { columns[Int($0)].grade(of: member) }
    }

    // MARK: meaning

    /// A course's first and last day: its own, or those of its term.
    func dates(of course: Course) -> (start: Instant, end: Instant) {
        guard course.duration == .useTerm, course.term >= 0 else { return course.duration.dates }
        return terms[Int(course.term)].duration.dates
    }

    /// Whether an increment reads the course's memberships each time (Sources/Platforms/Blackboard/README.md §5, step
    /// 2): it is neither archived nor ended more than 30 days ago, and no merged course or organization.
    func isLive(_ index: Int32, at moment: Instant) -> Bool {
        let course = courses[Int(index)]
        guard !course.isDeleted, !course.isOrganization, course.parent < 0, !course.isClosed,
            course.availability != .disabled
        else { return false }
        let end = dates(of: course).end
        // A day of margin, so that a course does not end between a change and the run that looks for it.
        return end.isNone || end.adding(microseconds: 29 * Instant.day) >= moment
    }

    /// The memberships below a path: the parent's hold everybody, a merged course's its own learners.
    func roster(of index: Int32) -> [Int32] {
        let course = courses[Int(index)]
        guard course.parent >= 0 else { return course.members }
        return courses[Int(course.parent)].members.filter { members[Int($0)].child == index }
    }
}

extension Instant {
    /// The moment without what is finer than a millisecond, as the platform keeps it.
    var inMilliseconds: Instant {
        isNone ? self : Instant(microseconds: microseconds / 1000 * 1000)
    }
}
