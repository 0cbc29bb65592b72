/// A person of the simulated school.
struct Learner: Sendable {
    enum Role: String, Sendable, CaseIterable {
        case user, admin, instructor, reporter
        case seatManager = "seat_manager"

        var name: String {
            switch self {
            case .user: "User"
            case .admin: "Admin"
            case .instructor: "Instructor"
            case .reporter: "Reporter"
            case .seatManager: "Seat manager"
            }
        }
    }

    /// The value of one of the school's own profile fields.
    enum FieldValue: Sendable, Equatable {
        case text(String)
        case flag(Bool)
        case number(Int)
        case null
    }

    /// One of the school's own profile fields.
    struct Field: Sendable, Equatable {
        var key: String
        var value: FieldValue
    }

    var number: UInt64
    var username: String
    var email: String
    var firstName: String?
    var lastName: String?
    var role: Role = .user
    /// The name of a custom role that the school has made of it; nil for the role itself.
    var customRole: String?
    var isSuspended = false
    var isDeleted = false
    var tags: [String]? = []
    var createdAt: Instant
    var lastLoginAt: Instant = .none
    /// Fields without the never-stored ones, which are rendered from the number.
    var fields: [Field] = []

    /// Indexes into `School.memberships`, oldest first.
    var memberships: [Int32] = []
    /// Indexes into `School.certificates`, oldest first.
    var certificates: [Int32] = []

    var id: String { ObjectID.text(.learner, number) }
    var hasLoggedIn: Bool { !lastLoginAt.isNone }
}
