internal import CSimdJSON

/// Builds one canonical JSON object from members in any order, such as a record's custom fields.
///
/// Reuse one for many objects: it keeps its memory. Of a repeated key the last member counts.
package struct JSONObjectWriter {
    private struct Member {
        let key: Range<Int>
        let value: Range<Int>
    }

    /// Keys as they are and values as JSON, one behind the other.
    private var text: [UInt8] = []
    private var members: [Member] = []

    /// Creates a writer without members.
    package init() {}

    /// Whether nothing was added since the last ``finish()``.
    package var isEmpty: Bool { members.isEmpty }

    /// Adds a value of a page, whole, under its own key.
    package mutating func add(_ key: JSONKey, _ value: JSONValue) {
        add(key.bytes) { JSONWriter.append(value, to: &$0) }
    }

    /// Adds a value of a page, whole.
    package mutating func add(_ key: String, _ value: JSONValue) {
        add(key) { JSONWriter.append(value, to: &$0) }
    }

    /// Adds a text.
    package mutating func add(_ key: String, string: String) {
        var string = string
        add(key) { text in
            string.withUTF8 { JSONWriter.append(string: UnsafeRawBufferPointer($0), to: &text) }
        }
    }

    /// Adds a number by its token; a token that is no JSON number, or that `numeric` cannot hold, is added as text.
    package mutating func add(_ key: String, numberToken: String) {
        var token = numberToken
        add(key) { text in
            token.withUTF8 { bytes in
                let isStorable =
                    json_number_is_valid(bytes.baseAddress, bytes.count) == 1
                    && bytes.baseAddress.map { json_number_is_storable($0, bytes.count) } == 1
                JSONWriter.append(number: UnsafeRawBufferPointer(bytes), isStorable: isStorable, to: &text)
            }
        }
    }

    /// Adds a truth value.
    package mutating func add(_ key: String, bool: Bool) {
        add(key) { JSONWriter.append(bool: bool, to: &$0) }
    }

    /// Adds a `null`.
    package mutating func addNull(_ key: String) {
        add(key) { JSONWriter.appendNull(to: &$0) }
    }

    /// Returns the object as canonical text, `{}` without members, and starts anew.
    package mutating func finish() -> String {
        let result = text.withUnsafeBytes { text in
            let order = members.indices.sorted { left, right in
                let comparison = JSONWriter.compare(slice(text, members[left].key), slice(text, members[right].key))
                return comparison == 0 ? left < right : comparison < 0
            }
            var object: [UInt8] = []
            object.reserveCapacity(text.count + 4 * order.count + 2)
            object.append(UInt8(ascii: "{"))
            for (position, index) in order.enumerated() {
                let key = slice(text, members[index].key)
                if position + 1 < order.count,
                    JSONWriter.compare(key, slice(text, members[order[position + 1]].key)) == 0
                {
                    continue
                }
                if object.count > 1 { object.append(UInt8(ascii: ",")) }
                JSONWriter.append(string: key, to: &object)
                object.append(UInt8(ascii: ":"))
                object.append(contentsOf: slice(text, members[index].value))
            }
            object.append(UInt8(ascii: "}"))
            return String(decoding: object, as: UTF8.self)
        }
        text.removeAll(keepingCapacity: true)
        members.removeAll(keepingCapacity: true)
        return result
    }

    private mutating func add(_ key: String, writeValue: (inout [UInt8]) -> Void) {
        var key = key
        key.withUTF8 { add(UnsafeRawBufferPointer($0), writeValue: writeValue) }
    }

    private mutating func add(_ key: UnsafeRawBufferPointer, writeValue: (inout [UInt8]) -> Void) {
        let start = text.count
        text.append(contentsOf: key)
        let middle = text.count
        writeValue(&text)
        members.append(Member(key: start..<middle, value: middle..<text.count))
    }

    private func slice(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text[range])
    }
}
