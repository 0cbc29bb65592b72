import Platforms
import Settings
import Sync

/// The lines of `doctor`: one a check, and the remedy under what is not fine.
enum DoctorText {
    static func text(_ findings: [DoctorFinding]) -> String {
        let width = findings.map(\.check.count).max() ?? 0
        return findings.map { finding in
            var line = "\(word(finding.outcome))  \(TextTable.padded(LogSafe.text(finding.check), to: width))"
            if !finding.detail.isEmpty { line += "  \(LogSafe.text(finding.detail))" }
            if finding.outcome != .ok, let remedy = finding.remedy { line += "\n      remedy: \(LogSafe.text(remedy))" }
            return line + "\n"
        }.joined()
    }

    /// The code of the first failure.
    static func exitCode(_ findings: [DoctorFinding]) -> Int32 {
        guard let first = findings.first(where: { $0.outcome == .fail }) else { return ExitCode.done.rawValue }
        return first.exitCode ?? ExitCode.internalError.rawValue
    }

    /// What the configuration itself has to say.
    static func findings(of configuration: RegistrarConfiguration) -> [DoctorFinding] {
        let file = configuration.file
        let ids = configuration.sources.map(\.id).joined(separator: ", ")
        return [DoctorFinding(check: "configuration", outcome: .ok, detail: "\(file): \(ids)")]
            + configuration.warnings.map { warning in
                DoctorFinding(
                    check: "configuration",
                    outcome: .warn,
                    detail: "\(warning.line.map { "\(file):\($0): " } ?? "")\(warning.message)",
                    remedy: warning.remedy
                )
            }
    }

    /// A configuration that cannot be used.
    static func findings(of error: ConfigurationError) -> [DoctorFinding] {
        error.problems.map { problem in
            let place = problem.line.map { "\(problem.file):\($0)" } ?? problem.file
            return DoctorFinding(
                check: "configuration",
                outcome: .fail,
                detail: "\(place): \(problem.message)",
                remedy: problem.suggestion,
                exitCode: ExitCode.configuration.rawValue
            )
        }
    }

    private static func word(_ outcome: DoctorFinding.Outcome) -> String {
        switch outcome {
        case .ok: "ok  "
        case .warn: "warn"
        case .fail: "FAIL"
        }
    }
}
