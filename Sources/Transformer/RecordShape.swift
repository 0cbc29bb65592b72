import JSON
import Records

/// What is known of a stream's records beyond the fields that are read.
package struct RecordShape: Sendable {
    /// Where a part of a record's key stands.
    package enum KeyPart: Sendable {
        /// A member of the record.
        case member(StaticString)
        /// A member of an object that is a member of the record.
        case nested(StaticString, StaticString)
    }

    /// The parts of the natural key that the record itself holds, in the order of the key.
    package var key: [KeyPart]
    /// Members that are known and deliberately not stored, in the order the platform sends them.
    package var ignored: [StaticString]
    /// Members that say what a rejected record was and nothing about a person.
    package var rejectPayload: [StaticString]
    /// What precedes a member's name in drift notes, such as `sections[].`.
    package var path: StaticString
    /// Objects among the members of which something is read: what nobody knows in them is noted too.
    package var objects: [Inner]

    /// An object that is a member of the record.
    package struct Inner: Sendable {
        /// The member.
        package var name: StaticString
        /// What precedes a name inside it in drift notes, such as `user.`.
        package var path: StaticString
        /// The names that are known inside it.
        package var known: [StaticString]

        package init(_ name: StaticString, path: StaticString, known: [StaticString]) {
            (self.name, self.path, self.known) = (name, path, known)
        }
    }

    /// Describes a record.
    package init(
        key: [KeyPart],
        ignored: [StaticString] = [],
        rejectPayload: [StaticString] = [],
        path: StaticString = "",
        objects: [Inner] = []
    ) {
        self.key = key
        self.ignored = ignored
        self.rejectPayload = rejectPayload
        self.path = path
        self.objects = objects
    }

    /// The record's key as one text, `walk` first; `nil` where no part of it can be read.
    func naturalKey(of item: JSONValue, walk: String?, screen: SecretScreen) -> String? {
        var parts = walk.map { [$0] } ?? []
        var isReadable = walk != nil
        for part in key {
            let value: JSONValue? =
                switch part {
                case .member(let name): item[name]
                case .nested(let outer, let inner): item[outer]?[inner]
                }
            let text = value.flatMap(\.identifierText)
            guard let text, !text.isEmpty, text.utf8.count <= RecordReader.longestKey, !screen.condemns(text) else {
                parts.append("")
                continue
            }
            isReadable = true
            parts.append(text)
        }
        return isReadable ? parts.joined(separator: "/") : nil
    }

    /// The record reduced to what a reject may hold: allow-listed members, short texts, no addresses, no secrets.
    func payload(of item: JSONValue, screen: SecretScreen) -> JSONText? {
        guard item.kind == .object else { return nil }
        var builder = JSONObjectBuilder()
        for name in rejectPayload {
            guard let value = item[name] else { continue }
            switch value.kind {
            case .string:
                guard let bytes = value.stringBytes, bytes.count <= 200, !bytes.contains(UInt8(ascii: "@")),
                    !screen.condemns(bytes)
                else { continue }
            case .null, .bool: break
            case .number:
                // The number as it came is what tells why it was refused, but jsonb must be able to hold it.
                guard let token = value.numberToken else { continue }
                if Numeric(token: token) == nil {
                    var text = String(token.prefix(40))
                    builder.add(name) { output in
                        text.withUTF8 { JSONWriter.append(UnsafeRawBufferPointer($0), to: &output) }
                        return true
                    }
                    continue
                }
            case .array, .object, .invalid: continue
            }
            var filter = JSONFilter(screen: screen)
            builder.add(name) { filter.write(value, into: &$0) }
        }
        return builder.isEmpty ? nil : builder.text
    }
}
