/// Microseconds from 1970-01-01, our epoch, to 2000-01-01, PostgreSQL's.
let microsecondsToPostgresEpoch: Int64 = 946_684_800_000_000

/// The parameters of one statement in the arrays libpq wants.
///
/// All values lie one after the other in `bytes`; `offsets` says where each begins (−1 is NULL).
struct EncodedParameters {
    private(set) var types: [UInt32] = []
    private(set) var offsets: [Int] = []
    private(set) var lengths: [Int32] = []
    private(set) var formats: [Int32] = []
    private(set) var bytes: [UInt8] = []

    private static let text: Int32 = 0
    private static let binary: Int32 = 1
    private static let textOID: UInt32 = 25

    init(_ values: [PostgresValue]) throws {
        guard values.count <= 65_535 else {
            throw PostgresError(.tooManyParameters, "a statement has more than 65,535 parameters: use COPY or unnest")
        }
        for (index, value) in values.enumerated() {
            let start = bytes.count
            let (type, format) = try append(value, position: index + 1)
            types.append(type)
            formats.append(format)
            offsets.append(value == .null ? -1 : start)
            // Checked by the caller's limits: no value of ours comes near 2 GB.
            lengths.append(Int32(clamping: bytes.count - start))
            bytes.append(0)  // text format is read up to a NUL
        }
    }

    private mutating func append(_ value: PostgresValue, position: Int) throws -> (type: UInt32, format: Int32) {
        switch value {
        case .null:
            return (0, Self.text)
        case .text(let string):
            try append(string, position: position)
            return (Self.textOID, Self.binary)
        case .int8(let number):
            append(number)
            return (20, Self.binary)
        case .float8(let number):
            append(Int64(bitPattern: number.bitPattern))
            return (701, Self.binary)
        case .bool(let flag):
            bytes.append(flag ? 1 : 0)
            return (16, Self.binary)
        case .timestamptz(let microseconds):
            append(microseconds &- microsecondsToPostgresEpoch)
            return (1184, Self.binary)
        case .jsonb(let json):
            bytes.append(1)  // the version of jsonb's wire format
            try append(json, position: position)
            return (3802, Self.binary)
        case .numeric(let digits):
            try append(digits, position: position)
            return (1700, Self.text)
        case .textArray(let elements):
            try appendArray(elements, elementType: Self.textOID) { array, element in
                try array.append(element, position: position)
            }
            return (1009, Self.binary)
        case .int8Array(let elements):
            appendArray(elements, elementType: 20) { array, element in array.append(element) }
            return (1016, Self.binary)
        case .bytea(let data):
            bytes.append(contentsOf: data)
            return (17, Self.binary)
        }
    }

    private mutating func append(_ string: String, position: Int) throws {
        let start = bytes.count
        bytes.append(contentsOf: string.utf8)
        guard !bytes[start...].contains(0) else {
            // libpq and the server would cut the value there, or refuse it with a message that quotes it.
            throw PostgresError(.nulCharacter, "parameter $\(position) contains U+0000, which PostgreSQL cannot store")
        }
    }

    private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func appendArray<Element>(
        _ elements: [Element?],
        elementType: UInt32,
        encode: (inout EncodedParameters, Element) throws -> Void
    ) rethrows {
        append(Int32(elements.isEmpty ? 0 : 1))  // dimensions
        append(Int32(elements.contains { $0 == nil } ? 1 : 0))
        append(elementType)
        guard !elements.isEmpty else { return }
        append(Int32(clamping: elements.count))
        append(Int32(1))  // lower bound
        for element in elements {
            guard let element else {
                append(Int32(-1))
                continue
            }
            let lengthAt = bytes.count
            append(Int32(0))
            try encode(&self, element)
            let length = Int32(clamping: bytes.count - lengthAt - 4)
            withUnsafeBytes(of: length.bigEndian) { bytes.replaceSubrange(lengthAt..<(lengthAt + 4), with: $0) }
        }
    }
}
