import Platforms
import Settings

@testable import Extractor
@testable import Loader
@testable import Postgres
@testable import Sync
@testable import registrar

/// The exit codes that the codes of the error types lead to, asked of the types themselves.
enum ExitCodes {
    private typealias Exit = Sync.ExitCode

    /// By the names of ``Sync/ExitCode``.
    static let names: [String: Set<String>] = [
        "done": text(.done), "partial": text(.partial), "usage": text(.usage), "unavailable": text(.unavailable),
        "internalError": text(.internalError), "warehouse": text(.warehouse), "tryLater": text(.tryLater),
        "credentials": text(.credentials), "configuration": text(.configuration),
        "interrupted": text(.interrupted).union(text(.terminated)),
    ]

    private static func text(_ code: Exit) -> Set<String> { ["\(code.rawValue)"] }

    // MARK: The platform

    /// A failure that does not stop its source leaves the rest to be read: the command ends with 1 then.
    static let ofExtractor: [String: Set<String>] = Dictionary(
        uniqueKeysWithValues: [
            ExtractorError.Code.invalidOrigin, .invalidRequest, .unreachable, .timedOut, .connectionLost, .tooLarge,
            .badAnswer, .credentialsRefused, .quotaSpent, .pauseTooLong, .throttled, .security, .platformFailed,
            .objectUnreadable, .walkBroken, .identitiesChanged, .tokenUnavailable, .noAPI, .insecure,
        ].map { ("\($0)", exits(ExtractorError($0, ""))) }
    )

    static let ofTransport: [String: Set<String>] = [
        "unreachable": exits(.unreachable), "insecure": exits(.insecure), "timedOut": exits(.timedOut),
        "connectionLost": exits(.connectionLost), "tooLarge": exits(.tooLarge),
        "addressRefused": exits(.addressRefused), "invalidRequest": exits(.invalidRequest),
    ]

    private static func exits(_ kind: TransportFailure.Kind) -> Set<String> {
        exits(ExtractorError(TransportFailure(kind, "").code, ""))
    }

    private static func exits(_ error: ExtractorError) -> Set<String> {
        let code = text(RunOutcome(error: error).exitCode)
        return error.stopsSource ? code : code.union(text(.partial))
    }

    // MARK: The warehouse and the runs

    static let ofPostgres: [String: Set<String>] = Dictionary(
        uniqueKeysWithValues: [
            PostgresError.Code.server, .connectionLost, .connectFailed, .invalidSettings, .libraryTooOld, .serverTooOld,
            .serverSetup, .deadlineExceeded, .closed, .commitInDoubt, .commitRefused, .copyCountMismatch, .copyState,
            .nulCharacter, .tooManyParameters, .unexpectedResult, .busy, .notInstalled, .embeddedServer,
        ].map { ($0.value.rawValue, exits(PostgresError($0, ""))) }
    )

    /// By what an answer of the server is told as.
    static let ofServer: [String: Set<String>] = SQLStateName.codes.reduce(into: [:]) { table, state in
        let error = PostgresError.told(state)
        table[error.message, default: []].formUnion(exits(error))
    }

    /// Of a mistake of our own also the code that the loader gives it.
    static func exits(_ error: PostgresError) -> Set<String> {
        let code = text(CommandFailure(error).exitCode)
        return error.kind == .bug ? code.union(text(CommandFailure(LoadError(error)).exitCode)) : code
    }

    static let ofLoader = table(
        [
            LoadError.Code.leaseHeld, .fenced, .schemaMissing, .schemaOutdated, .schemaNewer, .migrationChanged,
            .migrationRefused, .unavailable, .noRoom, .refused, .tooManyRejects, .brokenInvariant, .damaged,
        ],
        \.value.rawValue
    ) { LoadError($0, "") }

    static let ofSync = table(
        [
            SyncError.Code.leaseHeld, .paused, .rejectedTooMuch, .sourceFailed, .internalFault, .unknownSource,
            .unknownStream, .schemaOutdated, .baselineMissing, .noEventLog, .sourceChanged, .formChanged,
            .stillConfigured,
        ],
        \.value.rawValue
    ) { SyncError($0, "") }

    private static func table<Code>(
        _ codes: [Code],
        _ name: (Code) -> String,
        _ error: (Code) -> any Error
    ) -> [String: Set<String>] {
        Dictionary(uniqueKeysWithValues: codes.map { (name($0), text(CommandFailure(error($0)).exitCode)) })
    }
}

extension MessageExit {
    /// Decided when the message is made.
    static let open = MessageExit { _ in [] }

    /// By the code of a `PostgresError`; `kind:` may overrule what follows from it.
    static let postgres = MessageExit { site in
        let exits = MessageExit.named(ExitCodes.ofPostgres).exits(site)
        guard site.argument("kind") == ".bug" else { return exits }
        return exits?.union(ExitCodes.exits(PostgresError(.server, "", kind: .bug)))
    }

    /// By the words for an answer of the server; those with a name in them are about a login.
    static let server = MessageExit { site in
        let words = site.arguments.first?.tokens.first?.text ?? ""
        return ExitCodes.ofServer[words] ?? ["\(Sync.ExitCode.warehouse.rawValue)"]
    }
}
