import Foundation
import Synchronization

/// A learning platform on loopback: the API of its kind over a living school, with faults, ground truth and counts.
///
/// It follows the README of the kind in Sources/Platforms and the vendor's documents and shares no code with any
/// connector. Everything the control endpoint (`/_control`, same port) can do is a function here too.
package final class Simulator: Sendable {
    private let site: Mutex<any SimulatedSite>
    private let date = Mutex(HTTPDate())
    private let server: Mutex<SimulatorServer?>
    private let boundPort: Mutex<Int>
    /// What has become of webhooks.
    let webhookLog = Mutex<[WebhookReport]>([])

    init(site: sending any SimulatedSite) {
        self.site = Mutex(site)
        server = Mutex(nil)
        boundPort = Mutex(0)
    }

    /// Opens the port.
    func listen(host: String, port: Int) async throws {
        let server = try await SimulatorServer(host: host, port: port) { self.answer($0) }
        self.server.withLock { $0 = server }
        boundPort.withLock { $0 = server.port }
    }

    /// Whether the port is open.
    var isListening: Bool { server.withLock { $0 != nil } }

    /// The port that is listened on.
    package var port: Int { boundPort.withLock { $0 } }

    /// The address to configure as a source's `url`.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// Closes the port and every connection; a second call does nothing.
    package func stop() async throws {
        let server = server.withLock { held in
            let server = held
            held = nil
            return server
        }
        try await server?.stop()
    }

    /// Answers one call, from the network or from a test.
    func answer(_ request: SimulatedRequest) -> SimulatedAnswer {
        var answer =
            request.components.first == "_control"
            ? ControlEndpoint(simulator: self).answer(request)
            : site.withLock { site in
                let answer = site.answer(request)
                if answer.status != 200, answer.status != 404 { site.requests.countFailure(answer.status) }
                return answer
            }
        let (now, isOmitted) = site.withLock { ($0.clock.now, $0.wireFaults.omitDate) }
        answer.date = isOmitted ? nil : date.withLock { $0.text(for: now) }
        return answer
    }

    // MARK: control

    /// The platform's name.
    package var platform: String { site.withLock { $0.name } }

    /// The school's time.
    package var now: Instant { site.withLock { $0.clock.now } }

    /// Moves the school's clock forward.
    package func advance(seconds: Double) {
        site.withLock { $0.clock.advance(seconds: seconds) }
    }

    /// Makes random changes and says what was done.
    @discardableResult
    package func change(_ request: ChangeRequest) -> [ChangeRecord] {
        site.withLock { $0.live(request) }
    }

    /// The kinds of change that an incremental pull finds, and those that only a sweep finds.
    package var changeKinds: (visible: [ChangeKind], silent: [ChangeKind]) { site.withLock { $0.changeKinds } }

    /// Every switch with its value, as a JSON object.
    var faultsJSON: [UInt8] { site.withLock { $0.faultsJSON } }

    /// Puts the keys of a JSON object over the switches.
    package func setFaults(json: [UInt8]) throws {
        try site.withLock { site throws(SimulatorError) in try site.setFaults(json: json) }
    }

    /// Turns every switch off.
    package func resetFaults() {
        site.withLock { $0.resetFaults() }
    }

    /// Lets a test look at the site behind the API, or `nil` where it is another platform's.
    func withSite<Site: SimulatedSite, Value: Sendable>(_ body: @Sendable (Site) -> Value) -> Value? {
        site.withLock { site in
            guard let site = site as? Site else { return nil }
            return body(site)
        }
    }

    /// Lends the site, whatever platform it is.
    func withAnySite<Value: Sendable>(_ body: @Sendable (any SimulatedSite) throws -> Value) throws -> Value {
        try site.withLock { try body($0) }
    }

    /// The tables `truth` knows.
    package var truthTables: [String] { site.withLock { $0.truthTables } }

    /// What the warehouse should hold in one `lms` table after a full pull now: a JSON object a line, keyed by column.
    ///
    /// Times are microseconds since 1970. `events` rows come without `event_id`.
    package func truth(_ table: String) -> [UInt8] {
        site.withLock { site in
            // A writer of its own: a table may be far larger than a page, and its memory is given back.
            let writer = ByteWriter()
            site.writeTruth(of: table, to: writer)
            return [UInt8](writer.bytes)
        }
    }

    /// Rows in one table of the truth.
    package func truthCount(_ table: String) -> Int {
        truth(table).count { $0 == 0x0A }
    }

    /// What was asked so far.
    package var requests: RequestCounts { site.withLock { RequestCounts($0.requests) } }

    /// Starts counting anew; keeps the last `recent` request lines from now on.
    package func resetRequests(recent: Int = 0) {
        site.withLock {
            $0.requests.recentLimit = recent
            $0.requests.reset()
        }
    }

    /// Values that must never be found in a warehouse, log or process title: planted ones, tokens and the client secret.
    package var secrets: [String] { site.withLock { $0.secrets } }

    /// A one-line summary as JSON keys.
    var state: [String: Any] {
        site.withLock { site in
            let now = site.clock.now
            return [
                "platform": site.name, "now": now.seconds, "now_microseconds": now.microseconds,
                "changes_applied": site.changesApplied, "school": site.counts,
            ]
        }
    }
}
