import Records
import Testing

@Suite struct CopyBufferTests {
    private static func twoRows() -> CopyBuffer {
        var buffer = CopyBuffer()
        buffer.beginRow(fieldCount: 2)
        buffer.append("é\t")
        buffer.append(Int64(-2))
        buffer.beginRow(fieldCount: 2)
        buffer.append("")
        buffer.appendNull()
        return buffer
    }

    @Test("bytes of a row are those of the protocol")
    func bytes() {
        let buffer = Self.twoRows()
        let expected: [UInt8] =
            [0, 2, 0, 0, 0, 3, 0xC3, 0xA9, 9, 0, 0, 0, 8] + [UInt8](repeating: 0xFF, count: 7) + [0xFE]
            + [0, 2, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(buffer.withUnsafeBytes { Array($0) } == expected)
        #expect(buffer.rows == 2)
        #expect(buffer.byteCount == expected.count)
        #expect(CopyBuffer.header.count == 19)
    }

    @Test("arrays, jsonb, booleans and integers are those of the protocol")
    func otherTypes() {
        var buffer = CopyBuffer()
        buffer.beginRow(fieldCount: 6)
        buffer.append(["a", "bc"])
        buffer.append([String]())
        buffer.append(JSONText("{}"))
        buffer.append(true)
        buffer.append(Int32(7))
        buffer.append(Timestamp(microsecondsSinceEpoch: 946_684_800_000_001))
        var rows = BinaryRows(buffer)
        let row = rows.nextRow()
        #expect(
            row[0] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 1]
                + [0, 0, 0, 1, 97, 0, 0, 0, 2, 98, 99]
        )
        #expect(row[1] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25])
        #expect(row[2] == json("{}"))
        #expect(row[3] == [1])
        #expect(row[4] == [0, 0, 0, 7])
        #expect(row[5] == [0, 0, 0, 0, 0, 0, 0, 1])
    }

    @Test("rows go out behind fields that all share, without their last ones")
    func sharedFields() {
        var shared = CopyBuffer()
        shared.beginRow(fieldCount: 3)
        shared.append("s")
        var buffer = CopyBuffer()
        var expected = CopyBuffer()
        for number in 0..<20_000 {
            buffer.beginRow(fieldCount: 3)
            buffer.append("row \(number)")
            buffer.append(nil as String?)
            buffer.append(Int64(number))
            expected.beginRow(fieldCount: 3)
            expected.append("s")
            expected.append("row \(number)")
            expected.append(nil as String?)
        }
        var bytes: [UInt8] = []
        var chunks = 0
        buffer.forEachChunk(sharing: shared, keeping: 2) {
            bytes.append(contentsOf: $0)
            chunks += 1
        }
        #expect(expected.withUnsafeBytes { $0.elementsEqual(bytes) })
        #expect(chunks == 2)
        CopyBuffer().forEachChunk(sharing: shared, keeping: 2) { _ in Issue.record("there is no row") }
    }

    @Test("rows can be joined, taken out again and forgotten")
    func rows() {
        var buffer = Self.twoRows()
        buffer.append(contentsOf: Self.twoRows())
        #expect(buffer.rows == 4)
        #expect(buffer.rows(in: 2..<4) == Self.twoRows())
        #expect(buffer.rows(in: 1..<2).byteCount == 10)
        #expect(buffer.rows(in: 0..<4) == buffer)
        #expect(buffer.rows(in: 4..<4).isEmpty)
        buffer.removeAll(keepingCapacity: true)
        #expect(buffer.isEmpty && buffer.byteCount == 0)
        buffer.append(contentsOf: Self.twoRows())
        #expect(buffer == Self.twoRows())
    }

    @Test("a buffer is a value: a copy does not see later rows")
    func copies() {
        let first = Self.twoRows()
        var second = first
        second.append(contentsOf: first)
        #expect(first == Self.twoRows())
        #expect(second.rows == 4)
    }

    @Test("growing keeps what is there")
    func growth() {
        var buffer = CopyBuffer()
        let long = String(repeating: "x", count: 5_000)
        for number in 0..<1_000 {
            buffer.beginRow(fieldCount: 2)
            buffer.append(Int64(number))
            buffer.append(number % 10 == 0 ? long : "s")
        }
        var rows = BinaryRows(buffer)
        for number in 0..<1_000 {
            #expect(rows.nextRow() == [bigEndian(Int64(number)), text(number % 10 == 0 ? long : "s")])
        }
        #expect(rows.isAtEnd)
    }
}
