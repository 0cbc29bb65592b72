/// Collects what is wrong in one file while it is read, so that the user learns everything at once.
final class Diagnostics {
    let file: String
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationWarning] = []

    init(file: String) {
        self.file = file
    }

    func problem(_ message: String, line: Int?, suggestion: String? = nil) {
        problems.append(ConfigurationProblem(file: file, line: line, message: message, suggestion: suggestion))
    }

    func warning(_ message: String, line: Int?, remedy: String, isAboutSecrets: Bool = false) {
        var warning = ConfigurationWarning(line: line, message: message, remedy: remedy)
        warning.isAboutSecrets = isAboutSecrets
        warnings.append(warning)
    }

    /// All problems in the order of their lines, or `nil` where there is none.
    var error: ConfigurationError? {
        let sorted = problems.enumerated().sorted { left, right in
            (left.element.line ?? 0, left.offset) < (right.element.line ?? 0, right.offset)
        }
        guard let first = sorted.first else { return nil }
        return ConfigurationError(first.element, others: sorted.dropFirst().map(\.element))
    }
}
