import JSON
import Records
import Transformer

/// The sessions of one user, as events.
struct MatrixSessions: Sendable {
    var learner: String
    var events: [Event]
    /// Whether the newest session has no end yet.
    var isOpen: Bool
}

extension MatrixMapping {
    private static let sessionsShape = RecordShape(
        key: [.member("id")],
        ignored: ["count"],
        rejectPayload: ["id", "count"]
    )
    private static let sessionShape = RecordShape(
        key: [.member("login_at")],
        ignored: ["ip_address"],
        rejectPayload: ["login_at", "logout_at"],
        path: "sessions[]."
    )

    /// Reads the login sessions of several users; the platform remembers 30 days of them.
    func sessions(_ items: JSONValue, into batch: inout Batch<Event>) -> [MatrixSessions] {
        items.elements.compactMap { user($0, into: &batch) }
    }

    private func user(_ item: JSONValue, into batch: inout Batch<Event>) -> MatrixSessions? {
        let shape = Self.sessionsShape
        guard item.kind == .object else {
            batch.reject(item, shape: shape, context: context, cause: .notAnObject)
            return nil
        }
        var reader = RecordReader(item, context: context)
        let learner = reader.integerKey("id")
        if let failure = reader.failure {
            batch.reject(item, shape: shape, context: context, cause: failure.cause, field: failure.field)
            return nil
        }
        var sessions: [(login: Timestamp, logout: String?)] = []
        reader.forEach(in: "sessions") { element in
            if let session = session(element, of: learner, into: &batch) { sessions.append(session) }
        }
        reader.note(in: &batch.driftLog, shape: shape)
        if let first = sessions.first, let last = sessions.last, first.login > last.login { sessions.reverse() }
        let isOpen = sessions.last.map { $0.logout == nil } ?? false
        return MatrixSessions(learner: learner, events: events(sessions, of: learner), isOpen: isOpen)
    }

    /// Sessions have no id, so it is made of the user, the login and the ordinal of the session in its minute.
    private func events(_ sessions: [(login: Timestamp, logout: String?)], of learner: String) -> [Event] {
        var ordinals: [Int64: Int] = [:]
        return sessions.map { session in
            let minute = session.login.microseconds / 60_000_000
            let ordinal = ordinals[minute, default: 0]
            ordinals[minute] = ordinal + 1
            let logout = session.logout.map(JSONWriter.quoted) ?? "null"
            return Event(
                eventID: ContentHash.identity(at: session.login, of: learner, session.login.iso8601, String(ordinal)),
                occurredAt: session.login,
                activity: "login",
                learnerID: learner,
                payload: JSONText("{\"logout_at\":\(logout)}")
            )
        }
    }

    private func session(
        _ item: JSONValue,
        of learner: String,
        into batch: inout Batch<Event>
    ) -> (login: Timestamp, logout: String?)? {
        let shape = Self.sessionShape
        guard
            var reader = batch.reader(
                of: item,
                shape: shape,
                context: context,
                walk: learner
            )
        else { return nil }
        let login = time(&reader, "login_at")
        let logout = reader.text("logout_at", emptyIsNull: true)
        guard let login else {
            batch.reject(
                item,
                shape: shape,
                context: context,
                walk: learner,
                cause: .unusableTime,
                field: "login_at"
            )
            return nil
        }
        reader.note(in: &batch.driftLog, shape: shape)
        return (login, logout)
    }
}
