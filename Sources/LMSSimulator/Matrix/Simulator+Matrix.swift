extension Simulator {
    /// How to start a MATRIX school.
    package struct MatrixSettings: Sendable {
        /// 0 takes any free port.
        package var port: Int
        /// Loopback only.
        package var host: String
        /// The administrator's key that is let in.
        package var apiKey: String
        /// Where the school's time begins.
        package var clock: ClockStart
        /// Faults that are on from the start.
        package var faults: MatrixFaults

        /// Settings that need no thought.
        package init(
            port: Int = 0,
            host: String = "127.0.0.1",
            apiKey: String = "fake-key",
            clock: ClockStart = .standard,
            faults: MatrixFaults = MatrixFaults()
        ) {
            (self.port, self.host, self.apiKey, self.clock, self.faults) = (port, host, apiKey, clock, faults)
        }
    }

    /// Starts serving a MATRIX school; the port is open when this returns.
    package static func start(
        _ school: MatrixSchool,
        _ settings: MatrixSettings = MatrixSettings()
    ) async throws -> Simulator {
        let simulator = Simulator(
            site: MatrixSite(
                school: school,
                apiKey: settings.apiKey,
                clock: SimulatedClock(settings.clock),
                faults: settings.faults
            )
        )
        try await simulator.listen(host: settings.host, port: settings.port)
        return simulator
    }

    /// The switches of a MATRIX school as they are now.
    package var matrixFaults: MatrixFaults {
        get { withSite { (site: MatrixSite) in site.faults } ?? MatrixFaults() }
        set { try? setFaults(json: newValue.json) }
    }
}
