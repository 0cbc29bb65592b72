extension Collection<UInt8> {
    /// The bytes as lower-case hexadecimal digits, two a byte.
    package var hexadecimal: String {
        String(unsafeUninitializedCapacity: count * 2) { output in
            var length = 0
            for byte in self {
                output[length] = digit(byte >> 4)
                output[length + 1] = digit(byte & 15)
                length += 2
            }
            return length
        }
    }
}

private func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
