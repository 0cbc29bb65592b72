/// One record added to a list's page that a careful reader must cope with.
///
/// It is counted where a list tells its length. `Simulator.truth` holds the row of those kinds that must be stored, and leaves out those
/// that must be rejected.
package struct HostileRecord: Codable, Sendable, Equatable {
    /// What is wrong with the record.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The id is not there.
        case missingId = "missing_id"
        /// The id is null.
        case nullId = "null_id"
        /// A key holds U+0000.
        case nulInKey = "nul_in_key"
        /// A text holds U+0000.
        case nulInText = "nul_in_text"
        /// A text of one byte more than 1 MiB.
        case oversizeString = "oversize_string"
        /// A time is a text, a text is an object.
        case wrongType = "wrong_type"
        /// A time is given in milliseconds.
        case milliseconds
        /// One key twice with different values.
        case duplicateKeys = "duplicate_keys"
        /// Nested 600 deep.
        case deepNesting = "deep_nesting"
        /// Half a surrogate pair in a text.
        case loneSurrogate = "lone_surrogate"
        /// A number that JSON does not allow.
        case badNumber = "bad_number"

        /// True where the record must be rejected, false where it must be stored.
        package var isRejected: Bool {
            switch self {
            case .nulInText, .wrongType, .milliseconds, .loneSurrogate: false
            default: true
            }
        }
    }

    /// The list's name, one of those the platform knows; unknown ones are never served.
    package var list: String
    /// What is wrong.
    package var kind: Kind
    /// The page that gets the record; a later one than the last means the last.
    package var page: Int
    /// For lists below a course, learner or unit, only the one whose path contains this text.
    ///
    /// Empty: the first one read.
    package var path: String

    /// Makes a hostile record.
    package init(list: String, kind: Kind, page: Int = 1, path: String = "") {
        self.list = list
        self.kind = kind
        self.page = page
        self.path = path
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        list = try values.decode(String.self, forKey: .list)
        kind = try values.decode(Kind.self, forKey: .kind)
        page = try values.decodeIfPresent(Int.self, forKey: .page) ?? 1
        path = try values.decodeIfPresent(String.self, forKey: .path) ?? ""
    }
}
