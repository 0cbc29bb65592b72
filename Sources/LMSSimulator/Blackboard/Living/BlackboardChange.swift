/// One change in the making: the school it happens in and its moment.
struct BlackboardChange {
    var school: BlackboardSchool
    var random: RandomSource
    let moment: Instant
    let request: ChangeRequest
    let clearMovesIndex: Bool

    /// What a change touched.
    struct Outcome {
        var isVisible = true
        var user: Int32?
        var course: Int32?
        var column: Int32?
        var silentColumns: [String] = []
    }

    init(
        school: consuming BlackboardSchool,
        random: RandomSource,
        moment: Instant,
        request: ChangeRequest,
        clearMovesIndex: Bool
    ) {
        self.school = school
        self.random = random
        self.moment = moment
        self.request = request
        self.clearMovesIndex = clearMovesIndex
    }

    /// Makes the change; nil when there is nobody it could happen to.
    mutating func apply(_ kind: ChangeKind) -> Outcome? {
        switch kind {
        case .newLearner: newLearner()
        case .profileEdit: profileEdit()
        case .suspension: suspension()
        case .login: login()
        case .learnerDeleted: learnerDeleted()
        case .learnerRestored: learnerRestored()
        case .learnerHidden: learnerHidden()
        case .courseCreated: courseCreated()
        case .courseEdited: courseEdited()
        case .courseDeleted: courseDeleted()
        case .mergedCourseDeleted: mergedCourseDeleted()
        case .courseRestored: courseRestored()
        case .termRenamed: termRenamed()
        case .termDeleted: termDeleted()
        case .categoryRenamed: categoryRenamed()
        case .enrollment: enrollment()
        case .bulkEnrollment: bulkEnrollment()
        case .unenrollment: unenrollment()
        case .accessChanged: accessChanged()
        case .roleChanged: roleChanged()
        case .memberMoved: memberMoved()
        case .visit: visit()
        case .study: study()
        case .quietStudy: quietStudy()
        case .archivedGrade: archivedGrade()
        case .archivedUnenrollment: archivedUnenrollment()
        case .quietColumnEdit: quietColumnEdit()
        case .quietColumnDeletion: quietColumnDeletion()
        case .columnRestored: columnRestored()
        case .submission: submission()
        case .regrade: regrade()
        case .override: override()
        case .exemption: exemption()
        case .apiGrade: apiGrade()
        case .gradeCleared: gradeCleared()
        case .columnCreated: columnCreated()
        case .columnEdited: columnEdited()
        case .columnDeleted: columnDeleted()
        default: nil
        }
    }

    // MARK: choosing

    /// A random element that fits, or nil after a fair number of tries.
    mutating func pick(below count: Int, where fits: (BlackboardSchool, Int) -> Bool) -> Int? {
        guard count > 0 else { return nil }
        for _ in 0..<80 {
            let index = random.below(count)
            if fits(school, index) { return index }
        }
        return nil
    }

    /// A visible user; preview users and administrators are nobody's concern.
    mutating func pickUser(where fits: (BlackboardSchool.User) -> Bool = { _ in true }) -> Int32? {
        pick(below: school.userOrder.count) { school, place in
            let user = school.users[Int(school.userOrder[place])]
            return !user.isSystemAdmin && !user.isPreview && fits(user)
        }.map { school.userOrder[$0] }
    }

    /// A course whose memberships an increment reads.
    mutating func pickLiveCourse(where fits: (BlackboardSchool.Course) -> Bool = { _ in true }) -> Int32? {
        let moment = moment
        return pick(below: school.courseOrder.count) { school, place in
            let index = school.courseOrder[place]
            return school.isLive(index, at: moment) && fits(school.courses[Int(index)])
        }.map { school.courseOrder[$0] }
    }

    /// Any course that is no organization.
    mutating func pickCourse() -> Int32? {
        pick(below: school.courseOrder.count) { school, place in
            !school.courses[Int(school.courseOrder[place])].isOrganization
        }.map { school.courseOrder[$0] }
    }

    /// A student's open membership in a live course.
    mutating func pickMember(where fits: (BlackboardSchool.Member) -> Bool = { _ in true }) -> Int32? {
        let moment = moment
        return pick(below: school.members.count) { school, index in
            let member = school.members[index]
            let user = school.users[Int(member.user)]
            return !member.isRemoved && member.role == .student && member.availability == .yes
                && !user.isDeleted && !user.isPreview && user.availability == .yes
                && school.isLive(member.course, at: moment) && fits(member)
        }.map(Int32.init)
    }

    // MARK: access

    /// Somebody was in the course.
    mutating func access(_ member: Int32) {
        school.members[Int(member)].formerAccess = school.members[Int(member)].lastAccessed
        school.members[Int(member)].lastAccessed = moment
        guard request.movesLastLogin else { return }
        school.users[Int(school.members[Int(member)].user)].lastLogin = moment
    }

    /// The grader was in the course, or the learner where it has no teacher.
    mutating func accessOfGrader(for member: Int32) {
        let course = school.members[Int(member)].course
        access(teacher(of: course) ?? member)
    }

    func teacher(of course: Int32) -> Int32? {
        school.courses[Int(course)].members.first { index in
            let member = school.members[Int(index)]
            return member.role == .instructor && member.availability == .yes
                && !school.users[Int(member.user)].isDeleted
        }
    }

    mutating func nextNumber() -> Int {
        defer { school.nextNumber += 1 }
        return school.nextNumber
    }
}
