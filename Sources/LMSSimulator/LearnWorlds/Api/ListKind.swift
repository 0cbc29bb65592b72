/// The lists of the API with the paging rules of each.
enum ListKind: String, Sendable, CaseIterable {
    case users, courses, roster, grades, responses, progress, certificates, enrollments, events

    var defaultSize: Int {
        switch self {
        case .courses, .enrollments, .events: 50
        default: 20
        }
    }

    /// The largest size that is honoured; nil where no size is documented.
    var largestSize: Int? {
        switch self {
        case .users, .roster, .grades, .responses, .progress: 200
        case .courses, .certificates: 100
        case .enrollments, .events: nil
        }
    }

    /// Two kinds of platform code: most lists repeat their last page behind the end, this one answers empty.
    var isEmptyPastTheEnd: Bool { self == .progress }

    /// Lists below a course, learner or unit, and certificates, which need a filter: these are 404 when empty.
    var isNested: Bool {
        switch self {
        case .users, .courses, .events: false
        default: true
        }
    }
}
