import Platforms

@testable import Extractor
@testable import Loader
@testable import Postgres
@testable import Sync
@testable import registrar

extension MessageMaker {
    /// Every kind of place that makes messages for the user.
    ///
    /// Whoever adds an error type adds it here.
    static let all: [MessageMaker] = platform + warehouse + configuration + runs + commands

    // MARK: What a platform answers, or fails to

    private static let platform: [MessageMaker] = [
        MessageMaker("ExtractorError", .position(1), exit: .named(ExitCodes.ofExtractor)),
        MessageMaker("TransportFailure", .position(1), exit: .named(ExitCodes.ofTransport)),
        MessageMaker("failed", .position(1), in: "Extractor/Client/", exit: .named(ExitCodes.ofExtractor)),
        MessageMaker("retryCall", .position(1), in: "Extractor/Client/", exit: .named(ExitCodes.ofExtractor)),
        MessageMaker(".retry", .label("reason"), exit: .codes(1, 69)),
        MessageMaker(".pauseHost", .label("reason"), exit: .codes(1, 69)),
        MessageMaker(".credentialsRefused", .label("reason"), exit: .codes(77)),
        MessageMaker(".credentialsDenied", .label("reason"), exit: .codes(77)),
        MessageMaker(".objectUnreadable", .label("reason"), exit: .codes(1, 69)),
        MessageMaker(".askAgain", .label("reason"), exit: .codes(1, 69)),
        MessageMaker("broken", .position(0), in: "Extractor/Paging/WalkState.swift", exit: .codes(1, 69)),
        MessageMaker("refusal", .position(0), in: "Extractor/Client/NextLink.swift", exit: .codes(69)),
        MessageMaker("self.message =", .body, in: "JSON/JSONError.swift", exit: .codes(1, 69)),
        MessageMaker("tellWait", .position(1), in: "Extractor/", exit: .none),
        MessageMaker("tellWait", .label("because"), in: "Extractor/", exit: .none),
        MessageMaker("wait", .label("because"), exit: .none),
        MessageMaker(".log", .position(1), in: "Extractor/Client/APIClient.swift", exit: .none),
        MessageMaker(
            "AccessFinding",
            .position(0),
            exit: MessageExit { site in
                switch site.argument("isFailure") {
                case nil: ["none"]
                case "true": ["69"]
                default: ["none", "69"]
                }
            }
        ),
        MessageMaker("PlatformFailure", .label("message"), exit: .codes(1, 69)),
        MessageMaker(".append", .position(0), in: "Platforms/Contract/CourseFilter.swift", exit: .none),
        MessageMaker(
            "package var description",
            .body,
            in: "Platforms/Contract/EventWindow.swift",
            exit: .codes(CommandFailure(EventWindowError.unreadable("")).exitCode.rawValue)
        ),
    ]

    // MARK: The warehouse

    private static let warehouse: [MessageMaker] = [
        MessageMaker("PostgresError", .position(1), exit: .postgres),
        MessageMaker("FailureText", .position(0), exit: .server),
        MessageMaker(".init", .position(0), in: "Postgres/FailureText.swift", exit: .codes(74)),
        MessageMaker("Reason", .label("words"), in: "Postgres/", exit: .codes(74)),
        MessageMaker("failure", .position(0), in: "Postgres/Embedded/ServerProcess.swift", exit: .codes(74)),
        MessageMaker("package var tlsWarning", .body, in: "Postgres/", exit: .none),
        MessageMaker("LoadError", .position(1), exit: .named(ExitCodes.ofLoader)),
        MessageMaker(".init", .position(1), in: "Loader/LoadError.swift", exit: .named(ExitCodes.ofLoader)),
        MessageMaker("message", .assigned, in: "Loader/LoadError.swift", exit: .open),
        MessageMaker("reason", .assigned, in: "Loader/Rights/MigrationObstacle.swift", exit: .codes(74)),
        MessageMaker("package var description", .body, in: "Loader/Rights/MissingRights.swift", exit: .codes(74)),
        MessageMaker("package var description", .body, in: "Loader/Waiting/WarehouseWait.swift", exit: .none),
    ]

