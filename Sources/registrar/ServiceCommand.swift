import ArgumentParser

/// A command of Registrar: parsed by the argument parser, run by ``CommandRunner``.
protocol ServiceCommand: AsyncParsableCommand, Sendable {
    var global: GlobalOptions { get }

    /// Does the work.
    ///
    /// - Returns: The exit code.
    /// - Throws: What ends the command; ``CommandFailure`` knows the words and the code.
    func execute(_ console: Console) async throws -> Int32
}
