/// A hostile record as bytes of its list.
///
/// Its ids are new, so that it hides no other record: where it is a user, it is one more learner.
struct MatrixHostileRendering {
    static let time = Instant(seconds: 1_760_000_040)

    let page: Int
    let kind: HostileRecord.Kind
    let list: MatrixList
    /// The record's own id; of rosters, completions and the like the user's.
    let id: Int
    /// The class of a nested list.
    let course: Int
    let time: Instant
    /// The place of a hostile assignment: behind all others of its class.
    let position: Int

    init(_ record: HostileRecord, place: Int, list: MatrixList, call: MatrixHostileCall, in site: MatrixSite) {
        (page, kind, self.list) = (record.page, record.kind, list)
        id = 990_000_000 + place
        course = call.course ?? site.school.classOrder.first.map { site.school.classes[Int($0)].id } ?? 0
        let index = site.school.classByID[course]
        position = 1 + (index.map { site.school.classes[Int($0)].assignments.count { !$0.isDeleted } } ?? 0)
        // A session must lie within the platform's horizon.
        time = list == .sessions ? site.now.adding(seconds: -86_400) : Self.time
    }

    /// Whether the row is stored: a school field may repeat a key (Sources/Platforms/Matrix/README.md §2), any other
    /// record may not; a time that is the key cannot be voided.
    var isStored: Bool {
        switch (list, kind) {
        case (.users, .duplicateKeys), (.classes, .duplicateKeys), (.roster, .duplicateKeys),
            (.teachers, .duplicateKeys):
            true
        case (.sessions, .wrongType), (.sessions, .milliseconds): false
        default: !kind.isRejected
        }
    }

    func append(to writer: ByteWriter, _ wire: MatrixWire) {
        let record = MatrixObject(writer, wire)
        switch list {
        case .users, .roster, .teachers: appendUser(to: record)
        case .classes: appendClass(to: record)
        case .organizations: appendOrganization(to: record)
        case .assignments: appendAssignment(to: record)
        case .gradebook: appendGrades(to: record)
        case .completions: appendCompletion(to: record)
        case .sessions: appendSessions(to: record)
        }
        extra(to: record)
        record.end()
    }

    private func appendUser(to record: MatrixObject) {
        identity("id", to: record)
        record.value("userid") { text(to: $0) }
        record.text("first_name", "Hostile")
        record.text("last_name", "Record")
        record.text("email", "hostile@example.org")
        record.bool("student", true)
        record.bool("teacher", false)
        record.value("joined_at") { moment(to: $0, record.wire) }
        record.integer("logins", 0)
        record.bool("archived", false)
        if list == .roster {
            record.text("enroll_type", "Direct")
            record.value("enrolled_at") { moment(to: $0, record.wire) }
            record.integer("time_spent", 5)
            record.bool("unenrolled", false)
            record.bool("deactivated", false)
        }
        if list == .teachers { record.bool("coteacher", false) }
        if kind == .duplicateKeys { record.text("email", "twice@example.org") }
    }

    private func appendClass(to record: MatrixObject) {
        identity("id", to: record)
        record.value("name") { text(to: $0) }
        record.text("style", "Blended")
        record.bool("archived", false)
        record.value("start") { moment(to: $0, record.wire) }
        if kind == .duplicateKeys { record.text("name", "Twice") }
    }

    private func appendOrganization(to record: MatrixObject) {
        identity("id", to: record)
        record.value("name") { text(to: $0) }
        record.bool("internal", false)
        // Nothing of this list is a time: a field that nobody maps stands in.
        record.value("founded_at") { moment(to: $0, record.wire) }
    }

    private func appendAssignment(to record: MatrixObject) {
        identity("id", to: record)
        record.value("name") { text(to: $0) }
        record.text("type", "Quiz")
        record.value("points") { $0.raw("10.0") }
        record.text("grading", "Normal")
        record.value("end") { moment(to: $0, record.wire) }
    }

    private func appendGrades(to record: MatrixObject) {
        identity("user_id", to: record)
        record.percent("percent", 5000)
        record.value("grade") { text(to: $0) }
        record.value("checked_at") { moment(to: $0, record.wire) }
        record.value("grading_periods") { $0.raw("[]") }
    }

    private func appendCompletion(to record: MatrixObject) {
        record.value("class") { $0.plain("{\"id\":\(course)}") }
        record.value("student") { writer in
            let student = MatrixObject(writer, record.wire)
            identity("id", to: student)
            student.text("first_name", "Hostile")
            student.bool("student", true)
            student.value("completed_at") { moment(to: $0, record.wire) }
            student.percent("percent", 5000)
            student.end()
        }
        record.value("certificates") { writer in
            writer.raw("[{\"id\":990000,\"name\":")
            text(to: writer)
            writer.raw(",\"duration\":null}]")
        }
    }

    private func appendSessions(to record: MatrixObject) {
        identity("id", to: record)
        record.integer("count", 1)
        record.value("note") { text(to: $0) }
        record.value("sessions") { writer in
            writer.raw("[{\"login_at\":")
            moment(to: writer, record.wire)
            writer.raw(",\"logout_at\":null}]")
        }
    }

    // MARK: values

    private func identity(_ name: StaticString, to record: MatrixObject) {
        switch kind {
        case .missingId: break
        case .nullId: record.value(name) { $0.raw("null") }
        default: record.integer(name, id)
        }
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

    private func moment(to writer: ByteWriter, _ wire: MatrixWire) {
        switch kind {
        case .wrongType: writer.raw("\"yesterday\"")
        case .milliseconds: writer.integer(time.microseconds / 1000)
        case .badNumber: writer.raw("01")
        default: wire.time(time, to: writer)
        }
    }

    private func extra(to record: MatrixObject) {
        switch kind {
        case .nulInKey: record.writer.raw("\"bad\\u0000key\":1,")
        case .duplicateKeys where !isStored: record.writer.raw("\"twice\":1,\"twice\":2,")
        case .deepNesting:
            record.writer.raw("\"deep\":")
            record.writer.plain(String(repeating: "[", count: 600) + String(repeating: "]", count: 600) + ",")
        default: break
        }
    }
}
