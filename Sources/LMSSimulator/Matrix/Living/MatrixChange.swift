/// One change in the making: the school it happens in and its moment.
struct MatrixChange {
    var school: MatrixSchool
    var random: RandomSource
    let moment: Instant
    let request: ChangeRequest
    /// Columns that an increment does not see yet.
    private var silentColumns: [String] = []
    /// Whether the change needs a login to be seen and there was none.
    private var isUnseen = false

    init(school: consuming MatrixSchool, random: RandomSource, moment: Instant, request: ChangeRequest) {
        self.school = school
        self.random = random
        self.moment = moment
        self.request = request
    }

    /// Makes the change; nil when there is nobody it could happen to.
    mutating func apply(_ kind: ChangeKind) -> ChangeRecord? {
        switch kind {
        case .newLearner: newLearner()
        case .profileEdit: profileEdit()
        case .learnerArchived: learnerArchived()
        case .learnerDeleted: learnerDeleted()
        case .login: login()
        case .study: study(.study)
        case .quietStudy: study(.quietStudy)
        case .submission: submission()
        case .completion: completion(.completion)
        case .markComplete: completion(.markComplete)
        case .uncompletion: uncompletion()
        case .regrade: regrade(.regrade)
        case .quietRegrade: regrade(.quietRegrade)
        case .enrollment: enrollment()
        case .reenrollment: reenrollment()
        case .unenrollment: unenrollment()
        case .deactivation: deactivation()
        case .assignmentCreated: assignmentCreated()
        case .assignmentEdited: assignmentEdited()
        case .assignmentDeleted: assignmentDeleted()
        case .teacherAssigned: teacherAssigned()
        case .courseCreated: courseCreated()
        case .courseEdited: courseEdited()
        case .courseArchived: archive(.courseArchived)
        case .courseRestored: archive(.courseRestored)
        case .courseDeleted: courseDeleted()
        case .courseUndeleted: courseUndeleted()
        case .organizationCreated: organizationCreated()
        case .organizationEdited: organizationEdited()
        case .organizationDeleted: organizationDeleted()
        case .learnerRestored: learnerRestored()
        case .teacherRemoved: teacherRemoved()
        case .archivedRegrade: archivedRegrade()
        case .archivedUnenrollment: archivedUnenrollment()
        case .detailsCleared: detailsCleared()
        case .certificateRenamed: certificateRenamed()
        case .certificateWithdrawn: certificateWithdrawn()
        default: nil
        }
    }

    // MARK: choosing

    /// A random element that fits, or nil after a fair number of tries.
    mutating func pick(below count: Int, where fits: (MatrixSchool, Int) -> Bool) -> Int? {
        guard count > 0 else { return nil }
        for _ in 0..<60 {
            let index = random.below(count)
            if fits(school, index) { return index }
        }
        return nil
    }

    mutating func pickUser(where fits: (MatrixUser) -> Bool) -> Int? {
        pick(below: school.userOrder.count) { school, place in fits(school.users[Int(school.userOrder[place])]) }
            .map { Int(school.userOrder[$0]) }
    }

    /// An active class that is no template.
    mutating func pickClass(where fits: (MatrixClass) -> Bool = { _ in true }) -> Int? {
        pick(below: school.classOrder.count) { school, place in
            let course = school.classes[Int(school.classOrder[place])]
            return !course.isArchived && !course.isTemplate && fits(course)
        }.map { Int(school.classOrder[$0]) }
    }

    /// A learner's place in the roster of an active class, of somebody who may sign in and work there.
    mutating func pickEnrollment(
        where fits: (MatrixEnrollment) -> Bool = { _ in true }
    ) -> (course: Int, place: Int)? {
        for _ in 0..<20 {
            guard let course = pickClass(where: { !$0.enrollments.isEmpty }) else { return nil }
            let found = pick(below: school.classes[course].enrollments.count) { school, place in
                let enrollment = school.classes[course].enrollments[place]
                let user = school.users[Int(enrollment.user)]
                return !user.isDeleted && !user.isArchived && !enrollment.isUnenrolled && !enrollment.isDeactivated
                    && fits(enrollment)
            }
            if let found { return (course, found) }
        }
        return nil
    }

    // MARK: reporting

    /// A login, which is what brings a class forward; without it the change is not seen before its age bound.
    mutating func signIn(_ user: Int32) {
        guard request.movesLastLogin else {
            isUnseen = true
            return
        }
        let index = Int(user)
        if let last = school.users[index].sessions.indices.last, school.users[index].sessions[last].logoutAt.isNone {
            let half = school.users[index].sessions[last].loginAt.adding(seconds: 1800)
            school.users[index].sessions[last].logoutAt = min(half, moment)
        }
        school.users[index].sessions.append(MatrixSession(loginAt: moment))
        school.users[index].logins += 1
        school.users[index].lastLoginAt = moment
        if school.users[index].firstLoginAt.isNone { school.users[index].firstLoginAt = moment }
        // Sessions are read once a day.
        silent("events.occurred_at", "events.payload")
    }

    mutating func silent(_ columns: String...) {
        silentColumns += columns
    }

    func record(
        _ kind: ChangeKind,
        user: Int32? = nil,
        course: Int? = nil,
        assignment: Int? = nil
    ) -> ChangeRecord {
        ChangeRecord(
            kind: kind,
            visible: MatrixChanges.visible.contains(kind) && !isUnseen,
            learnerId: user.map { "\(school.users[Int($0)].id)" },
            courseId: course.map { "\(school.classes[$0].id)" },
            unitId: assignment.flatMap { place in course.map { "\(school.classes[$0].assignments[place].id)" } },
            at: moment.seconds,
            silentColumns: silentColumns
        )
    }
}
