import JSON
package import Records

/// A watermark's position: a small JSON object such as `{"created_after": 1751299200}`.
///
/// Times are decimal seconds with up to six fraction digits, never a rounded float: a cursor is kept as the source
/// wrote it.
package struct MarkPosition: Sendable, Equatable {
    /// One value of a position.
    package enum Value: Sendable, Equatable {
        case time(Timestamp)
        /// A whole number that is no time, such as a change index.
        case integer(Int64)
        case text(String)
        case list([String])
    }

    package private(set) var values: [String: Value]

    package init(_ values: [String: Value] = [:]) {
        self.values = values
    }

    /// Reads a position as it was stored; values of an unknown shape are left out.
    package init(json: String) {
        values = [:]
        guard let document = try? JSONDocument(parsing: Array(json.utf8)) else { return }
        values = document.withRoot { root in
            var values: [String: Value] = [:]
            for (key, value) in root.members {
                switch value.kind {
                case .number:
                    values[key.string] = value.numberToken.flatMap { token in
                        Timestamp(decimalSeconds: token).map(Value.time) ?? Int64(token).map(Value.integer)
                    }
                case .string: values[key.string] = value.string.map(Value.text)
                case .array: values[key.string] = .list(value.elements.compactMap(\.string))
                default: break
                }
            }
            return values
        }
    }

    package func time(_ name: String) -> Timestamp? {
        guard case .time(let time) = values[name] else { return nil }
        return time
    }

    /// A whole number; it is stored like a time of whole seconds, and either way of reading it is right.
    package func integer(_ name: String) -> Int64? {
        switch values[name] {
        case .integer(let number): number
        case .time(let time) where time.microseconds % 1_000_000 == 0: time.microseconds / 1_000_000
        default: nil
        }
    }

    package func text(_ name: String) -> String? {
        guard case .text(let text) = values[name] else { return nil }
        return text
    }

    package func list(_ name: String) -> [String] {
        guard case .list(let list) = values[name] else { return [] }
        return list
    }

    package mutating func set(_ name: String, _ time: Timestamp?) {
        values[name] = time.map(Value.time)
    }

    package mutating func set(_ name: String, integer: Int64?) {
        values[name] = integer.map(Value.integer)
    }

    package mutating func set(_ name: String, text: String?) {
        values[name] = text.map(Value.text)
    }

    package mutating func set(_ name: String, list: [String]) {
        values[name] = list.isEmpty ? nil : .list(list)
    }

    /// The object as canonical JSON.
    package var json: String {
        let members = values.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            .map { key, value in "\(JSONWriter.quoted(key)):\(Self.encoded(value))" }
        return "{\(members.joined(separator: ","))}"
    }

    private static func encoded(_ value: Value) -> String {
        switch value {
        case .time(let time): time.decimalSeconds
        case .integer(let number): String(number)
        case .text(let text): JSONWriter.quoted(text)
        case .list(let list): "[\(list.map(JSONWriter.quoted).joined(separator: ","))]"
        }
    }
}
