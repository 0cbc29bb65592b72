/// A hostile record as bytes of its list; `BlackboardHostile+Truth` has the row it should become where it must be stored.
struct BlackboardHostile {
    static let time = Instant(microseconds: 1_760_000_000_500_000)

    let page: Int
    let kind: HostileRecord.Kind
    let list: BlackboardList
    /// Its own id, or its learner's in lists without one.
    let id: String
    /// The course and the column of its list.
    let course: String
    let column: String
    /// The column as rows name it.
    let assessment: String

    init(_ record: HostileRecord, place: Int, list: BlackboardList, path: String, site: BlackboardSite) {
        page = record.page
        kind = record.kind
        self.list = list
        // A number far beyond those of real records.
        id = BlackboardSite.id(900_000_001 + place)
        // learn, api, public, v2, courses, {course}, gradebook, columns, {column}
        let parts = path.split(separator: "/").map(String.init)
        let (courseID, columnID) = (parts.count > 5 ? parts[5] : "", parts.count > 8 ? parts[8] : "")
        let index = site.findCourse(courseID).flatMap { site.findColumn(columnID, in: $0) }
        (course, column) = (courseID, columnID)
        assessment = index.map { site.assessmentID($0) } ?? columnID
    }

    /// Whether the row is stored; categories are no rows.
    var isStored: Bool { !kind.isRejected && list != .categories }

    // MARK: the served form

    func append(to writer: ByteWriter) {
        writer.raw("{")
        switch list {
        case .courses:
            identity("id", to: writer)
            writer.raw(
                "\"courseId\":\"hostile\",\"organization\":false,\"closedComplete\":false,\"hasChildren\":false,"
            )
            writer.raw("\"availability\":{\"available\":\"Yes\",\"duration\":{\"type\":\"Continuous\"}},\"name\":")
            text(to: writer)
            writer.raw(",\"modified\":\"2025-10-09T08:53:20.500Z\",\"created\":")
            moment(to: writer)
        case .terms:
            identity("id", to: writer)
            writer.raw("\"name\":")
            text(to: writer)
            writer.raw(",\"availability\":{\"available\":\"Yes\",\"duration\":{\"type\":\"DateRange\",\"start\":")
            moment(to: writer)
            writer.raw("}}")
        case .users:
            identity("id", to: writer)
            writer.raw("\"userName\":")
            text(to: writer)
            writer.raw(",\"institutionRoleIds\":[\"STUDENT\"],\"availability\":{\"available\":\"Yes\"},")
            writer.raw("\"name\":{\"given\":\"Hostile\"},\"contact\":{\"email\":\"hostile@example.org\"},\"created\":")
            moment(to: writer)
        case .memberships:
            identity("userId", to: writer)
            writer.raw("\"courseId\":")
            writer.string(course)
            writer.raw(",\"availability\":{\"available\":\"Yes\"},\"courseRoleId\":")
            text(to: writer)
            writer.raw(",\"created\":")
            moment(to: writer)
        case .columns:
            identity("id", to: writer)
            writer.raw("\"grading\":{\"type\":\"Manual\",\"due\":")
            moment(to: writer)
            writer.raw("},\"score\":{\"possible\":10.00000},\"availability\":{\"available\":\"Yes\"},\"name\":")
            text(to: writer)
        default: appendGradebook(to: writer)
        }
        extra(to: writer)
        writer.raw("}")
    }

    private func appendGradebook(to writer: ByteWriter) {
        switch list {
        case .categories:
            identity("id", to: writer)
            writer.raw("\"title\":")
            if kind == .wrongType { writer.raw("{\"text\":1}") } else { text(to: writer) }
            if kind == .badNumber { writer.raw(",\"position\":01") }
        case .grades:
            identity("userId", to: writer)
            writer.raw("\"columnId\":")
            writer.string(column)
            writer.raw(",\"displayGrade\":{\"scaleType\":\"Text\",\"possible\":10.000000000000000,\"text\":")
            text(to: writer)
            writer.raw("},\"exempt\":false,\"changeIndex\":1,\"lastRelevantDate\":")
            moment(to: writer)
        case .reviewStatus:
            identity("userId", to: writer)
            writer.raw("\"courseId\":")
            writer.string(course)
            writer.raw(",\"reviewedCount\":3,\"note\":")
            text(to: writer)
            writer.raw(",\"reviewableCount\":")
            switch kind {
            case .wrongType, .milliseconds: writer.raw("\"many\"")
            case .badNumber: writer.raw("01")
            default: writer.raw("4")
            }
        default:
            identity("id", to: writer)
            writer.raw("\"status\":\"Completed\",\"note\":")
            text(to: writer)
            writer.raw(",\"displayGrade\":{\"scaleType\":\"Score\",\"score\":5.00000,\"possible\":10.000000000000000}")
            writer.raw(",\"attemptDate\":")
            moment(to: writer)
        }
    }

    private func identity(_ name: StaticString, to writer: ByteWriter) {
        guard kind != .missingId else { return }
        writer.raw("\"")
        writer.raw(name)
        writer.raw("\":")
        if kind == .nullId { writer.raw("null") } else { writer.string(id) }
        writer.raw(",")
    }

    private func text(to writer: ByteWriter) {
        switch kind {
        case .nulInText: writer.raw("\"Nul \\u0000 inside\"")
        case .loneSurrogate: writer.raw("\"Half \\ud83d inside\"")
        case .oversizeString:
            writer.raw("\"")
            writer.plain(String(repeating: "x", count: 1_048_577))
            writer.raw("\"")
        default: writer.raw("\"Hostile\"")
        }
    }

    private func moment(to writer: ByteWriter) {
        switch kind {
        case .wrongType: writer.raw("\"yesterday\"")
        case .milliseconds: writer.integer(Self.time.microseconds / 1000)
        case .badNumber: writer.raw("01")
        default: writer.isoTime(Self.time)
        }
    }

    private func extra(to writer: ByteWriter) {
        switch kind {
        case .nulInKey: writer.raw(",\"\\u0000bad\":1")
        case .duplicateKeys: writer.raw(",\"twice\":1,\"twice\":2")
        case .deepNesting:
            writer.raw(",\"deep\":")
            writer.plain(String(repeating: "[", count: 600) + String(repeating: "]", count: 600))
        default: break
        }
    }
}
