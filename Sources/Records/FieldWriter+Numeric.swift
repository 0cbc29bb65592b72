extension FieldWriter {
    /// Writes a number in base 10,000: count of groups, weight of the first, sign, decimals, groups.
    ///
    /// Groups are counted from the decimal point; those that are zero at either end are left out.
    mutating func writeNumeric(_ numeric: Numeric) {
        let start = cursor
        cursor += 12
        let written: Void? = numeric.token.utf8.withContiguousStorageIfAvailable { writeGroups(of: $0, header: start) }
        if written == nil {
            Array(numeric.token.utf8).withUnsafeBufferPointer { writeGroups(of: $0, header: start) }
        }
        let size = Int32(truncatingIfNeeded: cursor - start - 4)
        start.storeBytes(of: size.bigEndian, as: Int32.self)
    }

    /// Writes the groups at the cursor, and count, weight, sign and decimals into the twelve bytes at `header`.
    ///
    /// The first four of those, the length, are left alone.
    private mutating func writeGroups(of token: UnsafeBufferPointer<UInt8>, header: UnsafeMutableRawPointer) {
        let isNegative = token.first == UInt8(ascii: "-")
        var position = isNegative ? 1 : 0
        var wholeEnd = position
        while wholeEnd < token.count, token[wholeEnd] != UInt8(ascii: ".") { wholeEnd += 1 }
        let fractionStart = wholeEnd < token.count ? wholeEnd + 1 : wholeEnd
        let groupsStart = cursor
        var groupsEnd = cursor
        var weight = (wholeEnd - position + 3) / 4 - 1

        while position < wholeEnd {
            let left = wholeEnd - position
            let count = left % 4 == 0 ? 4 : left % 4
            append(Self.group(token, position, count), after: groupsStart, weight: &weight, end: &groupsEnd)
            position += count
        }
        position = fractionStart
        while position < token.count {
            let count = min(4, token.count - position)
            var group = Self.group(token, position, count)
            for _ in count..<4 { group *= 10 }
            append(group, after: groupsStart, weight: &weight, end: &groupsEnd)
            position += count
        }

        cursor = groupsEnd
        let count = (groupsEnd - groupsStart) / 2
        var fields = FieldWriter(at: header + 4)
        fields.write(Int16(truncatingIfNeeded: count))
        fields.write(Int16(truncatingIfNeeded: count == 0 ? 0 : weight))
        fields.write(UInt16(isNegative && count > 0 ? 0x4000 : 0))
        fields.write(UInt16(truncatingIfNeeded: token.count - fractionStart))
    }

    /// Writes a group, except zeros before the first one that counts: each of those lowers the weight instead.
    private mutating func append(
        _ group: UInt16,
        after start: UnsafeMutableRawPointer,
        weight: inout Int,
        end: inout UnsafeMutableRawPointer
    ) {
        if group == 0, cursor == start {
            weight -= 1
            return
        }
        write(group)
        if group != 0 { end = cursor }
    }

    private static func group(_ token: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> UInt16 {
        var value: UInt16 = 0
        for index in start..<start + count { value = value &* 10 &+ UInt16(token[index] &- UInt8(ascii: "0")) }
        return value
    }
}
