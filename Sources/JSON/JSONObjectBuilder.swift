/// Builds one JSON object whose names are sorted, from values that were already written.
///
/// Two objects of equal members have equal text, in whatever order the platform sent them.
package struct JSONObjectBuilder {
    private struct Span {
        var start: Int
        var nameEnd: Int
        var end: Int
    }

    /// The object as it was added to, without the closing brace.
    private var buffer: [UInt8] = []
    private var spans: [Span] = []
    private var isSorted = true

    /// Makes an empty object.
    package init() {}

    /// Whether the object has no member.
    package var isEmpty: Bool { spans.isEmpty }

    /// Empties the object, keeping its memory.
    package mutating func removeAll() {
        buffer.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
        isSorted = true
    }

    /// Adds a member; `write` appends its value, or returns false to leave the member out.
    package mutating func add(_ name: UnsafeRawBufferPointer, write: (inout [UInt8]) -> Bool) {
        if buffer.isEmpty { buffer.reserveCapacity(192) }
        let restart = buffer.count
        buffer.append(spans.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
        let start = buffer.count
        JSONWriter.append(name, to: &buffer)
        let nameEnd = buffer.count
        buffer.append(UInt8(ascii: ":"))
        guard write(&buffer) else {
            buffer.removeSubrange(restart...)
            return
        }
        let span = Span(start: start, nameEnd: nameEnd, end: buffer.count)
        if isSorted, let last = spans.last, isName(of: span, before: last) { isSorted = false }
        spans.append(span)
    }

    /// Adds a member of a fixed name.
    package mutating func add(_ name: StaticString, write: (inout [UInt8]) -> Bool) {
        add(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), write: write)
    }

    /// Appends the object's text.
    package func write(into output: inout [UInt8]) {
        if spans.isEmpty {
            output.append(UInt8(ascii: "{"))
        } else if isSorted {
            output.append(contentsOf: buffer)
        } else {
            var separator = UInt8(ascii: "{")
            for span in spans.sorted(by: { isName(of: $0, before: $1) }) {
                output.append(separator)
                output.append(contentsOf: buffer[span.start..<span.end])
                separator = UInt8(ascii: ",")
            }
        }
        output.append(UInt8(ascii: "}"))
    }

    /// The object's text.
    package var string: String {
        var output: [UInt8] = []
        output.reserveCapacity(buffer.count + 2)
        write(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private func isName(of left: Span, before right: Span) -> Bool {
        buffer.withUnsafeBytes { bytes in
            bytes[left.start..<left.nameEnd].lexicographicallyPrecedes(bytes[right.start..<right.nameEnd])
        }
    }
}
