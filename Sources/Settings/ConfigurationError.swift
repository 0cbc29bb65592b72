/// A configuration that cannot be used: every problem found in it, the first one first.
///
/// Ends the process with exit code 78.
package struct ConfigurationError: Error, Sendable {
    /// The problem that comes first in the file.
    package let first: ConfigurationProblem
    /// The others, in the order of their lines.
    package let others: [ConfigurationProblem]

    package init(_ first: ConfigurationProblem, others: [ConfigurationProblem] = []) {
        self.first = first
        self.others = others
    }

    /// Every problem, in the order of their lines.
    package var problems: [ConfigurationProblem] { [first] + others }
    /// The file of the first problem.
    package var file: String { first.file }
    /// The line of the first problem.
    package var line: Int? { first.line }
    /// What the first problem is.
    package var message: String { first.message }
    /// How to put the first problem right.
    package var suggestion: String? { first.suggestion }
}

extension ConfigurationError: CustomStringConvertible {
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
