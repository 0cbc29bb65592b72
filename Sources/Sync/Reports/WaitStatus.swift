import Loader
import Records

/// A command that waits for room in the warehouse now. Times are ISO 8601 in UTC.
package struct WaitStatus: Sendable, Equatable {
    /// The name of its session on the server: `registrar/sync`.
    package var session: String
    /// What it waits for.
    package var cause: String
    package var since: String
    /// When it gives up.
    package var until: String

    package init(session: String, cause: String, since: String, until: String) {
        (self.session, self.cause, self.since, self.until) = (session, cause, since, until)
    }

    init(_ waiting: WaitingSession) {
        self.init(
            session: waiting.name,
            cause: waiting.wait.cause,
            since: waiting.wait.since.iso8601,
            until: waiting.wait.until.iso8601
        )
    }
}
