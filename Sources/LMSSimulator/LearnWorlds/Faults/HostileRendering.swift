/// A hostile record as bytes of its list, and the row it should become where it must be stored.
struct HostileRendering {
    private static let time = Instant(microseconds: 1_760_000_000_500_000)

    let page: Int
    let kind: HostileRecord.Kind
    let list: ListKind
    let id: String
    let learner: String
    let course: String
    let unit: String
    let time: Instant

    init(_ record: HostileRecord, place: Int, list: ListKind, path: String, school: School) {
        page = record.page
        kind = record.kind
        self.list = list
        // Numbers far beyond those of real records.
        let number = UInt64(0xBAD_0000_0000) + UInt64(place)
        let sides = path.split(separator: "?", omittingEmptySubsequences: false)
        let parts = sides[0].split(separator: "/").map(String.init)
        let parent = list == .certificates ? sides.last.map(String.init) ?? "" : parts.count > 4 ? parts[4] : ""
        let someone = school.learnerOrder.first.map { school.learners[Int($0)].id } ?? ObjectID.text(.learner, 1)
        switch list {
        case .users, .roster: (id, learner, course) = (ObjectID.text(.learner, number), "", "")
        case .courses: (id, learner, course) = ("hostile-\(place)", "", "")
        case .grades: (id, learner, course) = (ObjectID.text(.unit, number), someone, parent)
        case .certificates: (id, learner, course) = (ObjectID.text(.certificate, number), someone, parent)
        case .enrollments, .progress: (id, learner, course) = ("hostile-\(place)", parent, "hostile-\(place)")
        case .responses:
            id = ObjectID.text(.submission, number)
            learner = someone
            course = school.unitByID[parent].map { school.courses[Int($0.course)].slug } ?? ""
        case .events: (id, learner, course) = ("", someone, "")
        }
        unit = parent
        time = list == .events ? school.events.last?.createdAt ?? Self.time : Self.time
    }

    /// Whether the row is stored; a time that is the key or the watermark cannot be voided.
    var isStored: Bool {
        if kind.isRejected { return false }
        switch (list, kind) {
        case (.events, .milliseconds), (.responses, .milliseconds): return false
        case (.roster, _): return false
        default: return true
        }
    }

    // MARK: the served form

    func append(to writer: ByteWriter) {
        writer.raw("{")
        switch list {
        case .users, .roster:
            identity("id", to: writer)
            writer.raw("\"email\":\"hostile@example.org\",\"username\":")
            text(to: writer)
            writer.raw(
                ",\"first_name\":\"Hostile\",\"last_name\":\"\",\"is_suspended\":false,\"role\":{\"level\":\"user\","
            )
            writer.raw("\"name\":\"User\"},\"created\":")
            moment(to: writer)
            writer.raw(",\"last_login\":null,\"tags\":[],\"fields\":{\"cf_note\":\"kept\"")
            extra(to: writer)
            writer.raw("}")
        case .courses:
            identity("id", to: writer)
            writer.raw("\"title\":")
            text(to: writer)
            writer.raw(
                ",\"description\":null,\"access\":\"free\",\"categories\":[],\"identifiers\":{\"slug\":null},\"expires\":null,"
            )
            writer.raw("\"expiresType\":\"days\",\"final_price\":0,\"label\":null,\"modified\":1760000000,\"created\":")
            moment(to: writer)
            extra(to: writer)
        case .grades:
            if kind != .missingId { writer.raw("\"id\":\"67b000000000bad000000000\",\"user_id\":") }
            if kind == .nullId {
                writer.raw("null,")
            } else if kind != .missingId {
                quoted(learner, to: writer, after: ",")
            }
            writer.raw("\"email\":")
            text(to: writer)
            writer.raw(
                ",\"grade\":50,\"created\":1760000000,\"submittedTimestamp\":1760000000,\"learningUnit\":{\"id\":"
            )
            quoted(id, to: writer, after: ",\"type\":\"assessmentV2\"},\"modified\":")
            moment(to: writer)
            extra(to: writer)
        case .certificates:
            identity("id", to: writer)
            writer.raw("\"title\":")
            text(to: writer)
            writer.raw(",\"type\":\"completion\",\"status\":\"active\",\"score\":\"OK\",\"user\":{\"id\":")
            quoted(learner, to: writer, after: "},\"course_id\":")
            quoted(course, to: writer, after: ",\"issued\":")
            moment(to: writer)
            extra(to: writer)
        default: appendNested(to: writer)
        }
        writer.raw("}")
    }

    private func appendNested(to writer: ByteWriter) {
        switch list {
        case .enrollments:
            writer.raw("\"created\":")
            moment(to: writer)
            writer.raw(",\"expires\":null,\"course\":{")
            identity("id", to: writer)
            writer.raw("\"title\":")
            text(to: writer)
            writer.raw("}")
        case .progress:
            identity("course_id", to: writer)
            writer.raw(
                "\"status\":\"not_completed\",\"progress_rate\":10,\"average_score_rate\":0,\"time_on_course\":5,"
            )
            writer.raw("\"total_units\":1,\"completed_units\":0,\"progress_per_section_unit\":[],\"note\":")
            text(to: writer)
            writer.raw(",\"completed_at\":")
            moment(to: writer)
        case .responses:
            identity("id", to: writer)
            writer.raw("\"user_id\":")
            quoted(learner, to: writer, after: ",\"grade\":50,\"passed\":")
            writer.raw(kind == .wrongType ? "\"maybe\"" : "true")
            writer.raw(",\"answers\":[{\"blockId\":\"b\",\"blockType\":\"mc\",\"description\":\"d\",\"answer\":")
            text(to: writer)
            writer.raw(",\"answerData\":null}],\"submittedTimestamp\":")
            if kind == .milliseconds || kind == .badNumber { moment(to: writer) } else { writer.time(time) }
        default:
            writer.raw("\"user\":{\"id\":")
            quoted(learner, to: writer, after: "},\"activity\":\"login\",\"description\":")
            if kind == .wrongType { writer.raw("{\"text\":1}") } else { text(to: writer) }
            writer.raw(",\"additional_info\":null")
            if kind == .milliseconds || kind == .badNumber {
                writer.raw(",\"created\":")
                moment(to: writer)
            } else if kind == .nullId {
                writer.raw(",\"created\":null")
            } else if kind != .missingId {
                writer.raw(",\"created\":")
                writer.time(time)
            }
        }
        extra(to: writer)
    }

    private func identity(_ name: StaticString, to writer: ByteWriter) {
        guard kind != .missingId else { return }
        writer.raw("\"")
        writer.raw(name)
        writer.raw("\":")
        if kind == .nullId { writer.raw("null,") } else { quoted(id, to: writer, after: ",") }
    }

    private func quoted(_ text: String, to writer: ByteWriter, after: StaticString) {
        writer.string(text)
        writer.raw(after)
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
        case .milliseconds: writer.integer(time.microseconds / 1000)
        case .badNumber: writer.raw("01")
        default: writer.time(time)
        }
    }

    private func extra(to writer: ByteWriter) {
        switch kind {
        case .nulInKey: writer.raw(",\"cf_\\u0000bad\":1")
        case .duplicateKeys: writer.raw(",\"twice\":1,\"twice\":2")
        case .deepNesting:
            writer.raw(",\"deep\":")
            writer.plain(String(repeating: "[", count: 600) + String(repeating: "]", count: 600))
        default: break
        }
    }
}
