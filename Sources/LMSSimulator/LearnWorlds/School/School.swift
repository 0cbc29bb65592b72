/// Everything the simulated platform knows, kept compactly: rows refer to each other by index, ids are numbers.
///
/// Nothing is ever removed from the arrays; lists hold what is visible. A million rows take a few hundred megabytes at most.
package struct School: Sendable {
    var courses: [Course] = []
    var learners: [Learner] = []
    var memberships: [Membership] = []
    var submissions: [Submission] = []
    var certificates: [Certificate] = []
    /// By time of creation, oldest first.
    var events: [Event] = []
    /// Written but not yet shown by the log, with the moment at which it shows them.
    var lateEvents: [(event: Event, visibleAt: Instant)] = []

    /// Courses that exist, oldest first.
    var courseOrder: [Int32] = []
    /// Learners who exist, oldest first.
    var learnerOrder: [Int32] = []
    var courseBySlug: [String: Int32] = [:]
    var learnerByNumber: [UInt64: Int32] = [:]
    var unitByID: [String: UnitAddress] = [:]
    /// The next number for anything made while the school lives.
    var nextNumber: UInt64 = 1

    /// A unit's course and place in it.
    struct UnitAddress: Sendable {
        var course: Int32
        var unit: Int32
    }

    /// An empty school.
    package init() {}

    /// How many records of each kind exist now, by `lms` table name where they are one to one.
    package var counts: [String: Int] {
        [
            "courses": courseOrder.count, "learners": learnerOrder.count,
            "memberships": memberships.count, "submissions": submissions.count,
            "certificates": certificates.count, "events": events.count,
        ]
    }

    /// The rows a full pull would bring into the `lms` tables, about, without going through them.
    package var approximateRowCount: Int {
        let units = courseOrder.reduce(0) { $0 + courses[Int($1)].units.count }
        let unitStates = memberships.reduce(0) { $0 + $1.units.count }
        return courseOrder.count + learnerOrder.count + memberships.count * 2 + units + unitStates
            + submissions.count * 2 + certificates.count + events.count
    }

    func isVisible(_ learner: Int32) -> Bool {
        !learners[Int(learner)].isDeleted
    }

    // MARK: adding

    mutating func add(_ course: Course) -> Int32 {
        let index = Int32(courses.count)
        courses.append(course)
        courseBySlug[course.slug] = index
        for (place, unit) in course.units.enumerated() {
            if let id = unit.id { unitByID[id] = UnitAddress(course: index, unit: Int32(place)) }
        }
        return index
    }

    mutating func add(_ learner: Learner) -> Int32 {
        let index = Int32(learners.count)
        learners.append(learner)
        learnerByNumber[learner.number] = index
        return index
    }

    @discardableResult
    mutating func add(_ membership: Membership) -> Int32 {
        let index = Int32(memberships.count)
        memberships.append(membership)
        courses[Int(membership.course)].memberships.append(index)
        learners[Int(membership.learner)].memberships.append(index)
        return index
    }

    @discardableResult
    mutating func add(_ submission: Submission) -> Int32 {
        let index = Int32(submissions.count)
        submissions.append(submission)
        courses[Int(submission.course)].submissions.append(index)
        courses[Int(submission.course)].units[Int(submission.unit)].submissions.append(index)
        return index
    }

    @discardableResult
    mutating func add(_ certificate: Certificate) -> Int32 {
        let index = Int32(certificates.count)
        certificates.append(certificate)
        courses[Int(certificate.course)].certificates.append(index)
        learners[Int(certificate.learner)].certificates.append(index)
        return index
    }

    /// Puts every list in the order the platform keeps; called once after a school was built.
    ///
    /// The orders read constants, not `self`: a closure over the school would copy the array that is being sorted in.
    mutating func sortLists() {
        let (courses, learners) = (courses, learners)
        let (memberships, submissions, certificates) = (memberships, submissions, certificates)
        func isEnrolledEarlier(_ left: Int32, _ right: Int32) -> Bool {
            (memberships[Int(left)].enrolledAt, left) < (memberships[Int(right)].enrolledAt, right)
        }
        func isSubmittedEarlier(_ left: Int32, _ right: Int32) -> Bool {
            submissions[Int(right)].isNewer(than: submissions[Int(left)])
        }
        func isIssuedEarlier(_ left: Int32, _ right: Int32) -> Bool {
            (certificates[Int(left)].issuedAt, left) < (certificates[Int(right)].issuedAt, right)
        }
        courseOrder = courses.indices.filter { !courses[$0].isDeleted }.map(Int32.init)
        courseOrder.sort { (courses[Int($0)].createdAt, $0) < (courses[Int($1)].createdAt, $1) }
        learnerOrder = learners.indices.filter { !learners[$0].isDeleted }.map(Int32.init)
        learnerOrder.sort { (learners[Int($0)].createdAt, $0) < (learners[Int($1)].createdAt, $1) }
        events.sort { $0.createdAt < $1.createdAt }
        for index in courses.indices {
            self.courses[index].memberships.sort(by: isEnrolledEarlier)
            self.courses[index].submissions.sort(by: isSubmittedEarlier)
            self.courses[index].certificates.sort(by: isIssuedEarlier)
            for unit in courses[index].units.indices {
                self.courses[index].units[unit].submissions.sort(by: isSubmittedEarlier)
            }
        }
        for index in learners.indices {
            self.learners[index].memberships.sort(by: isEnrolledEarlier)
            self.learners[index].certificates.sort(by: isIssuedEarlier)
        }
    }

    /// Shows late events whose moment has come.
    mutating func revealLateEvents(at now: Instant) {
        guard !lateEvents.isEmpty else { return }
        let due = lateEvents.filter { $0.visibleAt <= now }
        guard !due.isEmpty else { return }
        lateEvents.removeAll { $0.visibleAt <= now }
        for (event, _) in due { insert(event) }
    }

    /// Inserts an event at its place in time.
    mutating func insert(_ event: Event) {
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].createdAt <= event.createdAt { low = middle + 1 } else { high = middle }
        }
        events.insert(event, at: low)
    }

    /// The first event at or after a moment.
    func firstEvent(notBefore moment: Instant) -> Int {
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].createdAt < moment { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