    // MARK: The configuration

    private static let configuration: [MessageMaker] = [
        MessageMaker("problem", .position(0), in: "Settings/", exit: .codes(78)),
        MessageMaker("ConfigurationProblem", .label("message"), exit: .codes(78)),
        MessageMaker("Failure", .label("message"), in: "Settings/", exit: .codes(78)),
        MessageMaker("Problem", .label("message"), in: "Settings/", exit: .codes(78)),
        MessageMaker("ReadFailure", .label("reason"), exit: .codes(78)),
        MessageMaker("static func problem", .body, in: "Settings/CronSyntax.swift", exit: .codes(78)),
        MessageMaker("warning", .position(0), in: "Settings/", exit: .none),
        MessageMaker("warnOfLiteral", .position(0), in: "Settings/", exit: .none),
        MessageMaker(
            "SelectionError",
            .label("description"),
            exit: .named(["source": ["64"], "stream": ["78"]], label: "subject")
        ),
    ]

    // MARK: A run, and doctor

    private static let runs: [MessageMaker] = [
        MessageMaker("SyncError", .position(1), exit: .named(ExitCodes.ofSync)),
        MessageMaker("RunOutcome", .label("message"), in: "Sync/", exit: .named(ExitCodes.names, label: "exitCode")),
        MessageMaker(
            ".init",
            .label("message"),
            in: "Sync/Command/RunOutcome.swift",
            exit: .named(ExitCodes.names, label: "exitCode")
        ),
        MessageMaker("var wordsWhenStopped", .body, in: "Sync/Command/SourceRunner+RunKind.swift", exit: .codes(130, 143)),
        MessageMaker("static func message", .body, in: "Sync/Command/SourceRunner+OnDemand.swift", exit: .codes(1)),
        MessageMaker("message", .assigned, in: "Sync/Deletions/SourceRun+Deletions.swift", exit: .codes(1)),
        MessageMaker("text", .assigned, in: "Sync/Command/RunSession.swift", exit: .codes(1)),
        MessageMaker(".append", .position(0), in: "Sync/Command/RunSession.swift", exit: .codes(1)),
        MessageMaker("SourceReport", .label("message"), exit: .codes(0)),
        MessageMaker(
            "DoctorFinding",
            .label("detail"),
            exit: MessageExit { site in
                switch site.argument("outcome") {
                case ".ok": nil
                case ".warn": ["none"]
                default:
                    site.argument("exitCode").flatMap { code in
                        ExitCodes.names[code.replacing("ExitCode.", with: "").replacing(".rawValue", with: "")]
                    } ?? []
                }
            }
        ),
        MessageMaker("count", .assigned, in: "Sync/Command/SyncService+WarehouseChecks.swift", exit: .none),
        MessageMaker("detail", .assigned, in: "Sync/Command/SyncService+Doctor.swift", exit: .none),
        MessageMaker("say", .position(0), in: "Platforms/", exit: .none),
        MessageMaker("append", .position(0), in: "Sync/Forecast/SourceRunner+Plan.swift", exit: .none),
        MessageMaker("warning", .position(0), in: "Sync/", exit: .none),
        MessageMaker("notice", .position(0), exit: .none),
    ]

    // MARK: The command line

    private static let commands: [MessageMaker] = [
        MessageMaker("CommandFailure", .position(1), exit: .named(ExitCodes.names)),
        MessageMaker(".init", .position(1), in: "registrar/CommandFailure.swift", exit: .named(ExitCodes.names)),
        MessageMaker("ValidationError", .position(0), exit: .codes(64)),
        MessageMaker("private static func fault", .body, in: "registrar/CommandNames.swift", exit: .codes(64)),
        MessageMaker("write", .position(0), in: "registrar/RegistrarMain.swift", exit: .codes(74)),
        MessageMaker("warning", .position(0), in: "registrar/", exit: .none),
    ]

    // MARK: What makes no message by itself

