import JSON
import Transformer

/// The values of one person's pseudonymised columns, which must show nowhere in clear.
struct HiddenTexts: Sendable {
    /// In small letters; those too short to name anybody, which occur everywhere, are left out.
    private let texts: [String]

    init(_ values: [String]) {
        texts = values.filter { $0.count >= 3 }.map { $0.lowercased() }
    }

    /// Whether `text` holds one of them, written in whatever case, with or without HTML entities.
    func areSpelled(by text: String) -> Bool {
        guard !texts.isEmpty else { return false }
        let lowered = text.lowercased()
        if texts.contains(where: lowered.contains) { return true }
        guard lowered.contains("&") else { return false }
        let decoded = HTMLEntities.decoded(text).lowercased()
        return texts.contains(where: decoded.contains)
    }

    /// Whether a text, a number or a member's name anywhere in `value` holds one of them.
    func areSpelled(by value: JSONValue) -> Bool {
        guard !texts.isEmpty else { return false }
        return switch value.kind {
        case .string: value.string.map(areSpelled(by:)) ?? false
        case .number: value.numberToken.map(areSpelled(by:)) ?? false
        case .array: value.elements.contains { areSpelled(by: $0) }
        case .object: value.members.contains { areSpelled(by: $0.key.string) || areSpelled(by: $0.value) }
        case .null, .bool, .invalid: false
        }
    }
}
