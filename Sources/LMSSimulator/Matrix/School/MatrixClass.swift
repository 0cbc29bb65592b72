/// A class of a MATRIX school: the API's course info with everything that is read below it.
struct MatrixClass: Sendable {
    /// One step of the grade scale; the minimum is in hundredths of a percent.
    struct Grade: Sendable {
        var grade: String
        var minimum: Int
    }

    /// A grading period; the weight is in whole percent.
    struct Period: Sendable {
        var name: String
        var percent: Int
        var start: Instant
    }

    /// An entry of the class's weekly schedule, in the platform's own spelling: `16:0`.
    struct Time: Sendable {
        var day: String
        var from: String
        var to: String
        var location: String
    }

    /// Someone who teaches the class.
    struct Teacher: Sendable {
        var user: Int32
        var isCoteacher = false
    }

    static let selfPaced = "Self paced"

    var id: Int
    var name: String
    var description: String?
    /// `Instructor`, `Self paced` or `Blended`.
    var style = Self.selfPaced
    var code: String?
    var section: String?
    var semester: String?
    var start = Instant.none
    var finish = Instant.none
    var isArchived = false
    var isTemplate = false
    /// Index of the parent class; -1 for none.
    var parent: Int32 = -1
    var category: String?
    var weightingStyle = "Points"
    var weightsByCategory = false
    var isInCatalog = true
    var credits: Int?
    var language: String? = "en"
    var timeZone: String? = "Europe/Bucharest"
    var grademap: [Grade] = []
    var periods: [Period] = []
    var times: [Time] = []
    var fields: [MatrixField] = []
    var enrollments: [MatrixEnrollment] = []
    var teachers: [Teacher] = []
    var assignments: [MatrixAssignment] = []
    /// Indices of the certificates that whoever completes the class is awarded.
    var certificates: [Int32] = []
    /// In the trash: gone from every list until it is restored.
    var isDeleted = false
    /// Made while the school was served: an increment need not have seen it yet.
    var isNewcomer = false

    var isSelfPaced: Bool { style == Self.selfPaced }
}

/// An assignment of a class.
struct MatrixAssignment: Sendable {
    /// How an assignment counts, in the platform's words.
    enum Grading: String, Sendable, CaseIterable {
        case normal = "Normal"
        case extraCredit = "Extra credit"
        case ignore = "Ignore"
        case notGraded = "Not graded"

        var counts: Bool { self == .normal || self == .extraCredit }
    }

    var id: Int
    var name: String
    var type: String
    /// Hundredths of a point.
    var points: Int
    var category: String?
    var grading = Grading.normal
    /// Hundredths; shown only where the class weighs by category.
    var weight: Int?
    var begin = Instant.none
    var end = Instant.none
    var isGiven = true
    var lesson: Int?
    /// The least percentage that opens what follows, in hundredths; nil where the assignment is no gateway.
    var gatewayThreshold: Int?
    /// Index into the class's grading periods.
    var period = 0
    var isDeleted = false
}

/// A certificate's design; an award of it is not a record of its own on this platform.
struct MatrixCertificate: Sendable {
    var id: Int
    var name: String
    var description: String?
    /// How long it is valid, in words.
    var duration: String?
}
