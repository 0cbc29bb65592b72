/// Makes a platform's message safe to print.
///
/// Known secrets (plain, encoded for addresses, base64, hex, and their first 8 characters), echoed arguments, e-mail
/// addresses, links, ids and other long tokens are replaced; control characters are dropped; the rest is cut to its
/// limit. Replacing comes before cutting.
package struct MessageScrubber: Sendable {
    private let needles: [[UInt8]]
    private let values: [[UInt8]]

    /// - Parameters:
    ///   - secrets: Replaced in all their usual spellings.
    ///   - values: Arguments of the request that an answer may echo; replaced as they are.
    package init(secrets: [Secret], values: [String] = []) {
        needles = secrets.flatMap { $0.reveal(Self.spellings) }
        self.values = values.flatMap { value in
            [Array(value.utf8), Array(PercentCoding.encode(value).utf8)]
        }
    }

    /// Returns a text without what must not be printed, at most `limit` characters long.
    package func scrub(_ text: String, limit: Int = 200) -> String {
        // Past this length nothing can reach the result, and a hostile message must not cost time.
        var bytes = Array(text.utf8.prefix(16_384))
        for needle in needles { bytes = Self.replacing(needle, in: bytes, with: "[secret]", prefixOf: 8) }
        for value in values { bytes = Self.replacing(value, in: bytes, with: "[value]", prefixOf: Int.max) }
        let words = String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 } })
            .map(Self.scrubWord)
        let cleaned = words.joined(separator: " ").unicodeScalars.filter { scalar in
            scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
        }
        return String(String(String.UnicodeScalarView(cleaned)).prefix(limit))
    }

    private static func scrubWord(_ word: Substring) -> String {
        if word.contains("@") { return "[address]" }
        if word.contains("://") || word.lowercased().contains("www.") { return "[link]" }
        var output = ""
        var run = Substring()
        func flush() {
            output += isIdentifier(run) ? "[id]" : String(run)
            run = Substring()
        }
        for character in word {
            let isPart = character.isLetter || character.isNumber || "_-+/=%.".contains(character)
            if isPart {
                run.append(character)
            } else {
                flush()
                output.append(character)
            }
        }
        flush()
        return output
    }

    /// Long numbers, mixed letters and digits, and anything too long to be a word.
    private static func isIdentifier(_ run: Substring) -> Bool {
        let core = run.utf8.filter { $0 != 0x2E && $0 != 0x5F && $0 != 0x2D }
        let digits = core.count { (0x30...0x39).contains($0) }
        if core.count >= 5, digits == core.count { return true }
        if run.first == "_", digits > 0 { return true }
        return core.count >= 8 && digits >= 2 || run.utf8.count >= 40
    }

    /// Replaces `needle`, and any text that begins with its first `prefixOf` bytes as far as it agrees.
    private static func replacing(
        _ needle: [UInt8],
        in bytes: [UInt8],
        with text: String,
        prefixOf count: Int
    ) -> [UInt8] {
        let least = min(needle.count, count)
        guard least >= 4, bytes.count >= least else { return bytes }
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            var length = 0
            while length < needle.count, index + length < bytes.count, bytes[index + length] == needle[length] {
                length += 1
            }
            if length >= least {
                output += Array(text.utf8)
                index += length
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    /// The ways a secret may be written down.
    private static func spellings(of secret: String) -> [[UInt8]] {
        let plain = Array(secret.utf8)
        guard !plain.isEmpty else { return [] }
        let encoded = PercentCoding.encode(secret)
        let hex = plain.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        var forms = [plain, Array(encoded.utf8), Array(encoded.lowercased().utf8), Array(hex.utf8)]
        forms.append(Array(hex.uppercased().utf8))
        // Inside a longer text ("id:secret") base64 begins at one of three places; the first characters may differ.
        for offset in 0..<3 {
            let text = Base64.encode([UInt8](repeating: 0, count: offset) + plain)
            let core = Array(text.utf8.dropFirst(offset == 0 ? 0 : offset + 1).prefix { $0 != 0x3D })
            let stable = (offset + plain.count) % 3 == 0 ? core : Array(core.dropLast())
            forms.append(stable)
            forms.append(stable.map { $0 == 0x2B ? 0x2D : $0 == 0x2F ? 0x5F : $0 })
        }
        var unique: [[UInt8]] = []
        for form in forms where !unique.contains(form) { unique.append(form) }
        return unique.sorted { $0.count > $1.count }
    }
}
