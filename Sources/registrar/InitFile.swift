import Foundation
import Settings
import Sync

/// Creates the configuration file of `init`.
enum InitFile {
    /// Writes `text` to a file that does not exist yet, readable by its owner alone.
    static func create(_ text: String, at path: String) throws(CommandFailure) {
        let shown = LogSafe.text(path)
        // Exclusive: of two that run at once, one writes and the other says that the file is there.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno != EEXIST else {
                throw CommandFailure(.usage, "\(shown) is there already and stays as it is; name another with --config")
            }
            let reason = String(cString: strerror(errno)).lowercased()
            throw CommandFailure(.usage, "\(shown) cannot be written: \(reason); name another with --config")
        }
        FileWriting.write(text, to: descriptor)
        close(descriptor)
    }
}
