import Foundation

/// Words before the console works or after it has closed.
enum StandardError {
    static func write(_ text: String) {
        FileWriting.write(text, to: STDERR_FILENO)
    }
}
