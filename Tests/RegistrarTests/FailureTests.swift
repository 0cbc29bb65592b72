import Settings
import Sync
import Testing

@testable import registrar

@Suite struct FailureTests {
    private struct Unknown: Error, CustomStringConvertible {
        let description = "Failing row contains (ada@example.org)"
    }

    @Test("errors of the service keep their code")
    func codes() {
        #expect(CommandFailure(SyncError(.leaseHeld, "held")).exitCode == .tryLater)
        #expect(CommandFailure(SyncError(.schemaOutdated, "old")).exitCode == .warehouse)
        #expect(CommandFailure(SyncError(.unknownStream, "x")).exitCode == .configuration)
        #expect(CommandFailure(SyncError(.internalFault, "x")).exitCode == .internalError)
        #expect(CommandFailure(CommandFailure(.usage, "x")).exitCode == .usage)
    }

    @Test("a configuration's problems are all told, one a line")
    func configuration() {
        let first = ConfigurationProblem(file: "f", line: 3, message: "bad", suggestion: "write good")
        let failure = CommandFailure(
            ConfigurationError(first, others: [ConfigurationProblem(file: "f", line: 9, message: "worse")])
        )
        #expect(failure.exitCode == .configuration)
        #expect(failure.lines == ["f:3: bad; write good", "f:9: worse"])
    }

    @Test("the words of an unknown error are not repeated")
    func unknown() {
        let failure = CommandFailure(Unknown())
        #expect(failure.exitCode == .internalError)
        #expect(!failure.lines.joined().contains("ada"))
    }
}
