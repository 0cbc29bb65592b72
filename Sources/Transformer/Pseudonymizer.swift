import Hashing

/// Replaces values that name a person by keyed hashes, the same value always by the same one.
///
/// HMAC-SHA-256 over source, column and value, separated by U+001F, under a key derived (HKDF) from the configured
/// one, so that a pseudonym says nothing in another source or column and no other use of the key meets it.
package struct Pseudonymizer: Sendable {
    private let sourceID: String
    private let key: [UInt8]
    private let columns: Set<String>

    /// Shortest key accepted, in bytes.
    package static let minimumKeyLength = 32

    /// Takes the key as configured and the columns of `learners` to replace.
    ///
    /// - Returns: `nil` when the key is shorter than ``minimumKeyLength``.
    package init?(sourceID: String, key: [UInt8], columns: [String]) {
        guard let derived = Self.deriveKey(from: key, purpose: "pseudonyms") else { return nil }
        self.sourceID = sourceID
        self.key = derived
        self.columns = Set(columns)
    }

    /// Whether values of `column` are replaced.
    package func replaces(_ column: String) -> Bool {
        columns.contains(column)
    }

    /// The pseudonym of a value of `column`: 64 hexadecimal digits.
    ///
    /// An e-mail address is lower-cased first, nothing else is: the platform's spelling is part of a name.
    package func pseudonym(of value: String, in column: String) -> String {
        let value = column == "email" ? value.lowercased() : value
        var message = Array(sourceID.utf8)
        message.append(Self.separator)
        message.append(contentsOf: column.utf8)
        message.append(Self.separator)
        message.append(contentsOf: value.utf8)
        return HMACSHA256.code(for: message, key: key).hexadecimal
    }

    /// What `config_digest` holds of a key: another key has another fingerprint, and the key cannot be told from it.
    ///
    /// - Returns: `nil` when the key is shorter than ``minimumKeyLength``.
    package static func fingerprint(ofKey key: [UInt8]) -> String? {
        deriveKey(from: key, purpose: "fingerprint")?.prefix(8).hexadecimal
    }

    private static let separator: UInt8 = 0x1F

    private static func deriveKey(from key: [UInt8], purpose: String) -> [UInt8]? {
        guard key.count >= minimumKeyLength else { return nil }
        return HMACSHA256.derivedKey(from: key, info: Array("registrar/\(purpose)/1".utf8))
    }
}
