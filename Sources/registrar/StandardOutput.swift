import Foundation
import Synchronization

/// Data for the user or the next program; a closed or full output ends no command, and is told when it ends.
enum StandardOutput {
    private static let firstFailure = Atomic<Int32>(0)

    static func write(_ text: String) {
        let failure = FileWriting.write(text, to: STDOUT_FILENO)
        // A reader that has seen enough is no failure.
        guard failure != 0, failure != EPIPE else { return }
        _ = firstFailure.compareExchange(expected: 0, desired: failure, ordering: .relaxed)
    }

    /// Why something that was written did not arrive, in the system's words; `nil` where everything did.
    static var failure: String? {
        let number = firstFailure.load(ordering: .relaxed)
        return number == 0 ? nil : String(cString: strerror(number))
    }
}
