import Foundation

/// Data for the user or the next program; a closed or full output ends nothing.
enum StandardOutput {
    static func write(_ text: String) {
        FileWriting.write(text, to: STDOUT_FILENO)
    }
}