    /// Error types that are never shown: what catches one says something of its own.
    static let silentErrors: Set = [
        "Accepted", "CopyStopped", "Lost", "TooLarge", "WaitInterruption",
        // Its problems are shown, each made as a `ConfigurationProblem`.
        "ConfigurationError",
    ]

    /// Messages of an `ExtractorError` whose `exitOverride` is set after it was made.
    static let overrides: [String: Set<String>] = [
        "options.paths: each value is a path that ends with the same function of the guide as its key": ["78"],
        "the site answers as Learn …, and its rows came from …: if it is the same site, confirm it with registrar "
            + "baseline --restart; a new one needs a new id": ["78"],
    ]

    /// Texts of makers that nobody sees, with the reason.
    static let unshown = ["redirect": "tells the probe of a silenced host to go on asking"]

    /// Arguments without a text of their own, as the scan tells them, with the place where the words stand.
    static let forwards = [
        ".init: error.description": "the error's own message",
        ".init: error.description + (until.map { \"; try again after …\" } ?? \"\")": "the error's own message",
        ".init: error.message": "the error's own message",
        ".init: message": "assigned above, in LoadError.swift",
        ".pauseHost: message": "the platform's own words",
        ".retry: answer.documentFault": "the message of the JSONError",
        ".retry: complaint.summary": "the platform's own words",
        ".retry: message": "the platform's own words",
        "ConfigurationProblem: message": "the argument of Diagnostics.problem",
        "DoctorFinding: \"…: …\"": "a problem of the configuration with its place",
        "DoctorFinding: \"…\"": "a warning of the configuration with its place",
        "DoctorFinding: $0": "a finding of CourseFilter",
        "DoctorFinding: $0.detail": "an AccessFinding",
        "DoctorFinding: count": "assigned above",
        "DoctorFinding: detail": "assigned above, or the message of an error of the warehouse",
        "DoctorFinding: outcome.message": "the error's own message",
        "DoctorFinding: refusal.message": "a SyncError",
        "DoctorFinding: rights.description": "the description of MissingRights",
        "DoctorFinding: warning": "PostgresSettings.tlsWarning",
        "ExtractorError: message": "the argument of PendingCall.failed",
        "ExtractorError: reason": "the argument of WalkState.broken",
        "PlatformFailure: developerMessage": "the platform's own words",
        "PlatformFailure: message": "the platform's own words",
        "PlatformFailure: other.message": "the platform's own words",
        "PostgresError: \"…: …\"": "the argument of ServerProcess.failure",
        "PostgresError: text.cause": "a FailureText",
        "ReadFailure: reason(errno)": "the system's own words",
        "RunOutcome: message(ofUnknown: unknown.all)": "the body of that function",
        "RunOutcome: text": "assigned above",
        "SourceReport: ending.message": "the message of a RunOutcome",
        "SourceReport: outcome.message": "the message of a RunOutcome",
        "SourceReport: result.0.message": "the message of a RunOutcome",
        "broken: reason": "the reason of an askAgain",
        "failed: call.scrub(reason)": "the reason of a verdict",
        "failed: failure.message": "the message of a TransportFailure",
        "failed: message": "the argument of PendingCall.retryCall",
        "failed: scrub(reason)": "the reason of a verdict",
        "problem: \"…: …\"": "the message of a Failure or Problem with the key's name",
        "problem: error.message": "the message of a YAMLDocument.Failure",
        "retryCall: answer.documentFault": "the message of the JSONError",
        "retryCall: failure.message": "the message of a TransportFailure",
        "retryCall: scrub(reason)": "the reason of a verdict",
        "tellWait: message": "the argument of PendingCall.retryCall",
        "tellWait: reason": "the argument of APIClient.wait",
        "tellWait: scrub(reason)": "the reason of a verdict",
        "warning: \"…\"": "the argument of SourceRun.say",
        "warning: \"…; …\"": "a warning of the configuration with its place",
        "warning: message": "the argument of warnOfLiteral",
        "write: RegistrarCommand.fullMessage(for: error) + \"\\n\"": "the parser's help",
        "write: RegistrarCommand.helpMessage() + \"\\n\"": "the parser's help",
    ]
}
