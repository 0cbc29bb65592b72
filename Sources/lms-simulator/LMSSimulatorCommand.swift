import ArgumentParser
import Dispatch
import Foundation
import LMSSimulator

/// Serves a simulated learning platform on loopback until it is told to stop.
@main
struct LMSSimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lms-simulator",
        abstract: "Serves a learning platform's API over a simulated school, on loopback.",
        discussion: """
            Prints `listening on http://127.0.0.1:PORT` when it is ready. Control lives under /_control on the same port: \
            state, truth/TABLE, requests, clock, change, faults, secrets. SIGTERM and SIGINT end it.
            """
    )

    @Option(help: "The platform: grow, learnworlds, blackboard or matrix.")
    var kind: SimulatedKind = .grow

    @Option(help: "The port; 0 takes any free one.")
    var port = 0

    @Option(help: "A loopback address.")
    var host = "127.0.0.1"

    @Option(help: "Directory of the OULAD data set to serve.")
    var oulad: String?

    @Option(help: "Event log of the OULAD school of grow or learnworlds: none, compact or full.")
    var ouladEvents: OULADSchool.EventDetail = .compact

    @Option(help: "Generate a school of about so many rows.")
    var generateRows: Int?

    @Option(help: "Generate a school of so many learners.")
    var learners: Int?

    @Option(help: "Courses of a generated school.")
    var courses: Int?

    @Option(
        help: "Courses of each learner of a generated grow or learnworlds school; with --generate-rows, fewer learners."
    )
    var coursesPerLearner: Int?

    @Option(help: "Seed of a generated school.")
    var seed: UInt64 = 1

    @Option(help: "The client that is let in.")
    var clientID = "fake-client"

    @Option(help: "Its secret.")
    var clientSecret = "fake-secret"

    @Option(help: "The administrator's key of matrix.")
    var apiKey = "fake-key"

    @Option(
        help: """
            The school's time: now (runs), or Unix seconds at which it stands still until advanced. The OULAD school of \
            blackboard always stands where its data ends: its courses would be long over.
            """
    )
    var clock = "now"

    @Option(help: "Faults as a JSON object; GET /_control/faults names them all.")
    var faults: String?

    func validate() throws {
        guard oulad == nil || (generateRows == nil && learners == nil) else {
            throw ValidationError("give either --oulad or a school to generate")
        }
        guard clock == "now" || Int64(clock) != nil else {
            throw ValidationError("--clock is now or Unix seconds")
        }
    }

    func run() async throws {
        let simulator = try await start()
        if let faults { try simulator.setFaults(json: Array(faults.utf8)) }
        print("listening on \(simulator.url)")
        fflush(nil)
        await waitForSignal()
        try await simulator.stop()
    }

    private var clockStart: ClockStart {
        Int64(clock).map { ClockStart.frozen(Instant(seconds: $0)) } ?? .now
    }

    private func start() async throws -> Simulator {
        switch kind {
        case .grow, .learnworlds:
            try await Simulator.start(
                try await learnWorldsSchool(),
                Simulator.Settings(
                    kind: kind == .grow ? .grow : .learnworlds,
                    port: port,
                    host: host,
                    clientID: clientID,
                    clientSecret: clientSecret,
                    clock: clockStart
                )
            )
        case .blackboard:
            try await Simulator.start(
                try await blackboardSchool(),
                BlackboardSettings(
                    port: port,
                    host: host,
                    clientID: clientID,
                    clientSecret: clientSecret,
                    clock: oulad == nil ? clockStart : nil
                )
            )
        case .matrix:
            try await Simulator.start(
                try await matrixSchool(),
                Simulator.MatrixSettings(port: port, host: host, apiKey: apiKey, clock: clockStart)
            )
        }
    }

    private func learnWorldsSchool() async throws -> School {
        if let oulad { return try await OULADSchool.load(directory: oulad, events: ouladEvents) }
        var shape =
            generateRows.map { GeneratedSchool.Shape(rows: $0, coursesPerLearner: coursesPerLearner ?? 3) }
            ?? GeneratedSchool.Shape(enrollmentsPerLearner: Double(coursesPerLearner ?? 2))
        if let learners { shape.learners = learners }
        if let courses { shape.courses = courses }
        return GeneratedSchool.make(shape, seed: seed)
    }

    private func blackboardSchool() async throws -> BlackboardSchool {
        if let oulad { return try await OULADBlackboardSchool.load(directory: oulad) }
        var shape = generateRows.map { GeneratedBlackboardSchool.Shape(rows: $0) } ?? GeneratedBlackboardSchool.Shape()
        if let learners { shape.learners = learners }
        if let courses { shape.courses = courses }
        return GeneratedBlackboardSchool.make(shape, seed: seed)
    }

    private func matrixSchool() async throws -> MatrixSchool {
        if let oulad { return try await OULADMatrixSchool.load(directory: oulad) }
        var shape = generateRows.map { MatrixShape(rows: $0) } ?? MatrixShape()
        if let learners { shape.users = learners }
        if let courses { shape.classes = courses }
        return GeneratedMatrixSchool.make(shape, seed: seed)
    }

    private func waitForSignal() async {
        let (signals, arrival) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(1))
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { arrival.yield(number) }
            source.resume()
            return source
        }
        for await _ in signals { break }
        for source in sources { source.cancel() }
    }
}

/// The platforms that can be simulated.
enum SimulatedKind: String, ExpressibleByArgument, CaseIterable {
    case grow, learnworlds, blackboard, matrix
}

extension OULADSchool.EventDetail: ExpressibleByArgument {}
