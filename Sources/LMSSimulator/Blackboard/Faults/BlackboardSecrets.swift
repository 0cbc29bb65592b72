/// Values that must never reach a warehouse, a log or a process title; all but the birth date hold the word `PLANTED`.
///
/// The ones of the first group are in every answer of their kind, since Sources/Platforms/Blackboard/README.md §7 names
/// their fields; the second group comes with `WireFaults.plantSecrets`.
enum BlackboardSecrets {
    /// Fields of the never-store list that are always there.
    static let always: [StaticString] = [
        "PLANTED-gender", "PLANTED-pronouns", "PLANTED-pronunciation", "PLANTED-avatar", "PLANTED-home-phone",
        "PLANTED-mobile-phone", "PLANTED-business-phone", "PLANTED-fax", "PLANTED-street", "PLANTED-zip",
        "PLANTED-access-code", "PLANTED-guest-url", "PLANTED-grade-notes", "PLANTED-grade-feedback",
        "PLANTED-attempt-notes", "PLANTED-attempt-feedback", "PLANTED-student-comments", "PLANTED-student-submission",
        "PLANTED-log-ip-address", birthDate,
    ]

    /// The birth date of everybody: a date, since the field takes nothing else.
    static let birthDate: StaticString = "1999-09-09"

    /// Credentials and national ids in places where nobody expects them.
    static let onRequest: [StaticString] = [
        "PLANTED-user-password", "PLANTED-user-ssn", "PLANTED-course-client-secret", "PLANTED-term-api-key",
        "PLANTED-membership-access-token", "PLANTED-column-api-key", "PLANTED-grade-access-token",
        "PLANTED-attempt-password", "PLANTED-review-token",
    ]

    static var all: [String] { (always + onRequest).map { "\($0)" } }
}
