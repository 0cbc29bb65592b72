internal import CSimdJSON

/// A value in a ``JSONDocument``: two pointers, free to copy, valid only inside ``JSONDocument/withRoot(_:)``.
///
/// Reading costs no reference counting, and no String is made unless one is asked for. Reading a value as
/// something it is not gives `nil`, never a trap.
package struct JSONValue {
    let node: UnsafePointer<json_node>
    let bytes: UnsafePointer<UInt8>

    /// What a value is.
    package enum Kind: Hashable, Sendable {
        case null
        case bool
        case number
        case string
        case array
        case object
        /// Not JSON, such as `NaN`: its record is to be rejected.
        case invalid
    }

    /// What the value is.
    package var kind: Kind {
        switch Int(node.pointee.kind) {
        case Int(JSON_KIND_NULL): .null
        case Int(JSON_KIND_FALSE), Int(JSON_KIND_TRUE): .bool
        case Int(JSON_KIND_NUMBER): .number
        case Int(JSON_KIND_STRING): .string
        case Int(JSON_KIND_ARRAY): .array
        case Int(JSON_KIND_OBJECT): .object
        default: .invalid
        }
    }

    /// Faults of the value and of everything inside it.
    package var faults: JSONFaults { JSONFaults(rawValue: node.pointee.faults) }

    /// Faults of the value alone; those of an object's keys belong to the object.
    ///
    /// An envelope is judged by these, and its records by ``faults``.
    package var ownFaults: JSONFaults { JSONFaults(rawValue: node.pointee.own_faults) }

    /// How deep containers are nested here, this one included.
    ///
    /// 0 for a scalar, 1 for `[]`; stays at 255 for more.
    package var height: Int { Int(node.pointee.height) }

    /// Whether a U+0000 or lone surrogate in this string became U+FFFD.
    package var hadReplacement: Bool { ownFaults.contains(.hadReplacement) }
}

// MARK: Scalars

extension JSONValue {
    /// Whether this is `null`.
    package var isNull: Bool { Int(node.pointee.kind) == Int(JSON_KIND_NULL) }

    /// The truth value, where this is one.
    package var bool: Bool? {
        switch Int(node.pointee.kind) {
        case Int(JSON_KIND_TRUE): true
        case Int(JSON_KIND_FALSE): false
        default: nil
        }
    }

    /// The number exactly as the source wrote it.
    package var numberToken: String? { numberBytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The number's token, without a String.
    package var numberBytes: UnsafeRawBufferPointer? { text(of: Int(JSON_KIND_NUMBER)) }

    /// The number, where its value is an integer of 64 bits: `42`, and `1.0`, `1e2` and `-0` too.
    package var int64: Int64? {
        guard let token = numberBytes, let base = token.baseAddress else { return nil }
        var result: Int64 = 0
        let isInteger = json_number_int64(base.assumingMemoryBound(to: UInt8.self), token.count, &result)
        return isInteger == 1 ? result : nil
    }

    /// The double nearest to the number; `nil` where it is beyond a double's range, such as `1e400` or `1e-400`.
    package var double: Double? {
        guard let token = numberBytes, let base = token.baseAddress else { return nil }
        var result = 0.0
        let isInRange = json_number_double(base.assumingMemoryBound(to: UInt8.self), token.count, &result)
        return isInRange == 1 ? result : nil
    }

    /// The unescaped text, where this is a string.
    package var string: String? { stringBytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The unescaped text as UTF-8, without a String; never holds a zero byte.
    package var stringBytes: UnsafeRawBufferPointer? { text(of: Int(JSON_KIND_STRING)) }

    private func text(of kind: Int) -> UnsafeRawBufferPointer? {
        let node = node.pointee
        guard Int(node.kind) == kind else { return nil }
        return UnsafeRawBufferPointer(start: bytes + Int(node.first), count: Int(node.second))
    }
}

// MARK: Containers

extension JSONValue {
    var isArray: Bool { Int(node.pointee.kind) == Int(JSON_KIND_ARRAY) }
    var isObject: Bool { Int(node.pointee.kind) == Int(JSON_KIND_OBJECT) }

    /// How many elements or members a container has; 0 for a scalar.
    package var count: Int { isArray || isObject ? Int(node.pointee.second) : 0 }

    /// The value of the first member with this key; `nil` where there is none, or this is no object.
    ///
    /// Keys are compared unescaped and byte by byte. A member whose value is `null` is found.
    package subscript(_ key: StaticString) -> JSONValue? {
        guard key.hasPointerRepresentation else { return key.withUTF8Buffer { member($0) } }
        return member(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    }

    /// The value of the first member with a key that is only known when running, such as one from the settings.
    package func member(named key: String) -> JSONValue? {
        var key = key
        return key.withUTF8 { member($0) }
    }

    /// The value of the first member with a key, given as UTF-8.
    package func member(_ key: UnsafeBufferPointer<UInt8>) -> JSONValue? {
        // An empty buffer may have no address; any will do to compare nothing.
        json_object_find(node, bytes, key.baseAddress ?? bytes, key.count).map { JSONValue(node: $0, bytes: bytes) }
    }

    /// The elements of an array, in order; empty where this is none.
    package var elements: JSONElements {
        JSONElements(position: node + 1, bytes: bytes, remaining: isArray ? count : 0)
    }

    /// The members of an object in the source's order, repeated keys included; empty where this is none.
    package var members: JSONMembers {
        JSONMembers(position: node + 1, bytes: bytes, remaining: isObject ? count : 0)
    }
}
