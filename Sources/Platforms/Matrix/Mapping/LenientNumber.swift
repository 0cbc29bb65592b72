import JSON
import Records
import Transformer

/// A percentage or score as sites send it: a number, a numeric text, a text with `%`, nothing, or a code.
///
/// The vendor documents none of the forms; both numbers and texts were seen (Sources/Platforms/Matrix/README.md §2).
struct LenientNumber: Equatable {
    /// The number, where there is one.
    var number: Numeric?
    /// The text, where it is no number.
    var text: String?

    /// Whether the field holds anything.
    var isEmpty: Bool { number == nil && text == nil }

    init() {}

    init(_ value: JSONValue?, screen: SecretScreen) {
        guard let value else { return }
        if let token = value.numberToken {
            number = Numeric(token: token)
        } else if let raw = value.string {
            let trimmed = Self.trimmed(raw)
            guard !trimmed.isEmpty, !screen.condemns(trimmed) else { return }
            let digits = trimmed.hasSuffix("%") ? Self.trimmed(String(trimmed.dropLast())) : trimmed
            number = Numeric(token: digits)
            if number == nil { text = trimmed }
        }
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}

extension RecordReader {
    /// Reads a percentage or score in whatever form it came.
    mutating func lenientNumber(_ name: StaticString) -> LenientNumber {
        LenientNumber(value(name), screen: context.screen)
    }
}
