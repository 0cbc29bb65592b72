import Crypto

/// Stable identities for records the platform gives no id.
package enum ContentHash {
    /// The first 128 bits of the SHA-256 of `parts`, in lower-case hexadecimal.
    ///
    /// Each part is preceded by its length, so that no two lists of parts share a hash by where they are cut.
    package static func identity(of parts: String...) -> String {
        var message: [UInt8] = []
        message.reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count + 5 })
        for part in parts {
            message.append(contentsOf: String(part.utf8.count).utf8)
            message.append(UInt8(ascii: ":"))
            message.append(contentsOf: part.utf8)
        }
        return SHA256.hash(data: message).withUnsafeBytes { hexadecimal($0, prefix: 16) }
    }

    /// The first `prefix` bytes in lower-case hexadecimal.
    static func hexadecimal(_ bytes: UnsafeRawBufferPointer, prefix: Int) -> String {
        String(unsafeUninitializedCapacity: prefix * 2) { output in
            for index in 0..<prefix {
                output[index * 2] = digit(bytes[index] >> 4)
                output[index * 2 + 1] = digit(bytes[index] & 0x0F)
            }
            return prefix * 2
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
