extension Simulator {
    /// How to start a Grow or LearnWorlds school.
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

    /// Starts serving a Grow or LearnWorlds school; the port is open when this returns.
    package static func start(_ school: School, _ settings: Settings = Settings()) async throws -> Simulator {
        let simulator = Simulator(
            site: LearnWorldsSite(
                platform: LearnWorldsPlatform(product: settings.kind),
                school: school,
                clock: SimulatedClock(settings.clock),
                faults: settings.faults,
                tokens: TokenOffice(clientID: settings.clientID, clientSecret: settings.clientSecret)
            )
        )
        try await simulator.listen(host: settings.host, port: settings.port)
        return simulator
    }

    /// The switches of a Grow or LearnWorlds school as they are now.
    package var faults: Faults {
        get { withSite { (site: LearnWorldsSite) in site.faults } ?? Faults() }
        set { try? setFaults(json: newValue.json) }
    }
}
