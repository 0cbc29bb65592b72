internal import CSimdJSON

/// One page, read in one walk and immutable ever after.
///
/// Every value has been visited and checked when the initialiser returns, those that nobody asks for too.
/// It owns what it needs: the page's bytes may be let go at once.
package final class JSONDocument: @unchecked Sendable {
    // Unchecked because of the pointers: written in the initialiser, read until deinit, never changed.
    private let tape: json_tape

    /// Reads one JSON document, with white space around it at most.
    ///
    /// - Throws: ``JSONError`` where the page as a whole cannot be trusted. A fault that harms one record is
    ///   flagged on that record's ``JSONValue/faults``.
    package init(parsing bytes: UnsafeRawBufferPointer, limits: JSONLimits = .init()) throws(JSONError) {
        self.tape = try Self.walk(bytes, limits).get()
    }

    /// Reads one JSON document from an array.
    package init(parsing bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONError) {
        self.tape = try bytes.withUnsafeBytes { Self.walk($0, limits) }.get()
    }

    private static func walk(_ bytes: UnsafeRawBufferPointer, _ limits: JSONLimits) -> Result<json_tape, JSONError> {
        var tape = json_tape()
        let outcome = json_tape_parse(
            bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            bytes.count,
            json_limits(
                max_depth: UInt32(min(max(limits.maxDepth, 1), 1000)),
                max_string_bytes: UInt32(clamping: limits.maxStringBytes),
                max_values: UInt32(clamping: limits.maxValues),
                max_bytes: UInt32(clamping: limits.maxBytes)
            ),
            &tape
        )
        if let code = JSONError.Code(outcome.code) { return .failure(JSONError(code, at: Int(outcome.offset))) }
        return .success(tape)
    }

    deinit { json_tape_free(tape) }

    /// Lends the document's value to `body`; no value taken from it may leave `body`.
    package func withRoot<Value>(_ body: (JSONValue) throws -> Value) rethrows -> Value {
        guard let nodes = tape.nodes, let bytes = tape.bytes else {
            preconditionFailure("a document that failed to parse has no instance")
        }
        defer { withExtendedLifetime(self) {} }
        return try body(JSONValue(node: UnsafePointer(nodes), bytes: UnsafePointer(bytes)))
    }

    /// The memory that the document holds.
    package var memoryBytes: Int { tape.memory_bytes }
}

extension JSONError.Code {
    /// The code of a refused page, or `nil` for a good one.
    fileprivate init?(_ code: json_code) {
        switch code {
        case JSON_OK: return nil
        case JSON_EMPTY: self = .empty
        case JSON_HTML: self = .html
        case JSON_UTF16: self = .utf16
        case JSON_INVALID_UTF8: self = .invalidUTF8
        case JSON_TRUNCATED: self = .truncated
        case JSON_TRAILING_BYTES: self = .trailingBytes
        case JSON_TOO_LARGE: self = .tooLarge
        case JSON_TOO_MANY_VALUES: self = .tooManyValues
        case JSON_OUT_OF_MEMORY: self = .outOfMemory
        default: self = .malformed
        }
    }
}
