#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Finds values that carry a secret: one of the source's own, or a link with a key in its arguments.
///
/// Such a value is dropped whole, never cleaned. A final class, so that handing it to each record's reader costs a
/// reference count and nothing more.
package final class SecretScreen: Sendable {
    /// The secrets as they are and in the encodings a link or a log may show them in.
    private let needles: [[UInt8]]
    private let shortestNeedle: Int

    /// Secrets shorter than this are not looked for: they would be found in honest text.
    private static let minimumSecretLength = 6

    /// Takes the source's secrets: client secret, API key, pinned token.
    package init(secrets: [String] = []) {
        var needles: [[UInt8]] = []
        for secret in secrets where secret.utf8.count >= Self.minimumSecretLength {
            let bytes = Array(secret.utf8)
            for form in [bytes, Self.percentEncoded(bytes), Self.hexadecimal(bytes)] + Self.base64Forms(bytes)
            where !needles.contains(form) {
                needles.append(form)
            }
        }
        self.needles = needles
        shortestNeedle = needles.map(\.count).min() ?? Int.max
    }

    /// Whether the value may not be stored because of what it carries.
    package func condemns(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let base = text.baseAddress else { return false }
        if text.count >= shortestNeedle {
            for needle in needles where Self.contains(text, base, needle) {
                return true
            }
        }
        return text.count > 12 && Self.isLinkWithKey(text, base)
    }

    /// Whether the value may not be stored because of what it carries.
    package func condemns(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { condemns(UnsafeRawBufferPointer($0)) }
    }

    private static let keyArguments: [String] = [
        "api_key=", "apikey=", "access_token=", "accesstoken=", "token=", "auth=", "key=", "secret=", "client_secret=",
        "password=", "signature=", "sig=", "x-amz-signature=", "x-amz-credential=", "x-goog-signature=",
        "awsaccesskeyid=", "jwt=",
    ]

    /// Whether the text holds an address with an argument that looks like a key or a signature.
    private static func isLinkWithKey(_ text: UnsafeRawBufferPointer, _ base: UnsafeRawPointer) -> Bool {
        guard memchr(base, Int32(UInt8(ascii: "=")), text.count) != nil, contains(text, base, schemeMark) else {
            return false
        }
        let lowered = String(decoding: text, as: UTF8.self).lowercased()
        return lowered.split(whereSeparator: { "?&#; \n\t\"'<>".contains($0) }).contains { argument in
            keyArguments.contains { argument.hasPrefix($0) && argument.utf8.count > $0.utf8.count }
        }
    }

    private static let schemeMark = Array("://".utf8)

    /// Whether `needle` occurs in the bytes of `text`, which begin at `base`.
    static func contains(_ text: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, _ needle: [UInt8]) -> Bool {
        guard let first = needle.first, needle.count <= text.count else { return false }
        let end = text.count - needle.count + 1
        var position = 0
        while position < end, let hit = memchr(base + position, Int32(first), end - position) {
            if memcmp(hit, needle, needle.count) == 0 { return true }
            position = UnsafeRawPointer(hit) - base + 1
        }
        return false
    }

    private static func percentEncoded(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                [byte]
            default:
                [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0F)]] }
    }

    /// The secret in base64, for each of the three ways it may lie between other bytes.
    ///
    /// Only the groups that hold nothing but the secret are looked for; too few of them say nothing.
    private static func base64Forms(_ bytes: [UInt8]) -> [[UInt8]] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return (0..<3).compactMap { offset in
            let start = (3 - offset) % 3
            let groups = (bytes.count - start) / 3
            guard groups >= 3 else { return nil }
            var form: [UInt8] = []
            for group in 0..<groups {
                let at = start + group * 3
                let bits = Int(bytes[at]) << 16 | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2])
                for shift in [18, 12, 6, 0] { form.append(alphabet[bits >> shift & 63]) }
            }
            return form
        }
    }
}
