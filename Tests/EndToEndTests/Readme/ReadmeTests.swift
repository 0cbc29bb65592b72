import Foundation
import LMSSimulator
import RegistrarTesting
import Testing

/// Executes the README's own text: what a reader copies has to work, in the order in which it stands.
@Suite("The README's path")
struct ReadmeTests {
    /// What a shell, cron and systemd would each read in a way of their own.
    private static let hostileSecret = #"s $HOME & ; " ' ( \ ` %"#

    @Test(
        "build, configure, check, load, query, schedule: each block runs as an ordinary user",
        .timeLimit(.minutes(5))
    )
    func works() async throws {
        let blocks = try ReadmeBlock.all()
        let path = blocks.filter { $0.section == "Your own school in five minutes" }
        let install = try #require(path.first { $0.text.contains("install") })
        let configuration = try #require(path.first { $0.language == "yaml" && $0.text.contains("kind: grow") }).text
        let commands = try #require(path.first { $0.text.contains("registrar doctor") }).text
        let clientID = try #require(configuration.firstMatch(of: /client_id: (\S+)/)).1

        let simulator = try await Simulator.start(
            GeneratedSchool.make(GeneratedSchool.Shape(courses: 3, learners: 12)),
            Simulator.Settings(kind: .grow, clientID: String(clientID), clientSecret: Self.hostileSecret, clock: .now)
        )
        try await ReadmeMachine.lend { machine in
            try await succeeds(machine, machine.placed(install.text))

            let own = configuration.replacing(
                "https://acme.example.org",
                with: "\(simulator.url)\n    requests_per_second: 1000"
            )
            try own.write(toFile: "\(machine.directory)/home/registrar.yaml", atomically: true, encoding: .utf8)
            let quoted = "'" + Self.hostileSecret.replacing("'", with: #"'\''"#) + "'"
            let output = try await succeeds(machine, commands.replacing("ACME_SECRET=…", with: "ACME_SECRET=\(quoted)"))
            #expect(output.contains("enrollments"))

            try await queries(machine, blocks)
            try await schedules(machine, blocks, own)
        }
        try await simulator.stop()
    }

    @Test("blocks are cut out with their section, language and own indentation")
    func parses() {
        let text = "## A\ntext\n1. x\n   ```sh\n   one\n     two\n   ```\n## B\n```\nthree\n```\n"
        let blocks = ReadmeBlock.parse(text)
        #expect(blocks.map(\.section) == ["A", "B"])
        #expect(blocks.map(\.language) == ["sh", ""])
        #expect(blocks.map(\.text) == ["one\n  two\n", "three\n"])
    }

    // MARK: The later sections

    private func queries(_ machine: ReadmeMachine, _ blocks: [ReadmeBlock]) async throws {
        let section = blocks.filter { $0.section == "Query it" }
        let psql = try #require(section.first { $0.text.hasPrefix("psql") }).text.trimmingCharacters(in: .newlines)
        for block in section where block.language == "sql" {
            try block.text.write(toFile: "\(machine.directory)/home/queries.sql", atomically: true, encoding: .utf8)
            let output = try await succeeds(machine, "\(psql) -v ON_ERROR_STOP=1 -f queries.sql")
            let statements = block.text.split(separator: ";").filter { $0.contains("SELECT") }.count
            #expect(output.matches(of: /\(\d+ rows?\)/).count == statements, "\(output)")
            let first = try #require(output.firstMatch(of: /\((\d+) rows?\)/)).1
            #expect(first != "0", "\(output)")
        }
    }

    /// The crontab's line, as cron runs it, and the unit's command, with a secret that no shell may see.
    private func schedules(_ machine: ReadmeMachine, _ blocks: [ReadmeBlock], _ configuration: String) async throws {
        let section = blocks.filter { $0.section == "Schedule it" }
        let cron = try #require(section.first { $0.text.hasPrefix("*/15 * * * *") }).text
        let files = try #require(section.first { $0.text.contains("acme.secret") && $0.language == "sh" }).text
        let pasted = "\(machine.directory)/home/pasted"
        try (Self.hostileSecret + "\n").write(toFile: pasted, atomically: true, encoding: .utf8)
        try await succeeds(machine, "exec < pasted\n\(machine.placed(files))")
        let reference = machine.placed("${file:/etc/registrar/acme.secret}")
        try configuration.replacing("${ACME_SECRET}", with: reference)
            .write(toFile: "\(machine.settings)/registrar.yaml", atomically: true, encoding: .utf8)

        // cron takes five fields and the user, and cuts the command at a percent sign.
        let fields = try #require(cron.firstMatch(of: /^(?:\S+\s+){5}registrar\s+(.+)\n/)).1
        #expect(!fields.contains("%"))
        let command = machine.placed(String(fields))
        try await succeeds(machine, command, shell: "sh")
        let log = try String(contentsOfFile: "\(machine.state)/sync.log", encoding: .utf8)
        #expect(!log.contains("$HOME &"), "the secret is in the log")

        let unit = try String(
            contentsOf: Self.repository.appendingPathComponent("deploy/registrar.service"),
            encoding: .utf8
        )
        let start = try #require(unit.firstMatch(of: /\nExecStart=(.+)\n/)).1
        try await succeeds(machine, machine.placed(String(start)), shell: "sh")
    }

    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../..")

    @discardableResult
    private func succeeds(
        _ machine: ReadmeMachine,
        _ script: String,
        shell: String = "bash",
        at location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let ending = try await machine.run(script, named: shell)
        #expect(ending.code == 0, "\(script)\n\(ending.output)\n\(ending.errors)", sourceLocation: location)
        return ending.output
    }
}
