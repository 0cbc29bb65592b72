import Foundation
import Logging
import Sync

/// Standard error as the user sees it: log records, the live block of progress, and the one line of a failure.
struct Console: Sendable {
    let logger: Logger
    /// Qualified: Foundation has a protocol of the same name.
    let progress: any Sync.ProgressReporting
    private let writer: ConsoleWriter

    init(settings: GlobalOptions) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        // JSON is for machines: no live block between its lines, whatever is on the other end.
        let isLive = isTerminal && settings.logFormat == .text
        let board = LiveBoard()
        let writer = ConsoleWriter(board: isLive ? board : nil)
        let format = settings.logFormat
        let level = settings.logLevel.level
        let makeHandler: @Sendable (String) -> any LogHandler = { label in
            ConsoleLogHandler(label: label, logLevel: level, format: format) { writer.enqueue($0) }
        }
        // Libraries that make loggers of their own write in the same form.
        LoggingSystem.bootstrap(makeHandler)
        let logger = Logger(label: "registrar", factory: makeHandler)
        self.logger = logger
        self.writer = writer
        if isLive {
            progress = LiveProgress(board: board, writer: writer)
        } else {
            progress = LoggedProgress(logger: logger)
        }
        writer.start()
    }

    /// Writes one line, in order with the log.
    func line(_ text: String) {
        writer.enqueue(text)
    }

    /// Writes data to standard output, after everything that was said before on standard error.
    func output(_ text: String) {
        writer.flush()
        StandardOutput.write(text)
    }

    /// Writes what is still queued, within two seconds, and ends the writer.
    func close() {
        writer.close()
    }
}
