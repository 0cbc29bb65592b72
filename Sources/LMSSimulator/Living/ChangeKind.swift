/// Something that can happen in a living school, by its name; each platform's site says which kinds it knows.
package struct ChangeKind: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    init(_ name: String) {
        rawValue = name
    }

    package var description: String { rawValue }
}
