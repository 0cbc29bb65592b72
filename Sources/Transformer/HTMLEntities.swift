#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Decodes HTML entities in titles and names.
///
/// Some platforms escape what they serve once more than they should, some of it twice. What is no complete, known
/// entity stays as it is.
package enum HTMLEntities {
    /// Returns `text` with its entities decoded, up to two times; the same string where there are none.
    package static func decoded(_ text: String) -> String {
        guard let once = decodedOnce(text) else { return text }
        return decodedOnce(once) ?? once
    }

    /// Returns `text` with its entities decoded once, or `nil` where nothing changes.
    static func decodedOnce(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            guard let base = bytes.baseAddress, memchr(base, Int32(ampersand), bytes.count) != nil else { return nil }
            var output = [UInt8]()
            output.reserveCapacity(bytes.count)
            var changed = false
            var index = 0
            while index < bytes.count {
                if bytes[index] == ampersand, let entity = entity(in: bytes, at: index) {
                    output.append(contentsOf: String(entity.scalar).utf8)
                    index += entity.length
                    changed = true
                } else {
                    output.append(bytes[index])
                    index += 1
                }
            }
            return changed ? String(decoding: output, as: UTF8.self) : nil
        }
    }

    private static let ampersand = UInt8(ascii: "&")
    /// `&thetasym;` is the longest name HTML 4 knows; a number needs no more.
    private static let longestEntity = 12

    private static func entity(
        in bytes: UnsafeBufferPointer<UInt8>,
        at start: Int
    ) -> (scalar: Unicode.Scalar, length: Int)? {
        let limit = min(bytes.count, start + longestEntity)
        guard start + 1 < limit else { return nil }
        guard let end = (start + 1..<limit).first(where: { bytes[$0] == UInt8(ascii: ";") }) else { return nil }
        let name = String(decoding: bytes[start + 1..<end], as: UTF8.self)
        guard let scalar = name.hasPrefix("#") ? numeric(name.dropFirst()) : HTMLEntityNames.scalar(named: name) else {
            return nil
        }
        return (scalar, end + 1 - start)
    }

    /// A number in decimal or, after `x`, in hexadecimal; control characters but tab and line ends stay escaped.
    private static func numeric(_ digits: Substring) -> Unicode.Scalar? {
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        let number = isHexadecimal ? digits.dropFirst() : digits
        guard let first = number.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        guard let value = UInt32(number, radix: isHexadecimal ? 16 : 10) else { return nil }
        guard value >= 0x20 || value == 0x09 || value == 0x0A || value == 0x0D else { return nil }
        return Unicode.Scalar(value)
    }
}
