import Hashing
package import Records

/// Stable identities for records the platform gives no id.
package enum ContentHash {
    /// The identity of something that happened, in 32 lower-case hexadecimal digits: twelve of milliseconds since 1970,
    /// then 80 bits of the SHA-256 of `parts`.
    ///
    /// Identities that ascend with time, as those of UUID version 7 do, are stored side by side in the order they come;
    /// each at a place of its own in the index of a growing log costs several times as much.
    package static func identity(at time: Timestamp, of parts: String...) -> String {
        let milliseconds = UInt64(max(0, time.microseconds) / 1_000)
        let time = withUnsafeBytes(of: milliseconds.bigEndian) { $0.dropFirst(2).hexadecimal }
        return time + digest(of: parts, prefix: 10)
    }

    /// The first 128 bits of the SHA-256 of `parts`, in lower-case hexadecimal.
    ///
    /// Each part is preceded by its length, so that no two lists of parts share a hash by where they are cut.
    package static func identity(of parts: String...) -> String { digest(of: parts, prefix: 16) }

    private static func digest(of parts: [String], prefix: Int) -> String {
        var message: [UInt8] = []
        message.reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count + 5 })
        for part in parts {
            message.append(contentsOf: String(part.utf8.count).utf8)
            message.append(UInt8(ascii: ":"))
            message.append(contentsOf: part.utf8)
        }
        return SHA256.digest(of: message).prefix(prefix).hexadecimal
    }
}
