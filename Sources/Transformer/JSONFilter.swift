package import JSON
package import Records

/// Rewrites JSON for a jsonb column without what may not be stored.
///
/// Members of forbidden names go with their values, values that carry a secret go whole, numbers no platform means
/// become null. Names are sorted, so that equal values have equal text. Make one for each page: it remembers names.
package struct JSONFilter {
    /// Which links are left out.
    package enum Links: Sendable {
        /// None but those that carry a key.
        case kept
        /// All: texts that are an address, and members named as one.
        case dropped
    }

    private let screen: SecretScreen
    private let links: Links
    private let decodesEntities: Bool
    private var names: NameVerdicts
    /// Lower-cased texts that no value may contain, since they were pseudonymised elsewhere in the record.
    package var forbiddenTexts: [String] = []

    /// Makes a filter that judges names by `judge`; only what it allows is kept.
    package init(
        screen: SecretScreen,
        links: Links = .kept,
        decodesEntities: Bool = false,
        judge: @escaping @Sendable (String) -> NeverStore.Verdict = NeverStore.verdict(on:)
    ) {
        self.screen = screen
        self.links = links
        self.decodesEntities = decodesEntities
        names = NameVerdicts { name in
            let verdict = judge(name)
            return verdict == .allowed && links == .dropped && Self.isNameOfLink(name) ? .never : verdict
        }
    }

    /// What the filter thinks of a member's name.
    package mutating func verdict(on name: UnsafeRawBufferPointer) -> NeverStore.Verdict {
        names.verdict(on: name)
    }

    /// The filtered text of `value`, or `nil` where nothing of it may be stored.
    package mutating func text(of value: JSONValue) -> JSONText? {
        var output: [UInt8] = []
        output.reserveCapacity(192)
        return write(value, into: &output) ? JSONText(String(decoding: output, as: UTF8.self)) : nil
    }

    /// Appends the filtered text of `value`; false, and nothing appended, where nothing of it may be stored.
    package mutating func write(_ value: JSONValue, into output: inout [UInt8]) -> Bool {
        switch value.kind {
        case .null:
            output.append(contentsOf: "null".utf8)
        case .bool:
            output.append(contentsOf: (value.bool == true ? "true" : "false").utf8)
        case .number:
            // A number that fits no column becomes null: the member is there, its value says nothing.
            output.append(contentsOf: (value.numberToken.flatMap { Numeric(token: $0) }?.token ?? "null").utf8)
        case .string:
            return writeString(value, into: &output)
        case .array:
            output.append(UInt8(ascii: "["))
            var isFirst = true
            for element in value.elements {
                let end = output.count
                if !isFirst { output.append(UInt8(ascii: ",")) }
                if write(element, into: &output) {
                    isFirst = false
                } else {
                    output.removeSubrange(end...)
                }
            }
            output.append(UInt8(ascii: "]"))
        case .object:
            var builder = JSONObjectBuilder()
            for (key, member) in value.members {
                add(key.bytes, member, to: &builder)
            }
            builder.write(into: &output)
        case .invalid:
            return false
        }
        return true
    }

    /// Adds a member to `builder` if its name and value are allowed.
    package mutating func add(
        _ name: UnsafeRawBufferPointer,
        _ value: JSONValue,
        to builder: inout JSONObjectBuilder
    ) {
        guard names.verdict(on: name) == .allowed, !screen.condemns(name) else { return }
        addUnjudged(name, value, to: &builder)
    }

    /// Adds a member whose name is judged elsewhere; what lies below it is judged as always.
    package mutating func addUnjudged(
        _ name: UnsafeRawBufferPointer,
        _ value: JSONValue,
        to builder: inout JSONObjectBuilder
    ) {
        builder.add(name) { write(value, into: &$0) }
    }

    private func writeString(_ value: JSONValue, into output: inout [UInt8]) -> Bool {
        guard let bytes = value.stringBytes, isAllowed(bytes) else { return false }
        if decodesEntities, bytes.contains(UInt8(ascii: "&")) {
            var decoded = HTMLEntities.decoded(String(decoding: bytes, as: UTF8.self))
            decoded.withUTF8 { JSONWriter.append(UnsafeRawBufferPointer($0), to: &output) }
        } else {
            JSONWriter.append(bytes, to: &output)
        }
        return true
    }

    private func isAllowed(_ text: UnsafeRawBufferPointer) -> Bool {
        if screen.condemns(text) { return false }
        if links == .dropped, Self.isLink(text) { return false }
        guard !forbiddenTexts.isEmpty else { return true }
        let lowered = String(decoding: text, as: UTF8.self).lowercased()
        return !forbiddenTexts.contains { lowered.contains($0) }
    }

    private static func isLink(_ text: UnsafeRawBufferPointer) -> Bool {
        text.count > 7 && (text.starts(with: "http://".utf8) || text.starts(with: "https://".utf8))
    }

    private static func isNameOfLink(_ name: String) -> Bool {
        let lowered = name.lowercased()
        return ["url", "link", "href", "download"].contains { lowered.contains($0) }
    }
}
