/// The texts that an expression can be: what stands between its interpolations is the message's pattern.
struct MessageExpression {
    /// One for each literal, or sum of literals, that the expression may have as its value.
    private(set) var patterns: [String] = []
    /// Operands that have no literal, as they are written: their words come from elsewhere.
    private(set) var forwarded: [String] = []

    init(_ tokens: some Sequence<SwiftToken>) { read(Array(tokens)) }

    private mutating func read(_ tokens: [SwiftToken]) {
        var tokens = tokens
        while let first = tokens.first, ["try", "await"].contains(where: first.isWord) { tokens.removeFirst() }
        while tokens.first?.isSign("(") == true, Self.end(ofGroupAt: 0, tokens) == tokens.count {
            tokens = Array(tokens.dropFirst().dropLast())
        }
        if let mark = Self.place(of: "?", tokens), let colon = Self.place(of: ":", tokens), mark < colon {
            read(Array(tokens[(mark + 1)..<colon]))
            read(Array(tokens[(colon + 1)...]))
            return
        }
        let sides = Self.split(tokens, at: "??")
        guard sides.count == 1 else { return sides.forEach { read($0) } }
        let parts = Self.split(tokens, at: "+").map { part in
            part.count == 1 ? part[0].text ?? SwiftLexer.hole : SwiftLexer.hole
        }
        let pattern = Self.collapsed(parts.joined())
        if pattern.contains(where: \.isLetter) {
            patterns.append(pattern)
        } else if tokens.compactMap(\.text) != [""] {
            forwarded.append(Self.collapsed(Self.source(tokens)))
        }
    }

    /// Neighbouring holes are one.
    static func collapsed(_ pattern: String) -> String {
        var pattern = pattern
        while pattern.contains("……") { pattern = pattern.replacing("……", with: "…") }
        return pattern
    }

    static func source(_ tokens: some Sequence<SwiftToken>) -> String {
        var source = ""
        for token in tokens { source += (token.isSpaced && !source.isEmpty ? " " : "") + token.source }
        return source
    }

    /// The index behind the group that opens at `start`, or behind the token there where none does.
    static func end(ofGroupAt start: Int, _ tokens: [SwiftToken]) -> Int {
        var depth = 0
        for index in start..<tokens.count {
            if ["(", "[", "{"].contains(where: tokens[index].isSign) { depth += 1 }
            if [")", "]", "}"].contains(where: tokens[index].isSign) { depth -= 1 }
            if depth == 0 { return index + 1 }
        }
        return tokens.count
    }

    /// Where an operator first stands outside of groups; it has white space before it, unlike `a?.b` and `label:`.
    private static func place(of sign: String, _ tokens: [SwiftToken]) -> Int? {
        var index = 0
        while index < tokens.count {
            if tokens[index].isSign(sign), tokens[index].isSpaced { return index }
            index = end(ofGroupAt: index, tokens)
        }
        return nil
    }

    private static func split(_ tokens: [SwiftToken], at sign: String) -> [[SwiftToken]] {
        var (parts, rest) = ([[SwiftToken]](), tokens)
        while let place = place(of: sign, rest) {
            parts.append(Array(rest[..<place]))
            rest = Array(rest[(place + 1)...])
        }
        return parts + [rest]
    }
}
