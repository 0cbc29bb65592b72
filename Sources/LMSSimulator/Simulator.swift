import Foundation
import Synchronization

/// A learning platform on loopback: the API of its guide over a living school, with faults, ground truth and counts.
///
/// It follows the guide and the vendor's documents and shares no code with any connector. Everything the control
/// endpoint (`/_control`, same port) can do is a function here too.
package final class Simulator: Sendable {
    private let platform: any SimulatedPlatform
    /// The product whose names are used.
    let kind: LearnWorldsProduct
    private let world: Mutex<World>
    private let server: Mutex<SimulatorServer?>
    private let boundPort: Mutex<Int>

    /// How to start a simulator.
    package struct Settings: Sendable {
        /// Which product's names to use.
        package var kind: LearnWorldsProduct
        /// 0 takes any free port.
        package var port: Int
        /// Loopback only.
        package var host: String
        /// The client that is let in.
        package var clientID: String
        /// Its secret.
        package var clientSecret: String
        /// Where the school's time begins.
        package var clock: ClockStart
        /// Faults that are on from the start.
        package var faults: Faults

        /// Settings that need no thought.
        package init(
            kind: LearnWorldsProduct = .grow,
            port: Int = 0,
            host: String = "127.0.0.1",
            clientID: String = "fake-client",
            clientSecret: String = "fake-secret",
            clock: ClockStart = .standard,
            faults: Faults = Faults()
        ) {
            self.kind = kind
            self.port = port
            self.host = host
            self.clientID = clientID
            self.clientSecret = clientSecret
            self.clock = clock
            self.faults = faults
        }
    }

    private init(_ school: sending School, _ settings: Settings) {
        platform = LearnWorldsPlatform(product: settings.kind)
        kind = settings.kind
        world = Mutex(
            World(
                school: school,
                clock: SimulatedClock(settings.clock),
                faults: settings.faults,
                tokens: TokenOffice(clientID: settings.clientID, clientSecret: settings.clientSecret)
            )
        )
        server = Mutex(nil)
        boundPort = Mutex(0)
    }

    /// Starts serving a school; the port is open when this returns.
    package static func start(_ school: School, _ settings: Settings = Settings()) async throws -> Simulator {
        let simulator = Simulator(school, settings)
        let server = try await SimulatorServer(host: settings.host, port: settings.port) { request in
            simulator.answer(request)
        }
        simulator.server.withLock { $0 = server }
        simulator.boundPort.withLock { $0 = server.port }
        return simulator
    }

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
        let platform = platform
        var answer =
            request.components.first == "_control"
            ? ControlEndpoint(simulator: self).answer(request)
            : world.withLock { world in
                let answer = platform.answer(request, in: &world)
                if answer.status != 200, answer.status != 404 { world.requests.countFailure(answer.status) }
                return answer
            }
        answer.date = world.withLock { $0.date.text(for: $0.clock.now) }
        return answer
    }

    // MARK: control

    /// The school's time.
    package var now: Instant { world.withLock { $0.now } }

    /// Moves the school's clock forward.
    package func advance(seconds: Double) {
        world.withLock { $0.clock.advance(seconds: seconds) }
    }

    /// Makes random changes and says what was done.
    @discardableResult
    package func change(_ request: ChangeRequest) -> [ChangeRecord] {
        world.withLock { $0.live(request) }
    }

    /// The switches as they are now.
    package var faults: Faults {
        get { world.withLock { $0.faults } }
        set {
            world.withLock {
                $0.faults = newValue
                $0.hostilePaths = [:]
            }
        }
    }

    /// Puts the keys of a JSON object over the switches.
    package func setFaults(json: [UInt8]) throws {
        faults = try faults.merging(json: json)
    }

    /// The tables `truth` knows.
    package var truthTables: [String] { platform.truthTables }

    /// What the warehouse should hold in one `lms` table after a full pull now: a JSON object a line, keyed by column.
    ///
    /// Times are microseconds since 1970. `events` rows come without `event_id`.
    package func truth(_ table: String) -> [UInt8] {
        let platform = platform
        return world.withLock { world in
            world.school.revealLateEvents(at: world.now)
            // A writer of its own: a table may be far larger than a page, and its memory is given back.
            let writer = ByteWriter()
            platform.writeTruth(of: table, in: world, to: writer)
            return [UInt8](writer.bytes)
        }
    }

    /// Rows in one table of the truth.
    package func truthCount(_ table: String) -> Int {
        truth(table).count { $0 == 0x0A }
    }

    /// What was asked so far.
    package var requests: RequestCounts { world.withLock { RequestCounts($0.requests) } }

    /// Starts counting anew; keeps the last `recent` request lines from now on.
    package func resetRequests(recent: Int = 0) {
        world.withLock {
            $0.requests.recentLimit = recent
            $0.requests.reset()
        }
    }

    /// Values that must never be found in a warehouse, log or process title: planted ones, tokens and the client secret.
    package var secrets: [String] {
        let planted = (PlantedSecrets.always + PlantedSecrets.onRequest).map { "\($0.value)" }
        return world.withLock { [$0.tokens.clientSecret] + $0.tokens.handedOut } + planted
    }

    /// A one-line summary as JSON keys.
    var state: [String: Any] {
        let platform = platform.name
        return world.withLock { world in
            [
                "platform": platform, "now": world.now.seconds, "now_microseconds": world.now.microseconds,
                "changes_applied": world.changesApplied, "approximate_rows": world.school.approximateRowCount,
                "school": world.school.counts,
            ]
        }
    }
}
