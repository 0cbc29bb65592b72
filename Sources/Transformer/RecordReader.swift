package import JSON

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads the fields of one JSON object.
///
/// Fields that are asked for in the order the platform sends them are found without searching. The reader knows
/// which members were read, so that ``note(in:shape:)`` can name those nobody knows. A field of a wrong type is null
/// and noted; a part of the key that cannot be read makes the whole record a reject (``failure``).
package struct RecordReader {
    /// Why the record cannot be stored.
    package struct Failure {
        /// What is wrong.
        package var cause: RejectCause
        /// The field it is wrong with.
        package var field: String
    }

    /// A member that was found.
    struct Field {
        var value: JSONValue
        var index: Int
    }

    /// Longest text of a key's part, in bytes: four of them and the source must fit an index entry.
    package static let longestKey = 512

    /// The object.
    package let object: JSONValue
    /// What the object is read by.
    package let context: ReadingContext
    /// The first thing found that forbids storing the record.
    package var failure: Failure?

    /// Whether a name comes twice: then the first one is searched for from the start, not from where the last was found.
    private let hasDuplicates: Bool
    private let first: JSONMembers.Iterator
    private var cursor: JSONMembers.Iterator
    private var cursorIndex = 0
    private let count: Int
    /// One bit a member, for the first 128 of them.
    private var consumed: UInt128 = 0
    private var voided: UInt128 = 0
    private var normalized: UInt128 = 0

    /// Opens an object; anything else reads as an empty one.
    package init(_ object: JSONValue, context: ReadingContext) {
        self.object = object
        self.context = context
        let members = object.members
        first = members.makeIterator()
        cursor = first
        count = object.count
        hasDuplicates = object.ownFaults.contains(.duplicateKey)
    }

    /// Whether the object has a member of this name, null or not.
    package mutating func has(_ name: StaticString) -> Bool {
        find(name) != nil
    }

    /// The member's value as it is; it counts as read.
    package mutating func value(_ name: StaticString) -> JSONValue? {
        find(name)?.value
    }

    /// The member's value if it is an object; null, absence and the empty array that PHP writes for an empty object
    /// are none.
    package mutating func object(_ name: StaticString) -> JSONValue? {
        guard let field = find(name) else { return nil }
        switch field.value.kind {
        case .object: return field.value
        case .null: return nil
        case .array where field.value.count == 0: return nil
        default:
            void(field)
            return nil
        }
    }

    /// The member's value if it is an array; null and absence are none.
    package mutating func array(_ name: StaticString) -> JSONValue? {
        guard let field = find(name) else { return nil }
        switch field.value.kind {
        case .array: return field.value
        case .null: return nil
        default:
            void(field)
            return nil
        }
    }

    /// Visits the elements of a member that is an array; null and absence have none.
    package mutating func forEach(in name: StaticString, _ body: (JSONValue) -> Void) {
        guard let array = array(name) else { return }
        for element in array.elements { body(element) }
    }

    /// Counts a member as known without reading it.
    package mutating func ignore(_ name: StaticString) {
        _ = find(name)
    }

    /// Visits the members that nothing has read yet, and counts them as read: the open part of a flat record.
    package mutating func visitUnread(_ body: (JSONKey, JSONValue) -> Void) {
        var index = 0
        for (key, value) in object.members {
            if index >= 128 || consumed & Self.bit(index) == 0 { body(key, value) }
            index += 1
        }
        consumed = UInt128.max
    }

    /// Notes that the value was dropped.
    mutating func void(_ field: Field) {
        if field.index < 128 { voided |= Self.bit(field.index) }
    }

    /// Notes that the value was stored otherwise than it came.
    mutating func normalize(_ field: Field) {
        if field.index < 128 { normalized |= Self.bit(field.index) }
    }

    /// Remembers that the record cannot be stored; the first cause stays.
    package mutating func fail(_ cause: RejectCause, _ field: StaticString, _ inner: StaticString? = nil) {
        if failure == nil {
            failure = Failure(cause: cause, field: inner.map { "\(field).\($0)" } ?? "\(field)")
        }
    }

    /// Finds a member: from where the last one was found to the end, then from the start.
    mutating func find(_ name: StaticString) -> Field? {
        if hasDuplicates {
            cursor = first
            cursorIndex = 0
        }
        let start = cursorIndex
        let startCursor = cursor
        while let (key, value) = cursor.next() {
            let index = cursorIndex
            cursorIndex += 1
            if key.bytes.equals(name) { return found(value, at: index) }
        }
        cursor = first
        cursorIndex = 0
        while cursorIndex < start, let (key, value) = cursor.next() {
            let index = cursorIndex
            cursorIndex += 1
            if key.bytes.equals(name) { return found(value, at: index) }
        }
        cursor = startCursor
        cursorIndex = start
        return nil
    }

    private mutating func found(_ value: JSONValue, at index: Int) -> Field {
        if index < 128 { consumed |= Self.bit(index) }
        return Field(value: value, index: index)
    }

    /// Notes what was normalised, voided, or not known to anyone.
    package func note(in log: inout DriftLog, shape: RecordShape) {
        for inner in shape.objects { note(inner, in: &log) }
        let all = count >= 128 ? UInt128.max : Self.bit(count) &- 1
        let unread = all & ~consumed
        if unread | voided | normalized == 0 { return }
        let screen = context.screen
        var hint = 0
        var index = 0
        for (key, value) in object.members {
            if index >= 128 { break }
            let bit = Self.bit(index)
            if voided & bit != 0 {
                log.note(prefix: shape.path, name: key.bytes, type: JSONType(of: value), kept: false, screen: screen)
            } else if normalized & bit != 0 {
                log.note(prefix: shape.path, name: key.bytes, type: JSONType(of: value), kept: true, screen: screen)
            } else if unread & bit != 0, !Self.contains(shape.ignored, key.bytes, hint: &hint) {
                log.note(prefix: shape.path, name: key.bytes, type: JSONType(of: value), kept: false, screen: screen)
            }
            index += 1
        }
    }

    /// Notes what nobody knows in an object that is a member.
    private func note(_ inner: RecordShape.Inner, in log: inout DriftLog) {
        guard let object = object[inner.name], object.kind == .object else { return }
        var hint = 0
        for (key, value) in object.members where !Self.contains(inner.known, key.bytes, hint: &hint) {
            log.note(
                prefix: inner.path,
                name: key.bytes,
                type: JSONType(of: value),
                kept: false,
                screen: context.screen
            )
        }
    }

    /// Searches from behind the last hit: known members come in the order they are listed in.
    private static func contains(_ names: [StaticString], _ name: UnsafeRawBufferPointer, hint: inout Int) -> Bool {
        for index in hint..<max(hint, names.count) where name.equals(names[index]) {
            hint = index + 1
            return true
        }
        for index in 0..<min(hint, names.count) where name.equals(names[index]) {
            hint = index + 1
            return true
        }
        return false
    }

    private static func bit(_ index: Int) -> UInt128 {
        (1 as UInt128) << UInt128(index)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of `name`.
    @inline(__always)
    func equals(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        guard let baseAddress else { return true }
        return memcmp(baseAddress, name.utf8Start, count) == 0
    }
}
