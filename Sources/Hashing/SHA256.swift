import CLibcrypto

/// SHA-256 (FIPS 180-4) by OpenSSL's libcrypto, which libpq needs anyway.
package enum SHA256 {
    /// Bytes of a digest.
    package static let byteCount = 32

    /// The digest of `message`, 32 bytes.
    package static func digest(of message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            // libcrypto fails here for want of memory alone.
            precondition(
                EVP_DigestInit_ex2(context, algorithm.pointer, nil) == 1
                    && EVP_DigestUpdate(context, message, message.count) == 1
                    && EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1,
                "libcrypto computed no SHA-256"
            )
            count = byteCount
        }
    }

    /// Looked up once: a look-up takes longer than the digest of a short message.
    private static let algorithm = Algorithm(pointer: EVP_MD_fetch(nil, "SHA256", nil))

    /// libcrypto's description of an algorithm, which never changes.
    private struct Algorithm: @unchecked Sendable {
        let pointer: OpaquePointer?
    }
}
