/// How to start a Blackboard Learn site.
package struct BlackboardSettings: Sendable {
    /// 0 takes any free port.
    package var port: Int
    /// Loopback only.
    package var host: String
    /// The application key that is let in.
    package var clientID: String
    /// The application secret.
    package var clientSecret: String
    /// Where the school's time begins; nil where its data ends.
    package var clock: ClockStart?
    /// Faults that are on from the start.
    package var faults: BlackboardFaults

    /// Settings that need no thought.
    package init(
        port: Int = 0,
        host: String = "127.0.0.1",
        clientID: String = "fake-client",
        clientSecret: String = "fake-secret",
        clock: ClockStart? = nil,
        faults: BlackboardFaults = BlackboardFaults()
    ) {
        self.port = port
        self.host = host
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.clock = clock
        self.faults = faults
    }
}

extension Simulator {
    /// Starts serving a Blackboard Learn site; the port is open when this returns.
    package static func start(
        _ school: BlackboardSchool,
        _ settings: BlackboardSettings = .init()
    ) async throws -> Simulator {
        let simulator = Simulator(
            site: BlackboardSite(
                school: school,
                clock: SimulatedClock(settings.clock ?? school.clock),
                faults: settings.faults,
                tokens: TokenOffice(clientID: settings.clientID, clientSecret: settings.clientSecret)
            )
        )
        try await simulator.listen(host: settings.host, port: settings.port)
        return simulator
    }

    /// The switches of a Blackboard Learn site as they are now.
    package var blackboardFaults: BlackboardFaults {
        get { withSite { (site: BlackboardSite) in site.faults } ?? BlackboardFaults() }
        set { try? setFaults(json: newValue.json) }
    }
}
