import Platforms

/// Option values and shapes as text for people.
enum OptionText {
    /// `value` as it would be written in `registrar.yaml`.
    static func yaml(_ value: OptionValue) -> String {
        switch value {
        case .string(let text): scalar(text)
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .duration(let duration): DurationText.text(duration)
        case .list(let values): "[\(values.map(scalar).joined(separator: ", "))]"
        case .map(let map):
            "{\(map.sorted { $0.key < $1.key }.map { "\(scalar($0.key)): \(yaml($0.value))" }.joined(separator: ", "))}"
        }
    }

    /// What may be written for an option, for people.
    static func values(of option: OptionDescription) -> String {
        let range = option.bounds.map { "\($0.lowerBound) to \($0.upperBound)" }
        let details = [option.unit, range].compactMap(\.self)
        return describe(option.shape) + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
    }

    private static func describe(_ shape: OptionDescription.Shape) -> String {
        switch shape {
        case .string: "text"
        case .integer: "whole number"
        case .number: "number"
        case .boolean: "true or false"
        case .duration: "duration"
        case .choice(let words): words.joined(separator: ", ")
        case .list: "list"
        case .map(let inner): "keys with values (\(describe(inner)))"
        }
    }

    private static func scalar(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
            && Section.decimal(text) == nil
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || "_-./".utf8.contains(byte)
            } && !text.hasPrefix("-")
        guard !isPlain else { return text }
        let escaped = text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\"\(LogSafe.text(String(escaped)))\""
    }
}
