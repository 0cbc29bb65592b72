import JSON
import Logging
import Settings

/// One log record as one line: no value in it can start another line or command a terminal.
struct LogLine {
    var time: String
    var level: Logger.Level
    var label: String
    var message: String
    var fields: Logger.Metadata

    /// The record as text: time, level, message, then `key=value` for each field.
    var text: String {
        let level = TextTable.padded(level.rawValue, to: 8)
        let fields =
            sortedFields
            .map { " \(LogSafe.text($0.key))=\(Self.quotedIfNeeded($0.value.description))" }
        return "\(time) \(level)\(LogSafe.text(message))\(fields.joined())"
    }

    /// The record as a JSON object; the fields of the record lie beside its own.
    var json: String {
        let own: [(String, JSONOutput)] = [
            ("time", .string(time)), ("level", .string(level.rawValue)), ("logger", .string(label)),
            ("message", .string(message)),
        ]
        let taken = Set(own.map(\.0))
        let more =
            sortedFields
            .map { (taken.contains($0.key) ? "field_\($0.key)" : $0.key, Self.value($0.value)) }
        return JSONOutput.object(own + more).text
    }

    /// What a record is about comes first, the rest by name.
    private var sortedFields: [(key: String, value: Logger.MetadataValue)] {
        let first = ["source", "stream"]
        func rank(_ key: String) -> Int { first.firstIndex(of: key) ?? first.count }
        return fields.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3d && $0 != 0x5c && $0 != 0x7f }
        guard !isPlain || LogSafe.text(text) != text else { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(LogSafe.text(escaped))\""
    }

    private static func value(_ value: Logger.MetadataValue) -> JSONOutput {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let convertible): convertible.jsonNumber ?? .string(convertible.description)
        case .array(let values): .array(values.map(Self.value))
        case .dictionary(let map): .object(map.sorted { $0.key < $1.key }.map { ($0.key, Self.value($0.value)) })
        }
    }
}

extension CustomStringConvertible {
    /// The value as a JSON number or truth value, where it is one.
    fileprivate var jsonNumber: JSONOutput? {
        switch self {
        case let number as any BinaryInteger: JSONOutput(number)
        case let number as Double: .number(number)
        case let flag as Bool: .bool(flag)
        default: nil
        }
    }
}
