/// One thing that is wrong in the configuration, and how to put it right.
package struct ConfigurationProblem: Sendable, Equatable {
    /// The file, as it was named by the user.
    package var file: String
    /// Line in the file, counted from 1; `nil` where the problem has no place in it.
    package var line: Int?
    /// What is wrong; never holds a secret or the content of a variable.
    package var message: String
    /// What to write instead.
    package var suggestion: String?

    package init(file: String, line: Int? = nil, message: String, suggestion: String? = nil) {
        self.file = file
        self.line = line
        self.message = message
        self.suggestion = suggestion
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return suggestion.map { "\(place): \(message); \($0)" } ?? "\(place): \(message)"
    }
}
