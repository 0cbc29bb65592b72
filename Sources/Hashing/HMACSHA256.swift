import CLibcrypto

/// HMAC-SHA-256 (RFC 2104) and the derivation of keys by it (RFC 5869).
package enum HMACSHA256 {
    /// The authentication code of `message` under `key`, 32 bytes.
    package static func code(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { output, count in
            let code = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, output.baseAddress, nil)
            // libcrypto fails here for want of memory alone.
            precondition(code != nil, "libcrypto computed no HMAC")
            count = SHA256.byteCount
        }
    }

    /// A key of 32 bytes made of `key` for the use that `info` names: HKDF without a salt.
    package static func derivedKey(from key: [UInt8], info: [UInt8]) -> [UInt8] {
        // A salt that is absent is a block of zeros, and one block is all that 32 bytes need (RFC 5869, sections 2.2 and 2.3).
        let extracted = code(for: key, key: [UInt8](repeating: 0, count: SHA256.byteCount))
        return code(for: info + [1], key: extracted)
    }
}
