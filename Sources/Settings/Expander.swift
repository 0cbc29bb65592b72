import Foundation

/// Replaces `${VAR}` and `${file:/path}` in the values of a configuration; `$${` writes a literal `${`.
struct Expander {
    /// A value after its references were replaced.
    struct Expansion: Equatable {
        var text: String
        /// Whether any of the text came from a variable or a file.
        var usesReference = false
        /// Whether any of the text stands in the configuration itself.
        var hasLiteralPart = false
        /// Files that others than their owner may read, with their permission bits.
        var openFiles: [String] = []
    }

    /// A reference that cannot be replaced; holds names, never contents.
    struct Failure: Error, Equatable {
        var message: String
        var suggestion: String?
    }

    let environment: [String: String]

    func expand(_ text: String) throws(Failure) -> Expansion {
        var expansion = Expansion(text: "")
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            if before.last == "$" {
                append(before.dropLast() + "${", to: &expansion)
                rest = rest[start.upperBound...]
                continue
            }
            append(before, to: &expansion)
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw Failure(message: "a ${ is not closed", suggestion: "write ${NAME}, or $${ for the two characters")
            }
            expansion.text += try value(of: rest[start.upperBound..<end], openFiles: &expansion.openFiles)
            expansion.usesReference = true
            rest = rest[rest.index(after: end)...]
        }
        append(rest, to: &expansion)
        return expansion
    }

    private func append(_ literal: Substring, to expansion: inout Expansion) {
        guard !literal.isEmpty else { return }
        expansion.text += literal
        expansion.hasLiteralPart = true
    }

    private func value(of reference: Substring, openFiles: inout [String]) throws(Failure) -> String {
        if reference.hasPrefix("file:") {
            return try contents(of: String(reference.dropFirst("file:".count)), openFiles: &openFiles)
        }
        guard let first = reference.utf8.first, !(0x30...0x39).contains(first),
            reference.utf8.allSatisfy(Self.isNamePart)
        else {
            throw Failure(
                message: "a ${…} is neither a variable nor a file",
                suggestion: "write ${NAME} or ${file:/path}"
            )
        }
        let name = String(reference)
        guard let value = environment[name] else {
            let near = NearestName.of(name, in: environment.keys.sorted())
            throw Failure(
                message: "the environment variable \(name) is not set",
                suggestion: near.map { "did you mean \($0)?" } ?? "set it before starting registrar"
            )
        }
        guard !value.isEmpty else {
            throw Failure(message: "the environment variable \(name) is empty", suggestion: "give it a value")
        }
        return value
    }

    private func contents(of path: String, openFiles: inout [String]) throws(Failure) -> String {
        guard path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw Failure(message: "the path of a ${file:…} must be absolute", suggestion: "write ${file:/path}")
        }
        let shown = LogSafe.text(path)
        let file: ConfigurationFile.Contents
        do {
            file = try ConfigurationFile.contents(of: path, limit: 65_536)
        } catch {
            throw Failure(
                message: "the file \(shown) cannot be read: \(error.reason)",
                suggestion: "check that it exists and that this user may read it"
            )
        }
        guard var text = String(validating: file.bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw Failure(message: "the file \(shown) is not text", suggestion: "write the secret as UTF-8 text")
        }
        guard text.unicodeScalars.first != "\u{FEFF}" else {
            throw Failure(
                message: "the file \(shown) begins with a byte-order mark",
                suggestion: "save it as plain UTF-8 without one"
            )
        }
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        guard text.first?.isWhitespace != true, text.last?.isWhitespace != true else {
            throw Failure(
                message: "the file \(shown) begins or ends with white space",
                suggestion: "write the value alone into it, for example with printf %s"
            )
        }
        guard !text.isEmpty else {
            throw Failure(message: "the file \(shown) is empty", suggestion: "write the secret into it")
        }
        if file.mode & 0o077 != 0 {
            let mode = String(file.mode & 0o777, radix: 8)
            openFiles.append("\(shown) (mode \(String(repeating: "0", count: max(0, 4 - mode.count)) + mode))")
        }
        return text
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
}
