import Foundation
import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("Commands and what they need of registrar.yaml", .serialized)
struct ConfigurationCommandTests {
    private static let small = SchoolOptions(school: GeneratedSchool.make(.init(courses: 3, learners: 12), seed: 431))

    private func run(
        _ place: Installation,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> RegistrarProcess.Ending {
        try await RegistrarProcess(
            arguments + ["--config", "\(place.directory)/registrar.yaml"],
            in: place.directory,
            environment: environment
        ).wait()
    }

    @Test("migrate, status, rejects and forget need no platform's secret", .timeLimit(.minutes(2)))
    func withoutSecrets() async throws {
        try await withInstallation(Self.small) { place in
            for arguments in [["migrate"], ["migrate", "--dry-run"], ["status"], ["status", "--json"], ["rejects"]] {
                let ending = try await run(place, arguments)
                #expect(ending.code == 0, "\(arguments): \(ending.errors)")
            }
            for arguments in [["sync"], ["rejects", "--retry"]] {
                let ending = try await run(place, arguments)
                #expect(ending.code == 78 && ending.errors.contains("SCHOOL_SECRET"), "\(arguments): \(ending.errors)")
            }
            let known = try await run(place, ["forget", "--source", "acme"])
            #expect(known.code == 64 && known.errors.contains("still has the source acme"), "\(known.errors)")

            try place.write(["warehouse:", "  url: \"\(place.harness.warehouseURL)\""])
            for arguments in [["migrate"], ["status"], ["rejects"]] {
                let ending = try await run(place, arguments)
                #expect(ending.code == 0, "\(arguments): \(ending.errors)")
            }
            #expect(try await run(place, ["sync"]).code == 78)
        }
    }

    @Test("migrate --print-grants needs neither a file nor a warehouse, and names the role", .timeLimit(.minutes(1)))
    func printGrants() async throws {
        try await withTemporaryDirectory { directory in
            for (arguments, role) in [([], "registrar_loader"), (["--role", "Ada L"], "\"Ada L\"")] {
                let ending = try await RegistrarProcess(["migrate", "--print-grants"] + arguments, in: directory).wait()
                #expect(ending.code == 0, "\(ending.errors)")
                #expect(ending.output.contains("GRANT USAGE ON SCHEMA lms, sync, bi TO \(role);"), "\(ending.output)")
            }
        }
    }

    @Test("forget of what the file lacks", .timeLimit(.minutes(2)))
    func forget() async throws {
        try await withInstallation(Self.small) { place in
            #expect(await place.harness.sync().exitCode == 0)
            try place.write(["warehouse:", "  url: \"\(place.harness.warehouseURL)\""])
            let status = try await run(place, ["status"])
            #expect(status.output.contains("registrar forget --source acme"), "\(status.output)")
            let preview = try await run(place, ["forget", "--source", "acme", "--dry-run"])
            #expect(preview.code == 0 && preview.output.contains("rows would be deleted"), "\(preview.output)")
            #expect(try await place.harness.count("SELECT count(*) FROM lms.learners") == 12)
            let ending = try await run(place, ["forget", "--source", "acme"])
            #expect(ending.code == 0 && ending.output.contains("lms.learners"), "\(ending.errors)")
            #expect(try await place.harness.count("SELECT count(*) FROM lms.learners") == 0)
            #expect(try await run(place, ["forget", "--source", "acme"]).code == 64)
        }
    }

    @Test("a run says that others may read a secret, without the secret", .timeLimit(.minutes(2)))
    func openSecrets() async throws {
        try await withInstallation(Self.small) { place in
            let path = "\(place.directory)/secret"
            try "fake-secret".write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let lines = place.lines()
            try place.write(lines.map { $0.replacingOccurrences(of: "${SCHOOL_SECRET}", with: "${file:\(path)}") })
            for command in ["baseline", "sync", "plan"] {
                let ending = try await run(place, [command])
                #expect(ending.code == 0, "\(ending.errors)")
                #expect(ending.errors.contains("which others may read"), "\(ending.errors)")
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            #expect(try await !run(place, ["sync"]).errors.contains("others may read"))

            try place.write(lines.map { $0.replacingOccurrences(of: "${SCHOOL_SECRET}", with: "fake-secret") })
            let ending = try await run(place, ["sync"])
            #expect(
                ending.code == 0 && ending.errors.contains("client_secret is written in the file"),
                "\(ending.errors)"
            )
            #expect(!ending.errors.contains("fake-secret"))
        }
    }

    @Test("a secret file with a byte-order mark or a space at its end is named", .timeLimit(.minutes(1)))
    func raggedSecrets() async throws {
        try await withInstallation(Self.small) { place in
            let path = "\(place.directory)/secret"
            let lines = place.lines()
            try place.write(lines.map { $0.replacingOccurrences(of: "${SCHOOL_SECRET}", with: "${file:\(path)}") })
            for text in ["\u{FEFF}fake-secret", "fake-secret \n"] {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                let ending = try await run(place, ["sync"])
                #expect(ending.code == 78 && ending.errors.contains(path), "\(ending.errors)")
            }
            #expect(place.harness.simulator.requests.token == 0)
        }
    }

    @Test("init writes one kind, and an empty file says what to do", .timeLimit(.minutes(1)))
    func initialise() async throws {
        try await withTemporaryDirectory { directory in
            func registrar(_ arguments: String...) async throws -> RegistrarProcess.Ending {
                try await RegistrarProcess(arguments, in: directory, environment: ["BLACKBOARD_SECRET": "x"]).wait()
            }
            let file = "\(directory)/registrar.yaml"
            #expect(FileManager.default.createFile(atPath: file, contents: nil))
            let empty = try await registrar("status", "--config", file)
            #expect(empty.code == 78 && empty.errors.contains("fill it, or remove it and run"), "\(empty.errors)")
            try FileManager.default.removeItem(atPath: file)
            #expect(try await registrar("init", "--kind", "blackbord", "--config", file).code == 64)
            #expect(try await registrar("init", "--kind", "blackboard", "--config", file).code == 0)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains("kind: blackboard") && !text.contains("kind: grow") && !text.contains("acme"))
            #expect(try await registrar("init", "--config", file).code == 64, "it never overwrites")
        }
    }
}
