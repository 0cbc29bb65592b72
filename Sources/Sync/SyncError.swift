/// What ended a run, in words that are safe to print.
package struct SyncError: Error, Sendable, CustomStringConvertible {
    /// Why the run ended; decides the exit code.
    package struct Code: Hashable, Sendable {
        enum Value: String, Sendable {
            case leaseHeld, paused, rejectedTooMuch, sourceFailed, internalFault, unknownSource, unknownStream
            case schemaOutdated, baselineMissing, noEventLog, sourceChanged, formChanged, stillConfigured
        }
        let value: Value
        package let exitCode: ExitCode

        /// Another run holds the source.
        package static let leaseHeld = Code(value: .leaseHeld, exitCode: .tryLater)
        /// The platform asked for a pause that outlives the process.
        package static let paused = Code(value: .paused, exitCode: .tryLater)
        /// More than half of a stream's records were rejected.
        package static let rejectedTooMuch = Code(value: .rejectedTooMuch, exitCode: .partial)
        /// Every stream of the source failed.
        package static let sourceFailed = Code(value: .sourceFailed, exitCode: .unavailable)
        /// A dry run of a source that was never loaded.
        package static let baselineMissing = Code(value: .baselineMissing, exitCode: .partial)
        /// The stored rows came from another platform or another host.
        package static let sourceChanged = Code(value: .sourceChanged, exitCode: .configuration)
        /// The stored rows are in another form than the settings ask for.
        package static let formChanged = Code(value: .formChanged, exitCode: .configuration)
        /// The rows of a source were to be removed that the configuration still has.
        package static let stillConfigured = Code(value: .stillConfigured, exitCode: .usage)
        /// A replay of a platform that keeps no log of what happens.
        package static let noEventLog = Code(value: .noEventLog, exitCode: .usage)
        /// A fault of ours.
        package static let internalFault = Code(value: .internalFault, exitCode: .internalError)
        /// The command named a source that is not configured.
        package static let unknownSource = Code(value: .unknownSource, exitCode: .usage)
        /// The command named a stream that the source does not offer.
        package static let unknownStream = Code(value: .unknownStream, exitCode: .configuration)
        /// The warehouse's schema is older or newer than the binary.
        package static let schemaOutdated = Code(value: .schemaOutdated, exitCode: .warehouse)
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
