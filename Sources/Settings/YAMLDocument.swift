import Yams

/// Reads the one YAML document of a configuration file, refusing what a configuration has no use for.
enum YAMLDocument {
    /// Why a text is not a usable document; quotes nothing of the text, which may hold secrets.
    struct Failure: Error, Equatable {
        var message: String
        var line: Int?
        var suggestion: String?
    }

    static func root(of bytes: [UInt8]) throws(Failure) -> Node {
        var bytes = bytes[...]
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        if let place = bytes.firstIndex(of: 0) {
            throw Failure(
                message: "the file holds a NUL byte",
                line: line(at: place, in: bytes),
                suggestion: "save it as plain UTF-8 text"
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(
                message: "the file is not UTF-8",
                line: firstInvalidLine(bytes),
                suggestion: "save it as plain UTF-8 text"
            )
        }
        if let line = lineWithAlias(text) {
            throw Failure(
                message: "anchors and aliases (&name, *name) are not supported",
                line: line,
                suggestion: "write the value out, or put it in quotes if it is text"
            )
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw failure(error, text: text)
        } catch {
            throw Failure(message: "the file is not YAML")
        }
        guard let root else {
            throw Failure(
                message: "the file is empty",
                line: 1,
                suggestion: "fill it, or remove it and run `registrar init`"
            )
        }
        return root
    }

    private static func failure(_ error: YamlError, text: String) -> Failure {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            if let line = lineWithTab(text, near: mark.line) {
                return Failure(
                    message: "a tab stands where only spaces may",
                    line: line,
                    suggestion: "indent with spaces"
                )
            }
            return Failure(message: "this is not YAML: \(problem)", line: mark.line)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map(Section.quoted).joined(separator: ", ")
            return Failure(
                message: "the key \(names) stands twice in the same place",
                line: max(1, context.mark.line),
                suggestion: "keep one"
            )
        case .reader(let problem, _, _, _):
            return Failure(
                message: "this is not YAML: \(problem)",
                line: lineWithControl(text),
                suggestion: "save it as plain UTF-8 text"
            )
        default:
            return Failure(message: "the file is not YAML")
        }
    }

    private static func line(at place: Int, in bytes: ArraySlice<UInt8>) -> Int {
        bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
    }

    private static func firstInvalidLine(_ bytes: ArraySlice<UInt8>) -> Int? {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }

    private static func lineWithControl(_ text: String) -> Int? {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { line in line.contains { ($0 < 0x20 && $0 != 0x09 && $0 != 0x0d) || $0 == 0x7f } }
            .map { $0 + 1 }
    }

    private static func lineWithTab(_ text: String, near line: Int) -> Int? {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for candidate in [line - 1, line - 2, line] where lines.indices.contains(candidate) {
            let indent = lines[candidate].prefix { $0 == 0x20 || $0 == 0x09 }
            if indent.contains(0x09) { return candidate + 1 }
        }
        return nil
    }

    /// The line of the first alias in a text that also has an anchor.
    ///
    /// Composing expands aliases, and comparing expanded keys takes time without bound, so they are found beforehand.
    private static func lineWithAlias(_ text: String) -> Int? {
        var hasAnchor = false
        var aliasLine: Int?
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            var before: UInt8 = 0x20
            var quote: UInt8?
            characters: for (byte, next) in zip(line, line.dropFirst() + [0x20]) {
                defer { before = byte }
                if let open = quote {
                    if byte == open { quote = nil }
                    continue
                }
                let startsToken = [0x20, 0x09, UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ",")].contains(before)
                guard startsToken else { continue }
                switch byte {
                case UInt8(ascii: "#"): break characters
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                case UInt8(ascii: "&") where isNameByte(next): hasAnchor = true
                case UInt8(ascii: "*") where isNameByte(next): aliasLine = aliasLine ?? (index + 1)
                default: break
                }
            }
        }
        return hasAnchor ? aliasLine : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x5f || byte == 0x2d
            || byte >= 0x80
    }
}
