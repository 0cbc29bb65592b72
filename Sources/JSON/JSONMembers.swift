internal import CSimdJSON

/// The members of an object.
package struct JSONMembers: Sequence, IteratorProtocol {
    var position: UnsafePointer<json_node>
    let bytes: UnsafePointer<UInt8>
    var remaining: Int

    /// How many members are left.
    package var underestimatedCount: Int { remaining }

    /// The next member.
    package mutating func next() -> (key: JSONKey, value: JSONValue)? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        let key = JSONKey(JSONValue(node: position, bytes: bytes))
        let value = JSONValue(node: position + 1, bytes: bytes)
        position = json_node_next(position + 1)
        return (key, value)
    }
}
