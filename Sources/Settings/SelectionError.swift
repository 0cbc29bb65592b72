/// A source or stream named on the command line that the configuration does not have.
package struct SelectionError: Error, Sendable, CustomStringConvertible {
    /// What was named wrongly; decides the exit code.
    package enum Subject: Sendable {
        /// A source: a usage error, 64.
        case source
        /// A stream that no selected source offers or has on: a configuration error, 78.
        case stream
    }

    package let subject: Subject
    /// What is wrong and what to write instead.
    package let description: String
}
