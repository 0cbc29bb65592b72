extension RowLayout {
    /// How many bytes the row of a record needs at most, without its version.
    func maxSize(of record: UnsafeRawPointer) -> Int {
        fields.withUnsafeBufferPointer { fields in
            var size = 2 + FieldWriter.fixedSize
            for field in fields {
                let value = record + field.offset
                switch field.encoding {
                case .requiredText:
                    size += FieldWriter.maxSize(ofText: value.assumingMemoryBound(to: String.self).pointee)
                case .text:
                    let text = value.assumingMemoryBound(to: String?.self).pointee
                    size += text.map(FieldWriter.maxSize(ofText:)) ?? 4
                case .numeric:
                    let numeric = value.assumingMemoryBound(to: Numeric?.self).pointee
                    size += numeric.map(FieldWriter.maxSize(ofNumeric:)) ?? 4
                case .jsonb:
                    let json = value.assumingMemoryBound(to: JSONText?.self).pointee
                    size += json.map(FieldWriter.maxSize(ofJSON:)) ?? 4
                case .textArray:
                    let array = value.assumingMemoryBound(to: [String]?.self).pointee
                    size += array.map(FieldWriter.maxSize(ofArray:)) ?? 4
                case .requiredTimestamp, .timestamp, .bigint, .integer, .boolean:
                    size += FieldWriter.fixedSize
                }
            }
            return size
        }
    }
}

extension FieldWriter {
    /// Writes the own columns of a record.
    mutating func write(_ layout: RowLayout, of record: UnsafeRawPointer) {
        layout.fields.withUnsafeBufferPointer { fields in
            for field in fields { write(field, of: record) }
        }
    }

    @inline(__always)
    private mutating func write(_ field: RowLayout.Field, of record: UnsafeRawPointer) {
        let value = record + field.offset
        switch field.encoding {
        case .requiredText:
            writeText(value.assumingMemoryBound(to: String.self).pointee)
        case .requiredTimestamp:
            writeTimestamp(value.assumingMemoryBound(to: Timestamp.self).pointee)
        case .text:
            guard let text = value.assumingMemoryBound(to: String?.self).pointee else { return writeNull() }
            writeText(text)
        case .timestamp:
            guard let timestamp = value.assumingMemoryBound(to: Timestamp?.self).pointee else { return writeNull() }
            writeTimestamp(timestamp)
        case .numeric:
            guard let numeric = value.assumingMemoryBound(to: Numeric?.self).pointee else { return writeNull() }
            writeNumeric(numeric)
        case .bigint:
            guard let number = value.assumingMemoryBound(to: Int64?.self).pointee else { return writeNull() }
            writeBigint(number)
        case .integer:
            guard let number = value.assumingMemoryBound(to: Int32?.self).pointee else { return writeNull() }
            writeInteger(number)
        case .boolean:
            guard let flag = value.assumingMemoryBound(to: Bool?.self).pointee else { return writeNull() }
            writeBoolean(flag)
        case .jsonb:
            guard let json = value.assumingMemoryBound(to: JSONText?.self).pointee else { return writeNull() }
            writeJSON(json)
        case .textArray:
            guard let array = value.assumingMemoryBound(to: [String]?.self).pointee else { return writeNull() }
            writeArray(array)
        }
    }
}
