internal import CSimdJSON

/// The elements of an array.
package struct JSONElements: Sequence, IteratorProtocol {
    var position: UnsafePointer<json_node>
    let bytes: UnsafePointer<UInt8>
    var remaining: Int

    /// How many elements are left.
    package var underestimatedCount: Int { remaining }

    /// The next element.
    package mutating func next() -> JSONValue? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        defer { position = json_node_next(position) }
        return JSONValue(node: position, bytes: bytes)
    }
}
