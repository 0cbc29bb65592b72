/// The 24 hex digits by which the platform names people, submissions, certificates and units.
///
/// Eight digits tell the kind, sixteen hold a number: ids cost eight bytes each and parse without a dictionary of strings.
struct ObjectID {
    enum Kind: UInt32 {
        case learner = 0x65f0_aa00
        case unit = 0x66a1_c0ff
        case submission = 0x67b0_0000
        case certificate = 0x67c0_0000
    }

    static func text(_ kind: Kind, _ number: UInt64) -> String {
        let writer = ByteWriter(capacity: 32)
        writer.hex(UInt64(kind.rawValue), digits: 8)
        writer.hex(number, digits: 16)
        return writer.text
    }

    /// The number inside `text`, or nil when it is not an id of that kind.
    static func number(_ kind: Kind, in text: some StringProtocol) -> UInt64? {
        guard text.utf8.count == 24, UInt32(text.prefix(8), radix: 16) == kind.rawValue else { return nil }
        return UInt64(text.dropFirst(8), radix: 16)
    }
}
