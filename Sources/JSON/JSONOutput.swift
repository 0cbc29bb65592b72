/// JSON for standard output and logs, with its keys in the order given.
package indirect enum JSONOutput: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONOutput])
    case object([(String, JSONOutput)])
    /// Text that is JSON already.
    case raw(String)

    /// Makes a text, or `null` where there is none.
    package init(_ text: String?) { self = text.map(JSONOutput.string) ?? .null }
    /// Makes a whole number.
    package init(_ number: some BinaryInteger) { self = .integer(Int64(clamping: number)) }

    /// The JSON on one line, safe to show on a terminal.
    package var text: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private func append(to text: inout [UInt8]) {
        switch self {
        case .null: text += "null".utf8
        case .bool(let flag): text += (flag ? "true" : "false").utf8
        case .integer(let number): text += String(number).utf8
        case .number(let number): text += (number.isFinite ? "\(number)" : "null").utf8
        case .string(let string): JSONWriter.append(forDisplay: string, to: &text)
        case .raw(let json): text += (json.isEmpty ? "null" : json).utf8
        case .array(let values):
            text += "[".utf8
            for (index, value) in values.enumerated() {
                if index > 0 { text += ",".utf8 }
                value.append(to: &text)
            }
            text += "]".utf8
        case .object(let members):
            text += "{".utf8
            for (index, member) in members.enumerated() {
                if index > 0 { text += ",".utf8 }
                JSONWriter.append(forDisplay: member.0, to: &text)
                text += ":".utf8
                member.1.append(to: &text)
            }
            text += "}".utf8
        }
    }
}
