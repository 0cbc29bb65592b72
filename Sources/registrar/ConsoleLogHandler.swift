import Foundation
import Logging

/// Turns a log record into one line for the writer; what happens to the line is the writer's concern.
struct ConsoleLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let format: LogFormat
    private let write: @Sendable (String) -> Void

    init(label: String, logLevel: Logger.Level, format: LogFormat, write: @escaping @Sendable (String) -> Void) {
        self.label = label
        self.logLevel = logLevel
        self.format = format
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = event.metadata.map { metadata.merging($0) { _, new in new } } ?? metadata
        // The words of an error nobody vouched for may quote a secret: its type says enough to find it.
        if let error = event.error { fields["error_type"] = "\(type(of: error))" }
        let line = LogLine(
            time: Self.timestamp(),
            level: event.level,
            label: label,
            message: event.message.description,
            fields: fields
        )
        write(format == .json ? line.json : line.text)
    }

    private static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        let padded: (Int, Int) -> String = { value, width in
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map { padded($0, 2) }
        let time = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)].map { padded($0, 2) }
        return "\(date.joined(separator: "-"))T\(time.joined(separator: ":")).\(padded(now.tv_nsec / 1_000_000, 3))Z"
    }
}
