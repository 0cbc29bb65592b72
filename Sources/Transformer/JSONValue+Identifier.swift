package import JSON
import Records

extension JSONValue {
    /// The text of an id: a text as it is, and a number whose value is whole as that integer, however it was written
    /// (`1`, `1.0` and `1e2` are `1`, `1` and `100`).
    ///
    /// Platforms write one id now as an integer and now as a float: two spellings must not become two records.
    ///
    /// - Returns: `nil` for anything but a text or a number.
    package var identifierText: String? {
        guard let token = numberToken else { return string }
        // The usual case: digits alone are what they say.
        guard token.utf8.contains(where: { $0 &- UInt8(ascii: "0") > 9 }) else { return token }
        guard let plain = Numeric(token: token)?.token, !plain.utf8.contains(UInt8(ascii: ".")) else { return token }
        return plain
    }
}
