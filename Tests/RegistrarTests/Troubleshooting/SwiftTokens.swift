/// A token of Swift source, as far as the search for messages has to tell tokens apart.
struct SwiftToken: Equatable {
    enum Kind: Equatable {
        /// An identifier, keyword or number.
        case word(String)
        /// A string literal; each interpolation is an ellipsis.
        case text(String)
        /// Punctuation: one character, or `??`.
        case sign(String)
    }

    var kind: Kind
    /// Counted from 1.
    var line: Int
    /// Whether white space or a comment stands before it.
    var isSpaced: Bool

    var text: String? { if case .text(let text) = kind { text } else { nil } }

    func isWord(_ word: String) -> Bool { kind == .word(word) }
    func isSign(_ sign: String) -> Bool { kind == .sign(sign) }

    /// The token as it would be written, a literal by its text.
    var source: String {
        switch kind {
        case .word(let text), .sign(let text): text
        case .text(let text): "\"\(text.replacing("\n", with: "\\n"))\""
        }
    }
}

/// Splits Swift source into tokens.
///
/// Comments are left out; a regular expression between slashes is not known.
struct SwiftLexer {
    /// What stands in a literal for what is only known at run time.
    static let hole = "…"

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var line = 1
    private var isSpaced = false

    private init(_ source: String) { scalars = Array(source.unicodeScalars) }

    static func tokens(of source: String) -> [SwiftToken] {
        var lexer = SwiftLexer(source)
        var tokens: [SwiftToken] = []
        while let token = lexer.next() { tokens.append(token) }
        return tokens
    }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        let index = position + offset
        return index < scalars.count ? scalars[index] : nil
    }

    private func starts(with text: String, at offset: Int = 0) -> Bool {
        var index = offset
        for scalar in text.unicodeScalars {
            guard peek(index) == scalar else { return false }
            index += 1
        }
        return true
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count {
            if peek() == "\n" { line += 1 }
            position += 1
        }
    }

    private mutating func next() -> SwiftToken? {
        isSpaced = false
        skipBlanks()
        guard let scalar = peek() else { return nil }
        let (start, spaced) = (line, isSpaced)
        func token(_ kind: SwiftToken.Kind) -> SwiftToken { SwiftToken(kind: kind, line: start, isSpaced: spaced) }
        if let hashes = literalHashes() { return token(.text(literal(hashes: hashes))) }
        if Self.isWordPart(scalar) {
            var word = ""
            while let part = peek(), Self.isWordPart(part) {
                word.unicodeScalars.append(part)
                advance()
            }
            return token(.word(word))
        }
        if starts(with: "??") {
            advance(2)
            return token(.sign("??"))
        }
        advance()
        return token(.sign(String(scalar)))
    }

    private mutating func skipBlanks() {
        while let scalar = peek() {
            if scalar.properties.isWhitespace {
                advance()
            } else if starts(with: "//") {
                while let character = peek(), character != "\n" { advance() }
            } else if starts(with: "/*") {
                skipComment()
            } else {
                return
            }
            isSpaced = true
        }
    }

    /// Comments nest.
    private mutating func skipComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                advance(2)
            } else if starts(with: "*/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && peek() != nil
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "`" || scalar == "#" || scalar == "@" || scalar == "$"
            || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }

    /// The number of `#` in front of a literal that begins here, or `nil` where none does.
    private func literalHashes() -> Int? {
        var count = 0
        while peek(count) == "#" { count += 1 }
        return peek(count) == "\"" ? count : nil
    }

    // MARK: Literals

    private mutating func literal(hashes: Int) -> String {
        let marks = String(repeating: "#", count: hashes)
        advance(hashes)
        let isBlock = starts(with: "\"\"\"")
        let quote = isBlock ? "\"\"\"" : "\""
        advance(quote.count)
        let escape = "\\" + marks
        var text = String.UnicodeScalarView()
        while let scalar = peek() {
            if starts(with: quote + marks) { break }
            if starts(with: escape + "(") {
                advance(escape.count)
                skipGroup()
                text.append(contentsOf: Self.hole.unicodeScalars)
            } else if starts(with: escape) {
                advance(escape.count)
                text.append(contentsOf: escaped())
            } else {
                text.append(scalar)
                advance()
            }
        }
        advance(quote.count + hashes)
        return isBlock ? Self.unindented(String(text)) : String(text)
    }

    /// Stands for a line break that an escape takes back.
    private static let join: Unicode.Scalar = "\u{E000}"

    /// What an escape stands for; the backslash has been read.
    private mutating func escaped() -> String.UnicodeScalarView {
        guard let scalar = peek() else { return String.UnicodeScalarView() }
        advance()
        switch scalar {
        case "n": return "\n".unicodeScalars
        case "t": return "\t".unicodeScalars
        case "r": return "\r".unicodeScalars
        case "0": return "\0".unicodeScalars
        case "\n": return String.UnicodeScalarView([Self.join, "\n"])
        case "u":
            var digits = ""
            while let digit = peek(), digit != "}" {
                if digit != "{" { digits.unicodeScalars.append(digit) }
                advance()
            }
            advance()
            return String.UnicodeScalarView([UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"])
        default: return String.UnicodeScalarView([scalar])
        }
    }

    /// Skips what stands in parentheses, literals and comments with parentheses of their own included.
    private mutating func skipGroup() {
        var depth = 0
        repeat {
            guard let token = next() else { return }
            if token.isSign("(") { depth += 1 }
            if token.isSign(")") { depth -= 1 }
        } while depth > 0
    }

    /// The lines of a block without the first break, the last one and the indentation of the closing quotes.
    private static func unindented(_ block: String) -> String {
        var lines = block.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        guard let indentation = lines.popLast()?.count else { return block }
        let text = lines.map { $0.dropFirst(indentation) }.joined(separator: "\n")
        return text.replacing("\(join)\n", with: "")
    }
}
