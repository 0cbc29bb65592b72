import ArgumentParser
import Sync
import Testing

@testable import registrar

@Suite struct ArgumentTests {
    @Test(
        "global options may stand before the command",
        arguments: [
            (["--config", "a", "sync", "--dry-run"], ["sync", "--config", "a", "--dry-run"]),
            (["--log-level=debug", "--config=a", "status"], ["status", "--log-level=debug", "--config=a"]),
            (["sync", "--config", "a"], ["sync", "--config", "a"]),
            (["--config", "a"], ["--config", "a"]),
            (["--config"], ["--config"]),
            (["--config", "a", "--help"], ["--help", "--config", "a"]),
            (["--config", "a", "help", "sync"], ["help", "sync"]),
            ([], []),
        ]
    )
    func order(_ given: [String], _ expected: [String]) {
        #expect(ArgumentOrder.normalised(given) == expected)
    }

    @Test("every command parses with the options of the contract")
    func contract() throws {
        let lines = [
            "init", "doctor", "migrate --dry-run", "migrate --print-grants --role x",
            "baseline --source a --source b --stream grades --restart",
            "sync --source a --stream grades --dry-run --config x --log-level debug --log-format json",
            "sync --full", "sync --full --max-age 30d --stream grades --dry-run", "status --json",
            "replay --source a --from 1751290000 --to 2025-06-30T16:00:00Z --activity complete_course --activity b --json",
            "rejects --source a --json",
            "sync --learner 65f0 --learner 65f1 --course fire-safety-101 --source a --stream grades --dry-run",
        ]
        for line in lines {
            let command = try RegistrarCommand.parseAsRoot(line.split(separator: " ").map(String.init))
            #expect(command is any ServiceCommand, "\(line)")
        }
        let line = "--config x sync --source a --source b"
        let arguments = ArgumentOrder.normalised(line.split(separator: " ").map(String.init))
        let sync = try #require(try RegistrarCommand.parseAsRoot(arguments) as? SyncCommand)
        #expect(sync.global.config == "x")
        #expect(sync.selection.sources == ["a", "b"])
    }

    @Test(
        "a usage error is 64",
        arguments: [
            "bogus", "sync --sorce a", "sync --max-age 30d", "sync --full --max-age soon", "sync --source",
            "status --log-level loud", "status more", "sync --full --learner a", "sync --course",
            "replay --source a --from 1", "replay --from 1 --to 2",
        ]
    )
    func usage(_ line: String) {
        do {
            _ = try RegistrarCommand.parseAsRoot(line.split(separator: " ").map(String.init))
            Issue.record("accepted")
        } catch {
            #expect(RegistrarCommand.exitCode(for: error).rawValue == 64)
        }
    }

    @Test(
        "a command that is none of ours is named, with the one that was meant",
        arguments: [
            ("syncc", "unknown command 'syncc'; did you mean sync?"),
            ("baselin --config a", "unknown command 'baselin'; did you mean baseline?"),
            ("help nope", "unknown command 'nope'"), ("help statu", "unknown command 'statu'; did you mean status?"),
            ("serve --config a", "unknown command 'serve'"), ("erase --source g", "unknown command 'erase'"),
            ("sync", nil), ("help", nil), ("help help", nil), ("help sync", nil), ("--help", nil), ("", nil),
        ] as [(String, String?)]
    )
    func unknownCommand(_ line: String, _ fault: String?) {
        #expect(CommandNames.fault(in: line.split(separator: " ").map(String.init)) == fault)
    }

    @Test("help and the version are no errors", arguments: ["--help", "sync --help", "--version"])
    func help(_ line: String) {
        do {
            var command = try RegistrarCommand.parseAsRoot(line.split(separator: " ").map(String.init))
            #expect(!(command is any ServiceCommand))
            try command.run()
            Issue.record("no message")
        } catch {
            #expect(RegistrarCommand.exitCode(for: error) == .success)
        }
    }
}
