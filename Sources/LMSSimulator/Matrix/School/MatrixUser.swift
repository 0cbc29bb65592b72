/// A person of a MATRIX school: the API's user info (vendor document, section "Users").
struct MatrixUser: Sendable {
    /// The account types, several at once.
    struct Roles: OptionSet, Sendable {
        let rawValue: UInt8
        static let administrator = Roles(rawValue: 1)
        static let manager = Roles(rawValue: 2)
        static let teacher = Roles(rawValue: 4)
        static let assistant = Roles(rawValue: 8)
        static let monitor = Roles(rawValue: 16)
        static let student = Roles(rawValue: 32)
        static let parent = Roles(rawValue: 64)
    }

    var id: Int
    /// The login, which the API calls `userid`.
    var userid: String
    var firstName: String
    var lastName: String
    var email: String?
    var roles: Roles
    /// The school's own numbers.
    var studentID: String?
    var teacherID: String?
    /// Index into the school's organizations; -1 for none.
    var organization: Int32 = -1
    var joinedAt: Instant
    var firstLoginAt = Instant.none
    var lastLoginAt = Instant.none
    var logins = 0
    var isArchived = false
    var archivedAt = Instant.none
    var jobTitleID: Int?
    var yearOfGraduation: Int?
    /// School fields, flat among the standard keys.
    var fields: [MatrixField] = []
    /// Login sessions, oldest first; older ones than the platform's horizon stay here unseen.
    var sessions: [MatrixSession] = []
    /// Deleted accounts vanish from every list.
    var isDeleted = false
}

/// A field that a school has defined itself.
struct MatrixField: Sendable {
    var name: String
    var value: String?
}

/// One login with its logout, if there was one.
struct MatrixSession: Sendable {
    var loginAt: Instant
    var logoutAt = Instant.none
}

/// An organization that users belong to.
struct MatrixOrganization: Sendable {
    var id: Int
    var name: String
    var description: String?
    var isInternal = true
    var isDeleted = false
}
