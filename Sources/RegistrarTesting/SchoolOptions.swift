package import LMSSimulator
package import Logging

/// What kind of school a test wants, and how the source is configured.
package struct SchoolOptions: Sendable {
    /// The source's kind.
    package var kind: String
    /// Opens the school; its port is open when this returns.
    package var start: @Sendable () async throws -> Simulator
    /// The source's credentials in `registrar.yaml`; the secret is `${SCHOOL_SECRET}`.
    package var credentialLines: [String]
    /// What `SCHOOL_SECRET` holds.
    package var secret: String
    /// Lines put under the source in `registrar.yaml`, such as `streams: [courses]`.
    package var sourceLines: [String]
    /// Lines put under the source's `options:`.
    package var optionLines: [String]
    /// Where the runs log.
    package var logger: Logger

    package init(
        kind: String,
        credentialLines: [String],
        secret: String,
        sourceLines: [String] = [],
        optionLines: [String] = [],
        logger: Logger = Self.silent,
        start: @escaping @Sendable () async throws -> Simulator
    ) {
        self.kind = kind
        self.credentialLines = credentialLines
        self.secret = secret
        self.sourceLines = sourceLines
        self.optionLines = optionLines
        self.logger = logger
        self.start = start
    }

    /// A Grow or LearnWorlds school.
    ///
    /// - Parameters:
    ///   - faults: Switches that are on from the start.
    ///   - clock: Where the school's time begins.
    package init(
        kind: LearnWorldsProduct = .grow,
        school: School = GeneratedSchool.make(),
        faults: Faults = Faults(),
        clock: ClockStart = .standard,
        sourceLines: [String] = [],
        optionLines: [String] = [],
        logger: Logger = Self.silent
    ) {
        self.init(
            kind: kind.rawValue,
            credentialLines: Self.clientLines,
            secret: "fake-secret",
            sourceLines: sourceLines,
            optionLines: optionLines,
            logger: logger
        ) {
            try await Simulator.start(school, Simulator.Settings(kind: kind, clock: clock, faults: faults))
        }
    }

    /// Credentials of a client with a secret.
    package static let clientLines = ["client_id: fake-client", "client_secret: ${SCHOOL_SECRET}"]

    /// A logger that says nothing.
    package static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    /// The source as it stands in `registrar.yaml`, for a school at `url`.
    package func lines(id: String, url: String) -> [String] {
        var lines = ["  - id: \(id)", "    kind: \(kind)", "    url: \(url)"]
        lines += (credentialLines + ["requests_per_second: 100000"] + sourceLines).map { "    \($0)" }
        if !optionLines.isEmpty { lines += ["    options:"] + optionLines.map { "      \($0)" } }
        return lines
    }
}
